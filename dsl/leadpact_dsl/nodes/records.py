"""The blocks ``lead``, ``activities`` and ``actions``: what a record holds."""

from __future__ import annotations

from typing import Literal

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.conditions import Condition
from leadpact_dsl.nodes.words import InForce, Number, Quoted, Word
from leadpact_dsl.source import Span

__all__ = [
    "DerivedLine",
    "EventsBlock",
    "FieldLine",
    "FieldType",
    "KindLine",
    "LeadBlock",
    "Mark",
    "RefusedLine",
]


@frozen
class FieldType:
    """The type of a field or property as written.

    ``values`` for ``one of`` and ``any number of``; ``low`` and ``high`` for a range.
    """

    kind: Literal[
        "text",
        "number",
        "whole number",
        "money",
        "yes or no",
        "one of",
        "any number of",
        "date",
        "date and time",
    ]
    values: tuple[Word | Quoted, ...]
    low: Number | None
    high: Number | None
    span: Span


@frozen
class Mark:
    """``(required)`` and the like; ``when`` for ``required when``."""

    kind: Literal[
        "required",
        "required when",
        "no when unknown",
        "known only after contact",
        "personal",
    ]
    when: Condition | None
    span: Span


@frozen
class FieldLine:
    """A field of the lead, or a property of an event."""

    name: Word
    label: Quoted | None
    type: FieldType
    marks: tuple[Mark, ...]
    span: Span


@frozen
class RefusedLine:
    when: Condition
    as_name: Word | None
    because: Quoted | None
    span: Span
    in_force: InForce | None = None


@frozen
class LeadBlock:
    owner: Word | None
    fields: tuple[FieldLine, ...]
    refusals: tuple[RefusedLine, ...]
    span: Span


@frozen
class KindLine:
    """A base kind: ``page_view "Viewed a page":`` with its properties below."""

    name: Word
    label: Quoted | None
    properties: tuple[FieldLine, ...]
    span: Span


@frozen
class DerivedLine:
    """``pricing_view is page_view where url starts with "/pricing"`` or ``x is a or b``.

    ``where`` is a condition over the properties of the one base.
    """

    name: Word
    label: Quoted | None
    bases: tuple[Word, ...]
    where: Condition | None
    span: Span


@frozen
class EventsBlock:
    """``activities:``, ``signals:``, or ``actions by sales:`` with ``party``."""

    what: Literal["activities", "signals", "actions"]
    party: Word | None
    owner: Word | None
    kinds: tuple[KindLine | DerivedLine, ...]
    span: Span
