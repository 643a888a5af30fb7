"""The records of a CSV file: cells with the line they start on, wrong ones told apart.

A quote that is never closed must not swallow the file. The quotes of a record have to balance
within `MAX_BYTES` and `MAX_LINES`, and a closing quote has to be followed by a comma or the end of
the line; where that fails, only the line that opened the quote is wrong, and reading goes on at
the line after it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple

from leadpact.batch.lines import BadLine, Line, Lines

__all__ = ["Cells", "csv_records"]

MAX_BYTES = 1 << 20
MAX_LINES = 1_000


class Cells(NamedTuple):
    """The cells of one record, which starts on ``line``."""

    line: int
    cells: list[str]


def csv_records(lines: Lines) -> Iterator[Cells | BadLine]:
    """Every record of the file, the header included; blank lines are left out."""
    for line in lines:
        if line.fault is not None:
            yield BadLine(line.number, line.text, line.fault)
        elif '"' not in line.text:
            if line.text:
                yield Cells(line.number, line.text.split(","))
        else:
            yield _quoted(line, lines)


def _quoted(first: Line, lines: Lines) -> Cells | BadLine:
    taken: list[Line] = []
    source = _lines_of_record(first, lines, taken)
    try:
        cells = next(csv.reader(source, strict=True))
    except csv.Error as error:
        lines.unread(taken)
        return BadLine(first.number, first.text, _what_is_wrong(first, taken, str(error)))
    for line in taken:
        if line.fault is not None:
            return BadLine(first.number, first.text, f"Line {line.number}: {line.fault}")
    return Cells(first.number, cells)


def _lines_of_record(first: Line, lines: Lines, taken: list[Line]) -> Iterator[str]:
    yield f"{first.text}\n"
    size = len(first.text)
    while len(taken) < MAX_LINES and (line := lines.next()) is not None:
        taken.append(line)
        size += len(line.text)
        if size > MAX_BYTES:
            return
        yield f"{line.text}\n"


def _what_is_wrong(first: Line, taken: list[Line], error: str) -> str:
    # The module's own words are only a hint here: they are never shown.
    if "field limit" in error:
        return f"A value is longer than {csv.field_size_limit():,} characters."
    if not taken and "new-line" in error:
        return "A carriage return stands in the middle of the line."
    if not taken and "unexpected end" not in error:
        return "After a closing quote, a comma or the end of the line must follow."
    return f"The quote that opens on line {first.number} is never closed."
