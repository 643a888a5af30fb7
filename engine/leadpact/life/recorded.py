"""What a record itself tells of the lead's life, before replay goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from leadpact.backends.python.history import history_of, moves_until
from leadpact.decision import Warning
from leadpact.life.history import Exit
from leadpact.life.ways import Way
from leadpact.schema import Move

__all__ = ["Recorded", "Remembered", "recorded", "taken"]

WaysOn = Callable[[datetime], tuple[Way, ...]]
"""The ways out of stages that are in force at an instant."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A stay of which the record tells. ``exit`` is ``None`` for the last one."""

    stage: str
    entered: datetime | None
    exit: Exit | None
    came: Way | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """``lead`` knows no move after ``until``; replay goes on ``at`` an instant, in the last of
    ``stays``.
    """

    lead: Any
    at: datetime
    stays: tuple[Remembered, ...]
    warnings: tuple[Warning, ...]


def recorded(lead: Any, start: str, until: datetime, ways_on: WaysOn) -> Recorded:
    """Where the record leaves the lead, with the history that it tells.

    Without a known instant of entering its stage, the lead is only known to be there at ``until``.
    """
    moves = None if lead.moves is None else _real(moves_until(lead, until), start)
    lead = msgspec.structs.replace(lead, moves=moves)
    history = history_of(lead, start, until).stays
    rules: list[str | None] = [move.rule for move in moves or ()]
    rules += [None] * (len(history) - 1 - len(rules))
    warned: dict[Warning, None] = {}
    stays = []
    came = None
    for index, stay in enumerate(history):
        way, out = None, None
        if index + 1 < len(history):
            to, rule = history[index + 1].stage, rules[index]
            ways = ways_on(until if stay.left is None else stay.left)
            way, allowed = _way(ways, stay.stage, to, rule)
            if not allowed:
                warned[Warning("move_not_allowed", f"{stay.stage} to {to}", 1)] = None
            because = None if way is None else way.because
            out = Exit(to, stay.left, "recorded", rule, None, because, {}, {})
        # The first event may be later than the first move of which the record tells.
        odd = None not in (stay.entered, stay.left) and stay.entered > stay.left  # type: ignore[operator]
        stays.append(Remembered(stay.stage, None if odd else stay.entered, out, came))
        came = way
    entered = history[-1].entered
    if entered is None:
        warned[Warning("since_unknown", history[-1].stage, 1)] = None
    at = until if entered is None else entered
    instants = [at, *(move.at.astimezone(UTC) for move in moves or ())]
    return Recorded(lead, max(instants), tuple(stays), tuple(warned))


def _real(moves: list[Any], start: str) -> list[Any]:
    """The moves without those that led to where the lead already was: they count for nothing."""
    before = [start, *(move.to for move in moves)]
    return [move for move, place in zip(moves, before, strict=False) if move.to != place]


def _way(ways: tuple[Way, ...], stage: str, to: str, rule: str | None) -> tuple[Way | None, bool]:
    """By which way a recorded move was made, if its rule tells, and whether it could be.

    A rule that the policy does not have tells nothing. One that leads there from another stage is
    believed, as in decisions: with its list, its reason and its sleep.
    """
    out = [way for way in ways if way.stage == stage and way.to == to]
    if rule is None or all(way.rule != rule for way in ways):
        return None, bool(out)
    found = next((way for way in ways if way.rule == rule and way.to == to), None)
    return found, any(way.rule == rule for way in out)


def taken(lead: Any, first: Recorded | None, at: datetime, to: str, rule: str, start: str) -> Any:
    """The lead after a move ``at`` an instant.

    ``first`` is what the record told, where this is the first move that replay makes: from now on
    the moves are all that tells of the stays until here.
    """
    moves = list(lead.moves or ())
    if first is not None:
        moves = _whole(moves, first, start)
    moves.append(Move(to, at, rule))
    return msgspec.structs.replace(lead, stage=to, stage_since=at, moves=moves)


def _whole(moves: list[Any], first: Recorded, start: str) -> list[Any]:
    """The recorded moves, such that the last of them leads to where the record says it stands."""
    present = first.stays[-1]
    entered = first.at if present.entered is None else present.entered
    if (moves[-1].to if moves else start) != present.stage:
        return [*moves, Move(present.stage, max([entered, *(move.at for move in moves)]))]
    if moves:
        at = max([entered, *(move.at for move in moves[:-1])])
        moves[-1] = msgspec.structs.replace(moves[-1], at=at)
    return moves
