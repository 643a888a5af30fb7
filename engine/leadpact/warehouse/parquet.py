"""Files and tables whose columns have types: Parquet, DuckDB's own tables, Arrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from leadpact.batch.activities import Event
from leadpact.batch.columns import Column, layout, wrong_value
from leadpact.batch.leads import Lead
from leadpact.batch.lines import BadLine
from leadpact.batch.numbers import FILE_STEP, Numbers
from leadpact.batch.places import RunError
from leadpact.batch.sources import ColumnRule, SourceMapping, readable_fields
from leadpact.batch.values import Read, WrongValueError, typed_reader
from leadpact.checked import CheckedPolicy, InstantType
from leadpact.decision import Problem
from leadpact.operators.text import BLANKS
from leadpact.warehouse.cells import numbers_of, same_columns
from leadpact.warehouse.duck import Duck, list_of, name
from leadpact.warehouse.inputs import (
    AsWritten,
    EventsIn,
    LeadsIn,
    RawRow,
    bare_key,
    is_given,
    property_rules,
    unless_blank,
)
from leadpact.warehouse.readings import trimmed
from leadpact.warehouse.typed import (
    all_held,
    as_text,
    held,
    is_read_as_text,
    is_text,
    key_text,
    of_column,
    raw_column,
)

__all__ = ["parquet_events", "parquet_leads", "typed_events", "typed_leads"]

_NEEDED = ("lead", "kind", "at")
_PLAIN = ("lead", "kind", "at", "id", "by")


def parquet_leads(
    duck: Duck, files: Sequence[Path], policy: CheckedPolicy, mapping: SourceMapping
) -> LeadsIn:
    """Leads in Parquet files of the same columns."""
    columns = _view(duck, "raw_leads", files)
    return typed_leads(duck, files[0], columns, numbers_of("leads", files), policy, mapping)


def parquet_events(duck: Duck, files: Sequence[Path], policy: CheckedPolicy) -> EventsIn:
    """Events in Parquet files of the same columns."""
    columns = _view(duck, "raw_events", files)
    found = typed_events(duck, files[0], columns, numbers_of("activities", files), policy)
    return replace(found, files=tuple(str(path) for path in files))


def _view(duck: Duck, relation: str, files: Sequence[Path]) -> dict[str, str]:
    """Let the files be one relation; RunError unless they have the same columns."""
    found = [_columns(duck, path) for path in files]
    for path, columns in zip(files[1:], found[1:], strict=True):
        same_columns(files[0], list(found[0]), path, list(columns))
        for column, type_ in columns.items():
            if type_ != found[0][column]:
                raise RunError(
                    f"{path}: the column `{column}` is {type_}, "
                    f"but {found[0][column]} in {files[0]}.",
                    "The files that match one pattern must have the same columns.",
                )
    listed = f"[{list_of(str(path) for path in files)}]"
    at = f"(list_position({listed}, filename) - 1) * {FILE_STEP} + " if len(files) > 1 else ""
    read = f"read_parquet({listed}, filename = true, file_row_number = true, union_by_name = true)"
    duck.run(
        f"CREATE VIEW {relation} AS SELECT {at}file_row_number + 1 AS number, "
        f"NULL::VARCHAR AS fault, NULL::VARCHAR AS value, "
        f"* EXCLUDE (filename, file_row_number){all_held(found[0])} FROM {read}"
    )
    return found[0]


def _columns(duck: Duck, path: Path) -> dict[str, str]:
    try:
        return duck.columns(f"read_parquet([{list_of([str(path)])}])")
    except RunError as error:
        raise RunError(
            f"{path}: this is no Parquet file, or only the first part of one.",
            "Copy or write it again.",
        ) from error


# --- leads ---------------------------------------------------------------------------------------


def typed_leads(
    duck: Duck,
    place: object,
    columns: Mapping[str, str],
    numbers: Numbers,
    policy: CheckedPolicy,
    mapping: SourceMapping,
    relation: str = "raw_leads",
) -> LeadsIn:
    """Leads in the columns of a relation; RunError where a column cannot be what it is used for."""
    header = list(columns)
    found = layout(Path(str(place)), header, policy, mapping)
    kinds = readable_fields(policy)
    id_column = header[found.id_at]
    facts, raw, reading = {}, [], []
    for at, column in found.columns:
        written = header[at]
        rule = mapping.fields.get(column.field) or ColumnRule(column.name, kinds[column.field])
        type_ = columns[written]
        facts[column.field] = of_column(
            str(place), column.field, written, type_, rule, mapping.unknown, policy.zone
        )
        raw.append(raw_column(written, type_, kinds[column.field]))
        reading.append((column, is_read_as_text(type_, kinds[column.field])))

    def read(row: RawRow) -> Lead | BadLine:
        number, fault, value, key, *cells = row
        if fault is not None:
            return BadLine(number, value, fault)
        return Lead(number, *_record(key, cells, reading))

    key = key_text(str(place), id_column, columns[id_column])
    return LeadsIn(
        relation,
        None,
        bare_key(key),
        facts,
        (key, *raw),
        read,
        numbers,
        duck.one(f"SELECT count(*) FROM {relation}"),
        unused=found.unused,
        bare_id=key,
    )


def _record(
    key: str | None, cells: Sequence[object], reading: Sequence[tuple[Column, bool]]
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """The record of a row: texts are read as the cells of a table of text are."""
    record: dict[str, object] = {"id": "" if key is None else key.strip(BLANKS)}
    problems = []
    for (column, as_cell), cell in zip(reading, cells, strict=True):
        value = cell
        if as_cell and isinstance(cell, str):
            if not cell:
                continue
            try:
                value = column.read(cell)
            except WrongValueError as wrong:
                problems.append(wrong_value(column, cell, wrong))
                continue
        if value is not None:
            record[column.field] = value
    return record, tuple(problems)


# --- events --------------------------------------------------------------------------------------


def typed_events(
    duck: Duck,
    place: object,
    columns: Mapping[str, str],
    numbers: Numbers,
    policy: CheckedPolicy,
    relation: str = "raw_events",
) -> EventsIn:
    """Events in the columns of a relation."""
    for needed in _NEEDED:
        if needed not in columns:
            raise RunError(
                f"{place}: there is no column `{needed}`.",
                "Events have the columns lead, kind and at.",
            )
    where = str(place)
    rules = property_rules(policy)
    known = {*_PLAIN, *(fact for _, fact in rules)}
    facts = {
        (kind, fact): of_column(
            where, f"{kind}.{fact}", fact, columns[fact], rule, frozenset(), policy.zone
        )
        for (kind, fact), rule in rules.items()
        if fact in columns
    }
    used = [column for column in columns if column in known]
    given = {
        column: is_given(as_text(held(column), columns[column]))
        if is_text(columns[column])
        else f"{held(column)} IS NOT NULL"
        for column in used
        if column not in _PLAIN
    }
    when = ColumnRule("at", InstantType())
    key = key_text(where, "lead", columns["lead"])
    kind = name("kind") if columns["kind"] == "VARCHAR" else '"kind"::VARCHAR'
    event = key_event = None
    if "id" in columns:
        key_event = event = key_text(where, "id", columns["id"])
        event = unless_blank(event) if is_text(columns["id"]) else event
    raw = [_raw_event_column(column, columns[column], rules) for column in used]
    return EventsIn(
        relation,
        None,
        bare_key(key) if is_text(columns["lead"]) else key,
        f"coalesce({trimmed(kind)}, '')",
        of_column(where, "at", "at", columns["at"], when, frozenset(), policy.zone),
        event,
        facts,
        given,
        tuple(raw),
        _event_reader(used, columns, policy),
        numbers,
        duck.one(f"SELECT count(*) FROM {relation}"),
        text=_row_text(columns),
        unused=tuple(column for column in columns if column not in known),
        as_written=AsWritten(
            key, kind, key_event, {column: f"{held(column)} IS NOT NULL" for column in given}
        ),
    )


def _row_text(columns: Mapping[str, str]) -> str:
    each = ", ".join(f"coalesce({held(column)}::VARCHAR, '')" for column in columns)
    return f"concat_ws(',', {each})"


def _raw_event_column(column: str, type_: str, rules: Mapping[tuple[str, str], ColumnRule]) -> str:
    kinds = [rule.kind for (_, fact), rule in rules.items() if fact == column]
    return raw_column(column, type_, kinds[0] if kinds else None)


def _event_reader(
    used: Sequence[str], columns: Mapping[str, str], policy: CheckedPolicy
) -> Callable[[RawRow], Event]:
    readers: dict[tuple[str, str], Read] = {
        (kind.name, one.name): typed_reader(one.type)
        for kind in policy.kinds
        for one in kind.properties
        if one.name in columns and is_read_as_text(columns[one.name], one.type)
    }
    kind_at = list(used).index("kind")

    def read(row: RawRow) -> Event:
        cells = row[3:]
        kind = str(cells[kind_at] or "").strip(BLANKS)
        event: Event = {"kind": kind}
        for column, cell in zip(used, cells, strict=True):
            blank = cell is None or (isinstance(cell, str) and not cell.strip(BLANKS))
            if blank or column in ("lead", "kind"):
                continue
            reader = readers.get((kind, column))
            try:
                event[column] = cell if reader is None else reader(str(cell))
            except WrongValueError:
                event[column] = cell
        return event

    return read
