"""Which facts of a lead an expression looks at, and what is certain whatever they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from leadpact import checked as c
from leadpact import plan as p
from leadpact.certainty import Certainty
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
    TextTest,
    TimeTest,
    YesNoTest,
)

__all__ = ["Looking", "property_field"]


class Looking:
    """What the results of a plan look at, each worked out once.

    In the plan's order each result mentions only earlier ones, so none of this nests.
    """

    def __init__(self, plan: p.Plan) -> None:
        self.plan = plan
        self.fields: Mapping[str, Field] = {field.name: field for field in plan.fields}
        self.results: Mapping[str, p.Step] = {step.name: step for step in plan.steps}
        self.certainty = Certainty(self.fields, plan.slots, self.results)
        self._facts: dict[str, tuple[str, ...]] = {}
        for step in plan.steps:
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
