"""The classes into which the values of a field fall: one value stands for all that no test of the
policy can tell from it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Final, assert_never

from leadpact import checked as c
from leadpact.analysis.judging import FieldTest, Scale, Value
from leadpact.analysis.texts import texts_for
from leadpact.operators.times import add_months, exact_length, settle_instant
from leadpact_dsl.frozen import frozen

__all__ = ["Asked", "candidates"]

_SMALLEST: Final = Decimal("0.000001")
_MOST_STEPS: Final = 300


@frozen
class Asked:
    """What a policy asks of a field: tests, rows of ``points by``, whole steps."""

    tests: tuple[FieldTest, ...]
    matches: tuple[c.ByValues | c.ByRange | c.ByRest, ...]
    steps: tuple[tuple[Decimal, int], ...]


def candidates(field: c.Field, asked: Asked, scale: Scale) -> tuple[tuple[Value, ...], bool]:
    """Values of the field, at least one of every class, and whether that is surely so.

    ``None`` (unknown) is among them unless the field is required. Several may be of one class.
    """
    values, sure = _known(field.type, asked, scale)
    return (values if field.required else (None, *values)), sure


def _known(kind: c.FieldType, asked: Asked, scale: Scale) -> tuple[tuple[Value, ...], bool]:
    match kind:
        case c.TextType():
            tests = [test for test in asked.tests if isinstance(test, c.TextTest)]
            named = [
                value
                for match in asked.matches
                if isinstance(match, c.ByValues)
                for value in match.values
                if isinstance(value, str)
            ]
            found, sure = texts_for(tests, named)
            return tuple(text for text in found if text.strip()), sure
        case c.NumberType():
            return _numbers(kind, asked)
        case c.YesNoType():
            return (True, False), True
        case c.OneOfType(choices):
            return choices, True
        case c.AnyNumberOfType(choices):
            return _several(choices, asked)
        case c.DateType() | c.InstantType():
            return _times(kind, asked, scale)
        case _:
            assert_never(kind)


def _numbers(kind: c.NumberType, asked: Asked) -> tuple[tuple[Value, ...], bool]:
    cuts = {test.value for test in asked.tests if isinstance(test, c.NumberTest)}
    cuts |= {end for end in (kind.low, kind.high) if end is not None}
    for match in asked.matches:
        if isinstance(match, c.ByRange):
            cuts |= {end for end in (match.low, match.high) if isinstance(end, Decimal)}
    sure = True
    for step, most in asked.steps:
        sure = sure and most <= _MOST_STEPS
        cuts |= {step * number for number in range(min(most, _MOST_STEPS) + 1)}
    ordered = sorted(cuts) or [Decimal(0)]
    near = Decimal(1) if kind.whole else _SMALLEST
    tried = {ordered[0] - 1, ordered[-1] + 1}
    for cut in ordered:
        tried |= {cut - near, cut, cut + near}
    if kind.whole:
        tried |= {value.to_integral_value() for value in tried}
    possible = sorted(
        value
        for value in tried
        if (kind.low is None or value >= kind.low)
        and (kind.high is None or value <= kind.high)
        and (not kind.whole or value == value.to_integral_value())
    )
    return tuple(possible), sure


def _several(choices: tuple[str, ...], asked: Asked) -> tuple[tuple[Value, ...], bool]:
    asked_for = {
        value for test in asked.tests if isinstance(test, c.IncludesTest) for value in test.values
    }
    named = [value for value in choices if value in asked_for]
    others = [value for value in choices if value not in asked_for][:1]
    sure = len(named) <= 6
    sizes = range(len(named) + 1) if sure else range(3)
    sets = [frozenset(one) for size in sizes for one in combinations(named, size)]
    more = [frozenset(others)] if others else []
    return tuple(dict.fromkeys((*sets, *more))), sure


def _times(
    kind: c.DateType | c.InstantType, asked: Asked, scale: Scale
) -> tuple[tuple[Value, ...], bool]:
    days = {test.value for test in asked.tests if isinstance(test, c.DateTest)}
    for match in asked.matches:
        if isinstance(match, c.ByRange):
            days |= {end for end in (match.low, match.high) if isinstance(end, date)}
    tests = [test for test in asked.tests if isinstance(test, c.TimeTest)]
    dated = bool(days)
    today = scale.day(scale.as_of)
    moments: set[datetime] = set()
    for test in tests:
        length = exact_length(test.duration)
        back = test.duration.amount * (-1 if test.direction == "ago" else 1)
        if length is None or isinstance(kind, c.DateType):
            by = length if length is None or back > 0 else -length
            days.add(add_months(today, back) if by is None else today + by)
        else:
            moments.add(scale.as_of + (length if back > 0 else -length))
    tried: set[date] = {today}
    for day in days:
        tried |= {day + timedelta(days=by) for by in (-4, -1, 0, 1, 4)}
    # How long ago and on which day: both together depend on when it is asked.
    units = {exact_length(test.duration) is None for test in tests}
    sure = not tests or (not dated and len(units) == 1)
    if isinstance(kind, c.DateType):
        return tuple(sorted(tried)), sure
    noons = {settle_instant(datetime.combine(day, time(12)), scale.zone) for day in tried}
    for moment in moments:
        tick = timedelta(microseconds=1)
        noons |= {moment - tick, moment, moment + tick}
    return tuple(sorted(noons)), sure
