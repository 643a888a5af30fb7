"""Where decisions go: files of text, Parquet, tables of databases. All of them, or nothing."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from leadpact.batch.output import Output, decision_format
from leadpact.batch.places import Place, RunError, Table, TextFormat, cannot_write, format_of
from leadpact.decision import Decision
from leadpact.warehouse.databases import is_sqlite
from leadpact.warehouse.duck import Duck, literal, name
from leadpact.warehouse.results import Wording, instant_text, lines_of, table_columns, table_row

__all__ = ["LinesWriting", "Typed", "Writing", "writing_to"]


class Writing(Protocol):
    """One place that is written. ``columns`` (with types) and ``row`` hold what Python decided."""

    @property
    def columns(self) -> Mapping[str, str]: ...

    def row(self, decision: Decision) -> dict[str, Any]:
        """A decision of the Python engine as a row of ``told``."""

    def write(self, duck: Duck, queried: bool) -> None:
        """Write the relation ``told`` and, if a query decided, ``decided``; in their order."""

    def keep(self) -> None:
        """Put it in its place."""


@contextmanager
def writing_to(place: Place, wording: Wording, explain: bool) -> Iterator[Writing]:
    """What writes the decisions of a run; nothing is left of it unless it is kept."""
    if isinstance(place, Table):
        with _database(place, wording, explain) as writing:
            yield writing
        return
    format = format_of(place)
    path = Path(str(place))
    with Output(path) as output:
        if format == "parquet":
            yield _Parquet(output, wording, explain)
        else:
            yield LinesWriting(output, format, wording, explain)


class LinesWriting:
    """CSV and JSON lines: each decision is a text, its line end included."""

    columns: Mapping[str, str] = {"line": "VARCHAR"}

    def __init__(self, output: Output, format: TextFormat, wording: Wording, explain: bool) -> None:
        self._output = output
        self._format: TextFormat = format
        self._wording = wording
        self.tells_warnings = format == "json lines"
        self._parts: list[bytes] = []
        # The header is written at once; what comes after it is kept as rows.
        self._to_parts = decision_format(format, self._parts.append, wording.policy, explain)
        self._header = b"".join(self._parts)

    def row(self, decision: Decision) -> dict[str, Any]:
        self._parts.clear()
        self._to_parts(decision)
        return {"line": b"".join(self._parts).decode("utf-8")}

    def write(self, duck: Duck, queried: bool) -> None:
        self._output.write(self._header)
        each = "SELECT pos, line FROM told"
        if queried:
            composed = lines_of(self._format, self._wording)
            each += f" UNION ALL SELECT pos, {composed} AS line FROM decided"
        for batch in duck.batches(f"SELECT line FROM ({each}) ORDER BY pos"):
            for data in _text_of(batch.column(0)):
                self._output.write(data)

    def keep(self) -> None:
        self._output.keep()


def _text_of(lines: Any) -> Iterator[bytes]:
    """All texts of an Arrow column, one behind the other: just as they lie in memory."""
    assert lines.null_count == 0
    if not len(lines):
        return
    _, offsets, data = lines.buffers()
    starts = memoryview(offsets).cast("i")
    first, last = starts[lines.offset], starts[lines.offset + len(lines)]
    yield bytes(memoryview(data)[first:last])


class Typed:
    """What is written by columns of their own types."""

    def __init__(self, wording: Wording, explain: bool) -> None:
        self._wording = wording
        self._explain = explain
        self._found = table_columns(wording, explain)
        self.columns: Mapping[str, str] = {key: type_ for key, type_, _ in self._found}

    def row(self, decision: Decision) -> dict[str, Any]:
        return table_row(self._wording, decision, self._explain)

    def each(self, queried: bool) -> str:
        """A query of ``pos`` and these columns, in any order."""
        columns = ", ".join(name(key) for key in self.columns)
        each = f"SELECT pos, {columns} FROM told"
        if queried:
            values = ", ".join(
                f"({sql})::{type_} AS {name(key)}" for key, type_, sql in self._found
            )
            each += f" UNION ALL SELECT pos, {values} FROM decided"
        return each

    def _all(self, queried: bool) -> str:
        columns = ", ".join(name(key) for key in self.columns)
        return f"SELECT {columns} FROM ({self.each(queried)}) ORDER BY pos"


class _Parquet(Typed):
    def __init__(self, output: Output, wording: Wording, explain: bool) -> None:
        super().__init__(wording, explain)
        self._output = output

    def write(self, duck: Duck, queried: bool) -> None:
        duck.run(
            f"COPY ({self._all(queried)}) TO {literal(str(self._output.partial))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )

    def keep(self) -> None:
        self._output.keep()


# --- databases -----------------------------------------------------------------------------------


@contextmanager
def _database(place: Table, wording: Wording, explain: bool) -> Iterator[Writing]:
    path = Path(place.database)
    if path.exists():
        writer = _Sqlite if is_sqlite(path) else _DuckDB
        yield writer(place, path, wording, explain)
        return
    # A new database appears when it is whole, like any file.
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    writer = _Sqlite if path.suffix.lower().startswith(".sqlite") else _DuckDB
    writing = writer(place, partial, wording, explain)
    writing.final = path
    try:
        yield writing
    finally:
        partial.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            partial.with_name(partial.name + ".wal").unlink(missing_ok=True)


class _OfDatabase(Typed):
    """``final`` is where a new database goes when it is whole."""

    def __init__(self, place: Table, path: Path, wording: Wording, explain: bool) -> None:
        super().__init__(wording, explain)
        self._place = place
        self._path = path
        self.final: Path | None = None

    def keep(self) -> None:
        if self.final is None:
            return
        try:
            self._path.replace(self.final)
        except OSError as error:
            raise cannot_write(self.final, error) from error


class _DuckDB(_OfDatabase):
    def write(self, duck: Duck, queried: bool) -> None:
        schema, _, table = self._place.name.rpartition(".")
        into = f"written.{name(schema or 'main')}.{name(table)}"
        duck.run(f"ATTACH {literal(str(self._path))} AS written (TYPE duckdb)")
        try:
            if schema:
                duck.run(f"CREATE SCHEMA IF NOT EXISTS written.{name(schema)}")
            duck.run(f"CREATE OR REPLACE TABLE {into} AS {self._all(queried)}")
        finally:
            duck.run("DETACH written")


class _Sqlite(_OfDatabase):
    def write(self, duck: Duck, queried: bool) -> None:
        kinds = {"VARCHAR": "TEXT", "TIMESTAMPTZ": "TEXT", "DECIMAL(18, 2)": "NUMERIC"}
        columns = ", ".join(
            f"{name(key)} {kinds.get(type_, 'TEXT')}" for key, type_ in self.columns.items()
        )
        table = name(self._place.name)
        marks = ", ".join("?" for _ in self.columns)
        try:
            with contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as written:
                written.execute("BEGIN IMMEDIATE")
                written.execute(f"DROP TABLE IF EXISTS {table}")
                written.execute(f"CREATE TABLE {table} ({columns})")
                # Of instants DuckDB's Python side wants a library of zones, so they come as texts.
                shown = ", ".join(
                    f"{instant_text(f'epoch_us({name(key)})')} AS {name(key)}"
                    if type_ == "TIMESTAMPTZ"
                    else name(key)
                    for key, type_ in self.columns.items()
                )
                answer = f"SELECT {shown} FROM ({self.each(queried)}) ORDER BY pos"
                rows = (tuple(map(_plain, row)) for row in duck.each(answer))
                written.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
                written.execute("COMMIT")
        except sqlite3.Error as error:
            raise RunError(
                f"{self._place}: the table cannot be written ({error}).", "Nothing was changed."
            ) from error


def _plain(value: object) -> object:
    """A value as SQLite holds it: times as texts, lists as JSON."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return json.dumps(value, default=float)
    return value
