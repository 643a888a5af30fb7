"""Random policies and records: a life is what decisions say, and nothing was missed between.

``LEADPACT_MORE=20 pytest tests/life`` tries so many times as many.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from tests.how_many import how_many
from tests.property.draw_policy import draw_policy
from tests.property.draw_record import aims_of, draw_case

import leadpact
from leadpact.life import History, Stay

POLICIES = range(1, 1 + how_many(3))
RECORDS = 4
LOOKS = 2
STAYS = how_many(60)
"""Of a life that goes in a circle there may be a thousand."""


def next_stage(
    policy: leadpact.Policy, record: dict[str, object], stay: Stay, at: datetime
) -> str | None:
    """Where a lead goes at an instant, put into a stay by its record."""
    there = dict(record)
    if record.get("moves"):
        there |= {"stage": stay.stage, "stage_since": stay.entered}
    outcome = policy.decide(there, as_of=at)
    return outcome.stage.next if isinstance(outcome, leadpact.Decision) else None


def check(policy: leadpact.Policy, record: dict[str, object], told: History, r: Random) -> None:
    moves = [dict(move) for move in record.get("moves") or ()]
    until = told.until
    for stay in told.stays[:STAYS]:
        end = stay.left or until
        out = stay.exit
        told_by_record = out is not None and out.how == "recorded"
        if not told_by_record and stay.entered is not None:
            before = record if stay is told.stays[0] and not moves else {**record, "moves": moves}
            latest = max([stay.entered, *(instant(move["at"]) for move in moves)])
            inside = [latest + (end - latest) * r.random() for _ in range(LOOKS)]
            for at in [latest, *inside, end - timedelta.resolution]:
                if latest <= at < end:
                    assert next_stage(policy, before, stay, at) is None, (stay.stage, at)
            if out is not None:
                assert next_stage(policy, before, stay, end) == out.to
            else:
                assert next_stage(policy, before, stay, until) is None
        for clock in stay.targets:
            instants = [clock.started, *(pause.since for pause in clock.pauses)]
            assert all(at is None or at <= end for at in instants)
            assert clock.state != "met" or clock.due is None or clock.at <= clock.due
            assert clock.state != "missed" or clock.due <= end
            assert all(one.at <= end for one in clock.told)
        if out is not None and not told_by_record:
            moves.append({"to": out.to, "at": out.at, "rule": out.rule})
    for one, other in zip(told.stays, told.stays[1:], strict=False):
        assert other.entered == one.left or one.exit.how == "recorded"


def instant(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


@pytest.mark.parametrize("seed", POLICIES)
def test_a_life_is_what_decisions_say(seed: int) -> None:
    r = Random(seed)
    policy = leadpact.load_text(draw_policy(r))
    if not policy.checked.stages:
        with pytest.raises(leadpact.NoStagesError):
            policy.replay({"id": "L-1"}, until=datetime.fromisoformat("2026-01-01T00:00:00Z"))
        return
    aims = aims_of(policy.checked)
    for _ in range(RECORDS):
        record, until = draw_case(r, policy.checked, aims)
        if r.random() < 0.7:
            # From the first event on: there is more life in it.
            record = {k: v for k, v in record.items() if k not in ("stage", "stage_since", "moves")}
        try:
            told = policy.replay(record, until=until)
        except leadpact.RecordError:
            continue
        if isinstance(told, History) and "moves" not in record and "stage" not in record:
            check(policy, record, told, r)
