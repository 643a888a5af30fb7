"""The block ``stage``: its ways out, and its targets."""

from __future__ import annotations

from typing import Literal

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.conditions import Condition
from leadpact_dsl.nodes.words import Duration, InForce, LastOf, Number, Quoted, Ref, TimeOfDay, Word
from leadpact_dsl.source import Span

__all__ = [
    "AnyStageBlock",
    "MayContact",
    "MoveLine",
    "Pause",
    "StageBlock",
    "TargetBy",
    "TargetEvery",
    "TargetHandsBack",
    "TargetLine",
    "TargetWithin",
    "Tell",
    "WakeUp",
    "Worklist",
]


@frozen
class Worklist:
    """``put on worklist unpicked "Unpicked MQLs"``"""

    name: Word
    label: Quoted | None
    span: Span


@frozen
class WakeUp:
    """``wake up after D``, ``wake up on P of last ACT``, ``wake up D before FIELD``.

    Exactly one of ``after``, ``on`` and ``before`` (with ``field``) is set, or none with only
    ``or_on``: ``wake up on demo_request``. ``not_before`` belongs to ``before``.
    """

    after: Duration | None
    on: LastOf | None
    before: Duration | None
    field: Word | None
    not_before: Duration | None
    or_on: Ref | None
    span: Span


@frozen
class MoveLine:
    """A way out of a stage.

    ``moves to S when C``, ``hands back to S when C``, ``times out to S after D without ACT``,
    ``moves by hand to S by PARTY, …``. A reason is a text or ``reason of last rejected``.
    """

    how: Literal["moves to", "hands back to", "times out to", "moves by hand to"]
    to: Word
    when: Condition | None
    as_name: Word | None
    because: Quoted | LastOf | None
    span: Span
    in_force: InForce | None = None
    after: Duration | None = None
    without: Ref | None = None
    by: tuple[Word, ...] = ()
    does: tuple[Quoted, ...] = ()
    worklists: tuple[Worklist, ...] = ()
    wake_ups: tuple[WakeUp, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class TargetWithin:
    """``within 4 business hours of office``"""

    duration: Duration
    span: Span


@frozen
class TargetBy:
    """``by 17:00 of office``"""

    time: TimeOfDay
    calendar: Word | None
    span: Span


@frozen
class TargetEvery:
    """``every 60 days``"""

    duration: Duration
    span: Span


@frozen
class Pause:
    """``pauses from X until Y``; ``until`` is an event, or the day in ``P of last ACT``."""

    start: Ref
    until: Ref | LastOf
    span: Span


@frozen
class Tell:
    """``tell owner at 75%``, ``tell sales_manager when missed``, ``tell … 2 business hours after
    missed``. ``percent`` and ``after`` are both ``None`` for ``when missed``.
    """

    to: Word
    percent: Number | None
    after: Duration | None
    span: Span


@frozen
class TargetHandsBack:
    """``hands back to S 8 business hours after missed``; ``after`` ``None`` for ``when missed``."""

    to: Word
    after: Duration | None
    as_name: Word | None
    because: Quoted | None
    span: Span


@frozen
class TargetLine:
    """``target NAME "…" is ACT [at least N times] [with at least N different P] within D``

    ``event`` is ``None`` for ``left``. All lines of a kind are kept; too many of one are the
    checker's to refuse.
    """

    name: Word
    label: Quoted | None
    event: Ref | None
    at_least: Number | None
    different: tuple[Number, Word] | None
    limit: TargetWithin | TargetBy | TargetEvery | None
    when: Condition | None
    starts_when: Condition | None
    pauses: tuple[Pause, ...]
    tells: tuple[Tell, ...]
    hands_back: tuple[TargetHandsBack, ...]
    in_force: InForce | None
    because: Quoted | None
    means: tuple[Quoted, ...]
    notes: tuple[Quoted, ...]
    span: Span


@frozen
class MayContact:
    """``may contact sales, partners``"""

    parties: tuple[Word, ...]
    span: Span


@frozen
class StageBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    start: tuple[Span, ...]
    final: tuple[Span, ...]
    means: tuple[Quoted, ...]
    moves: tuple[MoveLine, ...]
    span: Span
    may_contact: tuple[MayContact, ...] = ()
    targets: tuple[TargetLine, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class AnyStageBlock:
    """``any stage except opportunity, disqualified:`` with its moves."""

    excepted: tuple[Word, ...]
    owner: Word | None
    moves: tuple[MoveLine, ...]
    notes: tuple[Quoted, ...]
    span: Span
