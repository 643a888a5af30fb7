"""Which columns of a table tell which facts, wherever the table is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from leadpact.batch.places import RunError, did_you_mean
from leadpact.batch.sources import ColumnRule, SourceMapping, readable_fields
from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    DateType,
    FieldType,
    InstantType,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)
from leadpact.warehouse.wording import in_words

__all__ = [
    "LISTS",
    "Column",
    "EventColumns",
    "Fact",
    "Holds",
    "LeadColumns",
    "event_columns",
    "lead_columns",
]

Holds: TypeAlias = Literal[
    "text",
    "whole",
    "number",
    "float",
    "yes or no",
    "date",
    "instant",
    "local time",
    "texts",
    "structure",
    "other",
]
"""What a column's values are; ``structure`` is JSON, or lists of structs."""

LISTS = ("moves", "activities", "actions")
"""What a record holds beside its fields."""

_EVENT = ("lead", "kind", "at", "id", "by")


@dataclass(frozen=True, slots=True)
class Column:
    """``type`` is the name that the place has for its type, ``sql`` what it is read by."""

    name: str
    type: str
    holds: Holds
    sql: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A column that tells a fact, and how its values are read."""

    column: Column
    rule: ColumnRule


@dataclass(frozen=True, slots=True)
class LeadColumns:
    """``facts`` by field (and stage); ``lists`` are columns of moves and events in the record."""

    table: str
    id: Column
    facts: Mapping[str, Fact]
    lists: Mapping[str, Column]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventColumns:
    """``facts`` by kind and property. ``shared`` are columns that bear the name of a property."""

    table: str
    lead: Column
    kind: Column
    at: Fact
    id: Column | None
    by: Column | None
    facts: Mapping[tuple[str, str], Fact]
    shared: Mapping[str, Column]
    unused: tuple[str, ...]


def lead_columns(
    table: str, columns: Sequence[Column], policy: CheckedPolicy, mapping: SourceMapping
) -> LeadColumns:
    """What a table of leads can tell; RunError when a column is missing or of the wrong type."""
    at = {column.name: column for column in columns}
    place, wanted = mapping.id_place or table, mapping.id_column
    if wanted not in at:
        help = did_you_mean(wanted, at) or "A source mapping can say which column is the id."
        raise RunError(f"{place}: there is no column `{wanted}`{_in(mapping, table)}.", help)
    id_ = at[wanted]
    _check_key(table, id_)
    required = {field.name for field in policy.fields if field.required}
    taken = {rule.column for rule in mapping.fields.values()} | mapping.ignored | {wanted}
    facts = {}
    for name, kind in readable_fields(policy).items():
        rule = mapping.fields.get(name)
        if rule is None and name in taken:
            continue
        rule = rule or ColumnRule(name, kind)
        column = at.get(rule.column)
        if column is not None:
            _check_type(table, column, name, kind)
            facts[name] = Fact(column, rule)
        elif rule.place:
            raise RunError(
                f"{rule.place}: the table {table} has no column `{rule.column}`.",
                did_you_mean(rule.column, at),
            )
        elif name in required:
            near = did_you_mean(name, at)
            raise RunError(
                f"{table}: there is no column `{name}`, which the policy requires.",
                near or "A source mapping can name its column.",
            )
    lists = {name: at[name] for name in LISTS if name in at and at[name].holds == "structure"}
    read = {wanted, *mapping.ignored, *lists, *(fact.column.name for fact in facts.values())}
    unused = tuple(name for name in at if name not in read)
    return LeadColumns(table, id_, facts, lists, unused)


def event_columns(table: str, columns: Sequence[Column], policy: CheckedPolicy) -> EventColumns:
    """The same of a table of events; a property's column is called ``PROPERTY`` or, where kinds
    need one each, ``KIND.PROPERTY``.
    """
    at = {column.name: column for column in columns}
    for needed in _EVENT[:3]:
        if needed not in at:
            near = did_you_mean(needed, at)
            raise RunError(
                f"{table}: there is no column `{needed}`.",
                near or "Events have the columns lead, kind and at.",
            )
    for name in ("lead", "kind", "id"):
        if name in at:
            _check_key(table, at[name])
    _check_type(table, at["at"], "at", InstantType())
    facts = {}
    shared = {}
    for kind in policy.kinds:
        for one in kind.properties:
            own = f"{kind.name}.{one.name}"
            column = at.get(own)
            if column is None and one.name not in _EVENT:
                column = at.get(one.name)
                if column is not None:
                    shared[one.name] = column
            if column is not None:
                _check_type(table, column, own, one.type)
                facts[kind.name, one.name] = Fact(column, ColumnRule(one.name, one.type))
    read = {*_EVENT, *shared, *(fact.column.name for fact in facts.values())}
    return EventColumns(
        table,
        at["lead"],
        at["kind"],
        Fact(at["at"], ColumnRule("at", InstantType())),
        at.get("id"),
        at.get("by"),
        facts,
        shared,
        tuple(name for name in at if name not in read),
    )


def _in(mapping: SourceMapping, table: str) -> str:
    return f" in the table {table}" if mapping.id_place else ""


def _check_key(table: str, column: Column) -> None:
    if column.holds not in ("text", "whole"):
        raise _wrong(table, column, "ids and kinds are texts or whole numbers")


def _check_type(table: str, column: Column, fact: str, kind: FieldType) -> None:
    """RunError when no value of the column can be a value of the fact."""
    if column.holds not in ("text", *_fitting(kind)):
        raise _wrong(table, column, f"`{fact}` is {in_words(kind)}")


def _fitting(kind: FieldType) -> tuple[Holds, ...]:
    match kind:
        case TextType() | OneOfType():
            return ()
        case YesNoType():
            return ("yes or no",)
        case NumberType():
            return "whole", "number", "float"
        case DateType():
            return "date", "local time"
        case InstantType():
            return "instant", "local time"
        case AnyNumberOfType():
            return ("texts",)
    assert_never(kind)


_WORDS: dict[Holds, str] = {
    "whole": "whole numbers",
    "number": "numbers",
    "float": "numbers",
    "yes or no": "yes or no",
    "date": "dates",
    "instant": "instants",
    "local time": "instants",
    "texts": "lists of texts",
}


def _wrong(table: str, column: Column, wanted: str) -> RunError:
    words = _WORDS.get(column.holds)
    holds = f"{words} ({column.type})" if words else f"values of the type {column.type}"
    return RunError(
        f"{table}: the column `{column.name}` holds {holds}, but {wanted}.",
        "Give it the right type in a view; a column of texts is read like the cells of a CSV file.",
    )
