"""Whether a formula is surely true of one lead.

Where a rule goes by more than the model looks into (decay, restarts, history), nothing is sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from leadpact import checked as c
from leadpact.analysis.components import Assignment
from leadpact.analysis.happened import Events
from leadpact.analysis.judging import compared
from leadpact.analysis.logic import FALSE, TRUE, UNKNOWN, Formula, Truth
from leadpact.analysis.mentions import rows_of
from leadpact.analysis.model import Model
from leadpact.analysis.sums import Row, fades

__all__ = ["certain"]

_MOST_FREE: Final = 4


def certain(
    model: Model, goal: Formula, classes: Assignment, events: Events, row: c.PointsRow | None
) -> bool:
    """Whether the goal is true of the lead, whatever the atoms are that may be anything."""
    judge = _Judge(model, classes)
    free = sorted(judge.closure(goal) & model.free_atoms)
    if len(free) > _MOST_FREE or not judge.plain(goal, events, row):
        return False
    return all(
        judge.truth(goal, dict(zip(free, values, strict=True))) == TRUE
        for values in product((UNKNOWN, TRUE, FALSE), repeat=len(free))
    )


class _Judge:
    """Works out formulas and sums of one lead, one after the other."""

    def __init__(self, model: Model, classes: Assignment) -> None:
        self.model = model
        self.classes = classes

    def _rows(self, name: str) -> Iterator[tuple[int, Row]]:
        for part in self.model.sums[name].parts:
            for row in self.model.parts[part].rows:
                yield part, row

    def closure(self, formula: Formula) -> set[int]:
        """All atoms that matter, also through the conditions of rows."""
        found: set[int] = set()
        waiting = [formula]
        sums: set[str] = set()
        while waiting:
            atoms = self.model.logic.atoms(waiting.pop())
            found |= atoms
            for atom in atoms & self.model.sum_atoms.keys():
                name = self.model.sum_atoms[atom].sum
                if name not in sums:
                    sums.add(name)
                    waiting += [row.when for _, row in self._rows(name)]
        return found

    def plain(self, goal: Formula, events: Events, own: c.PointsRow | None) -> bool:
        """Whether the sums that matter are as the rows say: nothing faded or started again.

        ``own`` is the row of points that is to act.
        """
        model = self.model
        names = {model.sum_atoms[atom].sum for atom in self.closure(goal) & model.sum_atoms.keys()}
        fresh = events.fresh()
        for name in names:
            whole = model.sums[name]
            weak = whole.fades or any(model.parts[part].fades for part in whole.parts)
            if weak and not fresh:
                return False
            for _, row in self._rows(name):
                if row.unknown or (row.fades and self._amount(row) and not fresh):
                    return False
        if own is not None and fades(own) and not fresh:
            return False
        return not any(events.restarted(one) for one in _restarts(model.policy, names, own))

    def _amount(self, row: Row) -> int:
        return row.amounts[0 if row.fact is None else self.classes[row.fact]]

    def truth(self, formula: Formula, free: Mapping[int, Truth]) -> Truth:
        model = self.model
        values: dict[int, Truth] = {}
        for atom in model.logic.atoms(formula):
            if atom in free:
                values[atom] = free[atom]
            elif atom in model.sum_atoms:
                test = model.sum_atoms[atom]
                total = self.total(test.sum, free) * model.sums[test.sum].step
                values[atom] = TRUE if compared(total, test.op, test.value) else FALSE
            else:
                values[atom] = model.truth(atom, self.classes[model.fact_of[atom]])
        return model.logic.given(formula, values)

    def total(self, name: str, free: Mapping[int, Truth]) -> int:
        whole = self.model.sums[name]
        total = 0
        for number in whole.parts:
            part = self.model.parts[number]
            points = sum(
                self._amount(row)
                for row in part.rows
                if self._amount(row) and self.truth(row.when, free) == TRUE
            )
            total += points if part.at_most is None else min(points, part.at_most)
        total = total if whole.high is None else min(total, whole.high)
        return total if whole.low is None else max(total, whole.low)


def _restarts(
    policy: c.CheckedPolicy, names: set[str], own: c.PointsRow | None
) -> Iterator[c.Restart]:
    """What makes the counting of these sums, or of this row, start again."""
    for score in policy.scores:
        asked = {
            each.name if each is not None else ""
            for each, row in rows_of(score)
            if row is own or score.name in names or (each and f"{score.name}.{each.name}" in names)
        }
        if asked:
            yield from score.restarts
        for row in score.rows:
            if isinstance(row, c.Category) and row.name in asked:
                yield from row.restarts
