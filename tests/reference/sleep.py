"""Leads that sleep: by which rule they came to their stage, and when they wake there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from tests.reference.admission import order_of_last
from tests.reference.business import after
from tests.reference.conditions import Truth, day_of, is_known
from tests.reference.events import Situation, matching
from tests.reference.history import RecordedMove
from tests.reference.in_force import on_day
from tests.reference.instants import days_later, later, local_day, midnight

from leadpact.checked import (
    CheckedPolicy,
    HandMove,
    LastFact,
    Move,
    SinceEntered,
    TargetHandBack,
    TimeOut,
    WakeUp,
)

WayOut: TypeAlias = Move | TimeOut | HandMove | TargetHandBack


@dataclass(frozen=True)
class Waking:
    """``due`` is when the lead wakes by itself (``None``: never), ``woke`` when it did."""

    due: datetime | None
    woke: datetime | None


def ways_out(policy: CheckedPolicy) -> Iterator[WayOut]:
    for one in policy.any_stages:
        yield from one.moves
        yield from one.by_hand
    for stage in policy.stages:
        yield from stage.moves
        yield from stage.by_hand
        for target in stage.targets:
            yield from target.hands_back


def brought_by(case: Situation) -> tuple[WayOut, RecordedMove] | None:
    """The rule that brought the lead to its present stage, if the record tells.

    The rule as it was on the day of the move, whether or not it is still in force.
    """
    move = case.lead.history.stays[-1].by if case.lead.history else None
    if move is None:
        return None
    then = on_day(case.whole, local_day(move.at, case.zone))
    for rule in ways_out(then):
        if rule.rule == move.rule and rule.to == move.to:
            return rule, move
    return None


def waking(case: Situation) -> Waking | None:
    """When the lead wakes in its present stage; ``None`` where it did not go to sleep."""
    brought = brought_by(case)
    if brought is None or isinstance(brought[0], TargetHandBack) or brought[0].wake_up is None:
        return None
    wake_up, moved = brought[0].wake_up, brought[1].at
    due = _due(case, wake_up, moved)
    due = None if due is None else max(due, moved)
    instants = [] if due is None else [due]
    if wake_up.or_on is not None:
        instants += [event.at for event in matching(case, wake_up.or_on) if event.at > moved]
    return Waking(due, min((one for one in instants if one <= case.as_of), default=None))


def _due(case: Situation, wake_up: WakeUp, moved: datetime) -> datetime | None:
    """When the lead wakes by itself: at once if the day is unknown, ``None`` if never."""
    if wake_up.after is not None:
        return after(case, moved, wake_up.after)
    if wake_up.on is not None:
        return _named_instant(case, wake_up.on, moved) or moved
    if wake_up.before is None:
        return None
    assert wake_up.field is not None
    value = case.lead.values[wake_up.field]
    if value is None or not is_known(value):
        return moved
    day = days_later(day_of(value, case.zone), wake_up.before, sign=-1)
    wakes = moved if day is None else midnight(day, case.zone)
    if wake_up.not_before is not None:
        soonest = later(moved, wake_up.not_before, case.zone)
        return None if soonest is None else max(wakes, soonest)
    return wakes


def _named_instant(case: Situation, on: LastFact, moved: datetime) -> datetime | None:
    """What the newest event names of those up to the move, in the stay that ended with it."""
    assert case.lead.history is not None
    events = [event for event in matching(case, on.events) if event.at <= moved]
    if isinstance(on.window, SinceEntered):
        since = case.lead.history.stays[-2].entered
        events = [event for event in events if since is None or event.at >= since]
    if not events:
        return None
    value = max(events, key=order_of_last).values.get(on.property)
    if value is None or isinstance(value, datetime):
        return value
    return midnight(day_of(value, case.zone), case.zone)


def is_asleep(case: Situation) -> bool:
    sleep = waking(case)
    return sleep is not None and sleep.woke is None


def woken(case: Situation) -> Truth:
    sleep = waking(case)
    if sleep is not None:
        return sleep.woke is not None
    assert case.lead.history is not None
    if case.lead.history.moved is False or brought_by(case) is not None:
        return False
    return None


def clock_start(case: Situation) -> datetime | None:
    """Since when the stage's clocks run; ``None`` while that is unknown, or the lead asleep."""
    sleep = waking(case)
    return case.lead.entered if sleep is None else sleep.woke
