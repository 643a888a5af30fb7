"""The agreement, its promises, and guarantees."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from leadpact.checked.conditions import Condition, EventPattern
from leadpact.checked.times import InForce, Length
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = [
    "Agreement",
    "AtMostShare",
    "Delivers",
    "EachPeriod",
    "Guarantee",
    "NeverLowers",
    "NeverStage",
    "Promise",
    "Reaches",
    "Review",
    "Signature",
    "TargetMet",
]


EachPeriod: TypeAlias = Literal["day", "week", "month", "quarter", "year"]


@frozen
class Review:
    """What is looked at again after the line was missed ``running`` full periods in a row.

    ``what`` names a score, grade, group, checklist, definition, stage or target.
    """

    running: int
    what: str


@frozen
class Delivers:
    """``party`` brings at least ``amount`` leads into ``stage`` in each period."""

    rule: str
    party: str
    amount: int
    stage: str
    each: EachPeriod
    review: Review | None
    in_force: InForce | None
    because: str | None
    span: Span


@frozen
class Reaches:
    """For at least ``percent`` of the stays in ``stage`` the event (or the stage ``what``) is
    reached, ``within`` so long of entering. ``each`` ``None``: over the report's whole time.
    """

    rule: str
    party: str
    what: EventPattern | str
    percent: Decimal
    stage: str
    within: Length | None
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: str | None
    span: Span


@frozen
class TargetMet:
    rule: str
    target: str
    percent: Decimal
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: str | None
    span: Span


@frozen
class AtMostShare:
    """At most ``percent`` of the stays in ``stage`` end in a time-out, or in a hand-back."""

    rule: str
    percent: Decimal
    stage: str
    what: Literal["time out", "hand back"]
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: str | None
    span: Span


Promise: TypeAlias = Delivers | Reaches | TargetMet | AtMostShare


@frozen
class Signature:
    party: str
    role: str | None
    on: date | None
    span: Span


@frozen
class Agreement:
    """The service-level agreement. Rules are ``agreement.delivers.mql`` and the like.

    ``wait_days`` is the least number of days between two changes.
    """

    label: str
    owner: str | None
    goals: tuple[str, ...]
    promises: tuple[Promise, ...]
    review_every: EachPeriod | None
    changes_need: tuple[str, ...]
    wait_days: int | None
    signatures: tuple[Signature, ...]
    notes: tuple[str, ...]
    span: Span


@frozen
class NeverStage:
    """No move enters ``stage`` while ``when`` is true, and a lead in it then has a way out."""

    stage: str
    when: Condition
    span: Span


@frozen
class NeverLowers:
    """One more activity of a kind not among ``excepted`` (base kinds) never lowers the score."""

    score: str
    excepted: tuple[EventPattern, ...]
    span: Span


@frozen
class Guarantee:
    """What must hold for every possible lead. ``rule`` is ``guarantee.NUMBER``, from 1."""

    rule: str
    label: str
    owner: str | None
    promises: tuple[NeverStage | NeverLowers, ...]
    because: str | None
    notes: tuple[str, ...]
    span: Span
