"""A policy (of one day) as facts, formulas and sums: ``Model`` is all of it.

Here the facts are made, from everything that the policy asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from math import ceil

from leadpact import checked as c
from leadpact.analysis import facts as f
from leadpact.analysis import sums as s
from leadpact.analysis.classes import Asked
from leadpact.analysis.happenings import Cell, Family, Pair, cells_of, families
from leadpact.analysis.judging import ABOUT_FIELDS, Scale, Value, name_of
from leadpact.analysis.logic import FALSE, TRUE
from leadpact.analysis.mentions import atoms_in, conditions, results, rows_of
from leadpact.analysis.points import WINDOWS, Points

__all__ = ["Model"]


class Model(Points):
    """See the parts of which it is made: table, formulas, points."""

    def __init__(self, policy: c.CheckedPolicy, scale: Scale, *, wide: bool) -> None:
        super().__init__(policy, scale, wide=wide)
        self.pairs: list[Pair] = []
        self.cells: tuple[Cell, ...] = ()
        self.exact = True
        """Whether the counts of events are those that leads can have together."""
        asked = tuple(dict.fromkeys(atom for one in conditions(policy) for atom in atoms_in(one)))
        self._events(asked)
        self._fields(asked)
        self._others(asked)
        self._sums()
        refused = [self.logic.negated(self.true(one.when)) for one in policy.refusals]
        missing = [
            self.logic.negated(
                self.logic.all_of((self.unknown_field(one), self.true(one.required_when)))
            )
            for one in policy.fields
            if one.required_when is not None
        ]
        self.complete = tuple(one for one in missing if one != TRUE)
        """What must hold of every record: nothing is missing that other values ask for."""
        self.admitted = tuple(one for one in refused if one != TRUE)
        """What must hold of a lead that is decided about: it is not refused."""

    def _events(self, asked: Iterable[c.Condition]) -> None:
        most: dict[int, int] = {}
        tests: dict[int, tuple[int, c.Comparison, int]] = {}
        for test in asked:
            if not isinstance(test, c.EventTest) or not isinstance(test.window, WINDOWS):
                continue
            if test.different is not None and self.wide:
                continue
            pair = self._pair(test.events, test.window)
            most[pair] = max(most.get(pair, 1), test.count + (test.op != ">="))
            atom = self._atom(test, sure=True)
            tests[atom] = pair, test.op, test.count
        for result in results(self.policy):
            for _, row in rows_of(result):
                if not isinstance(row, c.PointsRow) or row.what is None:
                    continue
                if isinstance(row.what, c.ForEvery) or not isinstance(row.what.window, WINDOWS):
                    continue
                pair = self._pair(row.what.events, row.what.window)
                least = row.what.at_least if isinstance(row.what, c.OnceEvent) else 1
                apart = self.wide and s.counts_apart(row)
                most[pair] = max(most.get(pair, 1), least if apart else self._most_of[row.rule])
        self.pairs = [
            Pair(parts, of_actions, window, most[number])  # type: ignore[arg-type]
            for (parts, of_actions, window), number in self._pair_of.items()
        ]
        kinds = {kind.name: kind for kind in self.policy.kinds}
        cells = cells_of(self.pairs, kinds, self.scale, self.wide)
        if cells is None:
            self._uncountable(tests)
            return
        self.cells = cells
        made, self.exact = families(self.pairs, self.cells)
        for family in made:
            self._add(f.about_counts(family, tests))

    def _uncountable(self, tests: dict[int, tuple[int, c.Comparison, int]]) -> None:
        """Without cells each pair is a fact of its own: more seems possible than is."""
        self.exact = False
        for number, pair in enumerate(self.pairs):
            rows = tuple((count,) for count in range(pair.most + 1))
            self._add(f.about_counts(Family((number,), rows, ((),) * len(rows)), tests))

    def _fields(self, asked: Iterable[c.Condition]) -> None:
        policy = self.policy
        tests: dict[str, list[object]] = {}
        bys: dict[str, list[c.PointsBy]] = {}
        everies: dict[str, list[c.ForEvery]] = {}
        for test in asked:
            if isinstance(test, ABOUT_FIELDS) and name_of(test):
                tests.setdefault(name_of(test), []).append(test)
        for result in results(policy):
            for _, row in rows_of(result):
                if isinstance(row, c.PointsBy):
                    bys.setdefault(row.field, []).append(row)
                elif isinstance(row.what, c.ForEvery):
                    everies.setdefault(row.what.field, []).append(row.what)
        needs = {name for grade in policy.grades for one in grade.needs for name in one.fields}
        for about in policy.fields:
            name = about.name
            if not any(name in each for each in (tests, bys, everies, needs)):
                continue
            if about.required_when is not None:
                needs.add(name)
            self._field(
                about,
                tuple(dict.fromkeys(tests.get(name, ()))),
                tuple(bys.get(name, ())),
                tuple(everies.get(name, ())),
            )
        for about in policy.fields:
            if about.required_when is not None and ("known", about.name) not in self._atoms:
                self._field(about, (), (), ())

    def _field(
        self,
        about: c.Field,
        tests: tuple[object, ...],
        bys: tuple[c.PointsBy, ...],
        everies: tuple[c.ForEvery, ...],
    ) -> None:
        steps = tuple((every.step, self._most_steps(every, about)) for every in everies)
        matches = tuple(row.match for by in bys for row in by.rows)
        asked = Asked(tests, matches, steps)  # type: ignore[arg-type]
        atoms: dict[int, Callable[[Value], bool | None]] = {
            self._atom(("known", about.name), sure=True): lambda value: value is not None
        }
        for test in tests:
            atoms[self._atom(test, sure=False)] = f.field_test(test, about, self.scale)
        fact, sure = f.about_field(about, asked, atoms, bys, everies, self.scale)
        if sure or not self.wide:
            self._add(fact)
            return
        # More values than can be told apart: each test for itself may come out either way.
        known = self._atom(("known", about.name), sure=True)
        self._add(f.Fact(about, (None, ""), {known: (FALSE, TRUE)}))
        for by in bys:
            rows = tuple(range(len(by.rows) + 1))
            self._add(f.Fact(about, rows, {}, {("match", id(by)): rows}))
        for every, (_, most) in zip(everies, steps, strict=True):
            held = tuple(range(most + 1))
            self._add(f.Fact(about, held, {}, {("steps", id(every)): held}))
        for test in tests:
            atom = self._atom(test, sure=False)
            self.free_atoms.add(atom)
            self._add(f.free(about.name, atom))

    def _most_steps(self, every: c.ForEvery, about: c.Field) -> int:
        kind = about.type
        limits = [s.MOST_TIMES]
        if isinstance(kind, c.NumberType) and kind.high is not None:
            limits.append(max(0, int(kind.high // every.step)))
        if every.at_most_points is not None:
            limits.append(self._steps_to(every))
        return min(limits)

    def _steps_to(self, every: c.ForEvery) -> int:
        for result in results(self.policy):
            for _, row in rows_of(result):
                if isinstance(row, c.PointsRow) and row.what is every and row.points:
                    return ceil(Decimal(every.at_most_points or 0) / abs(row.points))
        return s.MOST_TIMES

    def _others(self, asked: Iterable[c.Condition]) -> None:
        stages = {
            stage.name: self._atom(("in", stage.name), sure=True) for stage in self.policy.stages
        }
        if stages:
            self._add(f.of_stages(self.policy.stages, stages))
            told = self._atom("entry told", sure=True)
            self._add(f.Fact("entry told", (True, False), {told: (TRUE, FALSE)}))
        for checklist in self.policy.checklists:
            for item in checklist.items:
                if isinstance(item, c.AnsweredItem):
                    atom = self._atom(("answer", item.kind), sure=False)
                    self._add(f.about_answers(item.kind, atom))
