"""Tables of databases: DuckDB's own; those of SQLite and Postgres, whose rows are read as texts.

DuckDB's extensions for the two would have to come over the network, so their own libraries read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from leadpact.batch.activities import CsvActivities
from leadpact.batch.columns import layout
from leadpact.batch.leads import OnBytes
from leadpact.batch.numbers import Numbers
from leadpact.batch.places import RunError, Table, did_you_mean, is_server
from leadpact.batch.sources import SourceMapping
from leadpact.checked import CheckedPolicy
from leadpact.warehouse.arrays import numbers as numbers_array
from leadpact.warehouse.arrays import texts_or_null
from leadpact.warehouse.cells import Cells, events_of_cells, leads_of_cells, places_of
from leadpact.warehouse.duck import Duck, literal, name
from leadpact.warehouse.inputs import EventsIn, LeadsIn
from leadpact.warehouse.parquet import typed_events, typed_leads
from leadpact.warehouse.streams import Stream, text_schema
from leadpact.warehouse.typed import all_held

__all__ = ["is_sqlite", "table_events", "table_leads"]

_AT_ONCE = 20_000


def table_leads(
    duck: Duck, table: Table, policy: CheckedPolicy, mapping: SourceMapping, on_bytes: OnBytes
) -> LeadsIn:
    """Leads of a table; RunError when the database refuses, or has no such table."""
    numbers = Numbers("leads")
    if _is_of_duckdb(table):
        columns = _attach(duck, table, "leads_of", "raw_leads")
        return typed_leads(duck, table, columns, numbers, policy, mapping)
    rows = _rows_of(table)
    found = layout(Path(str(table)), rows.names, policy, mapping)
    places = places_of(found)
    stream = _stream(rows, places, on_bytes)
    cells = Cells([rows.names[at] for at in places], stream, numbers, rows.count)
    return leads_of_cells(cells, found, policy, mapping)


def table_events(duck: Duck, table: Table, policy: CheckedPolicy, on_bytes: OnBytes) -> EventsIn:
    """Events of a table."""
    numbers = Numbers("activities")
    if _is_of_duckdb(table):
        columns = _attach(duck, table, "events_of", "raw_events")
        return typed_events(duck, table, columns, numbers, policy)
    rows = _rows_of(table)
    reading = CsvActivities.of_header(Path(str(table)), rows.names, policy)
    wanted = list(reading.at)
    stream = _stream(rows, [reading.at[one] for one in wanted], on_bytes)
    cells = Cells(wanted, stream, numbers, rows.count)
    return events_of_cells(cells, reading, reading.unused, policy)


def is_sqlite(path: Path) -> bool:
    """Whether SQLite wrote the file."""
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _is_of_duckdb(table: Table) -> bool:
    return not is_server(table.database) and not is_sqlite(Path(table.database))


# --- DuckDB --------------------------------------------------------------------------------------


def _attach(duck: Duck, table: Table, alias: str, relation: str) -> dict[str, str]:
    """Let a table be the relation; its columns with their types."""
    try:
        duck.run(f"ATTACH {literal(table.database)} AS {alias} (TYPE duckdb, READ_ONLY)")
    except Exception as error:
        raise RunError(
            f"{table.database}: this is no database of DuckDB or SQLite that can be read.",
            "It may be of a newer version, cut off, or held open by another program.",
        ) from error
    schema, _, own = table.name.rpartition(".")
    found = duck.rows(
        "SELECT table_name FROM duckdb_tables() "
        f"WHERE database_name = '{alias}' AND schema_name = {literal(schema or 'main')} "
        "UNION ALL SELECT view_name FROM duckdb_views() "
        f"WHERE database_name = '{alias}' AND schema_name = {literal(schema or 'main')}"
    )
    names = [str(row[0]) for row in found]
    if own not in names:
        raise _no_table(table, names)
    whole = f"{alias}.{name(schema or 'main')}.{name(own)}"
    columns = duck.columns(whole)
    duck.run(
        f"CREATE VIEW {relation} AS SELECT row_number() OVER () AS number, "
        f"NULL::VARCHAR AS fault, NULL::VARCHAR AS value, *{all_held(columns)} FROM {whole}"
    )
    return columns


def _no_table(table: Table, names: Sequence[str]) -> RunError:
    listed = f"It has {', '.join(names[:10])}." if names else "It has none."
    return RunError(
        f"{table}: there is no table `{table.name}` in this database.",
        did_you_mean(table.name, names) or listed,
    )


# --- SQLite and Postgres -------------------------------------------------------------------------


class _Rows(Protocol):
    """The rows of a table, as texts, in one and the same order whenever they are asked for."""

    names: list[str]
    count: int

    def each(self, places: Sequence[int]) -> Iterator[list[tuple[str | None, ...]]]: ...


def _rows_of(table: Table) -> _Rows:
    if is_server(table.database):
        from leadpact.warehouse.postgres import PostgresRows

        return PostgresRows(table)
    return _SqliteRows(table)


def _stream(rows: _Rows, places: Sequence[int], on_bytes: OnBytes) -> Stream:
    schema = text_schema([f"c{index}" for index in range(len(places))])

    def batches() -> Iterator[pa.RecordBatch]:
        number = 0
        for some in rows.each(places):
            at = numbers_array(range(number + 1, number + 1 + len(some)))
            number += len(some)
            on_bytes(len(some))
            none = pa.nulls(len(some), pa.string())
            cells = [
                texts_or_null([_without_nul(cell) for cell in column])
                for column in zip(*some, strict=True)
            ]
            yield pa.RecordBatch.from_arrays([at, none, none, *cells], schema=schema)

    return Stream(schema, batches)


def _read_only(path: Path) -> sqlite3.Connection:
    # DuckDB asks for the rows from whichever of its threads comes first.
    address = f"{path.as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _without_nul(cell: str | None) -> str | None:
    return None if cell is None else cell.replace("\0", "\ufffd")


class _SqliteRows:
    def __init__(self, table: Table) -> None:
        self._table = table
        with self._open() as database:
            found = database.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            )
            names = [str(row[0]) for row in found]
            if table.name not in names:
                raise _no_table(table, names)
            cursor = database.execute(f"SELECT * FROM {name(table.name)} LIMIT 0")
            self.names = [str(column[0]) for column in cursor.description]
            self.count = database.execute(f"SELECT count(*) FROM {name(table.name)}").fetchone()[0]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        path = Path(self._table.database).absolute()
        try:
            with closing(_read_only(path)) as database:
                yield database
        except sqlite3.Error as error:
            raise RunError(
                f"{self._table}: the database refuses ({error}).",
                "It may be cut off, or held open by another program.",
            ) from error

    def each(self, places: Sequence[int]) -> Iterator[list[tuple[str | None, ...]]]:
        columns = ", ".join(name(self.names[at]) for at in places)
        with self._open() as database:
            cursor = database.execute(f"SELECT {columns} FROM {name(self._table.name)}")
            while some := cursor.fetchmany(_AT_ONCE):
                yield [tuple(_text(value) for value in row) for row in some]


def _text(value: Any) -> str | None:
    """A value as the cell of a table of text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
