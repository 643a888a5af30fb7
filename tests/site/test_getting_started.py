"""The pages for people who begin: their commands print what is shown, their scripts run, and what
they quote from a policy or a pipeline stands there.

A block ``console`` holds commands after ``$`` and what they print; ``…`` stands for anything.
A block ``diff`` changes a line of the shipped policies from there on. A block ``json`` is the file
that the text before it names, and a block ``text`` is what the script before it prints.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from site_tests_built import ROOT

from leadpact_dsl.highlighting import highlight

PAGES = sorted((ROOT / "site" / "getting_started").glob("*.md"))
_FENCE = re.compile(r"^```([\w-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"`([\w-]+\.json)`[^`]*\Z")

WITH_COMMANDS = {"marketers.md": 2, "salespeople.md": 2, "engineers.md": 3}
"""How many commands each page shows; the pages must not lose them unnoticed."""


def fences(page: Path) -> Iterator[tuple[str, str, str]]:
    """Each block with its kind and the text above it."""
    text = page.read_text("utf-8")
    for fence in _FENCE.finditer(text):
        yield fence[1], fence[2], text[: fence.start()]


def commands(block: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def pattern(shown: str) -> re.Pattern[str]:
    return re.compile(re.escape(shown).replace("…", ".*?") + r"\s*", re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100", "NO_COLOR": "1"},
    )


def change(folder: Path, diff: str) -> None:
    """Change the one line of the policies that the diff takes away."""
    old, new = (
        "".join(f"{line[1:]}\n" for line in diff.splitlines() if line.startswith(mark))
        for mark in "-+"
    )
    found = [
        file
        for file in (folder / "policies").rglob("*.leadpact")
        if file.read_text("utf-8").count(old)
    ]
    assert len(found) == 1, diff
    text = found[0].read_text("utf-8")
    assert text.count(old) == 1
    found[0].write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_shown_is_what_happens(page: Path, folder: Path) -> None:
    ran = 0
    printed = ""
    for kind, block, above in fences(page):
        match kind:
            case "console":
                for command, shown in commands(block):
                    ran += 1
                    done = run(folder, "-m", *shlex.split(command))
                    assert done.returncode in (0, 1), done.stderr
                    assert pattern(shown).fullmatch(done.stdout + done.stderr), done.stdout
            case "diff":
                change(folder, block)
            case "json":
                named = _NAMED.search(above)
                assert named is not None, block
                (folder / named[1]).write_text(block, "utf-8")
            case "python":
                done = run(folder, "-c", block)
                assert done.returncode == 0, done.stderr
                printed = done.stdout
            case "text":
                assert block == printed
    assert ran == WITH_COMMANDS.get(page.name, 0)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_lines_of_a_policy_can_be_read(page: Path) -> None:
    for kind, block, _ in fences(page):
        if kind.startswith("leadpact"):
            pieces = [piece for line in highlight(block) for piece in line]
            assert not [piece for piece in pieces if piece[0] == "error"]
            assert [piece for piece in pieces if piece[0] == "points"]


def test_the_pipeline_is_the_one_that_we_use() -> None:
    (shown,) = (block for kind, block, _ in fences(page_of("engineers")) if kind == "yaml")
    steps = {one["name"]: one["run"] for one in yaml.safe_load(shown)}
    ours = yaml.safe_load((ROOT / ".github/workflows/policy.yml").read_text("utf-8"))
    used = {one.get("name"): one.get("run") for one in ours["jobs"]["policies"]["steps"]}
    assert steps.items() <= used.items()


def test_the_installation_is_the_one_of_the_readme() -> None:
    (shown,) = (block for kind, block, _ in fences(page_of("engineers")) if kind == "sh")
    assert shown in (ROOT / "README.md").read_text("utf-8")


def page_of(name: str) -> Path:
    return next(page for page in PAGES if page.stem == name)


def test_each_reader_has_a_page() -> None:
    assert {page.stem for page in PAGES} == {"index", "marketers", "salespeople", "engineers"}
    index = page_of("index").read_text("utf-8")
    for page in PAGES:
        assert page.stem == "index" or f"({page.name})" in index
