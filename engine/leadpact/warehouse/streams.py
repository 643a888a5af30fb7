"""Files of text as Arrow batches: every line with its number, cut into cells at full speed.

What is plainly written (UTF-8, no quotes, as many cells as columns) is cut by Arrow, some megabytes
at once. Whatever is not is read again line by line, as a run in Python reads it. So a line that is
wrong is wrong here in the same words: it comes out as a row with a ``fault``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from leadpact.batch.activities import homeless
from leadpact.batch.csv_records import MAX_BYTES as LONGEST_CSV_LINE
from leadpact.batch.csv_records import Cells, csv_records
from leadpact.batch.json_records import MAX_BYTES as LONGEST_JSON_LINE
from leadpact.batch.leads import OnBytes
from leadpact.batch.lines import BadLine, Lines
from leadpact.batch.numbers import FILE_STEP
from leadpact.operators.text import BLANKS
from leadpact.warehouse.arrays import are_given, lines_of, numbers, texts_or_null

__all__ = ["Stream", "csv_stream", "json_stream", "text_schema"]

_CHUNK = 4 << 20
_WINDOW = LONGEST_CSV_LINE // 2


@dataclass(frozen=True)
class Stream:
    """Batches that can be asked for again and again: each time they are read anew.

    What goes wrong while they are read is kept in ``failures``: DuckDB would tell its text alone.
    """

    schema: pa.Schema
    batches: Callable[[], Iterator[pa.RecordBatch]]
    failures: list[BaseException] = field(default_factory=list)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        reader = pa.RecordBatchReader.from_batches(self.schema, self._read())
        return reader.__arrow_c_stream__(requested_schema)

    def _read(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self.batches()
        except GeneratorExit:
            raise
        except BaseException as error:
            self.failures.append(error)
            raise


def text_schema(columns: Sequence[str]) -> pa.Schema:
    """The columns of a stream, all but the number texts."""
    return pa.schema(
        [
            ("number", pa.int64()),
            ("fault", pa.string()),
            ("value", pa.string()),
            *((column, pa.string()) for column in columns),
        ]
    )


# --- tables ------------------------------------------------------------------------------------


def csv_stream(
    files: Sequence[Path],
    widths: Sequence[int],
    places: Sequence[Sequence[int]],
    on_bytes: OnBytes,
    whose: int | None = None,
) -> Stream:
    """Rows of CSV files: the columns ``c0``, ``c1`` … are the cells that stand at ``places``.

    Each file has its own width and places, in the same order. ``whose`` is the column of events
    that says whose they are: a row without it is none.
    """
    schema = text_schema([f"c{index}" for index in range(len(places[0]))])

    def batches() -> Iterator[pa.RecordBatch]:
        for index, path in enumerate(files):
            table = _Table(schema, widths[index], places[index], index * FILE_STEP, on_bytes, whose)
            yield from table.batches(path)

    return Stream(schema, batches)


@dataclass
class _Table:
    schema: pa.Schema
    width: int
    places: Sequence[int]
    base: int
    on_bytes: OnBytes
    whose: int | None

    def batches(self, path: Path) -> Iterator[pa.RecordBatch]:
        with path.open("rb") as file:
            lines = Lines(file, LONGEST_CSV_LINE, self.on_bytes)
            next(csv_records(lines), None)
            number = lines.number
            while chunk := _chunk(file):
                batch = self._plain(chunk, number) if _is_plain(chunk) else None
                if batch is None:
                    file.seek(-len(chunk), 1)
                    number, batch = self._slowly(file, len(chunk), number)
                else:
                    number += batch.num_rows
                    self.on_bytes(len(chunk))
                yield batch

    def _plain(self, chunk: bytes, number: int) -> pa.RecordBatch | None:
        names = [f"n{index}" for index in range(self.width)]
        wanted = [names[place] for place in self.places]
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(chunk),
                pa_csv.ReadOptions(
                    use_threads=False, block_size=len(chunk) + 1, column_names=names
                ),
                pa_csv.ParseOptions(quote_char=False, escape_char=False, ignore_empty_lines=False),
                pa_csv.ConvertOptions(
                    check_utf8=False,
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=list(dict.fromkeys(wanted)),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            # A row has too many cells, or too few.
            return None
        cells = [table.column(column).combine_chunks() for column in wanted]
        cells = [one.chunk(0) if isinstance(one, pa.ChunkedArray) else one for one in cells]
        if self.whose is not None and _has_blanks(cells[self.whose]):
            return None
        first = self.base + number + 1
        places = numbers(range(first, first + table.num_rows))
        none = pa.nulls(table.num_rows, pa.string())
        return pa.RecordBatch.from_arrays([places, none, none, *cells], schema=self.schema)

    def _slowly(self, file: BinaryIO, size: int, number: int) -> tuple[int, pa.RecordBatch]:
        """The same, record by record; a quoted text may run on beyond the ``size`` bytes."""
        taken = 0

        def count(length: int) -> None:
            nonlocal taken
            taken += length
            self.on_bytes(length)

        lines = Lines(file, LONGEST_CSV_LINE, count, number)
        rows = _Rows(self.schema)
        records = csv_records(lines)
        while taken < size or lines.has_waiting:
            row = next(records, None)
            if row is None:
                break
            if isinstance(row, Cells) and len(row.cells) != self.width:
                reason = (
                    f"The line has {len(row.cells)} values, but there are {self.width} columns."
                )
                row = BadLine(row.line, ",".join(row.cells), reason)
            elif isinstance(row, Cells) and self._is_homeless(row.cells):
                row = homeless(row.line, ",".join(row.cells))
            if isinstance(row, BadLine):
                rows.bad(self.base, row)
            else:
                rows.good(self.base + row.line, [row.cells[place] for place in self.places])
        return lines.number, rows.batch()

    def _is_homeless(self, cells: list[str]) -> bool:
        return self.whose is not None and not cells[self.places[self.whose]].strip(BLANKS)


def _has_blanks(cells: pa.StringArray) -> bool:
    return not pc.all(are_given(cells)).as_py()


class _Rows:
    """Rows on their way to a batch."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._columns: list[list[Any]] = [[] for _ in schema]

    def bad(self, base: int, line: BadLine) -> None:
        empty = [""] * (len(self._columns) - 3)
        self._add([base + line.line, line.reason, line.value, *empty])

    def good(self, number: int, cells: list[str]) -> None:
        self._add([number, None, None, *cells])

    def _add(self, cells: list[Any]) -> None:
        for column, cell in zip(self._columns, cells, strict=True):
            column.append(cell)

    def batch(self) -> pa.RecordBatch:
        first, *others = self._columns
        arrays = [numbers(first), *(texts_or_null(column) for column in others)]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)


