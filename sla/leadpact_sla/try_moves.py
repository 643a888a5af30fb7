"""The moves out of each stage as conditions that a page can tick off: met, not met, not known.

A condition is opened into its parts: a list into its members, a definition into what it means. So
a person finds the one fact that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any as AnyValue

from leadpact.checked import (
    All,
    Any,
    AtLeast,
    CheckedPolicy,
    ChecklistTest,
    Condition,
    Defined,
    GradeTest,
    GroupTest,
    Move,
    ScoreTest,
)
from leadpact.english.clauses import clause, is_range
from leadpact.english.names import Names
from leadpact_sla.words import say

__all__ = ["Opened", "StageMove", "asked", "moves_of", "told"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A condition in words. ``result`` is the score, grade or group that says what is so, and
    ``checklist`` the one whose items are its parts.
    """

    condition: Condition
    says: str
    parts: tuple[Opened, ...] = ()
    result: str | None = None
    checklist: str | None = None


@dataclass(frozen=True, slots=True)
class StageMove:
    """A move out of a stage, with what must hold for it. ``onward``: one of the stage's own that
    leads on, no hand-back.
    """

    rule: str
    to: str
    onward: bool
    parts: tuple[Opened, ...]


def moves_of(policy: CheckedPolicy) -> dict[str, tuple[StageMove, ...]]:
    """The moves out of each stage of a policy without dates, in the order in which they act."""
    opening = _Opening(policy, Names.of(policy))
    return {stage.name: tuple(_moves(policy, opening, stage.name)) for stage in policy.stages}


def _moves(policy: CheckedPolicy, opening: _Opening, stage: str) -> Iterator[StageMove]:
    anywhere = [block.moves for block in policy.any_stages if stage not in block.excepted]
    own = next(one.moves for one in policy.stages if one.name == stage)
    for moves, is_own in (*((each, False) for each in anywhere), (own, True)):
        for move in moves:
            if isinstance(move, Move) and move.to != stage:
                onward = is_own and move.how == "moves to"
                yield StageMove(move.rule, move.to, onward, opening.members(move.when))


def asked(policy: CheckedPolicy) -> tuple[Condition, ...]:
    """Every condition that the page ticks off, each once."""
    parts = [part for moves in moves_of(policy).values() for move in moves for part in move.parts]
    return tuple(dict.fromkeys(one.condition for part in parts for one in _every(part)))


def _every(part: Opened) -> Iterator[Opened]:
    yield part
    for inner in part.parts:
        yield from _every(inner)


def told(part: Opened, numbers: dict[Condition, int]) -> dict[str, AnyValue]:
    """The condition as data for the page; ``numbers`` are those of its answers."""
    data: dict[str, AnyValue] = {"says": part.says, "probe": numbers[part.condition]}
    if part.parts:
        data["parts"] = [told(inner, numbers) for inner in part.parts]
    if part.result is not None:
        data["result"] = part.result
    if part.checklist is not None:
        data["checklist"] = part.checklist
    return data


@dataclass(frozen=True, slots=True)
class _Opening:
    policy: CheckedPolicy
    names: Names

    def members(self, condition: Condition) -> tuple[Opened, ...]:
        """What must all hold, one by one."""
        if isinstance(condition, All) and not is_range(condition):
            return tuple(self.opened(member) for member in condition.members)
        return (self.opened(condition),)

    def opened(self, condition: Condition) -> Opened:
        match condition:
            case All(members) if not is_range(condition):
                return Opened(condition, say("all"), tuple(map(self.opened, members)))
            case Any(members):
                return Opened(condition, say("any"), tuple(map(self.opened, members)))
            case AtLeast(count, members):
                return Opened(condition, say("some", count=count), tuple(map(self.opened, members)))
        says = clause(self.names, condition)
        match condition:
            case Defined(name):
                when = next(one for one in self.policy.definitions if one.name == name).whens[0]
                return Opened(condition, says, self.members(when.when))
            case GroupTest(group, (row,), False):
                return Opened(condition, says, self._row(group, row), result=group)
            case ScoreTest(score, None):
                return Opened(condition, says, result=score)
            case GradeTest(grade) | GroupTest(grade):
                return Opened(condition, says, result=grade)
            case ChecklistTest(checklist, None, "met"):
                return Opened(condition, says, checklist=checklist)
            case _:
                return Opened(condition, says)

    def _row(self, group: str, name: str) -> tuple[Opened, ...]:
        rows = next(one for one in self.policy.groups if one.name == group).rows
        row = next(one for one in rows if one.name == name)
        return self.members(row.when) if row.when is not None else ()
