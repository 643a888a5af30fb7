"""Scores and grades: rows, caps, inactivity and clamps, each worked out again when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from tests.reference.conditions import Truth, compare_numbers, is_known
from tests.reference.decay import WHOLE, half_up, left_of
from tests.reference.events import Holds, Situation, happened
from tests.reference.history import Moment, When, moment, told_entry
from tests.reference.instants import full_periods
from tests.reference.points import Looking, Row, points_by, points_row

from leadpact.checked import (
    Category,
    EachEvent,
    Ever,
    GainedTest,
    Grade,
    Inactivity,
    OnceEvent,
    PointsBy,
    PointsRow,
    Restart,
    Score,
    ScoreTest,
)


def total(rows: Sequence[Row]) -> int:
    return sum(row.points for row in rows)


def plain_rows(
    case: Situation, rows: Sequence[PointsRow | PointsBy], holds: Holds, looking: Looking
) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        if isinstance(row, PointsBy):
            acted = points_by(case, row)
        else:
            acted = points_row(case, row, holds, looking)
        if acted is not None:
            found.append(acted)
    return found


def correction(rule: str, points: int) -> list[Row]:
    """The row for what a cap or a clamp takes or gives; none where it changes nothing."""
    return [Row(rule, points, None, True, None, None)] if points != 0 else []


def category_rows(case: Situation, score: Score, category: Category, holds: Holds) -> list[Row]:
    looking = Looking(after=restarted(case, [*score.restarts, *category.restarts]))
    rows = plain_rows(case, category.rows, holds, looking)
    rows += inactivity(case, category.inactivity, total(rows))
    if category.at_most is not None and total(rows) > category.at_most:
        rows += correction(f"{category.rule}.at_most", category.at_most - total(rows))
    return rows


def score_rows(case: Situation, score: Score, holds: Holds) -> list[Row]:
    looking = Looking(after=restarted(case, score.restarts))
    rows: list[Row] = []
    for row in score.rows:
        if isinstance(row, Category):
            rows += category_rows(case, score, row, holds)
        else:
            rows += plain_rows(case, [row], holds, looking)
    rows += inactivity(case, score.inactivity, total(rows))
    if score.high is not None and total(rows) > score.high:
        rows += correction(f"{score.name}.at_most", score.high - total(rows))
    if score.low is not None and total(rows) < score.low:
        rows += correction(f"{score.name}.at_least", score.low - total(rows))
    return rows


def restarted(case: Situation, restarts: Sequence[Restart]) -> datetime | None:
    """The last instant at which counting started again."""
    instants: list[datetime] = []
    for restart in restarts:
        if restart.events is not None:
            instants += [event.at for event in happened(case, restart.events, Ever())]
        if restart.stage is not None and case.lead.history is not None:
            entry = told_entry(case.lead.history, restart.stage)
            instants += [entry] if entry is not None else []
    return max(instants, default=None)


def inactivity(case: Situation, rule: Inactivity | None, points: int) -> list[Row]:
    """The row for what a sum loses because the lead has done nothing for so long."""
    if rule is None:
        return []
    kinds = {kind.name for kind in case.policy.kinds if kind.party is None and not kind.signal}
    active = [event.at for event in case.lead.events if event.kind in kinds]
    active = [instant for instant in active if instant <= case.as_of]
    if not active:
        return []
    periods = full_periods(max(active), rule.period, case.as_of, case.zone)
    if rule.percent is not None:
        left = half_up(Fraction(points * left_of(Fraction(rule.percent), periods), WHOLE))
    else:
        assert rule.points is not None
        left = points - periods * rule.points
    held = False
    if rule.never_below is not None and points >= rule.never_below:
        held = left <= rule.never_below
        left = max(left, rule.never_below)
    lost = correction(rule.rule, left - points)
    return [replace(row, capped=held) for row in lost]


def score_test(case: Situation, test: ScoreTest, holds: Holds) -> bool:
    score = next(one for one in case.policy.scores if one.name == test.score)
    if test.category is None:
        points = total(score_rows(case, score, holds))
    else:
        points = sum(
            total(category_rows(case, score, row, holds))
            for row in score.rows
            if isinstance(row, Category) and row.name == test.category
        )
    return compare_numbers(points, test.op, test.hundredths)


# --- what was gained ---------------------------------------------------------------------------


def gained_test(case: Situation, test: GainedTest, holds: Holds) -> Truth:
    assert case.lead.history is not None
    since = moment(case.lead.history, test.how, test.stage)
    if since is Moment.UNKNOWN:
        return None
    score = next(one for one in case.policy.scores if one.name == test.score)
    return compare_numbers(gained(case, score, since, holds), test.op, test.hundredths)


def gained(case: Situation, score: Score, since: When, holds: Holds) -> int:
    """What the rows about events with positive points gave since then, losses not deducted."""
    looking = Looking(gained=since)
    points = 0
    for row in score.rows:
        if isinstance(row, Category):
            inside = total(plain_rows(case, _gaining(row.rows), holds, looking))
            points += inside if row.at_most is None else min(inside, row.at_most)
        else:
            points += total(plain_rows(case, _gaining([row]), holds, looking))
    return points


def _gaining(rows: Sequence[PointsRow | PointsBy]) -> list[PointsRow | PointsBy]:
    return [
        row
        for row in rows
        if isinstance(row, PointsRow)
        and isinstance(row.what, EachEvent | OnceEvent)
        and row.points > 0
    ]


# --- grades ------------------------------------------------------------------------------------


def grade_rows(case: Situation, grade: Grade, holds: Holds) -> list[Row]:
    return plain_rows(case, grade.rows, holds, Looking())


def letter_of(case: Situation, grade: Grade, holds: Holds) -> str | None:
    """The grade's letter; ``None`` while too few of the facts that it needs are known."""
    values = case.lead.values
    for needs in grade.needs:
        if len([field for field in needs.fields if is_known(values[field])]) < needs.count:
            return None
    points = total(grade_rows(case, grade, holds))
    for letter in grade.letters:
        if letter.low is None or points >= letter.low:
            return letter.name
    return None
