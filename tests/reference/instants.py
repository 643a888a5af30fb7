"""Instants, local days and windows, each by its definition and nothing cleverer.

Zones come from the ``tzdata`` package alone, so that the machine's own zone tables never matter.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
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
    """The instant in UTC, and whether it was written without an offset.

    Raises ``ValueError`` for what is no instant. ``fold`` is 0 in what ``fromisoformat`` gives,
    which takes the offset before a clock change for times that it skips or repeats.
    """
    if not INSTANT.fullmatch(text):
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


def is_within(happened: datetime, duration: Duration, as_of: datetime, zone: ZoneInfo) -> bool:
    """Whether what happened at that instant is still ``within`` the duration at ``as_of``."""
    if happened > as_of:
        return False
    try:
        match duration.unit:
            case "minute":
                return as_of < happened + timedelta(minutes=duration.amount)
            case "hour":
                return as_of < happened + timedelta(hours=duration.amount)
            case "day":
                return as_of < happened + timedelta(days=duration.amount)
            case "week":
                return as_of < happened + timedelta(weeks=duration.amount)
            case "month":
                end = add_months(local_day(happened, zone), duration.amount)
                return end > local_day(as_of, zone)
            case _:
                assert_never(duration.unit)
    except (OverflowError, ValueError):  # the window ends after the year 9999
        return True


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
