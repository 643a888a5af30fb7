"""The base event that an example means by a derived kind.

``pricing_view`` is ``page_view where url starts with "/pricing"``; an example that names it means
a page view with such a url. Values are tried that the condition itself mentions; what cannot be
satisfied that simply is for the writer to spell out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import TypeVar, assert_never

from leadpact import checked
from leadpact.check.amounts import settled
from leadpact.operators.text import domain, fold, has_word, words
from leadpact.operators.times import local_day, settle_instant

__all__ = ["complete", "holds"]

Values = Mapping[str, object]

_Ordered = TypeVar("_Ordered", Decimal, date)

_MOST_TRIES = 5_000


def complete(
    where: checked.Condition | None, properties: Values, kind: checked.Kind, zone: str
) -> dict[str, object] | None:
    """The properties with what ``where`` needs; ``None`` where no simple values do."""
    if where is None or holds(where, properties, zone):
        return dict(properties)
    open_ = [each for each in kind.properties if each.name not in properties]
    tries = {each.name: [*_candidates(where, each, zone), None] for each in open_}
    names = [name for name, values in tries.items() if len(values) > 1]
    for chosen in islice(product(*(tries[name] for name in names)), _MOST_TRIES):
        added = {
            name: value for name, value in zip(names, chosen, strict=True) if value is not None
        }
        found = {**properties, **added}
        if holds(where, found, zone):
            return found
    return None


# --- candidates ----------------------------------------------------------------------------------


def _candidates(where: checked.Condition, field: checked.Field, zone: str) -> list[object]:
    found: list[object] = []
    for test in _tests(where):
        for value in _satisfying(test, field, zone):
            if value not in found:
                found.append(value)
    return found


def _tests(node: checked.Condition) -> Iterator[checked.Condition]:
    match node:
        case checked.All(members) | checked.Any(members) | checked.AtLeast(_, members):
            for member in members:
                yield from _tests(member)
        case checked.Not(member):
            yield from _tests(member)
        case _:
            yield node


def _satisfying(test: checked.Condition, field: checked.Field, zone: str) -> Iterator[object]:
    """Values of the property that make the test true, then some that make it false."""
    match test:
        case checked.TextTest(fact, _, values) if _name(fact) == field.name:
            before = "name@" if isinstance(fact, checked.DomainFact) else ""
            yield from (before + value for value in values)
            yield f"{before}other"
        case checked.ChoiceTest(fact, values) if _name(fact) == field.name:
            assert isinstance(field.type, checked.OneOfType)
            yield from values
            yield from field.type.values
        case checked.IncludesTest(fact, values) if _name(fact) == field.name:
            yield list(values)
        case checked.YesNoTest(fact, value) if _name(fact) == field.name:
            yield from (value, not value)
        case checked.NumberTest(fact, _, value) if _name(fact) == field.name:
            yield from _numbers(value, field.type)
        case checked.DateTest(fact, _, value) if _name(fact) == field.name:
            yield from _days(value, field.type, zone)
        case checked.KnownTest(fact) if _name(fact) == field.name:
            yield _any_value(field.type, zone)


def _name(fact: checked.TextFact | checked.TimeFact) -> str:
    """The property; nothing else of a lead stands in a condition over properties."""
    assert isinstance(fact, checked.FieldFact | checked.DomainFact)
    return fact.field if isinstance(fact, checked.DomainFact) else fact.name


def _numbers(value: Decimal, kind: checked.FieldType) -> Iterator[object]:
    assert isinstance(kind, checked.NumberType)
    for number in (value, value + 1, value - 1):
        below = kind.low is not None and number < kind.low
        above = kind.high is not None and number > kind.high
        if not below and not above:
            yield settled(number)


def _days(value: date, kind: checked.FieldType, zone: str) -> Iterator[object]:
    for day in (value, value + timedelta(days=1), value - timedelta(days=1)):
        yield _noon(day, zone) if isinstance(kind, checked.InstantType) else day


def _noon(day: date, zone: str) -> datetime:
    return settle_instant(datetime.combine(day, time(12)), zone)


def _any_value(kind: checked.FieldType, zone: str) -> object:
    match kind:
        case checked.TextType():
            return "name@example"
        case checked.NumberType(_, _, low, _):
            return settled(low if low is not None else Decimal(1))
        case checked.YesNoType():
            return True
        case checked.OneOfType(values):
            return values[0]
        case checked.AnyNumberOfType(values):
            return [values[0]]
        case checked.DateType():
            return date(2026, 1, 1)
        case checked.InstantType():
            return _noon(date(2026, 1, 1), zone)
        case _ as never:
            assert_never(never)


# --- does a condition hold -----------------------------------------------------------------------


def holds(where: checked.Condition, properties: Values, zone: str) -> bool | None:
    """Whether a condition over properties holds; ``None`` is unknown."""
    match where:
        case checked.Not(member):
            inner = holds(member, properties, zone)
            return None if inner is None else not inner
        case checked.All(members):
            return _at_least(len(members), [holds(each, properties, zone) for each in members])
        case checked.Any(members):
            return _at_least(1, [holds(each, properties, zone) for each in members])
        case checked.AtLeast(count, members):
            return _at_least(count, [holds(each, properties, zone) for each in members])
        case checked.KnownTest(fact, known):
            return (_value(fact, properties) is not None) is known
        case _:
            return _test(where, properties, zone)


def _at_least(count: int, members: list[bool | None]) -> bool | None:
    if members.count(True) >= count:
        return True
    return False if len(members) - members.count(False) < count else None


def _value(fact: checked.TextFact, properties: Values) -> object:
    found = properties.get(_name(fact))
    if isinstance(fact, checked.DomainFact):
        return domain(fold(found)) or None if isinstance(found, str) else None
    return found


def _test(test: checked.Condition, properties: Values, zone: str) -> bool | None:
    match test:
        case checked.TextTest(fact, how, values, negated):
            text = _value(fact, properties)
            return None if not isinstance(text, str) else _fits(fold(text), how, values) != negated
        case checked.ChoiceTest(fact, values, negated):
            chosen = properties.get(_name(fact))
            return None if chosen is None else (chosen in values) != negated
        case checked.IncludesTest(fact, values):
            several = properties.get(_name(fact))
            return any(each in values for each in several) if isinstance(several, list) else None
        case checked.YesNoTest(fact, value):
            answer = properties.get(_name(fact))
            return None if answer is None else answer is value
        case checked.NumberTest(fact, op, number):
            amount = properties.get(_name(fact))
            return (
                _compares(Decimal(amount), op, number)
                if isinstance(amount, int | Decimal)
                else None
            )
        case checked.DateTest(fact, op, day):
            on = properties.get(_name(fact))
            on = local_day(on, zone) if isinstance(on, datetime) else on
            return _compares(on, op, day) if isinstance(on, date) else None
        case _:
            return None


def _fits(text: str, how: str, values: tuple[str, ...]) -> bool:
    folded = [fold(value) for value in values]
    match how:
        case "is":
            return text in folded
        case "starts with":
            return text.startswith(tuple(folded))
        case "ends with":
            return text.endswith(tuple(folded))
        case "has a word":
            return has_word(text, tuple(words(value) for value in folded))
        case _:
            return any(value in text for value in folded)


def _compares(value: _Ordered, op: checked.Comparison, other: _Ordered) -> bool:
    match op:
        case "<":
            return value < other
        case "<=":
            return value <= other
        case ">":
            return value > other
        case ">=":
            return value >= other
        case "==":
            return value == other
        case "!=":
            return value != other
