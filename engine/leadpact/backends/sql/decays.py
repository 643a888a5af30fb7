"""Points that fall with age, and sums that fall without activity, as tables of whole numbers."""

from __future__ import annotations

from leadpact import plan as p
from leadpact.backends.python.decays import fades_after, left_over, shares
from leadpact.checked import Inactivity

__all__ = ["fades_after", "left_table", "points_table"]


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
