"""Random records that are plainly clean, for the most part: what a query can decide about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import Any

from tests.property.draw_record import Aims, RecordDrawing

from leadpact.checked import CheckedPolicy, Field, TextType

__all__ = ["clean_record", "clean_records"]


def clean_records(
    r: Random, policy: CheckedPolicy, aims: Aims, as_of: datetime, count: int
) -> list[dict[str, object]]:
    return [clean_record(r, policy, aims, as_of) for _ in range(count)]


def clean_record(
    r: Random, policy: CheckedPolicy, aims: Aims, as_of: datetime
) -> dict[str, object]:
    """A record without wrong values; seldom with moves or with an id twice."""
    drawing = RecordDrawing(r, policy, aims, as_of)
    drawing.careless = False
    record: dict[str, Any] = {**drawing.record(), "id": "L-17"}
    if r.random() < 0.97:
        record.pop("moves", None)
    _leave_blanks_out(record, policy.fields)
    kinds = {kind.name: kind.properties for kind in policy.kinds}
    taken: set[object] = set()
    events = (*record.get("activities", ()), *record.get("actions", ()))
    for number, event in enumerate(events):
        _leave_blanks_out(event, kinds[event["kind"]])
        if "id" in event and event["id"] in taken and r.random() < 0.98:
            event["id"] = f"n{number}"
        taken.add(event.get("id"))
    return record


def _leave_blanks_out(values: dict[str, Any], fields: Iterable[Field]) -> None:
    """A blank text is unknown, but only a text field plainly takes it."""
    for field in fields:
        value = values.get(field.name)
        if isinstance(value, str) and not value.strip() and not isinstance(field.type, TextType):
            del values[field.name]
