"""Drawing where a lead was before, and instants at which something about it falls due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random

from tests.reference.admission import Rejected, admit
from tests.reference.business import after
from tests.reference.events import Situation
from tests.reference.instants import zone_named
from tests.reference.sleep import WayOut, waking
from tests.reference.targets import due_of, started_at
from tests.reference.ways_out import coming, present_stage

from leadpact.checked import CheckedPolicy, TargetHandBack
from leadpact.dated import borders

ONE_DAY = timedelta(days=1)


def ways_out(policy: CheckedPolicy) -> list[WayOut]:
    """All rules that can move a lead, of every day."""
    found: list[WayOut] = []
    for any_stage in policy.any_stages:
        found += [*any_stage.moves, *any_stage.by_hand]
    for stage in policy.stages:
        found += [*stage.moves, *stage.by_hand]
        found += [back for target in stage.targets for back in target.hands_back]
    return found


def draw_move(r: Random, policy: CheckedPolicy, to: str | None) -> dict[str, object]:
    """A move without its instant; to the stage ``to`` where one is wanted.

    Mostly it names a rule that leads there, and rather one after which the lead sleeps.
    """
    ways = [way for way in ways_out(policy) if to in (None, way.to)]
    asleep = [way for way in ways if not isinstance(way, TargetHandBack) and way.wake_up]
    if asleep and r.random() < 0.7:
        ways = [*asleep]
    if ways and r.random() < 0.8:
        way = r.choice(ways)
        return {"to": way.to, "rule": way.rule}
    move: dict[str, object] = {"to": to or r.choice(policy.stages).name}
    if r.random() < 0.3:
        move["rule"] = r.choice(("somebody.did_it", None))
    return move


def border_instants(policy: CheckedPolicy) -> list[datetime]:
    """The local midnights at which other rows come into force."""
    # Looking through a whole policy takes longer than drawing a record of it.
    if not _LAST or _LAST[0][0] is not policy:
        zone = zone_named(policy.zone)
        found = [datetime.combine(day, time(0), zone).astimezone(UTC) for day in borders(policy)]
        _LAST[:] = [(policy, found)]
    return _LAST[0][1]


_LAST: list[tuple[CheckedPolicy, list[datetime]]] = []


def deadlines(
    policy: CheckedPolicy, record: Mapping[str, object], as_of: datetime
) -> Iterator[datetime]:
    """When the lead's targets, time-outs and sleep run out, as far as one knows at ``as_of``."""
    lead = admit(policy, record, as_of)
    if isinstance(lead, Rejected):
        return
    zone = zone_named(policy.zone)
    case = Situation(policy, lead, as_of, zone)
    sleep = waking(case)
    if sleep is not None and sleep.due is not None:
        yield sleep.due
    yield from (due for _, due in coming(case))
    stage = present_stage(case)
    for target in stage.targets if stage is not None else ():
        started = started_at(case, target)
        due = None if started is None else due_of(case, target, started)
        if due is None:
            continue
        yield due
        for back in target.hands_back:
            late = due if back.after is None else after(case, due, back.after)
            if late is not None:
                yield late
