"""How a column of Postgres becomes a fact, in SQL: checked by its spelling first, then cast.

Nothing is guessed, nothing is rounded, and no cast can fail: what is not plainly a value of its
type comes out as NULL and is ``odd``, and its lead is decided in Python, which knows what to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from leadpact.backends.sql.rendering import short_name
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
from leadpact.warehouse.wording import (
    Dialect,
    Reading,
    in_small_letters,
    listed,
    literal,
    settled,
)

__all__ = [
    "Reading",
    "listed",
    "literal",
    "name",
    "nothing",
    "reading",
    "selected",
    "trimmed",
]

_NUMBER = "numeric(38, 6)"
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


def name(text: str) -> str:
    """A name in quotes, cut as the policy's query cuts it where it is longer than may be."""
    return '"' + short_name(text, "postgres").replace('"', '""') + '"'


def trimmed(sql: str) -> str:
    """A text without the blanks around it."""
    return f"btrim({sql}, {_TRIMMED})"


def _folded(sql: str) -> str:
    return in_small_letters(trimmed(sql))


def _matches(sql: str, pattern: str) -> str:
    return f"{sql} ~ {literal(f'^({pattern})$')}"


def reading(
    tag: str, column: Column, rule: ColumnRule, unknown: frozenset[str], zone: str
) -> Reading:
    """How a column tells a fact. ``tag`` is a name that no other fact has."""
    if column.holds == "text":
        return _POSTGRES.of_text(tag, column.sql, rule, unknown, zone)
    return _of_type(name(f"v.{tag}"), column, rule.kind, zone)


def selected(source: str, readings: Sequence[Reading], columns: Iterable[str]) -> str:
    """A query of ``columns`` over ``source``, with what the readings work out before."""
    texts = [f"{sql} AS {alias}" for one in readings for alias, sql in one.texts]
    values = [f"{sql} AS {alias}" for one in readings for alias, sql in one.values]
    # Without the offset the server would put the expressions into one another, and work out each
    # as often as it is mentioned.
    inner = f"SELECT {', '.join(['*', *texts])} FROM {source} AS s0 OFFSET 0"
    if values:
        inner = f"SELECT {', '.join(['*', *values])} FROM ({inner}) AS s1 OFFSET 0"
    return f"SELECT {', '.join(columns)} FROM ({inner}) AS s2"


# --- columns of texts ----------------------------------------------------------------------------


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


def _written_date(text: str, pattern: str | None) -> str:
    spelled = text if pattern is None else _by_pattern(text, pattern)
    return f"CASE WHEN {_matches(spelled, _DAY)} THEN ({spelled})::date END"


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


_POSTGRES = Dialect(
    name=name,
    text='text COLLATE "C"',
    decimal=_NUMBER,
    texts="text[]",
    trimmed=trimmed,
    folded=_folded,
    number=_written_number,
    date=_written_date,
    instant=_written_instant,
    several=_several,
)
nothing = _POSTGRES.nothing


# --- columns with a type of their own ------------------------------------------------------------


def _of_type(v: str, column: Column, kind: FieldType, zone: str) -> Reading:
    sql = column.sql
    given = f"{sql} IS NOT NULL"
    match kind:
        case YesNoType():
            return Reading(sql)
        case NumberType():
            last = _POSTGRES.in_range(v, kind)
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
