"""What a record holds: fields, activities and actions."""

from __future__ import annotations

from leadpact.checked.conditions import Condition, EventPattern
from leadpact.checked.field_types import FieldType
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = ["DerivedKind", "Field", "Kind"]


@frozen
class Field:
    """A field of the lead or a property of an event.

    ``required_when`` is a condition over the other fields of the same lead (the other properties
    of the same event). ``label`` is what people read; it is made from the name where none stands.
    """

    name: str
    label: str
    type: FieldType
    required: bool
    required_when: Condition | None
    no_when_unknown: bool
    after_contact: bool
    personal: bool
    span: Span


@frozen
class Kind:
    """A base kind of event. ``party`` is set for actions, and the kind is then that party's.

    A signal (``signal``) stands in the record's activities, but is no activity of the lead.

    The answers to a checklist's items are kinds too: ``bant.believes`` with the required property
    ``answer`` (yes or no) and an optional ``note`` (text).
    """

    name: str
    label: str
    party: str | None
    properties: tuple[Field, ...]
    span: Span
    signal: bool = False


@frozen
class DerivedKind:
    """A derived kind. ``pattern`` is what it comes down to."""

    name: str
    label: str
    pattern: EventPattern
    span: Span
