"""Columns that have a type of their own (Parquet, tables, Arrow): which facts they can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from leadpact.batch.places import RunError
from leadpact.batch.sources import ColumnRule
from leadpact.checked import (
    AnyNumberOfType,
    DateType,
    FieldType,
    InstantType,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)
from leadpact.warehouse.duck import list_of, name
from leadpact.warehouse.readings import DECIMAL, Reading, in_range, of_text, settled
from leadpact.warehouse.wording import in_words

__all__ = [
    "all_held",
    "as_text",
    "held",
    "is_read_as_text",
    "is_text",
    "key_text",
    "of_column",
    "raw_column",
]

_OURS = frozenset(["number", "fault", "value"])
_WHOLE = frozenset(
    [
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "HUGEINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "UBIGINT",
        "UHUGEINT",
    ]
)
_FLOATS = ("DOUBLE", "FLOAT")
_TEXTS = ("VARCHAR", "UUID")
_NAIVE = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_AWARE = "TIMESTAMP WITH TIME ZONE"
_MOST = 10**18
_SAFE = 10**9
_FIRST = -30_610_224_000_000_000
"""The year 1000."""
_LAST = 221_845_392_000_000_000
"""The year 9000."""


def held(column: str) -> str:
    """SQL of a column of people's, in a relation that has columns of our own beside it."""
    return name(f"{column}#" if column.lower() in _OURS else column)


def all_held(columns: Iterable[str]) -> str:
    """What to say behind ``*`` so that the columns are called so; empty where they are already."""
    other = [f"{name(one)} AS {held(one)}" for one in columns if one.lower() in _OURS]
    return f" RENAME ({', '.join(other)})" if other else ""


def is_text(type_: str) -> bool:
    """Whether a column of this type is read like the cells of a table of text."""
    return type_ in _TEXTS or type_.startswith("ENUM")


def as_text(column: str, type_: str) -> str:
    """The column as text, where it is one in other words."""
    return column if type_ == "VARCHAR" else f"{column}::VARCHAR"


def key_text(place: str, column: str, type_: str) -> str:
    """SQL of a column of ids, as text; RunError for what is neither a text nor a whole number."""
    if is_text(type_) or type_ in _WHOLE or "NULL" in type_:
        return as_text(held(column), type_)
    raise _wrong(place, column, type_, f"`{column}` is a text or a whole number")


def of_column(
    place: str,
    tag: str,
    column: str,
    type_: str,
    rule: ColumnRule,
    unknown: frozenset[str],
    zone: str,
) -> Reading:
    """How a column tells a fact; RunError when values of its type never can."""
    sql = held(column)
    if not is_text(type_):
        if is_nested(type_) and not isinstance(rule.kind, AnyNumberOfType):
            raise _wrong(place, column, type_, f"`{tag}` is {in_words(rule.kind)}")
        found = _of_type(name(f"v.{tag}"), sql, type_, rule.kind, zone)
        if found is not None:
            return found
    if is_nested(type_):
        raise _wrong(place, column, type_, f"`{tag}` is {in_words(rule.kind)}")
    return of_text(tag, as_text(sql, type_), rule, unknown, zone)


def is_nested(type_: str) -> bool:
    """Whether values of this type cannot be said as one plain text."""
    return type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION", "BLOB"))


def is_read_as_text(type_: str, kind: FieldType | None) -> bool:
    """Whether Python reads such values by their text, as the cells of a CSV file."""
    if is_text(type_):
        return True
    return (
        kind is not None and not is_nested(type_) and _of_type("v", "c", type_, kind, "UTC") is None
    )


def _of_type(v: str, sql: str, type_: str, kind: FieldType, zone: str) -> Reading | None:
    match kind:
        case TextType() | OneOfType():
            return None
        case YesNoType():
            return Reading(sql, plain=(sql, "false")) if type_ == "BOOLEAN" else None
        case NumberType():
            value = _number(sql, type_, kind.whole)
            if value is None:
                return None
            last, plain = in_range(v, kind), in_range(value, kind)
            return Reading(
                last,
                f"{sql} IS NOT NULL AND ({last}) IS NULL",
                values=((v, value),),
                plain=(plain, f"{sql} IS NOT NULL AND ({plain}) IS NULL"),
            )
        case DateType():
            if type_ == "DATE":
                edges = (f"make_timestamp({edge})::DATE" for edge in (_FIRST, _LAST))
                return _bounded(v, sql, f"epoch_us({sql}::TIMESTAMP)", sql, *edges)
            if type_ in _NAIVE:
                whole = f"CASE WHEN {sql} = date_trunc('day', {sql}) THEN {sql}::DATE END"
                return Reading(v, f"{sql} IS NOT NULL AND {v} IS NULL", values=((v, whole),))
            return None
        case InstantType():
            if type_ == _AWARE:
                edges = (f"make_timestamptz({edge})" for edge in (_FIRST, _LAST))
                return _bounded(v, sql, f"epoch_us({sql})", v, *edges)
            if type_ in _NAIVE:
                return _naive(v, sql, zone)
            return None
        case AnyNumberOfType(values):
            if type_ != "VARCHAR[]":
                return None
            allowed = f"[{list_of(values)}]::VARCHAR[]"
            fine = f"len({sql}) > 0 AND list_has_all({allowed}, {sql})"
            holes = f"len(list_filter({sql}, lambda x: x IS NULL)) > 0"
            odd = f"{sql} IS NOT NULL AND (NOT ({fine}) OR {holes})"
            return Reading(sql, odd, plain=(sql, odd))
    assert_never(kind)


