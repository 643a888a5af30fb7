"""Columns that have types: what each may hold, and what Python is asked about."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.warehouse.both_ways import assert_same, options, policy

import leadpact
from leadpact.batch import Summary, place_of


def decided(select: str, folder: Path) -> Summary:
    path = folder / "leads.parquet"
    duckdb.sql(f"COPY (SELECT 'L-1' AS id, 'a@buyer.example' AS email, {select}) TO '{path}'")
    summary = assert_same(policy(), options(path), folder)
    assert summary is not None
    return summary


@pytest.mark.parametrize(
    "select",
    [
        *("450::UTINYINT AS employees", "12.5::DECIMAL(9, 2) AS budget", "0.1::DOUBLE AS budget"),
        *("true AS is_customer", "['desks'] AS interests", "DATE '2026-01-31' AS created_on"),
        *("TIMESTAMP '2026-01-31' AS created_on", "'2026-01-31' AS created_on", "NULL AS phone"),
        *("TIMESTAMPTZ '2026-11-20 10:00:00+01' AS seen_at", "46812345 AS phone"),
        *("1 AS is_customer", "'vp'::ENUM('vp', 'staff') AS seniority", "12.0::FLOAT AS employees"),
    ],
)
def test_plain_values_are_left_to_the_query(select: str, tmp_path: Path) -> None:
    if select.startswith("450"):
        select = select.replace("450", "250")
    summary = decided(select, tmp_path)
    assert (summary.decided, summary.in_python) == (1, 0)


@pytest.mark.parametrize(
    ("select", "reason"),
    [
        ("'nan'::DOUBLE AS budget", "A number is wanted here: this one is not finite."),
        ("'inf'::DOUBLE AS budget", "A number is wanted here: this one is not finite."),
        (
            "0.1234567::DOUBLE AS budget",
            "A number is wanted here: this one has more than 6 decimals.",
        ),
        ("12.5 AS employees", "A whole number is wanted here."),
        ("-1 AS employees", "The number is below 0."),
        ("['sofas'] AS interests", "One of chairs, desks, screens is wanted here."),
        ("2 AS is_customer", "`2` is neither yes nor no (yes, no, true, false, 1 and 0 are read)."),
        (
            "TIMESTAMP '2026-01-31 01:00:00' AS created_on",
            "A date is wanted here, like 2026-11-21.",
        ),
        ("'boss' AS seniority", "One of vp, manager, staff is wanted here."),
    ],
)
def test_others_are_told_by_python(select: str, reason: str, tmp_path: Path) -> None:
    summary = decided(select, tmp_path)
    assert (summary.decided, summary.in_python) == (0, 1)
    assert [one.reason for one in summary.first_rejects] == [reason]


def test_a_moment_without_a_zone_is_read_in_the_zone_of_the_policy(tmp_path: Path) -> None:
    """The hour that the clock change repeats takes the offset before it."""
    summary = decided("TIMESTAMP '2026-10-25 02:30:00' AS seen_at", tmp_path)
    assert (summary.decided, summary.in_python) == (1, 0)
    assert [(one.code, one.subject) for one in summary.warnings] == [("naive_instant", "seen_at")]


OURS = """
policy shop "Shop":
    language 1
    version 1
    time zone "Europe/Stockholm"
    currency SEK

lead:
    number "Number" whole number
    fault "Fault" text
    value "Value" text

activities:
    visit "Visited":
        value "Pages" number from 0 to 100
        number "Minutes" number from 0 to 100

score interest "Interest":
    +1 each visit ever
    +10 when number is more than 5
    +100 when value is "x"
    +1000 when fault is "y"
"""


@pytest.mark.parametrize("kept", ["parquet", "duckdb"])
@pytest.mark.parametrize("spelled", ["value", "Value"])
def test_columns_called_like_those_that_a_run_adds(kept: str, spelled: str, tmp_path: Path) -> None:
    leads = f"SELECT 'a' AS id, 7 AS number, 'y' AS fault, 'x' AS \"{spelled}\""
    events = "SELECT unnest(['a', 'b', NULL, 'a']) AS lead, 'visit' AS kind, "
    events += (
        "TIMESTAMPTZ '2026-11-20 00:00:00Z' AS \"at\", unnest([7, 7, 7, 101]) AS value, 1 AS number"
    )
    files = []
    for table, select in (("leads", leads), ("events", events)):
        path = tmp_path / f"{table}.{kept}"
        with duckdb.connect(str(path) if kept == "duckdb" else ":memory:") as database:
            database.execute(f"CREATE TABLE {table} AS {select}")
            if kept == "parquet":
                database.execute(f"COPY {table} TO '{path}'")
        files.append(str(path) if kept == "parquet" else f"{path}::{table}")
    leads_place, events_place = map(place_of, files)
    asked = options(leads_place, activities=events_place)
    summary = assert_same(leadpact.load_text(OURS), asked, tmp_path)
    assert summary is not None
    assert (summary.decided, summary.events.without_lead) == (1, 1)
