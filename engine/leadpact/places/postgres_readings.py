"""How a column of Postgres becomes a fact, in SQL: checked by its spelling first, then cast.

Nothing is guessed, nothing is rounded, and no cast can fail: what is not plainly a value of its
type comes out as NULL and is ``odd``, and its lead is decided in Python, which knows what to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from leadpact.backends.sql.dialects import short_name
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

__all__ = [
    "Reading",
    "listed",
    "literal",
    "name",
    "nothing",
    "reading",
    "selected",
    "settled",
    "trimmed",
]

_NUMBER = "numeric(38, 6)"
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_TRIMMED = r"E' \t\n\r\x0b\f'"
_MOST = 10**18
_DAY = (
    "[1-8][0-9]{3}-"
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
)
"""A day that there is, whatever the year: the 29th of February is left to Python."""
_CLOCK = "[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
_OFFSET = "(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
_FIRST, _LAST = "1000-01-01", "9000-01-01"
_WIDTHS = {"d": 2, "m": 2, "Y": 4, "H": 2, "M": 2, "S": 2}


@dataclass(frozen=True, slots=True)
class Reading:
    """SQL of a fact: its ``value``, whether what stands there is ``odd``, and whether it is an
    instant without an offset (``naive``).

    They may mention the columns of ``texts`` and ``values``, which are worked out before, in this
    order, so that nothing is spelled twice.
    """

    value: str
    odd: str = "false"
    naive: str = "false"
    texts: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()


def name(text: str) -> str:
    """A name in quotes, cut as the policy's query cuts it where it is longer than may be."""
    return '"' + short_name(text, "postgres").replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in quotes."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Texts in quotes, with commas between."""
    return ", ".join(literal(text) for text in texts)


def trimmed(sql: str) -> str:
    """A text without the blanks around it."""
    return f"btrim({sql}, {_TRIMMED})"


def _folded(sql: str) -> str:
    return f"translate({trimmed(sql)}, '{_UPPER}', '{_LOWER}')"


def _matches(sql: str, pattern: str) -> str:
    return f"{sql} ~ {literal(f'^({pattern})$')}"


def sql_type(kind: FieldType) -> str:
    """How a fact of this type is held."""
    match kind:
        case TextType() | OneOfType():
            return 'text COLLATE "C"'
        case NumberType(whole):
            return "bigint" if whole else _NUMBER
        case YesNoType():
            return "boolean"
        case AnyNumberOfType():
            return "text[]"
        case DateType():
            return "date"
        case InstantType():
            return "bigint"
    assert_never(kind)


def nothing(kind: FieldType) -> Reading:
    """A fact that nobody tells."""
    return Reading(f"NULL::{sql_type(kind)}")


def reading(
    tag: str, column: Column, rule: ColumnRule, unknown: frozenset[str], zone: str
) -> Reading:
    """How a column tells a fact. ``tag`` is a name that no other fact has."""
    if column.holds == "text":
        return _of_text(tag, column.sql, rule, unknown | rule.unknown, zone)
    return _of_type(name(f"v.{tag}"), column, rule.kind, zone)


def selected(source: str, readings: Sequence[Reading], columns: Iterable[str]) -> str:
    """A query of ``columns`` over ``source``, with what the readings work out before."""
    texts = [f"{sql} AS {alias}" for one in readings for alias, sql in one.texts]
    values = [f"{sql} AS {alias}" for one in readings for alias, sql in one.values]
    inner = f"SELECT {', '.join(['*', *texts])} FROM {source} AS s0"
    inner = f"SELECT {', '.join(['*', *values])} FROM ({inner}) AS s1"
    return f"SELECT {', '.join(columns)} FROM ({inner}) AS s2"


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
        last = f"CASE WHEN {naive} THEN {settled(value, zone)} ELSE {value} END"
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
            spelled = text if rule.dates is None else _by_pattern(text, rule.dates)
            return f"CASE WHEN {_matches(spelled, _DAY)} THEN ({spelled})::date END", "false"
        case InstantType():
            return _written_instant(text, rule.dates)
        case AnyNumberOfType():
            raise AssertionError("lists are read elsewhere")
    assert_never(rule.kind)


def _is_one(text: str, values: Sequence[str]) -> str:
    return f"{text} IN ({listed(values)})" if values else "false"


def _written_number(text: str, whole: bool, decimal: str) -> str:
    if whole:
        return f"CASE WHEN {_matches(text, '-?[0-9]{1,18}')} THEN {text}::bigint END"
    fits = _matches(text, f"-?[0-9]{{1,30}}([{decimal}][0-9]{{1,6}})?")
    pointed = text if decimal == "." else f"replace({text}, ',', '.')"
    return f"CASE WHEN {fits} THEN ({pointed})::{_NUMBER} END"


def _written_instant(text: str, pattern: str | None) -> tuple[str, str]:
    """Microseconds, of a naive text those that it would be in UTC."""
    if pattern is not None:
        spelled = _by_pattern(text, pattern)
        fits = _matches(spelled, f"{_DAY}({_CLOCK})?")
        return f"CASE WHEN {fits} THEN {_micros(f'({spelled})::timestamptz')} END", "true"
    fits = _matches(text, f"{_DAY}{_CLOCK}{_OFFSET}?")
    value = f"CASE WHEN {fits} THEN {_micros(f'({text})::timestamptz')} END"
    return value, f"NOT {text} ~ {literal(f'{_OFFSET}$')}"


def _micros(instant: str) -> str:
    return f"(extract(epoch FROM {instant}) * 1000000)::bigint"


