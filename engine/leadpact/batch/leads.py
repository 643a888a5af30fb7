"""Files of leads, whatever their format: an iterator of records and of lines that are none.

A file is read twice: once for the ids alone, to know which are there more than once, and once for
the records. Another format is another class here, and a line in `open_leads`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias, assert_never

from leadpact.batch.columns import Layout, columns_of, layout, read_cells, read_keys
from leadpact.batch.csv_records import MAX_BYTES as LONGEST_CSV_LINE
from leadpact.batch.csv_records import Cells, csv_records
from leadpact.batch.json_records import MAX_BYTES as LONGEST_JSON_LINE
from leadpact.batch.json_records import NotARecordError, parse_object
from leadpact.batch.lines import BadLine, Lines
from leadpact.batch.numbers import Numbers
from leadpact.batch.places import RunError, text_format
from leadpact.batch.sources import NO_MAPPING, SourceMapping
from leadpact.checked import CheckedPolicy
from leadpact.decision import Problem
from leadpact.operators.text import BLANKS

__all__ = [
    "CsvLeads",
    "JsonLeads",
    "Lead",
    "LeadsFile",
    "OnBytes",
    "csv_header",
    "lead_key",
    "open_leads",
]

OnBytes: TypeAlias = Callable[[int], None]


class Lead(NamedTuple):
    """A record and the number of the line it starts on.

    ``problems`` are values that could not be read.
    """

    line: int
    record: dict[str, object]
    problems: tuple[Problem, ...]


class JsonRow(NamedTuple):
    line: int
    text: str
    record: dict[str, object]


class LeadsFile(Protocol):
    """A file of leads. ``unused`` names its columns that no field is read from; ``numbers`` tells
    where a record stands.
    """

    @property
    def unused(self) -> tuple[str, ...]: ...

    @property
    def size(self) -> int:
        """How much ``on_bytes`` hears of, in all."""

    @property
    def numbers(self) -> Numbers: ...

    def keys(self, on_bytes: OnBytes) -> Iterator[tuple[int, str]]:
        """Number and id of every record that has one."""

    def leads(self, on_bytes: OnBytes) -> Iterator[Lead | BadLine]:
        """Every record, in the order of the file."""


def open_leads(path: Path, policy: CheckedPolicy, mapping: SourceMapping) -> LeadsFile:
    """The file as its ending says; RunError when its header cannot be read with the mapping."""
    match text_format(path):
        case "csv":
            return CsvLeads(path, policy, mapping)
        case "json lines":
            return JsonLeads(path, policy, mapping)
        case other:
            assert_never(other)


def lead_key(value: object) -> str | None:
    """What leads and events are joined by: the id as text; ``None`` where there is none."""
    if isinstance(value, str):
        return value.strip(BLANKS) or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def csv_header(path: Path) -> list[str]:
    """The names in the first line; RunError when there are none."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        first = next(csv_records(Lines(file, LONGEST_CSV_LINE, _nobody)), None)
    if first is None:
        raise RunError(f"{path}: the file is empty.", "Its first line must name the columns.")
    if isinstance(first, BadLine):
        help = "Its first line must name the columns."
        if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start:
            help = "It looks like UTF-16, or no text at all. Save it as CSV in UTF-8."
        raise RunError(f"{path}:{first.line}: {first.reason}", help)
    if any("\r" in name for name in first.cells):
        raise RunError(
            f"{path}:{first.line}: A carriage return stands among the names of the columns.",
            "The lines may end in carriage returns alone. Save it as CSV in UTF-8 once more.",
        )
    return first.cells


def _nobody(_: int) -> None:
    pass


class CsvLeads:
    """A table of leads; ``layout`` says where each field stands."""

    numbers = Numbers("leads")

    def __init__(self, path: Path, policy: CheckedPolicy, mapping: SourceMapping) -> None:
        self._path = path
        self.size = path.stat().st_size
        self.layout: Layout = layout(path, csv_header(path), policy, mapping)

    @property
    def unused(self) -> tuple[str, ...]:
        return self.layout.unused

    def keys(self, on_bytes: OnBytes) -> Iterator[tuple[int, str]]:
        id_at = self.layout.id_at
        for row in self._rows(on_bytes):
            if isinstance(row, Cells) and (key := row.cells[id_at].strip(BLANKS)):
                yield row.line, key

    def leads(self, on_bytes: OnBytes) -> Iterator[Lead | BadLine]:
        for row in self._rows(on_bytes):
            if isinstance(row, BadLine):
                yield row
            else:
                yield Lead(row.line, *read_cells(self.layout, row.cells))

    def _rows(self, on_bytes: OnBytes) -> Iterator[Cells | BadLine]:
        with self._path.open("rb") as file:
            yield from even_rows(Lines(file, LONGEST_CSV_LINE, on_bytes), self.layout.width)


def even_rows(lines: Lines, width: int) -> Iterator[Cells | BadLine]:
    """The rows below the header; those with another number of values are no rows."""
    rows = csv_records(lines)
    next(rows, None)
    for row in rows:
        if isinstance(row, Cells) and len(row.cells) != width:
            reason = f"The line has {len(row.cells)} values, but there are {width} columns."
            yield BadLine(row.line, ",".join(row.cells), reason)
        else:
            yield row


class JsonLeads:
    """One lead a line."""

    unused: tuple[str, ...] = ()
    numbers = Numbers("leads")

    def __init__(self, path: Path, policy: CheckedPolicy, mapping: SourceMapping) -> None:
        self._path = path
        self.size = path.stat().st_size
        self._mapping = mapping
        self._columns = columns_of(policy, mapping)
        self._plain = mapping == NO_MAPPING

    def keys(self, on_bytes: OnBytes) -> Iterator[tuple[int, str]]:
        for row in self._objects(on_bytes):
            if not isinstance(row, BadLine):
                key = lead_key(row.record.get(self._mapping.id_column))
                if key is not None:
                    yield row.line, key

    def leads(self, on_bytes: OnBytes) -> Iterator[Lead | BadLine]:
        for row in self._objects(on_bytes):
            yield row if isinstance(row, BadLine) else self.lead(row)

    def lead(self, row: JsonRow) -> Lead:
        """The lead that an object is."""
        if self._plain:
            return Lead(row.line, row.record, ())
        return Lead(row.line, *read_keys(self._columns, self._mapping, row.record))

    def _objects(self, on_bytes: OnBytes) -> Iterator[JsonRow | BadLine]:
        with self._path.open("rb") as file:
            yield from json_objects(Lines(file, LONGEST_JSON_LINE, on_bytes))


def json_objects(lines: Lines) -> Iterator[JsonRow | BadLine]:
    """The objects of a file of JSON lines; blank lines are left out."""
    for line in lines:
        if line.fault is not None:
            yield BadLine(line.number, line.text, line.fault)
        elif line.text.strip(BLANKS):
            yield json_row(line.number, line.text)


def json_row(number: int, text: str) -> JsonRow | BadLine:
    """The object that a line is."""
    try:
        return JsonRow(number, text, parse_object(text))
    except NotARecordError as wrong:
        return BadLine(number, text, str(wrong))
