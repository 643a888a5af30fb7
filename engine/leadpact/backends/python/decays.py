"""Points that fall with age, by whole 24-hour days, and sums that fall without activity.

Shares are whole ten-thousandths, made once from exact fractions (50-digit decimals for halving),
rounded half up. What a share makes of points is rounded half up, too: halves go towards plus
infinity, here as everywhere.
"""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from leadpact import plan as p
from leadpact.backends.python.memo import Memo
from leadpact.checked import Decay, Inactivity

__all__ = ["fades_after", "inactive", "kept", "left_over", "shares"]

WHOLE = 10_000
_PRECISE = Context(prec=50)


def rounded(numerator: int, denominator: int) -> int:
    """The nearest whole number; halves go up."""
    return (2 * numerator + denominator) // (2 * denominator)


@cache
def share(decay: Decay, age: int) -> int:
    """What is left after ``age`` whole days, in ten-thousandths."""
    if decay.how == "fading":
        return rounded(WHOLE * (decay.days - age), decay.days) if age < decay.days else 0
    if age >= fades_after(decay):
        return 0
    exponent = _PRECISE.divide(Decimal(-age), Decimal(decay.days))
    exact = _PRECISE.multiply(WHOLE, _PRECISE.power(Decimal(2), exponent))
    return int(exact.to_integral_value(ROUND_HALF_UP))


def fades_after(decay: Decay) -> int:
    """The age in days from which nothing is left."""
    # 2 to the power of -14.3 is less than half a ten-thousandth.
    return decay.days if decay.how == "fading" else decay.days * 143 // 10 + 1


def shares(measure: p.Decayed) -> Memo:
    """Age in days → the points (hundredths) that are left of an event."""
    return Memo(lambda age: rounded(measure.points * share(measure.decay, age), WHOLE))


def kept(
    events: list[tuple[datetime, Any, int]],
    up_to: int | None,
    times: int | None,
    given: Memo,
    now: datetime,
) -> tuple[int, int]:
    """The points of the events that count, and how many they are.

    Each event comes with its group, of which only the newest counts (``None``: it counts by
    itself), and its period, of which ``up_to`` count.
    """
    newest: dict[Any, tuple[datetime, int]] = {}
    counted: list[tuple[datetime, int]] = []
    for at, group, period in events:
        if group is None:
            counted.append((at, period))
        elif group not in newest or at > newest[group][0]:
            newest[group] = (at, period)
    counted += newest.values()
    counted.sort(reverse=True)
    if up_to is not None:
        seen: dict[int, int] = {}
        allowed = []
        for at, period in counted:
            seen[period] = seen.get(period, 0) + 1
            if seen[period] <= up_to:
                allowed.append((at, period))
        counted = allowed
    counted = counted[:times]
    return sum(given[(now - at).days] for at, _ in counted), len(counted)


# --- without activity --------------------------------------------------------------------------


def left_over(inactivity: Inactivity) -> Memo:
    """Full periods → ten-thousandths that are left of the sum (for percents)."""
    assert inactivity.percent is not None
    kept_share = 1 - Fraction(inactivity.percent) / 100

    def left(periods: int) -> int:
        # (1 - p) to the power of k is at most e to the power of -pk; at 9.91 nothing is left.
        if periods * inactivity.percent >= 991:  # type: ignore[operator]
            return 0
        exact = WHOLE * kept_share**periods
        return rounded(exact.numerator, exact.denominator)

    return Memo(left)


def inactive(total: int, periods: int, inactivity: Inactivity, left: Memo | None) -> int:
    """The sum (hundredths) after so many full periods without activity."""
    if left is not None:
        less = rounded(total * left[periods], WHOLE)
    else:
        less = total - periods * (inactivity.points or 0)
    floor = inactivity.never_below
    return max(less, floor) if floor is not None and total >= floor else less
