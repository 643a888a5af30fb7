"""What time takes away: shares of points by age, and of sums by inactivity."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from leadpact.checked import Decay

WHOLE = 10_000
"""Shares are whole ten-thousandths."""


def half_up(number: Fraction) -> int:
    """The nearest whole number; a half goes towards plus infinity."""
    return (number + Fraction(1, 2)).__floor__()


def share_of(decay: Decay, age: int) -> int:
    """The share of an event's points that is left after so many whole days."""
    match decay.how:
        case "fading":
            if age >= decay.days:
                return 0
            return half_up(Fraction(WHOLE * (decay.days - age), decay.days))
        case "halving":
            return _halved(decay.days, age)
        case _:
            assert_never(decay.how)


def _halved(days: int, age: int) -> int:
    """``WHOLE`` times 2 to the power of ``-age / days``, rounded half up, in whole numbers alone.

    That is the greatest ``share`` with ``share - 1/2`` not above it. To compare, both sides are
    doubled and taken to the power of ``days``.
    """
    share = 0
    for more in (8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1):
        if (2 * (share + more) - 1) ** days * 2**age <= (2 * WHOLE) ** days:
            share += more
    return share


def decayed(points: int, decay: Decay | None, age: int) -> int:
    """The points (hundredths) that one event still gives."""
    if decay is None:
        return points
    return half_up(Fraction(points * share_of(decay, age), WHOLE))


def left_of(percent: Fraction, periods: int) -> int:
    """The share that is left when so much of the rest is taken away in each period."""
    return half_up(WHOLE * (1 - percent / 100) ** periods)
