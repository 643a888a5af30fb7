"""Random tables for random records: columns of every type that people have for a fact.

A record is laid down as rows; what its columns cannot hold is left out of rows and record alike, so
that the Python engine, asked about the record, says what must come of the rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    DateType,
    FieldType,
    InstantType,
    NumberType,
    YesNoType,
)
from leadpact.places.columns import Holds

__all__ = ["Shape", "Tables", "as_json", "draw_shape", "laid_down", "plain"]

Record = dict[str, Any]
Cell = Any


@dataclass(frozen=True)
class Shape:
    """What each column holds: of leads by field, of events by column."""

    leads: dict[str, Holds]
    events: dict[str, Holds]


@dataclass
class Tables:
    """Rows in the order of the columns, and the records that they are."""

    shape: Shape
    leads: list[list[Cell]] = field(default_factory=list)
    events: list[list[Cell]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    @property
    def lead_columns(self) -> dict[str, Holds]:
        return {"id": "text", **self.shape.leads}

    @property
    def event_columns(self) -> dict[str, Holds]:
        return {"lead": "text", "kind": "text", "id": "text", **self.shape.events}


def draw_shape(r: Random, policy: CheckedPolicy) -> Shape:
    leads = {one.name: _holds(r, one.type) for one in policy.fields}
    if policy.stages:
        leads |= {"stage": "text", "stage_since": _holds(r, InstantType())}
    events: dict[str, Holds] = {"at": _holds(r, InstantType())}
    types: dict[str, set[FieldType]] = {}
    for kind in policy.kinds:
        for one in kind.properties:
            types.setdefault(one.name, set()).add(one.type)
    for name, found in types.items():
        # One column for all kinds; where it means several things, as text.
        events[name] = _holds(r, *found) if len(found) == 1 else "text"
    return Shape(leads, events)


def _holds(r: Random, kind: FieldType) -> Holds:
    match kind:
        case NumberType(whole):
            return r.choice(("number", "float", "text", "whole" if whole else "number"))
        case YesNoType():
            return r.choice(("yes or no", "yes or no", "text"))
        case DateType():
            return r.choice(("date", "date", "text", "local time"))
        case InstantType():
            return r.choice(("instant", "instant", "local time", "text"))
        case AnyNumberOfType():
            return r.choice(("texts", "texts", "text"))
        case _:
            return "text"


def laid_down(policy: CheckedPolicy, shape: Shape, records: list[Record]) -> Tables:
    """The tables of these records, which get new ids."""
    tables = Tables(shape)
    types = {one.name: one.type for one in policy.fields} | {"stage_since": InstantType()}
    properties = {kind.name: {p.name: p.type for p in kind.properties} for kind in policy.kinds}
    actions = {kind.name for kind in policy.kinds if kind.party is not None}
    for place, given in enumerate(records, start=1):
        record: Record = {"id": f"L-{place}"}
        row = [record["id"]]
        for name, holds in shape.leads.items():
            cell, value = _fit(types.get(name), holds, given.get(name))
            row.append(cell)
            if cell is not None:
                record[name] = value
        tables.leads.append(row)
        for key in ("activities", "actions"):
            listed = given.get(key)
            for event in listed if isinstance(listed, list) else ():
                if isinstance(event, dict) and isinstance(event.get("kind"), str):
                    # A row does not tell in which of the two lists it was.
                    own = "actions" if event["kind"] in actions else "activities"
                    record.setdefault(own, []).append(
                        _event(tables, shape, record["id"], event, properties)
                    )
        tables.records.append(record)
    return tables


def _event(
    tables: Tables, shape: Shape, lead: str, given: Record, properties: dict[str, Any]
) -> Record:
    kind = given["kind"]
    types = properties.get(kind, {})
    own: Record = {"kind": kind}
    name = given.get("id")
    if isinstance(name, str) and "\0" not in name:
        own["id"] = name
    row = [lead, kind, own.get("id")]
    for column, holds in shape.events.items():
        of, dot, one = column.rpartition(".")
        fact = one if dot else column
        type_ = InstantType() if column == "at" else types.get(fact)
        cell = None
        if (not dot or of == kind) and type_ is not None:
            cell, value = _fit(type_, holds, given.get(fact))
            if cell is not None:
                own[fact] = value
        row.append(cell)
    tables.events.append(row)
    return own


def _fit(kind: FieldType | None, holds: Holds, value: Any) -> tuple[Cell, Any]:
    """The value as a cell of the column, and as the record has it then; twice nothing if it
    cannot be held.
    """
    if isinstance(value, str) and (not value.strip() or "\0" in value):
        return None, None
    match kind:
        case NumberType():
            return _number(holds, value)
        case YesNoType():
            fits = isinstance(value, bool)
            return (
                ((("no", "yes")[value] if holds == "text" else value), value)
                if fits
                else (None, None)
            )
        case AnyNumberOfType():
            fits = isinstance(value, list) and value and all(isinstance(one, str) for one in value)
            return (
                (("; ".join(value) if holds == "text" else value), value) if fits else (None, None)
            )
        case DateType():
            return _date(holds, value)
        case InstantType():
            return _instant(holds, value)
        case _:
            return (value, value) if isinstance(value, str) and _whole(value) else (None, None)


def _whole(text: str) -> bool:
    return text.encode("utf-8", "replace").decode() == text


def _number(holds: Holds, value: Any) -> tuple[Cell, Any]:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None, None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number) >= 10**18:
        return None, None
    match holds:
        case "float":
            return float(number), float(number)
        case "whole":
            return (
                (int(number), int(number)) if number == number.to_integral_value() else (None, None)
            )
        case "text":
            return f"{number:f}", value
        case _:
            return number, value


def _date(holds: Holds, value: Any) -> tuple[Cell, Any]:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return None, None
    if holds == "text":
        return value, value
    return (datetime(day.year, day.month, day.day) if holds == "local time" else day), value


def _instant(holds: Holds, value: Any) -> tuple[Cell, Any]:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None, None
    if holds == "text":
        return value, value
    if holds == "local time":
        naive = moment.replace(tzinfo=None)
        return naive, naive.isoformat()
    return (moment, value) if moment.tzinfo is not None else (None, None)


def as_json(records: list[Record]) -> str:
    """For messages of tests that fail."""
    return "\n".join(json.dumps(one, default=str) for one in records)


def plain(cell: object) -> object:
    """A cell as it is compared: a number is a number, however it is held."""
    return Decimal(str(cell)) if isinstance(cell, int | float | Decimal) else cell
