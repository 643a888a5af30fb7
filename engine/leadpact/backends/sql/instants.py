"""Instants and local days as expressions over whole numbers, which every engine can say.

An instant is a BIGINT of microseconds since 1970 in UTC, a day the number of days since then. A
zone's offsets are constants, so no engine's own idea of zones matters. They are worked out for the
instants within a ``Reach``; beyond it the offset at its edge is taken, which may be wrong by some
hours. So a comparison with a constant that lies in the reach is right for every instant, and
whatever needs the day itself has to ask ``in_reach`` first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from sqlglot import exp

from leadpact.backends.sql.sheet import case, micros, whole
from leadpact.checked import Duration
from leadpact.operators.times import day_start, exact_length, transitions

__all__ = [
    "DAY",
    "LAST",
    "Keep",
    "Reach",
    "add_months",
    "as_one",
    "at_most",
    "between",
    "border",
    "calendar_period",
    "day_in_reach",
    "day_number",
    "full_periods",
    "in_reach",
    "leaves",
    "local_day",
    "midnight",
    "moved",
    "next_period",
    "reach",
    "turns",
]

Keep = Callable[[exp.Expression], exp.Expression]
"""Gives an intermediate result a column of its own, and returns what to say in its place."""

DAY = 86_400_000_000
"""The microseconds of a day."""

LAST = micros(datetime.max.replace(tzinfo=UTC))
"""The last instant that there is."""

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_TICK = timedelta(microseconds=1)
# Added before a division and taken off again: engines divide towards zero, and days before 1970
# are negative. More days than lie between 1970 and the year 1.
_SHIFT = 1_000_000
# From the first of March of the year 0, with which the arithmetic of months begins.
_MARCH_0 = 719_468
_YEARS_BACK, _YEARS_ON = 20, 10
_SLACK = timedelta(days=5)


def day_number(day: date) -> int:
    return day.toordinal() - _EPOCH_DAY


def as_one(expression: exp.Expression) -> exp.Expression:
    """In parentheses, if it needs them: ``a - (b - c)`` is not ``a - b - c``."""
    return exp.Paren(this=expression) if isinstance(expression, exp.Binary) else expression


def at_most(one: exp.Expression, other: exp.Expression | int) -> exp.Expression:
    """The lesser of two known numbers."""
    other = whole(other) if isinstance(other, int) else other
    return case((one <= other, one.copy()), otherwise=other.copy())


def between(value: exp.Expression, low: int, high: int) -> exp.Expression:
    """Whether ``low <= value <= high``."""
    return exp.And(this=value >= whole(low), expression=value <= whole(high))


# --- offsets of a zone ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reach:
    """The offsets of a zone for the instants from ``low`` to ``high`` (microseconds).

    The i-th of the ``offsets`` holds from the (i-1)-th of the ``changes`` on.
    """

    zone: str
    low: int
    high: int
    changes: tuple[int, ...]
    offsets: tuple[int, ...]


def reach(zone: str, as_of: datetime, days: Iterable[date] = ()) -> Reach:
    """The reach around ``as_of`` that has these ``days`` in it."""
    known = [day.year for day in days]
    first = min([as_of.year - _YEARS_BACK, *(year - 1 for year in known)])
    last = max([as_of.year + _YEARS_ON, *(year + 1 for year in known)])
    return _reach(zone, max(first, 2), min(last, 9998))


@lru_cache(maxsize=64)
def _reach(zone: str, first: int, last: int) -> Reach:
    low, high = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, tzinfo=UTC)
    changes, offsets = transitions(zone, low - _SLACK, high + _SLACK)
    return Reach(
        zone,
        micros(low),
        micros(high),
        tuple(micros(change) for change in changes),
        tuple(offset // _TICK for offset in offsets),
    )


def in_reach(instant: exp.Expression, reach: Reach) -> exp.Expression:
    """Whether the instant's local day is exact."""
    return between(instant, reach.low, reach.high)