def _bounded(v: str, sql: str, micros: str, value: str, first: str, last: str) -> Reading:
    inside = f"{v} >= {_FIRST} AND {v} < {_LAST}"
    plain = micros if value == v else sql
    return Reading(
        f"CASE WHEN {inside} THEN {value} END",
        f"{sql} IS NOT NULL AND NOT coalesce({inside}, false)",
        values=((v, f"CASE WHEN isfinite({sql}) THEN {micros} END"),),
        plain=(plain, f"{sql} < {first} OR {sql} >= {last}"),
    )


def _naive(v: str, sql: str, zone: str) -> Reading:
    local = f"CASE WHEN isfinite({sql}) THEN epoch_us({sql}) END"
    value = settled(v, zone)
    return Reading(
        value,
        f"{sql} IS NOT NULL AND ({value}) IS NULL",
        f"{sql} IS NOT NULL",
        values=((v, local),),
    )


def _number(sql: str, type_: str, whole: bool) -> str | None:
    """A number as it is held; NULL for one that must be looked at in Python."""
    target = "BIGINT" if whole else DECIMAL
    if type_ in _WHOLE:
        return f"CASE WHEN {sql} BETWEEN -{_MOST} AND {_MOST} THEN {sql}::{target} END"
    if type_ in _FLOATS:
        # A number of at most 15 digits is what its float prints as, so nothing is lost.
        exact = f"({sql}::{DECIMAL})::{type_} = {sql}" + (f" AND {sql} = trunc({sql})" * whole)
        tame = f"isfinite({sql}) AND abs({sql}) < {_SAFE}"
        return f"CASE WHEN {tame} THEN CASE WHEN {exact} THEN {sql}::{DECIMAL}::{target} END END"
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", type_.replace(" ", ""))
    if decimal is None:
        return None
    bounded = f"abs({sql}) < {_MOST}"
    same = f"TRY_CAST({sql} AS {target}) = {sql}"
    return f"CASE WHEN {bounded} AND {same} THEN TRY_CAST({sql} AS {target}) END"


_WORDS = {
    "BOOLEAN": "yes or no",
    "DATE": "dates",
    _AWARE: "instants",
    **dict.fromkeys(_NAIVE, "instants"),
    **dict.fromkeys(_WHOLE, "whole numbers"),
    **dict.fromkeys(_FLOATS, "numbers"),
}


def _wrong(place: str, column: str, type_: str, wanted: str) -> RunError:
    words = _WORDS.get(type_, "numbers" if type_.startswith("DECIMAL") else "")
    holds = f"{words} ({type_})" if words else f"values of the type {type_}"
    return RunError(
        f"{place}: the column `{column}` holds {holds}, but {wanted}.",
        "Write the column anew with the right type; a column of texts is read like a CSV file.",
    )


def raw_column(column: str, type_: str, kind: FieldType | None) -> str:
    """SQL of what Python gets to see of a column: times as texts, all else as it is."""
    sql = held(column)
    if is_read_as_text(type_, kind):
        return as_text(sql, type_)
    if type_ == "DATE":
        return f"{sql}::VARCHAR"
    if type_ in _NAIVE:
        told = f"strftime({sql}::TIMESTAMP, '{_ISO}')"
        text = f"CASE WHEN isfinite({sql}) THEN {told} ELSE {sql}::VARCHAR END"
        if isinstance(kind, DateType):
            midnight = f"{sql} = date_trunc('day', {sql})"
            return f"CASE WHEN {midnight} THEN {sql}::DATE::VARCHAR ELSE {text} END"
        return text
    if type_ == _AWARE:
        utc = f"strftime({sql} AT TIME ZONE 'UTC', '{_ISO}Z')"
        return f"CASE WHEN isfinite({sql}) THEN {utc} ELSE {sql}::VARCHAR END"
    if type_ in _WHOLE or type_ in _FLOATS or type_ in ("BOOLEAN", "VARCHAR[]"):
        return sql
    return sql if type_.startswith("DECIMAL") else f"{sql}::VARCHAR"


_ISO = "%Y-%m-%dT%H:%M:%S.%f"
