"""What a query reads: the columns of ``leads`` and ``events``, and of what types they are.

NULL is unknown. Instants are whole microseconds since 1970 in UTC. ``odd`` marks what the columns
cannot hold or what is not plainly clean: such leads are decided by the Python engine.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, assert_never

from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    DateType,
    FieldType,
    InstantType,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)
from leadpact_dsl.frozen import frozen

__all__ = [
    "ColumnKind",
    "InColumn",
    "OutKind",
    "event_columns",
    "field_column",
    "kind_of",
    "lead_columns",
    "property_column",
]

ColumnKind: TypeAlias = Literal["text", "whole", "decimal", "yes or no", "texts", "date", "instant"]
"""TEXT, BIGINT, DECIMAL(38, 6), BOOLEAN, a list of TEXT, DATE, and BIGINT microseconds."""

OutKind: TypeAlias = Literal["text", "hundredths", "count", "instant", "yes or no", "rows"]
"""Of what a query gives: TEXT, BIGINT hundredths of points, BIGINT, BIGINT microseconds, BOOLEAN,
and a list of structs ``(rule TEXT, points BIGINT, count BIGINT)``."""


@frozen
class InColumn:
    name: str
    kind: ColumnKind


def field_column(name: str) -> str:
    """The column of a field of the lead."""
    return f"f.{name}"


def property_column(kind: str, name: str) -> str:
    """The column of a property of events of a kind."""
    return f"{kind}.{name}"


def lead_columns(policy: CheckedPolicy) -> tuple[InColumn, ...]:
    """The columns of ``leads``; ``pos`` is a lead's place in the input, from 1."""
    return (
        InColumn("id", "text"),
        InColumn("pos", "whole"),
        InColumn("odd", "yes or no"),
        *(InColumn(field_column(field.name), kind_of(field.type)) for field in policy.fields),
        InColumn("stage", "text"),
        InColumn("stage_since", "instant"),
    )


def event_columns(policy: CheckedPolicy) -> tuple[InColumn, ...]:
    """The columns of ``events``: activities, signals and actions alike."""
    return (
        InColumn("lead", "text"),
        InColumn("kind", "text"),
        InColumn("at", "instant"),
        InColumn("event", "text"),
        InColumn("odd", "yes or no"),
        *(
            InColumn(property_column(kind.name, one.name), kind_of(one.type))
            for kind in policy.kinds
            for one in kind.properties
        ),
    )


def kind_of(type_: FieldType) -> ColumnKind:
    """How a value of a field or property is held."""
    match type_:
        case TextType() | OneOfType():
            return "text"
        case NumberType():
            return "whole" if type_.whole else "decimal"
        case YesNoType():
            return "yes or no"
        case AnyNumberOfType():
            return "texts"
        case DateType():
            return "date"
        case InstantType():
            return "instant"
        case _:
            assert_never(type_)
