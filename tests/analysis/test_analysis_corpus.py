"""Policies without mistakes of the checker, each beside what analysis has to say of it.

``NAME.expected`` holds, for each diagnostic, its code and the underlined words, then all as people
read it; a policy without that file is clean.

``python tests/analysis/test_analysis_corpus.py`` writes the expected files anew; read the
difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadpact.analysis import analyse
from leadpact.check.codes import TITLES
from leadpact.reading import read
from leadpact_dsl import Diagnostic, SourceFile, has_errors, render

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "analysis"
CASES = sorted(CORPUS.glob("*.leadpact"))
OWN = {code for code in TITLES if re.match(r"[EW]7[0-3]\d", code)}


def run(path: Path) -> tuple[tuple[Diagnostic, ...], dict[str, SourceFile]]:
    policy, found, files = read(path)
    # What is declared and not used is no matter here.
    assert not has_errors(found), found
    assert policy is not None
    return analyse(policy), {file.name: file for file in files}


def underlined(diagnostic: Diagnostic, sources: dict[str, SourceFile]) -> str:
    span = diagnostic.span
    assert span.line == span.end_line
    return sources[span.file].line(span.line)[span.column - 1 : span.end_column - 1]


def shown(path: Path) -> str:
    found, sources = run(path)
    summary = [f"{each.code} {underlined(each, sources)}" for each in found]
    told = ["\n" + render(each, sources) for each in found]
    return "\n".join([*summary, *told, ""]) if found else ""


def expected(path: Path) -> str:
    file = path.with_suffix(".expected")
    return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_analysis_says(path: Path) -> None:
    assert shown(path) == expected(path)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_finding_has_a_place_and_helps(path: Path) -> None:
    found, sources = run(path)
    for each in found:
        assert each.help, each
        assert underlined(each, sources).strip() == underlined(each, sources) != "", each


def test_every_code_has_a_case() -> None:
    assert {each.code for path in CASES for each in run(path)[0]} == OWN


@pytest.mark.parametrize("path", sorted((ROOT / "policies").iterdir()), ids=lambda path: path.name)
def test_the_reference_policies_are_clean(path: Path) -> None:
    assert run(path)[0] == ()


if __name__ == "__main__":
    for case in CASES:
        text = shown(case)
        if text:
            case.with_suffix(".expected").write_text(text, encoding="utf-8", newline="\n")
        else:
            case.with_suffix(".expected").unlink(missing_ok=True)
