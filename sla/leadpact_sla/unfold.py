"""What a condition comes down to: definitions and groups opened up, step by step."""

from __future__ import annotations

from leadpact.checked import (
    All,
    Any,
    AtLeast,
    CheckedPolicy,
    ChecklistTest,
    Condition,
    Defined,
    GainedTest,
    GradeKnown,
    GradeTest,
    GroupTest,
    ScoreTest,
    StageTest,
)
from leadpact.english.clauses import clause, is_range
from leadpact.english.names import Names
from leadpact_sla.model import Clause
from leadpact_sla.places import Places
from leadpact_sla.words import say

__all__ = ["meaning", "unfold"]


def unfold(
    names: Names, places: Places, today: CheckedPolicy, condition: Condition
) -> tuple[Clause, ...]:
    """The clauses that must all hold, each with the clauses that it stands for ``today``.

    A checked policy has no circle of definitions, so this ends.
    """
    match condition:
        case All() if not is_range(condition):
            return tuple(
                part
                for member in condition.members
                for part in unfold(names, places, today, member)
            )
        case Any() if len(condition.members) > 1:
            return (Clause(say("any"), parts=_choices(names, places, today, condition.members)),)
        case AtLeast():
            text = say("some", count=condition.count)
            return (Clause(text, parts=_choices(names, places, today, condition.members)),)
        case _:
            text = clause(names, condition)
            href = _href(places, condition)
            return (Clause(text, href=href, parts=_meaning(names, places, today, condition)),)


def _choices(
    names: Names, places: Places, today: CheckedPolicy, members: tuple[Condition, ...]
) -> tuple[Clause, ...]:
    """Each member as one clause, so that "one of these" counts them right."""
    choices = []
    for member in members:
        parts = unfold(names, places, today, member)
        choices.append(parts[0] if len(parts) == 1 else Clause(say("all"), parts=parts))
    return tuple(choices)


def _meaning(
    names: Names, places: Places, today: CheckedPolicy, condition: Condition
) -> tuple[Clause, ...]:
    match condition:
        case Defined(name=name):
            return unfold(names, places, today, meaning(today, name))
        case GroupTest(negated=False, rows=(only,)):
            first = _first_row(today, condition.group, only)
            return unfold(names, places, today, first) if first is not None else ()
        case _:
            return ()


def _first_row(policy: CheckedPolicy, group: str, row: str) -> Condition | None:
    """The condition of a group's first row; a later one also needs that none above it holds."""
    rows = next(item for item in policy.groups if item.name == group).rows
    return rows[0].when if rows and rows[0].name == row else None


def meaning(today: CheckedPolicy, name: str) -> Condition:
    """What a definition means in the policy of one day, in which it has one meaning."""
    return next(item.whens[0].when for item in today.definitions if item.name == name)


def _href(places: Places, condition: Condition) -> str | None:
    match condition:
        case Defined(name=name):
            return places.definition(name)
        case GroupTest(group=group, rows=(only,)):
            return places.result(group, f"{group}.{only}")
        case GroupTest(group=name) | ScoreTest(score=name) | ChecklistTest(checklist=name):
            return places.result(name)
        case GradeTest(grade=name) | GradeKnown(grade=name) | GainedTest(score=name):
            return places.result(name)
        case StageTest(stage=name):
            return places.stage(name)
        case _:
            return None
