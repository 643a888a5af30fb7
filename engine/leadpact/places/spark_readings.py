"""How a column of a DataFrame becomes a fact, in Spark's SQL: checked by its spelling, then cast.

Nothing is guessed, nothing is rounded, and no cast can fail: what is not plainly a value of its
type comes out as NULL and is ``odd``, and its lead is decided in Python, which knows what to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import assert_never

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
from leadpact.places.columns import Column
from leadpact.places.local_times import ladder, local_offsets
from leadpact.places.postgres_readings import Reading

__all__ = ["listed", "literal", "name", "nothing", "reading", "trimmed"]

_NUMBER = "decimal(38, 6)"
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_BLANKS = "' \\t\\n\\r\\u000B\\u000C'"
_MOST, _SAFE = 10**18, 10**9
_DAY = "[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}"
_CLOCK = "[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
_OFFSET = "(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
_FIRST, _LAST = "1000-01-01", "9000-01-01"


def name(text: str) -> str:
    """A name in quotes."""
    return "`" + text.replace("`", "``") + "`"


def literal(text: str) -> str:
    """A text in quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def listed(texts: Iterable[str]) -> str:
    """Texts in quotes, with commas between."""
    return ", ".join(literal(text) for text in texts)


def trimmed(sql: str) -> str:
    """A text without the blanks around it."""
    return f"trim(BOTH {_BLANKS} FROM {sql})"


def _folded(sql: str) -> str:
    return f"translate({trimmed(sql)}, '{_UPPER}', '{_LOWER}')"


def _matches(sql: str, pattern: str) -> str:
    # Not `$`, which Java also finds before the line end of a text.
    whole = literal(f"\\A({pattern})\\z")
    return f"{sql} RLIKE {whole}"


def sql_type(kind: FieldType) -> str:
    """How a fact of this type is held."""
    match kind:
        case TextType() | OneOfType():
            return "string"
        case NumberType(whole):
            return "bigint" if whole else _NUMBER
        case YesNoType():
            return "boolean"
        case AnyNumberOfType():
            return "array<string>"
        case DateType():
            return "date"
        case InstantType():
            return "bigint"
    assert_never(kind)


def nothing(kind: FieldType) -> Reading:
    """A fact that nobody tells."""
    return Reading(f"CAST(NULL AS {sql_type(kind)})")


def reading(
    tag: str, column: Column, rule: ColumnRule, unknown: frozenset[str], zone: str
) -> Reading:
    """How a column tells a fact. ``tag`` is a name that no other fact has."""
    if column.holds == "text":
        return _of_text(tag, column.sql, rule, unknown | rule.unknown, zone)
    return _of_type(name(f"v.{tag}"), column, rule.kind, zone)


# --- columns of texts ----------------------------------------------------------------------------


def _of_text(tag: str, sql: str, rule: ColumnRule, unknown: frozenset[str], zone: str) -> Reading:
    if isinstance(rule.kind, AnyNumberOfType):
        return _several(sql, rule, rule.kind, unknown)
    if isinstance(rule.kind, TextType) and not unknown and not rule.values and not rule.otherwise:
        return Reading(sql)
    text, key, value = name(f"t.{tag}"), name(f"k.{tag}"), name(f"v.{tag}")
    texts = [(text, trimmed(sql)), (key, _folded(sql))]
    given = f"{text} <> ''"
    if unknown - {""}:
        given += f" AND {key} NOT IN ({listed(sorted(unknown))})"
    cases = [f"WHEN NOT ({given}) OR {text} IS NULL THEN NULL"]
    for word, stands_for in rule.values.items():
        cases.append(f"WHEN {key} = {literal(word)} THEN {_constant(stands_for, rule.kind)}")
    typed, naive = _typed(text, key, sql, rule)
    if rule.otherwise is not None:
        typed, naive = _constant(rule.otherwise, rule.kind), "false"
    elif rule.values and naive != "false":
        naive = f"({naive} AND {key} NOT IN ({listed(rule.values)}))"
    values = ((value, f"CASE {' '.join(cases)} ELSE {typed} END"),)
    last = value
    if isinstance(rule.kind, NumberType):
        last = _in_range(value, rule.kind)
    elif naive != "false":
        naive = f"coalesce({given} AND {naive}, false)"
        last = f"CASE WHEN {naive} THEN {_settled(value, zone)} ELSE {value} END"
    odd = "false"
    if not isinstance(rule.kind, TextType):
        odd = f"coalesce({given} AND ({last}) IS NULL, false)"
    return Reading(last, odd, naive, tuple(texts), values)


