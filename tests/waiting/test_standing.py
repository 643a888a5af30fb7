"""A record that is put where a history has its lead decides there as the replay did.

The lives are those of ``tests/corpus/replay``.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import leadpact
from leadpact.life import History
from leadpact.waiting.standing import decided, standing

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "replay"


def case(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


TOLD = [path for path in sorted(CORPUS.glob("*/*.yaml")) if "wrong" not in case(path)]


@cache
def policy(folder: Path) -> leadpact.Policy:
    return leadpact.load(folder)


def replayed(path: Path) -> tuple[leadpact.Policy, dict[str, Any], History]:
    told = case(path)
    asked = policy(ROOT / "policies" / told["of"] if "of" in told else path.parent)
    history = asked.replay(told["record"], until=datetime.fromisoformat(told["until"]))
    assert isinstance(history, History)
    return asked, told["record"], history


@pytest.mark.parametrize("path", TOLD, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_it_is_decided_as_it_was_replayed(path: Path) -> None:
    asked, record, history = replayed(path)
    stays = history.stays
    for index, stay in enumerate(stays, start=1):
        out = stay.exit
        if out is not None and (out.how == "recorded" or out.at is None):
            continue
        at = history.until if out is None else out.at
        assert at is not None
        decision = decided(asked, record, stays[:index], at)
        assert decision is not None
        assert decision.stage is not None
        looks = history if out is None else out
        assert {name: one.points for name, one in decision.scores.items()} == looks.scores
        assert {name: one.letter for name, one in decision.grades.items()} == looks.grades
        assert decision.stage.current == stay.stage
        assert decision.stage.next == (None if out is None else out.to)
        if out is not None:
            assert (decision.stage.rule, decision.stage.because) == (out.rule, out.because)


def test_a_record_that_tells_no_past_is_given_none() -> None:
    _, record, history = replayed(CORPUS / "unpicked" / "recorded_stage.yaml")
    assert "moves" not in record
    told, replay_went_on = history.stays[:2], history.stays[:3]
    assert "moves" not in standing(record, told)
    # From the first replayed move on, the moves are taken for all.
    assert len(standing(record, replay_went_on)["moves"]) == 2  # type: ignore[arg-type]


def test_the_record_itself_stays_as_it_was() -> None:
    _, record, history = replayed(CORPUS / "unpicked" / "recorded_moves.yaml")
    before = repr(record)
    standing(record, history.stays)
    assert repr(record) == before
