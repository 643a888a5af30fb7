"""Rows of points: what each gives, how often, and whether its limit was reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from tests.reference.admission import Event
from tests.reference.conditions import NoForUnknown, Value, day_of, folded, yes_or_no
from tests.reference.decay import decayed
from tests.reference.events import (
    Holds,
    Situation,
    age_in_days,
    comparable,
    happened,
    matching,
)
from tests.reference.history import Moment, When
from tests.reference.instants import period_of

from leadpact.checked import (
    ByRange,
    ByRest,
    ByValues,
    EachEvent,
    ForEvery,
    OnceEvent,
    OncePerPeriod,
    OncePerProperty,
    PointsBy,
    PointsRow,
)


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
class Looking:
    """How rows about events look back.

    ``after``: events up to that instant no longer count (a restart). ``gained``: since that
    instant, in place of the rows' own windows, and without decay; ``NEVER``: at everything.
    """

    after: datetime | None = None
    gained: When | None = None


# --- rows --------------------------------------------------------------------------------------


def points_row(case: Situation, row: PointsRow, holds: Holds, looking: Looking) -> Row | None:
    """The row as it acts now, or ``None`` when it does not."""
    if row.when is not None and holds(row.when) is not True:
        return None
    place = (row.span.file, row.span.line)
    match row.what:
        case None:
            return Row(row.rule, row.points, None, False, row.because, place)
        case EachEvent():
            events, capped = _counted(case, row.what, looking)
            points = sum(_worth(case, row, event, looking) for event in events)
            points, reached = _cap(points, row.what.at_most_points)
            capped = capped or reached
        case OnceEvent():
            events, capped = _looked_at(case, row.what, looking), False
            if len(events) < row.what.at_least:
                return None
            points = _worth(case, row, events[-1], looking)
        case ForEvery():
            steps = _whole_steps(case, row.what)
            points, capped = _cap(steps * row.points, row.what.at_most_points)
            return Row(row.rule, points, None, capped, row.because, place) if steps else None
        case _:
            assert_never(row.what)
    return Row(row.rule, points, len(events), capped, row.because, place) if events else None


def _looked_at(case: Situation, what: EachEvent | OnceEvent, looking: Looking) -> list[Event]:
    """The events that a row looks at, oldest first."""
    if isinstance(looking.gained, datetime):
        since = looking.gained
        return [event for event in matching(case, what.events) if event.at >= since]
    if looking.gained is Moment.NEVER:
        return matching(case, what.events)
    events = happened(case, what.events, what.window)
    return [event for event in events if looking.after is None or event.at > looking.after]


def _worth(case: Situation, row: PointsRow, event: Event, looking: Looking) -> int:
    assert isinstance(row.what, EachEvent | OnceEvent)
    if looking.gained is not None:
        return row.points
    return decayed(row.points, row.what.decay, age_in_days(case, event))


def _cap(points: int, limit: int | None) -> tuple[int, bool]:
    """Points held within the limit on either side of 0, and whether the limit was reached."""
    if limit is None or abs(points) < limit:
        return points, False
    return (limit if points > 0 else -limit), True


def _counted(case: Situation, each: EachEvent, looking: Looking) -> tuple[list[Event], bool]:
    """The events that count, and whether ``at most N times`` was reached.

    Window, ``once per``, ``up to``, ``at most N times``: each on what the former left, and each
    keeps the newest.
    """
    newest_first = _looked_at(case, each, looking)[::-1]
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
        return left[: each.at_most_times], True
    return left, False


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
