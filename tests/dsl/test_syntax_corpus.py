"""The corpus of policies: good ones give no diagnostic, bad ones exactly the expected ones.

``LEADPACT_REWRITE=1 pytest tests/dsl/test_syntax_corpus.py`` writes the expected files anew;
read the difference before keeping it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from leadpact_dsl import Diagnostic, SourceFile, parse, read_policy, render
from leadpact_dsl.codes import CODES

CORPUS = Path(__file__).parents[1] / "corpus" / "syntax"
GOOD = sorted((CORPUS / "good").glob("*.leadpact"))
BAD = sorted((CORPUS / "bad").glob("*.leadpact"))


def _read(path: Path) -> tuple[SourceFile, tuple[Diagnostic, ...]]:
    (source,), unreadable = read_policy(path)
    assert unreadable == ()
    return source, parse([source])[1]


def _underlined(source: SourceFile, diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    return source.line(span.line)[span.column - 1 : span.end_column - 1]


def _expected(source: SourceFile, diagnostics: tuple[Diagnostic, ...]) -> str:
    parts = [
        f"{diagnostic.code} [{_underlined(source, diagnostic)}]\n"
        f"{render(diagnostic, {source.name: source})}\n"
        for diagnostic in diagnostics
    ]
    return "\n".join(parts)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_policies_give_no_diagnostic(path: Path) -> None:
    source, diagnostics = _read(path)
    assert _expected(source, diagnostics) == ""
    assert parse([source])[0].damaged == frozenset()


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_policies_give_the_expected_diagnostics(path: Path) -> None:
    source, diagnostics = _read(path)
    assert diagnostics
    expected = path.with_suffix(".expected")
    found = _expected(source, diagnostics)
    if os.environ.get("LEADPACT_REWRITE"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_corrected_line_gives_no_diagnostic(path: Path) -> None:
    source, diagnostics = _read(path)
    lines = source.text.split("\n")
    for diagnostic in diagnostics:
        if diagnostic.fix is not None:
            lines[diagnostic.span.line - 1] = diagnostic.fix
    corrected = SourceFile(source.name, "\n".join(lines))
    mended = {diagnostic.span.line for diagnostic in diagnostics if diagnostic.fix is not None}
    assert not [told for told in parse([corrected])[1] if told.span.line in mended]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_each_diagnostic_helps(path: Path) -> None:
    _, diagnostics = _read(path)
    assert [told for told in diagnostics if not told.help and not told.fix] == []


def test_there_are_enough_of_both() -> None:
    assert len(GOOD) >= 3
    assert len(BAD) >= 85


@pytest.mark.parametrize("name", ["eight_mistakes", "eight_mistakes_over_time"])
def test_eight_mistakes_in_four_blocks_give_eight_diagnostics(name: str) -> None:
    source, diagnostics = _read(CORPUS / "bad" / f"{name}.leadpact")
    assert len(diagnostics) == 8
    assert len({diagnostic.span.line for diagnostic in diagnostics}) == 8
    headers = [n for n, line in enumerate(source.text.split("\n"), 1) if line[:1].isalpha()]
    blocks = {max(n for n in headers if n <= told.span.line) for told in diagnostics}
    assert len(blocks) == 4


def test_every_code_is_described_and_most_are_shown() -> None:
    shown = {told.code for path in BAD for told in _read(path)[1]}
    assert shown <= set(CODES)
    of_files = {code for code in CODES if code.startswith("E10")}
    assert set(CODES) - shown - of_files == set()
