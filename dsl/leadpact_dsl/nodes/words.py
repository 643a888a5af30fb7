"""Words, numbers, days, and what a condition is about."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = [
    "Clock",
    "Day",
    "DomainOf",
    "Duration",
    "GainedSince",
    "InForce",
    "LastOf",
    "MomentOf",
    "Money",
    "MonthDay",
    "Number",
    "Quoted",
    "Ref",
    "Subject",
    "TimeOfDay",
    "Unit",
    "Value",
    "Word",
]


@frozen
class Word:
    """A bare word: a name, a value of ``one of``, or ``yes`` and ``no``."""

    text: str
    span: Span


@frozen
class Quoted:
    """A text in double quotes, without them."""

    text: str
    span: Span


@frozen
class Number:
    value: Decimal
    span: Span


@frozen
class Money:
    """``50,000 SEK``"""

    value: Decimal
    currency: str
    span: Span


@frozen
class Day:
    """``2026-10-01``, not yet known to exist: ``2026-02-30`` is the checker's to refuse."""

    text: str
    span: Span


@frozen
class Clock:
    """``2026-10-01 09:30``: a day and a time of day in the policy's zone."""

    text: str
    span: Span


@frozen
class MonthDay:
    """``2026-12-24 every year``: the day of the month in each year; ``text`` has the whole day."""

    text: str
    span: Span


@frozen
class TimeOfDay:
    """``09:00``, not yet known to exist; ``24:00`` ends a day."""

    text: str
    span: Span


Unit: TypeAlias = Literal[
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "business minute",
    "business hour",
    "business day",
]


@frozen
class Duration:
    """``30 days``, ``4 business hours of office``; ``unit`` is singular whatever was written.

    ``calendar`` is what stands after ``of``, where the place allows it.
    """

    amount: int
    unit: Unit
    span: Span
    calendar: Word | None = None


@frozen
class InForce:
    """``in force from DAY [until DAY]`` or ``in force until DAY``; both days included."""

    first: Day | None
    last: Day | None
    span: Span


Value: TypeAlias = Word | Quoted | Number | Money | Day


@frozen
class Ref:
    """``interest`` or ``interest.web``"""

    name: Word
    member: Word | None
    span: Span


@frozen
class DomainOf:
    """``domain of email``"""

    field: Word
    span: Span


@frozen
class LastOf:
    """``PROPERTY of last ACT``"""

    property: Word
    event: Ref
    span: Span


@frozen
class MomentOf:
    """``first ACT``, ``last ACT``, ``last entry to STAGE``, ``last exit from STAGE``."""

    what: Literal["first", "last", "last entry to", "last exit from"]
    name: Ref
    span: Span


@frozen
class GainedSince:
    """``SCORE gained since entering STAGE``, ``… leaving STAGE``"""

    score: Word
    how: Literal["entering", "leaving"]
    stage: Word
    span: Span


Subject: TypeAlias = Ref | DomainOf | LastOf | MomentOf | GainedSince
