"""Business time: when a calendar is open, and what that makes of lengths of time.

A local day is open as its special day says (of that very date before one of every year), else it
is closed on a public holiday, else as its weekday says. Openings are kept in UTC, so an opening
that a clock change shortens or lengthens counts its real length. All instants are in UTC and exact
to the microsecond.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from leadpact.operators.times import day_start, local_time, settle_instant
from leadpact.zones import zone as zone_of

if TYPE_CHECKING:
    from leadpact.checked import BusinessTime, Calendar, Opening

__all__ = [
    "YEARS_AHEAD",
    "OpenTime",
    "clock_time",
    "closes",
    "deadline",
    "exact_amount",
    "holidays_known_until",
    "is_open",
    "next_opening",
    "open_between",
    "open_time",
    "open_times",
    "opening_days",
    "openings",
    "openings_on",
    "remaining",
    "use_up",
]

YEARS_AHEAD = 100
"""For how many calendar years after that of a start its deadline is looked for.

One that lies beyond does not exist: such a calendar is hardly ever open."""

# A century of looking ahead and the years of the leads themselves: what one calendar keeps ready.
_YEARS_KEPT = 160
# In the first and last year that a datetime can hold, local times may have no instant in UTC.
_YEARS = range(2, 9999)
_NONE = timedelta()
_DAY = timedelta(days=1)
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class _Year:
    """A local year's openings in order, and its opening days.

    ``before[i]`` is the open time of the year before the i-th opening; one more, the last, is that
    of the whole year. ``closings`` are the instants at which the opening ``days`` end.
    """

    starts: list[datetime]
    ends: list[datetime]
    before: list[timedelta]
    days: list[date]
    closings: list[datetime]


@dataclass(frozen=True, slots=True, eq=False)
class OpenTime:
    """When a calendar is open. Made by ``open_time``; keeps the years that were asked for."""

    calendar: Calendar
    place: ZoneInfo
    ever: bool
    """Whether any day has an opening."""
    year: Callable[[int], _Year]

    def __reduce__(self) -> tuple[Callable[[Calendar], OpenTime], tuple[Calendar]]:
        return open_time, (self.calendar,)


@lru_cache(maxsize=64)
def open_time(calendar: Calendar) -> OpenTime:
    """When ``calendar`` is open; the same object for an equal calendar."""
    return OpenTime(
        calendar,
        zone_of(calendar.zone),
        any(calendar.weekly) or any(special.openings for special in calendar.special),
        lru_cache(maxsize=_YEARS_KEPT)(partial(_make_year, calendar)),
    )


def open_times(calendars: Iterable[Calendar]) -> dict[str, OpenTime]:
    """The ``OpenTime`` of each calendar, by its name."""
    return {calendar.name: open_time(calendar) for calendar in calendars}


# --- lengths of time ---------------------------------------------------------------------------


def deadline(length: BusinessTime, start: datetime, open_time: OpenTime) -> datetime | None:
    """The instant at which ``length`` after ``start`` has run out.

    Minutes and hours: when so much open time is used up, so at the close and not at the next
    opening. Days: the close of the Nth opening day after the local day (in the calendar's zone) of
    ``start``. ``None`` if that is not within ``YEARS_AHEAD``.
    """
    if length.unit == "day":
        return _close_of_nth_day(length.amount, start, open_time)
    return use_up(exact_amount(length), start, open_time)


def exact_amount(length: BusinessTime) -> timedelta:
    """The open time in business minutes or hours. Business days have none: ``KeyError``."""
    return _UNITS[length.unit] * length.amount


def use_up(length: timedelta, start: datetime, open_time: OpenTime) -> datetime | None:
    """The first instant, not before ``start``, by which ``length`` of open time has passed.

    ``None`` if that is not within ``YEARS_AHEAD``.
    """
    if length <= _NONE:
        return start
    first = local_time(start, open_time.place).year
    left = length + _open_before(start, open_time.year(first))
    for year in _years_from(first, open_time):
        found = open_time.year(year)
        whole = found.before[-1]
        if left <= whole:
            index = bisect_left(found.before, left) - 1
            return found.starts[index] + (left - found.before[index])
        left -= whole
    return None


def open_between(start: datetime, end: datetime, open_time: OpenTime) -> timedelta:
    """How long the calendar is open from ``start`` until ``end``; nothing if that is earlier."""
    if end <= start:
        return _NONE
    first = local_time(start, open_time.place).year
    last = local_time(end, open_time.place).year
    passed = sum((open_time.year(year).before[-1] for year in range(first, last)), _NONE)
    return (
        passed
        + _open_before(end, open_time.year(last))
        - _open_before(start, open_time.year(first))
    )


def remaining(due: datetime, now: datetime, open_time: OpenTime) -> timedelta:
    """The open time from ``now`` until ``due``; after it, the open time since, below zero."""
    if now <= due:
        return open_between(now, due, open_time)
    return -open_between(due, now, open_time)


def _open_before(instant: datetime, year: _Year) -> timedelta:
    """The open time of the year before ``instant``."""
    index = bisect_right(year.starts, instant) - 1
    if index < 0:
        return _NONE
    return year.before[index] + (min(instant, year.ends[index]) - year.starts[index])


def _close_of_nth_day(count: int, start: datetime, open_time: OpenTime) -> datetime | None:
    day = local_time(start, open_time.place).date()
    index = bisect_right(open_time.year(day.year).days, day) + count - 1
    for year in _years_from(day.year, open_time):
        closings = open_time.year(year).closings
        if index < len(closings):
            return closings[index]
        index -= len(closings)
    return None


def _years_from(first: int, open_time: OpenTime) -> range:
    """The years to search: none for a calendar that is never open."""
    return range(first, first + YEARS_AHEAD + 1 if open_time.ever else first)


# --- single days and instants ------------------------------------------------------------------


def is_open(instant: datetime, open_time: OpenTime) -> bool:
    """Whether the calendar is open; at the instant of closing it is not."""
    year = open_time.year(local_time(instant, open_time.place).year)
    index = bisect_right(year.starts, instant) - 1
    return index >= 0 and instant < year.ends[index]


def next_opening(instant: datetime, open_time: OpenTime) -> datetime | None:
    """``instant`` itself while the calendar is open, else when it opens next.

    ``None`` if that is not within ``YEARS_AHEAD``.
    """
    if is_open(instant, open_time):
        return instant
    first = local_time(instant, open_time.place).year
    for year in _years_from(first, open_time):
        starts = open_time.year(year).starts
        index = bisect_left(starts, instant)
        if index < len(starts):
            return starts[index]
    return None


def openings(day: date, open_time: OpenTime) -> tuple[tuple[datetime, datetime], ...]:
    """From when until when the calendar is open on a local day, in order and apart."""
    year = open_time.year(day.year)
    begins, ends = day_start(day, open_time.calendar.zone), closes(day, open_time)
    if ends is None:
        return ()
    span = slice(bisect_left(year.starts, begins), bisect_right(year.ends, ends))
    return tuple(zip(year.starts[span], year.ends[span], strict=True))


def closes(day: date, open_time: OpenTime) -> datetime | None:
    """When the local day's last opening ends; ``None`` if the day is closed."""
    year = open_time.year(day.year)
    index = bisect_left(year.days, day)
    if index < len(year.days) and year.days[index] == day:
        return year.closings[index]
    return None


def opening_days(first: date, open_time: OpenTime) -> Iterator[tuple[date, datetime]]:
    """The opening days from ``first`` on, that day included, each with its close.

    They end ``YEARS_AHEAD`` years later.
    """
    for number in _years_from(first.year, open_time):
        year = open_time.year(number)
        for index in range(bisect_left(year.days, first), len(year.days)):
            yield year.days[index], year.closings[index]


def clock_time(day: date, minutes: int, open_time: OpenTime) -> datetime:
    """The instant at which it is ``minutes`` after midnight (at most 1,440) on a local day."""
    return _local_minutes(day, minutes, open_time.calendar.zone)


def holidays_known_until(open_time: OpenTime) -> int | None:
    """The last year whose public holidays are known for all of the calendar's regions.

    Later years are counted without any. ``None``: the calendar does not ask for holidays.
    """
    if not open_time.calendar.regions:
        return None
    from leadpact.public_holidays import last_known_year

    return min(last_known_year(region) for region in open_time.calendar.regions)


# --- from the calendar's words to its openings -------------------------------------------------


def openings_on(calendar: Calendar, day: date) -> tuple[Opening, ...]:
    """The openings that the calendar gives a local day, in its own local time."""
    return _day_rule(calendar, day.year)(day)


def _day_rule(calendar: Calendar, year: int) -> Callable[[date], tuple[Opening, ...]]:
    """The openings of each day of a year."""
    every_year = {(s.day.month, s.day.day): s.openings for s in calendar.special if s.every_year}
    very_day = {s.day: s.openings for s in calendar.special if not s.every_year}
    days_off = _days_off(calendar.regions, year)

    def of(day: date) -> tuple[Opening, ...]:
        special = very_day.get(day)
        if special is None:
            special = every_year.get((day.month, day.day))
        if special is not None:
            return special
        return () if day in days_off else calendar.weekly[day.weekday()]

    return of


@cache
def _days_off(regions: tuple[str, ...], year: int) -> frozenset[date]:
    if not regions:
        return frozenset()
    # Not at the top: the library takes longer to load than a whole policy.
    from leadpact.public_holidays import public_holidays

    return frozenset(day for region in regions for day in public_holidays(region, year))


def _make_year(calendar: Calendar, year: int) -> _Year:
    made = _Year([], [], [_NONE], [], [])
    if year not in _YEARS:
        return made
    rule = _day_rule(calendar, year)
    day = date(year, 1, 1)
    begins = day_start(day, calendar.zone)
    while day.year == year:
        next_day = day + _DAY
        ends = day_start(next_day, calendar.zone)
        if written := rule(day):
            _add_day(made, _Day(day, begins, ends, calendar.zone), written)
        day, begins = next_day, ends
    return made


@dataclass(frozen=True, slots=True)
class _Day:
    """A local day and the instants at which it begins and ends."""

    day: date
    begins: datetime
    ends: datetime
    zone: str

    def at(self, minutes: int) -> datetime:
        """The instant of a local time; most days know no clock change and need only add."""
        if self.ends - self.begins == _DAY:
            return self.begins + timedelta(minutes=minutes)
        return _local_minutes(self.day, minutes, self.zone)


def _add_day(year: _Year, day: _Day, written: tuple[Opening, ...]) -> None:
    """Adds the day's openings, as far as they lie in the day, each instant once.

    A clock change may push an opening onto a later one or past it, or leave nothing of it; a zone
    that crosses the date line leaves out a whole day.
    """
    before = len(year.starts)
    reached = day.begins
    for start, end in sorted((day.at(each.start), day.at(each.end)) for each in written):
        start, end = max(start, reached), min(end, day.ends)
        if end <= start:
            continue
        year.starts.append(start)
        year.ends.append(end)
        year.before.append(year.before[-1] + (end - start))
        reached = end
    if len(year.starts) > before:
        year.days.append(day.day)
        year.closings.append(year.ends[-1])


def _local_minutes(day: date, minutes: int, zone: str) -> datetime:
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    return settle_instant(local, zone)
