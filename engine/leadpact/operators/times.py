"""Windows and local days: the one place that works out thresholds and the ends of windows.

Time is added to what happened, never taken from now. An event at ``t`` is ``within D`` while
``t <= as_of < t + D``. Months count local days: a day ``d`` is within N months while
``d + N months`` (clamped to the month's last day) is after the local day of ``as_of``.
All instants are aware datetimes; what is made here is in UTC.
"""

from __future__ import annotations

import calendar
from bisect import bisect_right
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from leadpact.zones import zone as zone_of

if TYPE_CHECKING:
    from leadpact.checked import Duration

__all__ = [
    "AsOfError",
    "add_months",
    "day_start",
    "exact_length",
    "full_periods",
    "leaves",
    "limit_of",
    "local_day",
    "local_days",
    "local_time",
    "next_period",
    "settle_instant",
    "supported",
    "threshold",
    "transitions",
    "turns",
]

_LENGTHS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


class AsOfError(ValueError):
    """The instant of evaluation cannot be used; the text says why, for people."""


def supported(as_of: datetime) -> datetime:
    """``as_of`` in UTC. Raises ``AsOfError`` for what is no instant, without an offset, or outside
    the years 1900–2999.

    The bounds keep every window (at most a century long) inside what a datetime can hold.
    """
    if not isinstance(as_of, datetime):
        raise AsOfError(f"An instant is a datetime with an offset, not {as_of!r}.")
    if as_of.tzinfo is None:
        raise AsOfError("The instant has no offset. Write it like 2026-11-21T09:00:00Z.")
    if not 1900 <= as_of.year <= 2999:
        raise AsOfError(f"The year {as_of.year} is outside 1900 to 2999.")
    return as_of.astimezone(UTC)


def settle_instant(local: datetime, zone: str) -> datetime:
    """A local time of the zone as an instant.

    A time that a clock change skips or repeats takes the earlier offset, the one in force before
    the change.
    """
    return local.replace(tzinfo=zone_of(zone), fold=0).astimezone(UTC)


def exact_length(duration: Duration) -> timedelta | None:
    """The exact length; ``None`` for months."""
    unit = _LENGTHS.get(duration.unit)
    return None if unit is None else unit * duration.amount


