"""Every code has an entry whose example gets exactly that code and whose fix does not, and a
corpus file that raises it; and no code is raised that is not registered.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leadpact import reading
from leadpact.check.codes import TITLES
from leadpact.explain import Entry, entries, in_context, sample
from leadpact.starter import unedited
from leadpact_dsl import SourceFile, read_policy
from leadpact_dsl.codes import CODES
from leadpact_dsl.entries import read_entries

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus"
ALL = {**CODES, **TITLES}
ENTRIES = entries()
# Said by the static checks, which have tests of their own (`tests/analysis`).
OF_ANALYSIS = {code for code in ALL if re.match(r"[EW]7[0-3]\d", code)}
written = [entry for entry in ENTRIES if not entry.typed and entry.code not in OF_ANALYSIS]
typed = [entry for entry in ENTRIES if entry.typed]
at_a_terminal = pytest.mark.skipif(
    not all(map(shutil.which, ("sh", "iconv", "mkfifo", "seq"))), reason="no such terminal here"
)


def said_of(snippet: str) -> list[str]:
    source = SourceFile("policy.leadpact", in_context(snippet))
    return [each.code for each in reading.checked((source,), None)[1]]


def test_each_code_has_one_entry() -> None:
    assert [entry.code for entry in ENTRIES] == sorted(ALL)


def test_the_sample_policy_is_fine() -> None:
    source = SourceFile("policy.leadpact", sample())
    assert reading.checked((source,), None)[1] == ()


@pytest.mark.parametrize("entry", written, ids=lambda entry: entry.code)
def test_the_example_gets_the_code_and_the_fix_none(entry: Entry) -> None:
    # A piece of a policy need not use what it declares.
    unused = {"W201"} - {entry.code}
    assert [code for code in said_of(entry.example) if code not in unused] == [entry.code]
    assert set(said_of(entry.fix)) <= unused


@at_a_terminal
@pytest.mark.parametrize("entry", typed, ids=lambda entry: entry.code)
def test_what_is_typed_gets_the_code_and_then_not(entry: Entry, tmp_path: Path) -> None:
    assert entry.code in run(entry.example, tmp_path)
    assert not {code for code in run(entry.fix, tmp_path) if code == entry.code or code[0] == "E"}


def run(session: str, folder: Path) -> set[str]:
    """Type the lines; the codes that are then said."""
    lines = [line.removeprefix("$ ") for line in session.split("\n")]
    assert all(line.startswith("$ ") for line in session.split("\n"))
    here = folder / ".bin"
    here.mkdir(exist_ok=True)
    for name, module in (("leadpact", " -m leadpact"), ("python", "")):
        (here / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{module} "$@"\n')
        (here / name).chmod(0o755)
    done = subprocess.run(
        ["sh", "-c", "\n".join(lines)],
        cwd=folder,
        env={**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return set(re.findall(r"(?:error|warning) ([EW]\d{3}): ", done.stdout + done.stderr))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_entries_are_short_plain_sentences(entry: Entry) -> None:
    for text in (entry.what, entry.why):
        assert text.endswith((".", "?"))
        for sentence in re.split(r"(?<=[.?:]) ", re.sub(r"`[^`]*`|\"[^\"]*\"", "X", text)):
            assert len(sentence.split()) <= 25, sentence
    said = f"{entry.title} {entry.what} {entry.why}".lower()
    assert not re.search(r"\b(?:token|parse[rd]?|syntax|python|exception|keyword|enum)\b", said)
    assert max(map(len, entry.title.split("\n"))) <= 60
    assert entry.example != entry.fix


def test_a_text_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="E201"):
        read_entries("# Title\n\n## E201\n\nWhat.\n", TITLES)


# --- the corpus --------------------------------------------------------------------------------


def policies_with_mistakes() -> list[Path]:
    return [
        path
        for folder in ("syntax/bad", "check/bad", "check/good")
        for path in sorted((CORPUS / folder).iterdir())
        if path.suffix != ".expected"
    ]


def raised_by(path: Path) -> set[str]:
    files, unread = read_policy(path)
    policy, found = reading.checked(files, path if path.is_dir() else path.parent)
    more = unedited(policy) if policy is not None else None
    return {each.code for each in (*unread, *found, *([more] if more else []))}


def test_each_code_has_a_policy_in_the_corpus() -> None:
    raised = {code for path in policies_with_mistakes() for code in raised_by(path)}
    # Files that are no policies: made by tests/dsl/test_files.py, because git keeps no such files.
    of_files = {code for code in ALL if code.startswith("E10")}
    made = (ROOT / "tests" / "dsl" / "test_files.py").read_text(encoding="utf-8")
    assert {code for code in of_files if f'"{code}"' in made} == of_files
    assert set(ALL) - raised - of_files - OF_ANALYSIS == set()


def test_no_code_is_raised_that_is_not_registered() -> None:
    found: dict[str, set[str]] = {}
    for room in ("dsl", "engine"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.name != "codes.py":
                for code in re.findall(r'"([EW]\d{3})"', path.read_text(encoding="utf-8")):
                    found.setdefault(code, set()).add(path.name)
    assert {code: places for code, places in found.items() if code not in ALL} == {}
    assert set(ALL) - set(found) == set()
