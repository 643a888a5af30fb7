"""How a column becomes a fact, in SQL, as far as DuckDB and Postgres say it alike.

Nothing is guessed, and nothing is rounded: what is not plainly a value of its type comes out as
NULL and is ``odd``, and its lead is decided in Python, which knows what to say about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from leadpact.operators.times import transitions

__all__ = ["Dialect", "Reading", "in_small_letters", "in_words", "listed", "literal", "settled"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_ZONE_YEARS = (1970, 2100)
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Reading:
    """SQL of a fact: its ``value``, whether what stands there is ``odd``, and whether it is an
    instant without an offset (``naive``).

    They may mention the columns of ``texts`` and ``values``, which are worked out before, in this
    order, so that nothing is spelled twice.

    ``plain`` is the shorter way where columns are as clean as most are: SQL of the value as it
    stands, and of whether this one cannot be taken so.
    """

    value: str
    odd: str = "false"
    naive: str = "false"
    texts: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    plain: tuple[str, str] | None = None


def literal(text: str) -> str:
    """A text in quotes."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Texts in quotes, with commas between."""
    return ", ".join(literal(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two say each in its own way; the methods are what follows from it.

    ``text``, ``decimal`` and ``texts`` are names of types. The functions take SQL of a text and
    give SQL: ``trimmed`` without blanks around it, ``folded`` as it is compared. Of a text without
    blanks around it, ``number`` (a whole one; the mark before decimals), ``date`` and ``instant``
    (a pattern or ``None``) are NULL if it is none; ``instant`` gives microseconds, of a text
    without an offset those that it would be in UTC, and whether it is such a text. ``several``
    reads lists of values.
    """

    name: Callable[[str], str]
    text: str
    decimal: str
    texts: str
    trimmed: Callable[[str], str]
    folded: Callable[[str], str]
    number: Callable[[str, bool, str], str]
    date: Callable[[str, str | None], str]
    instant: Callable[[str, str | None], tuple[str, str]]
    several: Callable[[str, ColumnRule, AnyNumberOfType, frozenset[str]], Reading]

    def sql_type(self, kind: FieldType) -> str:
        """How a fact of this type is held."""
        match kind:
            case TextType() | OneOfType():
                return self.text
            case NumberType(whole):
                return "BIGINT" if whole else self.decimal
            case YesNoType():
                return "BOOLEAN"
            case AnyNumberOfType():
                return self.texts
            case DateType():
                return "DATE"
            case InstantType():
                return "BIGINT"
        assert_never(kind)

    def nothing(self, kind: FieldType) -> Reading:
        """A fact that nobody tells."""
        sql = f"NULL::{self.sql_type(kind)}"
        return Reading(sql, plain=(sql, "false"))

    def of_text(
        self, tag: str, column: str, rule: ColumnRule, unknown: frozenset[str], zone: str
    ) -> Reading:
        """How a column of texts is read, as a source mapping says. ``tag`` is a name of its own."""
        kind, unknown = rule.kind, unknown | rule.unknown
        if isinstance(kind, AnyNumberOfType):
            return self.several(column, rule, kind, unknown)
        if isinstance(kind, TextType) and not unknown and not rule.values and not rule.otherwise:
            return Reading(column, plain=(column, "false"))
        text, key, value = (self.name(f"{letter}.{tag}") for letter in "tkv")
        texts = [(text, self.trimmed(column))]
        given = f"{text} <> ''"
        if unknown or rule.values or isinstance(kind, YesNoType):
            texts.append((key, self.folded(column)))
        if unknown - {""}:
            given += f" AND {key} NOT IN ({listed(sorted(unknown))})"
        cases = [f"WHEN NOT ({given}) OR {text} IS NULL THEN NULL"]
        for word, stands_for in rule.values.items():
            cases.append(f"WHEN {key} = {literal(word)} THEN {self._constant(stands_for, kind)}")
        typed, naive = self._typed(text, key, column, rule)
        if rule.otherwise is not None:
            typed, naive = self._constant(rule.otherwise, kind), "false"
        elif rule.values and naive != "false":
            naive = f"({naive} AND {key} NOT IN ({listed(rule.values)}))"
        values = ((value, f"CASE {' '.join(cases)} ELSE {typed} END"),)
        last = value
        if isinstance(kind, NumberType):
            last = self.in_range(value, kind)
        elif naive != "false":
            naive = f"coalesce({given} AND {naive}, false)"
            last = f"CASE WHEN {naive} THEN {settled(value, zone)} ELSE {value} END"
        odd = "false"
        if not isinstance(kind, TextType):
            odd = f"coalesce({given} AND ({last}) IS NULL, false)"
        plain = None
        if isinstance(kind, OneOfType) and len(texts) == 1 and rule.otherwise is None:
            plain = column, f"{self._one_of(column, kind.values)} IS NULL AND {column} IS NOT NULL"
        return Reading(last, odd, naive, tuple(texts), values, plain)

    def _typed(self, text: str, key: str, column: str, rule: ColumnRule) -> tuple[str, str]:
        """A text that is not blank as a value of its type, NULL if it is none; and if it is
        naive.
        """
        match rule.kind:
            case TextType():
                return column, "false"
            case OneOfType(values):
                return self._one_of(text, values), "false"
            case YesNoType():
                yes, no = f"{key} IN ('yes', 'true', '1')", f"{key} IN ('no', 'false', '0')"
                return f"CASE WHEN {yes} THEN true WHEN {no} THEN false END", "false"
            case NumberType(whole):
                return self.number(text, whole, rule.decimal), "false"
            case DateType():
                return self.date(text, rule.dates), "false"
            case InstantType():
                return self.instant(text, rule.dates)
            case AnyNumberOfType():
                raise AssertionError("lists are read elsewhere")
        assert_never(rule.kind)

    def _one_of(self, text: str, values: tuple[str, ...]) -> str:
        if not values:
            return f"NULL::{self.text}"
        return f"CASE WHEN {text} IN ({listed(values)}) THEN {text} END"

    def in_range(self, value: str, kind: NumberType) -> str:
        """A number, NULL outside its declared range."""
        bounds = []
        if kind.low is not None:
            bounds.append(f"{value} >= {kind.low:f}::{self.decimal}")
        if kind.high is not None:
            bounds.append(f"{value} <= {kind.high:f}::{self.decimal}")
        return f"CASE WHEN {' AND '.join(bounds)} THEN {value} END" if bounds else value

    def _constant(self, value: object, kind: FieldType) -> str:
        """What a mapping says in place of a text; NULL (odd) for what only Python can say."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float | Decimal):
            return f"CAST({literal(format(Decimal(str(value)), 'f'))} AS {self.sql_type(kind)})"
        if isinstance(kind, DateType):
            return f"CAST({literal(str(value))} AS DATE)"
        if isinstance(kind, InstantType):
            return "NULL::BIGINT"
        return literal(str(value))


def in_words(kind: FieldType) -> str:
    """What a value of this type is, for messages."""
    match kind:
        case TextType():
            return "a text"
        case YesNoType():
            return "yes or no"
        case NumberType(whole):
            return "a whole number" if whole else "a number"
        case OneOfType():
            return "one of several values"
        case AnyNumberOfType():
            return "a list of values"
        case DateType():
            return "a date"
        case InstantType():
            return "a date and time"
    assert_never(kind)


def in_small_letters(bare: str) -> str:
    """A text with A–Z in small letters, and all else as it is."""
    return f"translate({bare}, '{_UPPER}', '{_LOWER}')"


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
