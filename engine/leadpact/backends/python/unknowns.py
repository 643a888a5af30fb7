"""Which unknown facts could change the outcome: the code that a decision with reasons adds.

Three-valued logic already tells: a rule that is true, or false, whatever its unknown facts turn
out to be needs none of them. The others' facts are named, and so is every unknown field that
earns points by itself. A set of facts is a bit mask, so a lead that lacks nothing pays little.
"""

from __future__ import annotations

from collections.abc import Iterable

from leadpact import plan as p
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.writer import Writer
from leadpact.checked import (
    ChecklistTest,
    ChoiceTest,
    DateTest,
    Defined,
    DomainFact,
    FieldFact,
    GradeKnown,
    GradeTest,
    GroupTest,
    IncludesTest,
    KnownTest,
    NumberTest,
    TextFact,
    TextTest,
    TimeFact,
    TimeTest,
    YesNoTest,
)

__all__ = ["Unknowns"]


class Unknowns:
    """Collects masks of facts while the results are written.

    In the generated code ``lacks`` holds the facts that this lead lacks, ``ask`` those of them
    that could change the outcome. ``surely`` spells what holds whatever they turn out to be.
    """

    def __init__(self, writer: Writer, plan: p.Plan, surely: Speller) -> None:
        self.writer = writer
        self.surely = surely
        self.answers = {
            f"{step.name}.{item.name}": item.slot
            for step in plan.steps
            if isinstance(step, p.PlanChecklist)
            for item in step.items
            if isinstance(item, p.PlanAnswer)
        }
        self.bits: dict[str, int] = {}
        self._result_facts: dict[str, tuple[str, ...]] = {}
        # In the plan's order each result mentions only earlier ones, so this never nests.
        for step in plan.steps:
            self._result_facts[step.name] = tuple(dict.fromkeys(self._looked_at(step)))

    def facts(self, facts: Iterable[str]) -> None:
        """Facts that change the outcome by becoming known, whatever the other facts are."""
        if mask := self._mask(facts):
            self.writer.line(f"ask |= lacks & {mask}")

    def looked_at(self, expr: p.Expr) -> None:
        """All facts that an expression looks at, whatever it comes to."""
        self.facts(self._facts(expr))

    def rule(self, expr: p.Expr, reached: str | None = None) -> None:
        """The facts of a rule, unless it is settled whatever they turn out to be."""
        mask = self._mask(self._facts(expr))
        if not mask:
            return
        condition = f"lacks & {mask}" if reached is None else f"{reached} and lacks & {mask}"
        with self.writer.block(f"if {condition}:"):
            settled = f"{self.surely.true(expr)} or {self.surely.false(expr)}"
            with self.writer.block(f"if not ({settled}):"):
                self.writer.line(f"ask |= lacks & {mask}")

    def unsettled(self, result: str) -> str | None:
        """Code that says whether a named result may change although it has a value."""
        mask = self._mask(self._result_facts[result])
        return f"(lacks & {mask})" if mask else None

    def write_lacks(self, writer: Writer) -> None:
        """Write what the lead lacks; after the pass over the events, before any result."""
        writer.line("ask = lacks = 0")
        for fact, bit in self.bits.items():
            slot = self.answers.get(fact)
            missing = f"c{slot} is None"
            if slot is None:
                missing = self.surely.missing(FieldFact(fact))
            with writer.block(f"if {missing}:"):
                writer.line(f"lacks |= {bit}")

    def _mask(self, facts: Iterable[str]) -> int:
        mask = 0
        for fact in facts:
            field = self.surely.facts.fields.get(fact)
            if field is None or not field.no_when_unknown:
                mask |= self.bits.setdefault(fact, 1 << len(self.bits))
        return mask

    def _facts(self, expr: p.Expr) -> tuple[str, ...]:
        """The facts that an expression looks at, those of the results it mentions included."""
        match expr:
            case p.Not(member):
                return self._facts(member)
            case p.All(members) | p.Any(members) | p.AtLeast(_, members):
                return tuple(fact for member in members for fact in self._facts(member))
            case KnownTest() | TextTest() | NumberTest() | ChoiceTest() | IncludesTest():
                return _asked(expr.fact)
            case DateTest() | TimeTest() | YesNoTest():
                return _asked(expr.fact)
            case GradeTest(name) | GradeKnown(name) | GroupTest(name) | Defined(name):
                return self._result_facts[name]
            case ChecklistTest(name):
                return self._result_facts[name]
            case _:
                return ()

    def _looked_at(self, step: p.Step) -> list[str]:
        match step:
            case p.PlanDefinition(_, when):
                return list(self._facts(when))
            case p.PlanGroup(_, rows):
                whens = [row.when for row in rows if row.when is not None]
                return [fact for when in whens for fact in self._facts(when)]
            case p.PlanGrade():
                return [fact for need in step.needs for fact in need.fields]
            case p.PlanChecklist(checklist, items):
                found: list[str] = []
                for item in items:
                    if isinstance(item, p.PlanAnswer):
                        found.append(f"{checklist}.{item.name}")
                        continue
                    found += self._facts(item.met)
                    found += () if item.not_met is None else self._facts(item.not_met)
                return found
            case p.PlanScore() | p.PlanGain():
                return []


def _asked(fact: TextFact | TimeFact) -> tuple[str, ...]:
    """The field that somebody could ask for; what events tell cannot be asked for."""
    match fact:
        case FieldFact(name) | DomainFact(name):
            return (name,)
        case _:
            return ()
