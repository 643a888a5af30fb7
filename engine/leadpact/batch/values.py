"""Reading a cell of a table: text in, the value that a record would hold out.

Nothing is guessed. A number is digits with at most one decimal sign (``1e3`` and ``1,000`` are
wrong), a yes or no one of six words, a date what ISO 8601 or the mapping's pattern says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias, assert_never

from leadpact.checked import (
    AnyNumberOfType,
    DateType,
    FieldType,
    InstantType,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)
from leadpact.operators.text import BLANKS, fold

__all__ = ["Read", "Value", "WrongValueError", "fraction", "typed_reader"]

Value: TypeAlias = str | int | float | Decimal | bool | list[str]
Read: TypeAlias = Callable[[str], Value | None]

_MOST_DIGITS = 60
_EXACT_DIGITS = 15
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class WrongValueError(Exception):
    """A text that is not a value of its field; the message is the reason, for people."""


def typed_reader(kind: FieldType, *, dates: str | None = None, decimal: str = ".") -> Read:
    """What reads a text that is not blank as a value of ``kind``, or raises WrongValueError.

    ``dates`` is the pattern that dates are written by (ISO 8601 without one), ``decimal`` the
    decimal sign of numbers.
    """
    match kind:
        case TextType():
            return _text
        case NumberType():
            return _number_reader(decimal)
        case YesNoType():
            return _yes_no
        case OneOfType():
            return _stripped
        case AnyNumberOfType():
            return _several
        case DateType():
            return _date_reader(dates)
        case InstantType():
            return _instant_reader(dates)
    assert_never(kind)


def _text(text: str) -> str:
    return text


def _stripped(text: str) -> str:
    return text.strip(BLANKS)


def _several(text: str) -> list[str]:
    return [part for piece in text.split(";") if (part := piece.strip(BLANKS))]


def _yes_no(text: str) -> bool:
    value = _YES_NO.get(fold(text))
    if value is None:
        raise WrongValueError("is neither yes nor no (yes, no, true, false, 1 and 0 are read)")
    return value


def _number_reader(decimal: str) -> Read:
    pattern = re.compile(rf"-?[0-9]+(?:{re.escape(decimal)}[0-9]{{1,6}})?")

    def read(text: str) -> int | float | Decimal:
        digits = text.strip(BLANKS)
        if not pattern.fullmatch(digits):
            raise WrongValueError(_why_no_number(digits, decimal))
        if len(digits) > _MOST_DIGITS:
            raise WrongValueError(f"is a number of more than {_MOST_DIGITS} characters")
        if decimal in digits:
            return fraction(digits.replace(decimal, "."))
        return int(digits)

    return read


def fraction(digits: str) -> float | Decimal:
    """A number with a fraction: a float where it prints as what was written (which is what a
    float stands for, and what the engine takes in fastest), else a decimal.
    """
    return float(digits) if len(digits) <= _EXACT_DIGITS else Decimal(digits)


def _why_no_number(text: str, decimal: str) -> str:
    sign = "point" if decimal == "." else f"`{decimal}`"
    if re.fullmatch(rf"-?[0-9]+{re.escape(decimal)}[0-9]{{7,}}", text):
        return f"is a number with more than 6 digits after the {sign}"
    if re.fullmatch(r"-?[0-9]{1,3}([,. '][0-9]{3})+([.,][0-9]+)?", text):
        return "is not a number: write it without signs between the thousands"
    return "is not a number"


def _date_reader(pattern: str | None) -> Read:
    def read(text: str) -> str:
        written = text.strip(BLANKS)
        try:
            if pattern is not None:
                return datetime.strptime(written, pattern).date().isoformat()
            if date.fromisoformat(written).isoformat() == written:
                return written
        except ValueError:
            pass
        raise WrongValueError(f"is not a date like {_sample(pattern, '2026-10-01')}")

    return read


def _instant_reader(pattern: str | None) -> Read:
    def read(text: str) -> str:
        written = text.strip(BLANKS)
        if pattern is None:
            return written
        try:
            return datetime.strptime(written, pattern).isoformat()
        except ValueError:
            sample = _sample(pattern, "")
            raise WrongValueError(f"is not a date and time like {sample}") from None

    return read


def _sample(pattern: str | None, iso: str) -> str:
    return datetime(2026, 10, 1, 9, 30).strftime(pattern) if pattern else iso
