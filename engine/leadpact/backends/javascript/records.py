"""What a record of the policy looks like, as JavaScript: fields, kinds of events, stages."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from leadpact.backends.javascript.literals import listed, number, text, yes
from leadpact.backends.javascript.spell import Speller
from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    DateType,
    Field,
    FieldType,
    InstantType,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)
from leadpact.schema import attribute

__all__ = ["fields", "kinds"]


def fields(these: tuple[Field, ...]) -> str:
    """Each field with its type, its range, and when it is required."""
    return listed(_field(field, these) for field in these)


def kinds(policy: CheckedPolicy) -> str:
    return listed(
        f"{{ name: {text(kind.name)}, ofActions: {yes(kind.party is not None)}, "
        f"fields: {fields(kind.properties)} }}"
        for kind in policy.kinds
    )


def _field(field: Field, others: tuple[Field, ...]) -> str:
    parts = [f"name: {text(field.name)}", f"attribute: {text(attribute(field.name))}"]
    parts.append(_type(field.type))
    parts.append(f"required: {yes(field.required)}")
    when = "null"
    if field.required_when is not None:
        when = f"(f) => {Speller('f', others).expr(field.required_when)}"
    parts.append(f"requiredWhen: {when}")
    return f"{{ {', '.join(parts)} }}"


def _type(type_: FieldType) -> str:
    match type_:
        case TextType():
            return 'type: "text"'
        case YesNoType():
            return 'type: "yes or no"'
        case OneOfType(values):
            return f'type: "one of", values: {listed(map(text, values))}'
        case AnyNumberOfType(values):
            return f'type: "any number of", values: {listed(map(text, values))}'
        case DateType():
            return 'type: "date"'
        case InstantType():
            return 'type: "instant"'
        case NumberType(whole, _, low, high):
            bounds = f"low: {_bound(low)}, high: {_bound(high)}"
            return f'type: "number", whole: {yes(whole)}, {bounds}'
        case _:
            assert_never(type_)


def _bound(value: Decimal | None) -> str:
    return "null" if value is None else number(value)
