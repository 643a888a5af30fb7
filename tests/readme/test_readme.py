"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def fenced(info: str, word: str = "") -> str:
    """The first fenced block of this kind in which the word stands."""
    return next(block for kind, block in BLOCKS if kind == info and word in block)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "first").mkdir()
    (tmp_path / "first/policy.leadpact").write_text(fenced("leadpact"), encoding="utf-8")
    (tmp_path / "lead.json").write_text(fenced("json"), encoding="utf-8")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )


def test_the_policy_has_at_most_15_lines_and_no_mistake(folder: Path) -> None:
    assert len(fenced("leadpact").splitlines()) <= 15
    checked = run(folder, "-m", "leadpact", "check", "first")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_mistake_is_told_as_shown(folder: Path) -> None:
    policy = folder / "first/policy.leadpact"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("interest is at least", "interest >="), encoding="utf-8")
    checked = run(folder, "-m", "leadpact", "check", "first")
    assert checked.returncode == 1
    shown = fenced("", "E131")
    assert shown in checked.stdout


def test_the_decision_is_as_shown(folder: Path) -> None:
    shown = fenced("", "$ leadpact")
    command, _, expected = shown.partition("\n")
    decided = run(folder, "-m", *command.removeprefix("$ ").split())
    assert decided.returncode == 0
    assert decided.stdout == expected


def test_the_five_line_script_runs(folder: Path) -> None:
    script = fenced("python")
    assert len(script.splitlines()) == 5
    ran = run(folder, "-c", script)
    assert ran.stdout == (
        "mql 40 +20 for each time the lead viewed pricing, once a day, in the last 30 days\n"
    )


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
