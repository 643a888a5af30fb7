"""What a replay tells: the stays of a lead, how it left each, and what was promised meanwhile.

Encoded, it is the JSON of the published format. Instants are aware, in UTC; ``None`` stands for
what nobody can tell, or what has not happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from leadpact.decision import Points, PolicyRef, Warning

__all__ = [
    "Clock",
    "ClockState",
    "Coming",
    "Exit",
    "Happening",
    "History",
    "How",
    "Listed",
    "Slept",
    "Stay",
    "Stopped",
    "Told",
    "encode",
]

How: TypeAlias = Literal["moves to", "hands back to", "times out to", "recorded"]
"""What kind of rule made a move; ``recorded``: the record tells of it."""

ClockState: TypeAlias = Literal["waiting", "running", "paused", "met", "missed", "stopped"]


class Happening(Struct, frozen=True):
    """An event that let something start, move or stop.

    ``label`` is that of the narrowest kind of the policy that it is one of.
    """

    at: datetime
    kind: str
    label: str
    id: str | None
    by: str | None


class Exit(Struct, frozen=True):
    """How the lead left a stage: where to, by which rule, why, and what it looked like then.

    ``says`` is the rule in words; ``because`` the reason. ``scores`` are points, ``grades`` letters
    at that instant. Of a recorded move only what the record tells is known.
    """

    to: str
    at: datetime | None
    how: How
    rule: str | None
    says: str | None
    because: str | None
    scores: Mapping[str, Points]
    grades: Mapping[str, str]


class Stopped(Struct, frozen=True):
    """A pause of a clock; ``until`` is ``None`` when it had not ended."""

    since: datetime
    until: datetime | None


class Told(Struct, frozen=True):
    """Somebody was told about a target.

    ``to`` is the party or role (``owner`` where the stage has none). ``percent`` of its time was
    used, or (``None``) it was missed; ``late`` when that was some time before.
    """

    at: datetime
    to: str
    percent: Points | None
    late: bool


class Clock(Struct, frozen=True):
    """A promise about one stay, and what became of it.

    ``waiting`` for its start; ``running`` or ``paused`` when the history ends; ``met`` at ``at``;
    ``missed`` when ``due`` (and then done ``late``, perhaps); ``stopped`` at ``stopped``, because
    the lead left or the target no longer applied. A target ``every D`` has a clock a round, from
    each such event to the next.
    """

    target: str
    state: ClockState
    started: datetime | None
    due: datetime | None
    at: datetime | None
    late: datetime | None
    stopped: datetime | None
    pauses: tuple[Stopped, ...]
    told: tuple[Told, ...]
    handed_back: datetime | None


class Listed(Struct, frozen=True):
    """A worklist on which the lead stood in a stay; ``until`` is ``None`` while it still does.

    ``scores`` and ``grades`` are those with which it came there.
    """

    worklist: str
    since: datetime
    until: datetime | None
    scores: Mapping[str, Points]
    grades: Mapping[str, str]


class Slept(Struct, frozen=True):
    """How long the lead slept in a stay. ``woke`` is ``None`` when it left, or still sleeps.

    ``until`` is when it would wake if nothing happened (``None``: that is not known).
    """

    since: datetime
    until: datetime | None
    woke: datetime | None


class Stay(Struct, frozen=True):
    """One stay in a stage, from ``entered`` until ``left`` by ``exit`` (``None``: it is there)."""

    stage: str
    owner: str | None
    entered: datetime | None
    left: datetime | None
    exit: Exit | None
    targets: tuple[Clock, ...]
    worklists: tuple[Listed, ...]
    sleep: Slept | None
    events: tuple[Happening, ...]
    other_events: int


class Coming(Struct, frozen=True):
    """What comes next, if nothing happens before: a time-out or a target's hand-back ``to`` a
    stage (``name`` is the rule), a target falling due, or the lead waking up in a stage.
    """

    at: datetime
    what: Literal["time out", "hand back", "target", "wake up"]
    name: str
    to: str | None


class History(Struct, frozen=True):
    """The life of a lead until an instant. The last stay is where the lead is then.

    ``scores`` and ``grades`` are those at ``until``. ``later_events`` happened after it and do not
    count. ``warnings`` are those of decisions, and ``move_not_allowed`` (a recorded move that the
    policy does not know), ``since_unknown`` (the record does not tell since when the lead is in
    its stage, so replay begins at ``until``), ``past_unknown`` (it does not tell where the lead was
    before), ``woke_at_once`` (a wake-up in the past, or not known).
    """

    format: Literal[1]
    id: str
    until: datetime
    policy: PolicyRef
    status: Literal["replayed"]
    stays: tuple[Stay, ...]
    scores: Mapping[str, Points]
    grades: Mapping[str, str]
    coming: tuple[Coming, ...]
    later_events: int
    warnings: tuple[Warning, ...]


_ENCODER = msgspec.json.Encoder()


def encode(history: History) -> bytes:
    """The history as one line of JSON, without a line end."""
    return _ENCODER.encode(history)
