"""Events in typed columns are taken as they stand, if the first of them are clean."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.warehouse.both_ways import assert_same, options, policy

from leadpact.batch import Summary
from leadpact.warehouse import work

_NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
_COLUMNS = {
    "lead": "VARCHAR",
    "kind": "VARCHAR",
    "at": "TIMESTAMPTZ",
    "id": "VARCHAR",
    "url": "VARCHAR",
    "seconds": "INTEGER",
    "reason": "VARCHAR",
}
_CLEAN: dict[str, Any] = {
    "lead": "L-1",
    "kind": "page_view",
    "at": _NOW,
    "id": None,
    "url": "/pricing",
    "seconds": None,
    "reason": None,
}
_FROM_ELSEWHERE = {"url": None, "seconds": None, "reason": None}


def write(path: Path, columns: dict[str, str], rows: list[dict[str, Any]]) -> Path:
    listed = ", ".join(f'"{column}" {type_}' for column, type_ in columns.items())
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE written ({listed})")
        for row in rows:
            marks = ", ".join("?" for _ in columns)
            given = [
                value.isoformat() if isinstance(value, datetime) else value
                for value in (row[column] for column in columns)
            ]
            database.execute(f"INSERT INTO written VALUES ({marks})", given)
        database.execute(f"COPY written TO '{path}' (FORMAT parquet)")
    return path


def decided(
    folder: Path, events: list[dict[str, Any]], ids: tuple[str | None, ...] = ()
) -> Summary:
    """The leads L-1 to L-4 and these ids, with a clean event and these."""
    named = [*(f"L-{number}" for number in range(1, 5)), *ids]
    rows = [{"id": one, "email": "a@buyer.example", "employees": 450} for one in named]
    columns = {"id": "VARCHAR", "email": "VARCHAR", "employees": "INTEGER"}
    leads = write(folder / "leads.parquet", columns, rows)
    every = [_CLEAN, *({**_CLEAN, **one} for one in events)]
    activities = write(folder / "events.parquet", _COLUMNS, every)
    summary = assert_same(policy(), options(leads, activities=activities), folder)
    assert summary is not None
    return summary


@pytest.fixture(autouse=True)
def only_the_first_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_LOOKED_AT", 1)


def test_clean(tmp_path: Path) -> None:
    summary = decided(tmp_path, [{"lead": "L-2", "id": "e1"}, {"lead": "L-2", "seconds": 35}])
    assert (summary.decided, summary.in_python) == (4, 0)


def test_a_column_with_nothing_in_it(tmp_path: Path) -> None:
    """DuckDB knows from the file that all is NULL, and folds what is asked of it."""
    leads, events = tmp_path / "leads.parquet", tmp_path / "events.parquet"
    select = "SELECT 'L-1' AS id, 'a@buyer.example' AS email, NULL::VARCHAR AS seniority"
    duckdb.sql(f"COPY ({select}, NULL::VARCHAR AS employees) TO '{leads}'")
    at = 'NULL::TIMESTAMPTZ AS "at", NULL::VARCHAR AS id, NULL::VARCHAR AS reason'
    select = f"SELECT NULL::VARCHAR AS lead, NULL::VARCHAR AS kind, {at} FROM range(3)"
    duckdb.sql(f"COPY ({select}) TO '{events}'")
    summary = assert_same(policy(), options(leads, activities=events), tmp_path)
    assert summary is not None
    assert (summary.decided, summary.events.wrong_lines) == (1, 3)


def test_events_of_nobody(tmp_path: Path) -> None:
    summary = decided(tmp_path, [{"lead": "N-1"}, {"lead": "N-2"}, {"lead": "N-1", "kind": "fax"}])
    assert summary.events.without_lead == 3
    assert (summary.decided, summary.in_python) == (4, 0)


def test_leads_that_are_there_twice(tmp_path: Path) -> None:
    summary = decided(tmp_path, [{"lead": "L-2"}], ids=("L-1", "L-2"))
    assert (summary.decided, summary.rejected, summary.in_python) == (2, 4, 4)
    assert summary.events.without_lead == 0


def test_leads_that_are_there_twice_and_events_of_nobody(tmp_path: Path) -> None:
    summary = decided(tmp_path, [{"lead": "N-1"}], ids=("L-1", "L-0"))
    assert (summary.decided, summary.rejected, summary.events.without_lead) == (4, 2, 1)


def test_events_that_do_not_say_whose_they_are(tmp_path: Path) -> None:
    summary = decided(tmp_path, [{"lead": None}, {"lead": ""}, {"lead": " \t"}, {"lead": "N-1"}])
    assert (summary.events.wrong_lines, summary.events.without_lead) == (3, 1)
    assert (summary.decided, summary.in_python) == (4, 0)


def test_blanks_around_the_lead_of_an_event(tmp_path: Path) -> None:
    summary = decided(tmp_path, [{"lead": " L-2"}, {"lead": "L-3\n"}, {"lead": " N-1 "}])
    assert (summary.events.without_lead, summary.in_python) == (1, 2)


def test_blanks_around_the_id_of_a_lead(tmp_path: Path) -> None:
    summary = decided(tmp_path, [{"lead": "L-5"}, {"lead": " L-1"}], ids=(" L-5 ", "L-1\t", None))
    assert (summary.decided, summary.rejected) == (4, 3)


@pytest.mark.parametrize(
    "event",
    [
        *({"at": None}, {"at": "infinity"}, {"at": "-infinity"}, {"at": "0900-01-01 00:00:00+00"}),
        *({"at": "9500-01-01 00:00:00+00"}, {"id": ""}, {"id": "  "}, {"seconds": -1}),
        *({"seconds": 90_000}, {"kind": " page_view "}),
        *({"kind": kind, **_FROM_ELSEWHERE} for kind in (None, "", "fax", "PAGE_VIEW")),
        *({"kind": "demo_request"}, {"reason": "no_fit"}, {"reason": " "}),
        *({"kind": "rejected", "url": None, "reason": one} for one in (None, " no_fit ", "no")),
    ],
    ids=str,
)
def test_what_is_not_clean_is_left_to_python(event: dict[str, Any], tmp_path: Path) -> None:
    summary = decided(tmp_path, [{"lead": "L-2", **event}, {"lead": "L-3"}])
    assert summary.in_python == 1


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "rejected", **_FROM_ELSEWHERE, "reason": "not_now"},
        {"kind": "contacted", **_FROM_ELSEWHERE, "id": "e1 "},
        {"at": "2024-02-29 00:00:00+00", "seconds": 86_400, "url": " "},
    ],
    ids=str,
)
def test_what_is_clean_enough(event: dict[str, Any], tmp_path: Path) -> None:
    assert decided(tmp_path, [{"lead": "L-2", **event}]).in_python == 0


@pytest.mark.parametrize("seed", range(4))
def test_anything(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    leads = ["L-1", "L-2", "L-3", "L-9", "N-1", "N-1 ", " L-4", "", None, "L-5"]
    kinds = ["page_view", "demo_request", "contacted", "rejected", "fax", " page_view", None]
    events = [
        {
            "lead": draw.choices(leads, [9, 9, 9, 1, 1, 1, 1, 1, 1, 4])[0],
            "kind": draw.choices(kinds, [9, 3, 2, 2, 1, 1, 1])[0],
            "at": draw.choice([_NOW - timedelta(days=draw.randrange(60)), _NOW, _NOW]),
            "id": draw.choice(["e1", "e2", "e3", "", None, None, None]),
            "url": draw.choice([None, None, "/pricing", ""]),
            "seconds": draw.choice([None, None, 35, -1]),
            "reason": draw.choice([None, None, None, "no_fit", "no"]),
        }
        for _ in range(60)
    ]
    ids = tuple(draw.sample(["L-5", "L-6", " L-7", "L-1", None, "L-8"], 3))
    decided(tmp_path, events, ids)


def test_where_the_first_are_not_clean_all_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_LOOKED_AT", 50_000)
    events = [{"lead": f"L-{number}", "kind": "fax"} for number in (1, 2, 3, 4)]
    assert decided(tmp_path, events).in_python == 0
