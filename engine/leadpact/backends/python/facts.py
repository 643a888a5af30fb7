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
from leadpact.backends.python.writer import Writer
from leadpact.checked import (
    OncePerPeriod,
    OncePerProperty,
    UpTo,
)
from leadpact.schema import RecordTypes, attribute

__all__ = ["write_facts"]


def write_facts(writer: Writer, plan: p.Plan, types: RecordTypes, flags: bool) -> None:
    """Write the pass over the events.

    Afterwards ``c<slot>`` holds each slot's value and ``later`` (set before) is at most the first
    event after ``now``.
    With ``flags``, slots of which only "ever or never" is asked hold just 1 or 0.
    """
    for slot_number, slot in enumerate(plan.slots):
        _write_start(writer, slot_number, slot)
    for window_number in range(len(plan.windows)):
        writer.line(f"m{window_number} = FAR")
    flagged = _flags(plan) if flags else set()
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
            _write_dispatch(writer, plan, types, of_actions, flagged)
    for slot_number, slot in enumerate(plan.slots):
        _write_end(writer, slot_number, slot)


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
        case _:
            assert_never(slot.measure)


def _write_end(writer: Writer, number: int, slot: p.Slot) -> None:
    match slot.measure:
        case p.Count(OncePerProperty(), None):
            writer.line(f"c{number} += len(x{number})")
        case p.Count(OncePerPeriod(), None) | p.Different():
            writer.line(f"c{number} = len(x{number})")
        case p.Count(None, UpTo(amount)):
            writer.line(f"c{number} = rationed(x{number}, {amount})")
        case p.Count(_, UpTo(amount)):
            writer.line(f"c{number} = rationed_newest(x{number}, y{number}, {amount})")
        case p.Newest(property_):
            value = f"x{number}.{attribute(property_)}"
            writer.line(f"c{number} = None if x{number} is None else {value}")
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
    writer: Writer, plan: p.Plan, types: RecordTypes, of_actions: bool, flagged: set[int]
) -> None:
    word = "if"
    writer.line("kind = type(e)")
    for kind in plan.policy.kinds:
        slots = [
            number
            for number, slot in enumerate(plan.slots)
            if slot.of_actions == of_actions and any(part.kind == kind.name for part in slot.parts)
        ]
        if not slots:
            continue
        name = writer.constant(types.events[kind.name], "Kind")
        with writer.block(f"{word} kind is {name}:"):
            Branch(writer, plan, kind, flagged).write(slots)
        word = "elif"
