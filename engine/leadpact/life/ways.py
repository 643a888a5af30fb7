"""The ways by which leads leave stages, as the policy of one day has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadpact.checked import (
    AnyStage,
    CheckedPolicy,
    HandMove,
    LastFact,
    Move,
    Stage,
    TimeOut,
    WakeUp,
    Worklist,
)
from leadpact.life.history import How

__all__ = ["Way", "ways_of"]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a stage. ``how`` is ``recorded`` for a move by hand: only a record tells of one.

    ``because`` is ``None`` too where the newest event says the reason.
    """

    rule: str
    stage: str
    to: str
    how: How
    because: str | None
    worklists: tuple[Worklist, ...] = ()
    wake_up: WakeUp | None = None


def ways_of(policy: CheckedPolicy) -> tuple[Way, ...]:
    """Every way out of every stage; those of ``any stage`` once for each stage that has them."""
    return tuple(way for stage in policy.stages for way in _out_of(policy, stage))


def _out_of(policy: CheckedPolicy, stage: Stage) -> Iterator[Way]:
    holders: list[AnyStage | Stage] = [
        block for block in policy.any_stages if stage.name not in block.excepted
    ]
    for holder in (*holders, stage):
        moves: tuple[Move | TimeOut | HandMove, ...] = (*holder.moves, *holder.by_hand)
        for move in moves:
            if move.to != stage.name:
                why = _text(move.because)
                how = _how(move)
                yield Way(move.rule, stage.name, move.to, how, why, move.worklists, move.wake_up)
    for target in stage.targets:
        for back in target.hands_back:
            yield Way(back.rule, stage.name, back.to, "hands back to", _text(back.because))


def _how(move: Move | TimeOut | HandMove) -> How:
    match move:
        case Move():
            return move.how
        case TimeOut():
            return "times out to"
        case HandMove():
            return "recorded"


def _text(because: str | LastFact | None) -> str | None:
    return because if isinstance(because, str) else None
