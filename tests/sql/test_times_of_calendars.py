"""The tables of deadlines in business time, against the operators that work deadlines out."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlglot import exp
from tests.business.cases import Case, cases
from tests.sql.test_times_of_days import EPOCH, asked, instant_of, sheet_of

from leadpact.backends.sql.calendars import BusinessLimit, deadline, pieces
from leadpact.backends.sql.instants import DAY, LAST
from leadpact.backends.sql.sheet import column, micros
from leadpact.checked import BusinessTime, Calendar, TargetBy, TargetWithin
from leadpact.operators import clocks
from leadpact.operators.business import open_times

CALENDARS = {case.calendar: case for case in cases() if "within" in case.cells}
LIMITS = (
    ("minute", 30),
    ("hour", 4),
    ("hour", 10),
    ("hour", 41),
    ("day", 1),
    ("day", 3),
    ("by", 9 * 60),
    ("by", 17 * 60),
    ("by", 23 * 60 + 59),
)


def limit_of(unit: str, amount: int, calendar: Calendar) -> BusinessLimit:
    if unit == "by":
        return TargetBy(amount, calendar.name)
    return BusinessTime(amount, unit, calendar.name)  # type: ignore[arg-type]


def due(limit: BusinessLimit, calendar: Calendar, start: int) -> int | None:
    """What the operators say."""
    asked = limit if isinstance(limit, TargetBy) else TargetWithin(limit)
    instant, known = EPOCH + timedelta(microseconds=start), open_times([calendar])
    found = clocks.due(asked, instant, (), calendar.zone, known)
    return micros(found) if isinstance(found, datetime) else None


def starts(rows: tuple[tuple[int, ...], ...], first: int, last: int) -> list[int]:
    r = Random(first)
    borders = [edge for _, low, high, *_ in rows for edge in (low, high)]
    near = [edge + r.choice((0, 0, 1, -1, 2, 977)) for edge in r.sample(borders, 100)]
    found = near + [r.randrange(first, last) for _ in range(40)]
    return [start for start in found if first <= start < last]


@pytest.mark.parametrize("case", CALENDARS.values(), ids=lambda case: case.where)
def test_every_start_has_its_deadline(case: Case) -> None:
    year = case.time(case.cells["from"]).year
    for unit, amount in Random(case.where).sample(LIMITS, 3):
        limit = limit_of(unit, amount, case.calendar)
        rows = pieces(limit, case.calendar, year, year)
        lows = [row[1] for row in rows]
        first, last = (micros(datetime(each, 1, 1, tzinfo=UTC)) for each in (year, year + 1))
        assert lows[0] == first
        assert rows[-1][2] == last - 1
        for row, following in pairwise(rows):
            assert row[2] + 1 == following[1]
        for start in starts(rows, first, last):
            day, low, high, at, moves = rows[bisect_right(lows, start) - 1]
            assert day == start // DAY
            assert low <= start <= high
            told = None if at > LAST else at - (high - start) * moves
            assert told == due(limit, case.calendar, start), (unit, amount, instant_of(start))


def test_joined_in_duckdb() -> None:
    calendar = next(case.calendar for case in CALENDARS.values() if "clock" in case.where)
    as_of = datetime(2026, 11, 21, 9, tzinfo=UTC)
    r = Random(7)
    low, high = (micros(datetime(year, 1, 1, tzinfo=UTC)) for year in (2023, 2027))
    values = [r.randrange(low, high) for _ in range(300)]
    sheet, _ = sheet_of()
    limits = [limit_of(unit, amount, calendar) for unit, amount in LIMITS[1:9:3]]
    makes: dict[str, exp.Expression] = {}
    for number, limit in enumerate(limits):
        at, told = deadline(limit, column("t"), calendar, as_of, sheet)
        makes |= {f"at {number}": at, f"told {number}": told}
    covered = micros(datetime(2024, 1, 1, tzinfo=UTC))
    for start, answer in zip(values, asked(values, makes, sheet), strict=True):
        for number, limit in enumerate(limits):
            assert answer[f"told {number}"] == (start >= covered)
            wanted = due(limit, calendar, start) if start >= covered else None
            assert answer[f"at {number}"] == wanted
