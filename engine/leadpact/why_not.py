"""Why a lead does not move: each condition of a move, judged, with what stands behind it opened.

A condition is opened into its parts: a list into its members, a definition into what it means, a
group's row into when it applies, a checklist into its items. So a person finds the one fact that
is missing, not only the name of what did not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from leadpact import english
from leadpact.api import Policy
from leadpact.checked import (
    All,
    Any,
    AtLeast,
    CheckedPolicy,
    ChecklistTest,
    ChoiceTest,
    Condition,
    DateTest,
    Defined,
    DomainFact,
    FieldFact,
    ForEvery,
    GradeTest,
    GroupTest,
    IncludesTest,
    Move,
    NeedsKnown,
    NumberTest,
    NumberType,
    OneOfType,
    PatternPart,
    PointsBy,
    ScoreTest,
    TextFact,
    TextTest,
    TimeFact,
    TimeTest,
)
from leadpact.dated import in_force_on
from leadpact.decision import Decision
from leadpact.lower import the_when
from leadpact.operators.text import BLANKS, domain
from leadpact.operators.times import local_day

__all__ = ["Judged", "JudgedMove", "field_text", "fields_read", "judged_moves", "moves_out_of"]

Truth: TypeAlias = bool | None
"""``None`` is unknown."""

_STATES: Mapping[str, Truth] = {"met": True, "not met": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition in words and whether it holds. ``actual`` is what is so (``45``), where one
    value says it; ``parts`` are what the condition comes down to.
    """

    says: str
    holds: Truth
    actual: str | None
    parts: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class JudgedMove:
    """A move of the lead's stage. ``acts`` for the one that the lead makes now; another may hold
    too, and come later.
    """

    move: Move
    acts: bool
    holds: Truth
    parts: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A condition before it is judged; ``told`` are parts that the decision itself has judged."""

    condition: Condition
    says: str
    actual: str | None
    parts: tuple[_Opened, ...]
    told: tuple[Judged, ...] = ()


def judged_moves(
    policy: Policy, record: Mapping[str, object], decision: Decision, *, as_of: datetime
) -> tuple[JudgedMove, ...]:
    """The moves out of the lead's present stage, in the order in which they are looked at.

    ``decision`` is the explained decision about ``record`` at ``as_of``.
    """
    stage = decision.stage
    if stage is None:
        return ()
    checked = in_force_on(policy.checked, local_day(as_of, policy.checked.zone))
    moves = moves_out_of(checked, stage.current)
    opening = _Opening(checked, record, decision)
    opened = [opening.members(move.when) for move in moves]
    asked = tuple(
        dict.fromkeys(
            (*(move.when for move in moves), *(one for parts in opened for one in _every(parts)))
        )
    )
    answers = policy.judge(asked, record, as_of=as_of)
    if answers is None:
        return ()
    truths = dict(zip(asked, answers, strict=True))
    return tuple(
        JudgedMove(
            move,
            move.rule == stage.rule,
            truths[move.when],
            tuple(_judged(p, truths) for p in parts),
        )
        for move, parts in zip(moves, opened, strict=True)
    )


def moves_out_of(policy: CheckedPolicy, stage: str) -> tuple[Move, ...]:
    """The moves and hand-backs out of a stage, in the order in which they are looked at."""
    anywhere = [block.moves for block in policy.any_stages if stage not in block.excepted]
    own = [one.moves for one in policy.stages if one.name == stage]
    return tuple(
        move
        for moves in (*anywhere, *own)
        for move in moves
        if isinstance(move, Move) and move.to != stage
    )


def _every(parts: tuple[_Opened, ...]) -> Iterator[Condition]:
    for part in parts:
        yield part.condition
        yield from _every(part.parts)


def _judged(opened: _Opened, truths: Mapping[Condition, Truth]) -> Judged:
    parts = tuple(_judged(part, truths) for part in opened.parts)
    return Judged(opened.says, truths[opened.condition], opened.actual, parts + opened.told)


@dataclass(frozen=True, slots=True)
class _Opening:
    policy: CheckedPolicy
    record: Mapping[str, object]
    decision: Decision

    def members(self, condition: Condition) -> tuple[_Opened, ...]:
        """What must all hold, one by one."""
        members = condition.members if isinstance(condition, All) else (condition,)
        return tuple(self.opened(member) for member in members)

    def opened(self, condition: Condition) -> _Opened:
        says = english.condition(self.policy, condition)
        actual = self.actual(condition)
        match condition:
            case All(members):
                return _Opened(condition, "all of these", None, self.each(members))
            case Any(members):
                return _Opened(condition, "one of these", None, self.each(members))
            case AtLeast(count, members):
                return _Opened(condition, f"at least {count} of these", None, self.each(members))
            case Defined(name):
                definition = next(one for one in self.policy.definitions if one.name == name)
                return _Opened(condition, says, actual, self.members(the_when(definition)))
            case GroupTest(_, (_,), False):
                return _Opened(condition, says, actual, self.row(condition))
            case ChecklistTest(_, None, "met"):
                return _Opened(condition, says, actual, (), tuple(self.items(condition.checklist)))
            case _:
                return _Opened(condition, says, actual, ())

    def each(self, members: tuple[Condition, ...]) -> tuple[_Opened, ...]:
        return tuple(self.opened(member) for member in members)

    def row(self, test: GroupTest) -> tuple[_Opened, ...]:
        """When the group's row applies, unless a row above it took the lead anyway."""
        group = next(one for one in self.policy.groups if one.name == test.group)
        row = next(one for one in group.rows if one.name == test.rows[0])
        return self.members(row.when) if row.when is not None else ()

    def items(self, name: str) -> Iterator[Judged]:
        checklist = next(one for one in self.policy.checklists if one.name == name)
        states = self.decision.checklists[name].items
        if isinstance(states, Mapping):
            for item in checklist.items:
                yield Judged(item.question, _STATES[states[item.name]], None, ())

    def actual(self, condition: Condition) -> str | None:
        """What is so, where one value says it and it is known."""
        match condition:
            case ScoreTest(score, None):
                return english.number(Decimal(repr(self.decision.scores[score].points)))
            case GradeTest(grade):
                return self.decision.grades[grade].letter
            case GroupTest(group):
                value = self.decision.groups[group].value
                rows = next(one for one in self.policy.groups if one.name == group).rows
                return next(f"“{row.label}”" for row in rows if row.name == value)
            case ChecklistTest(checklist, None):
                return self.decision.checklists[checklist].result
            case NumberTest() | TextTest() | ChoiceTest() | IncludesTest():
                return self.value(condition.fact)
            case DateTest() | TimeTest():
                return self.value(condition.fact)
            case _:
                return None

    def value(self, fact: TextFact | TimeFact) -> str | None:
        if isinstance(fact, FieldFact):
            return field_text(self.policy, fact.name, self.record.get(fact.name))
        if not isinstance(fact, DomainFact):
            return None
        text = str(self.record.get(fact.field) or "").strip(BLANKS)
        found = domain(text) if "@" in text else None
        return f"“{found}”" if found else None


