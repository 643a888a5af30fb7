"""What could not be decided, one row a problem: written, counted, and the first ones kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from leadpact.batch.output import Write, csv_lines

__all__ = ["COLUMNS", "Reject", "Rejects", "StoppedError", "reject_format"]

COLUMNS = ("line", "id", "field", "value", "reason", "file")
_FIRST = 3
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Reject:
    """One problem: the line of ``file`` on which the record starts, and what is wrong there.

    ``file`` is leads or activities; where these are several files, the name of the one.
    """

    line: int
    id: str
    field: str
    value: str
    reason: str
    file: str = "leads"


class StoppedError(Exception):
    """A strict run met its first wrong record."""


class Rejects:
    """Takes every reject; ``write`` is ``None`` when nobody wants the file."""

    def __init__(self, write: Callable[[Reject], None] | None, strict: bool) -> None:
        self._write = write
        self._strict = strict
        self.rows = 0
        self.first: list[Reject] = []

    def add(self, reject: Reject, wrong: bool = True) -> None:
        """Note a problem. ``wrong`` is false for a record that the policy itself turns away:
        that does not stop a strict run.
        """
        self.rows += 1
        if len(self.first) < _FIRST:
            self.first.append(reject)
        if self._strict and wrong:
            self.first = [reject]
            raise StoppedError
        if self._write is not None:
            self._write(reject)


def reject_format(format: str, write: Write) -> Callable[[Reject], None]:
    """What writes rejects in a format: rows of a table, or objects a line."""
    if format == "csv":
        row = csv_lines(write)
        row(COLUMNS)

        def as_row(reject: Reject) -> None:
            row([str(asdict(_cut(reject))[name]) for name in COLUMNS])

        return as_row

    def as_object(reject: Reject) -> None:
        text = json.dumps(asdict(_cut(reject)), ensure_ascii=False, separators=(",", ":"))
        write(f"{text}\n".encode())

    return as_object


def _cut(reject: Reject) -> Reject:
    if len(reject.value) <= _LONGEST_VALUE:
        return reject
    value = f"{reject.value[: _LONGEST_VALUE - 1]}…"
    return Reject(reject.line, reject.id, reject.field, value, reject.reason, reject.file)
