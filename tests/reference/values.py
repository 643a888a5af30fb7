"""Values of records: what a field or property holds, or why it cannot hold that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias, assert_never
from zoneinfo import ZoneInfo

from tests.reference.conditions import BLANKS, NoForUnknown, Value, Values, holds_of_values
from tests.reference.instants import read_day, read_instant

from leadpact.checked import (
    AnyNumberOfType,
    DateType,
    Field,
    FieldType,
    InstantType,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)

Warnings: TypeAlias = Counter[tuple[str, str]]


class WrongValueError(Exception):
    """A value that its field cannot hold; the message says why."""


def read_fields(
    fields: Sequence[Field],
    raw: Mapping[str, object],
    zone: ZoneInfo,
    warnings: Warnings,
    problems: list[tuple[str, str]],
) -> Values:
    """The values of fields (or properties), with what is wrong about each in ``problems``."""
    values: dict[str, Value | None] = {}
    for field in fields:
        try:
            values[field.name] = read_value(
                field.type, raw.get(field.name), zone, field.name, warnings
            )
        except WrongValueError as wrong:
            problems.append((field.name, str(wrong)))
            values[field.name] = None
        if values[field.name] is None and field.no_when_unknown:
            values[field.name] = NoForUnknown.NO
    wrong_fields = {name for name, _ in problems}
    for field in fields:
        if field.required and values[field.name] is None and field.name not in wrong_fields:
            problems.append((field.name, "is missing"))
    return values


def read_required_when(
    fields: Sequence[Field], values: Values, zone: ZoneInfo, problems: list[tuple[str, str]]
) -> None:
    """What is required because of other values, judged once all of them are right."""
    if problems:
        return
    for field in fields:
        if (
            values[field.name] is None
            and field.required_when is not None
            and holds_of_values(field.required_when, values, zone) is True
        ):
            problems.append((field.name, "is missing"))


def read_value(
    kind: FieldType, raw: object, zone: ZoneInfo, name: str, warnings: Warnings
) -> Value | None:
    """What the field holds; ``None`` when unknown. Raises ``WrongValueError``."""
    if is_blank(raw):
        return None
    match kind:
        case TextType():
            if not isinstance(raw, str):
                raise WrongValueError("is not a text")
            return raw
        case NumberType():
            return _number(kind, raw)
        case YesNoType():
            if not isinstance(raw, bool):
                raise WrongValueError("is not yes or no")
            return raw
        case OneOfType():
            if not isinstance(raw, str) or raw not in kind.values:
                raise WrongValueError("is none of the values")
            return raw
        case AnyNumberOfType():
            if not isinstance(raw, list) or any(one not in kind.values for one in raw):
                raise WrongValueError("is no list of the values")
            return frozenset(raw)
        case DateType():
            return _day(raw)
        case InstantType():
            return read_instant_of(raw, zone, name, warnings)
        case _:
            assert_never(kind)


def is_blank(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip(BLANKS))


def _number(kind: NumberType, raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise WrongValueError("is not a number")
    number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if not number.is_finite() or number * 10**6 % 1 != 0:
        raise WrongValueError("has more than 6 decimals")
    if kind.whole and number % 1 != 0:
        raise WrongValueError("is not a whole number")
    if (kind.low is not None and number < kind.low) or (
        kind.high is not None and number > kind.high
    ):
        raise WrongValueError("is outside the range")
    return number


def _day(raw: object) -> date:
    if not isinstance(raw, str):
        raise WrongValueError("is not a date")
    try:
        return read_day(raw)
    except ValueError:
        raise WrongValueError("is not a date") from None


def read_instant_of(raw: object, zone: ZoneInfo, name: str, warnings: Warnings) -> datetime:
    if not isinstance(raw, str):
        raise WrongValueError("is not an instant")
    try:
        instant, naive = read_instant(raw, zone)
    except (ValueError, OverflowError):
        raise WrongValueError("is not an instant") from None
    if naive:
        warnings["naive_instant", name] += 1
    return instant
