"""The block ``example``."""

from __future__ import annotations

from typing import Literal, TypeAlias

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.conditions import Condition
from leadpact_dsl.nodes.words import Clock, Day, Duration, Quoted, Ref, Value, Word
from leadpact_dsl.source import Span

__all__ = [
    "ExampleBlock",
    "ExpectCondition",
    "ExpectDue",
    "ExpectListed",
    "ExpectMove",
    "ExpectRefused",
    "ExpectStays",
    "ExpectTarget",
    "Expectation",
    "GivenEvent",
    "GivenField",
    "GivenStage",
    "Step",
]


@frozen
class GivenField:
    """``seniority is vp``, ``phone is unknown`` (``values`` empty).

    A field of ``any number of`` may have several values.
    """

    field: Word
    values: tuple[Value | Clock, ...]
    span: Span


@frozen
class GivenEvent:
    """``demo_request 2 days ago [with url is "/pricing"]`` or ``webinar at 2026-10-01 09:00``.

    ``event`` may have a member: ``bant.believes 3 days ago with answer is yes``.
    """

    event: Ref
    when: Duration | Clock
    properties: tuple[GivenField, ...]
    span: Span


@frozen
class GivenStage:
    """``entered mql 2 days ago``"""

    stage: Word
    ago: Duration
    span: Span


@frozen
class ExpectCondition:
    condition: Condition
    span: Span


@frozen
class ExpectMove:
    """``expect moves to S``, ``expect hands back to S``, ``expect times out to S [because "…"]``"""

    to: Word
    span: Span
    how: Literal["moves to", "hands back to", "times out to"] = "moves to"
    because: Quoted | None = None


@frozen
class ExpectStays:
    span: Span


@frozen
class ExpectRefused:
    span: Span


@frozen
class ExpectListed:
    """``expect on worklist W``, ``expect not on worklist W``"""

    worklist: Word
    on: bool
    span: Span


@frozen
class ExpectTarget:
    """``expect target T is met``; or ``waiting``, ``running``, ``paused``, ``missed``,
    ``stopped``, which the checker is to know.
    """

    target: Word
    state: Word
    span: Span


@frozen
class ExpectDue:
    """``expect target T is due at 2026-11-02 10:00``"""

    target: Word
    due: Clock
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
    """``after 8 days: expect …``, ``on 2026-11-02 10:00: expect …``; opened: one a line below.

    ``when`` is the time since ``as of``, which may be business time, or the instant itself (of a
    day: its beginning).
    """

    when: Duration | Clock | Day
    expects: tuple[Expectation, ...]
    span: Span


@frozen
class ExampleBlock:
    label: Quoted
    as_of: tuple[Clock | Day, ...]
    given: tuple[GivenField | GivenEvent | GivenStage, ...]
    expects: tuple[Expectation, ...]
    span: Span
    steps: tuple[Step, ...] = ()
