"""``points by FIELD``: which row a value comes to, as a lookup or as tests in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, assert_never

from leadpact.backends.python.loads import Facts, literal
from leadpact.backends.python.writer import Writer
from leadpact.checked import ByRange, ByRest, ByRow, ByValues, Field, NumberType, TextType
from leadpact.operators.text import fold

__all__ = ["has_ranges", "lookup", "range_tests", "ranged", "valued"]


def has_ranges(rows: tuple[ByRow, ...]) -> bool:
    return any(isinstance(row.match, ByRange) for row in rows)


def valued(facts: Facts, field: Field) -> str:
    """The field's value as ``lookup`` has its keys."""
    is_text = isinstance(field.type, TextType)
    return facts.folded(field.name) if is_text else facts.raw(field.name)


def lookup(
    field: Field, rows: tuple[ByRow, ...], entry: Callable[[ByRow], Any], nothing: Any
) -> tuple[dict[Any, Any], Any]:
    """Value → entry of its row (the unknown among them), and the entry of every other value.

    ``nothing`` stands where no row matches.
    """
    is_text = isinstance(field.type, TextType)
    unknown, rest = nothing, nothing
    table: dict[Any, Any] = {}
    for row in rows:
        match row.match:
            case ByValues(values):
                for value in values:
                    key = fold(value) if is_text and isinstance(value, str) else value
                    table.setdefault(key, entry(row))
            case ByRest("unknown"):
                unknown = entry(row)
            case ByRest():
                rest = entry(row)
            case ByRange():
                raise AssertionError("a table with ranges is no lookup")
            case _:
                assert_never(row.match)
    table["" if is_text else None] = unknown
    if field.no_when_unknown:
        table[None] = table.get(False, rest)
    return table, rest


def ranged(facts: Facts, field: Field, rows: tuple[ByRow, ...]) -> str:
    """The field's value as ``range_tests`` compares it."""
    if not isinstance(field.type, NumberType):
        return facts.day(field.name)
    bounds = [
        bound
        for row in rows
        if isinstance(row.match, ByRange)
        for bound in (row.match.low, row.match.high)
    ]
    if any(isinstance(bound, Decimal) and literal(bound) is None for bound in bounds):
        return facts.exact(field.name)
    return facts.raw(field.name)


def range_tests(
    writer: Writer, value: str, field: Field, rows: tuple[ByRow, ...]
) -> Iterator[tuple[ByRow | None, str]]:
    """Tests in order, each with the row that acts when it is the first that holds.

    Unknown comes first (no row for it: ``None``); the last test may be ``True``.
    """
    unknown = next((row for row in rows if _is_unknown(row)), None)
    yield unknown, f"{value} is None"
    whole = isinstance(field.type, NumberType) and field.type.whole
    below: Any = None
    for row in rows:
        if _is_unknown(row):
            continue
        yield row, _range_test(writer, value, row, below)
        if isinstance(row.match, ByRange) and row.match.low is not None and whole:
            # What the rows above took need not be left out once more.
            high: Any = row.match.high
            below = row.match.low if high is None or high + 1 == below else below


def _range_test(writer: Writer, value: str, row: ByRow, below: Any) -> str:
    match row.match:
        case ByRange(low, high, high_open):
            bounds = []
            if low is not None:
                bounds.append(f"{value} >= {_bound(writer, low)}")
            if high is not None and not (below is not None and _reaches(row.match, below)):
                bounds.append(f"{value} {'<' if high_open else '<='} {_bound(writer, high)}")
            return " and ".join(bounds) or "True"
        case ByValues(values):
            return f"{value} in {writer.constant(frozenset(values))}"
        case ByRest():
            return "True"
        case _:
            assert_never(row.match)


def _bound(writer: Writer, bound: Any) -> str:
    spelled = literal(bound) if isinstance(bound, Decimal) else None
    return spelled or writer.constant(bound)


def _reaches(match: ByRange, below: Any) -> bool:
    """Whether the range's upper end is where the rows above begin (``below`` is excluded)."""
    end: Any = match.high
    return bool(end == below if match.high_open else end + 1 == below)


def _is_unknown(row: ByRow) -> bool:
    return isinstance(row.match, ByRest) and row.match.what == "unknown"
