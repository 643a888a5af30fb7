"""Whether there is a lead of which a formula is true.

Facts that share a row of points form a component, and components are independent. Those that the
formula mentions are gone through one by one, and what is left of the formula is simplified; those
that only add to a score are sets of sums. So what has to be held in mind stays small. Where it
does not, the search gives up and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product
from typing import Final, TypeAlias

from leadpact.analysis.bits import NOTHING, Sums, sums_of
from leadpact.analysis.formulas import SumAtom
from leadpact.analysis.logic import FALSE, TRUE, Formula
from leadpact.analysis.model import Model
from leadpact.analysis.sums import Row, Sum
from leadpact_dsl.frozen import frozen, mutable

__all__ = ["Found", "Search", "TooHardError"]

_COMBINATIONS: Final = 3_000
_DENSE: Final = 1_000
_STATES: Final = 3_000
_STEPS: Final = 15_000
_ALL_STEPS: Final = 150_000

Assignment: TypeAlias = dict[int, int]
"""The class of each fact."""


class TooHardError(Exception):
    """More than the budget allows: nothing can be said."""


@frozen
class Found:
    """The classes of the facts that matter; of the others any will do."""

    classes: Assignment


@mutable
class _Component:
    """Facts that share rows, and the rows, each with its part."""

    facts: tuple[int, ...]
    rows: tuple[tuple[int, int], ...]


@mutable
class _Given:
    """A way to give values to a component: the classes, and what each part gets."""

    classes: tuple[int, ...]
    sums: tuple[int, ...]


@mutable
class _State:
    """Values given so far, as a chain; what is left of the formula stands beside it."""

    classes: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


class Search:
    """Searches in one model. What is found out about components is kept.

    ``budget`` is the number of steps that all searches together may take.
    """

    def __init__(self, model: Model, budget: int = _ALL_STEPS) -> None:
        self.model = model
        self._left = budget
        self._ways: dict[tuple[object, ...], tuple[tuple[int, ...], list[_Given]]] = {}
        self._folded: dict[tuple[object, ...], Sums] = {}
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
        plain: list[_Component] = []
        looked_at: list[_Component] = []
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

    def _shared(self, sums: Sequence[Sum]) -> set[int]:
        """The parts that count in several of the sums."""
        seen: set[int] = set()
        again: set[int] = set()
        for one in sums:
            again |= seen & set(one.parts)
            seen |= set(one.parts)
        return again

    def _components(self, goal: Formula, parts: Sequence[int]) -> list[_Component]:
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
            _Component(tuple(sorted(group)), tuple(places.get(key, ())))
            for key, group in groups.items()
        ]
        return found + [_Component((), (place,)) for place in alone]

    # --- ways to give values to a component ------------------------------------------------------

    def _given(self, component: _Component) -> tuple[tuple[int, ...], list[_Given]]:
        """The parts that the component adds to, and all ways to give values to its facts."""
        key = (component.facts, component.rows)
        if key not in self._ways:
            self._ways[key] = self._enumerated(component)
        return self._ways[key]

    def _enumerated(self, component: _Component) -> tuple[tuple[int, ...], list[_Given]]:
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
        found: list[_Given] = []
        for classes in product(*map(range, sizes)):
            sums = [0] * len(parts)
            for part, amounts, at, when, facts in adding:
                amount = amounts[0 if at is None else classes[at]]
                if amount and (when == TRUE or self._holds(when, facts, classes)):
                    sums[part] += amount
            found.append(_Given(classes, tuple(sums)))
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

    def _states(
        self, goal: Formula, components: Sequence[_Component], parts: tuple[int, ...]
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

    def _spend(self, steps: int) -> None:
        """All searches together have a budget too."""
        self._left -= steps
        if self._left < 0:
            raise TooHardError

    def _weight(self, component: _Component) -> int:
        size = 1
        for fact in component.facts:
            size *= self.model.facts[fact].size
        return size

    # --- sums ----------------------------------------------------------------------------------

    def _finish(
        self,
        states: Mapping[tuple[Formula, tuple[int, ...]], Assignment],
        plain: Sequence[_Component],
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
        plain: Sequence[_Component],
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
                    (one, value, {atom: _compared(value * one.step, t) for atom, t in tests})
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

    def _values(
        self,
        one: Sum,
        offsets: tuple[int, ...],
        plain: Sequence[_Component],
        parts: tuple[int, ...],
    ) -> tuple[Sums, list[Sums]]:
        """All values of a sum, and those of each of its parts."""
        own = tuple(offsets[parts.index(part)] for part in one.parts)
        pure = [
            self._pure(part, tuple(c for c in plain if c.rows and c.rows[0][0] == part))
            for part in one.parts
        ]
        key = (one.name, own, tuple((each.low, each.bits) for each in pure))
        each_part = [
            self._capped(part, each.moved(by))
            for part, each, by in zip(one.parts, pure, own, strict=True)
        ]
        if key not in self._folded:
            total = NOTHING
            for each in each_part:
                total = total.plus(each)
            if one.fades and self.model.wide:
                total = self._faded(total, one.step)
            self._folded[key] = total.at_most(one.high).at_least(one.low)
        return self._folded[key], each_part

    def _capped(self, number: int, values: Sums) -> Sums:
        part = self.model.parts[number]
        if self.model.wide:
            least = sum(row.slack[0] for row in part.rows)
            most = sum(row.slack[1] for row in part.rows)
            values = values.smeared(least, most) if least or most else values
            values = self._faded(values, 1) if part.fades else values
        return values.at_most(part.at_most)

    def _faded(self, values: Sums, step: int) -> Sums:
        """What long inactivity can make of a sum: anything that is not more, or nothing."""
        low = min(values.low, 0) - self.model.furthest // step - 1
        high = max(values.high, 0)
        return Sums(low, (1 << (high - low + 1)) - 1)

    def _pure(self, part: int, components: tuple[_Component, ...]) -> Sums:
        key = ("pure", part, tuple((one.facts, one.rows) for one in components))
        if key not in self._folded:
            total = NOTHING
            for one in components:
                total = total.plus(self._alone(one))
            self._folded[key] = total
        return self._folded[key]

    def _alone(self, component: _Component) -> Sums:
        return sums_of(way.sums[0] for way in self._given(component)[1])

    def _reached(
        self,
        one: Sum,
        value: int,
        offsets: tuple[int, ...],
        plain: Sequence[_Component],
        parts: tuple[int, ...],
    ) -> Assignment:
        """Classes of plain components with which the sum has the value. Of wide models none are
        looked for: their leads need not exist.
        """
        if self.model.wide:
            return {}
        _, each_part = self._values(one, offsets, plain, parts)
        total = NOTHING
        for each in each_part:
            total = total.plus(each)
        target = _before(value, one.low, one.high, total)
        found: Assignment = {}
        for part, wanted in zip(one.parts, _split(target, each_part), strict=True):
            components = [c for c in plain if c.rows and c.rows[0][0] == part]
            sets = [self._alone(c) for c in components]
            pure = NOTHING
            for each in sets:
                pure = pure.plus(each)
            by = offsets[parts.index(part)]
            raw = _before(wanted - by, None, _less(self.model.parts[part].at_most, by), pure)
            for component, amount in zip(components, _split(raw, sets), strict=True):
                way = next(w for w in self._given(component)[1] if w.sums[0] == amount)
                found |= dict(zip(component.facts, way.classes, strict=True))
        return found


def _less(limit: int | None, by: int) -> int | None:
    return None if limit is None else limit - by


def _compared(value: int, test: SumAtom) -> int:
    match test.op:
        case "<":
            said = value < test.value
        case "<=":
            said = value <= test.value
        case ">":
            said = value > test.value
        case ">=":
            said = value >= test.value
        case "==":
            said = value == test.value
        case _:
            said = value != test.value
    return TRUE if said else FALSE


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


def _before(value: int, low: int | None, high: int | None, values: Sums) -> int:
    """A number of the set that becomes ``value`` when held between ``low`` and ``high``."""
    if value in values and (low is None or value >= low) and (high is None or value <= high):
        return value
    if high is not None and value >= high:
        found = values.between(high - 1, None)
    else:
        found = values.between(None, None)
    assert found is not None
    return found


def _split(target: int, sets: Sequence[Sums]) -> list[int]:
    """One number of each set, so that together they make the target."""
    before = [NOTHING]
    for each in sets:
        before.append(before[-1].plus(each))
    chosen: list[int] = []
    for each, others in zip(reversed(sets), reversed(before[:-1]), strict=True):
        value = next(value for value in sorted(each, key=abs) if target - value in others)
        chosen.append(value)
        target -= value
    return chosen[::-1]
