"""A group as a square, where its rows ask two yes-or-no questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from leadpact.checked import (
    All,
    Any,
    CheckedPolicy,
    Condition,
    Defined,
    Definition,
    GradeTest,
    Group,
    Not,
    ScoreTest,
)
from leadpact.english.clauses import clause
from leadpact.english.names import Names
from leadpact_sla.model import QuadrantDoc

__all__ = ["quadrant"]


def quadrant(names: Names, policy: CheckedPolicy, group: Group) -> QuadrantDoc | None:
    """The square of a group; ``None`` where its rows ask anything else than two definitions.

    ``policy`` and ``group`` are those of one day, in which nothing is dated. Across goes the
    question about a score, where there is one: more interested is further right.
    """
    asked: list[str] = []
    for row in group.rows:
        if row.when is None:
            continue
        found = _questions(row.when)
        if found is None:
            return None
        asked += [name for name in found if name not in asked]
    if len(asked) != 2:
        return None
    definitions = {item.name: item for item in policy.definitions}
    across, up = sorted((definitions[name] for name in asked), key=lambda item: _rank(policy, item))
    cells: dict[tuple[bool, bool], int] = {}
    for answers in product((False, True), repeat=2):
        row_index = _winner(group, dict(zip((across.name, up.name), answers, strict=True)))
        if row_index is None:
            return None
        cells[answers[0], answers[1]] = row_index
    return QuadrantDoc(
        across_label=across.label,
        across=clause(names, _when(across)),
        up_label=up.label,
        up=clause(names, _when(up)),
        cells=cells,
    )


def _questions(condition: Condition) -> set[str] | None:
    match condition:
        case Defined(name=name):
            return {name}
        case Not(member=member):
            return _questions(member)
        case All(members=members) | Any(members=members):
            found: set[str] = set()
            for member in members:
                inner = _questions(member)
                if inner is None:
                    return None
                found |= inner
            return found
        case _:
            return None


def _rank(policy: CheckedPolicy, definition: Definition) -> int:
    tests = list(_leaves(_when(definition)))
    if any(isinstance(test, ScoreTest) for test in tests):
        return 0
    return 2 if any(isinstance(test, GradeTest) for test in tests) else 1


def _when(definition: Definition) -> Condition:
    return definition.whens[0].when


def _leaves(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Not(member=member):
            yield from _leaves(member)
        case All(members=members) | Any(members=members):
            for member in members:
                yield from _leaves(member)
        case _:
            yield condition


def _winner(group: Group, answers: Mapping[str, bool]) -> int | None:
    for index, row in enumerate(group.rows):
        if row.kind == "otherwise" or (row.when is not None and _holds(row.when, answers)):
            return index
    return None


def _holds(condition: Condition, answers: Mapping[str, bool]) -> bool:
    match condition:
        case Defined(name=name):
            return answers[name]
        case Not(member=member):
            return not _holds(member, answers)
        case All(members=members):
            return all(_holds(member, answers) for member in members)
        case Any(members=members):
            return any(_holds(member, answers) for member in members)
        case _:
            raise AssertionError(condition)