# --- JSON lines --------------------------------------------------------------------------------


def json_stream(files: Sequence[Path], on_bytes: OnBytes) -> Stream:
    """Lines of files of JSON, each in the column ``text``; blank ones are left out."""
    schema = text_schema(["text"])

    def batches() -> Iterator[pa.RecordBatch]:
        for index, path in enumerate(files):
            yield from _json_batches(path, schema, index * FILE_STEP, on_bytes)

    return Stream(schema, batches)


def _json_batches(
    path: Path, schema: pa.Schema, base: int, on_bytes: OnBytes
) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file:
        number = 0
        while chunk := _chunk(file):
            if (
                not chunk.startswith(b"\xef\xbb\xbf")
                and _is_text(chunk)
                and _has_short_lines(chunk)
            ):
                batch = _json_plain(chunk, schema, base + number)
                number += chunk.count(b"\n") + (not chunk.endswith(b"\n"))
                on_bytes(len(chunk))
            else:
                file.seek(-len(chunk), 1)
                number, batch = _json_slowly(file, len(chunk), schema, base, number, on_bytes)
            yield batch


def _json_plain(chunk: bytes, schema: pa.Schema, before: int) -> pa.RecordBatch:
    lines = lines_of(chunk.removesuffix(b"\n"))
    places = numbers(range(before + 1, before + 1 + len(lines)))
    none = pa.nulls(len(lines), pa.string())
    batch = pa.RecordBatch.from_arrays([places, none, none, lines], schema=schema)
    given = are_given(lines)
    return batch if pc.all(given).as_py() else batch.filter(given)


def _json_slowly(
    file: BinaryIO, size: int, schema: pa.Schema, base: int, number: int, on_bytes: OnBytes
) -> tuple[int, pa.RecordBatch]:
    taken = 0

    def count(length: int) -> None:
        nonlocal taken
        taken += length
        on_bytes(length)

    lines = Lines(file, LONGEST_JSON_LINE, count, number)
    rows = _Rows(schema)
    while taken < size and (line := lines.next()) is not None:
        if line.fault is not None:
            rows.bad(base, BadLine(line.number, line.text, line.fault))
        elif line.text.strip(BLANKS):
            rows.good(base + line.number, [line.text])
    return lines.number, rows.batch()


# --- what is plainly written -------------------------------------------------------------------


def _chunk(file: BinaryIO) -> bytes:
    """The next lines, whole ones but for one that is far too long."""
    chunk = file.read(_CHUNK)
    if chunk and not chunk.endswith(b"\n"):
        chunk += file.readline(LONGEST_CSV_LINE)
    return chunk


def _is_plain(chunk: bytes) -> bool:
    """Whether every line is a row of a table, cut by its commas alone."""
    return (
        b'"' not in chunk
        and chunk.count(b"\r") == chunk.count(b"\r\n")
        and not chunk.startswith((b"\n", b"\r\n"))
        and b"\n\n" not in chunk
        and b"\n\r\n" not in chunk
        and _has_short_lines(chunk)
        and _is_text(chunk)
    )


def _has_short_lines(chunk: bytes) -> bool:
    """Whether surely no line is longer than a run takes."""
    starts = range(0, len(chunk) - _WINDOW, _WINDOW)
    return all(chunk.find(b"\n", at, at + _WINDOW) >= 0 for at in starts)


def _is_text(chunk: bytes) -> bool:
    if b"\0" in chunk:
        return False
    if chunk.isascii():
        return True
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
