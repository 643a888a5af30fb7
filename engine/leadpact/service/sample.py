"""A record to show: made from what a policy says about its leads, and decided by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leadpact.api import Policy
from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    DateType,
    Field,
    InstantType,
    Kind,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)
from leadpact.decision import Decision

__all__ = ["sample_record"]

_MOST_EVENTS = 3


def sample_record(policy: Policy, as_of: datetime) -> dict[str, Any]:
    """A record that the policy decides about, if any of the simple ones will do."""
    tries = list(_tries(policy.checked, as_of))
    for record in tries:
        if isinstance(policy.decide_raw(record, as_of=as_of), Decision):
            return record
    return tries[-1]


def _tries(policy: CheckedPolicy, as_of: datetime) -> Iterator[dict[str, Any]]:
    """From the fullest to the barest."""
    required = tuple(field for field in policy.fields if field.required)
    kinds = tuple(kind for kind in policy.kinds if kind.party is None)[:_MOST_EVENTS]
    for fields in (policy.fields, required):
        for shown in (kinds, ()):
            events = [
                _event(kind, number, as_of - timedelta(days=len(shown) - number))
                for number, kind in enumerate(shown)
            ]
            yield {"id": "L-17", **_values(fields, as_of), "activities": events}


def _event(kind: Kind, number: int, at: datetime) -> dict[str, Any]:
    written = at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    values = _values(kind.properties, at)
    return {"id": f"e{number + 1}", "kind": kind.name, "at": written, **values}


def _values(fields: tuple[Field, ...], as_of: datetime) -> dict[str, Any]:
    return {field.name: _value(field, as_of) for field in fields}


def _value(field: Field, as_of: datetime) -> Any:
    match field.type:
        case TextType():
            return _text(field.name)
        case YesNoType():
            return True
        case OneOfType(values):
            return values[0]
        case AnyNumberOfType(values):
            return [values[0]]
        case DateType():
            return (as_of - timedelta(days=30)).date().isoformat()
        case InstantType():
            before = (as_of - timedelta(days=30)).replace(microsecond=0)
            return before.isoformat().replace("+00:00", "Z")
        case NumberType(_, _, low, high):
            return _number(low, high)


def _text(name: str) -> str:
    if "mail" in name:
        return "dana@buyer.example"
    if "url" in name or "page" in name:
        return "/pricing"
    return "+46 8 555 0117" if "phone" in name else "An example"


def _number(low: Decimal | None, high: Decimal | None) -> int | float:
    number = Decimal(450)
    if low is not None and number < low:
        number = low
    if high is not None and number > high:
        number = high
    return int(number) if number == number.to_integral_value() else float(number)
