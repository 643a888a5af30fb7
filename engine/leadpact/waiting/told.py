"""What the work lists tell of a lead. Encoded, it is the JSON of the published format.

Instants are aware, in UTC; ``None`` stands for what nobody can tell, or what is not so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from leadpact.decision import Points, PolicyRef
from leadpact.life.history import How

__all__ = [
    "Activity",
    "Deadline",
    "DeadlineState",
    "Dossier",
    "OnList",
    "Reason",
    "Step",
    "Waiting",
    "encode",
]

DeadlineState: TypeAlias = Literal["missed", "running", "paused", "waiting"]


class Deadline(Struct, frozen=True):
    """What has to happen, until when, and where the lead goes (``to``) if it does not.

    ``name`` is the target or the rule of the time-out; ``label`` says what has to happen. What was
    ``missed`` is still to be done. ``paused`` and ``waiting`` for its start have no ``due``.
    """

    what: Literal["target", "time out", "hand back"]
    name: str
    label: str
    state: DeadlineState
    due: datetime | None
    to: str | None


class Step(Struct, frozen=True):
    """A stay on the lead's path: the stage, from when until when, and why the lead left it."""

    stage: str
    entered: datetime | None
    left: datetime | None
    how: How | None
    because: str | None


class Activity(Struct, frozen=True):
    """What the lead did lately, or what was done with it: how often, and when the last time.

    ``by`` is the party whose action it is. ``about`` is what the newest such events say of
    themselves (pages, webinars), the newest first.
    """

    kind: str
    label: str
    times: int
    last: datetime
    by: str | None
    about: tuple[str, ...]


class Reason(Struct, frozen=True):
    """A row that gave or took points, in words; ``count`` is the number of its events."""

    rule: str
    points: Points
    count: int | None
    says: str
    because: str | None


class Dossier(Struct, frozen=True):
    """What one needs to know before the first call.

    ``contact`` are the personal fields (``None``: unknown), ``facts`` the other known ones.
    ``reasons`` has the rows of each score and grade, the weightiest first. ``ask`` are the
    questions that are open, ``unknown`` the facts that could change the decision.
    """

    contact: Mapping[str, Any]
    facts: Mapping[str, Any]
    do: tuple[str, ...]
    path: tuple[Step, ...]
    activities: tuple[Activity, ...]
    reasons: Mapping[str, tuple[Reason, ...]]
    ask: tuple[str, ...]
    unknown: tuple[str, ...]


class Waiting(Struct, frozen=True):
    """A lead that waits in a stage.

    ``waits_since`` is when it ``entered``, or when it woke up there. ``because`` is the reason of
    the move by which it came. The first of ``deadlines`` comes next; a missed one is late.
    ``groups`` has the names of rows. It sleeps (``asleep``) until ``asleep_until``, if that is
    known.
    """

    format: Literal[1]
    id: str
    as_of: datetime
    policy: PolicyRef
    stage: str
    owner: str | None
    entered: datetime | None
    waits_since: datetime | None
    asleep: bool
    asleep_until: datetime | None
    because: str | None
    deadlines: tuple[Deadline, ...]
    scores: Mapping[str, Points]
    grades: Mapping[str, str]
    groups: Mapping[str, str]
    worklists: tuple[str, ...]
    dossier: Dossier


class OnList(Struct, frozen=True):
    """A lead on a worklist: since when, by which rule, and where it is now.

    ``came_from`` is the stage that it left then. ``scores``, ``grades``, ``groups`` and
    ``reasons`` are those of that moment; ``scores_now`` and ``grades_now`` those of ``as_of``.
    ``do`` is what the rule says to do with it. It may be ``asleep`` there.
    """

    format: Literal[1]
    id: str
    as_of: datetime
    policy: PolicyRef
    worklist: str
    since: datetime
    came_from: str
    how: How
    rule: str | None
    says: str | None
    because: str | None
    do: tuple[str, ...]
    scores: Mapping[str, Points]
    grades: Mapping[str, str]
    groups: Mapping[str, str]
    reasons: Mapping[str, tuple[Reason, ...]]
    stage: str
    owner: str | None
    asleep: bool
    asleep_until: datetime | None
    scores_now: Mapping[str, Points]
    grades_now: Mapping[str, str]
    dossier: Dossier


_ENCODER = msgspec.json.Encoder()


def encode(entry: Waiting | OnList) -> bytes:
    """The entry as one line of JSON, without a line end."""
    return _ENCODER.encode(entry)
