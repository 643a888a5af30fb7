"""Promises about a lead in its stage: when a target's clock starts, stands still and runs out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from tests.reference.admission import Event
from tests.reference.business import FOR_EVER, Stop, after, first_time, is_stopped, named
from tests.reference.conditions import day_of
from tests.reference.events import Situation, different, happened, matching
from tests.reference.instants import midnight
from tests.reference.judge import holds
from tests.reference.sleep import clock_start, is_asleep
from tests.reference.starting import first_true

from leadpact.checked import (
    LastFact,
    Pause,
    SinceEntered,
    Target,
    TargetBy,
    TargetEvery,
    TargetHandBack,
    TargetWithin,
)

State = Literal["waiting", "running", "paused", "met", "missed"]


@dataclass(frozen=True)
class Clock:
    """``started`` is ``None`` while the clock waits; ``at`` is when the target was met."""

    state: State
    started: datetime | None
    due: datetime | None
    at: datetime | None


def targets_now(case: Situation) -> list[tuple[Target, Clock]]:
    """The targets of the present stage that apply, in the order written."""
    if is_asleep(case):
        return []
    return [
        (target, clock_of(case, target))
        for stage in case.policy.stages
        if stage.name == case.lead.stage
        for target in stage.targets
        if applies(case, target)
    ]


def applies(case: Situation, target: Target) -> bool:
    return target.when is None or holds(case, target.when) is True


def clock_of(case: Situation, target: Target) -> Clock:
    started = started_at(case, target)
    if started is None:
        return Clock("waiting", None, None, None)
    done = done_at(case, target, started)
    due = due_of(case, target, started, done)
    if done is not None and (due is None or done <= due):
        return Clock("met", started, due, done)
    if due is not None and due <= case.as_of:
        return Clock("missed", started, due, None)
    if is_stopped(case.as_of, stops(case, target)):
        return Clock("paused", started, None, None)
    return Clock("running", started, due, None)


def started_at(case: Situation, target: Target) -> datetime | None:
    start = clock_start(case)
    if start is None:
        return None
    if target.in_force is not None and target.in_force.first is not None:
        # Nobody can break a promise before it was made.
        start = max(start, midnight(target.in_force.first, case.zone))
    if target.starts_when is None:
        return start
    return first_true(case, target.starts_when, start)


def done_at(case: Situation, target: Target, started: datetime) -> datetime | None:
    """The first instant at which everything that is promised had happened."""
    if target.events is None or isinstance(target.limit, TargetEvery):
        return None
    events: list[Event] = []
    for event in _since(case, target, started):
        events.append(event)
        if len(events) < target.at_least:
            continue
        if target.different is None or (
            len(different(events, target.different[1])) >= target.different[0]
        ):
            return event.at
    return None


def _since(case: Situation, target: Target, started: datetime) -> list[Event]:
    if target.events is None:
        return []
    return [event for event in matching(case, target.events) if event.at >= started]


def due_of(
    case: Situation, target: Target, started: datetime, done: datetime | None = None
) -> datetime | None:
    """When the counted time is used up; ``None``: never, or nobody knows while it is paused.

    What pauses after it was ``done`` is none of its pauses.
    """
    paused = [stop for stop in stops(case, target) if done is None or stop.start < done]
    match target.limit:
        case TargetWithin(length):
            return after(case, started, length, paused)
        case TargetBy(minutes, name):
            return first_time(named(case, name), started, minutes, paused)
        case TargetEvery(length):
            times = [started, *(event.at for event in _since(case, target, started))]
            return after(case, max(times), length, paused)
        case _:
            assert_never(target.limit)


# --- pauses ------------------------------------------------------------------------------------


def stops(case: Situation, target: Target) -> list[Stop]:
    """The pauses in this stay, until their ends as far as they are known at ``as_of``."""
    return [stop for pause in target.pauses for stop in _stops(case, pause)]


def _stops(case: Situation, pause: Pause) -> Iterator[Stop]:
    for event in happened(case, pause.start, SinceEntered()):
        if isinstance(pause.until, LastFact):
            end = _end_named(case, event, pause.until.property)
        else:
            ends = [one.at for one in matching(case, pause.until) if one.at > event.at]
            end = min(ends, default=FOR_EVER)
        if end is not None and event.at < end:
            yield Stop(event.at, end)


def _end_named(case: Situation, event: Event, name: str) -> datetime | None:
    """The instant or day until which the event says that the clock stands still."""
    value = event.values.get(name)
    if value is None or isinstance(value, datetime):
        return value
    return midnight(day_of(value, case.zone), case.zone)


# --- hand-backs --------------------------------------------------------------------------------


def hand_back(case: Situation, target: Target) -> Iterator[TargetHandBack]:
    """The target's hand-backs that are due, in the order written."""
    for back, late in hand_backs(case, target):
        if late <= case.as_of:
            yield back


def hand_backs(case: Situation, target: Target) -> Iterator[tuple[TargetHandBack, datetime]]:
    """The hand-backs of a target that was missed, and when each is taken."""
    started = started_at(case, target)
    if started is None or not applies(case, target):
        return
    done = done_at(case, target, started)
    due = due_of(case, target, started, done)
    if due is None or due > case.as_of or (done is not None and done <= due):
        return
    for back in target.hands_back:
        late = due if back.after is None else after(case, due, back.after)
        if late is not None and (done is None or done > late):
            yield back, late
