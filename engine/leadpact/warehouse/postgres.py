"""Tables of Postgres servers, read as texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from leadpact.batch.places import RunError, Table, did_you_mean
from leadpact.warehouse.duck import name as quoted
from leadpact.warehouse.postgres_door import Door, connected

__all__ = ["PostgresRows"]

_AT_ONCE = 20_000
_SESSION = (
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO'",
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
)


class PostgresRows:
    """The rows of one table, in the order in which the server holds them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._shown = table.shown
        schema, _, own = table.name.rpartition(".")
        with self._open() as server:
            found = server.execute(
                "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a "
                "WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped "
                "ORDER BY a.attnum",
                [_quoted(schema, own)],
            ).fetchall()
            if not found:
                raise self._no_table(server, own)
            self.names = [str(row[0]) for row in found]
            self._types = [str(row[1]) for row in found]
            counted = server.execute(f"SELECT count(*) FROM {_quoted(schema, own)}").fetchone()
            self.count: int = 0 if counted is None else int(counted[0])
        self._from = _quoted(schema, own)

    def each(self, places: Sequence[int]) -> Iterator[list[tuple[str | None, ...]]]:
        """All rows: the columns at ``places``."""
        columns = ", ".join(_as_text(self.names[at], self._types[at]) for at in places)
        with self._open() as server, server.cursor("leadpact") as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(f"SELECT {columns} FROM {self._from} ORDER BY ctid")
            while some := cursor.fetchmany(_AT_ONCE):
                yield some

    def _no_table(self, server: Door, own: str) -> RunError:
        rows = server.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        ).fetchall()
        names = [str(row[0]) for row in rows]
        listed = f"It has {', '.join(names[:10])}." if names else "It has none."
        return RunError(
            f"{self._shown}: there is no table `{self._table.name}` in this database.",
            did_you_mean(own, names) or listed,
        )

    @contextmanager
    def _open(self) -> Iterator[Door]:
        with connected(self._table.database) as server, server.told():
            for statement in _SESSION:
                server.execute(statement)
            yield server


def _quoted(schema: str, table: str) -> str:
    return f"{quoted(schema)}.{quoted(table)}" if schema else quoted(table)


def _as_text(column: str, type_: str) -> str:
    """A column as the cells of a CSV file would say it."""
    own = quoted(column)
    if type_.startswith("timestamp"):
        # ISO 8601 with whole offsets, which the server's own text has not.
        return f"(to_jsonb({own}) #>> '{{}}')"
    if type_.startswith("numeric"):
        return f"trim_scale({own})::text"
    if type_.endswith("[]"):
        return f"array_to_string({own}, ';')"
    return f"{own}::text"
