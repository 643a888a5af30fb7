"""How far points can reach, as far as can be seen without looking at any lead.

It tells which changes to a policy cannot make a difference, so that nobody looks for an example
that would notice them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd, inf
from typing import TypeAlias, assert_never

from leadpact import checked as c

__all__ = ["POINT", "clamps", "is_capped_anyway", "point_step", "score_step", "step_of"]

POINT = 100
"""A point, in hundredths."""

Range: TypeAlias = tuple[float, float]
"""The least and the most that something can give, in hundredths; infinite without a limit."""

Row: TypeAlias = c.PointsRow | c.PointsBy | c.Category


def step_of(grade: c.Grade) -> int:
    """The greatest step of which all of a grade's points and letters are multiples.

    Only letters can be expected of a grade, and a smaller step need not change any.
    """
    bounds = (letter.low for letter in grade.letters if letter.low is not None)
    return gcd(*_amounts(grade.rows), *bounds) or POINT


def score_step(score: c.Score, bound: int) -> int:
    """The step between points of a score that a bound can tell apart; a point where the bound
    itself lies between two such steps.
    """
    if _is_fine(score):
        return POINT
    ends = (end for end in (score.low, score.high) if end is not None)
    step = gcd(*_amounts(score.rows), *ends)
    return step if step and bound % step == 0 else POINT


def _is_fine(score: c.Score) -> bool:
    """Whether shares of points are given or taken, so that a sum may be any hundredth."""
    idle = [score.inactivity, *(r.inactivity for r in score.rows if isinstance(r, c.Category))]
    rows = [row for r in score.rows for row in (r.rows if isinstance(r, c.Category) else (r,))]
    return any(each is not None for each in idle) or any(
        isinstance(row, c.PointsRow)
        and isinstance(row.what, (c.EachEvent, c.OnceEvent))
        and row.what.decay is not None
        for row in rows
    )


def _amounts(rows: tuple[Row, ...]) -> Iterator[int]:
    for row in rows:
        if isinstance(row, c.Category):
            yield from _amounts(row.rows)
            yield row.at_most or 0
            continue
        if isinstance(row, c.PointsBy):
            yield from (by_row.points for by_row in row.rows)
            continue
        yield row.points
        if isinstance(row.what, (c.EachEvent, c.ForEvery)) and row.what.at_most_points:
            yield row.what.at_most_points


def point_step(policy: c.CheckedPolicy, row: c.PointsRow | c.ByRow) -> int:
    """One step of the row's points: a point, or the step of the grade in which it stands."""
    for grade in policy.grades:
        for one in grade.rows:
            if row is one or (isinstance(one, c.PointsBy) and any(row is it for it in one.rows)):
                return step_of(grade)
    return POINT


def clamps(score: c.Score) -> Range:
    """The ends of the score that can be reached; the same ends, the same scores."""
    low, high = _idle(score.inactivity, _sum(score.rows))
    return (
        low if score.low is None else max(low, score.low),
        high if score.high is None else min(high, score.high),
    )


def _idle(inactivity: c.Inactivity | None, given: Range) -> Range:
    """What a sum can fall to without activity."""
    if inactivity is None:
        return given
    low, high = given
    return (-inf if inactivity.points is not None else min(low, 0)), max(high, 0)


def is_capped_anyway(policy: c.CheckedPolicy, row: c.PointsRow | c.ByRow, points: int) -> bool:
    """Whether the row fills its category's limit by itself, with its own points and with these.

    Then nothing else in the category counts beside it, unless it takes points away.
    """
    for score in policy.scores:
        for category in score.rows:
            if not isinstance(category, c.Category) or category.at_most is None:
                continue
            if not any(row is one for one in category.rows):
                continue
            others = tuple(one for one in category.rows if one is not row)
            alone = min(row.points, points) >= category.at_most
            return alone and _sum(others)[0] >= 0 and not _is_limited(row)
    return False


def _is_limited(row: c.PointsRow | c.ByRow) -> bool:
    what = row.what if isinstance(row, c.PointsRow) else None
    return isinstance(what, (c.EachEvent, c.ForEvery)) and what.at_most_points is not None


def _sum(rows: tuple[Row, ...]) -> Range:
    ranges = [_range(row) for row in rows]
    return sum(low for low, _ in ranges), sum(high for _, high in ranges)


def _range(row: Row) -> Range:
    match row:
        case c.Category():
            low, high = _idle(row.inactivity, _sum(row.rows))
            return low, high if row.at_most is None else min(high, row.at_most)
        case c.PointsBy():
            points = [by_row.points for by_row in row.rows]
            return min(0, *points), max(0, *points)
        case c.PointsRow():
            most = _most(row)
            return (0, most) if row.points >= 0 else (-most, 0)
        case _:
            assert_never(row)


def _most(row: c.PointsRow) -> float:
    """The most that the row gives, or takes."""
    if not isinstance(row.what, (c.EachEvent, c.ForEvery)):
        return abs(row.points)
    limits: list[float] = [inf]
    if row.what.at_most_points is not None:
        limits.append(row.what.at_most_points)
    if isinstance(row.what, c.EachEvent) and row.what.at_most_times is not None:
        limits.append(row.what.at_most_times * abs(row.points))
    return min(limits)
