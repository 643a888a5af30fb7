"""Windows of time, and conditions."""

from __future__ import annotations

from typing import Literal, TypeAlias

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.words import Duration, Number, Ref, Subject, Value, Word
from leadpact_dsl.source import Span

__all__ = [
    "AllOf",
    "AnyOf",
    "AtLeastOf",
    "Bare",
    "Compare",
    "Condition",
    "CountVerb",
    "Ever",
    "Happened",
    "InStage",
    "NoneOf",
    "Not",
    "Since",
    "TimeApart",
    "Verb",
    "Window",
    "Within",
    "WokenUp",
]


@frozen
class Within:
    duration: Duration
    span: Span


@frozen
class Ever:
    span: Span


@frozen
class Since:
    """``since entering STAGE``, ``since leaving STAGE``"""

    how: Literal["entering", "leaving"]
    stage: Word
    span: Span


Window: TypeAlias = Within | Ever | Since

Verb: TypeAlias = Literal[
    "is",
    "is not",
    "is any of",
    "is none of",
    "is at least",
    "is at most",
    "is more than",
    "is less than",
    "is from",
    "is known",
    "is unknown",
    "is met",
    "is not met",
    "or better",
    "starts with",
    "ends with",
    "contains",
    "includes",
    "has a word from",
    "is before",
    "is after",
    "is on",
]


@frozen
class Compare:
    """``SUBJECT VERB values``: ``is from A to B`` has two values, ``is known`` none.

    ``fit is B or better`` has the verb ``or better`` and one value. ``bant is unknown`` has the
    verb ``is unknown``. ``has a word from titles`` has the list's name as its one value.
    """

    subject: Subject
    verb: Verb
    values: tuple[Value, ...]
    span: Span


@frozen
class Bare:
    """A name alone: a yes-or-no field, a definition, or in a stage an event."""

    subject: Ref
    span: Span


CountVerb: TypeAlias = Literal["at least", "at most", "exactly"]


@frozen
class Happened:
    """``[no] ACT [at least N times] [with at least N different P] [WINDOW]``

    ``window`` is ``None`` when none was written (allowed in a stage only). ``activity`` as the
    event's name means any activity.
    """

    event: Ref
    none: bool
    count: tuple[CountVerb, Number] | None
    different: tuple[Number, Word] | None
    window: Window | None
    span: Span


@frozen
class TimeApart:
    """``SUBJECT is at least 90 days ago``, ``… is less than 3 months ahead``"""

    subject: Subject
    verb: Literal["is at least", "is at most", "is more than", "is less than"]
    duration: Duration
    direction: Literal["ago", "ahead"]
    span: Span


@frozen
class InStage:
    """``in STAGE [within D | ever]``; ``not in STAGE …`` has ``none``."""

    stage: Word
    none: bool
    window: Within | Ever | None
    span: Span


@frozen
class WokenUp:
    span: Span


@frozen
class Not:
    member: Condition
    span: Span


@frozen
class AllOf:
    """``A and B`` or an ``all of:`` list."""

    members: tuple[Condition, ...]
    span: Span


@frozen
class AnyOf:
    """``A or B`` or an ``any of:`` list."""

    members: tuple[Condition, ...]
    span: Span


@frozen
class NoneOf:
    members: tuple[Condition, ...]
    span: Span


@frozen
class AtLeastOf:
    """``at least 2 of:``"""

    count: Number
    members: tuple[Condition, ...]
    span: Span


Condition: TypeAlias = (
    Compare
    | Bare
    | Happened
    | TimeApart
    | InStage
    | WokenUp
    | Not
    | AllOf
    | AnyOf
    | NoneOf
    | AtLeastOf
)
