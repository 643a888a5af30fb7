"""At which instants a condition may change its outcome, so that since when can be found out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from leadpact.backends.javascript.literals import length, listed, yes
from leadpact.checked import (
    CheckedPolicy,
    ChecklistTest,
    Condition,
    Decay,
    Defined,
    Duration,
    GainedTest,
    GradeKnown,
    GradeTest,
    GroupTest,
    Inactivity,
    ScoreTest,
)
from leadpact_dsl.source import SourceFile, Span

__all__ = ["watch"]


def watch(condition: Condition, periods: Sequence[CheckedPolicy]) -> str:
    """What moves the condition's outcome: exact lengths of time, ages in days, local midnights."""
    found: list[Any] = []
    for policy in periods:
        found += _mentioned(policy, condition, set())
    durations = dict.fromkeys(one for one in found if isinstance(one, Duration))
    exact = listed(length(one) for one in durations if one.unit != "month")
    ages = any(isinstance(one, Decay | Inactivity) for one in found)
    return (
        f"{{ lengths: {exact}, ages: {yes(ages)}, "
        f"midnights: {yes(bool(durations) or any(isinstance(one, Inactivity) for one in found))} }}"
    )


def _mentioned(policy: CheckedPolicy, value: Any, seen: set[str]) -> Iterator[Any]:
    """Everything of which a condition is made, and of which the results that it names are made."""
    if isinstance(value, tuple):
        for member in value:
            yield from _mentioned(policy, member, seen)
    elif is_dataclass(value) and not isinstance(value, Span | SourceFile | type):
        yield value
        for field in fields(value):
            yield from _mentioned(policy, getattr(value, field.name), seen)
        name = _named(value)
        if name is not None and name not in seen:
            seen.add(name)
            yield from _mentioned(policy, _result(policy, name), seen)


def _result(policy: CheckedPolicy, name: str) -> tuple[Any, ...]:
    results: tuple[Any, ...] = (
        *policy.definitions,
        *policy.scores,
        *policy.grades,
        *policy.groups,
        *policy.checklists,
    )
    return tuple(one for one in results if one.name == name)


def _named(value: Any) -> str | None:
    match value:
        case Defined(name):
            return name
        case ScoreTest() | GainedTest():
            return value.score
        case GradeTest() | GradeKnown():
            return value.grade
        case GroupTest():
            return value.group
        case ChecklistTest():
            return value.checklist
        case _:
            return None
