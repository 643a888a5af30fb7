"""What a move brings with it to the stage it leads to: its sleep and its worklists.

A rule that is no longer in force moves nobody. Those that it moved while it was sleep on until it
said, and stand on its lists: what counts is the rule as it was on the day of the move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from leadpact.checked import (
    AnyStage,
    CheckedPolicy,
    HandMove,
    InForce,
    Move,
    Stage,
    TargetHandBack,
    TimeOut,
    WakeUp,
    Worklist,
)
from leadpact.dated import is_in_force
from leadpact_dsl.frozen import frozen

__all__ = ["Arrival", "all_moves", "arrivals", "by_rule", "can_sleep", "worklists"]


@frozen
class Arrival:
    """One rule that leads to a stage, and the days on which it does (``None``: on all)."""

    rule: str
    to: str
    wake_up: WakeUp | None
    worklists: tuple[Worklist, ...]
    in_force: InForce | None


def arrivals(policy: CheckedPolicy) -> tuple[Arrival, ...]:
    """Every rule of a policy that can move a lead, whatever its dates, in the order written."""
    return tuple(_arrivals(policy))


def _arrivals(policy: CheckedPolicy) -> Iterator[Arrival]:
    yield from (_of(move) for move in all_moves(policy))
    for stage in policy.stages:
        for target in stage.targets:
            yield from (_back(back, target.in_force) for back in target.hands_back)


def _of(move: Move | TimeOut | HandMove) -> Arrival:
    return Arrival(move.rule, move.to, move.wake_up, move.worklists, move.in_force)


def _back(back: TargetHandBack, in_force: InForce | None) -> Arrival:
    return Arrival(back.rule, back.to, None, (), in_force)


def all_moves(policy: CheckedPolicy) -> Iterator[Move | TimeOut | HandMove]:
    """Every move that stands in a block, those of ``any stage`` first, in the order written."""
    holders: tuple[AnyStage | Stage, ...] = (*policy.any_stages, *policy.stages)
    for holder in holders:
        yield from (*holder.moves, *holder.by_hand)


def worklists(policy: CheckedPolicy) -> tuple[Worklist, ...]:
    """The worklists of a policy, each once with its label, in the order written."""
    found: dict[str, Worklist] = {}
    for move in all_moves(policy):
        for one in move.worklists:
            known = found.setdefault(one.name, one)
            # It may be named again without its label, and then bears its name.
            if known.label == known.name:
                found[one.name] = replace(known, label=one.label)
    return tuple(found.values())


def can_sleep(ways: tuple[Arrival, ...]) -> bool:
    """Whether one of the rules puts leads to sleep."""
    return any(way.wake_up is not None for way in ways)


def by_rule(ways: Iterable[Arrival]) -> Callable[[str, str, date], Arrival | None]:
    """``led(rule, to, day)``: the rule of that name which led to the stage on a day, if one did."""
    table: dict[tuple[str, str], list[Arrival]] = {}
    for way in ways:
        table.setdefault((way.rule, way.to), []).append(way)

    def led(rule: str, to: str, day: date) -> Arrival | None:
        versions = table.get((rule, to), ())
        return next((way for way in versions if is_in_force(way.in_force, day)), None)

    return led