def add_months(day: date, months: int) -> date:
    """``day`` moved by calendar months, clamped to the last day of the month it comes to.

    Raises ``OverflowError`` beyond the years 1 to 9999, as adding days does.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"The year {year} is outside the calendar.")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def local_time(instant: datetime, place: ZoneInfo) -> datetime:
    """The zone's wall-clock time; where its calendar ends (in the first hours of the year 1 west
    of UTC, in the last of the year 9999 east of it), the time in UTC.

    Programs write such instants for "never", so they do come.
    """
    try:
        return instant.astimezone(place)
    except OverflowError:
        return instant.astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    return local_time(instant, zone_of(zone)).date()


def day_start(day: date, zone: str) -> datetime:
    """The instant at which the local day begins."""
    return settle_instant(datetime.combine(day, time()), zone)


def threshold(duration: Duration, as_of: datetime, zone: str) -> datetime:
    """The latest instant that is already outside ``within duration`` at ``as_of``."""
    length = exact_length(duration)
    if length is not None:
        return as_of - length
    today = local_day(as_of, zone)
    outside = _last_before(today, duration)
    return day_start(outside + timedelta(days=1), zone) - timedelta(microseconds=1)


def leaves(duration: Duration, instant: datetime, zone: str) -> datetime:
    """The instant at which something that happened at ``instant`` leaves the window."""
    length = exact_length(duration)
    if length is not None:
        return instant + length
    return day_start(add_months(local_day(instant, zone), duration.amount), zone)


# --- how long ago, how far ahead -----------------------------------------------------------------


def limit_of(
    duration: Duration, ahead: bool, strict: bool, days: bool, as_of: datetime, zone: str
) -> date | datetime:
    """What a time ``T`` is compared with, as an instant or (``days``) as a local day.

    Ago: the latest ``T`` with ``T + duration <= as_of`` (``strict``: ``<``). Ahead:
    ``as_of + duration``.
    """
    if not days:
        length = exact_length(duration)
        assert length is not None
        if ahead:
            return as_of + length
        return as_of - length - (_TICK if strict else timedelta())
    today = local_day(as_of, zone)
    if ahead:
        return _moved(today, duration)
    return _last_before(today - _DAY if strict else today, duration)


def turns(
    duration: Duration, ahead: bool, strict: bool, days: bool, time: Any, zone: str
) -> datetime | None:
    """The instant at which such a comparison of ``time`` changes its outcome, once.

    ``None``: beyond the calendar.
    """
    try:
        if not days:
            length = exact_length(duration)
            assert length is not None
            if ahead:
                return time - length + (timedelta() if strict else _TICK)  # type: ignore[no-any-return]
            return time + length + (_TICK if strict else timedelta())  # type: ignore[no-any-return]
        if ahead:
            # The first day from which ``duration`` leads beyond the day (or, strictly, to it).
            first = _last_before(time - _DAY if strict else time, duration) + _DAY
        else:
            first = _moved(time, duration) + (_DAY if strict else timedelta())
        return day_start(first, zone)
    except OverflowError:
        return None


def full_periods(period: str, last: datetime, as_of: datetime, zone: str) -> int:
    """How many full days, weeks or months lie between two instants (months by local days)."""
    if period != "month":
        return (as_of - last) // _LENGTHS[period]
    start, today = local_day(last, zone), local_day(as_of, zone)
    months = (today.year - start.year) * 12 + today.month - start.month
    while months > 0 and add_months(start, months) > today:
        months -= 1
    return max(months, 0)


def next_period(period: str, last: datetime, full: int, zone: str) -> datetime:
    """The instant at which one more than ``full`` periods after ``last`` are over."""
    if period != "month":
        return last + _LENGTHS[period] * (full + 1)
    return day_start(add_months(local_day(last, zone), full + 1), zone)


_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


def _moved(day: date, duration: Duration) -> date:
    """``day`` with days, weeks or months added."""
    length = exact_length(duration)
    return add_months(day, duration.amount) if length is None else day + length


def _last_before(day: date, duration: Duration) -> date:
    """The latest day that, with the length added, is not after ``day``."""
    length = exact_length(duration)
    if length is not None:
        return day - length
    # Clamping makes several days share one end, so the last one may lie some days after the plain
    # difference.
    last = add_months(day, -duration.amount)
    while add_months(last + _DAY, duration.amount) <= day:
        last += _DAY
    return last


# No zone that is known changed its clocks twice within three days.
_PROBE = timedelta(days=1)


@lru_cache(maxsize=4096)
def _year_transitions(zone: str, year: int) -> tuple[tuple[datetime, timedelta], ...]:
    """The instants of the (UTC) year at which the zone's offset changes, with the new offset."""
    place = zone_of(zone)
    found = []
    low = datetime(year, 1, 1, tzinfo=UTC) - timedelta(seconds=1)
    end = datetime(year + 1, 1, 1, tzinfo=UTC) - timedelta(seconds=1)
    before = _offset(low, place)
    while low < end:
        high = min(low + _PROBE, end)
        after = _offset(high, place)
        if before != after:
            found.append((_change(low, high, place), after))
        low, before = high, after
    return tuple(found)


def _change(low: datetime, high: datetime, place: ZoneInfo) -> datetime:
    before = _offset(low, place)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _offset(middle, place) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(instant: datetime, place: ZoneInfo) -> timedelta:
    offset = instant.astimezone(place).utcoffset()
    assert offset is not None
    return offset


def transitions(zone: str, low: datetime, high: datetime) -> tuple[list[datetime], list[timedelta]]:
    """The offsets of a zone between two instants, as a table for ``local_days``.

    The i-th offset holds from the (i−1)-th transition on; there is one more offset than there
    are transitions.
    """
    instants: list[datetime] = []
    offsets = [_offset(low, zone_of(zone))]
    for year in range(low.year, high.year + 1):
        for instant, offset in _year_transitions(zone, year):
            if low < instant <= high:
                instants.append(instant)
                offsets.append(offset)
    return instants, offsets


def local_days(instant: datetime, instants: list[datetime], offsets: list[timedelta]) -> datetime:
    """The local wall-clock time of an instant, by the table of ``transitions``."""
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant + offsets[bisect_right(instants, instant)]
