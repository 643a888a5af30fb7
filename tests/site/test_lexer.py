"""Policies in colour: nothing is lost, names are told from the language's words, and any text goes.

What is a name is known from the parser: each name of a valid policy's nodes must be painted as one,
and nothing else may be.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Token
from site_tests_built import ROOT

from leadpact_dsl import RESERVED_WORDS, Span, has_errors, nodes, read_policy
from leadpact_dsl.highlighting import highlight
from leadpact_dsl.parsing import parse
from leadpact_sla.lexer import LeadpactLexer, painted

FILES = sorted(
    [*(ROOT / "policies").rglob("*.leadpact"), *(ROOT / "tests/corpus").rglob("*.leadpact")]
)
SHIPPED = sorted(path for path in (ROOT / "policies").iterdir() if path.is_dir())


@cache
def valid() -> dict[Path, nodes.Document]:
    """The files without mistakes, each by itself."""
    found = {}
    for file in FILES:
        sources, unread = read_policy(file)
        document, wrong = parse(sources)
        if not has_errors((*unread, *wrong)):
            found[file] = document
    return found


def text_of(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace")


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_every_character_of_every_file_comes_back() -> None:
    assert len(FILES) > 200
    for file in FILES:
        text = text_of(file)
        assert "\n".join("".join(piece for _, piece in line) for line in highlight(text)) == text
        tokens = list(LeadpactLexer().get_tokens_unprocessed(text))
        assert "".join(piece for _, _, piece in tokens) == text, named(file)
        assert [at for at, _, _ in tokens] == [*ends(piece for _, _, piece in tokens)]


def ends(pieces: Iterator[str]) -> Iterator[int]:
    at = 0
    for piece in pieces:
        yield at
        at += len(piece)


def test_a_policy_without_mistakes_has_no_error() -> None:
    assert len(valid()) > 150
    found = [
        (named(file), piece)
        for file in valid()
        for _, kind, piece in tokens_of(file)
        if kind is Token.Error
    ]
    assert found == []


def tokens_of(file: Path) -> list[tuple[int, object, str]]:
    return list(LeadpactLexer().get_tokens_unprocessed(text_of(file)))


def test_names_are_told_from_words_of_the_language() -> None:
    for file, document in valid().items():
        text = text_of(file)
        assert painted_names(text) == names_meant(document, text), named(file)


Names = set[tuple[int, int, str]]
"""Line, column and text."""


def painted_names(text: str) -> Names:
    shown = set()
    for number, line in enumerate(highlight(text), start=1):
        for at, (kind, piece) in zip(ends(piece for _, piece in line), line, strict=True):
            if kind == "name" and piece not in OWN:
                shown.add((number, at + 1, piece))
    return shown


def names_meant(document: nodes.Document, policy: str) -> Names:
    written = policy.split("\n")
    meant = set()
    for span in words(document):
        text = written[span.line - 1][span.column - 1 : span.end_column - 1]
        if text[0].islower() and text not in OWN:
            meant.add((span.line, span.column, text))
    return meant


# Words that nobody gave, though the nodes keep some of them as words.
OWN = RESERVED_WORDS | {
    *("day", "week", "month", "quarter", "year"),
    *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
}


def words(part: object) -> Iterator[Span]:
    """Where the names of a document stand."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += one
        elif isinstance(one, nodes.Word):
            yield one.span
        elif is_dataclass(one) and not isinstance(one, Span):
            waiting += [getattr(one, field.name) for field in fields(one)]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        (
            "+10 each pricing_view once per day within 30 days",
            "points keyword name keyword name keyword number unit",
        ),
        (
            "contact when fit is A and not customer",
            "name keyword name operator value operator name",
        ),
        (
            "moves to mql when interest is at least 1,000",
            "keyword name keyword name operator number",
        ),
        (
            "target call is rung by 17:00 of office",
            "keyword name operator name keyword time keyword name",
        ),
        ("budget is from 5 SEK to 9 SEK", "name operator number unit keyword number unit"),
        ("x when no call ever", "name keyword name keyword"),
        ("expect done is yes", "keyword name operator value"),
        ("open mon to fri 09:00 to 17:00", "keyword time keyword time"),
        ("closed on public holidays of DE-BY", "keyword value"),
        ('lead "Lead":', "block text mark"),
        ("    # only a comment", "comment"),
        ('phone is known because "so"  # why', "name operator keyword text comment"),
        ("expect on worklist again", "keyword name"),
        ("score >= 40 because “so”", "block error number keyword error"),
        ('an "open end', "name error"),
    ],
)
def test_pieces_are_of_their_kind(line: str, kinds: str) -> None:
    (pieces,) = highlight(line)
    assert " ".join(kind for kind, _ in pieces if kind != "blank") == kinds


def test_a_word_is_what_its_place_makes_of_it() -> None:
    text = (
        'group area:\n    contact "Contact" when in mql\nparty sales:\n    contact "a@b.example"\n'
    )
    lines = list(highlight(text))
    assert ("name", "contact") in lines[1]
    assert ("keyword", "contact") in lines[3]


@given(st.text())
def test_any_text_is_cut_without_an_exception(text: str) -> None:
    assert "\n".join("".join(piece for _, piece in line) for line in painted(text)) == text


WORDS = st.sampled_from(
    [
        *(
            '"',
            "#",
            ":",
            "\n",
            "\n    ",
            "\t",
            "\r\n",
            " ",
            ",",
            "(",
            "+1",
            "-",
            "1,0",
            "2026-01-01",
        ),
        *(
            "score",
            "a",
            "when",
            "any",
            "of:",
            "is",
            "not",
            "10:00",
            "A",
            "\ufeff",
            "\x0b",
            "\u2028",
        ),
    ]
)


@given(st.lists(WORDS))
def test_nor_are_words_in_any_order(words: list[str]) -> None:
    text = "".join(words)
    assert "\n".join("".join(piece for _, piece in line) for line in painted(text)) == text


def test_pygments_finds_it_by_its_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pygments.lexers"] == {
        "leadpact": f"{LeadpactLexer.__module__}:{LeadpactLexer.__name__}"
    }
    fenced = {
        line.removeprefix("```").strip()
        for page in (ROOT / "site").rglob("*.md")
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("```leadpact")
    }
    assert fenced <= set(LeadpactLexer.aliases)
