"""A policy (of one day) as facts, formulas and sums.

``wide`` models let what they cannot look into be anything, so what is impossible in them is
impossible. Narrow models leave it out, so what is possible in them has a lead that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from math import ceil
from typing import Final

from leadpact import checked as c
from leadpact.analysis import facts as f
from leadpact.analysis import sums as s
from leadpact.analysis.classes import Asked
from leadpact.analysis.happenings import Cell, Family, Pair, cells_of, families
from leadpact.analysis.judging import ABOUT_FIELDS, Scale, Value, name_of
from leadpact.analysis.logic import FALSE, TRUE, Formula, Logic, Truth
from leadpact.analysis.mentions import atoms_in, conditions, results, rows_of
from leadpact_dsl.frozen import frozen

__all__ = ["Model", "SumAtom"]

_GROUPS: Final = ("scores", "grades", "definitions", "groups", "checklists", "stages")
_WINDOWS = (c.Within, c.Ever, c.SinceEntered)


@frozen
class SumAtom:
    """A sum against hundredths of points."""

    sum: str
    op: c.Comparison
    value: int


class Model:
    """See the module. Facts are numbers in ``facts``; sums and parts likewise."""

    def __init__(self, policy: c.CheckedPolicy, scale: Scale, *, wide: bool) -> None:
        self.policy = policy
        self.scale = scale
        self.wide = wide
        self.logic = Logic()
        self.facts: list[f.Fact] = []
        self.fact_of: dict[int, int] = {}
        """The fact that an atom is about."""
        self.sum_atoms: dict[int, SumAtom] = {}
        self.free_atoms: set[int] = set()
        self.sums: dict[str, s.Sum] = {}
        self.parts: list[s.Part] = []
        self.pairs: list[Pair] = []
        self.cells: tuple[Cell, ...] = ()
        self.exact = True
        """Whether the counts of events are those that leads can have together."""
        self.dead_letters: dict[str, set[str]] = {}
        self.dead_rows: dict[str, set[str]] = {}
        self._atoms: dict[object, int] = {}
        self._meant: dict[str, Formula] = {}
        self._pair_of: dict[tuple[object, ...], int] = {}
        self._sources: dict[f.Amount, int] = {}
        self._most_of: dict[str, int] = {}
        self._by_name: dict[str, dict[str, object]] = {
            group: {one.name: one for one in getattr(policy, group)} for group in _GROUPS
        }
        asked = tuple(dict.fromkeys(atom for one in conditions(policy) for atom in atoms_in(one)))
        needed = self._needed(asked)
        self._furthest = max(needed.values(), default=0)
        self._events(asked, needed)
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

    # --- facts ---------------------------------------------------------------------------------

    def _needed(self, asked: Iterable[c.Condition]) -> dict[tuple[str, str | None], int]:
        """How far, in hundredths, a score (or category) can be from 0 and it matters how far."""
        found: dict[tuple[str, str | None], int] = {}
        tests: dict[tuple[str, str | None], list[int]] = {}
        for test in asked:
            if isinstance(test, c.ScoreTest):
                tests.setdefault((test.score, test.category), []).append(abs(test.hundredths))
        for score in self.policy.scores:
            most = [abs(end) for end in (score.low, score.high) if end is not None]
            rows = [(category, row, self._limited(row)) for category, row in rows_of(score)]
            most += [each.at_most for each, _, _ in rows if each and each.at_most]
            every = [
                value for (name, _), some in tests.items() if name == score.name for value in some
            ]
            found[score.name, None] = max(most + every, default=100) + sum(by for *_, by in rows)
            for category in score.rows:
                if isinstance(category, c.Category) and category.at_most is not None:
                    own = sum(by for each, _, by in rows if each is category)
                    said = tests.get((score.name, category.name), [])
                    found[score.name, category.name] = max([category.at_most, *said]) + own
        for grade in self.policy.grades:
            most = [abs(letter.low) for letter in grade.letters if letter.low is not None]
            limited = sum(self._limited(row) for _, row in rows_of(grade))
            found[grade.name, None] = max(most, default=100) + limited
        return found

    def _limited(self, row: c.PointsRow | c.PointsBy) -> int:
        """The most that a row can give or take; of one without limit its points once."""
        if isinstance(row, c.PointsBy):
            return max((abs(one.points) for one in row.rows), default=0)
        limit = getattr(row.what, "at_most_points", None)
        times = getattr(row.what, "at_most_times", None)
        return limit if limit is not None else abs(row.points) * (times or 1)

    def _events(
        self, asked: Iterable[c.Condition], needed: dict[tuple[str, str | None], int]
    ) -> None:
        most: dict[int, int] = {}
        tests: dict[int, tuple[int, c.Comparison, int]] = {}
        for test in asked:
            if not isinstance(test, c.EventTest) or not isinstance(test.window, _WINDOWS):
                continue
            if test.different is not None and self.wide:
                continue
            pair = self._pair(test.events, test.window)
            most[pair] = max(most.get(pair, 1), test.count + (test.op != ">="))
            atom = self._atom(test, sure=True)
            tests[atom] = pair, test.op, test.count
        for result in results(self.policy):
            for category, row in rows_of(result):
                if not isinstance(row, c.PointsRow) or row.what is None:
                    continue
                count = self._most_of[row.rule] = self._row_most(row, result, category, needed)
                if isinstance(row.what, c.ForEvery) or not isinstance(row.what.window, _WINDOWS):
                    continue
                pair = self._pair(row.what.events, row.what.window)
                least = row.what.at_least if isinstance(row.what, c.OnceEvent) else 1
                apart = self.wide and s.counts_apart(row)
                most[pair] = max(most.get(pair, 1), least if apart else count)
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

    def _row_most(
        self,
        row: c.PointsRow,
        result: c.Score | c.Grade,
        category: c.Category | None,
        needed: dict[tuple[str, str | None], int],
    ) -> int:
        """How many events (or steps) are followed for the row."""
        match row.what:
            case c.OnceEvent(_, at_least):
                return at_least
            case c.EachEvent():
                name = category.name if category is not None else None
                whole = needed[result.name, None]
                # A category's cap is soon reached; below, it has no bound.
                own = needed.get((result.name, name), whole) if row.points > 0 else whole
                return min(s.counted_most(row.what, row.points, own), s.MOST_TIMES)
            case _:
                return 1

    def _pair(self, events: c.EventPattern, window: c.Window) -> int:
        key = (tuple(dict.fromkeys(events.parts)), events.of_actions, window)
        return self._pair_of.setdefault(key, len(self._pair_of))

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
        for checklist in self.policy.checklists:
            for item in checklist.items:
                if isinstance(item, c.AnsweredItem):
                    atom = self._atom(("answer", item.kind), sure=False)
                    self._add(f.about_answers(item.kind, atom))

    def _add(self, fact: f.Fact) -> int:
        number = len(self.facts)
        self.facts.append(fact)
        for atom in fact.truths:
            self.fact_of[atom] = number
        for amount in fact.amounts:
            self._sources[amount] = number
        return number

    def _atom(self, key: object, *, sure: bool) -> int:
        number = self._atoms.setdefault(key, len(self._atoms))
        self.logic.atom(number, sure=sure)
        return number

    # --- formulas ------------------------------------------------------------------------------

    def true(self, condition: c.Condition) -> Formula:
        """The condition is true (not unknown)."""
        return self.logic.is_true(self.meaning(condition))

    def known_field(self, name: str) -> Formula:
        return self.logic.atom(self._atoms["known", name], sure=True)

    def unknown_field(self, about: c.Field) -> Formula:
        return self.logic.negated(self.known_field(about.name))

    def in_stage(self, name: str) -> Formula:
        return self.logic.atom(self._atoms["in", name], sure=True)

    def free(self, name: object) -> Formula:
        """A new atom that may be anything."""
        known = ("free", name) in self._atoms
        number = self._atom(("free", name), sure=False)
        if not known:
            self.free_atoms.add(number)
            self._add(f.free(str(name), number))
        return self.logic.atom(number, sure=False)

    def forget(self, name: str) -> None:
        """Let a result be anything from now on: something wrong was said of it already."""
        self._meant[name] = self.free(name)

    def meaning(self, condition: c.Condition) -> Formula:
        logic = self.logic
        match condition:
            case c.Not(member):
                return logic.negated(self.meaning(member))
            case c.All(members):
                return logic.all_of(self.meaning(member) for member in members)
            case c.Any(members):
                return logic.any_of(self.meaning(member) for member in members)
            case c.AtLeast(count, members):
                return logic.at_least(count, [self.meaning(member) for member in members])
            case c.Defined(name):
                return self.definition(name)
            case c.ScoreTest(score, category, op, hundredths):
                name = score if category is None else f"{score}.{category}"
                if ("beyond", condition) in self._atoms:
                    return self.free(("beyond", condition))
                return self.compared(name, op, hundredths)
            case c.GradeTest(grade, letters, _, negated):
                if set(letters) <= self.dead_letters.get(grade, set()):
                    return self.free(condition)
                said = logic.any_of(self.letter(grade, letter) for letter in letters)
                said = logic.negated(said) if negated else said
                return logic.either(
                    logic.all_of((self.enough(grade), said)),
                    logic.all_of((self.enough(grade), logic.negated(said))),
                )
            case c.GradeKnown(grade, known):
                return self.enough(grade) if known else logic.negated(self.enough(grade))
            case c.GroupTest(group, rows, negated):
                if set(rows) <= self.dead_rows.get(group, set()):
                    return self.free(condition)
                said = logic.any_of(self.wins(group, row) for row in rows)
                return logic.negated(said) if negated else said
            case c.ChecklistTest(checklist, item, state):
                said = self.checklist(checklist) if item is None else self.item(checklist, item)
                if state == "unknown":
                    return logic.is_unknown(said)
                return said if state == "met" else logic.negated(said)
            case c.StageTest(stage, None, False):
                return self.in_stage(stage)
            case _:
                number = self._atoms.get(condition)
                if number is None or number not in self.fact_of:
                    return self.free(condition)
                sure = isinstance(condition, c.EventTest)
                return logic.atom(number, sure=sure)

    def beyond(self, test: c.ScoreTest) -> None:
        """Let a test of a score be anything: that it never holds was said already."""
        self._atom(("beyond", test), sure=False)

    def definition(self, name: str) -> Formula:
        if name not in self._meant:
            found = self._by_name["definitions"][name]
            assert isinstance(found, c.Definition)
            whens = found.whens
            self._meant[name] = self.meaning(whens[0].when) if whens else self.free(name)
        return self._meant[name]

    def compared(self, name: str, op: c.Comparison, hundredths: int) -> Formula:
        if name not in self._sum_names():
            return self.free((name, op, hundredths))
        number = self._atom(SumAtom(name, op, hundredths), sure=True)
        self.sum_atoms[number] = SumAtom(name, op, hundredths)
        return self.logic.atom(number, sure=True)

    def _sum_names(self) -> set[str]:
        found = {one.name for one in results(self.policy)}
        return found | {
            f"{score.name}.{row.name}"
            for score in self.policy.scores
            for row in score.rows
            if isinstance(row, c.Category)
        }

    def letter(self, name: str, letter: str) -> Formula:
        """The points are those of this letter (whether or not enough is known)."""
        grade = self._by_name["grades"][name]
        assert isinstance(grade, c.Grade)
        if letter in self.dead_letters.get(name, set()):
            return FALSE
        above: list[Formula] = []
        for one in grade.letters:
            reached = TRUE if one.low is None else self.compared(name, ">=", one.low)
            if one.name == letter:
                return self.logic.all_of((*map(self.logic.negated, above), reached))
            above.append(reached)
        return FALSE

    def enough(self, name: str) -> Formula:
        """The grade's ``needs`` are met: it has a letter."""
        grade = self._by_name["grades"][name]
        assert isinstance(grade, c.Grade)
        return self.logic.all_of(
            self.logic.at_least(needs.count, [self.known_field(one) for one in needs.fields])
            for needs in grade.needs
        )

    def wins(self, name: str, row_name: str) -> Formula:
        """The group's row is the one that wins."""
        logic, group = self.logic, self._by_name["groups"][name]
        assert isinstance(group, c.Group)
        above: list[Formula] = []
        for row in group.rows:
            none = logic.all_of(logic.negated(logic.is_true(one)) for one in above)
            if row.kind == "when":
                assert row.when is not None
                # A row that cannot win was said to be so already.
                dead = row.name in self.dead_rows.get(name, set())
                now = FALSE if dead else self.meaning(row.when)
            elif row.kind == "unknown":
                now = logic.any_of(logic.is_unknown(one) for one in above)
            else:
                now = TRUE
            if row.name == row_name:
                return logic.all_of((none, logic.is_true(now)))
            above.append(now)
        return FALSE

    def checklist(self, name: str) -> Formula:
        if name not in self._meant:
            checklist = self._by_name["checklists"][name]
            assert isinstance(checklist, c.Checklist)
            self._meant[name] = self.logic.all_of(
                self.need(checklist, needs) for needs in checklist.needs
            )
        return self._meant[name]

    def need(self, checklist: c.Checklist, needs: c.NeedsItems) -> Formula:
        items = [self.item(checklist.name, item) for item in needs.items]
        if needs.state == "not met":
            items = [self.logic.negated(item) for item in items]
        if needs.quantifier == "at least":
            return self.logic.at_least(needs.count, items)
        return self.logic.all_of(self.logic.negated(self.logic.is_true(item)) for item in items)

    def item(self, checklist: str, name: str) -> Formula:
        """True while met, false while not met."""
        key = f"{checklist}.{name}"
        if key in self._meant:
            return self._meant[key]
        found = self._by_name["checklists"][checklist]
        assert isinstance(found, c.Checklist)
        item = next(one for one in found.items if one.name == name)
        if isinstance(item, c.AnsweredItem):
            return self.logic.atom(self._atoms["answer", item.kind], sure=False)
        met = self.meaning(item.met_when)
        if item.not_met_when is not None:
            met = self.logic.either(met, self.meaning(item.not_met_when))
        self._meant[key] = met
        return met

    # --- sums ----------------------------------------------------------------------------------

    def _sums(self) -> None:
        """Scores may look at grades and the other way round: first all shapes, then all rows."""
        for result in results(self.policy):
            self._shape(result)
        for result in results(self.policy):
            self._fill(result)

    def _shape(self, result: c.Score | c.Grade) -> None:
        step = s.step_of(result)
        numbers = [self._part(None)]
        if isinstance(result, c.Score):
            for row in result.rows:
                if isinstance(row, c.Category):
                    limit = None if row.at_most is None else row.at_most // step
                    numbers.append(self._part(limit, fades=row.inactivity is not None))
                    name = f"{result.name}.{row.name}"
                    self.sums[name] = s.Sum(name, step, None, None, (numbers[-1],))
        low = high = None
        fades = False
        if isinstance(result, c.Score):
            low = None if result.low is None else result.low // step
            high = None if result.high is None else result.high // step
            fades = result.inactivity is not None
        self.sums[result.name] = s.Sum(result.name, step, low, high, tuple(numbers), fades)

    def _part(self, at_most: int | None, fades: bool = False) -> int:
        self.parts.append(s.Part(at_most, fades=fades))
        return len(self.parts) - 1

    def _fill(self, result: c.Score | c.Grade) -> None:
        whole = self.sums[result.name]
        restarts = isinstance(result, c.Score) and bool(result.restarts)
        for category, row in rows_of(result):
            sums = [whole]
            part = self.parts[whole.parts[0]]
            again = restarts
            if category is not None:
                sums.append(self.sums[f"{result.name}.{category.name}"])
                part = self.parts[sums[1].parts[0]]
                again = again or bool(category.restarts)
            if isinstance(row, c.PointsBy):
                fact = self._source(("match", id(row)))
                points = (*(one.points // whole.step for one in row.rows), 0)
                amounts = tuple(points[at] for at in self.facts[fact].amounts["match", id(row)])
                part.rows.append(s.Row(row.rows[0].rule if row.rows else row.field, fact, amounts))
            else:
                part.rows.append(self._row(row, whole.step, sums, again))

    def _row(self, row: c.PointsRow, step: int, sums: list[s.Sum], restarts: bool) -> s.Row:
        fact, counts, cut = self._given(row)
        cap = getattr(row.what, "at_most_points", None)
        points = [count * row.points for count in counts]
        if cap is not None:
            points = [max(-cap, min(cap, one)) for one in points]
        amounts = tuple(one // step for one in points)
        when = TRUE if row.when is None else self.true(row.when)
        for one in sums if cut else ():
            up, down = one.unlimited
            one.unlimited = (up or row.points > 0, down or row.points < 0)
        made = s.Row(row.rule, fact, amounts, when)
        made.depends = any(atom in self.sum_atoms for atom in self.logic.atoms(when))
        if self.wide and cut and max(counts) >= s.MOST_TIMES:
            # More events than are followed can still make a difference.
            further = self._furthest // step + 1
            made.slack = (0, further) if row.points > 0 else (-further, 0)
        beyond = fact is None and row.what is not None
        if made.depends or beyond or s.weakens(row, restarts):
            made.special = True
            if self.wide:
                made.all_slack()
            elif beyond:
                made.amounts = (0,)
        return made

    def _given(self, row: c.PointsRow) -> tuple[int | None, tuple[int, ...], bool]:
        """The fact that a row goes by, how often it gives its points for each class, and whether
        it could give them more often than is followed.
        """
        what = row.what
        if what is None:
            return None, (1,), False
        if isinstance(what, c.ForEvery):
            fact = self._source(("steps", id(what)))
            steps = self.facts[fact].amounts["steps", id(what)]
            about = next(one for one in self.policy.fields if one.name == what.field)
            return fact, steps, s.unlimited(what, about)
        most = self._most_of[row.rule]
        cut = isinstance(what, c.EachEvent) and what.at_most_points is None
        if isinstance(what, c.EachEvent):
            cut = cut and s.counted_most(what, row.points, 10**9) > most
        if not isinstance(what.window, _WINDOWS):
            return None, (0, most), cut
        pair = self._pair(what.events, what.window)
        if isinstance(what, c.OnceEvent):
            fact = self._source(("pair", pair))
            counts = self.facts[fact].amounts["pair", pair]
            return fact, tuple(int(count >= what.at_least) for count in counts), False
        if self.wide and s.counts_apart(row):
            counts = tuple(range(most + 1))
            own: f.Amount = ("own", row.rule)
            return self._add(f.Fact(row.rule, counts, {}, {own: counts})), counts, cut
        fact = self._source(("pair", pair))
        counts = self.facts[fact].amounts["pair", pair]
        return fact, tuple(min(count, most) for count in counts), cut

    def _source(self, amount: f.Amount) -> int:
        return self._sources[amount]

    def acts(self, row: c.PointsRow) -> Formula:
        """The row gives points (or would, if they were more than 0)."""
        when = TRUE if row.when is None else self.true(row.when)
        what = row.what
        if what is None:
            return when
        if isinstance(what, c.ForEvery):
            fact = self._source(("steps", id(what)))
            counts, least = self.facts[fact].amounts["steps", id(what)], 1
        elif isinstance(what.window, _WINDOWS):
            pair = self._pair(what.events, what.window)
            fact = self._source(("pair", pair))
            counts = self.facts[fact].amounts["pair", pair]
            least = what.at_least if isinstance(what, c.OnceEvent) else 1
        else:
            return self.logic.all_of((when, self.free(("acts", row.rule))))
        number = self._atom(("acts", row.rule), sure=True)
        self.facts[fact].truths[number] = tuple(
            TRUE if count >= least else FALSE for count in counts
        )
        self.fact_of[number] = fact
        return self.logic.all_of((when, self.logic.atom(number, sure=True)))

    def takes(self, by: c.PointsBy, at: int) -> Formula:
        """The row with this number is the first of a ``points by`` that matches."""
        fact = self._source(("match", id(by)))
        number = self._atom(("takes", by.rows[at].rule), sure=True)
        rows = self.facts[fact].amounts["match", id(by)]
        self.facts[fact].truths[number] = tuple(TRUE if row == at else FALSE for row in rows)
        self.fact_of[number] = fact
        return self.logic.atom(number, sure=True)

    def truth(self, atom: int, value: int) -> Truth:
        """What the class says of the atom of its fact."""
        return self.facts[self.fact_of[atom]].truths[atom][value]
