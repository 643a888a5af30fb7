"""The corpus of the one layout: ``NAME.in`` as people write it, ``NAME.out`` as it is laid out.

``LEADPACT_REWRITE=1 pytest tests/fmt/test_fmt_corpus.py`` writes ``.out`` anew; read the
difference before keeping it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.fmt.respacing import comments, ink, meaning

from leadpact_dsl import SourceFile
from leadpact_dsl.formatting import format_source, formatted

CORPUS = sorted((Path(__file__).parents[1] / "corpus" / "fmt").glob("*.in"))


def source(text: str) -> SourceFile:
    return SourceFile("policy.leadpact", text)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_the_corpus(path: Path) -> None:
    text = path.read_bytes().decode()
    made, diagnostics = formatted(source(text))
    assert diagnostics == ()
    expected = path.with_suffix(".out")
    if os.environ.get("LEADPACT_REWRITE"):
        expected.write_bytes(made.encode())
    assert made == expected.read_bytes().decode()
    assert format_source(source(made)) == made
    assert (ink(made), comments(made), meaning(made)) == (ink(text), comments(text), meaning(text))


def test_there_is_enough_to_compare() -> None:
    assert len(CORPUS) >= 7


@pytest.mark.parametrize(
    "text",
    [
        '\ufeffparty a:\n    duty "x"\n',
        'party a:\r\n    duty "x"\r\n',
        'party a:\n    duty "x"',
        '\n\nparty a:\n    duty "x"\n\n\n',
        'party a:  \n \t \n    duty "x"\t\n',
    ],
    ids=["byte-order mark", "CRLF", "no last line end", "empty lines around", "trailing blanks"],
)
def test_ends_and_marks(text: str) -> None:
    made = format_source(source(text))
    assert made.replace("\n\n", "\n") == 'party a:\n    duty "x"\n'


def test_a_file_of_comments_alone() -> None:
    assert format_source(source("  # one\n\n\n\t# two")) == "# one\n\n# two\n"


def test_a_file_of_nothing() -> None:
    assert format_source(source(" \n\n")) == ""


@pytest.mark.parametrize("step", ["", "\t"])
def test_a_file_with_mistakes_is_not_touched(step: str) -> None:
    text = f'party   a:\n{step}duty   "x"\nparty b   "B"\n'
    made, diagnostics = formatted(source(text))
    assert made == text
    assert len(diagnostics) == 1


def test_a_line_that_the_layout_would_make_too_long_is_told() -> None:
    members = ",".join(f'"{number}"' for number in range(1_000_000, 1_000_190))
    text = f"list many:{members}\n"
    assert len(text) < 2_000
    made, (told,) = formatted(source(text))
    assert made == text
    assert (told.code, told.span.line) == ("E115", 1)


def test_what_the_reader_passes_over_stays() -> None:
    text = 'party a:\n    duty "x"\n\u200b\n# end\n'
    assert format_source(source(text)) == text


def test_a_tab_before_a_comment_is_a_step() -> None:
    text = 'party a:\n    duty "x"\n\t# later: more\nparty b\n'
    assert format_source(source(text)) == text.replace("\t", "    ")
