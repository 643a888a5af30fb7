"""Walking on from an instant, as the steps of examples do: the same life as replay tells."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import yaml

import leadpact
from leadpact.decision import PolicyRef, Problem
from leadpact.life import History, Replaying, Standing, Stay

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "replay"


def _cases() -> list[Path]:
    """Leads of which no record tells a stage: they begin with their first event."""
    found = []
    for path in sorted(CORPUS.glob("*/*.yaml")):
        case = yaml.safe_load(path.read_text(encoding="utf-8"))
        record = case["record"]
        events = [*record.get("activities", ()), *record.get("actions", ())]
        told = "wrong" not in case and path.stem != "very_old_events"
        if told and events and not {"stage", "moves"} & record.keys():
            found.append(path)
    return found


def _ready(path: Path) -> tuple[leadpact.Policy, Replaying, dict[str, object], datetime]:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    of = ROOT / "policies" / case["of"] if "of" in case else path.parent / "policy.leadpact"
    policy = leadpact.load(of)
    ref = PolicyRef(policy.name, policy.version, policy.digest)
    until = datetime.fromisoformat(case["until"])
    return policy, Replaying(policy, ref), case["record"], until


def _replayed(policy: leadpact.Policy, record: dict[str, object], until: datetime) -> History:
    told = policy.replay(record, until=until)
    assert isinstance(told, History)
    return told


def _without_events(stays: tuple[Stay, ...]) -> list[Stay]:
    return [msgspec.structs.replace(stay, events=(), other_events=0) for stay in stays]


@pytest.mark.parametrize("path", _cases(), ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_from_the_first_event_on_it_is_the_same_life_at_every_step(path: Path) -> None:
    policy, replaying, record, until = _ready(path)
    lead = policy.admit(record)
    first = min(event.at for event in (*lead.activities, *lead.actions))
    steps = [first + (until - first) * part / 7 for part in range(8)]
    steps = [instant.replace(microsecond=0) for instant in steps[1:-1]] + [until]
    standings = list(replaying.onward(lead, first, steps))
    assert len(standings) == len(steps)
    for instant, standing in zip(steps, standings, strict=True):
        assert isinstance(standing, Standing)
        told = _replayed(policy, record, instant)
        assert standing.at == instant
        assert list(standing.stays) == _without_events(told.stays)
        assert standing.lead.stage == told.stays[-1].stage
    assert (
        len({len(standing.stays) for standing in standings if isinstance(standing, Standing)}) > 0
    )


def test_what_could_have_been_before_was_not() -> None:
    policy, replaying, record, until = _ready(CORPUS / "kontor" / "nobody_picks.yaml")
    lead = policy.admit(record)
    entered = _replayed(policy, record, until).stays[1].entered
    assert entered is not None
    begin = entered + timedelta(hours=3)
    assert _replayed(policy, record, begin).stays[-1].stage == "mql"
    (standing,) = replaying.onward(lead, begin, [begin + timedelta(minutes=1)])
    assert isinstance(standing, Standing)
    assert [(stay.stage, stay.entered) for stay in standing.stays[1:]] == [("mql", begin)]


def test_a_loop_ends_the_walk() -> None:
    for path in sorted((CORPUS / "circle").glob("*.yaml")):
        policy, replaying, record, until = _ready(path)
        lead = policy.admit(record)
        begin = until - timedelta(days=1)
        found = list(replaying.onward(lead, begin, [until, until + timedelta(days=1)]))
        if isinstance(found[0], Problem):
            assert len(found) == 1
            assert "in a circle" in found[0].reason
            return
    pytest.fail("No lead of the corpus is caught in a loop.")