def _typed(text: str, key: str, sql: str, rule: ColumnRule) -> tuple[str, str]:
    """A text that is not blank as a value of its type, NULL if it is none; and if it is naive."""
    match rule.kind:
        case TextType():
            return sql, "false"
        case OneOfType(values):
            return f"CASE WHEN {_is_one(text, values)} THEN {text} END", "false"
        case YesNoType():
            yes, no = f"{key} IN ('yes', 'true', '1')", f"{key} IN ('no', 'false', '0')"
            return f"CASE WHEN {yes} THEN true WHEN {no} THEN false END", "false"
        case NumberType(whole):
            return _written_number(text, whole, rule.decimal), "false"
        case DateType():
            if rule.dates is not None:
                return nothing(rule.kind).value, "false"
            return f"CASE WHEN {_matches(text, _DAY)} THEN try_cast({text} AS date) END", "false"
        case InstantType():
            return _written_instant(text, rule.dates)
        case AnyNumberOfType():
            raise AssertionError("lists are read elsewhere")
    assert_never(rule.kind)


def _is_one(text: str, values: Sequence[str]) -> str:
    return f"{text} IN ({listed(values)})" if values else "false"


def _written_number(text: str, whole: bool, decimal: str) -> str:
    if whole:
        fits = _matches(text, "-?[0-9]{1,18}")
        return f"CASE WHEN {fits} THEN try_cast({text} AS bigint) END"
    fits = _matches(text, f"-?[0-9]{{1,30}}([{decimal}][0-9]{{1,6}})?")
    pointed = text if decimal == "." else f"replace({text}, ',', '.')"
    return f"CASE WHEN {fits} THEN try_cast({pointed} AS {_NUMBER}) END"


def _written_instant(text: str, pattern: str | None) -> tuple[str, str]:
    """Microseconds, of a naive text those that it would be in UTC."""
    if pattern is not None:
        return "CAST(NULL AS bigint)", "false"
    fits = _matches(text, f"{_DAY}{_CLOCK}{_OFFSET}?")
    value = f"CASE WHEN {fits} THEN unix_micros(try_cast({text} AS timestamp)) END"
    offset = literal(f"{_OFFSET}\\z")
    return value, f"NOT {text} RLIKE {offset}"


def _several(sql: str, rule: ColumnRule, kind: AnyNumberOfType, unknown: frozenset[str]) -> Reading:
    """Values with semicolons between. Where a mapping changes them, Python reads them."""
    missing = f"{sql} IS NULL OR {_folded(sql)} IN ({listed(sorted({'', *unknown}))})"
    if rule.values or rule.otherwise is not None or unknown:
        return Reading(nothing(rule.kind).value, f"NOT ({missing})")
    pieces = f"transform(split({sql}, ';', -1), x -> {trimmed('x')})"
    members = f"array_distinct(filter({pieces}, x -> x <> ''))"
    odd = f"NOT ({missing}) AND NOT forall({members}, x -> {_is_one('x', kind.values)})"
    value = f"CASE WHEN {missing} OR size({members}) = 0 THEN NULL ELSE {members} END"
    return Reading(value, odd)


