"""Records as the relations that a query reads: rows of ``leads`` and ``events``, typed.

What the columns cannot hold, or what is not plainly clean, makes a lead ``odd``: the same that a
runner would leave to the Python engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from leadpact import Policy
from leadpact.backends.sql.relations import (
    InColumn,
    event_columns,
    field_column,
    lead_columns,
    property_column,
)
from leadpact.checked import Field
from leadpact.operators.decimals import NotExactError, exact
from leadpact.operators.text import BLANKS
from leadpact.schema import attribute

__all__ = ["Inputs", "inputs_of", "micros"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WIDE = Decimal(10) ** 32
_LONG = 2**63


class _OddError(Exception):
    """A value that a column cannot hold. Never leaves this module."""


@dataclass
class Inputs:
    """Rows in the order of the columns."""

    lead_columns: tuple[InColumn, ...]
    event_columns: tuple[InColumn, ...]
    leads: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)


def micros(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


def inputs_of(policy: Policy, records: Sequence[Mapping[str, object]]) -> Inputs:
    """The rows of these records. Their ids are ``1``, ``2``, … in order, whatever they say."""
    found = Inputs(lead_columns(policy.checked), event_columns(policy.checked))
    for place, record in enumerate(records, start=1):
        try:
            lead, events = _rows(policy, record, str(place))
        except (_OddError, msgspec.ValidationError, NotExactError, OverflowError):
            lead, events = {"odd": True}, []
        lead |= {"id": str(place), "pos": place}
        found.leads.append(tuple(lead.get(each.name) for each in found.lead_columns))
        found.events += (
            tuple(event.get(each.name) for each in found.event_columns) for event in events
        )
    return found


def _rows(
    policy: Policy, record: Mapping[str, object], name: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    # Strict: a value of another type is not plainly clean, even if it can be read.
    lead = msgspec.convert(record, policy.types.lead, strict=True)
    if lead.moves is not None or not lead.id.strip(BLANKS):
        raise _OddError
    values: dict[str, Any] = {"odd": False, "stage": lead.stage}
    values["stage_since"] = None if lead.stage_since is None else micros(lead.stage_since)
    for one in policy.checked.fields:
        values[field_column(one.name)] = _value(one, getattr(lead, attribute(one.name)))
    events = []
    kinds = {policy.types.events[kind.name]: kind for kind in policy.checked.kinds}
    for event in (*lead.activities, *lead.actions):
        kind = kinds[event.__class__]
        row: dict[str, Any] = {"lead": name, "kind": kind.name, "odd": False}
        row |= {"at": micros(event.at), "event": _named(event.id)}
        for one in kind.properties:
            value = _value(one, getattr(event, attribute(one.name)))
            row[property_column(kind.name, one.name)] = value
        events.append(row)
    return values, events


def _named(name: str | None) -> str | None:
    return name if name is not None and name.strip(BLANKS) else None


def _value(one: Field, value: Any) -> Any:
    match value:
        case bool() | None | list():
            return value
        case int() | float():
            number = Decimal(exact(value))
            if abs(number) >= _WIDE or (isinstance(value, int) and abs(value) >= _LONG):
                raise _OddError
            whole = getattr(one.type, "whole", False)
            return int(number) if whole else number
        case datetime():
            return micros(value)
        case date():
            return value
        case str():
            if "\x00" in value:
                raise _OddError
            return value
        case _:
            raise _OddError
