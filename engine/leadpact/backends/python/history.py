"""Where a lead was before: its stays, as far as its record tells.

The moves of the record, with its present stage at their end. A move to the stage in which the lead
already is counts for nothing; nor does one that is still to come, or that is later than the instant
since which the record says that the lead is in its stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from leadpact.backends.python.runtime import FAR, PAST, first_instant
from leadpact.checked import Duration
from leadpact.operators.times import leaves
from leadpact.schema import Move

__all__ = ["Brought", "History", "Stay", "brought", "entered", "history_of", "moves_until"]


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay in a stage. ``None``: the record does not tell the instant, or it has not ended
    (only the last one has not).
    """

    stage: str
    entered: datetime | None
    left: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """The stays in order, the present one last. While it is not ``known``, only that one is."""

    stays: tuple[Stay, ...]
    known: bool

    @property
    def stage(self) -> str:
        return self.stays[-1].stage

    def last_entry(self, stage: str) -> datetime | None:
        """When the lead last entered the stage; ``FAR`` if never, ``None`` if nobody can tell."""
        if self.stage == stage:
            return self.stays[-1].entered
        if not self.known:
            return None
        return next((stay.entered for stay in reversed(self.stays) if stay.stage == stage), FAR)

    def last_exit(self, stage: str) -> datetime | None:
        """When the lead last left the stage; ``FAR`` if never, ``None`` if nobody can tell."""
        if not self.known:
            return None
        past = self.stays[:-1]
        return next((stay.left for stay in reversed(past) if stay.stage == stage), FAR)

    def was_in(self, stage: str, within: Duration | None, now: datetime, zone: str) -> bool | None:
        """Whether the lead is in the stage, or left it within so long (``None``: ever)."""
        if self.stage == stage:
            return True
        if not self.known:
            return None
        if within is None:
            return any(stay.stage == stage for stay in self.stays)
        exits = self._exits(stage)
        if any(now < leaves(within, left, zone) for left in exits if left is not None):
            return True
        return None if None in exits else False

    def reaches(self, stage: str, within: Duration, zone: str) -> datetime:
        """Until when a stage that the lead left is still within so long."""
        known = [left for left in self._exits(stage) if left is not None]
        return max((leaves(within, left, zone) for left in known), default=FAR)

    def _exits(self, stage: str) -> list[datetime | None]:
        return [stay.left for stay in self.stays[:-1] if stay.stage == stage]

    def entries(self, stages: tuple[str, ...]) -> datetime:
        """The last known entry to one of the stages; ``PAST`` without any."""
        told = self.stays if self.known else self.stays[-1:]
        instants = [
            stay.entered for stay in told if stay.stage in stages and stay.entered is not None
        ]
        return max(instants, default=PAST)


def history_of(lead: Any, start: str, now: datetime) -> History:
    """The stays that a record tells of, at the instant ``now``."""
    stays: list[tuple[str, datetime | None]] = [(start, first_instant(lead, now))]
    for move in moves_until(lead, now):
        if move.to != stays[-1][0]:
            stays.append((move.to, move.at.astimezone(UTC)))
    stage = lead.stage or start
    # Since when, without where, tells nothing.
    told = None if lead.stage is None else lead.stage_since
    since = None if told is None else told.astimezone(UTC)
    if stays[-1][0] != stage:
        stays.append((stage, since))
    elif since is not None:
        stays[-1] = (stage, since)
    exits: list[datetime | None] = [entered for _, entered in stays[1:]]
    made = tuple(
        Stay(name, entered, left)
        for (name, entered), left in zip(stays, [*exits, None], strict=True)
    )
    return History(made, lead.stage is None or lead.moves is not None)


def entered(lead: Any, start: str, now: datetime) -> datetime | None:
    """Since when the lead is in its present stage; ``None``: nobody can tell."""
    return history_of(lead, start, now).stays[-1].entered


def moves_until(lead: Any, now: datetime) -> list[Any]:
    """The moves that count, oldest first.

    What the record says of the present outweighs them: of those later than ``stage_since``, only
    the one that brought the lead to its stage counts, as of that instant.
    """
    moves = sorted(lead.moves or (), key=lambda move: move.at)
    since = lead.stage_since
    if lead.stage is None or since is None or not moves or moves[-1].at <= since:
        return [move for move in moves if move.at <= now]
    kept = [move for move in moves if move.at <= since]
    last = moves[-1]
    if last.to == lead.stage and (not kept or kept[-1].to != lead.stage):
        kept.append(Move(last.to, since, last.rule))
    return kept


@dataclass(frozen=True, slots=True)
class Brought:
    """Which move brought a lead to its present stage.

    ``told``: the record tells of it. A lead that was never moved came by no rule. ``since`` is when
    it had entered the stage that it then left, if the record tells.
    """

    rule: str | None
    at: datetime | None
    since: datetime | None
    told: bool


def brought(lead: Any, start: str, now: datetime) -> Brought:
    """The move that brought the lead to its present stage, as far as the record tells."""
    stage = lead.stage or start
    last, before, place = None, None, start
    for move in moves_until(lead, now):
        if move.to != place:
            last, before, place = move, last, move.to
    if last is None:
        known = lead.stage is None or lead.moves is not None
        return Brought(None, None, None, stage == start and known)
    if place != stage:
        return Brought(None, None, None, False)
    since = None if before is None else before.at.astimezone(UTC)
    # What the record says of the present outweighs its moves.
    entered = None if lead.stage is None else lead.stage_since
    at = (entered or last.at).astimezone(UTC)
    return Brought(last.rule, at, since, last.rule is not None)
