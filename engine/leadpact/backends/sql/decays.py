"""Points that fall with age, and sums that fall without activity, as tables of whole numbers."""

from __future__ import annotations

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.python.decays import fades_after, left_over, shares
from leadpact.backends.sql.dialects import Dialect
from leadpact.backends.sql.instants import DAY
from leadpact.backends.sql.sheet import column, whole
from leadpact.checked import Inactivity

__all__ = ["age", "behind", "fades_after", "left_table", "points_table", "share"]


def behind(now: int) -> exp.Expression:
    """How long ago an event happened, in microseconds."""
    return exp.Sub(this=whole(now), expression=column("at"))


def age(dialect: Dialect, now: int) -> exp.Expression:
    """An event's age in whole days."""
    return dialect.divided(behind(now), DAY)


def share(measure: p.Decayed, dialect: Dialect, now: int) -> exp.Expression:
    """The hundredths that are left of an event."""
    table = points_table(measure)
    return dialect.looked_up(table, dialect.least(age(dialect, now), whole(len(table) - 1)))


def points_table(measure: p.Decayed) -> tuple[int, ...]:
    """Age in days → the hundredths that are left of an event; the last holds from then on."""
    left = shares(measure)
    return tuple(left[age] for age in range(fades_after(measure.decay) + 1))


def left_table(inactivity: Inactivity) -> tuple[int, ...]:
    """Full periods → ten-thousandths that are left of a sum; the last holds from then on."""
    assert inactivity.percent is not None
    left = left_over(inactivity)
    found = [left[0]]
    while found[-1] > 0:
        found.append(left[len(found)])
    return tuple(found)
