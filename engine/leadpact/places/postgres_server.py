"""A Postgres server in one transaction: what is there, and what is done there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from leadpact.batch.places import RunError, did_you_mean
from leadpact.places.columns import Column, Holds
from leadpact.places.postgres_readings import literal, name
from leadpact.warehouse.postgres_door import Door, connected

__all__ = ["Server", "Table", "opened", "split_name"]

_LOOKS_FOR_US = "SET client_connection_check_interval = '2s'"
"""A server that works on for nobody, as the run was killed, soon ends: Postgres 14 and later."""
_AT_ONCE = 500
_TEXTS = ("text", "varchar", "bpchar", "name", "citext", "uuid")
_HOLDS: dict[str, Holds] = {
    **dict.fromkeys(("int2", "int4", "int8"), "whole"),
    **dict.fromkeys(("numeric", "money"), "number"),
    **dict.fromkeys(("float4", "float8"), "float"),
    **dict.fromkeys(("json", "jsonb"), "structure"),
    "bool": "yes or no",
    "date": "date",
    "timestamptz": "instant",
    "timestamp": "local time",
}
_SESSION = (
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET extra_float_digits = 1",
    "SET standard_conforming_strings = on",
    "SET jit = off",
    # Of equal snapshots all statements of a run see the same rows.
    "BEGIN ISOLATION LEVEL REPEATABLE READ",
)


class Table:
    """A table, a view or the like: ``shown`` is its name for people, ``sql`` the quoted one."""

    def __init__(self, oid: int, schema: str, table: str, kind: str, comment: str) -> None:
        self.oid = oid
        self.schema = schema
        self.name = table
        self.kind = kind
        self.comment = comment
        self.shown = f"{schema}.{table}"
        self.sql = f"{name(schema)}.{name(table)}"


def split_name(text: str) -> tuple[str | None, str]:
    """Schema and table of ``table``, ``schema.table`` or ``"odd name"."table"``."""
    parts = re.findall(r'"(?:[^"]|"")+"|[^."]+', text)
    if not parts or len(parts) > 2 or ".".join(parts) != text:
        raise RunError(
            f"`{text}` is no name of a table.", "Write it `table`, or with its schema `crm.table`."
        )
    bare = [p[1:-1].replace('""', '"') if p.startswith('"') else p for p in parts]
    return (bare[0], bare[1]) if len(bare) == 2 else (None, bare[0])


@contextmanager
def opened(address: str) -> Iterator[Server]:
    """A server in one transaction, which is undone unless it is kept."""
    with connected(address) as door:
        door.unless_refused(_LOOKS_FOR_US)
        with door.told():
            for statement in _SESSION:
                door.execute(statement)
        server = Server(door)
        server.check()
        yield server


class Server:
    """An open transaction on a server."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._cursors = 0
        self.shown = door.shown
        self.told = door.told

    def run(self, sql: str) -> int:
        """Do what the SQL says; how many rows it touched."""
        with self.told():
            return int(self._door.execute(sql).rowcount)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        with self.told():
            found: list[tuple[Any, ...]] = self._door.execute(sql).fetchall()
            return found

    def one(self, sql: str) -> Any:
        """The only value of a result of one row."""
        return self.rows(sql)[0][0]

    def each(self, sql: str, at_once: int = _AT_ONCE) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a result of any size, some at once; other work can be done between."""
        self._cursors += 1
        with self.told(), self._door.cursor(f"leadpact_{self._cursors}") as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(at_once):
                yield rows

    def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Put rows into a table."""
        into = f"{table} ({', '.join(name(column) for column in columns)})"
        copied = f"COPY {into} FROM STDIN"
        with self.told(), self._door.cursor() as cursor, cursor.copy(copied) as copying:
            for row in rows:
                copying.write_row(row)

    def keep(self) -> None:
        """Let everything be seen that was done."""
        with self.told():
            self._door.execute("COMMIT")

    # --- what is there --------------------------------------------------------------------------

    def check(self) -> None:
        encoding = self.one("SHOW server_encoding")
        if encoding != "UTF8":
            raise RunError(
                f"{self.shown}: the database is in the encoding {encoding}.",
                "Texts compare the same as everywhere else only in UTF8. Use files, or another "
                "database.",
            )
        database = "current_database()"
        if not self.one(f"SELECT has_database_privilege({database}, 'TEMPORARY')"):
            raise RunError(
                f"{self.shown}: {self.user()} may not make temporary tables there.",
                "The database's owner can allow it: GRANT TEMPORARY ON DATABASE "
                f"{name(self.one(f'SELECT {database}::text'))} TO {self.user()}",
            )

    def find(self, text: str) -> Table | None:
        """The table of that name; in small letters if none is spelled just so."""
        schema, table = split_name(text)
        spellings = [(schema, table)]
        if '"' not in text and text != text.lower():
            spellings.append((schema and schema.lower(), table.lower()))
        for where, what in spellings:
            quoted = (f"{name(where)}." if where is not None else "") + name(what)
            found = self.rows(
                "SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind::text, "
                "coalesce(obj_description(c.oid, 'pg_class'), '') "
                "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
                f"WHERE c.oid = to_regclass({literal(quoted)})"
            )
            if found:
                return Table(*found[0])
        return None

    def table(self, text: str) -> Table:
        """The table of that name, to be read; RunError if it is not there."""
        found = self.find(text)
        if found is not None and found.kind in "rvmfp":
            if not self.one(f"SELECT has_any_column_privilege({found.oid}::oid, 'SELECT')"):
                raise RunError(
                    f"{found.shown}: {self.user()} may not read this table.",
                    f"Its owner can allow it: GRANT SELECT ON {found.sql} TO {self.user()}",
                )
            return found
        schema, _ = split_name(text)
        if schema is not None and not self.one(
            f"SELECT to_regnamespace({literal(name(schema))}) IS NOT NULL"
        ):
            known = self.rows("SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_'")
            raise RunError(
                f"{text}: there is no schema `{schema}` in {self.shown}.",
                did_you_mean(schema, (row[0] for row in known)),
            )
        raise RunError(f"{text}: there is no such table in {self.shown}.", self._nearest(text))

    def _nearest(self, text: str) -> str:
        known = self.rows(
            "SELECT n.nspname || '.' || c.relname, c.relname::text FROM pg_class AS c "
            "JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN "
            "('r', 'v', 'm', 'f', 'p') AND n.nspname !~ '^pg_' "
            "AND n.nspname <> 'information_schema'"
        )
        schema, table = split_name(text)
        if schema is not None:
            return did_you_mean(text, (row[0] for row in known))
        near = did_you_mean(table, (row[1] for row in known))
        return near or "Is it in a schema of its own? Then write `schema.table`."

    def columns(self, table: Table) -> list[Column]:
        """The columns of a table, with what they hold."""
        rows = self.rows(
            "WITH RECURSIVE held(place, name, shown, type) AS ("
            "SELECT attnum, attname::text, format_type(atttypid, atttypmod), atttypid "
            f"FROM pg_attribute WHERE attrelid = {table.oid} AND attnum > 0 AND NOT attisdropped "
            "UNION ALL SELECT h.place, h.name, h.shown, t.typbasetype FROM held AS h "
            "JOIN pg_type AS t ON t.oid = h.type WHERE t.typtype = 'd') "
            "SELECT h.name, h.shown, t.typname::text, t.typtype::text, t.typcategory::text "
            "FROM held AS h JOIN pg_type AS t ON t.oid = h.type WHERE t.typtype <> 'd' "
            "ORDER BY h.place"
        )
        return [_column(*row) for row in rows]

    def schema_of_new(self, text: str) -> tuple[str, str]:
        """Schema and name of a table that is to be made; RunError where that is not allowed."""
        schema, table = split_name(text)
        if schema is None:
            schema = self.one("SELECT current_schema()::text")
            if schema is None:
                raise RunError(f"{text}: no schema is on the search path.", "Write `schema.table`.")
        allowed = self.one(
            f"SELECT has_schema_privilege(to_regnamespace({literal(name(schema))})::oid, 'CREATE')"
        )
        if allowed is None:
            raise RunError(f"{text}: there is no schema `{schema}` in {self.shown}.")
        if not allowed:
            raise RunError(
                f"{text}: {self.user()} may not make tables in the schema {schema}.",
                f"Its owner can allow it: GRANT CREATE ON SCHEMA {name(schema)} TO {self.user()}",
            )
        return schema, table

    def user(self) -> str:
        return str(self.one("SELECT current_user::text"))


def _column(column: str, shown: str, type_: str, how: str, category: str) -> Column:
    if type_ in _TEXTS or how == "e":
        # Whatever a column's own rules of comparing are: here all texts compare the same.
        return Column(column, shown, "text", f'({name(column)}::text COLLATE "C")')
    if category == "A":
        return Column(column, shown, "texts", f"{name(column)}::text[]")
    holds = _HOLDS.get(type_, "other")
    sql = f"{name(column)}::numeric" if type_ == "money" else name(column)
    return Column(column, shown, holds, sql)