def _by_pattern(text: str, pattern: str) -> str:
    """The time that a text says by a pattern like ``%d/%m/%Y``, as ISO 8601 spells it.

    NULL if its spelling is unusual. Two digits each and four of the year: what Python would read
    as well is left to Python.
    """
    places: dict[str, str] = {}
    spelled, at, rest = "", 1, pattern
    while rest:
        mark = rest[1:2]
        if rest[0] == "%" and mark in _WIDTHS and mark not in places:
            places[mark] = f"substr({text}, {at}, {_WIDTHS[mark]})"
            spelled += f"[0-9]{{{_WIDTHS[mark]}}}"
            at, rest = at + _WIDTHS[mark], rest[2:]
        elif rest[0] in " -/.:,T":
            spelled += f"[{rest[0]}]" if rest[0] != "-" else "-"
            at, rest = at + 1, rest[1:]
        else:
            return "NULL::text"
    day = " || '-' || ".join(places.get(mark, "NULL::text") for mark in "Ymd")
    clock = " || ':' || ".join(places.get(mark, "'00'") for mark in "HMS")
    whole = f"{day} || ' ' || {clock}" if set(places) & set("HMS") else day
    return f"(CASE WHEN {_matches(text, spelled)} THEN {whole} END)"


def _several(sql: str, rule: ColumnRule, kind: AnyNumberOfType, unknown: frozenset[str]) -> Reading:
    """Values with semicolons between. Where a mapping changes them, Python reads them."""
    missing = f"{sql} IS NULL OR {_folded(sql)} IN ({listed(sorted({'', *unknown}))})"
    if rule.values or rule.otherwise is not None or unknown:
        return Reading("NULL::text[]", f"NOT ({missing})")
    pieces = f"regexp_split_to_table({sql}, ';') AS piece"
    piece = trimmed("piece")
    members = f"(SELECT array_agg(DISTINCT {piece}) FROM {pieces} WHERE {piece} <> '')"
    odd = f"NOT ({missing}) AND NOT coalesce({members} <@ {_array(kind.values)}, true)"
    return Reading(f"CASE WHEN {missing} THEN NULL ELSE {members} END", odd)


def _array(values: Sequence[str]) -> str:
    return f"ARRAY[{listed(values)}]::text[]"


def _constant(value: object, kind: FieldType) -> str:
    """What a mapping says in place of a text; NULL (odd) for what only Python can say."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return f"{literal(format(Decimal(str(value)), 'f'))}::{sql_type(kind)}"
    if isinstance(kind, DateType):
        return f"{literal(str(value))}::date"
    if isinstance(kind, InstantType):
        return "NULL::bigint"
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
            day = sql
            inside = _inside(sql, "date")
            if column.holds == "local time":
                day = f"{sql}::date"
                inside += f" AND {sql} = date_trunc('day', {sql})"
            return Reading(f"CASE WHEN {inside} THEN {day} END", f"{given} AND NOT ({inside})")
        case InstantType():
            inside = _inside(sql, "timestamptz" if column.holds == "instant" else "timestamp")
            values = ((v, f"CASE WHEN {inside} THEN {_micros(sql)} END"),)
            if column.holds == "instant":
                return Reading(v, f"{given} AND {v} IS NULL", values=values)
            last = settled(v, zone)
            return Reading(last, f"{given} AND ({last}) IS NULL", given, values=values)
        case AnyNumberOfType(choices):
            fine = (
                f"array_ndims({sql}) = 1 AND {sql} <@ {_array(choices)} "
                f"AND array_position({sql}, NULL) IS NULL"
            )
            return Reading(sql, f"{given} AND NOT coalesce({fine}, false)")
        case TextType() | OneOfType():
            raise AssertionError("texts are read elsewhere")
    assert_never(kind)


def _inside(sql: str, type_: str) -> str:
    return f"{sql} >= {type_} '{_FIRST}' AND {sql} < {type_} '{_LAST}'"


def _number(column: Column, whole: bool) -> str:
    """A number as it is held; NULL for one that must be looked at in Python."""
    sql, target = column.sql, "bigint" if whole else _NUMBER
    # NaN is greater than every number, so it is not between these.
    bounded = f"{sql} BETWEEN -{_MOST} AND {_MOST}"
    match column.holds:
        case "whole":
            return f"CASE WHEN {bounded} THEN {sql}::{target} END"
        case "float":
            # The text of a float has the fewest digits that tell it from its neighbours.
            number = f"{sql}::text::numeric"
        case _:
            number = sql
    exact = f"{number} = {'trunc' if whole else 'round'}({number}{'' if whole else ', 6'})"
    return f"CASE WHEN {bounded} THEN CASE WHEN {exact} THEN ({number})::{target} END END"


def _in_range(value: str, kind: NumberType) -> str:
    """A number, NULL outside its declared range."""
    bounds = []
    if kind.low is not None:
        bounds.append(f"{value} >= {kind.low:f}")
    if kind.high is not None:
        bounds.append(f"{value} <= {kind.high:f}")
    return f"CASE WHEN {' AND '.join(bounds)} THEN {value} END" if bounds else value


def settled(local: str, zone: str) -> str:
    """Microseconds of a local time as an instant of the zone, NULL far from our time."""
    offsets = local_offsets(zone)
    shifted = f"{local} - ({ladder(local, offsets.starts, offsets.offsets)})"
    return f"CASE WHEN {local} >= {offsets.low} AND {local} < {offsets.high} THEN {shifted} END"
