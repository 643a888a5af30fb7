"""Rows of points: what each gives, how often, and whether its limit was reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, assert_never
from zoneinfo import ZoneInfo

from tests.reference.admission import Event, Lead
from tests.reference.conditions import (
    NoForUnknown,
    Truth,
    Value,
    compare_numbers,
    day_of,
    folded,
    holds_of_values,
    is_known,
    yes_or_no,
)
from tests.reference.instants import is_within, period_of

from leadpact.checked import (
    ByRange,
    ByRest,
    ByValues,
    Condition,
    EachEvent,
    EventPattern,
    EventTest,
    Ever,
    ForEvery,
    OnceEvent,
    OncePerPeriod,
    OncePerProperty,
    PointsBy,
    PointsRow,
    SinceEntered,
    Window,
    Within,
)

Holds: TypeAlias = Callable[[Condition], Truth]


@dataclass(frozen=True)
class Row:
    """A row that acted. ``points`` are hundredths; ``count`` is ``None`` for rows about fields."""

    rule: str
    points: int
    count: int | None
    capped: bool
    because: str | None
    line: tuple[str, int] | None


@dataclass(frozen=True)
class Situation:
    lead: Lead
    as_of: datetime
    zone: ZoneInfo


# --- events ------------------------------------------------------------------------------------


def matching(case: Situation, pattern: EventPattern) -> list[Event]:
    """The events of the pattern that happened up to ``as_of``, oldest first."""
    found = [event for event in case.lead.events if _matches(case, pattern, event)]
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


def in_window(case: Situation, window: Window, event: Event) -> bool:
    match window:
        case Within(duration):
            return is_within(event.at, duration, case.as_of, case.zone)
        case Ever():
            return True
        case SinceEntered():
            return case.lead.entered is not None and event.at >= case.lead.entered
        case _:
            assert_never(window)


def event_test(case: Situation, test: EventTest) -> Truth:
    if isinstance(test.window, SinceEntered) and case.lead.entered is None:
        return None
    events = [event for event in matching(case, test.events) if in_window(case, test.window, event)]
    if test.different is None:
        return compare_numbers(len(events), test.op, test.count)
    different = {comparable(event.values.get(test.different)) for event in events} - {None}
    return compare_numbers(len(different), test.op, test.count)


def comparable(value: Value | None) -> Value | None:
    """A property's value as it is told apart from others; ``None`` while it is unknown."""
    return folded(value) if isinstance(value, str) else value if is_known(value) else None


# --- rows --------------------------------------------------------------------------------------


def points_row(case: Situation, row: PointsRow, holds: Holds) -> Row | None:
    """The row as it acts now, or ``None`` when it does not."""
    if row.when is not None and holds(row.when) is not True:
        return None
    place = (row.span.file, row.span.line)
    match row.what:
        case None:
            return Row(row.rule, row.points, None, False, row.because, place)
        case EachEvent():
            count, capped = _counted(case, row.what)
            points = count * row.points
            points, reached = _cap(points, row.what.at_most_points)
            capped = capped or reached
        case OnceEvent():
            count = len(
                [
                    event
                    for event in matching(case, row.what.events)
                    if in_window(case, row.what.window, event)
                ]
            )
            if count < row.what.at_least:
                return None
            points, capped = row.points, False
        case ForEvery():
            steps = _whole_steps(case, row.what)
            points, capped = _cap(steps * row.points, row.what.at_most_points)
            return Row(row.rule, points, None, capped, row.because, place) if steps else None
        case _:
            assert_never(row.what)
    return Row(row.rule, points, count, capped, row.because, place) if count else None


def _cap(points: int, limit: int | None) -> tuple[int, bool]:
    """Points held within the limit on either side of 0, and whether the limit was reached."""
    if limit is None or abs(points) < limit:
        return points, False
    return (limit if points > 0 else -limit), True


def _counted(case: Situation, each: EachEvent) -> tuple[int, bool]:
    """How many events count, and whether ``at most N times`` was reached.

    Window, ``once per``, ``up to``, ``at most N times``: each on what the former left, and each
    keeps the newest.
    """
    newest_first = [
        event
        for event in reversed(matching(case, each.events))
        if in_window(case, each.window, event)
    ]
    left: list[Event] = []
    seen: set[object] = set()
    for event in newest_first:
        match each.once_per:
            case None:
                group: object = None
            case OncePerPeriod(period):
                group = period_of(event.at, period, case.zone)
            case OncePerProperty(name):
                group = comparable(event.values[name]) if name in event.values else None
            case _:
                assert_never(each.once_per)
        if group is None or group not in seen:
            left.append(event)
            seen.add(group)
    if each.up_to is not None:
        kept: list[Event] = []
        periods: list[object] = []
        for event in left:
            period_here = period_of(event.at, each.up_to.period, case.zone)
            if periods.count(period_here) < each.up_to.amount:
                kept.append(event)
                periods.append(period_here)
        left = kept
    if each.at_most_times is not None and len(left) >= each.at_most_times:
        return each.at_most_times, True
    return len(left), False


def _whole_steps(case: Situation, every: ForEvery) -> int:
    value = case.lead.values[every.field]
    if value is None:
        return 0
    assert isinstance(value, Decimal)
    return int(Fraction(value) / Fraction(every.step)) if value > 0 else 0


def points_by(case: Situation, by: PointsBy) -> Row | None:
    """The first row that matches the field's value acts."""
    value = case.lead.values[by.field]
    for row in by.rows:
        if _by_fits(case, row.match, value):
            place = (row.span.file, row.span.line)
            return Row(row.rule, row.points, None, False, row.because, place)
    return None


def _by_fits(case: Situation, match: ByValues | ByRange | ByRest, value: Value | None) -> bool:
    if isinstance(match, ByRest):
        return (value is None) == (match.what == "unknown")
    if value is None:
        return False
    if isinstance(match, ByRange):
        return _in_range(match, value if isinstance(value, Decimal) else day_of(value, case.zone))
    if isinstance(value, frozenset):
        return any(one in value for one in match.values)
    if isinstance(value, bool | NoForUnknown):
        return any(one is yes_or_no(value) for one in match.values)
    wanted = {folded(one) for one in match.values if isinstance(one, str)}
    return isinstance(value, str) and folded(value) in wanted


def _in_range(match: ByRange, value: Decimal | date) -> bool:
    low, high = match.low, match.high
    if isinstance(value, Decimal):
        above = low is None or (isinstance(low, Decimal) and value >= low)
        if high is None or not isinstance(high, Decimal):
            return above
        return above and (value < high if match.high_open else value <= high)
    above = low is None or (isinstance(low, date) and value >= low)
    if high is None or not isinstance(high, date):
        return above
    return above and (value < high if match.high_open else value <= high)
