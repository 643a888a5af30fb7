"""What hangs together: facts that share a row of points form a component.

Components are independent of each other, so each can be gone through for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final, TypeAlias

from leadpact.analysis.bits import NOTHING, Sums
from leadpact.analysis.logic import TRUE, Formula
from leadpact.analysis.model import Model
from leadpact.analysis.sums import Row, Sum
from leadpact_dsl.frozen import mutable

__all__ = ["Assignment", "Component", "Components", "Given", "TooHardError"]

_COMBINATIONS: Final = 3_000

Assignment: TypeAlias = dict[int, int]
"""The class of each fact."""


class TooHardError(Exception):
    """More than the budget allows: nothing can be said."""


@mutable
class Component:
    """Facts that share rows, and the rows, each with its part."""

    facts: tuple[int, ...]
    rows: tuple[tuple[int, int], ...]


@mutable
class Given:
    """A way to give values to a component: the classes, and what each part gets."""

    classes: tuple[int, ...]
    sums: tuple[int, ...]


class Components:
    """The components of one model. What is found out about them is kept.

    ``budget`` is the number of steps that everything together may take.
    """

    def __init__(self, model: Model, budget: int) -> None:
        self.model = model
        self._left = budget
        self._ways: dict[tuple[object, ...], tuple[tuple[int, ...], list[Given]]] = {}
        self._folded: dict[tuple[object, ...], Sums] = {}

    def _facts_in(self, formula: Formula) -> set[int]:
        model = self.model
        return {model.fact_of[a] for a in model.logic.atoms(formula) if a in model.fact_of}

    def _sums_in(self, formula: Formula) -> list[Sum]:
        model = self.model
        names = {
            model.sum_atoms[atom].sum
            for atom in model.logic.atoms(formula)
            if atom in model.sum_atoms
        }
        return [model.sums[name] for name in sorted(names)]

    def _facts_of(self, row: Row) -> set[int]:
        if row.depends:
            return set()
        found = self._facts_in(row.when)
        return found if row.fact is None else found | {row.fact}

    def _components(self, goal: Formula, parts: Sequence[int]) -> list[Component]:
        of: dict[int, set[int]] = {fact: {fact} for fact in self._facts_in(goal)}
        rows: list[tuple[set[int], tuple[int, int]]] = []
        for part in parts:
            for at, row in enumerate(self.model.parts[part].rows):
                facts = self._facts_of(row)
                if row.depends:
                    continue
                rows.append((facts, (part, at)))
                joined: set[int] = set()
                for fact in facts:
                    joined |= of.setdefault(fact, {fact})
                for fact in joined:
                    of[fact] = joined
        places: dict[int, list[tuple[int, int]]] = {}
        alone: list[tuple[int, int]] = []
        for facts, place in rows:
            if facts:
                places.setdefault(id(of[next(iter(facts))]), []).append(place)
            else:
                alone.append(place)
        groups = {id(group): group for group in of.values()}
        found = [
            Component(tuple(sorted(group)), tuple(places.get(key, ())))
            for key, group in groups.items()
        ]
        return found + [Component((), (place,)) for place in alone]

    def _weight(self, component: Component) -> int:
        size = 1
        for fact in component.facts:
            size *= self.model.facts[fact].size
        return size

    def _spend(self, steps: int) -> None:
        """All searches together have a budget too."""
        self._left -= steps
        if self._left < 0:
            raise TooHardError

    # --- ways to give values to a component ----------------------------------------------------

    def _given(self, component: Component) -> tuple[tuple[int, ...], list[Given]]:
        """The parts that the component adds to, and all ways to give values to its facts."""
        key = (component.facts, component.rows)
        if key not in self._ways:
            self._ways[key] = self._enumerated(component)
        return self._ways[key]

    def _enumerated(self, component: Component) -> tuple[tuple[int, ...], list[Given]]:
        model = self.model
        sizes = [model.facts[fact].size for fact in component.facts]
        total = 1
        for size in sizes:
            total *= size
        if total > _COMBINATIONS:
            raise TooHardError
        self._spend(total)
        parts = tuple(sorted({part for part, _ in component.rows}))
        adding = [
            (parts.index(part), *self._ready(model.parts[part].rows[at], component.facts))
            for part, at in component.rows
        ]
        found: list[Given] = []
        for classes in product(*map(range, sizes)):
            sums = [0] * len(parts)
            for part, amounts, at, when, facts in adding:
                amount = amounts[0 if at is None else classes[at]]
                if amount and (when == TRUE or self._holds(when, facts, classes)):
                    sums[part] += amount
            found.append(Given(classes, tuple(sums)))
        return parts, found

    def _ready(
        self, row: Row, facts: tuple[int, ...]
    ) -> tuple[tuple[int, ...], int | None, Formula, tuple[tuple[int, int], ...]]:
        """A row with the places of its facts among the component's."""
        at = None if row.fact is None else facts.index(row.fact)
        atoms = self.model.logic.atoms(row.when)
        places = tuple((atom, facts.index(self.model.fact_of[atom])) for atom in sorted(atoms))
        return row.amounts, at, row.when, places

    def _holds(
        self, when: Formula, places: Iterable[tuple[int, int]], classes: Sequence[int]
    ) -> bool:
        truth = self.model.truth
        values = tuple((atom, truth(atom, classes[at])) for atom, at in places)
        key = ("when", when, values)
        known = self._folded.get(key)
        if known is None:
            said = self.model.logic.given(when, dict(values)) == TRUE
            known = self._folded[key] = NOTHING if said else Sums(0, 0)
        return known is NOTHING
