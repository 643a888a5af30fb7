"""Business time counted minute by minute: slow, and easy to believe.

Time is cut at every minute and at every instant that matters; each piece counts or it does not. It
shares no code with ``leadpact.operators``: only the calendar's words and the days off are given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from leadpact.checked import (
    BusinessTime,
    Calendar,
    Duration,
    Opening,
    TargetBy,
    TargetWithin,
)
from leadpact.public_holidays import public_holidays

Pauses = Sequence[tuple[datetime, datetime | None]]

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NOT_KNOWN = "not known"
BEYOND = "beyond"


class ByTheMinute:
    """A calendar's open minutes on the ``days`` days from ``first`` on (and one on either side)."""

    def __init__(self, calendar: Calendar, first: date, days: int) -> None:
        self.calendar = calendar
        self.zone = ZoneInfo(calendar.zone)
        self.days = [first + DAY * number for number in range(-1, days + 1)]
        self.minutes = {day: self.open_minutes(day) for day in self.days}
        self.all_minutes = frozenset().union(*self.minutes.values())
        self.horizon = self.instant(self.days[-1], 0)

    def instant(self, day: date, minutes: int) -> datetime:
        local = datetime.combine(day, time()) + MINUTE * minutes
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def words(self, day: date) -> tuple[Opening, ...]:
        """What the calendar says of a day: the most special line first."""
        for special in self.calendar.special:
            if not special.every_year and special.day == day:
                return special.openings
        for special in self.calendar.special:
            same = (special.day.month, special.day.day) == (day.month, day.day)
            if special.every_year and same:
                return special.openings
        for region in self.calendar.regions:
            if day in public_holidays(region, day.year):
                return ()
        return self.calendar.weekly[day.weekday()]

    def open_minutes(self, day: date) -> frozenset[datetime]:
        found = set()
        for opening in self.words(day):
            minute = max(self.instant(day, opening.start), self.instant(day, 0))
            until = min(self.instant(day, opening.end), self.instant(day + DAY, 0))
            while minute < until:
                found.add(minute)
                minute += MINUTE
        return frozenset(found)

    def is_open(self, instant: datetime) -> bool:
        return instant.replace(second=0, microsecond=0) in self.all_minutes

    def close(self, day: date) -> datetime | None:
        minutes = self.minutes[day]
        return max(minutes) + MINUTE if minutes else None

    # --- counting --------------------------------------------------------------------------

    def pieces(
        self, start: datetime, until: datetime, pauses: Pauses, *, business: bool
    ) -> Iterator[tuple[datetime, timedelta, bool]]:
        """Each piece of time: when it begins, how long it is, and whether it counts."""
        special = {at for pause in pauses for at in pause if at is not None}
        here = start
        while here < until:
            next_minute = here.replace(second=0, microsecond=0) + MINUTE
            there = min([next_minute, until, *(at for at in special if at > here)])
            counts = not paused(here, pauses) and (not business or self.is_open(here))
            yield here, there - here, counts
            here = there

    def counted(
        self, start: datetime, until: datetime, pauses: Pauses, *, business: bool
    ) -> timedelta:
        pieces = self.pieces(start, until, pauses, business=business)
        return sum((length for _, length, counts in pieces if counts), timedelta())

    def run_down(
        self, amount: timedelta, start: datetime, pauses: Pauses, *, business: bool
    ) -> datetime | str:
        if not amount:
            # Nothing has to count, but a clock that stands still does not reach even that.
            stays = self.pieces(start, self.horizon, pauses, business=False)
            runs = next((here for here, _, counts in stays if counts), None)
            return self.no_answer(pauses) if runs is None else runs
        for here, length, counts in self.pieces(start, self.horizon, pauses, business=business):
            if counts:
                if length >= amount:
                    return here + amount
                amount -= length
        return self.no_answer(pauses)

    def no_answer(self, pauses: Pauses) -> str:
        return NOT_KNOWN if any(ends is None for _, ends in pauses) else BEYOND

    # --- limits ----------------------------------------------------------------------------

    def due(
        self, limit: TargetWithin | TargetBy, start: datetime, pauses: Pauses
    ) -> datetime | str:
        if isinstance(limit, TargetBy):
            return self.nth(1, self.times_of_day(limit.minutes, start), pauses)
        length = limit.length
        if isinstance(length, BusinessTime) and length.unit == "day":
            return self.nth(length.amount, self.later_closes(start), pauses)
        return self.run_down(
            exact(length), start, pauses, business=isinstance(length, BusinessTime)
        )

    def share(
        self,
        limit: TargetWithin | TargetBy,
        start: datetime,
        percent: Decimal,
        pauses: Pauses,
    ) -> datetime | str:
        business = isinstance(limit, TargetBy) or isinstance(limit.length, BusinessTime)
        if isinstance(limit, TargetBy) or (limit.length.unit == "day" and business):
            until = self.due(limit, start, pauses)
            if isinstance(until, str):
                return until
            whole = self.counted(start, until, pauses, business=True)
        else:
            whole = exact(limit.length)
        micro = timedelta(microseconds=1)
        part = micro * ceil(whole // micro * Fraction(percent) / 100)
        return self.run_down(part, start, pauses, business=business)

    def later_closes(self, start: datetime) -> Iterator[datetime]:
        today = start.astimezone(self.zone).date()
        for day in self.days:
            close = self.close(day)
            if day > today and close is not None:
                yield close

    def times_of_day(self, minutes: int, start: datetime) -> Iterator[datetime]:
        for day in self.days:
            close = self.close(day)
            if close is not None:
                at = min(close, self.instant(day, minutes))
                if at > start:
                    yield at

    def nth(self, count: int, moments: Iterator[datetime], pauses: Pauses) -> datetime | str:
        running = [at for at in moments if not paused(at, pauses)]
        return running[count - 1] if len(running) >= count else self.no_answer(pauses)


def paused(instant: datetime, pauses: Pauses) -> bool:
    return any(begins <= instant and (ends is None or instant < ends) for begins, ends in pauses)


def exact(length: Duration | BusinessTime) -> timedelta:
    return timedelta(**{f"{length.unit}s": length.amount})
