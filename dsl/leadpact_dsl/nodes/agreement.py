"""The blocks ``agreement`` and ``guarantee``."""

from __future__ import annotations

from typing import Literal, TypeAlias

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.conditions import Condition
from leadpact_dsl.nodes.words import Day, Duration, InForce, Number, Quoted, Ref, Word
from leadpact_dsl.source import Span

__all__ = [
    "AgreementBlock",
    "AgreementLine",
    "AtMostShare",
    "ChangesNeed",
    "Delivers",
    "EachPeriod",
    "GuaranteeBlock",
    "NeverLowers",
    "NeverStage",
    "Reaches",
    "Review",
    "ReviewEvery",
    "Signed",
    "TargetMet",
    "WaitBetween",
]


EachPeriod: TypeAlias = Literal["day", "week", "month", "quarter", "year"]


@frozen
class Review:
    """``, when missed [2 times running] review fit``"""

    running: Number | None
    what: Word
    span: Span


@frozen
class Delivers:
    """``marketing delivers at least 120 mql each month``"""

    party: Word
    amount: Number
    stage: Word
    each: EachPeriod
    review: Review | None
    in_force: InForce | None
    because: Quoted | None
    span: Span
    as_name: Word | None = None


@frozen
class Reaches:
    """``sales reaches picked_up for at least 60% of mql [within 7 days] [each month]``

    ``what`` is an event or a stage.
    """

    party: Word
    what: Ref
    percent: Number
    stage: Word
    within: Duration | None
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: Quoted | None
    span: Span
    as_name: Word | None = None


@frozen
class TargetMet:
    """``target first_contact is met for at least 95% [each month]``"""

    target: Word
    percent: Number
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: Quoted | None
    span: Span
    as_name: Word | None = None


@frozen
class AtMostShare:
    """``at most 35% of mql time out each week``, ``at most 20% of mql hand back``"""

    percent: Number
    stage: Word
    what: Literal["time out", "hand back"]
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: Quoted | None
    span: Span
    as_name: Word | None = None


@frozen
class ReviewEvery:
    """``review every month``"""

    period: EachPeriod
    span: Span


@frozen
class ChangesNeed:
    """``changes need marketing, sales``"""

    parties: tuple[Word, ...]
    span: Span


@frozen
class WaitBetween:
    """``wait at least 30 days between changes``"""

    duration: Duration
    span: Span


@frozen
class Signed:
    """``signed by marketing "Head of Demand Generation" on 2026-09-28``"""

    party: Word
    role: Quoted | None
    on: Day | None
    span: Span


AgreementLine: TypeAlias = (
    Delivers | Reaches | TargetMet | AtMostShare | ReviewEvery | ChangesNeed | WaitBetween | Signed
)


@frozen
class AgreementBlock:
    label: Quoted | None
    owner: Word | None
    goals: tuple[Quoted, ...]
    lines: tuple[AgreementLine, ...]
    notes: tuple[Quoted, ...]
    span: Span


@frozen
class NeverStage:
    """``never mql when is_customer``"""

    stage: Word
    when: Condition
    span: Span


@frozen
class NeverLowers:
    """``more activity never lowers interest except careers_view, unsubscribe``"""

    score: Word
    excepted: tuple[Word, ...]
    span: Span


@frozen
class GuaranteeBlock:
    label: Quoted | None
    owner: Word | None
    promises: tuple[NeverStage | NeverLowers, ...]
    because: Quoted | None
    notes: tuple[Quoted, ...]
    span: Span
