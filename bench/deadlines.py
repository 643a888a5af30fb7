"""How many deadlines a second, beside the loops that one writes by hand.

An office in Stockholm with a lunch break, Swedish holidays and a half day; starts drawn over two
years, at any hour. The day loop walks from day to day and lays the openings of each against what is
left; the minute loop asks of each minute whether it is open. Both know the holidays beforehand. The
answers are compared before anything is timed. The first touch of a year is timed by itself.

    python bench/deadlines.py [--starts 2000] [--rounds 7]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time as clock
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from turns import measure

from leadpact.checked import BusinessTime, Calendar, Opening, SpecialDay, TargetWithin
from leadpact.operators.business import deadline, open_time
from leadpact.operators.clocks import state
from leadpact.public_holidays import public_holidays
from leadpact_dsl.source import Span

CHUNK = 50
ZONE = "Europe/Stockholm"
YEARS = (2025, 2026, 2027)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HERE = Span("deadlines.leadpact", 1, 1, 1, 1)
HALF_DAY = date(2026, 6, 18)
OFFICE = Calendar(
    name="office",
    label="Office",
    owner=None,
    zone=ZONE,
    weekly=((Opening(540, 720), Opening(780, 1020)),) * 5 + ((), ()),
    regions=("SE",),
    special=(SpecialDay(HALF_DAY, False, (Opening(540, 720),), None, HERE),),
    notes=(),
    span=HERE,
)
FOUR_HOURS = BusinessTime(4, "hour", "office")
TEN_HOURS = BusinessTime(10, "hour", "office")
TWO_DAYS = BusinessTime(2, "day", "office")


@dataclass(frozen=True)
class Way:
    decide: Callable[[Any], Any]
    inputs: Sequence[datetime]


# --- by hand -------------------------------------------------------------------------------------


class ByHand:
    """The same office, written down as a programmer would who needs this one only."""

    def __init__(self) -> None:
        self.zone = ZoneInfo(ZONE)
        self.days_off = {day for year in YEARS for day in public_holidays("SE", year)}

    def hours_of(self, day: date) -> tuple[tuple[int, int], ...]:
        if day == HALF_DAY:
            return ((9, 12),)
        if day.weekday() >= 5 or day in self.days_off:
            return ()
        return ((9, 12), (13, 17))

    def openings(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for opens, closes in self.hours_of(day):
            yield (
                datetime.combine(day, time(opens), self.zone).astimezone(UTC),
                datetime.combine(day, time(closes), self.zone).astimezone(UTC),
            )

    def hours(self, count: int, start: datetime) -> datetime:
        left = timedelta(hours=count)
        day = start.astimezone(self.zone).date()
        while True:
            for opens, closes in self.openings(day):
                begins = max(opens, start)
                if begins < closes:
                    if closes - begins >= left:
                        return begins + left
                    left -= closes - begins
            day += DAY

    def days(self, count: int, start: datetime) -> datetime:
        day = start.astimezone(self.zone).date()
        while count:
            day += DAY
            count -= bool(self.hours_of(day))
        return list(self.openings(day))[-1][1]

    def minute_by_minute(self, count: int, start: datetime) -> datetime:
        left = count * 60
        while left:
            local = start.astimezone(self.zone)
            hour = local.hour
            left -= any(opens <= hour < closes for opens, closes in self.hours_of(local.date()))
            start += MINUTE
        return start


# --- ways ----------------------------------------------------------------------------------------


def ways(starts: Sequence[datetime]) -> dict[str, dict[str, Way]]:
    """What is computed, and the ways to compute it."""
    office, hand = open_time(OFFICE), ByHand()
    calendars = {"office": office}
    target = TargetWithin(FOUR_HOURS)

    return {
        "4 business hours": {
            "leadpact": Way(lambda start: deadline(FOUR_HOURS, start, office), starts),
            "the state of a target": Way(
                lambda start: state(target, start, start, ZONE, calendars).due, starts
            ),
            "day loop": Way(lambda start: hand.hours(4, start), starts),
            "minute loop": Way(lambda start: hand.minute_by_minute(4, start), starts),
        },
        "10 business hours": {
            "leadpact": Way(lambda start: deadline(TEN_HOURS, start, office), starts),
            "day loop": Way(lambda start: hand.hours(10, start), starts),
            "minute loop": Way(lambda start: hand.minute_by_minute(10, start), starts),
        },
        "2 business days": {
            "leadpact": Way(lambda start: deadline(TWO_DAYS, start, office), starts),
            "day loop": Way(lambda start: hand.days(2, start), starts),
        },
    }


def difference(table: dict[str, Way]) -> str | None:
    """The first start of which two ways say different things."""
    for number, start in enumerate(next(iter(table.values())).inputs):
        said = {name: way.decide(way.inputs[number]) for name, way in table.items()}
        if len(set(said.values())) > 1:
            return f"{start}: {said}"
    return None


def draw(count: int) -> list[datetime]:
    """Starts in whole minutes, at any hour: the minute loop can count no others."""
    dice = random.Random(0)
    first = datetime(YEARS[0], 1, 1, tzinfo=UTC)
    return [first + MINUTE * dice.randrange(700 * 24 * 60) for _ in range(count)]


def first_touch() -> float:
    """Milliseconds to prepare a year, the holidays' library loaded."""
    begun = clock.process_time()
    for year in range(2030, 2050):
        open_time(OFFICE).year(year)
    return (clock.process_time() - begun) / 20 * 1000


def report(title: str, taken: dict[str, list[float]]) -> None:
    print(f"\n{title:<28}{'a second':>12}{'ratio':>8}   rounds")
    for name, times in taken.items():
        each = [of / to for of, to in zip(times, taken["leadpact"], strict=True)]
        spread = f"{min(each):.1f} to {max(each):.1f}"
        print(
            f"  {name:<26}{1e6 / statistics.median(times):>12,.0f}"
            f"{statistics.median(each):>8.1f}   {spread}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure deadlines beside loops by hand.")
    parser.add_argument("--starts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    starts = draw(asked.starts)
    print(f"{asked.starts:,} starts; ratio: the time of `leadpact` is 1.")
    for title, table in ways(starts).items():
        wrong = difference(table)
        if wrong is not None:
            sys.exit(f"A difference, so nothing is measured.\n{title}: {wrong}")
        measure(table, 1, CHUNK)
        report(title, measure(table, asked.rounds, CHUNK))
    print(f"\nThe first deadline in a year prepares it: {first_touch():.1f} ms.")


if __name__ == "__main__":
    main()
