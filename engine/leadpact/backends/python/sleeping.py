"""Whether a lead sleeps in its present stage, and the worklists on which its last move put it.

Few leads were moved by a rule that says so, so this is not generated but called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from leadpact.arrivals import Arrival, by_rule
from leadpact.backends.python.history import Brought, brought
from leadpact.backends.python.matching import matcher
from leadpact.backends.python.runtime import FAR, newer
from leadpact.checked import CheckedPolicy, WakeUp
from leadpact.decision import WorklistResult
from leadpact.operators.business import open_times
from leadpact.operators.clocks import wakes
from leadpact.operators.times import local_day
from leadpact.schema import RecordTypes, attribute

__all__ = ["Sleep", "sleeps", "worklists"]


def _newest(events: list[Any]) -> Any:
    newest = None
    for event in events:
        if newest is None or newer(event, newest):
            newest = event
    return newest


@dataclass(frozen=True, slots=True)
class Sleep:
    """Until when the lead sleeps (``None``: it is awake), whether it woke up in its stage
    (``None``: nobody can tell), and when.
    """

    until: datetime | None
    woken: bool | None
    woke: datetime | None


class _Waking:
    def __init__(self, wake_up: WakeUp, policy: CheckedPolicy, types: RecordTypes) -> None:
        self.wake_up = wake_up
        self.on = None if wake_up.on is None else matcher(wake_up.on.events, policy, types)
        self.or_on = None if wake_up.or_on is None else matcher(wake_up.or_on, policy, types)


def sleeps(
    policy: CheckedPolicy, ways: tuple[Arrival, ...], types: RecordTypes
) -> Callable[[Any, list[Any], list[Any], datetime], Sleep]:
    """``sleep(lead, activities, actions, now)``; ``ways`` are all rules that can have moved it."""
    start = next(stage.name for stage in policy.stages if stage.start)
    zone, calendars = policy.zone, open_times(policy.calendars)
    led = by_rule(ways)
    wakings = {
        id(way): _Waking(way.wake_up, policy, types) for way in ways if way.wake_up is not None
    }

    def sleep(lead: Any, activities: list[Any], actions: list[Any], now: datetime) -> Sleep:
        came = brought(lead, start, now)
        if not came.told:
            return Sleep(None, None, None)
        if came.rule is None or came.at is None:
            return Sleep(None, False, None)
        way = led(came.rule, lead.stage or start, local_day(came.at, zone))
        # A rule that did not lead here on that day tells nothing.
        if way is None:
            return Sleep(None, None, None)
        waking = wakings.get(id(way))
        if waking is None:
            return Sleep(None, False, None)
        wake_up, at = waking.wake_up, came.at
        on = _named(waking, came, activities, actions)
        field_day = None
        if wake_up.field is not None:
            field_day = getattr(lead, attribute(wake_up.field))
            if isinstance(field_day, datetime):
                field_day = local_day(field_day, zone)
        wanted: list[datetime] = []
        if waking.or_on is not None:
            events = waking.or_on(activities, actions)
            wanted = [each.at.astimezone(UTC) for each in events if at < each.at <= now]
        first = min(wanted, default=None)
        woke = wakes(wake_up, at, zone, calendars, on=on, field_day=field_day, or_on=first)
        if woke is None:
            return Sleep(FAR, False, None)
        # The event may name it in another offset.
        woke = woke.astimezone(UTC)
        return Sleep(woke, False, None) if woke > now else Sleep(None, True, woke)

    return sleep


def _named(
    waking: _Waking, came: Brought, activities: list[Any], actions: list[Any]
) -> date | datetime | None:
    """The day or instant that the newest event names, of those before the move."""
    wanted = waking.wake_up.on
    if wanted is None or waking.on is None or came.at is None:
        return None
    events = waking.on(activities, actions)
    since = came.since
    newest = _newest(
        [each for each in events if each.at <= came.at and (since is None or each.at >= since)]
    )
    named: date | datetime | None = (
        None if newest is None else getattr(newest, attribute(wanted.property))
    )
    return named


def worklists(
    policy: CheckedPolicy, ways: tuple[Arrival, ...]
) -> Callable[[Any, datetime], tuple[WorklistResult, ...]] | None:
    """``worklists(lead, now)``: the lists on which its last move put a lead, if there are lists."""
    start = next(stage.name for stage in policy.stages if stage.start)
    if not any(way.worklists for way in ways):
        return None
    led, zone = by_rule(ways), policy.zone

    def listed(lead: Any, now: datetime) -> tuple[WorklistResult, ...]:
        came = brought(lead, start, now)
        if came.rule is None or came.at is None:
            return ()
        at = came.at
        way = led(came.rule, lead.stage or start, local_day(at, zone))
        return () if way is None else tuple(WorklistResult(each.name, at) for each in way.worklists)

    return listed
