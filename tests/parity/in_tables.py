"""Leads in Arrow tables, decided by DuckDB, and where the answers differ from Python's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
from tests.places.shapes import Cell, Record, Tables, plain

from leadpact import Policy
from leadpact.batch.numbers import Numbers
from leadpact.batch.output import decision_columns
from leadpact.decision import Decision, RefusedRecord
from leadpact.places.columns import Holds
from leadpact.places.postgres_outputs import decision_row
from leadpact.warehouse.duck import Resources
from leadpact.warehouse.table import Asked, Given, decide

__all__ = ["arrow", "disagreements"]

_TYPES: dict[Holds, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.decimal128(38, 18),
    "float": pa.float64(),
    "yes or no": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us", "UTC"),
    "local time": pa.timestamp("us"),
    "texts": pa.list_(pa.string()),
}


def arrow(columns: dict[str, Holds], rows: list[list[Cell]]) -> pa.Table:
    """The rows as a table whose columns have types of their own."""
    arrays = [
        pa.array([row[place] for row in rows], type=_TYPES[holds])
        for place, holds in enumerate(columns.values())
    ]
    return pa.Table.from_arrays(arrays, names=list(columns))


def disagreements(policy: Policy, tables: Tables, as_of: datetime) -> tuple[list[str], int]:
    """What is wrong with the answers; how many leads were left to Python."""
    found = decide(
        # All that the query says is compared with its rows of points.
        Asked(
            policy,
            as_of,
            explain=True,
            resources=Resources(threads=1),
            sample=len(tables.leads),
        ),
        Given(arrow(tables.lead_columns, tables.leads), Numbers("leads")),
        Given(arrow(tables.event_columns, tables.events), Numbers("activities")),
    )
    told = found.answers.to_pylist()
    wrong = [
        one
        for record, answer in zip(tables.records, told, strict=True)
        for one in _differences(policy, record, answer, as_of)
    ]
    return wrong, found.in_python


def _differences(
    policy: Policy, record: Record, answer: dict[str, Any], as_of: datetime
) -> Iterator[str]:
    outcome, aside = policy.take(record, as_of=as_of)
    wanted: dict[str, Any] = {"status": "wrong"}
    if isinstance(outcome, RefusedRecord):
        wanted = {"status": "refused"}
    elif isinstance(outcome, Decision):
        names = decision_columns(policy.checked, explain=False)
        row = dict(zip(names, decision_row(policy.checked, outcome, False), strict=True))
        wanted = {"status": "decided", **row}
    for name, value in wanted.items():
        if plain(answer[name]) != plain(value):
            yield f"{record['id']}: {name} is {answer[name]}, but {value} in Python"
    if (answer["reason"] is not None) != (wanted["status"] != "decided" or bool(aside)):
        yield f"{record['id']}: the reason is {answer['reason']}"
