"""Policies with mistakes, each beside what is said of it.

``bad/NAME.leadpact`` (or a folder ``bad/NAME``) has ``bad/NAME.expected``: for each diagnostic
its code and the underlined words, then all as people read it. Policies in ``good`` have no
errors, and warnings only where an ``.expected`` file says so.

``python tests/check/test_check_corpus.py`` writes the expected files anew; read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadpact.check import check
from leadpact.check.codes import TITLES
from leadpact.checked import CheckedPolicy
from leadpact.starter import unedited
from leadpact_dsl import Diagnostic, SourceFile, has_errors, parse, read_policy, render

CORPUS = Path(__file__).parents[1] / "corpus" / "check"


def cases(folder: str) -> list[Path]:
    found = [path for path in (CORPUS / folder).iterdir() if path.suffix != ".expected"]
    return sorted(found)


def run(path: Path) -> tuple[CheckedPolicy | None, list[Diagnostic], dict[str, SourceFile]]:
    files, unread = read_policy(path)
    document, unparsed = parse(files)
    policy, wrong = check(document, files, path if path.is_dir() else path.parent)
    starting = unedited(policy) if policy is not None else None
    found = [*unread, *unparsed, *wrong, *([starting] if starting else [])]
    return policy, found, {file.name: file for file in files}


def underlined(diagnostic: Diagnostic, sources: dict[str, SourceFile]) -> str:
    span = diagnostic.span
    line = sources[span.file].line(span.line)
    return line[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None]


def shown(diagnostics: list[Diagnostic], sources: dict[str, SourceFile]) -> str:
    summary = [f"{each.code} {underlined(each, sources)}" for each in diagnostics]
    return "\n".join([*summary, *("\n" + render(each, sources) for each in diagnostics), ""])


def expected(path: Path) -> Path:
    return path.with_suffix(".expected")


@pytest.mark.parametrize("path", cases("bad"), ids=lambda path: path.stem)
def test_bad(path: Path) -> None:
    _, diagnostics, sources = run(path)
    assert shown(diagnostics, sources) == expected(path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", cases("good"), ids=lambda path: path.stem)
def test_good(path: Path) -> None:
    policy, diagnostics, sources = run(path)
    assert policy is not None
    assert not has_errors(diagnostics)
    file = expected(path)
    warnings = file.read_text(encoding="utf-8") if file.exists() else ""
    assert shown(diagnostics, sources) == warnings


def test_every_code_has_a_case() -> None:
    raised = {
        each.code for folder in ("bad", "good") for path in cases(folder) for each in run(path)[1]
    }
    # Those of the static checks have their cases in ``tests/corpus/analysis``.
    of_checks = {code for code in TITLES if not re.match(r"[EW]7[0-3]\d", code)}
    assert of_checks - raised == set()
    assert {code for code in raised if not re.match("E1", code)} - set(TITLES) == set()


def test_eight_mistakes_are_eight_diagnostics() -> None:
    _, diagnostics, _ = run(CORPUS / "bad" / "eight_mistakes.leadpact")
    assert len(diagnostics) == 8
    assert len({each.code for each in diagnostics}) >= 6


@pytest.mark.parametrize("path", [*cases("bad"), *cases("good")], ids=lambda path: path.stem)
def test_each_diagnostic_helps(path: Path) -> None:
    _, diagnostics, sources = run(path)
    for each in (each for each in diagnostics if each.code in TITLES):
        assert each.help, each
        assert underlined(each, sources).strip(), each
        assert each.fix is None or each.fix != sources[each.span.file].line(each.span.line), each


@pytest.mark.parametrize("path", sorted((CORPUS / "bad").glob("*.leadpact")), ids=lambda p: p.stem)
def test_each_corrected_line_corrects(path: Path) -> None:
    _, diagnostics, sources = run(path)
    text = sources[path.name].text.split("\n")
    for each in (each for each in diagnostics if each.code in TITLES and each.fix is not None):
        assert each.fix is not None
        mended = [*text[: each.span.line - 1], each.fix, *text[each.span.line :]]
        file = SourceFile(path.name, "\n".join(mended))
        document, unparsed = parse((file,))
        _, wrong = check(document, (file,), path.parent)
        left = [other for other in (*unparsed, *wrong) if other.span.line == each.span.line]
        before = [other for other in diagnostics if other.span.line == each.span.line]
        assert len(left) < len(before), (each, left)


def write() -> None:
    for path in [*cases("bad"), *cases("good")]:
        _, diagnostics, sources = run(path)
        if diagnostics:
            expected(path).write_text(shown(diagnostics, sources), encoding="utf-8", newline="\n")
        else:
            expected(path).unlink(missing_ok=True)


if __name__ == "__main__":
    write()
