"""The one pass over a lead's events, in which every slot is filled.

Events are told apart by their class, then by window from the longest to the shortest, so an old
event costs one comparison. ``m0``, ``m1``, … hold, for each window, the earliest event inside it of
the kinds that its slots look at: the first of them to leave bounds ``valid_until``. (Of a kind,
not of a pattern: that is the same for every backend, and never later than the true instant.)
"""

from __future__ import annotations

from typing import assert_never

from leadpact import plan as p
from leadpact.backends.python.branch import Branch
from leadpact.backends.python.decays import shares
from leadpact.backends.python.told import Told
from leadpact.backends.python.writer import Writer
from leadpact.checked import (
    OncePerPeriod,
    OncePerProperty,
    UpTo,
)
from leadpact.schema import RecordTypes

__all__ = ["write_facts", "write_restarts"]


def write_restarts(writer: Writer, plan: p.Plan, types: RecordTypes, told: Told) -> None:
    """Write a pass of its own for what makes counting start again: afterwards ``r<restart>``."""
    early = _early(plan)
    if early:
        _write_pass(writer, plan, types, told, early, set())
    for number, restart in enumerate(plan.restarts):
        held = [f"c{slot} or PAST" for slot in restart.slots]
        if restart.stages:
            held.append(f"history.entries({writer.constant(restart.stages, 'Stages')})")
        newest = held[0] if len(held) == 1 else f"max({', '.join(held)})"
        writer.line(f"r{number} = {newest}")


def _early(plan: p.Plan) -> list[int]:
    return sorted({slot for restart in plan.restarts for slot in restart.slots})


def write_facts(writer: Writer, plan: p.Plan, types: RecordTypes, told: Told, flags: bool) -> None:
    """Write the pass over the events.

    Afterwards ``c<slot>`` holds each slot's value and ``later`` (set before) is at most the first
    event after ``now``.
    With ``flags``, slots of which only "ever or never" is asked hold just 1 or 0.
    """
    for window_number in range(len(plan.windows)):
        writer.line(f"m{window_number} = FAR")
    if any(isinstance(slot.measure, p.Decayed) for slot in plan.slots):
        writer.line("aged = NEW")
    early = _early(plan)
    numbers = [number for number in range(len(plan.slots)) if number not in early]
    _write_pass(writer, plan, types, told, numbers, _flags(plan) if flags else set())


def _write_pass(
    writer: Writer,
    plan: p.Plan,
    types: RecordTypes,
    told: Told,
    numbers: list[int],
    flagged: set[int],
) -> None:
    for number in numbers:
        _write_start(writer, number, plan.slots[number])
    for events, of_actions in (("activities", False), ("actions", True)):
        with writer.block(f"for e in {events}:"):
            writer.line("t = e.at")
            # Comparing instants of different offsets is slow; most are in UTC already.
            with writer.block("if t.tzinfo is not UTC:"):
                writer.line("t = t.astimezone(UTC)")
            with writer.block("if t > now:"):
                with writer.block("if t < later:"):
                    writer.line("later = t")
                writer.line("continue")
            mine = [number for number in numbers if plan.slots[number].of_actions == of_actions]
            _write_dispatch(writer, plan, types, told, mine, flagged)
    answers = _answers(plan)
    for number in numbers:
        _write_end(writer, number, plan.slots[number], number in answers)


def _answers(plan: p.Plan) -> set[int]:
    """The slots that hold the newest answer to an item."""
    return {
        item.slot
        for step in plan.steps
        if isinstance(step, p.PlanChecklist)
        for item in step.items
        if isinstance(item, p.PlanAnswer)
    }


def _write_start(writer: Writer, number: int, slot: p.Slot) -> None:
    match slot.measure:
        case p.Count(None, None):
            writer.line(f"c{number} = 0")
        case p.Count(OncePerProperty(), None):
            writer.line(f"c{number} = 0")
            writer.line(f"x{number} = set()")
        case p.Count(OncePerPeriod(), None) | p.Different():
            writer.line(f"x{number} = set()")
        case p.Count(None, UpTo()):
            writer.line(f"x{number} = {{}}")
        case p.Count():
            writer.line(f"x{number} = {{}}")
            writer.line(f"y{number} = {{}}")
        case p.Newest():
            writer.line(f"x{number} = None")
        case p.Moment():
            writer.line(f"c{number} = None")
        case p.Decayed(_, _, None, None, None):
            writer.line(f"c{number} = n{number} = 0")
        case p.Decayed():
            writer.line(f"x{number} = []")
        case _:
            assert_never(slot.measure)


def _write_end(writer: Writer, number: int, slot: p.Slot, answer: bool) -> None:
    match slot.measure:
        case p.Count(OncePerProperty(), None):
            writer.line(f"c{number} += len(x{number})")
        case p.Count(OncePerPeriod(), None) | p.Different():
            writer.line(f"c{number} = len(x{number})")
        case p.Count(None, UpTo(amount)):
            writer.line(f"c{number} = rationed(x{number}, {amount})")
        case p.Count(_, UpTo(amount)):
            writer.line(f"c{number} = rationed_newest(x{number}, y{number}, {amount})")
        case p.Newest() if answer:
            writer.line(f"c{number} = None if x{number} is None else x{number}.answer")
        case p.Decayed(_, _, None, None, None):
            pass
        case p.Decayed(_, _, _, up_to, times):
            given = writer.constant(shares(slot.measure), "Shares")
            most = None if up_to is None else up_to.amount
            writer.line(f"c{number}, n{number} = kept(x{number}, {most}, {times}, {given}, now)")
        case _:
            pass


def _flags(plan: p.Plan) -> set[int]:
    """The counting slots of which nothing but "at least one" or "none" is asked."""
    asked: dict[int, set[tuple[str, int]]] = {}
    for test in plan.slot_tests():
        asked.setdefault(test.slot, set()).add((test.op, test.count))
    for row in plan.rows():
        if row.slot is not None:
            asked.setdefault(row.slot, set()).add((">=", row.times or 0))
    return {slot for slot, uses in asked.items() if uses <= {(">=", 1), ("==", 0), ("<=", 0)}}


def _write_dispatch(
    writer: Writer,
    plan: p.Plan,
    types: RecordTypes,
    told: Told,
    numbers: list[int],
    flagged: set[int],
) -> None:
    word = "if"
    writer.line("kind = type(e)")
    for kind in plan.policy.kinds:
        slots = [
            number
            for number in numbers
            if any(part.kind == kind.name for part in plan.slots[number].parts)
        ]
        if not slots:
            continue
        name = writer.constant(types.events[kind.name], "Kind")
        with writer.block(f"{word} kind is {name}:"):
            Branch(writer, plan, kind, flagged, told).write(slots)
        word = "elif"
