"""What happens on Spark's workers: leads that came together with their events are decided.

A worker decides as ``policy.table`` does: DuckDB by the policy's query, Python what is odd.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from math import ceil
from typing import Any, Literal

from leadpact.api import Policy
from leadpact.backends.sql import Query
from leadpact.batch.comparing import DifferenceError
from leadpact.batch.csv_records import MAX_BYTES as LONGEST_CSV_LINE
from leadpact.batch.csv_records import csv_records
from leadpact.batch.lines import BadLine, Lines
from leadpact.batch.numbers import Numbers
from leadpact.batch.sources import SourceMapping
from leadpact.batch.tally import Tally
from leadpact.places.arrow import (
    chunks,
    count_of,
    rows_of,
    table_of,
    texts_of,
    with_texts,
)
from leadpact.places.spark_counts import Counted, packed
from leadpact.warehouse import Resources
from leadpact.warehouse.table import Asked, Decided, Given, decide

__all__ = ["Deciding", "Rows"]

_MOST = 500_000
_WEIGHT = {"lead": 10, "event": 1}
"""So a worker has at most 50,000 leads at once, or 500,000 events."""
_LONGEST_VALUE = 200
_RESOURCES = Resources(memory="512MB", threads=1)


@dataclass(frozen=True)
class Rows:
    """How rows travel: in these columns. ``width`` is how many cells a line of a CSV file has."""

    shape: Literal["columns", "checked", "lines"]
    names: tuple[str, ...]
    width: int = 0


@dataclass(frozen=True)
class Deciding:
    """What Spark calls with all rows of some leads and events, in the order of their keys.

    ``policy`` is pickled, so that a process that Spark uses again need not make it again. ``query``
    is the policy's, if it can be said. ``columns`` are those of the outcome with Spark's types.
    ``share`` is how much of the leads are decided in Python, too. Without ``counted`` there is one
    row a lead and nothing else; with it, one row a problem, and one with the counts of each chunk.
    """

    policy: bytes
    query: Query | None
    mapping: SourceMapping
    as_of: datetime
    explain: bool
    leads: Rows
    events: Rows | None
    columns: dict[str, str]
    counted: bool
    share: float

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        for chunk in chunks(batches, _WEIGHT, _MOST):
            yield from self._outcomes(chunk)

    def _outcomes(self, chunk: list[Any]) -> list[Any]:
        policy = _policy(self.policy)
        asked = Asked(
            policy,
            self.as_of,
            self.explain,
            self.mapping,
            _RESOURCES,
            self.query or "none",
            self.counted,
            ceil(self.share * count_of(chunk, "lead")),
        )
        leads = _given(chunk, "lead", self.leads, "leads")
        events = None
        if self.events is not None:
            events = _given(chunk, "event", self.events, "activities")
        try:
            found = decide(asked, leads, events)
        except DifferenceError as wrong:
            one = wrong.found[0]
            told = f"{one.what} is {one.by_query}, but {one.by_python} in Python"
            differs = f"The query and Python do not agree about the lead `{wrong.lead}`: {told}."
            counts = packed(Counted(Tally(policy.checked), differs=differs))
            return table_of([], [{"#part": "counts", "#counts": counts}], self.columns)
        rows = self._told(policy, found) if self.counted else []
        return table_of([found.answers], rows, self.columns)

    def _told(self, policy: Policy, found: Decided) -> list[dict[str, str]]:
        rows = []
        for reject, wrong in found.rejects:
            row = {
                "#part": "problem",
                "id": reject.id,
                "status": "wrong" if wrong else "refused",
                "reason": reject.reason,
                "#field": reject.field,
                "#value": _cut(reject.value),
                "#input": reject.file,
            }
            rows.append(row)
        counted = Counted(found.tally, found.in_python, found.verified)
        return [*rows, {"#part": "counts", "#counts": packed(counted)}]


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"


@lru_cache(maxsize=4)
def _policy(pickled: bytes) -> Policy:
    policy: Policy = pickle.loads(pickled)
    return policy


class _TableRows(Numbers):
    """Rows of Spark have no numbers, so repeated ids are counted."""

    __slots__ = ()

    def listed(self, numbers: list[int], most: int) -> str:
        return f"more than {most} rows" if len(numbers) > most else f"{len(numbers)} rows"


def _given(chunk: list[Any], column: str, rows: Rows, what: str) -> Given:
    table = rows_of(chunk, column, rows.names)
    if rows.shape == "checked":
        faults = texts_of(table, "#fault")
        if faults is not None:
            found = [None if raw is None else _fault(raw, rows.width) for raw in faults]
            texts = table.column("#value").to_pylist()
            values = [one[1] if one else text for one, text in zip(found, texts, strict=True)]
            table = with_texts(table, "#value", values)
            table = with_texts(table, "#fault", [one[0] if one else None for one in found])
    return Given(table, _TableRows(what), rows.shape)


def _fault(raw: str, width: int) -> tuple[str, str]:
    """Why a line of CSV is none, and its text."""
    lines = Lines(BytesIO(raw.encode("utf-8")), LONGEST_CSV_LINE, _nobody)
    row = next(csv_records(lines), None)
    if isinstance(row, BadLine):
        return row.reason, row.value
    cells = [] if row is None else row.cells
    reason = f"The line has {len(cells)} values, but there are {width} columns."
    return reason, ",".join(cells)


def _nobody(_: int) -> None:
    pass
