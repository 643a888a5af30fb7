"""What a test says of one concrete value of a field or property.

Values are as records hold them once read: text, ``Decimal``, bool, set of texts, day, instant;
``None`` while unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias, assert_never

from leadpact import checked as c
from leadpact.operators.text import domain, fold, has_word, words
from leadpact.operators.times import add_months, exact_length, local_day

__all__ = [
    "ABOUT_FIELDS",
    "FieldTest",
    "Scale",
    "Value",
    "compared",
    "fits",
    "holds",
    "judged",
    "steps",
]

Value: TypeAlias = str | Decimal | bool | frozenset[str] | date | datetime | None
FieldTest: TypeAlias = (
    c.NumberTest
    | c.TextTest
    | c.ChoiceTest
    | c.IncludesTest
    | c.YesNoTest
    | c.DateTest
    | c.TimeTest
    | c.KnownTest
)

ABOUT_FIELDS = (
    c.NumberTest,
    c.TextTest,
    c.ChoiceTest,
    c.IncludesTest,
    c.YesNoTest,
    c.DateTest,
    c.TimeTest,
    c.KnownTest,
)


class Scale:
    """The instant of evaluation and the zone in which days are counted."""

    def __init__(self, as_of: datetime, zone: str) -> None:
        self.as_of = as_of
        self.zone = zone

    def day(self, value: date) -> date:
        return local_day(value, self.zone) if isinstance(value, datetime) else value


def judged(test: FieldTest, value: Value, field: c.Field, scale: Scale) -> bool | None:
    """The test's answer: ``None`` for unknown."""
    known = value is not None
    if isinstance(test.fact, c.DomainFact):
        value = domain(fold(value)) or None if isinstance(value, str) else None
        known = value is not None
    if isinstance(test, c.KnownTest):
        return None if test.asks and not known else known == test.known
    if value is None:
        # An unknown field that is marked so counts as no.
        no = field.no_when_unknown and isinstance(test, c.YesNoTest)
        return not test.value if no else None  # type: ignore[union-attr]
    return _said(test, value, scale)


def _said(test: FieldTest, value: Value, scale: Scale) -> bool:
    match test:
        case c.NumberTest():
            assert isinstance(value, Decimal)
            return compared(value, test.op, test.value)
        case c.TextTest():
            assert isinstance(value, str)
            return _text_fits(test, fold(value)) != test.negated
        case c.ChoiceTest():
            return (value in test.values) != test.negated
        case c.IncludesTest():
            assert isinstance(value, frozenset)
            return not value.isdisjoint(test.values)
        case c.YesNoTest():
            return value is test.value
        case c.DateTest():
            assert isinstance(value, date)
            return compared(scale.day(value).toordinal(), test.op, test.value.toordinal())
        case c.TimeTest():
            assert isinstance(value, date)
            return _time_fits(test, value, scale)
        case c.KnownTest():
            return test.known
        case _:
            assert_never(test)


def compared(left: Decimal | int, op: c.Comparison, right: Decimal | int) -> bool:
    match op:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "==":
            return left == right
        case "!=":
            return left != right
        case _:
            assert_never(op)


def _text_fits(test: c.TextTest, mine: str) -> bool:
    values = [fold(value) for value in test.values]
    match test.how:
        case "is":
            return mine in values
        case "starts with":
            return mine.startswith(tuple(values))
        case "ends with":
            return mine.endswith(tuple(values))
        case "contains":
            return any(value in mine for value in values)
        case "has a word":
            return has_word(mine, tuple(words(value) for value in values))
        case _:
            assert_never(test.how)


def _time_fits(test: c.TimeTest, value: date, scale: Scale) -> bool:
    length = exact_length(test.duration)
    left: date
    right: date
    if isinstance(value, datetime) and length is not None:
        left, right = value, scale.as_of
    else:
        left, right = scale.day(value), scale.day(scale.as_of)
    start = left if test.direction == "ago" else right
    moved = add_months(start, test.duration.amount) if length is None else start + length
    # Ago: T + D against now. Ahead: now + D against T.
    early, late = (moved, right) if test.direction == "ago" else (moved, left)
    match test.verb:
        case "at least":
            return early <= late
        case "less than":
            return early > late
        case "more than":
            return early < late
        case "at most":
            return early >= late
        case _:
            assert_never(test.verb)


def holds(
    condition: c.Condition, values: Mapping[str, Value], fields: Mapping[str, c.Field], scale: Scale
) -> bool | None:
    """A condition over the fields of one lead (the properties of one event) alone."""
    match condition:
        case c.Not(member):
            said = holds(member, values, fields, scale)
            return None if said is None else not said
        case c.All(members):
            return _at_least(len(members), [holds(one, values, fields, scale) for one in members])
        case c.Any(members):
            return _at_least(1, [holds(one, values, fields, scale) for one in members])
        case c.AtLeast(count, members):
            return _at_least(count, [holds(one, values, fields, scale) for one in members])
        case _:
            assert isinstance(condition, ABOUT_FIELDS)
            name = name_of(condition)
            return judged(condition, values.get(name), fields[name], scale)


def name_of(test: FieldTest) -> str:
    """The field (or property) that a test looks at."""
    match test.fact:
        case c.FieldFact(name):
            return name
        case c.DomainFact(field):
            return field
        case _:
            return ""


def _at_least(count: int, truths: list[bool | None]) -> bool | None:
    if truths.count(True) >= count:
        return True
    return None if truths.count(True) + truths.count(None) >= count else False


# --- points --------------------------------------------------------------------------------------


def fits(
    match: c.ByValues | c.ByRange | c.ByRest, value: Value, field: c.Field, scale: Scale
) -> bool:
    """Whether a row of ``points by`` takes the value."""
    if value is None and field.no_when_unknown:
        value = False
    if isinstance(match, c.ByRest):
        return (value is None) == (match.what == "unknown")
    if value is None:
        return False
    if isinstance(match, c.ByRange):
        return _in_range(match, value, scale)
    if isinstance(value, str):
        return fold(value) in [fold(one) for one in match.values if isinstance(one, str)]
    if isinstance(value, frozenset):
        return any(one in value for one in match.values)
    return value in match.values


def _in_range(match: c.ByRange, value: Value, scale: Scale) -> bool:
    at: Decimal | int
    assert isinstance(value, (Decimal, date))
    at = value if isinstance(value, Decimal) else scale.day(value).toordinal()
    low, high = (
        end.toordinal() if isinstance(end, date) else end for end in (match.low, match.high)
    )
    above = low is None or at >= low
    return above and (high is None or (at < high if match.high_open else at <= high))


def steps(every: c.ForEvery, value: Value) -> int:
    """How many whole steps a number holds; none while it is unknown or below 0."""
    return int(value // every.step) if isinstance(value, Decimal) and value > 0 else 0
