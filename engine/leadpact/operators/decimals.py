"""Numbers of records: decimals with at most six decimals, compared exactly, never as floats.

A float (which is what a JSON decoder makes of ``4.25``) stands for the decimal that it prints.
"""

from __future__ import annotations

from decimal import Decimal

__all__ = ["MOST_DECIMALS", "NotExactError", "exact", "points"]

MOST_DECIMALS = 6
_MOST_DIGITS = 400
"""Beyond any float, and near enough to be written out."""


class NotExactError(ValueError):
    """The number has more than six decimals, or is not a number at all (NaN, infinity)."""


def exact(number: float | Decimal) -> int | Decimal:
    """The number as an exact decimal; whole numbers as ``int``.

    Raises ``NotExactError`` for NaN, infinities and more than six decimals.
    """
    value = number if isinstance(number, Decimal) else Decimal(repr(number))
    if not value.is_finite():
        raise NotExactError("this one is not finite")
    if value.adjusted() > _MOST_DIGITS:
        raise NotExactError(f"this one has more than {_MOST_DIGITS} digits")
    if value == value.to_integral_value():
        return int(value)
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MOST_DECIMALS:
        raise NotExactError(f"this one has more than {MOST_DECIMALS} decimals")
    return value


def points(hundredths: int) -> int | float:
    """Hundredths of points as people and JSON write them: ``62``, ``76.23``.

    The float is for printing only: it is the one nearest to a number with two decimals, so it
    prints as exactly that number.
    """
    return hundredths / 100 if hundredths % 100 else hundredths // 100
