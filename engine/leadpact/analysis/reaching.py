"""What leads can reach: every rule, every score, each with a lead that shows it.

``reach(policy)`` says of each rule whether some lead makes it act. *Possible* comes with a record
that does; *impossible* holds for every record; *not checked* is everything else, said aloud.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from leadpact import checked as c
from leadpact.analysis.days import day_in, scale_on
from leadpact.analysis.logic import FALSE, Formula
from leadpact.analysis.mentions import results, rows_of
from leadpact.analysis.model import Model
from leadpact.analysis.search import Search, TooHardError
from leadpact.analysis.ways import all_moves, taken
from leadpact.analysis.witnesses import Record, witness
from leadpact.dated import in_force_on, periods
from leadpact_dsl.frozen import frozen

__all__ = ["Goal", "Reach", "Reached", "ScoreReach", "goals", "reach"]

Answer: TypeAlias = Literal["possible", "impossible", "not checked"]

_BUDGET: Final = 2_000_000


@frozen
class Reached:
    """Whether a rule can act. ``witness`` is a record that makes it act at ``as_of``."""

    answer: Answer
    witness: Record | None
    as_of: datetime


@frozen
class ScoreReach:
    """The least and greatest points (hundredths) of a score, grade or category, each with a lead.

    ``None``: without limit, or not checked (then ``checked`` is false).
    """

    least: int | None
    greatest: int | None
    least_witness: Record | None
    greatest_witness: Record | None
    as_of: datetime
    checked: bool


@frozen
class Reach:
    """``rules`` by rule id; ``scores`` by name (``interest``, ``interest.web``, ``fit``)."""

    rules: Mapping[str, Reached]
    scores: Mapping[str, ScoreReach]


def reach(policy: c.CheckedPolicy, on: date | None = None) -> Reach:
    """What the policy of a day lets leads reach; ``None``: of the last period that it plans."""
    day = on if on is not None else day_in(periods(policy)[-1])
    plain = in_force_on(policy, day)
    scale = scale_on(plain, day)
    wide = Search(Model(plain, scale, wide=True), _BUDGET)
    narrow = Search(Model(plain, scale, wide=False), _BUDGET)
    rules: dict[str, Reached] = {}
    for goal, narrow_goal in zip(goals(wide.model), goals(narrow.model), strict=True):
        record, answer = _answer(wide, narrow, goal, narrow_goal)
        rules[goal.rule] = Reached(answer, record, scale.as_of)
    scores = {name: _score(name, wide, narrow) for name in wide.model.sums}
    return Reach(rules, scores)


@frozen
class Goal:
    """A rule that acts by itself, and what is true when it acts. ``admitted``: the lead must be
    one that is not refused. ``row``: the rule is this row of points.
    """

    rule: str
    when: Formula
    admitted: bool = True
    row: c.PointsRow | None = None


def goals(model: Model) -> Iterator[Goal]:
    """All rules that act by themselves."""
    policy, logic = model.policy, model.logic
    above: list[Formula] = []
    for refusal in policy.refusals:
        now = model.true(refusal.when)
        when = logic.all_of((*map(logic.negated, above), now))
        yield Goal(refusal.rule, when, admitted=False)
        above.append(now)
    for result in results(policy):
        for _, row in rows_of(result):
            if isinstance(row, c.PointsBy):
                for at, one in enumerate(row.rows):
                    yield Goal(one.rule, model.takes(row, at))
            else:
                yield Goal(row.rule, model.acts(row), row=row)
        if isinstance(result, c.Grade):
            for letter in result.letters:
                reached = model.letter(result.name, letter.name)
                when = logic.all_of((model.enough(result.name), reached))
                yield Goal(letter.rule, when)
    for definition in policy.definitions:
        yield Goal(definition.name, logic.is_true(model.definition(definition.name)))
    for group in policy.groups:
        for group_row in group.rows:
            yield Goal(group_row.rule, model.wins(group.name, group_row.name))
    for checklist in policy.checklists:
        for item in checklist.items:
            yield Goal(item.rule, logic.is_true(model.item(checklist.name, item.name)))
    for move, stages in all_moves(policy):
        ways = [taken(move, stage, model)[1] for stage in stages]
        yield Goal(move.rule, logic.any_of(ways))


def _answer(
    wide: Search, narrow: Search, goal: Goal, narrow_goal: Goal
) -> tuple[Record | None, Answer]:
    when, admitted = narrow_goal.when, narrow_goal.admitted
    try:
        found = narrow.find(when, admitted)
        row = narrow_goal.row
        record = None if found is None else witness(narrow, when, found, admitted, row)
    except TooHardError:
        record = None
    if record is not None:
        return record, "possible"
    try:
        return None, "impossible" if wide.find(goal.when, goal.admitted) is None else "not checked"
    except TooHardError:
        return None, "not checked"


def _score(name: str, wide: Search, narrow: Search) -> ScoreReach:
    as_of = wide.model.scale.as_of
    try:
        values = wide.reach(name)
    except TooHardError:
        values = None
    if values is None:
        return ScoreReach(None, None, None, None, as_of, False)
    one = wide.model.sums[name]
    up, down = one.unlimited
    most = one.high if one.high is not None else _cap(wide.model, one.parts)
    greatest = None if up and (most is None or values.high < most) else values.high * one.step
    lowest = one.low is None or values.low > one.low
    fades = one.fades or any(wide.model.parts[part].fades for part in one.parts)
    least = None if (down or fades) and lowest else values.low * one.step
    return ScoreReach(
        least,
        greatest,
        _shown(narrow, name, "<=", least),
        _shown(narrow, name, ">=", greatest),
        as_of,
        True,
    )


def _cap(model: Model, parts: tuple[int, ...]) -> int | None:
    return model.parts[parts[0]].at_most if len(parts) == 1 else None


def _shown(narrow: Search, name: str, op: c.Comparison, value: int | None) -> Record | None:
    if value is None:
        return None
    goal = narrow.model.compared(name, op, value)
    try:
        found = None if goal == FALSE else narrow.find(goal)
        return witness(narrow, goal, found) if found is not None else None
    except TooHardError:
        return None
