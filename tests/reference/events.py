"""Which events a rule looks at: what matches, since when, and what the last one says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeAlias, assert_never
from zoneinfo import ZoneInfo

from tests.reference.admission import Event, Lead, order_of_last
from tests.reference.conditions import (
    Fact,
    Truth,
    Value,
    compare_numbers,
    day_of,
    folded,
    holds_of_values,
    is_known,
    value_of,
)
from tests.reference.history import Moment, When, last_entry, last_exit, moment
from tests.reference.in_force import on_day
from tests.reference.instants import days_later, is_within, later, local_day

from leadpact.checked import (
    CheckedPolicy,
    Condition,
    DomainFact,
    EventMoment,
    EventPattern,
    EventTest,
    Ever,
    FieldFact,
    LastFact,
    SinceEntered,
    SinceStage,
    StageMoment,
    TimeTest,
    Window,
    Within,
)

Holds: TypeAlias = Callable[[Condition], Truth]


@dataclass(frozen=True)
class Situation:
    """A lead at an instant, by the rows of the ``whole`` policy that are in force then."""

    whole: CheckedPolicy
    lead: Lead
    as_of: datetime
    zone: ZoneInfo

    @cached_property
    def policy(self) -> CheckedPolicy:
        return on_day(self.whole, local_day(self.as_of, self.zone))

    @cached_property
    def starts(self) -> dict[tuple[int, datetime], datetime | None]:
        """Since when a condition (its identity) was true, from an instant on: each asked once."""
        return {}


# --- events ------------------------------------------------------------------------------------


def matching(case: Situation, pattern: EventPattern) -> list[Event]:
    """The events of the pattern that happened up to ``as_of``, oldest first."""
    found = [
        event
        for event in case.lead.events
        if event.at <= case.as_of and _matches(case, pattern, event)
    ]
    return sorted(found, key=lambda event: event.at)


def _matches(case: Situation, pattern: EventPattern, event: Event) -> bool:
    if event.is_action != pattern.of_actions:
        return False
    for part in pattern.parts:
        if part.kind == event.kind and (
            part.where is None or holds_of_values(part.where, event.values, case.zone) is True
        ):
            return True
    return False


def since_moment(case: Situation, window: SinceStage) -> When:
    assert case.lead.history is not None
    return moment(case.lead.history, window.how, window.stage)


def in_window(case: Situation, window: Window, event: Event) -> bool:
    match window:
        case Within(duration):
            return is_within(event.at, duration, case.as_of, case.zone)
        case Ever():
            return True
        case SinceEntered():
            return case.lead.entered is not None and event.at >= case.lead.entered
        case SinceStage():
            since = since_moment(case, window)
            return not isinstance(since, Moment) and event.at >= since
        case _:
            assert_never(window)


def is_told(case: Situation, window: Window) -> bool:
    """Whether the record tells where the window begins."""
    match window:
        case SinceEntered():
            return case.lead.entered is not None
        case SinceStage():
            return since_moment(case, window) is not Moment.UNKNOWN
        case Within() | Ever():
            return True
        case _:
            assert_never(window)


def happened(case: Situation, pattern: EventPattern, window: Window) -> list[Event]:
    return [event for event in matching(case, pattern) if in_window(case, window, event)]


def event_test(case: Situation, test: EventTest) -> Truth:
    if not is_told(case, test.window):
        return None
    events = happened(case, test.events, test.window)
    number = len(events) if test.different is None else len(different(events, test.different))
    return compare_numbers(number, test.op, test.count)


def different(events: list[Event], name: str) -> set[Value]:
    """The known values of a property, each once."""
    values = {comparable(event.values.get(name)) for event in events}
    return {value for value in values if value is not None}


def comparable(value: Value | None) -> Value | None:
    """A property's value as it is told apart from others; ``None`` while it is unknown."""
    return folded(value) if isinstance(value, str) else value if is_known(value) else None


# --- facts -------------------------------------------------------------------------------------


def fact(case: Situation, fact: Fact) -> Value | None:
    """What a fact is at ``as_of``; ``None`` while it is unknown."""
    match fact:
        case FieldFact() | DomainFact():
            return value_of(fact, case.lead.values)
        case LastFact(pattern, name, _, window):
            events = happened(case, pattern, window)
            return max(events, key=order_of_last).values.get(name) if events else None
        case EventMoment(which, pattern, window):
            instants = [event.at for event in happened(case, pattern, window)]
            if not instants:
                return None
            return min(instants) if which == "first" else max(instants)
        case StageMoment(which, stage):
            assert case.lead.history is not None
            look = last_entry if which == "entry" else last_exit
            when = look(case.lead.history, stage)
            return None if isinstance(when, Moment) else when
        case _:
            assert_never(fact)


def time_test(case: Situation, test: TimeTest) -> Truth:
    """How far apart a time and ``as_of`` are, by the clock or by local days."""
    time = fact(case, test.fact)
    if time is None:
        return None
    if isinstance(time, datetime) and test.duration.unit != "month":
        reached = _instants_apart(case, time, test)
    else:
        reached = _days_apart(case, day_of(time, case.zone), test)
    match test.verb:
        case "at least" | "more than":
            return reached
        case "less than" | "at most":
            return not reached
        case _:
            assert_never(test.verb)


def _instants_apart(case: Situation, time: datetime, test: TimeTest) -> bool:
    """At least so long (``less than`` is its opposite), or more (``at most`` is its opposite)."""
    begin, end = (time, case.as_of) if test.direction == "ago" else (case.as_of, time)
    reached = later(begin, test.duration, case.zone)
    if reached is None:
        return False
    return reached <= end if test.verb in ("at least", "less than") else reached < end


def _days_apart(case: Situation, day: date, test: TimeTest) -> bool:
    today = local_day(case.as_of, case.zone)
    begin, end = (day, today) if test.direction == "ago" else (today, day)
    reached = days_later(begin, test.duration)
    if reached is None:
        return False
    return reached <= end if test.verb in ("at least", "less than") else reached < end


def age_in_days(case: Situation, event: Event) -> int:
    """Whole 24-hour days since an event."""
    return (case.as_of - event.at) // timedelta(days=1)
