"""Constants of a policy as JavaScript: exact, and safe inside a page.

Hundredths, millionths and instants are BigInt, days are days since 1970. A text can become
neither code nor a tag: every ``<`` in it is written as a character reference.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import assert_never

from leadpact.checked import BusinessTime, Duration, Length

__all__ = ["NotSayableError", "day", "hundredths", "length", "listed", "number", "text", "yes"]

_EPOCH = date(1970, 1, 1)
_MILLION = 1_000_000


class NotSayableError(ValueError):
    """The policy says something that JavaScript cannot work out exactly; the text names it."""


def text(value: str | None) -> str:
    """A text, or ``null``."""
    return json.dumps(value).replace("<", "\\u003c")


def listed(members: Iterable[str]) -> str:
    return f"[{', '.join(members)}]"


def yes(value: bool) -> str:
    return "true" if value else "false"


def hundredths(value: int | None) -> str:
    """Points, or ``null``."""
    return "null" if value is None else f"{value}n"


def number(value: Decimal | int) -> str:
    """A number as whole millionths. Raises ``NotSayableError`` for one with more decimals."""
    scaled = Decimal(value) * _MILLION
    if scaled != scaled.to_integral_value():
        raise NotSayableError(f"the number {value}: it has more than six decimals")
    return f"{int(scaled)}n"


def day(value: date) -> str:
    return str((value - _EPOCH).days)


def length(value: Length | None) -> str:
    """``[amount, unit]``, with the calendar's name for business time; or ``null``."""
    match value:
        case None:
            return "null"
        case Duration(amount, unit):
            return f"[{amount}, {text(unit)}]"
        case BusinessTime(amount, unit, calendar):
            return f"[{amount}, {text(unit)}, {text(calendar)}]"
        case _:
            assert_never(value)
