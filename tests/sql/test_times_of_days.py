"""Instants and local days in DuckDB, against the one place that works them out for all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import duckdb
import pytest
from sqlglot import exp

from leadpact.backends.sql import instants
from leadpact.backends.sql.dialects import Dialect
from leadpact.backends.sql.instants import DAY, Reach, reach
from leadpact.backends.sql.sheet import Sheet, column, micros
from leadpact.backends.sql.tables import constant
from leadpact.checked import Duration
from leadpact.operators import times

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
AS_OF = datetime(2026, 11, 21, 9, 0, 0, 1, tzinfo=UTC)

# The clocks of Sao Paulo and Beirut changed at midnight, Apia left out a day, Lord Howe moves by
# half an hour, Casablanca by the moon, Kathmandu not at all.
ZONES = (
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
)
LENGTHS = tuple(
    Duration(amount, unit)
    for amount, unit in (
        (1, "minute"),
        (36, "hour"),
        (45, "day"),
        (2, "week"),
        (1, "month"),
        (12, "month"),
        (25, "month"),
    )
)
BY_DAYS = tuple(length for length in LENGTHS if length.unit in ("day", "week", "month"))


def instant_of(number: int) -> datetime:
    return EPOCH + timedelta(microseconds=number)


def day_of(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def drawn(within: Reach) -> list[int]:
    """Instants around clock changes, around midnights, at ends of months, and anywhere."""
    r = Random(within.zone)
    found = [within.low, within.high]
    for change in within.changes:
        for hours in (0, 1, -1, r.randint(-30, 30))[: r.choice((1, 3, 4))]:
            base = change + hours * DAY // 24
            found += [base - 1, base, base + 1]
    for _ in range(100):
        day = day_of(r.randint(within.low // DAY + 2, within.high // DAY - 2))
        if r.random() < 0.4:
            day = day.replace(day=1) - timedelta(days=r.randint(0, 2))
        begins = micros(times.day_start(day, within.zone))
        found += [begins - 1, begins, begins + 1]
    found += [r.randint(within.low, within.high) for _ in range(100)]
    kept = [number for number in found if within.low <= number <= within.high]
    return r.sample(kept, 250)


def asked(
    values: list[int], makes: dict[str, exp.Expression], sheet: Sheet
) -> list[dict[str, int]]:
    """What DuckDB says, of each value ``t``."""
    found = [sheet.add(name, made) for name, made in makes.items()]
    layers, last = sheet.layers(lambda table: constant(table, Dialect("duckdb")))
    query = exp.select(*found).from_(exp.Table(this=exp.to_identifier(last, quoted=True)))
    for name, layer in layers:
        query = query.with_(exp.to_identifier(name, quoted=True), as_=layer, copy=False)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE given (t BIGINT, n BIGINT)")
        listed = ", ".join(f"({value}, {number})" for number, value in enumerate(values))
        connection.execute(f"INSERT INTO given VALUES {listed}")
        rows = connection.execute(f"{query.sql('duckdb')} ORDER BY n").fetchall()
    return [dict(zip(makes, row, strict=True)) for row in rows]


def sheet_of() -> tuple[Sheet, instants.Keep]:
    sheet = Sheet("lead", "given", ["t", "n"])
    return sheet, lambda made: sheet.add("kept", made)


@pytest.mark.parametrize("zone", ZONES)
def test_days_of_instants(zone: str) -> None:
    within = reach(zone, AS_OF)
    values = drawn(within)
    t = column("t")
    sheet, keep = sheet_of()
    day = sheet.add("day", instants.local_day(t, within))
    makes: dict[str, exp.Expression] = {
        period: instants.calendar_period(period, day) for period in ("week", "month", "quarter")
    }
    makes["begins"] = instants.midnight(day, within)
    for length in LENGTHS:
        makes[f"leaves {length}"] = instants.leaves(length, t, within, keep)
    periods: dict[str, set[tuple[object, int]]] = {}
    for value, told in zip(values, asked(values, {"today": day, **makes}, sheet), strict=True):
        local = times.local_day(instant_of(value), zone)
        assert day_of(told["today"]) == local
        assert instant_of(told["begins"]) == times.day_start(local, zone)
        year, week, _ = local.isocalendar()
        keys = {
            "week": (year, week),
            "month": (local.year, local.month),
            "quarter": (local.year, (local.month - 1) // 3),
        }
        for period, key in keys.items():
            periods.setdefault(period, set()).add((key, told[period]))
        for length in LENGTHS:
            wanted = times.leaves(length, instant_of(value), zone)
            if micros(wanted) <= within.high:
                assert instant_of(told[f"leaves {length}"]) == wanted, (value, length)
    for pairs in periods.values():
        assert len({key for key, _ in pairs}) == len({number for _, number in pairs}) == len(pairs)


@pytest.mark.parametrize("zone", ZONES)
def test_comparisons_turn(zone: str) -> None:
    within = reach(zone, AS_OF)
    values = drawn(within)
    t = column("t")
    sheet, keep = sheet_of()
    day = sheet.add("day", instants.local_day(t, within))
    every = [
        (length, ahead, strict, days)
        for days, lengths in ((False, LENGTHS), (True, BY_DAYS))
        for length in lengths
        if days or length.unit != "month"
        for ahead in (False, True)
        for strict in (False, True)
    ]
    asks = Random(zone).sample(every, 12)
    makes = {str(ask): instants.turns(*ask, day if ask[3] else t, within, keep) for ask in asks}
    for value, told in zip(values, asked(values, makes, sheet), strict=True):
        instant = instant_of(value)
        for ask in asks:
            time = times.local_day(instant, zone) if ask[3] else instant
            wanted = times.turns(*ask, time, zone)
            assert wanted is not None
            if within.low <= micros(wanted) <= within.high:
                assert instant_of(told[str(ask)]) == wanted, (value, ask)


@pytest.mark.parametrize("zone", ZONES[:4])
@pytest.mark.parametrize("as_of", [AS_OF, datetime(2025, 2, 28, 23, 59, tzinfo=UTC)])
def test_full_periods(zone: str, as_of: datetime) -> None:
    within = reach(zone, as_of)
    values = [value for value in drawn(within) if value <= micros(as_of)]
    t = column("t")
    sheet, keep = sheet_of()
    makes: dict[str, exp.Expression] = {}
    for period in ("day", "week", "month"):
        full = sheet.add("full", instants.full_periods(period, t, as_of, within, keep))
        makes[f"full {period}"] = full
        makes[f"next {period}"] = instants.next_period(period, t, full, within, keep)
    for value, told in zip(values, asked(values, makes, sheet), strict=True):
        for period in ("day", "week", "month"):
            full_ones = times.full_periods(period, instant_of(value), as_of, zone)
            assert told[f"full {period}"] == full_ones, (value, period)
            wanted = times.next_period(period, instant_of(value), full_ones, zone)
            assert instant_of(told[f"next {period}"]) == wanted, (value, period)


@pytest.mark.parametrize("zone", ZONES[:2])
def test_comparing_with_a_day_is_right_for_every_instant(zone: str) -> None:
    """Beyond the reach a day may be off by one, but never across a day that lies within."""
    fixed = date(1930, 5, 1)
    within = reach(zone, AS_OF, [fixed])
    t = column("t")
    edges = [date(1, 1, 3), date(1583, 1, 1), fixed, date(2300, 7, 1), date(9999, 12, 29)]
    values = [micros(times.day_start(day, zone)) + more for day in edges for more in (-1, 0, 1)]
    sheet, _ = sheet_of()
    limits = {str(day): instants.day_number(day) for day in (fixed, AS_OF.date())}
    makes = {
        name: exp.GTE(this=instants.local_day(t, within), expression=exp.Literal.number(limit))
        for name, limit in limits.items()
        if limit >= 0
    }
    makes["long ago"] = instants.local_day(t, within)
    for value, told in zip(values, asked(values, makes, sheet), strict=True):
        local = instants.day_number(times.local_day(instant_of(value), zone))
        for name, limit in limits.items():
            if limit >= 0:
                assert bool(told[name]) == (local >= limit)
        assert (told["long ago"] >= limits[str(fixed)]) == (local >= limits[str(fixed)])
