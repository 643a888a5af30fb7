"""Leads in the order of their ids, and events in that of their leads, are decided in slices."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.warehouse.both_ways import assert_same, options, policy

from leadpact.batch import Summary
from leadpact.warehouse import slicing, work

_LEADS = (
    "SELECT format('L-{:04d}', i) AS id, 'a@buyer.example' AS email, 450 AS employees "
    "FROM range(600) leads(i)"
)
_EVENTS = (
    "SELECT format('L-{:04d}', i // 10) AS lead, CASE WHEN i = 5555 THEN 'fax' ELSE 'page_view' "
    "END AS kind, TIMESTAMPTZ '2026-11-20 10:00:00Z' - to_minutes(i) AS \"at\", '/pricing' AS url "
    "FROM range(6000) events(i) WHERE i // 10 <> 333"
)


def sliced(
    folder: Path, monkeypatch: pytest.MonkeyPatch, more: str = "", order: str = "lead"
) -> tuple[Summary, list[str]]:
    """The summary, and the first lead of each slice but the first."""
    found: list[str] = []
    cuts = slicing.cuts

    def spied(*given: object) -> list[str]:
        found.extend(cuts(*given))  # type: ignore[arg-type]
        return found

    monkeypatch.setattr(work, "_LOOKED_AT", 1)
    monkeypatch.setattr(slicing, "AT_ONCE", 2_048)
    monkeypatch.setattr(work, "cuts", spied)
    leads, events = folder / "leads.parquet", folder / "events.parquet"
    every = f"SELECT * FROM ({_EVENTS}{more}) ORDER BY {order}"
    duckdb.sql(f"COPY ({_LEADS} ORDER BY id) TO '{leads}'")
    duckdb.sql(f"COPY ({every}) TO '{events}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    summary = assert_same(policy(), options(leads, activities=events), folder)
    assert summary is not None
    return summary, found


def test_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary, found = sliced(tmp_path, monkeypatch)
    assert (summary.decided, summary.in_python, len(found)) == (600, 1, 2)


def test_events_of_nobody_beyond_and_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = " UNION ALL SELECT unnest(['K-1', 'L-0300x', 'M-1']), 'page_view', "
    more += "TIMESTAMPTZ '2026-11-20 10:00:00Z', NULL"
    summary, found = sliced(tmp_path, monkeypatch, more)
    assert (summary.decided, summary.events.without_lead, len(found)) == (600, 3, 2)


def test_blanks_that_break_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = " UNION ALL SELECT ' L-0599', 'page_view', TIMESTAMPTZ '2026-11-20 10:00:00Z', NULL"
    summary, found = sliced(tmp_path, monkeypatch, more, "trim(lead)")
    assert (summary.decided, summary.in_python) == (600, 2)
    assert found == []


def test_no_slices_without_an_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary, found = sliced(tmp_path, monkeypatch, order="hash(lead)")
    assert (summary.decided, found) == (600, [])
