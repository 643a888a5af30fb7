"""The replay corpus: a policy, a lead, and its life as it must be told.

A folder of ``tests/corpus/replay`` has a ``policy.leadpact`` and cases. A case is a YAML file with
``why``, ``until``, the ``record`` and ``expect``, which names only what it is about (or ``wrong``:
the problems), and a text file with the timeline. ``of`` names a reference policy instead. Of each
list as many members are expected as there are.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
import yaml

import leadpact
from leadpact.cli.history_text import history_text
from leadpact.life import encode

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT / "tests" / "corpus" / "replay"
FIRST = datetime(1900, 1, 1, tzinfo=UTC)
"""The first instant at which decisions are made."""
CASES = sorted(CORPUS.glob("*/*.yaml"))
TOLD = [path for path in CASES if "wrong" not in yaml.safe_load(path.read_text(encoding="utf-8"))]


@cache
def policy(folder: Path) -> leadpact.Policy:
    return leadpact.load(folder)


def read(path: Path) -> tuple[leadpact.Policy, dict[str, Any], datetime]:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    folder = ROOT / "policies" / case["of"] if "of" in case else path.parent
    return policy(folder), case, datetime.fromisoformat(case["until"])


def only_named(found: Any, expect: Any) -> Any:
    """What the case speaks about."""
    if isinstance(expect, dict) and isinstance(found, dict):
        return {key: only_named(found.get(key), wanted) for key, wanted in expect.items()}
    if isinstance(expect, list) and isinstance(found, list) and len(found) == len(expect):
        return [only_named(one, wanted) for one, wanted in zip(found, expect, strict=True)]
    return found


def name(path: Path) -> str:
    return f"{path.parent.name}: {path.stem}"


@pytest.mark.parametrize("path", CASES, ids=name)
def test_history(path: Path) -> None:
    asked, case, until = read(path)
    if "wrong" in case:
        with pytest.raises(leadpact.RecordError) as raised:
            asked.replay(case["record"], until=until)
        assert [msgspec.to_builtins(one) for one in raised.value.problems] == case["wrong"]
        return
    told = asked.replay(case["record"], until=until)
    found = msgspec.json.decode(encode(told))
    assert only_named(found, case["expect"]) == case["expect"], case["why"]


@pytest.mark.parametrize("path", TOLD, ids=name)
def test_timeline(path: Path) -> None:
    asked, case, until = read(path)
    told, aside = asked.replay_raw(case["record"], until=until)
    text = click.unstyle(history_text(asked.checked, told, aside, 80)) + "\n"
    wanted = path.with_suffix(".txt")
    if os.environ.get("LEADPACT_REWRITE"):
        wanted.write_text(text, encoding="utf-8", newline="\n")
    assert all(len(line) <= 80 for line in text.split("\n"))
    assert text == wanted.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TOLD, ids=name)
def test_each_move_is_what_the_decision_says_and_no_earlier_one_was_right(path: Path) -> None:
    """The record with the moves until then decides the next, and not a microsecond before."""
    asked, case, until = read(path)
    record = case["record"]
    told = asked.replay(record, until=until)
    moves = list(record.get("moves", []))
    for stay in told.stays:
        out = stay.exit
        if out is None or out.how == "recorded":
            continue
        before = dict(record)
        if moves:
            before |= {"moves": moves, "stage": stay.stage, "stage_since": stay.entered}
        there = asked.decide(before, as_of=out.at, explain=True).stage
        assert (there.next, there.rule, there.because) == (out.to, out.rule, out.because)
        if stay.entered is not None and out.at > max(stay.entered, FIRST):
            early = out.at - datetime.resolution
            assert asked.decide(before, as_of=early).stage.next is None
        moves.append({"to": out.to, "at": out.at, "rule": out.rule})


def test_every_folder_is_a_policy() -> None:
    assert len(CASES) >= 15
    for path in CORPUS.glob("*/*.txt"):
        assert path.with_suffix(".yaml") in TOLD
