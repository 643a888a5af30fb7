"""Decisions of the Python engine by the columns of a query, to hold one against the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import UNSET

from leadpact.checked import CheckedPolicy
from leadpact.decision import Decision, GradeResult, Outcome, RefusedRecord, ScoreResult
from leadpact.places.local_times import micros

__all__ = ["columns_of", "differences", "rows_of"]

_TARGET = ("target", "started", "due", "at")


def rows_of(decision: Decision) -> list[dict[str, Any]]:
    """What gave or took points: rule, points and count, in the order of the rules' names."""
    results: list[ScoreResult | GradeResult] = [
        *decision.scores.values(),
        *decision.grades.values(),
    ]
    rows = [row for result in results if result.rows is not UNSET for row in result.rows]
    rows.sort(key=lambda row: row.rule)
    return [{"rule": row.rule, "points": row.points, "count": row.count} for row in rows]


def columns_of(policy: CheckedPolicy, outcome: Outcome) -> dict[str, Any]:
    """An explained outcome as a query's row has it; of a refused lead, by which rule."""
    if isinstance(outcome, RefusedRecord):
        return {"status": "refused", "refused_by": outcome.refusal.rule}
    if not isinstance(outcome, Decision):
        return {"status": "rejected"}
    found: dict[str, Any] = {"status": "decided", "refused_by": None}
    for name, score in outcome.scores.items():
        found[f"score.{name}"] = round(score.points * 100)
    for name, grade in outcome.grades.items():
        found[f"grade.{name}"] = round(grade.points * 100)
        found[f"letter.{name}"] = grade.letter
    found |= {f"group.{name}": group.value for name, group in outcome.groups.items()}
    found |= {f"checklist.{name}": one.result for name, one in outcome.checklists.items()}
    if outcome.stage is not None:
        stage = outcome.stage
        found |= {"stage": stage.current, "next_stage": stage.next, "next_rule": stage.rule}
    found["valid_until"] = _micros(outcome.valid_until)
    names = [target.name for stage_ in policy.stages for target in stage_.targets]
    found |= {f"{word}.{name}": None for name in names for word in _TARGET}
    for target in () if outcome.targets is UNSET else outcome.targets:
        found[f"target.{target.target}"] = target.state
        found[f"started.{target.target}"] = _micros(target.started)
        found[f"due.{target.target}"] = _micros(target.due)
        found[f"at.{target.target}"] = _micros(target.at)
    return found


def differences(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Where a query's row says other than the Python engine; nothing when they agree."""
    for name, value in wanted.items():
        if found.get(name) != value:
            yield f"{name} is {found.get(name)!r}, but {value!r} in Python"


def _micros(instant: datetime | None) -> int | None:
    return None if instant is None else micros(instant)
