"""The decision record: what the engine answers about one lead at one instant.

Encoded, it is the JSON of the published format. What a decision without reasons leaves out
(``UNSET``) is not written at all. Instants are aware, in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

__all__ = [
    "ChecklistResult",
    "Decision",
    "GradeResult",
    "GroupResult",
    "Outcome",
    "PolicyRef",
    "Problem",
    "Refusal",
    "RefusedRecord",
    "RejectedRecord",
    "Row",
    "ScoreResult",
    "SetAside",
    "StageResult",
    "TargetResult",
    "TimeOutResult",
    "Warning",
    "WorklistResult",
    "encode",
]

Points: TypeAlias = int | float
"""Points with at most two decimals; see ``leadpact.operators.decimals.points``."""


class PolicyRef(Struct, frozen=True):
    """Which policy decided. The digest is of its meaning, not of its layout."""

    name: str
    version: int
    digest: str


class Row(Struct, frozen=True, gc=False):
    """A row that gave or took points.

    ``count`` is the number of events that counted (``None`` for a row about fields); ``capped``
    says that the row's own limit was reached; ``at`` is file and line of the rule.
    """

    rule: str
    points: Points
    count: int | None
    capped: bool
    says: str
    because: str | None
    at: str


class ScoreResult(Struct, frozen=True):
    """The points of the rows add up to ``points``."""

    points: Points
    rows: list[Row] | UnsetType = UNSET


class GradeResult(Struct, frozen=True):
    """``letter`` is ``insufficient data`` while too little is known."""

    points: Points
    letter: str
    rows: list[Row] | UnsetType = UNSET


class GroupResult(Struct, frozen=True):
    """``passed_over`` names the rules above the winner that were unknown."""

    value: str
    rule: str | UnsetType = UNSET
    says: str | UnsetType = UNSET
    passed_over: tuple[str, ...] | UnsetType = UNSET


class ChecklistResult(Struct, frozen=True):
    """``ask`` holds the questions whose answers the result waits for."""

    result: Literal["met", "not met", "unknown"]
    items: Mapping[str, str] | UnsetType = UNSET
    ask: tuple[str, ...] | UnsetType = UNSET


class TimeOutResult(Struct, frozen=True):
    """A time-out that is still to come, if nothing happens until ``due``; or the hand-back of a
    target that was missed.
    """

    rule: str
    due: datetime


class StageResult(Struct, frozen=True):
    """Where the lead is and where it moves next; ``next`` is ``None`` when it stays.

    ``because`` is the reason of the move. Until ``asleep_until`` the stage's own rules stand still.
    """

    current: str
    next: str | None
    since: datetime | UnsetType | None = UNSET
    owner: str | UnsetType | None = UNSET
    rule: str | UnsetType | None = UNSET
    says: str | UnsetType | None = UNSET
    because: str | UnsetType | None = UNSET
    time_outs: tuple[TimeOutResult, ...] | UnsetType = UNSET
    asleep_until: datetime | UnsetType | None = UNSET


class TargetResult(Struct, frozen=True):
    """A promise about the lead in its present stage.

    ``waiting`` for its clock to start, ``running`` until ``due``, ``paused``, ``met`` (``at`` says
    when), or ``missed``. What cannot be told is ``None``.
    """

    target: str
    state: Literal["waiting", "running", "paused", "met", "missed"]
    started: datetime | None
    due: datetime | None
    at: datetime | None


class WorklistResult(Struct, frozen=True):
    """A list on which the lead stands since its last move."""

    worklist: str
    since: datetime


class Warning(Struct, frozen=True, order=True):
    """Something odd in the record that did not stop the decision, and how often.

    ``code`` is one of ``unknown_key``, ``unknown_kind``, ``naive_instant``, ``event_set_aside``.
    """

    code: str
    subject: str
    count: int


class Decision(Struct, frozen=True, gc=False):
    """What the policy says about a lead at ``as_of``.

    Until ``valid_until`` the same record gets the same decision (``None``: for ever). ``unknown``
    names the fields and answers that are unknown and could change the outcome.
    """

    format: Literal[1]
    id: str
    as_of: datetime
    valid_until: datetime | None
    policy: PolicyRef
    status: Literal["decided"]
    scores: Mapping[str, ScoreResult]
    grades: Mapping[str, GradeResult]
    groups: Mapping[str, GroupResult]
    checklists: Mapping[str, ChecklistResult]
    stage: StageResult | None
    targets: tuple[TargetResult, ...] | UnsetType
    worklists: tuple[WorklistResult, ...] | UnsetType
    unknown: tuple[str, ...] | UnsetType
    warnings: tuple[Warning, ...]


class Refusal(Struct, frozen=True):
    """The rule that turns a record away."""

    rule: str
    because: str | None


class RefusedRecord(Struct, frozen=True):
    """The policy turns the record away by a ``refused when`` of its own."""

    format: Literal[1]
    id: str
    as_of: datetime
    policy: PolicyRef
    status: Literal["refused"]
    refusal: Refusal
    warnings: tuple[Warning, ...]


class Problem(Struct, frozen=True):
    """One thing that is wrong in a record: the field, its value as text, and why."""

    field: str
    value: str
    reason: str


class RejectedRecord(Struct, frozen=True):
    """The record cannot be decided; all its problems are named at once."""

    format: Literal[1]
    id: str | None
    as_of: datetime
    policy: PolicyRef
    status: Literal["rejected"]
    problems: tuple[Problem, ...]


class SetAside(Struct, frozen=True):
    """An event that was left out by itself, because something in it is wrong."""

    kind: str
    problems: tuple[Problem, ...]


Outcome: TypeAlias = Decision | RefusedRecord | RejectedRecord


_ENCODER = msgspec.json.Encoder()


def encode(outcome: Outcome) -> bytes:
    """The outcome as one line of JSON, without a line end."""
    return _ENCODER.encode(outcome)
