"""``leadpact sql``: the query printed, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

PARITY = Path(__file__).parent.parent / "corpus" / "parity"
AS_OF = ("--as-of", "2026-06-01T09:00:00Z")


def test_the_query_with_its_relations_on_top(program) -> None:
    ran = program("sql", PARITY / "groups.leadpact", *AS_OF)
    assert (ran.status, ran.err) == (0, "")
    comment = [line for line in ran.out.splitlines() if line.startswith("--")]
    assert any("as of 2026-06-01T09:00:00Z, in duckdb" in line for line in comment)
    assert '--   "stage_since"  64-bit whole number: microseconds since 1970 in UTC' in comment
    assert "has not been run" not in ran.out
    assert len(sqlglot.parse(ran.out, dialect="duckdb")) == 1


@pytest.mark.parametrize("dialect", ["snowflake", "bigquery", "databricks", "redshift"])
def test_what_was_never_run_says_so(leadpact, dialect: str) -> None:
    ran = leadpact("sql", PARITY / "groups.leadpact", "--dialect", dialect, *AS_OF)
    assert ran.status == 0
    assert f"-- This text has not been run on {dialect}:" in ran.out
    assert len(sqlglot.parse(ran.out, dialect=dialect)) == 1


def test_what_a_dialect_cannot_say_is_refused_by_name(leadpact) -> None:
    ran = leadpact("sql", PARITY / "includes.leadpact", "--dialect", "snowflake", *AS_OF)
    assert (ran.status, ran.out) == (1, "")
    assert "snowflake" in ran.err
    assert "includes" in ran.err
    assert "leadpact run --on python" in ran.err


def test_a_dialect_that_is_not_known(leadpact) -> None:
    ran = leadpact("sql", PARITY / "groups.leadpact", "--dialect", "snowflak")
    assert (ran.status, ran.out) == (2, "")
    assert "Did you mean `snowflake`?" in ran.err
