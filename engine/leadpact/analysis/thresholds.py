"""Thresholds and letters that lie beyond what scores and grades can reach."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact import checked as c
from leadpact.analysis.bits import Sums
from leadpact.analysis.findings import Period
from leadpact.analysis.judging import compared
from leadpact.analysis.mentions import atoms_in, results, rows_of, stages
from leadpact.analysis.search import TooHardError
from leadpact.analysis.sums import Sum
from leadpact_dsl.source import Span

__all__ = ["look_at_points"]


def look_at_points(period: Period) -> None:
    """Each test of a score wherever it stands, and each letter."""
    reached: dict[str, Sums | None] = {}
    for span, when in _owners(period.policy):
        tests = [one for one in atoms_in(when) if isinstance(one, c.ScoreTest)]
        for test in tests:
            _threshold(test, tests, span, reached, period)
    for grade in period.policy.grades:
        for letter in grade.letters:
            _letter(grade, letter, reached, period)


def _owners(policy: c.CheckedPolicy) -> Iterator[tuple[Span, c.Condition]]:
    """Every condition with the place of its rule."""
    for result in results(policy):
        for _, row in rows_of(result):
            if isinstance(row, c.PointsRow) and row.when is not None:
                yield row.span, row.when
    for definition in policy.definitions:
        yield from ((one.span, one.when) for one in definition.whens)
    for group in policy.groups:
        yield from ((row.span, row.when) for row in group.rows if row.when is not None)
    for checklist in policy.checklists:
        for item in checklist.items:
            if isinstance(item, c.AskedItem):
                yield item.span, item.met_when
                if item.not_met_when is not None:
                    yield item.span, item.not_met_when
    for stage in stages(policy):
        yield from ((one.span, one.when) for one in stage.moves if isinstance(one, c.Move))
    for stage in policy.stages:
        for target in stage.targets:
            if target.when is not None:
                yield target.span, target.when


def _threshold(
    test: c.ScoreTest,
    beside: list[c.ScoreTest],
    span: Span,
    reached: dict[str, Sums | None],
    period: Period,
) -> None:
    name = test.score if test.category is None else f"{test.score}.{test.category}"
    values = _reached(name, reached, period, span)
    if values is None:
        return
    one = period.model.sums[name]
    answers = {
        compared(value * one.step, test.op, test.hundredths)
        for value in _ends_and_near(values, test, one)
    }
    # The lower end of `is from A to B` may well always hold.
    alone = sum((each.score, each.category) == (test.score, test.category) for each in beside) == 1
    wrong = True not in answers or (False not in answers and alone)
    place = period.places.score_test(span, test) or period.places.condition(span)

    if wrong:
        period.model.beyond(test)

    def make() -> tuple[str, Span, str]:
        never = True not in answers
        why = _beyond(name, test, values.low * one.step, values.high * one.step)
        holds = "can never hold" if never else "always holds"
        return (
            f"This {holds}: {why}.",
            place,
            "Choose a number of points that leads can have on both sides.",
        )

    key = f"{name} {test.op} {test.hundredths}"
    period.say("E701", key, place, wrong, make)


def _beyond(name: str, test: c.ScoreTest, low: int, high: int) -> str:
    """Why a threshold has leads on one side only."""
    if test.hundredths > high or (test.hundredths == high and test.op in (">", "<=")):
        number = _points(test.hundredths)
        most = f"`{name}` can reach {_points(high)} at most"
        if test.op in ("<=", "<"):
            return f"{most}, so never {'more than ' if test.op == '<=' else ''}{number}"
        return f"{most}; {'more than ' if test.op == '>' else ''}{number} is asked for"
    if test.hundredths <= low:
        return f"`{name}` is never below {_points(low)}"
    return f"`{name}` can never be exactly {_points(test.hundredths)}"


def _reached(name: str, reached: dict[str, Sums | None], period: Period, span: Span) -> Sums | None:
    if name not in reached:
        try:
            reached[name] = period.search.reach(name)
        except TooHardError:
            reached[name] = None
            period.findings.hard(name, span)
    return reached[name]


def _ends_and_near(values: Sums, test: c.ScoreTest, one: Sum) -> list[int]:
    """Values that tell whether the test can hold and can fail."""
    at = test.hundredths // one.step
    near = (value for value in (at, at + 1) if value in values)
    return [values.low, values.high, *near]


def _points(hundredths: int) -> str:
    whole, cents = divmod(abs(hundredths), 100)
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{whole:,}" + (f".{cents:02d}".rstrip("0") if cents else "")


def _letter(
    grade: c.Grade, letter: c.Letter, reached: dict[str, Sums | None], period: Period
) -> None:
    model = period.model
    goal = model.logic.all_of((model.enough(grade.name), model.letter(grade.name, letter.name)))
    can = period.possible(goal, letter.rule, letter.span)
    if can is None:
        return

    def make() -> tuple[str, Span, str]:
        values = _reached(grade.name, reached, period, letter.span)
        span = period.places.header(letter.span)
        help_ = "Change the points or the bounds of the letters, or leave the letter out."
        if values is None:
            return f"No lead can get the letter `{letter.name}`.", span, help_
        step = model.sums[grade.name].step
        if letter.low is not None and values.high * step < letter.low:
            why = f"`{grade.name}` can reach {_points(values.high * step)} at most"
        elif letter.low is None or values.low * step >= letter.low:
            why = f"`{grade.name}` is {_points(values.low * step)} at least"
        else:
            why = f"`{grade.name}` jumps over its points"
        return f"No lead can get the letter `{letter.name}`: {why}.", span, help_

    if period.say("W701", letter.rule, letter.span, not can, make):
        model.dead_letters.setdefault(grade.name, set()).add(letter.name)
