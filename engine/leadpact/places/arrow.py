"""Batches of Arrow, as Spark gives and takes them: the one place of this room that handles them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

__all__ = [
    "LineRow",
    "chunks",
    "count_of",
    "lines_batch",
    "rows_of",
    "table_of",
    "texts_of",
    "with_texts",
]

LineRow: TypeAlias = tuple[bytes | None, str | None, str | None, str | None]
"""A line of JSON: its key, why it is none, its text then, and its text else."""


def chunks(
    batches: Iterable[pa.RecordBatch], weight: Mapping[str, int], most: int
) -> Iterator[list[pa.RecordBatch]]:
    """The batches, in order of their column ``key``, together so many that they fit into memory.

    ``weight`` says what a row weighs that has something in a column. A new chunk begins where the
    last one has ``most``, but rows of one key stay together; rows without a key need not.
    """
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        if size >= most and batch.num_rows:
            same = _still(batch.column("key"), held[-1].column("key")[-1])
            if same:
                held.append(batch.slice(0, same))
            if same == batch.num_rows:
                continue
            yield held
            held, size, batch = [], 0, batch.slice(same)
        if batch.num_rows:
            held.append(batch)
        size += sum(each * count_of([batch], column) for column, each in weight.items())
    if held:
        yield held


def _still(keys: pa.Array, last: pa.Scalar) -> int:
    """How many of the keys, from the first one on, are the last one."""
    if not last.is_valid:
        return 0
    other = pc.index(pc.equal(keys, last), pa.scalar(False)).as_py()
    return len(keys) if other < 0 else int(other)


def count_of(chunk: Sequence[pa.RecordBatch], column: str) -> int:
    """How many rows have something in a column, if there is such a column."""
    held = (batch.column(column) for batch in chunk if column in batch.schema.names)
    return sum(len(one) - one.null_count for one in held)


def rows_of(chunk: Sequence[pa.RecordBatch], column: str, names: Sequence[str]) -> pa.Table:
    """What a column of structs holds, as a table whose columns have these names."""
    held = [batch.column(column) for batch in chunk]
    structs = [pc.filter(one, one.is_valid()) for one in held]
    table = pa.Table.from_batches([pa.RecordBatch.from_struct_array(one) for one in structs])
    return table.rename_columns(list(names))


def texts_of(table: pa.Table, column: str) -> list[str | None] | None:
    """The texts of a column; ``None`` if there is none at all."""
    found = table.column(column)
    return None if found.null_count == table.num_rows else found.to_pylist()


def with_texts(table: pa.Table, column: str, texts: Sequence[str | None]) -> pa.Table:
    """The table with other texts in a column."""
    at = table.column_names.index(column)
    return table.set_column(at, column, pa.array(texts, pa.string()))


def table_of(
    parts: Sequence[pa.Table], rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]
) -> list[pa.RecordBatch]:
    """Tables, and rows behind them, by these columns; ``columns`` has Spark's type of each.

    What a table or a row does not have is null.
    """
    schema = pa.schema([(column, _TYPES[type_]) for column, type_ in columns.items()])
    whole = [_filled(part, schema) for part in parts]
    if rows:
        whole.append(pa.Table.from_pylist([dict(row) for row in rows], schema))
    return [batch for part in whole for batch in part.to_batches()]


def _filled(part: pa.Table, schema: pa.Schema) -> pa.Table:
    arrays = [
        part.column(one.name).cast(one.type)
        if one.name in part.column_names
        else pa.nulls(part.num_rows, one.type)
        for one in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def lines_batch(rows: Sequence[LineRow]) -> pa.RecordBatch:
    """Lines of JSON, each with its key, its fault, and its text."""
    keys, faults, values, texts = zip(*rows, strict=True) if rows else ((), (), (), ())
    arrays = [pa.array(keys, pa.binary())]
    arrays += [pa.array(each, pa.string()) for each in (faults, values, texts)]
    return pa.RecordBatch.from_arrays(arrays, names=["key", "fault", "value", "text"])


_POINTS = pa.decimal128(18, 2)
_TYPES = {
    "string": pa.string(),
    "decimal(18, 2)": _POINTS,
    "timestamp": pa.timestamp("us", tz="UTC"),
    "array<struct<rule: string, points: decimal(18, 2), count: bigint>>": pa.list_(
        pa.struct([("rule", pa.string()), ("points", _POINTS), ("count", pa.int64())])
    ),
}
"""By the types of Spark that decisions have."""