def day_in_reach(day: exp.Expression, reach: Reach) -> exp.Expression:
    """Whether the day's midnight is exact."""
    return between(day, reach.low // DAY, reach.high // DAY)


def _steps(value: exp.Expression, borders: Sequence[int], results: Sequence[int]) -> exp.Expression:
    """The i-th result for a value from the (i-1)-th border on: halving, so that few are asked."""
    if len(set(results)) == 1:
        return whole(results[0])
    middle = len(borders) // 2
    return case(
        (value < whole(borders[middle]), _steps(value, borders[:middle], results[: middle + 1])),
        otherwise=_steps(value, borders[middle + 1 :], results[middle + 1 :]),
    )


def local_day(instant: exp.Expression, reach: Reach) -> exp.Expression:
    """The local day of an instant; unknown of an unknown one."""
    # Put together by hand: operators copy what they join, and the ladder of offsets is long.
    ladder = _steps(instant, reach.changes, reach.offsets)
    local = exp.Add(this=instant + whole(_SHIFT * DAY), expression=ladder)
    days = exp.IntDiv(this=exp.Paren(this=local), expression=whole(DAY))
    return exp.Paren(this=exp.Sub(this=days, expression=whole(_SHIFT)))


def midnight(day: exp.Expression, reach: Reach) -> exp.Expression:
    """The instant at which a local day begins.

    A midnight that a clock change skips or repeats takes the offset in force before the change.
    """
    borders: list[int] = []
    offsets = [reach.offsets[0]]
    for change, before, after in zip(reach.changes, reach.offsets, reach.offsets[1:], strict=False):
        # Until then the local clock's time belongs to the offset before the change.
        border = -(-(change + max(before, after)) // DAY)
        if borders and borders[-1] == border:
            offsets[-1] = after
            continue
        borders.append(border)
        offsets.append(after)
    ladder = _steps(day, borders, offsets)
    return exp.Paren(this=exp.Sub(this=exp.paren(day * whole(DAY)), expression=ladder))


# --- months --------------------------------------------------------------------------------------


def _plain(expression: exp.Expression) -> exp.Expression:
    return expression


def _month(day: exp.Expression) -> exp.Expression:
    """The number of the month in which a day lies, counted from March of the year 0."""
    quarters = (day + whole(_MARCH_0)) * whole(4) + whole(3)
    in_century = (quarters % whole(146_097)) // whole(4) * whole(4) + whole(3)
    in_year = in_century % whole(1_461) // whole(4)
    month = (in_year * whole(5) + whole(2)) // whole(153)
    return (
        quarters // whole(146_097) * whole(1_200) + in_century // whole(1_461) * whole(12) + month
    )


def _first_of(month: exp.Expression) -> exp.Expression:
    """The first day of a month as ``_month`` numbers it."""
    year = month // whole(12)
    days = (month % whole(12) * whole(153) + whole(2)) // whole(5)
    leaps = year // whole(4) - year // whole(100) + year // whole(400)
    return as_one(year * whole(365) + leaps + days - whole(_MARCH_0))


def add_months(
    day: exp.Expression, months: exp.Expression | int, keep: Keep = _plain
) -> exp.Expression:
    """``day`` moved by calendar months, clamped to the last day of the month it comes to."""
    start, first, room = _moved_month(day, months, keep)
    return first + at_most(keep(day - _first_of(start)), room)


def _moved_month(
    day: exp.Expression, months: exp.Expression | int, keep: Keep
) -> tuple[exp.Expression, exp.Expression, exp.Expression]:
    """The day's month; the first day of the one it comes to, and how many more that one has."""
    month = keep(_month(day))
    there = keep(month + (whole(months) if isinstance(months, int) else months))
    first = keep(_first_of(there))
    return month, first, keep(_first_of(there + whole(1)) - first - whole(1))


def _last_before(day: exp.Expression, duration: Duration, keep: Keep) -> exp.Expression:
    """The latest day that, with the length added, is not after ``day``."""
    length = exact_length(duration)
    if length is not None:
        return day - whole(length.days)
    month, first, room = _moved_month(day, -duration.amount, keep)
    # Clamping makes the last days of a longer month share one end.
    is_last = exp.EQ(this=day + whole(1), expression=_first_of(month + whole(1)))
    return first + case(
        (is_last, room.copy()), otherwise=at_most(keep(day - _first_of(month)), room)
    )


def calendar_period(period: str, day: exp.Expression) -> exp.Expression:
    """The number of the day, ISO week, month or quarter in which a local day lies."""
    match period:
        case "day":
            return day.copy()
        case "week":
            return (day + whole(_EPOCH_DAY - 1)) // whole(7)
        case "month":
            return _month(day)
        case "quarter":
            # March is month 0, so January, with which a quarter begins, is 10.
            return (_month(day) + whole(2)) // whole(3)
        case _:
            raise AssertionError(period)


# --- windows and comparisons of times ------------------------------------------------------------


def leaves(
    duration: Duration, instant: exp.Expression, reach: Reach, keep: Keep = _plain
) -> exp.Expression:
    """The instant at which something that happened at ``instant`` leaves the window."""
    length = exact_length(duration)
    if length is not None:
        return instant + whole(length // _TICK)
    day = keep(local_day(instant, reach))
    return midnight(keep(add_months(day, duration.amount, keep)), reach)


def moved(day: exp.Expression, duration: Duration, keep: Keep = _plain) -> exp.Expression:
    """``day`` with days, weeks or months added."""
    length = exact_length(duration)
    if length is None:
        return add_months(day, duration.amount, keep)
    return day + whole(length.days)


def turns(
    duration: Duration,
    ahead: bool,
    strict: bool,
    days: bool,
    time: exp.Expression,
    reach: Reach,
    keep: Keep = _plain,
) -> exp.Expression:
    """The instant at which such a comparison of ``time`` changes its outcome, once.

    ``time`` is a local day if ``days``, else an instant. The result may lie beyond the calendar.
    """
    if not days:
        length = exact_length(duration)
        assert length is not None
        if ahead:
            return time - whole(length // _TICK - (0 if strict else 1))
        return time + whole(length // _TICK + (1 if strict else 0))
    if ahead:
        before = keep(time - whole(1)) if strict else time
        first = _last_before(before, duration, keep) + whole(1)
    else:
        first = moved(time, duration, keep) + whole(1 if strict else 0)
    return midnight(keep(first), reach)


def full_periods(
    period: str, last: exp.Expression, as_of: datetime, reach: Reach, keep: Keep = _plain
) -> exp.Expression:
    """How many full days, weeks or months lie between an instant and ``as_of``."""
    if period != "month":
        length = exact_length(Duration(1, "week" if period == "week" else "day"))
        assert length is not None
        return (whole(micros(as_of)) - as_one(last)) // whole(length // _TICK)
    day = keep(local_day(last, reach))
    month = keep(_month(day))
    place = bisect_right(reach.changes, micros(as_of))
    today = (micros(as_of) + reach.offsets[place]) // DAY
    as_date = date.fromordinal(today + _EPOCH_DAY)
    this_month = as_date.year * 12 + as_date.month - 3
    last_day = day_number(_month_after(as_date)) - today + as_date.day - 1
    # The day of the month on which a month is full; in a shorter month that is its last day.
    due = at_most(keep(day - _first_of(month) + whole(1)), last_day)
    full = whole(this_month) - month
    return full - case((due > whole(as_date.day), whole(1)), otherwise=whole(0))


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def next_period(
    period: str,
    last: exp.Expression,
    full: exp.Expression,
    reach: Reach,
    keep: Keep = _plain,
) -> exp.Expression:
    """The instant at which one more than ``full`` periods after ``last`` are over."""
    if period != "month":
        length = exact_length(Duration(1, "week" if period == "week" else "day"))
        assert length is not None
        return last + (full + whole(1)) * whole(length // _TICK)
    day = keep(local_day(last, reach))
    return midnight(keep(add_months(day, keep(full + whole(1)), keep)), reach)


def border(day: date, zone: str) -> int:
    """The instant at which a local day begins, as a constant."""
    return micros(day_start(day, zone))
