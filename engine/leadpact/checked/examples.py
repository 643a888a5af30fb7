"""Worked examples."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from leadpact.checked.conditions import Condition
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = [
    "Example",
    "ExampleEvent",
    "ExpectCondition",
    "ExpectDue",
    "ExpectListed",
    "ExpectMove",
    "ExpectRefused",
    "ExpectStays",
    "ExpectTarget",
    "Expectation",
    "Step",
]


@frozen
class ExampleEvent:
    """A base event of an example, its derived kind already resolved into properties."""

    kind: str
    at: datetime
    properties: tuple[tuple[str, object], ...]
    of_actions: bool


@frozen
class ExpectCondition:
    condition: Condition
    text: str
    span: Span


@frozen
class ExpectMove:
    """The next move leads ``to`` a stage, is of this kind, and gives this reason (if one is named).

    In a step: the last move taken until then.
    """

    to: str
    text: str
    span: Span
    how: Literal["moves to", "hands back to", "times out to"] = "moves to"
    because: str | None = None


@frozen
class ExpectStays:
    """No move comes next. In a step: none was taken until then."""

    text: str
    span: Span


@frozen
class ExpectListed:
    """The lead stands on a worklist, or (not ``on``) does not."""

    worklist: str
    on: bool
    text: str
    span: Span


@frozen
class ExpectTarget:
    """What became of a target: of its newest clock, also when the lead has left the stage since."""

    target: str
    state: Literal["waiting", "running", "paused", "met", "missed", "stopped"]
    text: str
    span: Span


@frozen
class ExpectDue:
    """The instant, in UTC, at which a target's newest clock falls due."""

    target: str
    due: datetime
    text: str
    span: Span


@frozen
class ExpectRefused:
    text: str
    span: Span


Expectation: TypeAlias = (
    ExpectCondition
    | ExpectMove
    | ExpectStays
    | ExpectRefused
    | ExpectListed
    | ExpectTarget
    | ExpectDue
)


@frozen
class Step:
    """A later instant of an example, in UTC, and what is so then.

    All moves from ``as of`` until then were taken. ``text`` is what was written: ``after 8 days``.
    """

    at: datetime
    text: str
    expects: tuple[Expectation, ...]
    span: Span


@frozen
class Example:
    """A worked lead. ``as_of`` and the events' instants are in UTC.

    ``fields`` hold values as a record does (text, whole or decimal number, bool, list, day).
    ``stays`` are the stages into which ``entered STAGE D ago`` lines put it, each with its instant,
    oldest first: the last is where it stands, and before the first it was in the start stage.
    ``text`` of an expectation is what was written after ``expect``. ``steps`` are in order of time;
    events later than ``as_of`` happen for them alone.
    """

    name: str
    as_of: datetime
    fields: tuple[tuple[str, object], ...]
    events: tuple[ExampleEvent, ...]
    stays: tuple[tuple[str, datetime], ...]
    expects: tuple[Expectation, ...]
    span: Span
    steps: tuple[Step, ...] = ()
