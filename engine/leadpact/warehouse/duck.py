"""DuckDB: the one place that opens it, and turns what goes wrong in it into words for people."""

from __future__ import annotations

import atexit
import gc
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from leadpact.batch.places import RunError

__all__ = ["Duck", "Resources", "list_of", "literal", "name"]

# The command line tells Python not to look for circles at its end; DuckDB's own types, which hold
# some, would then complain on standard error.
atexit.register(gc.unfreeze)

_T = TypeVar("_T")

_POLL_SECONDS = 0.2
_HEARD = "SET enable_progress_bar = true; SET enable_progress_bar_print = false"
_FULL = ("No space left", "Disk quota", "File too large", "max_temp_directory_size")


class Resources:
    """What a run may take: bytes of memory, and threads; ``None`` for what is there.

    What does not fit into the memory goes to ``folder``, which is emptied in any case.
    """

    def __init__(
        self, memory: str | None = None, threads: int | None = None, folder: Path | None = None
    ) -> None:
        self.memory = memory
        self.threads = threads
        self.folder = folder


def name(text: str) -> str:
    """A name in quotes."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in quotes."""
    return "'" + text.replace("'", "''") + "'"


def list_of(texts: Any) -> str:
    """Texts in quotes, with commas between."""
    return ", ".join(literal(text) for text in texts)


class Duck:
    """One private database in memory, which spills to disk."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._failures: list[list[BaseException]] = []

    @classmethod
    @contextmanager
    def opened(cls, resources: Resources) -> Iterator[Duck]:
        """A database that is gone afterwards, with whatever it spilt."""
        folder = resources.folder or Path(os.environ.get("TMPDIR") or tempfile.gettempdir())
        with tempfile.TemporaryDirectory(prefix=".leadpact-", dir=folder) as spilt:
            config: dict[str, str | bool | int | float | list[str]] = {
                "temp_directory": spilt,
                "memory_limit": resources.memory or _memory(),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "false",
            }
            if resources.threads is not None:
                config["threads"] = resources.threads
            try:
                connection = duckdb.connect(":memory:", config=config)
            except duckdb.Error as error:
                if resources.memory is None:
                    raise
                raise RunError(
                    f"--memory: `{resources.memory}` is no size.", "Write it like `2GB`."
                ) from error
            try:
                connection.execute("SET GLOBAL TimeZone = 'UTC'")
                yield cls(connection)
            finally:
                connection.close()

    def run(self, sql: str, *, heard: Callable[[float], None] | None = None) -> None:
        """Do what the SQL says; ``heard`` hears now and then how much of it is done (0 to 1)."""
        if heard is not None:
            self._connection.execute(_HEARD)
        with self._told():
            _waited(self._connection, lambda: self._connection.execute(sql), heard)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        with self._told():
            return _waited(self._connection, lambda: self._connection.execute(sql).fetchall())

    def one(self, sql: str) -> Any:
        """The only value of a result of one row."""
        return self.rows(sql)[0][0]

    def each(self, sql: str, at_once: int = 2_000) -> Iterator[tuple[Any, ...]]:
        """The rows of a result of any size, one after the other."""
        with self._told():
            cursor = self._connection.cursor()
            _waited(cursor, lambda: cursor.execute(sql))
            while rows := cursor.fetchmany(at_once):
                yield from rows

    def batches(self, sql: str, rows: int = 50_000) -> Iterator[Any]:
        """The result as Arrow record batches."""
        with self._told():
            yield from self._connection.cursor().sql(sql).to_arrow_reader(rows)

    def reader(self, sql: str, rows: int = 50_000) -> Any:
        """The result as an Arrow record batch reader."""
        with self._told():
            return self._connection.cursor().sql(sql).to_arrow_reader(rows)

    def register(self, relation: str, stream: object) -> None:
        """Let a thing with an Arrow stream be called ``relation`` in SQL, also in other cursors."""
        with self._told():
            self._connection.register(relation, stream)
        failures = getattr(stream, "failures", None)
        if failures is not None:
            self._failures.append(failures)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong in DuckDB, in words for people; in a stream, as it was raised there."""
        try:
            yield
        except duckdb.Error as error:
            for failures in self._failures:
                if failures:
                    raise failures.pop() from None
            raise _in_words(error) from error

    def columns(self, relation: str) -> dict[str, str]:
        """The columns of a relation with the names of their types."""
        found = self.rows(f"DESCRIBE SELECT * FROM {relation}")
        return {str(row[0]): str(row[1]) for row in found}


def _in_words(error: duckdb.Error) -> BaseException:
    text = str(error)
    if isinstance(error, duckdb.InterruptException):
        return KeyboardInterrupt()
    if any(sign in text for sign in _FULL):
        return RunError(
            "There is no room left on the disk.",
            "Make room there, or let TMPDIR name a folder on a larger disk.",
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return RunError(
            "The memory that the run may take is too little.", "Give it more: `--memory 2GB`."
        )
    if isinstance(error, duckdb.IOException | duckdb.InvalidInputException):
        first = text.splitlines()[0].partition("Error: ")[2] or text.splitlines()[0]
        return RunError(f"A file could not be read or written: {first}")
    return error


def _memory() -> str:
    """A quarter of the machine's memory, at most 1 GiB."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return "1GiB"
    return f"{min(whole // 4, 1 << 30)}B"


def _waited(
    connection: duckdb.DuckDBPyConnection,
    action: Callable[[], _T],
    heard: Callable[[float], None] | None = None,
) -> _T:
    """What the action gives. It is done in a thread, so that Ctrl-C can stop it half-way."""
    begun, stopped, done = threading.Event(), threading.Event(), threading.Event()
    found: list[_T] = []
    failed: list[BaseException] = []

    def act() -> None:
        begun.set()
        try:
            if not stopped.is_set():
                found.append(action())
        except BaseException as error:
            failed.append(error)
        finally:
            done.set()

    acting = threading.Thread(target=act, daemon=True)
    try:
        acting.start()
        while not done.wait(_POLL_SECONDS):
            if heard is not None:
                heard(max(connection.query_progress(), 0.0) / 100)
    except BaseException:
        # A thread that has not begun will see that it is stopped. A query that has not begun would
        # not hear of it, so it is told again.
        stopped.set()
        while begun.is_set() and not done.is_set():
            connection.interrupt()
            done.wait(_POLL_SECONDS)
        raise
    if failed:
        raise failed[0]
    return found[0]
