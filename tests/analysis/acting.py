"""Which rules act on a record, by the engine's explained decision (definitions: the reference)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.property.agreement import engine_answer
from tests.reference.admission import Rejected, admit
from tests.reference.events import Situation
from tests.reference.instants import zone_named
from tests.reference.judge import holds

from leadpact import Policy

__all__ = ["acting", "points_of"]


def acting(policy: Policy, record: dict[str, Any], as_of: datetime) -> set[str]:
    """The ids of the rules that act; of a refused record that of the refusal alone."""
    answer = engine_answer(policy, record, as_of)
    if answer["status"] == "refused":
        return {answer["refusal"]["rule"]}
    if answer["status"] != "decided":
        return set()
    found = _rows(answer)
    found |= {group["rule"] for group in answer["groups"].values()}
    for name, checklist in answer["checklists"].items():
        states = checklist["items"].items()
        found |= {f"{name}.{item}" for item, state in states if state == "met"}
    if answer["stage"] and answer["stage"].get("rule"):
        found.add(answer["stage"]["rule"])
    return found | _definitions(policy, record, as_of)


def _rows(answer: dict[str, Any]) -> set[str]:
    results = answer["scores"] | answer["grades"]
    found = {row["rule"] for one in results.values() for row in one["rows"]}
    for name, grade in answer["grades"].items():
        found.add(f"{name}.letters.{grade['letter']}")
    return found


def _definitions(policy: Policy, record: dict[str, Any], as_of: datetime) -> set[str]:
    lead = admit(policy.checked, record, as_of)
    assert not isinstance(lead, Rejected)
    zone = zone_named(policy.checked.zone)
    case = Situation(policy.checked, lead, as_of, zone)
    return {one.name for one in case.policy.definitions if holds(case, one.whens[0].when) is True}


def points_of(policy: Policy, name: str, record: dict[str, Any], as_of: datetime) -> int | None:
    """The hundredths of points of a score or grade (``None`` for a record that is not decided)."""
    answer = engine_answer(policy, record, as_of)
    if answer["status"] != "decided":
        return None
    return round((answer["scores"] | answer["grades"])[name]["points"] * 100)
