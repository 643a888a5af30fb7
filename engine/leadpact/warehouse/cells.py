"""Tables of text cells: CSV files, and tables of databases whose values are read as texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from leadpact.batch.activities import CsvActivities, Event
from leadpact.batch.columns import Layout, layout, read_cells
from leadpact.batch.leads import Lead, OnBytes, csv_header
from leadpact.batch.lines import BadLine
from leadpact.batch.numbers import Numbers
from leadpact.batch.places import RunError
from leadpact.batch.sources import ColumnRule, SourceMapping, readable_fields
from leadpact.checked import CheckedPolicy, InstantType
from leadpact.operators.text import BLANKS
from leadpact.warehouse.inputs import (
    EventsIn,
    LeadsIn,
    RawRow,
    bare_key,
    is_given,
    property_rules,
    unless_blank,
)
from leadpact.warehouse.readings import of_text, trimmed
from leadpact.warehouse.streams import Stream, csv_stream

__all__ = [
    "Cells",
    "csv_events",
    "csv_leads",
    "events_of_cells",
    "leads_of_cells",
    "numbers_of",
    "places_of",
    "same_columns",
    "size_of",
]


def numbers_of(what: str, files: Sequence[Path]) -> Numbers:
    """Places in one file, or in several."""
    return Numbers(what, tuple(str(path) for path in files) if len(files) > 1 else ())


class Cells:
    """Rows of cells: the names of the columns, and the stream that has them as ``c0``, ``c1`` …"""

    def __init__(self, names: Sequence[str], stream: Stream, numbers: Numbers, size: int) -> None:
        self.names = list(names)
        self.stream = stream
        self.numbers = numbers
        self.size = size


def csv_leads(
    files: Sequence[Path], policy: CheckedPolicy, mapping: SourceMapping, on_bytes: OnBytes
) -> LeadsIn:
    """Leads in CSV files of the same columns; RunError for a header that cannot be read."""
    headers = _headers(files)
    found = layout(files[0], headers[0], policy, mapping)
    wanted = [headers[0][at] for at in places_of(found)]
    stream = csv_stream(
        files,
        [len(header) for header in headers],
        [[header.index(one) for one in wanted] for header in headers],
        on_bytes,
    )
    cells = Cells(wanted, stream, numbers_of("leads", files), size_of(files))
    return leads_of_cells(cells, found, policy, mapping)


def leads_of_cells(
    cells: Cells, found: Layout, policy: CheckedPolicy, mapping: SourceMapping
) -> LeadsIn:
    """Leads whose cells are those that the layout reads, in the order of ``places_of``."""
    own = _compact(found)
    kinds = readable_fields(policy)
    facts = {}
    for index, column in own.columns:
        rule = mapping.fields.get(column.field)
        if rule is None:
            rule = ColumnRule(column.name, kinds[column.field])
        facts[column.field] = of_text(column.field, f"c{index}", rule, mapping.unknown, policy.zone)

    def read(row: RawRow) -> Lead | BadLine:
        number, fault, value, *texts = row
        if fault is not None:
            return BadLine(number, value, fault)
        return Lead(number, *read_cells(own, ["" if one is None else one for one in texts]))

    return LeadsIn(
        "raw_leads",
        cells.stream,
        bare_key("c0"),
        facts,
        tuple(f"c{index}" for index in range(own.width)),
        read,
        cells.numbers,
        cells.size,
        unused=found.unused,
    )


def places_of(found: Layout) -> list[int]:
    """Where what is read stands in a row: the id first."""
    return [found.id_at, *(index for index, _ in found.columns)]


def _compact(found: Layout) -> Layout:
    """The layout of rows that have nothing but what is read."""
    columns = tuple((at, column) for at, (_, column) in enumerate(found.columns, start=1))
    return Layout(len(columns) + 1, 0, columns, ())


def _headers(files: Sequence[Path]) -> list[list[str]]:
    """The columns of each file; RunError unless they are the same ones."""
    headers = [[one.strip(BLANKS) for one in csv_header(path)] for path in files]
    for path, header in zip(files[1:], headers[1:], strict=True):
        same_columns(files[0], headers[0], path, header)
    return headers


def same_columns(first: Path, columns: Sequence[str], path: Path, others: Sequence[str]) -> None:
    """RunError unless two files of one pattern have the same columns, in whatever order."""
    missing = [one for one in columns if one not in others]
    extra = [one for one in others if one not in columns]
    if not missing and not extra:
        return
    what = f"no column `{missing[0]}`, but {first} has one" if missing else ""
    if not missing:
        what = f"a column `{extra[0]}`, but {first} has none"
    raise RunError(
        f"{path}: there is {what}.",
        "The files that match one pattern must have the same columns.",
    )


def size_of(files: Sequence[Path]) -> int:
    """The bytes of all files."""
    return sum(path.stat().st_size for path in files)


# --- events ------------------------------------------------------------------------------------


def csv_events(files: Sequence[Path], policy: CheckedPolicy, on_bytes: OnBytes) -> EventsIn:
    """Events in CSV files of the same columns."""
    headers = _headers(files)
    tables = [CsvActivities(path, policy) for path in files]
    wanted = list(tables[0].at)
    stream = csv_stream(
        files,
        [table.width for table in tables],
        [[table.at[one] for one in wanted] for table in tables],
        on_bytes,
        whose=wanted.index("lead"),
    )
    cells = Cells(wanted, stream, numbers_of("activities", files), size_of(files))
    unused = dict.fromkeys(one for header in headers for one in header)
    known = set(wanted)
    return events_of_cells(
        cells, tables[0], tuple(one for one in unused if one and one not in known), policy
    )


def events_of_cells(
    cells: Cells, table: CsvActivities, unused: tuple[str, ...], policy: CheckedPolicy
) -> EventsIn:
    """Events whose cells are those that are read, under their names."""
    at = {column: f"c{index}" for index, column in enumerate(cells.names)}
    facts = {
        (kind, fact): of_text(f"{kind}.{fact}", at[fact], rule, frozenset(), policy.zone)
        for (kind, fact), rule in property_rules(policy).items()
        if fact in at
    }
    properties = [one for one in cells.names if one not in ("lead", "kind", "at", "id", "by")]
    when = ColumnRule("at", InstantType())

    def read(row: RawRow) -> Event:
        whole = [""] * table.width
        for column, cell in zip(cells.names, row[3:], strict=True):
            whole[table.at[column]] = "" if cell is None else cell
        return table.event(whole)

    return EventsIn(
        "raw_events",
        cells.stream,
        bare_key(at["lead"]),
        trimmed(at["kind"]),
        of_text("at", at["at"], when, frozenset(), policy.zone),
        unless_blank(at["id"]) if "id" in at else None,
        facts,
        {one: is_given(at[one]) for one in properties},
        tuple(at.values()),
        read,
        cells.numbers,
        cells.size,
        unused=unused,
    )
