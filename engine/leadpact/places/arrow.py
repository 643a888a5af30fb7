"""Batches of Arrow, as Spark gives and takes them: the one place of this room that makes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

__all__ = ["batch_of", "rows_of_batch"]

_POINTS = pa.decimal128(18, 2)
_INSTANT = pa.timestamp("us", tz="UTC")
_PROBLEMS = pa.list_(
    pa.struct([(key, pa.string()) for key in ("field", "value", "reason", "input")])
)
_WARNINGS = pa.list_(
    pa.struct([("code", pa.string()), ("subject", pa.string()), ("count", pa.int64())])
)
_ROWS = pa.list_(pa.struct([("rule", pa.string()), ("points", _POINTS), ("count", pa.int64())]))


def rows_of_batch(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    """The rows of a batch."""
    yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def batch_of(rows: Sequence[dict[str, Any]], types: dict[str, str]) -> pa.RecordBatch:
    """Rows of outcomes; ``types`` names Spark's type of each result."""
    held = {"id": pa.string(), "status": pa.string()}
    held |= {column: _arrow(type_) for column, type_ in types.items()}
    held |= {"problems": _PROBLEMS, "warnings": _WARNINGS}
    arrays = [
        pa.array([_cell(row.get(column), type_) for row in rows], type=type_)
        for column, type_ in held.items()
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(held))


def _arrow(type_: str) -> pa.DataType:
    if type_.startswith("decimal"):
        return _POINTS
    if type_.startswith("array"):
        return _ROWS
    return _INSTANT if type_ == "timestamp" else pa.string()


def _cell(value: Any, type_: pa.DataType) -> Any:
    if value is None:
        return None
    if type_ == _POINTS:
        return _points(value)
    if type_ == _ROWS:
        return [{**row, "points": _points(row["points"])} for row in value]
    return value


def _points(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
