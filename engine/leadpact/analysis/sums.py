"""What scores and grades are made of: parts (categories and the rest) of rows of points.

A row gives an amount that depends on one fact, while its condition is true. Amounts are in steps,
the greatest common measure of all that adds up in one score, so that sets of sums stay small.
"""

from __future__ import annotations

from dataclasses import field
from math import ceil, gcd
from typing import Final

from leadpact import checked as c
from leadpact.analysis.logic import TRUE, Formula
from leadpact.analysis.mentions import rows_of
from leadpact.operators.times import exact_length
from leadpact_dsl.frozen import mutable

__all__ = [
    "MOST_TIMES",
    "Part",
    "Row",
    "Sum",
    "counted_most",
    "counts_apart",
    "fades",
    "step_of",
    "unlimited",
]

MOST_TIMES: Final = 120


@mutable
class Row:
    """``amounts`` (in steps) are by the classes of ``fact``; of a row without one it has one entry.

    ``slack`` is what may come on besides, beyond what is looked into. ``depends`` is set where the
    row's condition looks at another sum: then all that the row can give is slack. A row that
    ``fades`` gives less by age; one of ``unknown`` amount goes by what is not looked into.
    """

    rule: str
    fact: int | None
    amounts: tuple[int, ...]
    when: Formula = TRUE
    slack: tuple[int, int] = (0, 0)
    depends: bool = False
    fades: bool = False
    unknown: bool = False

    def all_slack(self) -> None:
        """From now on the row may give anything that it could."""
        least, most = self.slack
        self.slack = least + min(0, *self.amounts), most + max(0, *self.amounts)
        self.fact, self.amounts = None, (0,)


@mutable
class Part:
    """A category, or the rows outside categories. ``at_most`` is the cap, in steps."""

    at_most: int | None
    rows: list[Row] = field(default_factory=list)
    fades: bool = False


@mutable
class Sum:
    """A score, a grade, or a category on its own.

    ``unlimited`` upwards and downwards: more is possible than is followed.
    """

    name: str
    step: int
    low: int | None
    high: int | None
    parts: tuple[int, ...]
    fades: bool = False
    unlimited: tuple[bool, bool] = (False, False)


def step_of(result: c.Score | c.Grade) -> int:
    """The measure of all amounts and limits of a score or grade, in hundredths."""
    found: list[int] = []
    exact = True
    if isinstance(result, c.Score):
        found += [end for end in (result.low, result.high) if end]
        exact = result.inactivity is None
    for category, row in rows_of(result):
        if category is not None:
            found += [category.at_most] if category.at_most else []
            exact = exact and category.inactivity is None
        if isinstance(row, c.PointsBy):
            found += [one.points for one in row.rows]
            continue
        found.append(row.points)
        if isinstance(row.what, (c.EachEvent, c.ForEvery)) and row.what.at_most_points:
            found.append(row.what.at_most_points)
        if isinstance(row.what, (c.EachEvent, c.OnceEvent)) and row.what.decay is not None:
            exact = False
    return (gcd(*found) or 100) if exact else 1


def unlimited(what: c.EachEvent | c.ForEvery, about: c.Field | None) -> bool:
    """Whether nothing bounds how often the row gives its points."""
    if what.at_most_points is not None:
        return False
    if isinstance(what, c.ForEvery):
        kind = about.type if about is not None else None
        return not isinstance(kind, c.NumberType) or kind.high is None
    return what.at_most_times is None and _by_calendar(what) is None


def counted_most(what: c.EachEvent, points: int, needed: int) -> int:
    """How many events can make a difference to the row; ``needed`` hundredths reach everything."""
    limits = [_by_calendar(what), what.at_most_times]
    if what.at_most_points is not None:
        limits.append(ceil(what.at_most_points / abs(points)) if points else 1)
    known = [limit for limit in limits if limit is not None]
    most = min(known) if known else needed // max(abs(points), 1) + 2
    return max(1, most) if points else 1


def _by_calendar(each: c.EachEvent) -> int | None:
    """How many can count because a window holds so many days, weeks or months."""
    if not isinstance(each.window, c.Within):
        return None
    limits: list[int] = []
    if isinstance(each.once_per, c.OncePerPeriod):
        limits.append(_periods(each.window.duration, each.once_per.period))
    if each.up_to is not None:
        limits.append(each.up_to.amount * _periods(each.window.duration, each.up_to.period))
    return min(limits, default=None)


_DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 90}


def _periods(duration: c.Duration, period: str) -> int:
    length = exact_length(duration)
    days = duration.amount * 31 if length is None else length.total_seconds() / 86_400
    return int(days // _DAYS[period]) + 2


def counts_apart(row: c.PointsRow) -> bool:
    """Whether not every event counts for the row, so that its count is a matter of its own."""
    what = row.what
    return isinstance(what, c.EachEvent) and (what.once_per is not None or what.up_to is not None)


def fades(row: c.PointsRow) -> bool:
    """Whether the row's points get less by age."""
    return isinstance(row.what, (c.EachEvent, c.OnceEvent)) and row.what.decay is not None
