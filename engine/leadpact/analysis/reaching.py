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
from leadpact.analysis.witnesses import Record, witness
from leadpact.dated import in_force_on, periods
from leadpact_dsl.frozen import frozen

__all__ = ["Reach", "Reached", "ScoreReach", "goals", "reach"]

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
    for rule, admitted, make_wide, make_narrow in _both(wide.model, narrow.model):
        record, answer = _answer(wide, narrow, make_wide, make_narrow, admitted)
        rules[rule] = Reached(answer, record, scale.as_of)
    scores = {name: _score(name, wide, narrow) for name in wide.model.sums}
    return Reach(rules, scores)


def _both(wide: Model, narrow: Model) -> Iterator[tuple[str, bool, Formula, Formula]]:
    for (rule, admitted, one), (_, _, two) in zip(goals(wide), goals(narrow), strict=True):
        yield rule, admitted, one, two


def goals(model: Model) -> Iterator[tuple[str, bool, Formula]]:
    """Each rule that acts by itself, whether the lead must be one that is not refused, and what
    is true when it acts.
    """
    policy, logic = model.policy, model.logic
    above: list[Formula] = []
    for refusal in policy.refusals:
        now = model.true(refusal.when)
        yield refusal.rule, False, logic.all_of((*map(logic.negated, above), now))
        above.append(now)
    for result in results(policy):
        for _, row in rows_of(result):
            if isinstance(row, c.PointsBy):
                for at, one in enumerate(row.rows):
                    yield one.rule, True, model.takes(row, at)
            else:
                yield row.rule, True, model.acts(row)
        if isinstance(result, c.Grade):
            for letter in result.letters:
                reached = model.letter(result.name, letter.name)
                yield letter.rule, True, logic.all_of((model.enough(result.name), reached))
    for definition in policy.definitions:
        yield definition.name, True, logic.is_true(model.definition(definition.name))
    for group in policy.groups:
        for group_row in group.rows:
            yield group_row.rule, True, model.wins(group.name, group_row.name)
    for checklist in policy.checklists:
        for item in checklist.items:
            yield item.rule, True, logic.is_true(model.item(checklist.name, item.name))
    for stage in policy.stages:
        yield from _moves(stage, model)


def _moves(stage: c.Stage, model: Model) -> Iterator[tuple[str, bool, Formula]]:
    """The moves of a stage that conditions make happen, each when none above it does."""
    logic = model.logic
    here = model.in_stage(stage.name)
    above: list[Formula] = []
    for any_stage in model.policy.any_stages:
        if stage.name not in any_stage.excepted:
            above += [
                model.true(move.when)
                for move in any_stage.moves
                if isinstance(move, c.Move) and move.to != stage.name
            ]
    for move in stage.moves:
        if isinstance(move, c.Move):
            when = model.true(move.when)
            yield move.rule, True, logic.all_of((here, *map(logic.negated, above), when))
            above.append(when)


def _answer(
    wide: Search, narrow: Search, goal: Formula, narrow_goal: Formula, admitted: bool
) -> tuple[Record | None, Answer]:
    try:
        found = narrow.find(narrow_goal, admitted)
        record = witness(narrow, narrow_goal, found, admitted) if found is not None else None
    except TooHardError:
        record = None
    if record is not None:
        return record, "possible"
    try:
        return None, "impossible" if wide.find(goal, admitted) is None else "not checked"
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
