"""How a column becomes a fact, in SQL: checked by its spelling first, then cast.

Nothing is guessed, and nothing is rounded: what is not plainly a value of its type comes out as
NULL and is ``odd``, and its lead is decided in Python, which knows what to say about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
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
from leadpact.operators.text import BLANKS
from leadpact.operators.times import transitions
from leadpact.warehouse.duck import list_of, literal, name

__all__ = [
    "DECIMAL",
    "Reading",
    "in_range",
    "layered",
    "nothing",
    "of_text",
    "settled",
    "sql_type",
    "trimmed",
]

DECIMAL = "DECIMAL(38, 6)"
_BLANKS = "chr(32) || chr(9) || chr(10) || chr(13) || chr(11) || chr(12)"
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_ZONE_YEARS = (1970, 2100)
_INSTANT = (
    "[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]"
    "(:[0-5][0-9]([.][0-9]{1,6})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"
)
_OFFSET = "(Z|[+-][0-9]{2}:[0-9]{2})$"
_DATE = "[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}"


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


def sql_type(kind: FieldType) -> str:
    """How a fact of this type is held."""
    match kind:
        case TextType() | OneOfType():
            return "VARCHAR"
        case NumberType(whole):
            return "BIGINT" if whole else DECIMAL
        case YesNoType():
            return "BOOLEAN"
        case AnyNumberOfType():
            return "VARCHAR[]"
        case DateType():
            return "DATE"
        case InstantType():
            return "BIGINT"
    assert_never(kind)


def nothing(kind: FieldType) -> Reading:
    """A fact that nobody tells."""
    return Reading(f"NULL::{sql_type(kind)}")


def trimmed(column: str) -> str:
    """A text without the blanks around it."""
    return f"trim({column}, {_BLANKS})"


def folded(column: str) -> str:
    """A text as it is compared: without blanks around it, A–Z in small letters."""
    bare = trimmed(column)
    return (
        f"CASE WHEN strlen({column}) = length({column}) THEN lower({bare}) "
        f"ELSE translate({bare}, '{_UPPER}', '{_LOWER}') END"
    )


def of_text(tag: str, column: str, rule: ColumnRule, unknown: frozenset[str], zone: str) -> Reading:
    """How a column of texts is read, as a source mapping says. ``tag`` is a name of its own."""
    unknown = unknown | rule.unknown
    if isinstance(rule.kind, AnyNumberOfType):
        return _several(column, rule, rule.kind, unknown)
    if isinstance(rule.kind, TextType) and not unknown and not rule.values and not rule.otherwise:
        return Reading(column)
    text, key, value = name(f"t.{tag}"), name(f"k.{tag}"), name(f"v.{tag}")
    texts = [(text, trimmed(column))]
    given = f"{text} <> ''"
    if unknown or rule.values or isinstance(rule.kind, YesNoType):
        texts.append((key, folded(column)))
    if unknown - {""}:
        given += f" AND {key} NOT IN ({list_of(sorted(unknown))})"
    cases = [f"WHEN NOT ({given}) OR {text} IS NULL THEN NULL"]
    for word, stands_for in rule.values.items():
        cases.append(f"WHEN {key} = {literal(word)} THEN {_constant(stands_for, rule.kind)}")
    typed, naive = _typed(text, key, column, rule)
    if rule.otherwise is not None:
        typed, naive = _constant(rule.otherwise, rule.kind), "false"
    elif rule.values and naive != "false":
        naive = f"({naive} AND {key} NOT IN ({list_of(rule.values)}))"
    values = ((value, f"CASE {' '.join(cases)} ELSE {typed} END"),)
    last = value
    if isinstance(rule.kind, NumberType):
        last = in_range(value, rule.kind)
    elif naive != "false":
        naive = f"coalesce({given} AND {naive}, false)"
        last = f"CASE WHEN {naive} THEN {settled(value, zone)} ELSE {value} END"
    odd = "false"
    if not isinstance(rule.kind, TextType):
        odd = f"coalesce({given} AND ({last}) IS NULL, false)"
    return Reading(last, odd, naive, tuple(texts), values)


def _typed(text: str, key: str, column: str, rule: ColumnRule) -> tuple[str, str]:
    """A text that is not blank as a value of its type, NULL if it is none; and if it is naive."""
    match rule.kind:
        case TextType():
            return column, "false"
        case OneOfType(values):
            return _one_of(text, values), "false"
        case YesNoType():
            yes, no = f"{key} IN ('yes', 'true', '1')", f"{key} IN ('no', 'false', '0')"
            return f"CASE WHEN {yes} THEN true WHEN {no} THEN false END", "false"
        case NumberType(whole):
            return _number(text, whole, rule.decimal), "false"
        case DateType():
            return _date(text, rule.dates), "false"
        case InstantType():
            return _instant(text, rule.dates)
        case AnyNumberOfType():
            raise AssertionError("lists are read elsewhere")
    assert_never(rule.kind)


def _one_of(text: str, values: tuple[str, ...]) -> str:
    if not values:
        return "NULL::VARCHAR"
    return f"CASE WHEN {text} IN ({list_of(values)}) THEN {text} END"


def _number(text: str, whole: bool, decimal: str) -> str:
    if whole:
        fits = f"regexp_full_match({text}, '-?[0-9]{{1,18}}')"
        return f"CASE WHEN {fits} THEN TRY_CAST({text} AS BIGINT) END"
    fits = f"regexp_full_match({text}, '-?[0-9]{{1,30}}([{decimal}][0-9]{{1,6}})?')"
    pointed = text if decimal == "." else f"replace({text}, ',', '.')"
    return f"CASE WHEN {fits} THEN TRY_CAST({pointed} AS {DECIMAL}) END"


def in_range(value: str, kind: NumberType) -> str:
    """A number, NULL outside its declared range."""
    bounds = []
    if kind.low is not None:
        bounds.append(f"{value} >= {_decimal(kind.low)}")
    if kind.high is not None:
        bounds.append(f"{value} <= {_decimal(kind.high)}")
    return f"CASE WHEN {' AND '.join(bounds)} THEN {value} END" if bounds else value


def _decimal(number: Decimal) -> str:
    return f"{number:f}::{DECIMAL}"


def _date(text: str, pattern: str | None) -> str:
    if pattern is None:
        fits = f"regexp_full_match({text}, '{_DATE}')"
        return f"CASE WHEN {fits} THEN TRY_CAST({text} AS DATE) END"
    return f"CAST({_by_pattern(text, pattern)} AS DATE)"


def _instant(text: str, pattern: str | None) -> tuple[str, str]:
    """Microseconds, of a naive text those that it would be in UTC."""
    if pattern is not None:
        return f"epoch_us({_by_pattern(text, pattern)})", "true"
    fits = f"regexp_full_match({text}, '{_INSTANT}')"
    value = f"CASE WHEN {fits} THEN epoch_us(TRY_CAST({text} AS TIMESTAMPTZ)) END"
    return value, f"NOT regexp_matches({text}, '{_OFFSET}')"


def _by_pattern(text: str, pattern: str) -> str:
    """The time that a text says by a pattern like ``%d/%m/%Y``; NULL if its spelling is unusual.

    Two digits each and four of the year: what Python would read as well is left to Python.
    """
    widths = {"d": 2, "m": 2, "Y": 4, "H": 2, "M": 2, "S": 2}
    spelled, rest = "", pattern
    while rest:
        if rest[0] == "%":
            if len(rest) < 2 or rest[1] not in widths:
                return "NULL::TIMESTAMP"
            spelled += "[1-8][0-9]{3}" if rest[1] == "Y" else f"[0-9]{{{widths[rest[1]]}}}"
            rest = rest[2:]
        elif rest[0].isalnum() or not rest[0].isascii() or rest[0] in BLANKS[1:]:
            return "NULL::TIMESTAMP"
        else:
            spelled += f"[{rest[0]}]" if rest[0] not in "\\^]'[" else "\\" + rest[0]
            rest = rest[1:]
    if "'" in pattern or "Y" not in pattern:
        return "NULL::TIMESTAMP"
    fits = f"regexp_full_match({text}, {literal(spelled)})"
    return f"CASE WHEN {fits} THEN try_strptime({text}, {literal(pattern)}) END"


def _several(
    column: str, rule: ColumnRule, kind: AnyNumberOfType, unknown: frozenset[str]
) -> Reading:
    """Values with semicolons between, each of them mapped by itself."""
    pieces = f"string_split({column}, ';')"
    key = folded("x")
    skipped = f"{key} IN ({list_of(sorted({'', *unknown}))})"
    kept = f"list_filter({pieces}, lambda x: NOT {skipped})"
    cases = [
        f"WHEN {key} = {literal(text)} THEN [{list_of(value)}]"
        for text, value in rule.values.items()
        if isinstance(value, list)
    ]
    last = f"[{list_of(rule.otherwise)}]" if isinstance(rule.otherwise, list) else None
    own = last or f"[{trimmed('x')}]"
    mapped = f"CASE {' '.join(cases)} ELSE {own} END" if cases else own
    members = f"list_distinct(flatten(list_transform({kept}, lambda x: {mapped})))"
    missing = f"{column} IS NULL OR {folded(column)} IN ({list_of(sorted({'', *unknown}))})"
    value = f"CASE WHEN {missing} OR len({members}) = 0 THEN NULL ELSE {members} END"
    allowed = f"[{list_of(kind.values)}]::VARCHAR[]"
    odd = f"NOT ({missing}) AND NOT list_has_all({allowed}, {members})"
    return Reading(value, odd)


def _constant(value: object, kind: FieldType) -> str:
    """What a mapping says in place of a text; NULL (odd) for what only Python can say."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return f"CAST({literal(format(Decimal(str(value)), 'f'))} AS {sql_type(kind)})"
    if isinstance(kind, DateType):
        return f"CAST({literal(str(value))} AS DATE)"
    if isinstance(kind, InstantType):
        return "NULL::BIGINT"
    return literal(str(value))


