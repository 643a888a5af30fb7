"""Whether what an example expects is so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from leadpact.checked import (
    Condition,
    Expectation,
    ExpectCondition,
    ExpectDue,
    ExpectListed,
    ExpectMove,
    ExpectRefused,
    ExpectStays,
    ExpectTarget,
)
from leadpact.decision import TargetResult
from leadpact.life import Clock

__all__ = ["Found", "Situation", "Taken", "Unmet", "how_of", "judged"]

Found: TypeAlias = Literal[
    "false",
    "unknown",
    "other move",
    "other reason",
    "refused",
    "not refused",
    "listed",
    "not listed",
    "other state",
    "other due",
    "no clock",
]
"""Why an expectation does not hold: it is false, it is unknown, the lead makes another move or for
another reason, the record is (or is not) refused, it stands (or does not) on the worklist, the
target came to something else, is due at another instant, or had no clock.
"""


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that does not hold, and why not."""

    expected: Expectation
    found: Found


@dataclass(frozen=True, slots=True)
class Taken:
    """A move: where it leads, ``how`` (as in ``times out to``), and its reason."""

    to: str
    how: str
    because: str | None


@dataclass(frozen=True, slots=True)
class Situation:
    """What is so of a lead at an instant.

    ``answers`` are those to the conditions that are asked, ``None`` where the record is refused.
    ``move`` is the next move, or in a step the last one that was taken; ``None``: it stays.
    ``clock`` gives what stands of a target, ``None`` where it has no clock.
    """

    answers: Mapping[Condition, bool | None] | None
    move: Taken | None
    worklists: frozenset[str]
    clock: Callable[[str], Clock | TargetResult | None]


def judged(expected: Expectation, so: Situation) -> Found | None:
    """Why an expectation does not hold; ``None`` if it does."""
    if so.answers is None:
        return None if isinstance(expected, ExpectRefused) else "refused"
    match expected:
        case ExpectRefused():
            return "not refused"
        case ExpectCondition(condition):
            answer = so.answers[condition]
            return "unknown" if answer is None else None if answer else "false"
        case ExpectMove():
            return _move(expected, so.move)
        case ExpectStays():
            return None if so.move is None else "other move"
        case ExpectListed(worklist, on):
            listed = worklist in so.worklists
            return None if listed == on else "listed" if listed else "not listed"
        case ExpectTarget(target, state):
            clock = so.clock(target)
            return "no clock" if clock is None else None if clock.state == state else "other state"
        case ExpectDue(target, due):
            clock = so.clock(target)
            return "no clock" if clock is None else None if clock.due == due else "other due"
        case _:
            assert_never(expected)


def _move(expected: ExpectMove, move: Taken | None) -> Found | None:
    if move is None or (move.to, move.how) != (expected.to, expected.how):
        return "other move"
    as_expected = expected.because is None or expected.because == move.because
    return None if as_expected else "other reason"


_HOWS = ("moves to", "hands back to", "times out to")


def how_of(rule: str) -> str:
    """Which kind of move a rule makes, as its id has it; a target's hand-back is one."""
    found = (how for how in _HOWS if f".{how.replace(' ', '_')}." in rule)
    return next(found, "moves to")
