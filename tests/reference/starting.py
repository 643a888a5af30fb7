"""The first instant at which a condition was true: by trying all instants that could matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tests.reference.conditions import Value
from tests.reference.events import Situation
from tests.reference.instants import exactly, local_day, midnight
from tests.reference.judge import holds

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
    InForce,
    ScoreTest,
    TimeTest,
)

MICROSECOND = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)


def first_true(case: Situation, condition: Condition, start: datetime) -> datetime | None:
    """The first instant from ``start`` to ``as_of`` at which the condition was true.

    Fields are taken to have always held what they hold now; of dated rows those count that were
    in force then.
    """
    key = id(condition), start
    if key not in case.starts:
        case.starts[key] = next(
            (
                instant
                for instant in candidates(case, condition, start)
                if holds(replace(case, as_of=instant), condition) is True
            ),
            None,
        )
    return case.starts[key]


def candidates(case: Situation, condition: Condition, start: datetime) -> list[datetime]:
    """All instants at which the condition could change its outcome, in order."""
    mentioned = list(_mentioned(case.whole, condition, set()))
    told = {start, *_instants(case)}
    found = set(told)
    for one in mentioned:
        match one:
            case Duration() if one.unit != "month":
                found |= {instant for base in told for instant in _apart(base, exactly(one))}
            case Decay() | Inactivity():
                found |= {day for base in told for day in _every_day(base, start, case.as_of)}
            case InForce(first, last):
                days = [day for day in (first, last and last + ONE_DAY) if day is not None]
                found |= {midnight(day, case.zone) for day in days}
            case _:
                pass
    if any(isinstance(one, Duration | Inactivity | TimeTest) for one in mentioned):
        found |= set(_midnights(case, start))
    # What is true of more than so long becomes true a microsecond later.
    found |= {instant + MICROSECOND for instant in found if instant < case.as_of}
    return sorted(instant for instant in found if start <= instant <= case.as_of)


def _instants(case: Situation) -> Iterator[datetime]:
    """Every instant of which the record tells."""
    values: list[Value | None] = list(case.lead.values.values())
    for event in case.lead.events:
        yield event.at
        values += event.values.values()
    for value in values:
        if isinstance(value, datetime):
            yield value
    for stay in case.lead.history.stays if case.lead.history else ():
        if stay.entered is not None:
            yield stay.entered


def _apart(base: datetime, length: timedelta) -> Iterator[datetime]:
    for sign in (1, -1):
        try:
            yield base + sign * length
        except OverflowError:
            continue


def _every_day(base: datetime, start: datetime, end: datetime) -> Iterator[datetime]:
    """The ends of all 24-hour days since ``base`` that lie between two instants."""
    instant = base + ONE_DAY * max(0, (start - base) // ONE_DAY)
    while instant <= end:
        yield instant
        instant += ONE_DAY


def _midnights(case: Situation, start: datetime) -> Iterator[datetime]:
    day = local_day(start, case.zone)
    while day <= local_day(case.as_of, case.zone):
        yield midnight(day, case.zone)
        day += ONE_DAY


def _mentioned(policy: CheckedPolicy, value: Any, seen: set[str]) -> Iterator[Any]:
    """Everything of which a condition is made, and of which what it names is made."""
    if isinstance(value, tuple):
        for member in value:
            yield from _mentioned(policy, member, seen)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from _mentioned(policy, getattr(value, field.name), seen)
        name = _named(value)
        if name is not None and name not in seen:
            seen.add(name)
            yield from _mentioned(policy, _parts_of(policy, name), seen)


def _parts_of(policy: CheckedPolicy, name: str) -> tuple[Any, ...]:
    blocks: tuple[Any, ...] = (
        *policy.definitions,
        *policy.scores,
        *policy.grades,
        *policy.groups,
        *policy.checklists,
    )
    return tuple(one for one in blocks if one.name == name)


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
