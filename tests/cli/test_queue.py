"""The queue corpus: ``leadpact queue`` and ``leadpact worklist``, as they must be told.

A folder of ``tests/corpus/queue`` has leads, perhaps a policy (``.``), and cases. A case is a YAML
file with ``why``, the command line (``run``; ``{kontor}`` is the reference policy) and the exit
``status``. Beside it stands what comes out: ``.80.txt`` and ``.120.txt`` on terminals of that
width (``.44.txt`` for lists), ``.jsonl`` with ``--json``, and ``.err`` on standard error.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from leadpact.cli import cmd_queue, cmd_worklist, main

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "queue"
CASES = sorted(CORPUS.glob("*/*.yaml"))
REWRITE = bool(os.environ.get("LEADPACT_REWRITE"))

Ran = tuple[object, str, str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """A case's command on a terminal of some columns."""

    def ran(path: Path, columns: int = 80, *more: str) -> Ran:
        for module in (cmd_queue, cmd_worklist):
            monkeypatch.setattr(module, "width", lambda widest=100: min(columns, widest))
        monkeypatch.chdir(path.parent)
        case = yaml.safe_load(path.read_text("utf-8"))
        arguments = [
            word.replace("{kontor}", str(ROOT / "policies" / "kontor"))
            for word in case["run"].split()
        ]
        with pytest.raises(SystemExit) as left:
            main([*arguments, *more])
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return ran


def name(path: Path) -> str:
    return f"{path.parent.name}: {path.stem}"


def judge(path: Path, found: str) -> None:
    """What was told must be what stands in the file; where nothing is told, there is none."""
    if REWRITE:
        path.unlink(missing_ok=True)
        if found:
            path.write_text(found, "utf-8", newline="\n")
    assert found == (path.read_text("utf-8") if path.exists() else "")


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("path", CASES, ids=name)
def test_what_is_told(path: Path, columns: int, run: Callable[..., Ran]) -> None:
    case = yaml.safe_load(path.read_text("utf-8"))
    status, out, err = run(path, columns)
    assert status == case["status"], case["why"]
    assert all(len(line) <= columns for line in out.split("\n"))
    assert "\x1b" not in out
    judge(path.with_suffix(f".{columns}.txt"), out)
    judge(path.with_suffix(".err"), err)


LISTS = [path for path in CASES if "--lead " not in path.read_text("utf-8")]


@pytest.mark.parametrize("path", LISTS, ids=name)
def test_on_a_narrow_terminal(path: Path, run: Callable[..., Ran]) -> None:
    _, out, _ = run(path, 44)
    assert all(len(line) <= 44 for line in out.split("\n"))
    judge(path.with_suffix(".44.txt"), out)


@pytest.mark.parametrize("path", CASES, ids=name)
def test_json(path: Path, run: Callable[..., Ran]) -> None:
    status, out, err = run(path, 80, "--json")
    assert status == yaml.safe_load(path.read_text("utf-8"))["status"]
    lines = [json.loads(line) for line in out.splitlines()]
    assert all(line["format"] == 1 for line in lines)
    judge(path.with_suffix(".jsonl"), re.sub(r"sha256:\w+", "DIGEST", out))
    judge(path.with_suffix(".err"), err)


def test_every_file_of_the_corpus_is_of_a_case() -> None:
    assert len(CASES) >= 15
    stems = {(path.parent, path.stem) for path in CASES}
    for path in CORPUS.glob("*/*"):
        if path.suffix in (".txt", ".err") or (path.suffix == ".jsonl" and path.stem != "leads"):
            assert (path.parent, path.name.split(".")[0]) in stems, path
