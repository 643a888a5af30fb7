"""The rows of points of a policy as sums: what each takes from which fact, and when it acts."""

from __future__ import annotations

from typing import Final

from leadpact import checked as c
from leadpact.analysis import facts as f
from leadpact.analysis import sums as s
from leadpact.analysis.formulas import Formulas
from leadpact.analysis.judging import Scale
from leadpact.analysis.logic import FALSE, TRUE, Formula
from leadpact.analysis.mentions import atoms_in, conditions, results, rows_of

__all__ = ["WINDOWS", "Points"]

WINDOWS: Final = (c.Within, c.Ever, c.SinceEntered)
"""The windows whose events are counted. What else is asked of events may be anything."""


class Points(Formulas):
    """``sums`` and their ``parts``; the rows of these name facts by their numbers."""

    def __init__(self, policy: c.CheckedPolicy, scale: Scale, *, wide: bool) -> None:
        super().__init__(policy, scale, wide=wide)
        self.sums: dict[str, s.Sum] = {}
        self.parts: list[s.Part] = []
        self._pair_of: dict[tuple[object, ...], int] = {}
        needed = self._distances()
        self._most_of = {
            row.rule: _row_most(row, result, category, needed)
            for result in results(policy)
            for category, row in rows_of(result)
            if isinstance(row, c.PointsRow) and row.what is not None
        }
        self.furthest = max(needed.values(), default=0)
        """So many hundredths away from 0 it no longer matters how far a sum is."""

    # --- how far to count ----------------------------------------------------------------------

    def _distances(self) -> dict[tuple[str, str | None], int]:
        """How far, in hundredths, a score (or category) can be from 0 and it matters how far."""
        tests: dict[tuple[str, str | None], list[int]] = {}
        asked: dict[str, int] = {}
        for test in (atom for one in conditions(self.policy) for atom in atoms_in(one)):
            if isinstance(test, c.ScoreTest):
                tests.setdefault((test.score, test.category), []).append(abs(test.hundredths))
            elif isinstance(test, c.EventTest) and test.op != "<=":
                for part in test.events.parts:
                    asked[part.kind] = max(asked.get(part.kind, 1), test.count)
        found: dict[tuple[str, str | None], int] = {}
        followed: dict[str, dict[str, int]] = {}
        while True:
            before = dict(found)
            for result in results(self.policy):
                often = dict(asked)
                for other, counts in followed.items():
                    for kind, count in counts.items() if other != result.name else ():
                        often[kind] = max(often.get(kind, 1), count)
                found |= self._distances_of(result, tests, often)
                followed[result.name] = self._followed(result, found)
            if found == before:
                return found

    def _distances_of(
        self,
        result: c.Score | c.Grade,
        tests: dict[tuple[str, str | None], list[int]],
        often: dict[str, int],
    ) -> dict[tuple[str, str | None], int]:
        """``often``: how many events of a kind something else may ask for."""
        limits = [(category, _limited(row, often)) for category, row in rows_of(result)]
        every = [one for (name, _), some in tests.items() if name == result.name for one in some]
        if isinstance(result, c.Grade):
            most = [abs(letter.low) for letter in result.letters if letter.low is not None]
            return {(result.name, None): max(most, default=100) + sum(by for _, by in limits)}
        most = [abs(end) for end in (result.low, result.high) if end is not None]
        most += [each.at_most for each, _ in limits if each and each.at_most]
        found: dict[tuple[str, str | None], int] = {
            (result.name, None): max(most + every, default=100) + sum(by for _, by in limits)
        }
        for category in result.rows:
            if isinstance(category, c.Category) and category.at_most is not None:
                own = sum(by for each, by in limits if each is category)
                said = tests.get((result.name, category.name), [])
                found[result.name, category.name] = max([category.at_most, *said]) + own
        return found

    def _followed(
        self, result: c.Score | c.Grade, needed: dict[tuple[str, str | None], int]
    ) -> dict[str, int]:
        """How many events of each kind the result's rows without limit ask for."""
        found: dict[str, int] = {}
        for category, row in rows_of(result):
            if isinstance(row, c.PointsRow) and isinstance(row.what, c.EachEvent) and _open(row):
                count = _row_most(row, result, category, needed)
                for part in row.what.events.parts:
                    found[part.kind] = max(found.get(part.kind, 1), count)
        return found

    def _pair(self, events: c.EventPattern, window: c.Window) -> int:
        key = (tuple(dict.fromkeys(events.parts)), events.of_actions, window)
        return self._pair_of.setdefault(key, len(self._pair_of))

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
            further = self.furthest // step + 1
            made.slack = (0, further) if row.points > 0 else (-further, 0)
        made.fades = s.fades(row)
        made.unknown = fact is None and row.what is not None
        again = restarts and isinstance(row.what, (c.EachEvent, c.OnceEvent))
        if self.wide and (made.depends or made.unknown or made.fades or again):
            made.all_slack()
        elif made.unknown:
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
        if not isinstance(what.window, WINDOWS):
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

    # --- rows that act -------------------------------------------------------------------------

    def acts(self, row: c.PointsRow) -> Formula:
        """The row gives points (or would, if they were more than 0)."""
        when = TRUE if row.when is None else self.true(row.when)
        what = row.what
        if what is None:
            return when
        if isinstance(what, c.ForEvery):
            fact = self._source(("steps", id(what)))
            counts, least = self.facts[fact].amounts["steps", id(what)], 1
        elif isinstance(what.window, WINDOWS):
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


def _open(row: c.PointsRow) -> bool:
    """Whether nothing limits how often the row gives its points."""
    return isinstance(row.what, c.EachEvent) and s.unlimited(row.what, None)


def _limited(row: c.PointsRow | c.PointsBy, often: dict[str, int]) -> int:
    """The most that a row can give or take; of one without limit as often as is asked for."""
    if isinstance(row, c.PointsBy):
        return max((abs(one.points) for one in row.rows), default=0)
    if _open(row) and isinstance(row.what, c.EachEvent):
        return abs(row.points) * max(often.get(part.kind, 1) for part in row.what.events.parts)
    limit = getattr(row.what, "at_most_points", None)
    times = getattr(row.what, "at_most_times", None)
    return limit if limit is not None else abs(row.points) * (times or 1)


def _row_most(
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
