"""Durations, windows and the days on which a row is in force."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from leadpact_dsl.frozen import frozen

__all__ = [
    "BusinessTime",
    "Duration",
    "Ever",
    "InForce",
    "Length",
    "SinceEntered",
    "SinceStage",
    "Window",
    "Within",
]


@frozen
class Duration:
    """An exact length of time, or a number of calendar months."""

    amount: int
    unit: Literal["minute", "hour", "day", "week", "month"]


@frozen
class BusinessTime:
    """A length of time that counts only while a calendar is open.

    Minutes and hours are open time. ``2 business days`` of something end at the close of the
    second opening day after the day on which it happened. ``calendar`` is a calendar's name.
    """

    amount: int
    unit: Literal["minute", "hour", "day"]
    calendar: str


Length: TypeAlias = Duration | BusinessTime


@frozen
class InForce:
    """From ``first`` until ``last``, both days included, by the policy's zone at ``as_of``.

    ``None``: no border on that side.
    """

    first: date | None
    last: date | None


@frozen
class Within:
    duration: Duration


@frozen
class Ever:
    pass


@frozen
class SinceEntered:
    """Since the lead entered its present stage: an event of a stage's rule without a window.

    The instant of entering is included.
    """


@frozen
class SinceStage:
    """Since the lead last entered (``how``) or left ``stage``, that instant included.

    For a lead that never did, nothing happened since. While the record does not tell whether it
    did, an ``EventTest`` is unknown, and rows of points find nothing.
    """

    how: Literal["entering", "leaving"]
    stage: str


Window: TypeAlias = Within | Ever | SinceEntered | SinceStage
