"""Business time and pauses, by walking forward from day to day.

Nothing is skipped and nothing is remembered: every day's openings are written down, what is paused
is cut out of them, and what is left is used up piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias, assert_never

from tests.reference.events import Situation
from tests.reference.instants import later, local_day, settled, zone_named

from leadpact.checked import BusinessTime, Calendar, Duration, Length, Opening
from leadpact.public_holidays import public_holidays

Piece: TypeAlias = tuple[datetime, datetime]
FOR_EVER = datetime.max.replace(tzinfo=UTC)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stop:
    """A clock stands still from ``start`` on, until ``end``; that instant counts again."""

    start: datetime
    end: datetime


def after(
    case: Situation, start: datetime, length: Length, stops: Sequence[Stop] = ()
) -> datetime | None:
    """When so much time since ``start`` is used up; ``None``: never."""
    match length:
        case Duration():
            end = later(start, length, case.zone)
            if end is None:
                return None
            return used_up(without([(start, FOR_EVER)], stops), end - start)
        case BusinessTime(amount, unit, name):
            calendar = named(case, name)
            match unit:
                case "minute":
                    need = timedelta(minutes=amount)
                case "hour":
                    need = timedelta(hours=amount)
                case "day":
                    return nth_close(calendar, start, amount, stops)
                case _:
                    assert_never(unit)
            return used_up(without(open_since(calendar, start), stops), need)
        case _:
            assert_never(length)


def named(case: Situation, name: str) -> Calendar:
    return next(calendar for calendar in case.policy.calendars if calendar.name == name)


def used_up(pieces: Iterator[Piece], need: timedelta) -> datetime | None:
    for start, end in pieces:
        if end - start >= need:
            return start + need
        need -= end - start
    return None


def nth_close(
    calendar: Calendar, start: datetime, count: int, stops: Sequence[Stop]
) -> datetime | None:
    """The close of the Nth opening day after the day of ``start``; paused closes do not count."""
    first = local_day(start, zone_named(calendar.zone)) + ONE_DAY
    for _, pieces in opening_days(calendar, first):
        close = pieces[-1][1]
        if not is_stopped(close, stops):
            count -= 1
        if count == 0:
            return close
        if any(stop.start <= close and stop.end == FOR_EVER for stop in stops):
            return None
    return None


def first_time(
    calendar: Calendar, start: datetime, minutes: int, stops: Sequence[Stop]
) -> datetime | None:
    """The first such time of an open day, or its close where that is earlier, after ``start``."""
    zone = zone_named(calendar.zone)
    for day, pieces in opening_days(calendar, local_day(start, zone)):
        due = min(settled(day, minutes, zone), pieces[-1][1])
        if due > start and not is_stopped(due, stops):
            return due
        if any(stop.start <= due and stop.end == FOR_EVER for stop in stops):
            return None
    return None


# --- openings ----------------------------------------------------------------------------------


def open_since(calendar: Calendar, start: datetime) -> Iterator[Piece]:
    """Every piece of open time from ``start`` on."""
    for _, pieces in opening_days(calendar, local_day(start, zone_named(calendar.zone))):
        for begin, end in pieces:
            if end > start:
                yield max(begin, start), end


def opening_days(calendar: Calendar, first: date) -> Iterator[tuple[date, list[Piece]]]:
    """The openings of every day from ``first`` on that has any."""
    day = first
    while day < date.max - ONE_DAY and may_open(calendar, day):
        pieces = pieces_of(calendar, day)
        if pieces:
            yield day, pieces
        day += ONE_DAY


def may_open(calendar: Calendar, day: date) -> bool:
    """Whether the calendar may still open on that day or later."""
    return any(calendar.weekly) or any(
        special.openings and (special.every_year or special.day >= day)
        for special in calendar.special
    )


def pieces_of(calendar: Calendar, day: date) -> list[Piece]:
    """The day's openings as instants; what a clock change joins is one piece."""
    zone = zone_named(calendar.zone)
    pieces: list[Piece] = []
    for opening in openings(calendar, day):
        start, end = settled(day, opening.start, zone), settled(day, opening.end, zone)
        if pieces:
            start = max(start, pieces[-1][1])
        if start < end:
            pieces.append((start, end))
    return pieces


def openings(calendar: Calendar, day: date) -> Sequence[Opening]:
    for special in calendar.special:
        if not special.every_year and special.day == day:
            return special.openings
    for special in calendar.special:
        if special.every_year and (special.day.month, special.day.day) == (day.month, day.day):
            return special.openings
    if any(day in public_holidays(region, day.year) for region in calendar.regions):
        return ()
    return calendar.weekly[day.weekday()]


# --- pauses ------------------------------------------------------------------------------------


def is_stopped(instant: datetime, stops: Sequence[Stop]) -> bool:
    return any(stop.start <= instant < stop.end for stop in stops)


def without(pieces: Iterable[Piece], stops: Sequence[Stop]) -> Iterator[Piece]:
    """The pieces with what is stopped cut out. Ends when everything later is stopped."""
    final = min((stop.start for stop in stops if stop.end == FOR_EVER), default=FOR_EVER)
    for start, end in pieces:
        left = [(start, end)]
        for stop in stops:
            left = [part for piece in left for part in _cut(piece, stop)]
        yield from left
        if end >= final:
            return


def _cut(piece: Piece, stop: Stop) -> list[Piece]:
    start, end = piece
    parts = [(start, min(end, stop.start)), (max(start, stop.end), end)]
    return [(begin, finish) for begin, finish in parts if begin < finish]
