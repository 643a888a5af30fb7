"""Instants, local days and windows, each by its definition and nothing cleverer.

Zones come from the ``tzdata`` package alone, so that the machine's own zone tables never matter.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import assert_never
from zoneinfo import ZoneInfo

from leadpact.checked import Duration

INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@cache
def zone_named(name: str) -> ZoneInfo:
    file = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with file.open("rb") as data:
        return ZoneInfo.from_file(data, name)


def read_instant(text: str, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The instant in UTC, and whether it was written without an offset. A day alone is its local
    midnight.

    Raises ``ValueError`` for what is no instant. ``fold`` is 0 in what ``fromisoformat`` gives,
    which takes the offset before a clock change for times that it skips or repeats.
    """
    if not INSTANT.fullmatch(text) and not DAY.fullmatch(text):
        raise ValueError(text)
    written = datetime.fromisoformat(text)
    naive = written.tzinfo is None
    if naive:
        written = written.replace(tzinfo=zone)
    return written.astimezone(UTC), naive


def read_day(text: str) -> date:
    if not DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def write_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    try:
        return instant.astimezone(zone).date()
    except OverflowError:
        # The first and last hours of the calendar, in a zone that cannot say them.
        return instant.astimezone(UTC).date()


def add_months(day: date, months: int) -> date:
    """The same day that many months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return settled(day, 0, zone)


def settled(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """So many minutes after local midnight by the clock on the wall; 1,440 ends the day.

    A local time that a clock change skips or repeats takes the offset before the change.
    """
    if minutes == 24 * 60:
        day, minutes = day + timedelta(days=1), 0
    written = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    return written.astimezone(UTC)


def exactly(duration: Duration) -> timedelta:
    """The exact length of anything but months."""
    match duration.unit:
        case "minute":
            return timedelta(minutes=duration.amount)
        case "hour":
            return timedelta(hours=duration.amount)
        case "day":
            return timedelta(days=duration.amount)
        case "week":
            return timedelta(weeks=duration.amount)
        case "month":
            raise ValueError(duration)
        case _:
            assert_never(duration.unit)


def later(happened: datetime, duration: Duration, zone: ZoneInfo) -> datetime | None:
    """So long after an instant; months end when the local day begins to which they lead.

    ``None``: after the last day of the calendar, the year 9999.
    """
    try:
        if duration.unit == "month":
            return midnight(add_months(local_day(happened, zone), duration.amount), zone)
        return happened + exactly(duration)
    except (OverflowError, ValueError):
        return None


def days_later(day: date, duration: Duration, sign: int = 1) -> date | None:
    """So many days, weeks or months after a day (``sign`` -1: before it).

    ``None``: outside the calendar.
    """
    try:
        if duration.unit == "month":
            return add_months(day, sign * duration.amount)
        return day + sign * exactly(duration)
    except (OverflowError, ValueError):
        return None


def is_within(happened: datetime, duration: Duration, as_of: datetime, zone: ZoneInfo) -> bool:
    """Whether what happened at that instant is still ``within`` the duration at ``as_of``."""
    if happened > as_of:
        return False
    if duration.unit == "month":
        end = days_later(local_day(happened, zone), duration)
        return end is None or end > local_day(as_of, zone)
    leaves = later(happened, duration, zone)
    return leaves is None or as_of < leaves


def full_periods(happened: datetime, unit: str, as_of: datetime, zone: ZoneInfo) -> int:
    """How many whole days, weeks or calendar months have gone by since an instant."""
    if unit != "month":
        length = timedelta(days=1) if unit == "day" else timedelta(weeks=1)
        return (as_of - happened) // length
    months, today = 0, local_day(as_of, zone)
    while add_months(local_day(happened, zone), months + 1) <= today:
        months += 1
    return months


def period_of(instant: datetime, period: str, zone: ZoneInfo) -> tuple[int, ...]:
    """The local day, ISO week, calendar month or quarter in which an instant lies."""
    day = local_day(instant, zone)
    match period:
        case "day":
            return (day.year, day.month, day.day)
        case "week":
            return tuple(day.isocalendar())[:2]
        case "month":
            return (day.year, day.month)
        case "quarter":
            return (day.year, (day.month - 1) // 3 + 1)
        case _:
            raise ValueError(period)
