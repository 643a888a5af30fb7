"""Which facts of a lead an expression looks at, and what is certain whatever they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, assert_never

from leadpact import checked as c
from leadpact import plan as p
from leadpact.checked import (
    ChecklistTest,
    ChoiceTest,
    DateTest,
    Defined,
    DomainFact,
    Field,
    FieldFact,
    GradeKnown,
    GradeTest,
    GroupTest,
    IncludesTest,
    KnownTest,
    LastFact,
    NumberTest,
    ScoreTest,
    SinceEntered,
    SinceStage,
    StageTest,
    TextTest,
    TimeTest,
    YesNoTest,
)

__all__ = ["LARGEST", "Looking", "property_field"]

LARGEST = 40
"""A definition with more tests than this is judged by its value, not by what stands in it."""

Spelled: TypeAlias = p.Expr | c.Condition


class Looking:
    """What the results of a plan look at, each worked out once.

    In the plan's order each result mentions only earlier ones, so none of this nests.
    """

    def __init__(self, plan: p.Plan) -> None:
        self.plan = plan
        self.fields: Mapping[str, Field] = {field.name: field for field in plan.fields}
        self.results: Mapping[str, p.Step] = {step.name: step for step in plan.steps}
        self.sizes: dict[str, int] = {}
        self._certain: dict[str, bool] = {}
        self._facts: dict[str, tuple[str, ...]] = {}
        for step in plan.steps:
            if isinstance(step, p.PlanDefinition):
                self.sizes[step.name] = self._size(step.when)
                self._certain[step.name] = self.certain(step.when)
            self._facts[step.name] = tuple(dict.fromkeys(self._looked_at(step)))

    def facts(self, expr: p.Expr) -> tuple[str, ...]:
        """The fields and answers that an expression looks at, those behind its results too."""
        match expr:
            case p.Not(member):
                return self.facts(member)
            case p.All(members) | p.Any(members) | p.AtLeast(_, members):
                return tuple(dict.fromkeys(one for each in members for one in self.facts(each)))
            case NumberTest() | TextTest() | ChoiceTest() | IncludesTest() | YesNoTest():
                return self.asked(_own(expr.fact))
            case DateTest() | TimeTest() | KnownTest():
                return self.asked(_own(expr.fact))
            case GradeTest(name) | GradeKnown(name) | GroupTest(name) | Defined(name):
                return self.of_result(name)
            case ChecklistTest(name):
                return self.of_result(name)
            case _:
                return ()

    def of_result(self, name: str) -> tuple[str, ...]:
        return self._facts[name]

    def asked(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those that can be unknown at all."""
        return tuple(
            name
            for name in names
            if name not in self.fields or not self.fields[name].no_when_unknown
        )

    def certain(self, expr: Spelled) -> bool:
        """Whether the expression is never unknown, whatever the lead."""
        match expr:
            case p.Not(member) | c.Not(member):
                return self.certain(member)
            case p.All(members) | c.All(members) | p.Any(members) | c.Any(members):
                return all(self.certain(member) for member in members)
            case p.AtLeast(_, members) | c.AtLeast(_, members):
                return all(self.certain(member) for member in members)
            case p.SlotTest(slot):
                return not isinstance(self.plan.slots[slot].window, SinceEntered | SinceStage)
            case YesNoTest(FieldFact(name)):
                return self.fields[name].no_when_unknown
            case StageTest(_, within, ever):
                return within is None and not ever
            case KnownTest():
                return not expr.asks
            case ScoreTest() | GradeKnown() | GroupTest():
                return True
            case GradeTest(grade):
                result = self.results[grade]
                return isinstance(result, p.PlanGrade) and not result.needs
            case ChecklistTest():
                return expr.state == "unknown"
            case Defined(name):
                return self._certain[name]
            case _:
                return False

    def _size(self, expr: Spelled) -> int:
        """How many tests the expression has, with those of the definitions in it (at most)."""
        match expr:
            case p.Not(member) | c.Not(member):
                return self._size(member)
            case p.All(members) | c.All(members) | p.Any(members) | c.Any(members):
                return min(LARGEST + 1, sum(self._size(member) for member in members))
            case p.AtLeast(_, members) | c.AtLeast(_, members):
                return min(LARGEST + 1, sum(self._size(member) for member in members))
            case Defined(name):
                return self.sizes[name]
            case _:
                return 1

    def _looked_at(self, step: p.Step) -> list[str]:
        match step:
            case p.PlanDefinition(_, when):
                return list(self.facts(when))
            case p.PlanGroup(_, rows):
                return [one for row in rows if row.when is not None for one in self.facts(row.when)]
            case p.PlanGrade():
                return [one for need in step.needs for one in self.asked(need.fields)]
            case p.PlanChecklist(checklist, items):
                found: list[str] = []
                for item in items:
                    if isinstance(item, p.PlanAnswer):
                        found.append(f"{checklist}.{item.name}")
                        continue
                    found += self.facts(item.met)
                    found += () if item.not_met is None else self.facts(item.not_met)
                return found
            case p.PlanScore() | p.PlanGain():
                return []
            case _:
                assert_never(step)


def _own(fact: c.TextFact | c.TimeFact) -> tuple[str, ...]:
    """The field that somebody could ask for; what events tell cannot be asked for."""
    match fact:
        case FieldFact(name) | DomainFact(name):
            return (name,)
        case _:
            return ()


def property_field(policy: c.CheckedPolicy, fact: LastFact) -> Field:
    """The property of which the fact tells."""
    kind = next(kind for kind in policy.kinds if kind.name == fact.events.parts[0].kind)
    return next(field for field in kind.properties if field.name == fact.property)
