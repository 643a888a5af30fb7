"""Whether there is a lead of which a formula is true.

Facts that share a row of points form a component, and components are independent. Those that the
formula mentions are gone through one by one, and what is left of the formula is simplified; those
that only add to a score are sets of sums. So what has to be held in mind stays small. Where it
does not, the search gives up and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import Final

from leadpact.analysis.bits import Sums
from leadpact.analysis.components import Assignment, Component, TooHardError
from leadpact.analysis.formulas import SumAtom
from leadpact.analysis.judging import compared
from leadpact.analysis.logic import FALSE, TRUE, Formula, truth_of
from leadpact.analysis.model import Model
from leadpact.analysis.sums import Row, Sum
from leadpact.analysis.totals import Totals
from leadpact_dsl.frozen import frozen

__all__ = ["Assignment", "Found", "Search", "TooHardError"]

_DENSE: Final = 1_000
_STATES: Final = 3_000
_STEPS: Final = 15_000
_ALL_STEPS: Final = 150_000


@frozen
class Found:
    """The classes of the facts that matter; of the others any will do."""

    classes: Assignment


class Search(Totals):
    """Searches in one model.

    ``budget`` is the number of steps that all searches together may take.
    """

    def __init__(self, model: Model, budget: int = _ALL_STEPS) -> None:
        super().__init__(model, budget)
        self._known: dict[Formula, Found | TooHardError | None] = {}
        self._reached_by: dict[Formula, set[int]] = {}
        if model.wide:
            for one in model.sums.values():
                self._loosen(one)

    def _loosen(self, one: Sum) -> None:
        """Let rows that tie too many facts together give what they like, until the rest is small.

        More seems possible then, so what is impossible still is.
        """
        while True:
            components = self._components(TRUE, one.parts)
            dense = max(components, key=self._weight, default=None)
            if dense is None or self._weight(dense) <= _DENSE:
                return
            rows = [self.model.parts[part].rows[at] for part, at in dense.rows]
            widest = max(rows, key=self._tied)
            widest.all_slack()
            widest.depends = True

    def _tied(self, row: Row) -> int:
        size = 1
        for fact in self._facts_of(row):
            size *= self.model.facts[fact].size
        return size

    def find(self, formula: Formula, admitted: bool = True) -> Found | None:
        """A lead of which the formula is true, among those that are not refused (``admitted``).

        ``None``: there is none. Raises ``TooHardError``.
        """
        goal = self.model.logic.is_true(formula)
        if goal == FALSE:
            return None
        goal, _ = self._whole(goal, admitted)
        classes: Assignment = {}
        for part in self._apart(goal):
            found = self._found(part)
            if found is None:
                return None
            classes |= found.classes
        return Found(classes)

    def _apart(self, goal: Formula) -> list[Formula]:
        """The formulas that must all be true, those together that speak of the same facts."""
        if goal == FALSE:
            return [FALSE]
        groups: list[tuple[set[int], list[Formula]]] = []
        for member in self.model.logic.members(goal):
            facts = self._reaching(member)
            joined = [group for group in groups if not group[0].isdisjoint(facts)]
            groups = [group for group in groups if group not in joined]
            facts = facts.union(*(others for others, _ in joined))
            groups.append((facts, [member, *(one for _, many in joined for one in many)]))
        return [self.model.logic.all_of(members) for _, members in groups]

    def _reaching(self, formula: Formula) -> set[int]:
        """The facts that a formula depends on, by itself or through the sums that it mentions."""
        if formula not in self._reached_by:
            facts = set(self._facts_in(formula))
            for one in self._sums_in(formula):
                for part in one.parts:
                    # Parts that nothing feeds still tie what mentions them together.
                    facts.add(-1 - part)
                    for row in self.model.parts[part].rows:
                        facts |= self._facts_of(row)
            self._reached_by[formula] = facts
        return self._reached_by[formula]

    def _found(self, goal: Formula) -> Found | None:
        """The same for formulas that hang together; what was found out is kept."""
        if goal not in self._known:
            try:
                self._known[goal] = self._look_for(goal)
            except TooHardError:
                self._known[goal] = TooHardError()
        known = self._known[goal]
        if isinstance(known, TooHardError):
            raise TooHardError
        return known

    def _look_for(self, goal: Formula) -> Found | None:
        if goal == FALSE:
            return None
        sums = self._sums_in(goal)
        parts = tuple(sorted({part for one in sums for part in one.parts}))
        components = self._components(goal, parts)
        goal_facts = self._facts_in(goal)
        shared = self._shared(sums)
        plain: list[Component] = []
        looked_at: list[Component] = []
        for component in components:
            touched = {part for part, _ in component.rows}
            explicit = (
                not goal_facts.isdisjoint(component.facts) or len(touched) > 1 or touched & shared
            )
            (looked_at if explicit else plain).append(component)
        states = self._states(goal, looked_at, parts)
        return self._finish(states, plain, sums, parts)

    def reach(self, name: str) -> Sums | None:
        """All values that a sum can have, in its steps. Raises ``TooHardError``."""
        one = self.model.sums[name]
        atom = self.model.compared(name, ">=", -(10**9))
        goal, parts = self._whole(atom, True)
        components = self._components(goal, parts)
        facts = self._facts_in(goal)
        plain = [
            each
            for each in components
            if facts.isdisjoint(each.facts) and len({part for part, _ in each.rows}) <= 1
        ]
        looked_at = [each for each in components if each not in plain]
        found: Sums | None = None
        for _, offsets in self._states(goal, looked_at, parts):
            values, _ = self._values(one, offsets, plain, parts)
            if found is None:
                found = values
            else:
                low = min(found.low, values.low)
                bits = found.bits << (found.low - low) | values.bits << (values.low - low)
                found = Sums(low, bits)
        return found

    # --- what hangs together -------------------------------------------------------------------

    def _whole(self, goal: Formula, admitted: bool) -> tuple[Formula, tuple[int, ...]]:
        """The formula with all that must hold besides and speaks of the same facts."""
        model = self.model
        waiting = [*model.complete, *(model.admitted if admitted else ())]
        while True:
            parts = tuple(sorted({part for one in self._sums_in(goal) for part in one.parts}))
            facts = set(self._facts_in(goal))
            for part in parts:
                for row in model.parts[part].rows:
                    facts |= self._facts_of(row)
            linked = [one for one in waiting if not facts.isdisjoint(self._facts_in(one))]
            if not linked:
                return goal, parts
            waiting = [one for one in waiting if one not in linked]
            goal = model.logic.all_of((goal, *linked))

    def _shared(self, sums: Sequence[Sum]) -> set[int]:
        """The parts that count in several of the sums."""
        seen: set[int] = set()
        again: set[int] = set()
        for one in sums:
            again |= seen & set(one.parts)
            seen |= set(one.parts)
        return again

    def _states(
        self, goal: Formula, components: Sequence[Component], parts: tuple[int, ...]
    ) -> dict[tuple[Formula, tuple[int, ...]], Assignment]:
        """What can be left of the formula, with what the parts have got by then."""
        logic, model = self.model.logic, self.model
        start: Assignment = {}
        states = {(goal, (0,) * len(parts)): start}
        spent = 0
        # Those that settle most first: what is false is dropped at once.
        for component in sorted(components, key=self._weight):
            touched, ways = self._given(component)
            places = tuple(parts.index(part) for part in touched)
            inside = [(at, fact) for at, fact in enumerate(component.facts)]
            atoms = [
                (atom, at)
                for at, fact in inside
                for atom in model.facts[fact].truths
                if atom in logic.atoms(goal)
            ]
            shapes: dict[tuple[tuple[tuple[int, int], ...], tuple[int, ...]], tuple[int, ...]] = {}
            for way in ways:
                values = tuple((atom, model.truth(atom, way.classes[at])) for atom, at in atoms)
                shapes.setdefault((values, way.sums), way.classes)
            grown: dict[tuple[Formula, tuple[int, ...]], Assignment] = {}
            lefts: dict[tuple[Formula, tuple[tuple[int, int], ...]], Formula] = {}
            for (formula, offsets), classes in states.items():
                for (values, sums), own in shapes.items():
                    spent += 1
                    left = lefts.get((formula, values))
                    if left is None:
                        spent += 4
                        left = logic.given(formula, dict(values))
                        lefts[formula, values] = left
                    if left == FALSE:
                        continue
                    if any(sums):
                        moved = list(offsets)
                        for place, by in zip(places, sums, strict=True):
                            moved[place] += by
                        key = (left, tuple(moved))
                    else:
                        key = (left, offsets)
                    if key not in grown:
                        grown[key] = {**classes, **dict(zip(component.facts, own, strict=True))}
                if len(grown) > _STATES or spent > _STEPS:
                    self._spend(spent)
                    raise TooHardError
            states = grown
        self._spend(spent)
        return states

    # --- sums ----------------------------------------------------------------------------------

    def _finish(
        self,
        states: Mapping[tuple[Formula, tuple[int, ...]], Assignment],
        plain: Sequence[Component],
        sums: Sequence[Sum],
        parts: tuple[int, ...],
    ) -> Found | None:
        for (formula, offsets), classes in states.items():
            if formula == TRUE:
                return Found(dict(classes))
            chosen = self._chosen(formula, offsets, plain, sums, parts)
            if chosen is not None:
                return Found({**classes, **chosen})
        return None

    def _chosen(
        self,
        formula: Formula,
        offsets: tuple[int, ...],
        plain: Sequence[Component],
        sums: Sequence[Sum],
        parts: tuple[int, ...],
    ) -> Assignment | None:
        """Values for the components that only add to sums, so that the rest comes true."""
        model = self.model
        atoms = sorted(model.logic.atoms(formula))
        by_sum: dict[str, list[tuple[int, SumAtom]]] = {}
        for atom in atoms:
            by_sum.setdefault(model.sum_atoms[atom].sum, []).append((atom, model.sum_atoms[atom]))
        choices: list[list[tuple[Sum, int, dict[int, int]]]] = []
        for one in sums:
            tests = by_sum.get(one.name)
            if not tests:
                continue
            values, _ = self._values(one, offsets, plain, parts)
            choices.append(
                [
                    (
                        one,
                        value,
                        {
                            atom: truth_of(compared(value * one.step, t.op, t.value))
                            for atom, t in tests
                        },
                    )
                    for value in _samples(values, sorted({t.value for _, t in tests}), one.step)
                ]
            )
        for choice in product(*choices):
            truths = {atom: truth for _, _, said in choice for atom, truth in said.items()}
            if model.logic.given(formula, truths) == TRUE:
                found: Assignment = {}
                for one, value, _ in choice:
                    found |= self._reached(one, value, offsets, plain, parts)
                return found
        return None


def _samples(values: Sums, cuts: Sequence[int], step: int) -> list[int]:
    """One value of each stretch between the cuts (in hundredths), and the cuts themselves."""
    edges: list[int | None] = [None]
    found: list[int] = []
    for cut in cuts:
        exact, rest = divmod(cut, step)
        edges += [exact] if not rest else [exact, exact + 1]
    edges.append(None)
    for after, before in pairwise(edges):
        between = values.between(after, before)
        found += [] if between is None else [between]
        if before is not None and before in values:
            found.append(before)
    return list(dict.fromkeys(found))
