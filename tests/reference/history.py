"""Where a lead was before: the stays in stages, as far as its record tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from tests.reference.conditions import Truth
from tests.reference.instants import is_within

from leadpact.checked import StageTest


@dataclass(frozen=True)
class RecordedMove:
    """A move that the record tells of; ``rule`` is the rule that made it, as far as known."""

    to: str
    at: datetime
    rule: str | None


@dataclass(frozen=True)
class Stay:
    """``entered`` and ``left`` are ``None`` while unknown; the last stay is not ``over``.

    ``by`` is the recorded move that brought the lead there.
    """

    stage: str
    entered: datetime | None
    left: datetime | None
    over: bool
    by: RecordedMove | None


@dataclass(frozen=True)
class History:
    """All stays, oldest first. While it is not ``known``, it has the present stay alone.

    ``moved`` says whether a move brought the lead to where it is (``None``: nobody knows).
    """

    stays: tuple[Stay, ...]
    known: bool
    moved: Truth


class Moment(Enum):
    """What is told about an instant instead of the instant itself."""

    NEVER = "it never was"
    UNKNOWN = "it is not known"


When: TypeAlias = datetime | Moment


def history_of(
    start: str,
    since_start: datetime,
    stage: str | None,
    since: datetime | None,
    moves: Sequence[RecordedMove] | None,
) -> History:
    """The stays of a lead whose record names ``stage`` and ``since`` and tells of ``moves``.

    ``since_start`` is the instant of its first event. ``moves`` is ``None`` where the record does
    not tell. A move that is later than ``since`` contradicts it, and is not believed; but the last
    of all is, if it led to ``stage``. The move that brought the lead there was made at ``since``,
    whatever it says itself.
    """
    entries: list[tuple[str, datetime | None, RecordedMove | None]] = [(start, since_start, None)]
    for move in _believed(stage, since, sorted(moves or (), key=lambda one: one.at)):
        if move.to != entries[-1][0]:
            entries.append((move.to, move.at, move))
    known = stage is None or moves is not None
    moved: Truth
    if entries[-1][0] != (stage or start):
        # Nobody wrote down the move by which it came here.
        entries.append((stage or start, since if stage is not None else None, None))
        moved = True
    else:
        if stage is not None and since is not None:
            by = entries[-1][2]
            entries[-1] = (stage, since, None if by is None else replace(by, at=since))
        moved = len(entries) > 1 if known else None
    lefts = [entered for _, entered, _ in entries[1:]]
    stays = [
        Stay(name, entered, left, over=True, by=by)
        for (name, entered, by), left in zip(entries, lefts, strict=False)
    ]
    name, entered, by = entries[-1]
    stays.append(Stay(name, entered, None, over=False, by=by))
    return History(tuple(stays) if known else (stays[-1],), known, moved)


def _believed(
    stage: str | None, since: datetime | None, moves: Sequence[RecordedMove]
) -> list[RecordedMove]:
    if stage is None or since is None:
        return list(moves)
    before = [move for move in moves if move.at <= since]
    here = bool(before) and before[-1].to == stage
    if len(before) < len(moves) and moves[-1].to == stage and not here:
        before.append(RecordedMove(stage, since, moves[-1].rule))
    return before


def last_entry(history: History, stage: str) -> When:
    for stay in reversed(history.stays):
        if stay.stage == stage:
            return stay.entered or Moment.UNKNOWN
    return Moment.NEVER if history.known else Moment.UNKNOWN


def last_exit(history: History, stage: str) -> When:
    for stay in reversed(history.stays):
        if stay.stage == stage and stay.over:
            return stay.left or Moment.UNKNOWN
    return Moment.NEVER if history.known else Moment.UNKNOWN


def moment(history: History, how: Literal["entering", "leaving"], stage: str) -> When:
    return last_entry(history, stage) if how == "entering" else last_exit(history, stage)


def told_entry(history: History, stage: str) -> datetime | None:
    """The last entry of which the record tells the instant."""
    return max(
        (stay.entered for stay in history.stays if stay.stage == stage and stay.entered),
        default=None,
    )


def stage_test(history: History, test: StageTest, as_of: datetime, zone: ZoneInfo) -> Truth:
    if history.stays[-1].stage == test.stage:
        return True
    if test.within is None and not test.ever:
        return False
    if not history.known:
        return None
    stays = [stay for stay in history.stays if stay.stage == test.stage]
    if test.within is None:
        return bool(stays)
    truths: list[Truth] = [
        None if stay.left is None else is_within(stay.left, test.within, as_of, zone)
        for stay in stays
    ]
    return True if True in truths else None if None in truths else False
