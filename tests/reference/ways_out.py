"""The next move of a lead: ways out of its stage, in the order in which they act."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from tests.reference.admission import as_text
from tests.reference.business import after
from tests.reference.events import Situation, fact, matching
from tests.reference.judge import holds
from tests.reference.sleep import clock_start, is_asleep
from tests.reference.targets import hand_back, hand_backs

from leadpact.checked import LastFact, Move, Stage, TargetHandBack, TimeOut

Taken: TypeAlias = Move | TimeOut | TargetHandBack


def way_out(case: Situation) -> Taken | None:
    """The first way out that is open; one that leads to the present stage is none."""
    for way in _in_order(case):
        if way.to != case.lead.stage:
            return way
    return None


def present_stage(case: Situation) -> Stage | None:
    return next((stage for stage in case.policy.stages if stage.name == case.lead.stage), None)


def _in_order(case: Situation) -> Iterator[Taken]:
    stage = present_stage(case)
    if stage is None:
        return
    for any_stage in case.policy.any_stages:
        if stage.name not in any_stage.excepted:
            yield from _open(case, any_stage.moves)
    if is_asleep(case):
        return
    yield from _open(case, [way for way in stage.moves if isinstance(way, Move)])
    yield from _open(case, [way for way in stage.moves if isinstance(way, TimeOut)])
    for target in stage.targets:
        yield from hand_back(case, target)


def _open(case: Situation, ways: Sequence[Move | TimeOut]) -> Iterator[Move | TimeOut]:

    for way in ways:
        if is_due(case, way) if isinstance(way, TimeOut) else holds(case, way.when) is True:
            yield way


# --- time-outs ---------------------------------------------------------------------------------


def due_of(case: Situation, way: TimeOut) -> datetime | None:
    """When a time-out is due; ``None`` for never, while asleep, and while nobody can tell."""
    start = clock_start(case)
    return None if start is None else after(case, start, way.after)


def is_due(case: Situation, way: TimeOut) -> bool:
    """An event at the very deadline comes before it; later ones come too late."""
    start, due = clock_start(case), due_of(case, way)
    if start is None or due is None or due > case.as_of:
        return False
    return not any(start <= event.at <= due for event in matching(case, way.without))


def coming(case: Situation) -> list[tuple[str, datetime]]:
    """The rules and instants of what will act if nothing happens: time-outs, and hand-backs of
    targets that were missed.
    """
    stage, start = present_stage(case), clock_start(case)
    if stage is None or start is None:
        return []
    ways = [
        *(
            way
            for any_stage in case.policy.any_stages
            if stage.name not in any_stage.excepted
            for way in any_stage.moves
        ),
        *stage.moves,
    ]
    found: list[tuple[str, datetime]] = []
    for way in ways:
        if isinstance(way, TimeOut) and way.to != stage.name:
            due = due_of(case, way)
            happened = any(event.at >= start for event in matching(case, way.without))
            if due is not None and due > case.as_of and not happened:
                found.append((way.rule, due))
    if not is_asleep(case):
        backs = [found for target in stage.targets for found in hand_backs(case, target)]
        found += [(back.rule, late) for back, late in backs if late > case.as_of]
    return found


# --- reasons -----------------------------------------------------------------------------------


def reason(case: Situation, way: Taken) -> str | None:
    """The reason of a move in words: its own, or what the newest event says."""
    if not isinstance(way.because, LastFact):
        return way.because
    value = fact(case, way.because)
    return None if value is None else as_text(value)
