"""Which conditions are never unknown, and how large they are.

Named results mention only earlier ones, in the order of the plan, so nothing here nests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from leadpact import checked as c
from leadpact import plan as p

__all__ = ["LARGEST", "Certainty", "Spelled"]

LARGEST: Final = 40
"""A definition with more tests than this is judged by its value, not by what stands in it."""

Spelled: TypeAlias = p.Expr | c.Condition
"""An expression of a plan, or a condition on properties or fields alone, which needs no plan."""


class Certainty:
    """``fields`` are those of the lead, ``slots`` and ``results`` those of the plan, by name.

    ``sizes`` tells of each definition how many tests it has, with those of the definitions in it
    (``LARGEST + 1``: or more).
    """

    def __init__(
        self,
        fields: Mapping[str, c.Field],
        slots: tuple[p.Slot, ...],
        results: Mapping[str, p.Step],
    ) -> None:
        self.fields = fields
        self.slots = slots
        self.results = results
        self.sizes: dict[str, int] = {}
        self._certain: dict[str, bool] = {}
        for step in results.values():
            if isinstance(step, p.PlanDefinition):
                self.sizes[step.name] = self._size(step.when)
                self._certain[step.name] = self.certain(step.when)

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
                return not isinstance(self.slots[slot].window, c.SinceEntered | c.SinceStage)
            case c.YesNoTest(c.FieldFact(name)):
                return self.fields[name].no_when_unknown
            case c.StageTest(_, within, ever):
                return within is None and not ever
            case c.KnownTest():
                return not expr.asks
            case c.ScoreTest() | c.GradeKnown() | c.GroupTest():
                return True
            case c.GradeTest(grade):
                result = self.results[grade]
                return isinstance(result, p.PlanGrade) and not result.needs
            case c.ChecklistTest():
                return expr.state == "unknown"
            case c.Defined(name):
                return self._certain[name]
            case _:
                return False

    def _size(self, expr: Spelled) -> int:
        match expr:
            case p.Not(member) | c.Not(member):
                return self._size(member)
            case p.All(members) | c.All(members) | p.Any(members) | c.Any(members):
                return min(LARGEST + 1, sum(self._size(member) for member in members))
            case p.AtLeast(_, members) | c.AtLeast(_, members):
                return min(LARGEST + 1, sum(self._size(member) for member in members))
            case c.Defined(name):
                return self.sizes[name]
            case _:
                return 1
