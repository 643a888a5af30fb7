"""Lines of JSON on Spark's workers: each with the key by which leads and events come together.

The key is read as the engine reads it, and not by Spark, whose JSON is not quite the same: of two
values of one name it takes the first, and of numbers its own spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from leadpact.batch.json_records import MAX_BYTES
from leadpact.batch.leads import json_row, lead_key
from leadpact.batch.lines import BadLine, Lines
from leadpact.operators.text import BLANKS
from leadpact.places.arrow import LineRow, lines_batch

__all__ = ["KEYED", "KeyedLines"]

KEYED = "key binary, fault string, value string, text string"
"""What comes of lines, by Spark's types."""


@dataclass(frozen=True)
class KeyedLines:
    """What Spark calls with lines, which are bytes; the member ``name`` says whose each is."""

    name: str

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            rows = (self._row(line) for line in batch.column(0).to_pylist())
            yield lines_batch([row for row in rows if row is not None])

    def _row(self, line: bytes) -> LineRow | None:
        """Key, fault, value and text; ``None`` for a blank line."""
        found = Lines(BytesIO(line + b"\n"), MAX_BYTES, _nobody).next()
        if found is None:
            return None
        if found.fault is not None:
            return None, found.fault, found.text, None
        if not found.text.strip(BLANKS):
            return None
        row = json_row(0, found.text)
        key = None if isinstance(row, BadLine) else lead_key(row.record.get(self.name))
        return None if key is None else key.encode(), None, None, found.text


def _nobody(_: int) -> None:
    pass
