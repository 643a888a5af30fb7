"""Points: each score, category and grade is one sum of terms, in whole hundredths.

A row is the points that it gives when it acts, the test whether it does, and how many events
counted. The sum needs the first two; who asks for reasons gets all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.decays import left_table
from leadpact.backends.sql.dialects import both
from leadpact.backends.sql.expressions import Spelling, category_column
from leadpact.backends.sql.instants import as_one
from leadpact.backends.sql.matching import Value, compared, is_known, total
from leadpact.backends.sql.sheet import case, text, whole
from leadpact.checked import (
    ByRange,
    ByRest,
    ByRow,
    ByValues,
    FieldFact,
    ForEvery,
    Inactivity,
    NumberType,
    TextType,
)
from leadpact.operators.text import fold

__all__ = ["Acting", "Points"]

_MICRO = 10**6
_MOST = 10**12
"""Numbers from here on are left to the Python engine in ``for every``."""

_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Acting:
    """A row that may act. ``test`` ``None``: always; ``count`` ``None``: it is about no events."""

    rule: str
    points: exp.Expression
    test: exp.Expression | None = None
    count: exp.Expression | None = None

    def term(self) -> exp.Expression:
        """What it adds to the sum."""
        if self.test is None:
            return self.points.copy()
        return case((self.test.copy(), self.points.copy()), otherwise=whole(0))


class Points:
    """Writes the points of scores and grades as columns; ``rows`` holds what may act, by result."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.dialect = spelling.dialect
        self.rows: dict[str, list[Acting]] = {}

    def score(self, score: p.PlanScore, name: str) -> exp.Column:
        """The score as the column ``name``; its categories as columns of their own."""
        add = self.spelling.sheet.add
        acting = self.rows.setdefault(score.name, [])
        terms: list[exp.Expression] = []
        for row in score.rows:
            if not isinstance(row, p.PlanCategory):
                terms.append(self._sum([row], acting))
                continue
            part = category_column(score.name, row.name)
            inner: exp.Expression = add(f"{part} sum", self._sum(row.rows, acting))
            inner = self._inactive(row.inactivity, inner, part, acting)
            if row.at_most is not None:
                inner = self._at_most(inner, row.at_most, f"{row.rule}.at_most", acting)
            terms.append(self._named(part, inner))
        found: exp.Expression = add(f"{name} sum", total(terms))
        found = self._inactive(score.inactivity, found, name, acting)
        found = add(f"{name} unclamped", found)
        clamped: exp.Expression = found
        if score.low is not None:
            low = compared(found, "<", whole(score.low))
            less = exp.Sub(this=whole(score.low), expression=found.copy())
            acting.append(Acting(f"{score.name}.at_least", less, low))
            clamped = case((low, whole(score.low)), otherwise=clamped)
        if score.high is not None:
            high = compared(found, ">", whole(score.high))
            more = exp.Sub(this=whole(score.high), expression=found.copy())
            acting.append(Acting(f"{score.name}.at_most", more, high))
            clamped = case((high, whole(score.high)), otherwise=clamped)
        return self._named(name, clamped)

    def grade(self, grade: p.PlanGrade, name: str) -> exp.Column:
        acting = self.rows.setdefault(grade.name, [])
        return self._named(name, self._sum(grade.rows, acting))

    def told(self) -> exp.Expression:
        """A list of what acted: rule, points and count, by the policy's order of results."""
        policy = self.spelling.plan.policy
        results = [score.name for score in policy.scores]
        results += [grade.name for grade in policy.grades]
        members = [
            (
                exp.true() if row.test is None else row.test,
                {
                    "rule": text(row.rule),
                    "points": self.dialect.bigint(row.points),
                    "count": self.dialect.bigint(exp.Null() if row.count is None else row.count),
                },
            )
            for result in results
            for row in self.rows[result]
        ]
        return self.dialect.structs(members)

    def _named(self, name: str, value: exp.Expression) -> exp.Column:
        """A column of this very name, since tests refer to it by that."""
        return self.spelling.sheet.put(name, self.dialect.bigint(value))

    def _sum(
        self, rows: Iterable[p.PlanRow | p.PlanByRows], acting: list[Acting]
    ) -> exp.Expression:
        terms: list[exp.Expression] = []
        for row in rows:
            if isinstance(row, p.PlanByRows):
                terms.append(self._by_rows(row, acting))
                continue
            made = self._row(row)
            acting.append(made)
            if row.points != 0:
                terms.append(made.term())
        return total(terms)

    def _at_most(
        self, value: exp.Expression, most: int, rule: str, acting: list[Acting]
    ) -> exp.Expression:
        over = compared(value, ">", whole(most))
        acting.append(Acting(rule, exp.Sub(this=whole(most), expression=as_one(value)), over))
        return case((over, whole(most)), otherwise=value.copy())

    # --- rows ----------------------------------------------------------------------------------

    def _row(self, row: p.PlanRow) -> Acting:
        spelling = self.spelling
        tests: list[exp.Expression] = []
        if row.slot is not None:
            tests.append(compared(spelling.slot(row.slot), ">=", whole(row.times or 1)))
        elif row.share is not None:
            tests.append(compared(spelling.slots.decayed_count(row.share), ">", whole(0)))
        count: exp.Expression | None = None
        points: exp.Expression = whole(row.points)
        if row.every is not None:
            steps, points = self._for_every(row, row.every)
            tests.append(steps)
        elif row.share is not None:
            points = spelling.slot(row.share)
            if row.at_most_points is not None:
                points = self._limited(points, row.at_most_points, row.points)
            count = (
                spelling.slots.decayed_count(row.share)
                if row.slot is None
                else spelling.slot(row.slot)
            )
        elif row.slot is not None:
            count = spelling.slot(row.slot)
            if row.times is None:
                if row.at_most_times is not None:
                    count = self.dialect.least(count, whole(row.at_most_times))
                points = self._times(row, count)
        if row.when is not None:
            tests.append(spelling.test(row.when))
        return Acting(row.rule, points, both(*tests) if tests else None, count)

    def _limited(self, points: exp.Expression, most: int, sign: int) -> exp.Expression:
        if sign > 0:
            return self.dialect.least(points, whole(most))
        return self.dialect.greatest(points, whole(-most))

    def _times(self, row: p.PlanRow, count: exp.Expression) -> exp.Expression:
        points: exp.Expression = exp.Mul(this=as_one(count), expression=whole(row.points))
        if row.at_most_points is not None:
            points = self._limited(points, row.at_most_points, row.points)
        return points

    def _for_every(self, row: p.PlanRow, every: ForEvery) -> tuple[exp.Expression, exp.Expression]:
        """Whether a step was reached, and the points of all that were."""
        value = self.spelling.value(FieldFact(every.field))
        step = every.step * _MICRO
        if step != step.to_integral_value() or not 0 < step < _MOST * _MICRO:
            raise self.dialect.cannot(f"`for every {every.step} of {every.field}`")
        bound = _MOST
        if row.points:
            # So that no product leaves what a whole number of 64 bits can hold.
            bound = min(_MOST, max(1, int(2**60 * every.step / abs(row.points))))
        if row.points:
            self.spelling.odd(
                value.number(">=", Decimal(bound)), f"a very large number in `{every.field}`"
            )
        small = self.dialect.least(
            self.dialect.decimal(value.raw), self.dialect.decimal(Decimal(bound))
        )
        micro = self.dialect.bigint(exp.Mul(this=small, expression=whole(_MICRO)))
        steps = self.dialect.divided(micro, int(step))
        reached = value.number(">=", every.step)
        points: exp.Expression = exp.Mul(this=as_one(steps), expression=whole(row.points))
        if row.at_most_points is not None:
            points = self._limited(points, row.at_most_points, row.points)
        return reached, points

    # --- points by -----------------------------------------------------------------------------

    def _by_rows(self, table: p.PlanByRows, acting: list[Acting]) -> exp.Expression:
        value = self.spelling.value(FieldFact(table.field))
        raw = value.yes() if value.no_when_unknown else value.raw
        if isinstance(value.type, TextType):
            raw = value.folded()
        branches: list[tuple[exp.Expression, ByRow | None]] = []
        unknown = next((row for row in table.rows if _is_rest(row, "unknown")), None)
        branches.append((exp.Is(this=raw.copy(), expression=exp.Null()), unknown))
        otherwise: ByRow | None = None
        for row in table.rows:
            match row.match:
                case ByRest("unknown"):
                    pass
                case ByRest():
                    otherwise = row
                case ByValues(values):
                    branches.append((_among(raw, values, value), row))
                case ByRange():
                    branches.append((_in_range(value, row.match), row))
        acts = self.spelling.sheet.add(
            f"row of {table.field}",
            case(
                *((test, whole(number)) for number, (test, _) in enumerate(branches)),
                otherwise=whole(len(branches)),
            ),
        )
        rows = [*(row for _, row in branches), otherwise]
        terms = []
        for number, acts_here in enumerate(rows):
            if acts_here is not None:
                here = compared(acts, "==", whole(number))
                points = whole(acts_here.points)
                acting.append(Acting(acts_here.rule, points, here))
                if acts_here.points:
                    terms.append((here, points))
        return case(*terms, otherwise=whole(0))

    # --- without activity ----------------------------------------------------------------------

    def _inactive(
        self,
        inactivity: Inactivity | None,
        value: exp.Expression,
        name: str,
        acting: list[Acting],
    ) -> exp.Expression:
        """What is left of a sum after so many periods without activity."""
        if inactivity is None:
            return value
        periods = self.spelling.idle(inactivity.period)
        if inactivity.percent is not None:
            table = left_table(inactivity)
            share = self.dialect.looked_up(
                table, self.dialect.least(periods, whole(len(table) - 1))
            )
            product = exp.Mul(this=as_one(value), expression=share)
            halved = exp.Add(this=product, expression=whole(_WHOLE // 2))
            less = self.dialect.floored(halved, _WHOLE)
        else:
            lost = exp.Mul(this=periods, expression=whole(inactivity.points or 0))
            less = exp.Sub(this=as_one(value), expression=lost)
        left = self.spelling.sheet.add(f"{name} left over", less)
        if inactivity.never_below is not None:
            floor = whole(inactivity.never_below)
            held = both(compared(value, ">=", floor), compared(left, "<", floor))
            left = self.spelling.sheet.add(
                f"{name} with floor", case((held, floor), otherwise=left)
            )
        lost_points = exp.Sub(this=left.copy(), expression=as_one(value))
        acting.append(Acting(inactivity.rule, lost_points, compared(left, "!=", value)))
        return left


def _is_rest(row: ByRow, what: str) -> bool:
    return isinstance(row.match, ByRest) and row.match.what == what


def _among(raw: exp.Expression, values: tuple[str | bool, ...], value: Value) -> exp.Expression:
    if any(isinstance(one, bool) for one in values):
        tests = [raw.copy() if one else exp.Not(this=raw.copy()) for one in values]
        return tests[0] if len(tests) == 1 else is_known(raw)
    is_text = isinstance(value.type, TextType)
    listed = [fold(str(one)) if is_text else str(one) for one in values]
    return exp.In(this=raw.copy(), expressions=[text(one) for one in listed])


def _in_range(value: Value, match: ByRange) -> exp.Expression:
    tests = []
    below = "<" if match.high_open else "<="
    for bound, op in ((match.low, ">="), (match.high, below)):
        if bound is None:
            continue
        if isinstance(value.type, NumberType):
            assert isinstance(bound, Decimal)
            tests.append(value.number(op, bound))
        else:
            assert not isinstance(bound, Decimal)
            tests.append(value.date(op, bound))
    return both(*tests)