def field_text(policy: CheckedPolicy, name: str, value: object) -> str | None:
    """A field's value in a record, as people write it; ``None`` when it is unknown."""
    field = next(one for one in policy.fields if one.name == name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, Decimal)):
        number = english.number(Decimal(str(value)))
        money = isinstance(field.type, NumberType) and field.type.money
        return f"{number} {policy.currency}" if money and policy.currency else number
    if isinstance(value, (list, tuple)):
        return ", ".join(english.value(str(member)) for member in value) or None
    text = "" if value is None else str(value).strip(BLANKS)
    if not text:
        return None
    return english.value(text) if isinstance(field.type, OneOfType) else f"“{text}”"


def fields_read(part: object) -> Iterator[str]:
    """The names of the lead's fields that a part of a checked policy looks at, some repeatedly.

    Conditions over the properties of events (``where``) are not about the lead.
    """
    match part:
        case FieldFact(name):
            yield name
        case DomainFact(name):
            yield name
        case PatternPart():
            return
        case tuple():
            for member in part:
                yield from fields_read(member)
        case _ if is_dataclass(part):
            if isinstance(part, (PointsBy, ForEvery)):
                yield part.field
            if isinstance(part, NeedsKnown):
                yield from part.fields
            for field in fields(part):
                yield from fields_read(getattr(part, field.name))
