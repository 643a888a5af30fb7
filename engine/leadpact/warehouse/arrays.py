"""Arrow arrays of plain Python lists, made without pandas.

Arrow's own way from a list looks whether pandas is there and imports it, which takes longer than
many a run.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from leadpact.operators.text import BLANKS

__all__ = ["are_given", "arrow_table", "lines_of", "numbers", "texts", "texts_or_null"]


def numbers(values: Iterable[int]) -> pa.Int64Array:
    """Whole numbers."""
    held = array("q", values)
    return pa.Array.from_buffers(pa.int64(), len(held), [None, pa.py_buffer(held)])


def texts(values: Sequence[str]) -> pa.StringArray:
    """Texts without NUL bytes."""
    if not values:
        return pa.nulls(0, pa.string())
    return _cut("\0".join(values).encode("utf-8"), "\0")


def lines_of(data: bytes) -> pa.StringArray:
    """The lines of a UTF-8 text."""
    return _cut(data, "\n")


def _cut(data: bytes, mark: str) -> pa.StringArray:
    ends = array("i", (0, len(data)))
    whole = pa.StringArray.from_buffers(1, pa.py_buffer(ends), pa.py_buffer(data))
    return pc.split_pattern(whole, mark).flatten()


def texts_or_null(values: Sequence[str | None]) -> pa.StringArray:
    """The same, with gaps."""
    found = texts([value or "" for value in values])
    if None not in values:
        return found
    bits = bytearray((len(values) + 7) // 8)
    for at, value in enumerate(values):
        if value is not None:
            bits[at >> 3] |= 1 << (at & 7)
    _, ends, data = found.buffers()
    return pa.StringArray.from_buffers(len(values), ends, data, pa.py_buffer(bytes(bits)))


def are_given(column: pa.StringArray) -> pa.BooleanArray:
    """Which texts are more than blanks."""
    return pc.binary_length(pc.utf8_trim(column, characters=BLANKS)).cast(pa.bool_())


def arrow_table(names: list[str], columns: list[pa.Array]) -> pa.Table:
    """Columns under their names."""
    return pa.Table.from_arrays(columns, names=names)
