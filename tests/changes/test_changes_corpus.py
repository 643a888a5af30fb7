"""Pairs of policies, each beside what is told about the change from the one to the other.

Every folder of the corpus holds ``old.leadpact``, ``new.leadpact`` and ``expected.txt``: what
``leadpact diff`` prints about the two.

``python tests/changes/test_changes_corpus.py`` writes the expected files anew; read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from leadpact.changes import Change, changes
from leadpact.checked import CheckedPolicy
from leadpact.cli.changes_text import changes_text
from leadpact.reading import read

CORPUS = Path(__file__).parents[1] / "corpus" / "changes"
CASES = sorted(folder for folder in CORPUS.iterdir() if folder.is_dir())


def policy(path: Path) -> CheckedPolicy:
    found, diagnostics, _ = read(path)
    assert found is not None, diagnostics
    return found


def compared(folder: Path) -> tuple[Change, ...]:
    return changes(policy(folder / "old.leadpact"), policy(folder / "new.leadpact"))


def shown(folder: Path) -> str:
    return click.unstyle(changes_text(compared(folder))) + "\n"


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_what_is_told(folder: Path) -> None:
    assert shown(folder) == (folder / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_there_and_back(folder: Path) -> None:
    """What is new on the way there is gone on the way back, and nothing else is told."""
    old, new = policy(folder / "old.leadpact"), policy(folder / "new.leadpact")
    there, back = changes(old, new), changes(new, old)
    opposite = {"added": "removed", "removed": "added"}
    assert sorted((opposite.get(one.kind, one.kind), one.aspect or "") for one in there) == sorted(
        (one.kind, one.aspect or "") for one in back
    )
    assert {one.touches for one in there} == {one.touches for one in back}
    assert changes(old, old) == changes(new, new) == ()


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_sentences_are_short(folder: Path) -> None:
    for change in compared(folder):
        for sentence in re.split(r"\. | → |: ", change.says):
            assert len(sentence.split()) <= 25, sentence


if __name__ == "__main__":
    for case in CASES:
        (case / "expected.txt").write_text(shown(case), encoding="utf-8", newline="\n")