def _constant(value: object, kind: FieldType) -> str:
    """What a mapping says in place of a text; NULL (odd) for what only Python can say."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return f"CAST({literal(format(Decimal(str(value)), 'f'))} AS {sql_type(kind)})"
    if isinstance(kind, DateType):
        return f"CAST({literal(str(value))} AS date)"
    if isinstance(kind, InstantType):
        return "CAST(NULL AS bigint)"
    return literal(str(value))


# --- columns with a type of their own ------------------------------------------------------------


def _of_type(v: str, column: Column, kind: FieldType, zone: str) -> Reading:
    sql = column.sql
    given = f"{sql} IS NOT NULL"
    match kind:
        case YesNoType():
            return Reading(sql)
        case NumberType():
            last = _in_range(v, kind)
            values = ((v, _number(column, kind.whole)),)
            return Reading(last, f"{given} AND ({last}) IS NULL", values=values)
        case DateType():
            inside = f"{sql} >= date '{_FIRST}' AND {sql} < date '{_LAST}'"
            day = sql
            if column.holds == "local time":
                day = f"CAST({sql} AS date)"
                inside = inside.replace(sql, day) + f" AND {sql} = date_trunc('day', {sql})"
            return Reading(f"CASE WHEN {inside} THEN {day} END", f"{given} AND NOT ({inside})")
        case InstantType():
            moment = sql if column.holds == "instant" else f"CAST({sql} AS timestamp)"
            bounds = (
                f">= timestamp '{_FIRST} 00:00:00Z' AND {moment} < timestamp '{_LAST} 00:00:00Z'"
            )
            values = ((v, f"CASE WHEN {moment} {bounds} THEN unix_micros({moment}) END"),)
            if column.holds == "instant":
                return Reading(v, f"{given} AND {v} IS NULL", values=values)
            last = _settled(v, zone)
            return Reading(last, f"{given} AND ({last}) IS NULL", given, values=values)
        case AnyNumberOfType(choices):
            fine = (
                f"size({sql}) > 0 AND forall({sql}, x -> coalesce({_is_one('x', choices)}, false))"
            )
            return Reading(sql, f"{given} AND NOT ({fine})")
        case TextType() | OneOfType():
            raise AssertionError("texts are read elsewhere")
    assert_never(kind)


def _number(column: Column, whole: bool) -> str:
    """A number as it is held; NULL for one that must be looked at in Python."""
    sql, target = column.sql, "bigint" if whole else _NUMBER
    if column.holds == "whole":
        return f"CASE WHEN {sql} BETWEEN -{_MOST} AND {_MOST} THEN CAST({sql} AS {target}) END"
    number = f"try_cast({sql} AS {_NUMBER})"
    if column.holds == "float":
        # A number of at most 15 digits is what its float prints as, so nothing is lost. NaN is
        # greater than every number.
        same = f"CAST({number} AS {column.type}) = {sql}"
        bounded = f"abs({sql}) < {_SAFE}"
    else:
        same = f"{number} = {sql}"
        bounded = f"abs({sql}) < {_MOST}"
    fine = same + (f" AND {number} = floor({number})" if whole else "")
    return f"CASE WHEN {bounded} THEN CASE WHEN {fine} THEN CAST({number} AS {target}) END END"


def _in_range(value: str, kind: NumberType) -> str:
    """A number, NULL outside its declared range."""
    bounds = []
    if kind.low is not None:
        bounds.append(f"{value} >= {kind.low:f}")
    if kind.high is not None:
        bounds.append(f"{value} <= {kind.high:f}")
    return f"CASE WHEN {' AND '.join(bounds)} THEN {value} END" if bounds else value


def _settled(local: str, zone: str) -> str:
    """Microseconds of a local time as an instant of the zone, NULL far from our time."""
    offsets = local_offsets(zone)
    shifted = f"{local} - ({ladder(local, offsets.starts, offsets.offsets)})"
    return f"CASE WHEN {local} >= {offsets.low} AND {local} < {offsets.high} THEN {shifted} END"
