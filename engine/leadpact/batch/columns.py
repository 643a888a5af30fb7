"""Columns of a table of leads: which field each one fills, and how its texts are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leadpact.batch.places import RunError, did_you_mean
from leadpact.batch.sources import ColumnRule, SourceMapping, readable_fields
from leadpact.batch.values import Read, Value, WrongValueError, typed_reader
from leadpact.checked import AnyNumberOfType, CheckedPolicy, TextType
from leadpact.decision import Problem
from leadpact.operators.text import BLANKS, fold

__all__ = ["Column", "Layout", "columns_of", "layout", "read_cells"]

_REMEMBERED = 500
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Column:
    """``field`` is filled from the column ``name``; ``place`` is where a mapping says so."""

    name: str
    field: str
    read: Read
    place: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A header understood: where the id and each field stand, and what is not used."""

    width: int
    id_at: int
    columns: tuple[tuple[int, Column], ...]
    unused: tuple[str, ...]


def columns_of(policy: CheckedPolicy, mapping: SourceMapping) -> tuple[Column, ...]:
    """The columns that can be read: those of the mapping, and fields under their own name."""
    taken = {rule.column for rule in mapping.fields.values()} | mapping.ignored
    columns = []
    for name, kind in readable_fields(policy).items():
        rule = mapping.fields.get(name)
        if rule is None:
            if name in taken or name == mapping.id_column:
                continue
            rule = ColumnRule(name, kind)
        columns.append(Column(rule.column, name, _cell_reader(rule, mapping.unknown), rule.place))
    return tuple(columns)


def layout(path: Path, header: list[str], policy: CheckedPolicy, mapping: SourceMapping) -> Layout:
    """Where everything stands; RunError when a column that must be there is not."""
    names = [name.strip(BLANKS) for name in header]
    at = {name: index for index, name in reversed(list(enumerate(names)))}
    if mapping.id_column not in at:
        raise _no_id(path, names, mapping)
    required = {field.name for field in policy.fields if field.required}
    used = []
    for column in columns_of(policy, mapping):
        if column.name in at:
            used.append((at[column.name], column))
        elif column.place:
            raise RunError(
                f"{column.place}: the file {path.name} has no column `{column.name}`.",
                did_you_mean(column.name, names),
            )
        elif column.field in required:
            raise RunError(
                f"{path}: there is no column `{column.field}`, which the policy requires.",
                _rename(column.field, names) or "A source mapping can name its column.",
            )
    read = {mapping.id_column} | {column.name for _, column in used}
    for name, count in Counter(names).items():
        if count > 1 and name in read:
            raise RunError(
                f"{path}: {count} columns are called `{name}`, and it is read.",
                "Rename all but one.",
            )
    unused = [
        name or f"column {number}"
        for number, name in enumerate(names, start=1)
        if name not in read and name not in mapping.ignored
    ]
    return Layout(len(names), at[mapping.id_column], tuple(used), tuple(dict.fromkeys(unused)))


def _no_id(path: Path, names: list[str], mapping: SourceMapping) -> RunError:
    if mapping.id_place:
        return RunError(
            f"{mapping.id_place}: the file {path.name} has no column `{mapping.id_column}`.",
            did_you_mean(mapping.id_column, names),
        )
    help = _rename(mapping.id_column, names) or (
        "The first line names the columns; a source mapping can say which one is the id."
    )
    if len(names) == 1 and ";" in names[0]:
        help = "The file is written with semicolons. Save it with commas between the values."
    return RunError(f"{path}: there is no column `{mapping.id_column}`.", help)


def _rename(wanted: str, names: list[str]) -> str:
    near = did_you_mean(wanted, names)
    return near and f"{near} Rename it, or name it in a source mapping."


def read_cells(layout: Layout, cells: list[str]) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """The record of one row, without what is wrong in it, and what is wrong."""
    record: dict[str, object] = {"id": cells[layout.id_at].strip(BLANKS)}
    problems: list[Problem] = []
    for index, column in layout.columns:
        text = cells[index]
        if not text:
            continue
        try:
            value = column.read(text)
        except WrongValueError as wrong:
            problems.append(wrong_value(column, text, wrong))
            continue
        if value is not None:
            record[column.field] = value
    return record, tuple(problems)


def read_keys(
    columns: tuple[Column, ...], mapping: SourceMapping, raw: Mapping[str, object]
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """The same for a JSON object: texts go through the mapping, other values stay."""
    record: dict[str, object] = {"id": raw.get(mapping.id_column)}
    problems: list[Problem] = []
    used = {mapping.id_column} | mapping.ignored
    for column in columns:
        used.add(column.name)
        value = raw.get(column.name)
        if isinstance(value, str):
            try:
                value = column.read(value)
            except WrongValueError as wrong:
                problems.append(wrong_value(column, str(value), wrong))
                continue
        if value is not None:
            record[column.field] = value
    for key, value in raw.items():
        if key not in used and key not in record:
            record[key] = value
    return record, tuple(problems)


def wrong_value(column: Column, text: str, wrong: WrongValueError) -> Problem:
    where = "" if column.name == column.field else f" (column `{column.name}`)"
    return Problem(column.field, text, f"`{text.strip(BLANKS)[:80]}` {wrong}{where}.")


def _cell_reader(rule: ColumnRule, unknown: frozenset[str]) -> Read:
    typed = typed_reader(rule.kind, dates=rule.dates, decimal=rule.decimal)
    unknown = unknown | rule.unknown
    if isinstance(rule.kind, AnyNumberOfType):
        return _several(rule, unknown)
    if not unknown and not rule.values and rule.otherwise is None:
        return typed if isinstance(rule.kind, TextType) else _unless_blank(typed)

    def read(text: str) -> Value | None:
        key = fold(text)
        if not key or key in unknown:
            return None
        if key in rule.values:
            return rule.values[key]
        return typed(text) if rule.otherwise is None else rule.otherwise

    return _remembering(read)


def _remembering(read: Read) -> Read:
    """The same, with the first short texts remembered: columns repeat themselves."""
    seen: dict[str, Value | None] = {}

    def remembered(text: str) -> Value | None:
        if text in seen:
            return seen[text]
        value = read(text)
        if len(seen) < _REMEMBERED and len(text) <= _SHORT:
            seen[text] = value
        return value

    return remembered


def _unless_blank(typed: Read) -> Read:
    def read(text: str) -> Value | None:
        return None if not text.strip(BLANKS) else typed(text)

    return read


def _several(rule: ColumnRule, unknown: frozenset[str]) -> Read:
    def read(text: str) -> Value | None:
        if fold(text) in unknown:
            return None
        found: dict[str, None] = {}
        for piece in text.split(";"):
            key = fold(piece)
            if not key or key in unknown:
                continue
            value = rule.values.get(key, rule.otherwise)
            members = value if isinstance(value, list) else [piece.strip(BLANKS)]
            found.update(dict.fromkeys(members))
        return list(found) or None

    return read
