"""Stages: their ways out, their targets."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from leadpact.checked.conditions import Condition, EventPattern, LastFact
from leadpact.checked.times import Duration, InForce, Length
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = [
    "AnyStage",
    "HandMove",
    "Move",
    "Pause",
    "Stage",
    "Target",
    "TargetBy",
    "TargetEvery",
    "TargetHandBack",
    "TargetWithin",
    "Tell",
    "TimeOut",
    "WakeUp",
    "Worklist",
]


@frozen
class Worklist:
    name: str
    label: str


@frozen
class WakeUp:
    """Until when the lead sleeps after a move. One of these, and perhaps ``or_on``:

    ``after`` the move; ``on`` a day or instant that the newest event names; ``before`` a ``field``
    of the lead (a date), but not sooner than ``not_before`` after the move. The next ``or_on``
    event wakes it as well; it may stand alone.
    """

    after: Length | None
    on: LastFact | None
    before: Duration | None
    field: str | None
    not_before: Duration | None
    or_on: EventPattern | None


@frozen
class Move:
    """A way out of a stage: ``moves to`` and ``hands back to`` when ``when`` is true.

    ``because`` is a text, or what the newest event says (``reason of last rejected``).
    """

    rule: str
    to: str
    when: Condition
    because: str | LastFact | None
    span: Span
    how: Literal["moves to", "hands back to"] = "moves to"
    in_force: InForce | None = None
    does: tuple[str, ...] = ()
    worklists: tuple[Worklist, ...] = ()
    wake_up: WakeUp | None = None
    notes: tuple[str, ...] = ()


@frozen
class TimeOut:
    """A way out of a stage ``after`` so long in it without such an event.

    The clock starts on entering the stage, or on waking up in it. An event at exactly the deadline
    is in time.
    """

    rule: str
    to: str
    after: Length
    without: EventPattern
    because: str | LastFact | None
    span: Span
    in_force: InForce | None = None
    does: tuple[str, ...] = ()
    worklists: tuple[Worklist, ...] = ()
    wake_up: WakeUp | None = None
    notes: tuple[str, ...] = ()


@frozen
class HandMove:
    """A move that people of the parties make by hand, with a reason; nothing makes it happen."""

    rule: str
    to: str
    by: tuple[str, ...]
    because: str | None
    span: Span
    in_force: InForce | None = None
    does: tuple[str, ...] = ()
    worklists: tuple[Worklist, ...] = ()
    wake_up: WakeUp | None = None
    notes: tuple[str, ...] = ()


@frozen
class TargetWithin:
    """Done at the latest ``length`` after the clock started, that instant included."""

    length: Length


@frozen
class TargetBy:
    """Done by the first such local time on an open day, the day of the start included, or by that
    day's close if that is earlier. ``minutes`` are those since midnight.
    """

    minutes: int
    calendar: str


@frozen
class TargetEvery:
    """Done ``length`` after entering, and then again ``length`` after each time."""

    length: Length


@frozen
class Pause:
    """The clock stands still from each ``start`` until the next ``until`` event after it, or until
    the local midnight that begins the day which the property of the ``start`` event names.
    """

    start: EventPattern
    until: EventPattern | LastFact


@frozen
class Tell:
    """Somebody is told: at ``percent`` of the time, when the target is missed, or ``after`` that.

    ``to`` is ``owner`` or the name of a party or role (``kind`` says which).
    """

    to: str
    kind: Literal["owner", "party", "role"]
    percent: Decimal | None
    after: Length | None


@frozen
class TargetHandBack:
    """``rule`` is ``mql.first_contact.hands_back_to.nurture``. It is taken ``after`` the target
    was missed, if it was still not done until then.
    """

    rule: str
    to: str
    after: Length | None
    because: str | None
    span: Span


@frozen
class Target:
    """A promise in a stage: ``events`` (``None``: the lead has left it) in time.

    ``at_least`` such events, and with at least ``different[0]`` different values of the property
    ``different[1]``. It applies while ``when`` is true (``None``: always). Its clock starts on
    entering the stage or on waking up in it, or, with ``starts_when``, when that first becomes
    true there. ``rule`` is ``mql.first_contact``.
    """

    rule: str
    name: str
    label: str
    events: EventPattern | None
    at_least: int
    different: tuple[int, str] | None
    limit: TargetWithin | TargetBy | TargetEvery
    when: Condition | None
    starts_when: Condition | None
    pauses: tuple[Pause, ...]
    tells: tuple[Tell, ...]
    hands_back: tuple[TargetHandBack, ...]
    in_force: InForce | None
    because: str | None
    means: tuple[str, ...]
    notes: tuple[str, ...]
    span: Span


@frozen
class Stage:
    """``moves`` are all ways out that act by themselves, ``targets``' hand-backs aside, in the
    order written: time-outs act after the others whatever the order.
    """

    name: str
    label: str
    owner: str | None
    start: bool
    final: bool
    means: tuple[str, ...]
    moves: tuple[Move | TimeOut, ...]
    span: Span
    by_hand: tuple[HandMove, ...] = ()
    targets: tuple[Target, ...] = ()
    may_contact: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class AnyStage:
    """Moves out of every stage but the ``excepted`` ones and the one they lead to.

    They come before the stages' own, in the order written. Rules are ``any_stage.moves_to.S``.
    """

    excepted: tuple[str, ...]
    owner: str | None
    moves: tuple[Move | TimeOut, ...]
    by_hand: tuple[HandMove, ...]
    notes: tuple[str, ...]
    span: Span
