"""From classes to a record: a lead of which something is true, as JSON has it.

Only what the narrow model can vouch for becomes a witness. Where a rule goes by more than the
model looks into (decay, restarts, history), the witness must not depend on it, or there is none.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from leadpact import checked as c
from leadpact.analysis.happened import Events, any_value, counts_agree
from leadpact.analysis.logic import Formula
from leadpact.analysis.model import Model
from leadpact.analysis.search import Assignment, Found, Search
from leadpact.analysis.vouching import certain

__all__ = ["Record", "witness"]

Record = dict[str, object]


def witness(
    search: Search,
    goal: Formula,
    found: Found,
    admitted: bool = True,
    row: c.PointsRow | None = None,
) -> Record | None:
    """The record of a lead that a narrow search found; ``None`` where the model cannot vouch for
    it. ``row``: the goal is that this row of points acts.
    """
    model = search.model
    classes = _completed(search, found.classes, admitted)
    if classes is None:
        return None
    events = Events(model, classes)
    if not events.placed() or not counts_agree(model, classes, events.cells):
        return None
    if not certain(model, goal, classes, events, row):
        return None
    return _record(model, classes, events)


def _completed(search: Search, some: Assignment, admitted: bool) -> Assignment | None:
    """Classes for all facts: those given, and else as little as possible."""
    model = search.model
    classes = {at: _least(fact.source, fact.values) for at, fact in enumerate(model.facts)}
    asked = (*model.complete, *(model.admitted if admitted else ()))
    if asked:
        usual = search.find(model.logic.all_of(asked), admitted)
        if usual is None:
            return None
        classes |= usual.classes
    return classes | some


def _least(source: object, values: tuple[object, ...]) -> int:
    if isinstance(source, c.Field) and None in values:
        return values.index(None)
    return 0


def _record(model: Model, classes: Assignment, events: Events) -> Record:
    record: Record = {"id": "witness"}
    seen: set[str] = set()
    actions: list[Record] = []
    for at, fact in enumerate(model.facts):
        value = fact.values[classes[at]]
        match fact.source:
            case c.Field():
                seen.add(fact.source.name)
                if value is not None:
                    record[fact.source.name] = _json(value)
            case "stage":
                record["stage"] = value
                record["stage_since"] = _json(events.since)
            case str() as name if name.startswith("answer ") and value is not None:
                kind = name.removeprefix("answer ")
                now = _json(model.scale.as_of)
                actions.append({"kind": kind, "at": now, "answer": value})
            case _:
                pass
    for field in model.policy.fields:
        if field.required and field.name not in seen:
            record[field.name] = _json(any_value(field.type, model.scale.as_of))
    listed: dict[str, list[Record]] = {"activities": [], "actions": actions}
    for cell, instant, properties in events.found:
        event: Record = {"kind": cell.kind.name, "at": _json(instant)}
        event |= {name: _json(value) for name, value in properties.items() if value is not None}
        listed["activities" if cell.kind.party is None else "actions"].append(event)
    return record | {key: some for key, some in listed.items() if some}


def _json(value: object) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case frozenset():
            return sorted(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            return value
