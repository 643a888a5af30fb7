"""Conditions in Kleene's strong logic: ``True``, ``False``, or ``None`` for unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, assert_never
from zoneinfo import ZoneInfo

from tests.reference.instants import local_day

from leadpact.checked import (
    All,
    Any,
    AtLeast,
    ChoiceTest,
    Comparison,
    Condition,
    DateTest,
    DomainFact,
    EventMoment,
    FieldFact,
    IncludesTest,
    KnownTest,
    LastFact,
    Not,
    NumberTest,
    StageMoment,
    TextTest,
    YesNoTest,
)


class NoForUnknown(Enum):
    """The value of an unknown field that is marked ``(no when unknown)``."""

    NO = "no"


Truth: TypeAlias = bool | None
Value: TypeAlias = str | Decimal | bool | frozenset[str] | date | datetime | NoForUnknown
Values: TypeAlias = Mapping[str, Value | None]
Fact: TypeAlias = FieldFact | DomainFact | LastFact | EventMoment | StageMoment
FieldTest: TypeAlias = (
    NumberTest | TextTest | ChoiceTest | IncludesTest | YesNoTest | DateTest | KnownTest
)
Nested: TypeAlias = Not | All | Any | AtLeast

FIELD_TESTS = (NumberTest, TextTest, ChoiceTest, IncludesTest, YesNoTest, DateTest, KnownTest)
NESTED = (Not, All, Any, AtLeast)

BLANKS = " \t\n\r\v\f"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def holds_of_values(condition: Condition, values: Values, zone: ZoneInfo) -> Truth:
    """A condition over fields (or the properties of one event) alone."""
    if isinstance(condition, FIELD_TESTS):
        return field_test(condition, value_of(condition.fact, values), zone)
    if isinstance(condition, NESTED):
        return nested(condition, lambda member: holds_of_values(member, values, zone))
    raise TypeError(condition)


def nested(condition: Nested, holds: Callable[[Condition], Truth]) -> Truth:
    match condition:
        case Not(member):
            return negate(holds(member))
        case All(members):
            return all_of([holds(member) for member in members])
        case Any(members):
            return negate(all_of([negate(holds(member)) for member in members]))
        case AtLeast(count, members):
            return at_least(count, [holds(member) for member in members])
        case _:
            assert_never(condition)


def negate(truth: Truth) -> Truth:
    return None if truth is None else not truth


def all_of(truths: Sequence[Truth]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def at_least(count: int, truths: Sequence[Truth]) -> Truth:
    """True when ``count`` hold, false when so many can no longer hold, else unknown."""
    if truths.count(True) >= count:
        return True
    if truths.count(True) + truths.count(None) < count:
        return False
    return None


def field_test(test: FieldTest, value: Value | None, zone: ZoneInfo) -> Truth:
    """What a test says of the value of its fact."""
    if isinstance(test, KnownTest):
        if not is_known(value) and test.asks:
            return None
        return is_known(value) == test.known
    if value is None:
        return None
    match test:
        case NumberTest():
            assert isinstance(value, Decimal)
            return compare_numbers(value, test.op, test.value)
        case TextTest():
            assert isinstance(value, str)
            return _text_fits(test, value) != test.negated
        case ChoiceTest():
            return (value in test.values) != test.negated
        case IncludesTest():
            assert isinstance(value, frozenset)
            return any(one in value for one in test.values)
        case YesNoTest():
            return yes_or_no(value) is test.value
        case DateTest():
            return compare_days(day_of(value, zone), test.op, test.value)
        case _:
            assert_never(test)


def is_known(value: Value | None) -> bool:
    return value is not None and not isinstance(value, NoForUnknown)


def yes_or_no(value: Value) -> bool:
    assert isinstance(value, bool | NoForUnknown)
    return value is True


def value_of(fact: Fact, values: Values) -> Value | None:
    """A field of the lead, or a property of one event."""
    match fact:
        case FieldFact(name):
            return values[name]
        case DomainFact(field):
            text = values[field]
            if not isinstance(text, str) or "@" not in text:
                return None
            domain = text[text.rindex("@") + 1 :]
            return domain if domain.strip(BLANKS) else None
        case LastFact() | EventMoment() | StageMoment():
            raise TypeError(fact)
        case _:
            assert_never(fact)


def day_of(value: Value, zone: ZoneInfo) -> date:
    if isinstance(value, datetime):
        return local_day(value, zone)
    assert isinstance(value, date)
    return value


def compare_numbers(left: Decimal | int, op: Comparison, right: Decimal | int) -> bool:
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


def compare_days(left: date, op: Comparison, right: date) -> bool:
    return compare_numbers(left.toordinal(), op, right.toordinal())


def folded(text: str) -> str:
    """A text as texts are compared: without blanks around it, A–Z small, nothing else changed."""
    return "".join(letter.lower() if letter in UPPER else letter for letter in text.strip(BLANKS))


def _text_fits(test: TextTest, value: str) -> bool:
    mine = folded(value)
    for written in test.values:
        other = folded(written)
        match test.how:
            case "is":
                fits = mine == other
            case "starts with":
                fits = mine.startswith(other)
            case "ends with":
                fits = mine.endswith(other)
            case "contains":
                fits = other in mine
            case "has a word":
                fits = _is_run(words(other), words(mine))
            case _:
                assert_never(test.how)
        if fits:
            return True
    return False


def words(text: str) -> list[str]:
    """The runs of letters and decimal digits."""
    apart = "".join(one if one.isalpha() or one.isdecimal() else " " for one in text)
    return [word for word in apart.split(" ") if word]


def _is_run(wanted: list[str], among: list[str]) -> bool:
    starts = range(len(among) - len(wanted) + 1)
    return any(among[start : start + len(wanted)] == wanted for start in starts)
