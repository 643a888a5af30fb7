"""The types that fields and properties have."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from leadpact_dsl.frozen import frozen

__all__ = [
    "AnyNumberOfType",
    "DateType",
    "FieldType",
    "InstantType",
    "NumberType",
    "OneOfType",
    "TextType",
    "YesNoType",
]


@frozen
class TextType:
    pass


@frozen
class NumberType:
    """``number``, ``whole number`` and ``money``; the ends of the range are included."""

    whole: bool
    money: bool
    low: Decimal | None
    high: Decimal | None


@frozen
class YesNoType:
    pass


@frozen
class OneOfType:
    values: tuple[str, ...]


@frozen
class AnyNumberOfType:
    values: tuple[str, ...]


@frozen
class DateType:
    pass


@frozen
class InstantType:
    pass


FieldType: TypeAlias = (
    TextType | NumberType | YesNoType | OneOfType | AnyNumberOfType | DateType | InstantType
)
