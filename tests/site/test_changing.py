"""What git tells of a policy stands on its pages, and what git cannot tell is said there."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from leadpact.starter import starter_files
from leadpact_sla import changing
from leadpact_sla.changing import Past
from leadpact_sla.publishing import Publishing, publish

TODAY = date(2026, 11, 22)
POLICY = "ours"


def git(folder: Path, *words: str) -> None:
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Dana Reyes"), ("EMAIL", "dana@buyer.example"))
    }
    subprocess.run(["git", *words], cwd=folder, check=True, env={**os.environ, **who})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with a policy, not committed yet."""
    root = tmp_path / "repository"
    (root / POLICY).mkdir(parents=True)
    for name, data in starter_files().items():
        (root / POLICY / name).write_bytes(data)
    return root


@pytest.fixture
def committed(folder: Path) -> Path:
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "A first policy")
    more_for_a_webinar(folder, "Webinars count more")
    return folder


def more_for_a_webinar(folder: Path, subject: str) -> None:
    points = folder / POLICY / "points.leadpact"
    text = points.read_text("utf-8")
    line = next(line for line in text.split("\n") if "each webinar" in line)
    number = line.split()[0]
    points.write_text(text.replace(line, line.replace(number, f"+{int(number) + 1}")), "utf-8")
    git(folder, "commit", "-q", "-am", subject)


def shown(folder: Path, past: Past | None = None) -> dict[str, str]:
    made = publish(Publishing(folder, (POLICY,)), TODAY, past)
    return {page.path.removeprefix("starter/"): page.markdown for page in made}


def test_a_change_stands_on_its_page_and_on_the_first(committed: Path) -> None:
    pages = shown(committed)
    assert "Webinars count more" in pages["changes.md"]
    assert "Dana Reyes" in pages["changes.md"]
    assert "Webinars count more" in pages["index.md"]


def test_without_git_the_page_says_so(folder: Path) -> None:
    pages = shown(folder)
    assert "There is no history to tell: this is in no git repository." in pages["changes.md"]
    assert str(folder) not in pages["changes.md"]
    assert "changes.html" not in pages["index.md"]


def test_a_clone_that_is_cut_off_says_so(committed: Path, tmp_path: Path) -> None:
    whole = shown(committed)["changes.md"]
    git(tmp_path, "clone", "-q", "--depth", "1", committed.as_uri(), "cut")
    cut = shown(tmp_path / "cut")["changes.md"]
    assert "The history is cut off" in cut
    assert "A first policy" in whole
    assert "A first policy" not in cut


def test_the_past_is_read_once_until_somebody_commits(
    committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    history = changing.history
    monkeypatch.setattr(changing, "history", lambda path: read.append(path) or history(path))
    past = Past()
    first = shown(committed, past)
    (committed / POLICY / "more.leadpact").write_text('list rivals: "A rival"\n', "utf-8")
    shown(committed, past)
    assert len(read) == 1
    more_for_a_webinar(committed, "And more still")
    assert "And more still" in shown(committed, past)["changes.md"]
    assert "And more still" not in first["changes.md"]
    assert len(read) == 2


@pytest.mark.parametrize("lead", ["no JSON", "[1]", json.dumps({"activities": [{"kind": "x"}]})])
def test_leads_that_cannot_be_read_take_no_page_away(lead: str, committed: Path) -> None:
    (committed / POLICY / "sample").mkdir()
    (committed / POLICY / "sample" / "leads.jsonl").write_text(f"{lead}\n", "utf-8")
    assert "Webinars count more" in shown(committed)["changes.md"]
