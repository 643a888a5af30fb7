"""The separate file of events: what leads did and what was done with them, one event a row.

Activities and actions stand in one file, in any order. Every event is put aside under its lead's
id as it was read, and becomes a record's event when the lead's turn comes.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TypeAlias, assert_never

from leadpact.batch.csv_records import MAX_BYTES as LONGEST_CSV_LINE
from leadpact.batch.json_records import MAX_BYTES as LONGEST_JSON_LINE
from leadpact.batch.json_records import parse_again
from leadpact.batch.leads import OnBytes, csv_header, even_rows, json_objects, lead_key
from leadpact.batch.lines import BadLine, Lines
from leadpact.batch.numbers import Numbers
from leadpact.batch.places import RunError, did_you_mean, text_format
from leadpact.batch.store import StoredEvent
from leadpact.batch.values import Read, WrongValueError, typed_reader
from leadpact.checked import CheckedPolicy
from leadpact.operators.text import BLANKS

__all__ = [
    "Activities",
    "CsvActivities",
    "Event",
    "Filed",
    "JsonActivities",
    "homeless",
    "join",
    "open_activities",
]

_COLUMNS = ("lead", "kind", "at", "id", "by")
_NEEDED = _COLUMNS[:3]

Event: TypeAlias = dict[str, object]
Filed: TypeAlias = tuple[str, int, str | bytes]
"""Whose event it is, the number of its line, and the event as it is stored."""


class Activities(Protocol):
    """A file of events. ``unused`` names columns that are no property of any kind."""

    @property
    def unused(self) -> tuple[str, ...]: ...

    @property
    def size(self) -> int:
        """How much ``on_bytes`` hears of, in all."""

    @property
    def numbers(self) -> Numbers: ...

    def rows(self, on_bytes: OnBytes) -> Iterator[Filed | BadLine]:
        """Every event, in the order of the file."""

    def events(self, stored: list[StoredEvent]) -> list[Event]:
        """Stored events as a record holds them, in their order."""


def open_activities(path: Path, policy: CheckedPolicy) -> Activities:
    """The file as its ending says; RunError when its header lacks what every event needs."""
    match text_format(path):
        case "csv":
            return CsvActivities(path, policy)
        case "json lines":
            return JsonActivities(path)
        case other:
            assert_never(other)


def join(record: dict[str, object], events: list[Event], actions: frozenset[str]) -> None:
    """Put events into a lead's record, beside those that it holds.

    Which of the record's two lists an event belongs to is told by its kind: ``actions`` has the
    kinds of the second.
    """
    lists: dict[str, list[Event]] = {"activities": [], "actions": []}
    for event in events:
        kind = event.get("kind")
        of_actions = isinstance(kind, str) and kind in actions
        lists["actions" if of_actions else "activities"].append(event)
    for key, own in lists.items():
        held = record.get(key)
        if own and (held is None or isinstance(held, list)):
            record[key] = [*(held or ()), *own]


def homeless(line: int, text: str) -> BadLine:
    """An event of nobody."""
    return BadLine(line, text, "The event does not say whose it is: `lead` is missing.")


class JsonActivities:
    """One event a line."""

    unused: tuple[str, ...] = ()
    numbers = Numbers("activities")

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size

    def rows(self, on_bytes: OnBytes) -> Iterator[Filed | BadLine]:
        with self._path.open("rb") as file:
            for row in json_objects(Lines(file, LONGEST_JSON_LINE, on_bytes)):
                if isinstance(row, BadLine):
                    yield row
                else:
                    key = lead_key(row.record.get("lead"))
                    yield homeless(row.line, row.text) if key is None else (key, *row[:2])

    def events(self, stored: list[StoredEvent]) -> list[Event]:
        events = parse_again([str(one.event) for one in stored])
        for event in events:
            event.pop("lead", None)
        return events


# --- tables ------------------------------------------------------------------------------------

Reading: TypeAlias = tuple[tuple[int, str, Read], ...]
"""Where each column of an event stands, its name, and how it is read."""


class CsvActivities:
    """A table of events. ``at`` says where each column that is read stands."""

    numbers = Numbers("activities")

    def __init__(self, path: Path, policy: CheckedPolicy) -> None:
        self._path = path
        self.size = path.stat().st_size
        self._understand(csv_header(path), policy)

    @classmethod
    def of_header(cls, path: Path, header: list[str], policy: CheckedPolicy) -> CsvActivities:
        """What reads the rows of some other table with these columns."""
        made = cls.__new__(cls)
        made._path = path
        made.size = 0
        made._understand(header, policy)
        return made

    def _understand(self, header: list[str], policy: CheckedPolicy) -> None:
        names = [name.strip(BLANKS) for name in header]
        types = {
            kind.name: {one.name: typed_reader(one.type) for one in kind.properties}
            for kind in policy.kinds
        }
        known = {*_COLUMNS, *(name for properties in types.values() for name in properties)}
        _check_header(self._path, names, known)
        self.unused = tuple(dict.fromkeys(name for name in names if name and name not in known))
        self.width = len(names)
        self.at = {name: names.index(name) for name in names if name in known}
        self._lead_at, self._kind_at = self.at["lead"], self.at["kind"]
        # A property of another kind is kept as text: the engine says that it is not used.
        places = [(at, name) for at, name in enumerate(names) if name in known - {"lead", "kind"}]
        self._plain: Reading = tuple((at, name, _as_text) for at, name in places)
        self._readings: dict[str, Reading] = {
            kind: tuple((at, name, properties.get(name, _as_text)) for at, name in places)
            for kind, properties in types.items()
        }

    def rows(self, on_bytes: OnBytes) -> Iterator[Filed | BadLine]:
        with self._path.open("rb") as file:
            for row in even_rows(Lines(file, LONGEST_CSV_LINE, on_bytes), self.width):
                if isinstance(row, BadLine):
                    yield row
                else:
                    key = row.cells[self._lead_at].strip(BLANKS)
                    if key:
                        yield key, row.line, marshal.dumps(row.cells)
                    else:
                        yield homeless(row.line, ",".join(row.cells))

    def events(self, stored: list[StoredEvent]) -> list[Event]:
        return [self.event(marshal.loads(one.event)) for one in stored]  # type: ignore[arg-type]

    def event(self, cells: list[str]) -> Event:
        """The event of one row. What is no value of its property stays text: the engine judges."""
        kind = cells[self._kind_at].strip(BLANKS)
        event: Event = {"kind": kind}
        for at, name, read in self._readings.get(kind, self._plain):
            text = cells[at]
            if text and text.strip(BLANKS):
                try:
                    event[name] = read(text)
                except WrongValueError:
                    event[name] = text
        return event


def _as_text(text: str) -> str:
    return text


def _check_header(path: Path, names: list[str], known: set[str]) -> None:
    for needed in _NEEDED:
        if needed not in names:
            raise RunError(
                f"{path}: there is no column `{needed}`.",
                did_you_mean(needed, names) or "Events have the columns lead, kind and at.",
            )
    twice = next((name for name in names if name in known and names.count(name) > 1), None)
    if twice is not None:
        raise RunError(f"{path}: two columns are called `{twice}`.", "Rename one of them.")
