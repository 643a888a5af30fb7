"""A policy's examples as leads to start from, in the form in which the page holds a lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from leadpact.checked import (
    All,
    CheckedPolicy,
    ChoiceTest,
    Condition,
    DerivedKind,
    Example,
    FieldFact,
    NumberTest,
    TextTest,
    YesNoTest,
)
from leadpact.operators.times import settle_instant
from leadpact.zones import zone

__all__ = ["filled_in", "presets", "wall"]

_UNITS = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
}


def presets(policy: CheckedPolicy) -> Iterator[dict[str, Any]]:
    """Each example: its name and its lead as ``try.js`` holds it."""
    for example in policy.examples:
        yield {"name": example.name, "state": _state(policy, example)}


def _state(policy: CheckedPolicy, example: Example) -> dict[str, Any]:
    as_of = example.as_of

    def when(instant: datetime) -> list[Any]:
        return _when(policy, as_of, instant)

    events: dict[bool, list[Any]] = {False: [], True: []}
    for number, event in enumerate(example.events, start=1):
        values = {name: plain(value) for name, value in event.properties}
        events[event.of_actions].append([event.kind, when(event.at), values, f"e{number}"])
    return {
        "at": wall(policy, as_of),
        "f": {name: plain(value) for name, value in example.fields},
        "activities": events[False],
        "actions": events[True],
        "stays": [[stage, when(at), {}, ""] for stage, at in example.stays],
    }


def plain(value: object) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | list) else value


def _when(policy: CheckedPolicy, as_of: datetime, instant: datetime) -> list[Any]:
    """``[3, "day"]`` ago, or ``["2026-11-02T10:00", "at"]`` by the policy's clock."""
    ago = as_of - instant
    if ago >= timedelta() and not ago % _UNITS["day"]:
        return [ago // _UNITS["day"], "day"]
    written = wall(policy, instant)
    if settle_instant(datetime.fromisoformat(written), policy.zone) == instant:
        if timedelta() < ago < _UNITS["day"]:
            for unit in ("hour", "minute"):
                if not ago % _UNITS[unit]:
                    return [ago // _UNITS[unit], unit]
        return [written, "at"]
    # The second time that the clock shows it, when it is turned back.
    return [ago / _UNITS["minute"], "minute"]


def wall(policy: CheckedPolicy, instant: datetime) -> str:
    """The time on the policy's clock, as an input of a page holds it."""
    local = instant.astimezone(zone(policy.zone)).replace(tzinfo=None)
    precise = "minutes" if not (local.second or local.microsecond) else "auto"
    return local.isoformat(timespec=precise)


def filled_in(kind: DerivedKind) -> tuple[str, dict[str, Any]] | None:
    """The base kind and the properties that make an event one of a derived kind.

    ``None`` where it is not one kind with plain values: then people choose the base kind.
    """
    if len(kind.pattern.parts) != 1:
        return None
    part = kind.pattern.parts[0]
    if part.where is None:
        return part.kind, {}
    values: dict[str, Any] = {}
    tests = part.where.members if isinstance(part.where, All) else (part.where,)
    for test in tests:
        found = _value(test)
        if found is None or found[0] in values:
            return None
        values[found[0]] = found[1]
    return part.kind, values


def _value(test: Condition) -> tuple[str, Any] | None:
    match test:
        case TextTest(FieldFact(name), _, (value, *_), False, _):
            return name, value
        case ChoiceTest(FieldFact(name), (value, *_), False):
            return name, value
        case YesNoTest(FieldFact(name), yes):
            return name, yes
        case NumberTest(FieldFact(name), ">=" | "<=" | "==", value):
            return name, plain(value)
        case _:
            return None
