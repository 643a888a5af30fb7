"""What a run puts aside on disk: the ids of the leads, and the events of a separate file.

It is one private temporary database that is gone when the run ends, however it ends, so memory
stays flat whatever the size and order of the files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import NamedTuple

from leadpact.batch.places import RunError

__all__ = ["Store", "StoredEvent"]

_CACHE_KIB = 24_000


class StoredEvent(NamedTuple):
    line: int
    event: str | bytes


class Store:
    """Ids and events on disk. Fill one after the other, then ask."""

    def __init__(self) -> None:
        # An empty name is a private file that the system removes when it is closed.
        self._db = sqlite3.connect("", isolation_level=None)
        for pragma in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "temp_store = FILE",
            f"cache_size = -{_CACHE_KIB}",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self._has_events = False
        self._has_duplicates = False

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()
        if isinstance(error, sqlite3.OperationalError):
            raise RunError(
                "There is no room left in the temporary folder.",
                "Make room, or let TMPDIR name a folder on a larger disk.",
            ) from error

    def add_events(self, events: Iterable[tuple[str, int, str | bytes]]) -> None:
        """Take events in: the lead's id, the line, and the event; in any order."""
        self._db.execute("CREATE TABLE loose (lead TEXT, line INTEGER, event BLOB)")
        self._insert("INSERT INTO loose VALUES (?, ?, ?)", events)
        self._db.execute(
            "CREATE TABLE event (lead TEXT, line INTEGER, event BLOB, PRIMARY KEY (lead, line)) "
            "WITHOUT ROWID"
        )
        # Sorted first, so that the tree is written from left to right and leads lie together.
        self._db.execute("INSERT INTO event SELECT * FROM loose ORDER BY lead, line")
        self._db.execute("DROP TABLE loose")
        self._has_events = True

    def add_ids(self, ids: Iterable[tuple[int, str]]) -> None:
        """Take in the line and the id of every lead."""
        self._db.execute("CREATE TABLE lead (line INTEGER, id TEXT)")
        self._insert("INSERT INTO lead VALUES (?, ?)", ids)
        self._db.execute("CREATE INDEX lead_by_id ON lead (id, line)")
        self._db.execute(
            "CREATE TABLE twice AS SELECT id FROM lead GROUP BY id HAVING count(*) > 1"
        )
        self._db.execute("CREATE INDEX twice_by_id ON twice (id)")
        self._has_duplicates = self._db.execute("SELECT 1 FROM twice").fetchone() is not None

    def events_of(self, lead: str) -> list[StoredEvent]:
        """The lead's events in the order of their file."""
        if not self._has_events:
            return []
        rows = self._db.execute(
            "SELECT line, event FROM event WHERE lead = ? ORDER BY line", (lead,)
        )
        return [StoredEvent(line, event) for line, event in rows]

    def lines_if_twice(self, lead: str, most: int) -> list[int]:
        """The first ``most`` lines on which an id stands; empty when it stands there once."""
        if not self._has_duplicates:
            return []
        if self._db.execute("SELECT 1 FROM twice WHERE id = ?", (lead,)).fetchone() is None:
            return []
        rows = self._db.execute(
            "SELECT line FROM lead WHERE id = ? ORDER BY line LIMIT ?", (lead, most)
        )
        return [line for (line,) in rows]

    def events_without_lead(self) -> Iterator[tuple[str, int]]:
        """Id and line of each event whose lead is not there, by id and line."""
        if self._has_events:
            yield from self._db.execute(
                "SELECT lead, line FROM event "
                "WHERE NOT EXISTS (SELECT 1 FROM lead WHERE lead.id = event.lead) "
                "ORDER BY lead, line"
            )

    def _insert(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._db.execute("BEGIN")
        self._db.executemany(statement, rows)
        self._db.execute("COMMIT")
