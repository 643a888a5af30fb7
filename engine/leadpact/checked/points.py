"""Scores and grades, and the rows that give points."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from leadpact.checked.conditions import Condition, EventPattern
from leadpact.checked.times import InForce, Window
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = [
    "ByRange",
    "ByRest",
    "ByRow",
    "ByValues",
    "Category",
    "Decay",
    "EachEvent",
    "ForEvery",
    "Grade",
    "Inactivity",
    "Letter",
    "NeedsKnown",
    "OnceEvent",
    "OncePerPeriod",
    "OncePerProperty",
    "Period",
    "PointsBy",
    "PointsRow",
    "Restart",
    "Score",
    "UpTo",
]


Period: TypeAlias = Literal["day", "week", "month", "quarter"]


@frozen
class OncePerPeriod:
    period: Period


@frozen
class OncePerProperty:
    """The newest event of each value of the property; events without it count one by one."""

    property: str


@frozen
class UpTo:
    """At most ``amount`` events in each ``period``, of those that ``once per`` left."""

    amount: int
    period: Literal["day", "week", "month"]


@frozen
class Decay:
    """An event's share of its points falls with its age, by whole 24-hour days.

    ``halving``: by half every ``days``; ``fading``: evenly, to nothing after ``days``.
    """

    how: Literal["halving", "fading"]
    days: int


@frozen
class EachEvent:
    """``points`` for each event. ``at_most_points`` (hundredths, positive) caps the row in the
    direction of its sign; ``at_most_times`` the number of events.
    """

    events: EventPattern
    once_per: OncePerPeriod | OncePerProperty | None
    up_to: UpTo | None
    window: Window
    at_most_times: int | None
    at_most_points: int | None
    decay: Decay | None = None


@frozen
class OnceEvent:
    """``points`` once, if at least ``at_least`` such events happened in the window.

    With ``decay`` the newest of them tells the age.
    """

    events: EventPattern
    at_least: int
    window: Window
    decay: Decay | None = None


@frozen
class ForEvery:
    """``points`` for each whole ``step`` of a number field; nothing while it is unknown.

    Whole steps are counted towards zero, and a negative value gives nothing.
    """

    field: str
    step: Decimal
    at_most_points: int | None


@frozen
class PointsRow:
    """``what`` is ``None`` for a row that stands on its ``when`` alone."""

    rule: str
    points: int
    what: EachEvent | OnceEvent | ForEvery | None
    when: Condition | None
    because: str | None
    span: Span
    in_force: InForce | None = None
    notes: tuple[str, ...] = ()


@frozen
class ByValues:
    """A value or list of values, matched as the field's type compares."""

    values: tuple[str | bool, ...]


@frozen
class ByRange:
    """Both ends included; ``below B`` is ``high`` with ``high_open``. Numbers or days."""

    low: Decimal | date | None
    high: Decimal | date | None
    high_open: bool


@frozen
class ByRest:
    """``otherwise`` is every known value; ``unknown`` an unknown one."""

    what: Literal["otherwise", "unknown"]


@frozen
class ByRow:
    rule: str
    points: int
    match: ByValues | ByRange | ByRest
    because: str | None
    span: Span
    in_force: InForce | None = None
    notes: tuple[str, ...] = ()


@frozen
class PointsBy:
    """The first row that matches acts; no row acts for a value that none matches."""

    field: str
    rows: tuple[ByRow, ...]
    span: Span


@frozen
class Inactivity:
    """``rule`` is ``interest.counts_less`` or ``interest.web.counts_less``.

    For each full ``period`` since the lead's last activity: ``percent`` of what is left, or
    ``points`` (hundredths). ``never_below`` holds for a lead that was ever active and had as much.
    """

    rule: str
    percent: Decimal | None
    points: int | None
    period: Literal["day", "week", "month"]
    never_below: int | None
    span: Span


@frozen
class Restart:
    """Events at or before the newest such event (or entry to ``stage``) stop counting.

    Exactly one of ``events`` and ``stage`` is set. An entry that the record does not tell of does
    not count. ``rule`` is ``interest.starts_again.unsubscribe``.
    """

    rule: str
    events: EventPattern | None
    stage: str | None
    span: Span


@frozen
class Category:
    """``rule`` is ``interest.web``. The cap bounds the sum from above only (hundredths)."""

    rule: str
    name: str
    label: str
    at_most: int | None
    rows: tuple[PointsRow | PointsBy, ...]
    span: Span
    inactivity: Inactivity | None = None
    restarts: tuple[Restart, ...] = ()
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class Score:
    """``low`` and ``high`` clamp the whole (hundredths; ``None``: no clamp on that side)."""

    name: str
    label: str
    owner: str | None
    low: int | None
    high: int | None
    rows: tuple[PointsRow | PointsBy | Category, ...]
    span: Span
    inactivity: Inactivity | None = None
    restarts: tuple[Restart, ...] = ()
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class Letter:
    """Best letter first. ``low`` in hundredths; ``None`` for ``otherwise``, the last."""

    rule: str
    name: str
    low: int | None
    span: Span
    in_force: InForce | None = None


@frozen
class NeedsKnown:
    """Below ``count`` known of ``fields`` the letter is unknown: ``insufficient data``."""

    count: int
    fields: tuple[str, ...]
    span: Span


@frozen
class Grade:
    name: str
    label: str
    owner: str | None
    rows: tuple[PointsRow | PointsBy, ...]
    letters: tuple[Letter, ...]
    needs: tuple[NeedsKnown, ...]
    span: Span
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