# --- instants without an offset ------------------------------------------------------------------


def settled(local: str, zone: str) -> str:
    """Microseconds of a local time as an instant of the zone, NULL far from our time.

    A time that a clock change skips or repeats takes the offset before the change, so that the
    new offset holds from the later of both readings of the change's instant on.
    """
    starts, offsets = _offsets(zone)
    low, high = (_micros(datetime(year, 1, 3, tzinfo=UTC)) for year in _ZONE_YEARS)
    shifted = f"{local} - ({_ladder(local, starts, offsets)})"
    return f"CASE WHEN {local} >= {low} AND {local} < {high} THEN {shifted} END"


def _ladder(local: str, starts: tuple[int, ...], offsets: tuple[int, ...]) -> str:
    """A search for the offset by halving: a dozen comparisons whatever the table."""
    if not starts:
        return str(offsets[0])
    half = len(starts) // 2
    before = _ladder(local, starts[:half], offsets[: half + 1])
    after = _ladder(local, starts[half + 1 :], offsets[half + 1 :])
    return f"CASE WHEN {local} < {starts[half]} THEN {before} ELSE {after} END"


@lru_cache(maxsize=8)
def _offsets(zone: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    low, high = (datetime(year, 1, 1, tzinfo=UTC) for year in _ZONE_YEARS)
    changes, offsets = transitions(zone, low, high)
    starts = [
        _micros(change) + max(before, after) // _TICK
        for change, before, after in zip(changes, offsets, offsets[1:], strict=False)
    ]
    return tuple(starts), tuple(offset // _TICK for offset in offsets)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def layered(source: str, readings: Sequence[Reading], columns: Iterable[str]) -> str:
    """A query of ``columns`` over ``source``, with what the readings work out before."""
    texts = [f"{sql} AS {alias}" for one in readings for alias, sql in one.texts]
    values = [f"{sql} AS {alias}" for one in readings for alias, sql in one.values]
    inner = f"SELECT {', '.join(['*', *texts])} FROM {source}"
    inner = f"SELECT {', '.join(['*', *values])} FROM ({inner})"
    return f"SELECT {', '.join(columns)} FROM ({inner})"
