"""A Postgres server: the one place that speaks with it, and what goes wrong there in words.

No message ever tells a password, whatever the server or the library says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from leadpact.batch.places import RunError, did_you_mean
from leadpact.places.columns import Column, Holds
from leadpact.places.postgres_readings import literal, name

__all__ = ["Server", "Table", "opened", "shown_address", "split_name"]

_TIMEOUT_SECONDS = 15
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


def shown_address(address: str) -> str:
    """The address of a server as it may be shown: without password and options."""
    scheme, mark, rest = address.partition("://")
    rest = rest.partition("?")[0]
    who, at, there = rest.rpartition("@")
    return f"{scheme}{mark}{who.partition(':')[0]}{at}{there}"


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
    try:
        import psycopg
    except ImportError as missing:
        raise RunError(
            "Postgres is not installed beside Leadpact.", "`pip install 'leadpact[postgres]'`"
        ) from missing
    secret = _password(address)
    try:
        connection = psycopg.connect(
            address,
            autocommit=True,
            connect_timeout=_TIMEOUT_SECONDS,
            application_name="leadpact",
            client_encoding="UTF8",
        )
    except psycopg.ProgrammingError:
        # What the library says of it would have the whole address in it.
        raise RunError(
            f"{shown_address(address)}: this is no address of a server.",
            "Write it like postgresql://user@host:5432/database; the password can stand in "
            "PGPASSWORD or in ~/.pgpass.",
        ) from None
    except psycopg.OperationalError as error:
        raise _refused(address, _without(secret, str(error))) from None
    server = Server(connection, address, secret)
    try:
        with server.told():
            for statement in _SESSION:
                connection.execute(statement)
            server.check()
        yield server
    finally:
        connection.close()


class Server:
    """An open transaction on a server."""

    def __init__(self, connection: Any, address: str, secret: str) -> None:
        self._connection = connection
        self._secret = secret
        self._cursors = 0
        self.shown = shown_address(address)

    @contextmanager
    def told(self) -> Iterator[None]:
        """What goes wrong on the server, in words for people."""
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            raise self._in_words(error) from None

    def run(self, sql: str) -> int:
        """Do what the SQL says; how many rows it touched."""
        with self.told():
            return int(self._connection.execute(sql).rowcount)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        with self.told():
            found: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
            return found

    def one(self, sql: str) -> Any:
        """The only value of a result of one row."""
        return self.rows(sql)[0][0]

    def named(self, sql: str) -> list[dict[str, Any]]:
        """All rows of a small result, by the names of their columns."""
        with self.told():
            cursor = self._connection.execute(sql)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def each(self, sql: str, at_once: int = _AT_ONCE) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a result of any size, some at once; other work can be done between."""
        self._cursors += 1
        with self.told(), self._connection.cursor(f"leadpact_{self._cursors}") as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(at_once):
                yield rows

    def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Put rows into a table."""
        into = f"{table} ({', '.join(name(column) for column in columns)})"
        copied = f"COPY {into} FROM STDIN"
        with self.told(), self._connection.cursor() as cursor, cursor.copy(copied) as copying:
            for row in rows:
                copying.write_row(row)

    def keep(self) -> None:
        """Let everything be seen that was done."""
        with self.told():
            self._connection.execute("COMMIT")

    # --- what is there --------------------------------------------------------------------------

    def check(self) -> None:
        encoding = self.one("SHOW server_encoding")
        if encoding != "UTF8":
            raise RunError(
                f"{self.shown}: the database is in the encoding {encoding}.",
                "Texts compare the same as everywhere else only in UTF8. Use files, or another "
                "database.",
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

    def _in_words(self, error: Any) -> RunError:
        state = error.sqlstate or ""
        first = _without(self._secret, str(error)).strip().splitlines()[:1] or ["no reason given"]
        said = first[0]
        if state == "42501":
            return RunError(f"{self.shown}: the user may not do this ({said}).")
        if state == "25006":
            return RunError(
                f"{self.shown}: this server only lets read.",
                "Decide on the server that it follows, or in files.",
            )
        if state == "2BP01":
            return RunError(
                f"{self.shown}: other things hang on the table that would be replaced ({said}).",
                "Give the output another name.",
            )
        if state.startswith("53"):
            return RunError(f"{self.shown}: the server has no room left ({said}).", _UNCHANGED)
        if state.startswith(("08", "57P")) or not state:
            return RunError(f"{self.shown}: the server has ended the run ({said}).", _UNCHANGED)
        if state == "57014":
            return RunError(f"{self.shown}: the run was stopped there ({said}).", _UNCHANGED)
        return RunError(f"{self.shown}: the server could not do it ({said}).", _UNCHANGED)


_UNCHANGED = "Nothing was changed."


def _column(column: str, shown: str, type_: str, how: str, category: str) -> Column:
    if type_ in _TEXTS or how == "e":
        # Whatever a column's own rules of comparing are: here all texts compare the same.
        return Column(column, shown, "text", f'({name(column)}::text COLLATE "C")')
    if category == "A":
        return Column(column, shown, "texts", f"{name(column)}::text[]")
    holds = _HOLDS.get(type_, "other")
    sql = f"{name(column)}::numeric" if type_ == "money" else name(column)
    return Column(column, shown, holds, sql)


def _refused(address: str, said: str) -> RunError:
    """Why there is no connection. The words are the library's or the server's."""
    where = shown_address(address)
    low = said.lower()
    if "password authentication failed" in low:
        return RunError(f"{where}: the password is wrong.", _PASSWORD)
    if "no password supplied" in low:
        return RunError(f"{where}: the server wants a password.", _PASSWORD)
    if "authentication failed" in low or "pg_hba.conf" in low:
        return RunError(f"{where}: the server does not let this user in.", _last(said))
    if re.search(r'role "[^"]*" does not exist', said):
        return RunError(f"{where}: the server knows no such user.", _last(said))
    if re.search(r'database "[^"]*" does not exist', said):
        return RunError(f"{where}: the server has no such database.", _last(said))
    if (
        "could not translate host name" in low
        or "name or service not known" in low
        or "resolve host" in low
    ):
        return RunError(f"{where}: no server of this name was found.", "Is the name right?")
    if "timeout" in low or "timed out" in low:
        return RunError(f"{where}: the server did not answer in time.", "Is it behind a firewall?")
    if "refused" in low or "no such file" in low:
        return RunError(
            f"{where}: nobody answers there.", "Does the server run, and are host and port right?"
        )
    return RunError(f"{where}: the server refuses.", _last(said))


_PASSWORD = "Put the right one into PGPASSWORD or ~/.pgpass, or into the address."


def _last(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f"It says: {lines[-1]}" if lines else ""


def _password(address: str) -> str:
    """What must not be shown; empty if the address has none."""
    who, at, _ = address.partition("://")[2].rpartition("@")
    inside = unquote(who.partition(":")[2]) if at else ""
    option = re.search(r"[?&]password=([^&]*)", address)
    return inside or (unquote(option.group(1)) if option else "")


def _without(secret: str, said: str) -> str:
    return said.replace(secret, "…") if secret else said
