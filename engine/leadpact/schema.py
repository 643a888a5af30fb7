"""What a record of a policy looks like: typed structs to decode into, and a JSON Schema.

The structs are the fast way in: they take a clean record straight from JSON bytes. Whatever they
refuse is looked at again, slowly and with words, by ``leadpact.record``.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    DateType,
    Field,
    FieldType,
    InstantType,
    Kind,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)

__all__ = ["RESERVED_KEYS", "Move", "RecordTypes", "attribute", "json_schema", "record_types"]

RESERVED_KEYS = ("format", "id", "stage", "stage_since", "moves", "activities", "actions")
"""Keys of a record that no field may bear."""

_Instant = Annotated[datetime, Meta(tz=True)]


class Move(Struct, frozen=True):
    """A move that the lead's own record tells of: to which stage, when, and by which rule.

    The rule says whether the lead sleeps after the move, and on which lists it was put.
    """

    to: str
    at: _Instant
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class RecordTypes:
    """The structs of one policy.

    ``lead`` has an attribute a field (``None`` when unknown), ``id``, ``stage``,
    ``stage_since``, ``moves``, ``activities`` and ``actions``. ``events`` has a class a base
    kind, so an event's class tells its kind. Numbers are ``int`` or ``float`` as decoded.
    """

    lead: type[Any]
    events: Mapping[str, type[Any]]
    decoder: msgspec.json.Decoder[Any]


def attribute(name: str) -> str:
    """The struct's attribute for a field: its name, made different from a word of Python.

    ``class`` is held as ``class_``, so a field called ``class_`` has to give way in its turn.
    """
    return f"{name}_" if keyword.iskeyword(name.rstrip("_")) else name


def record_types(policy: CheckedPolicy) -> RecordTypes:
    """The record structs of a policy and a decoder of JSON bytes to them."""
    events = {kind.name: _event_type(kind) for kind in policy.kinds}
    activities = [events[kind.name] for kind in policy.kinds if kind.party is None]
    actions = [events[kind.name] for kind in policy.kinds if kind.party is not None]
    columns: list[tuple[str, Any, Any]] = [("id", str)]  # type: ignore[list-item]
    columns += [_column(field) for field in policy.fields if field.required]
    columns += [_column(field) for field in policy.fields if not field.required]
    columns += [
        ("format", Literal[1], 1),
        ("stage", _choice(tuple(stage.name for stage in policy.stages)) | None, None),
        ("stage_since", _Instant | None, None),
        # A record without moves does not tell where its lead was before; an empty list does.
        ("moves", list[Move] | None, None),
        ("activities", _events(activities), msgspec.field(default_factory=list)),
        ("actions", _events(actions), msgspec.field(default_factory=list)),
    ]
    lead = msgspec.defstruct(
        "Lead",
        columns,
        rename={attribute(field.name): field.name for field in policy.fields},
        forbid_unknown_fields=True,
    )
    return RecordTypes(lead, events, msgspec.json.Decoder(lead))


def _events(types: list[type[Any]]) -> Any:
    # A list of no kinds: only the empty list is right.
    if not types:
        return Annotated[list[Any], Meta(max_length=0)]
    union: Any = types[0]
    for type_ in types[1:]:
        union = union | type_
    members: Any = list
    return members[union]


def _event_type(kind: Kind) -> type[Any]:
    required = [field for field in kind.properties if field.required]
    others = [field for field in kind.properties if not field.required]
    return msgspec.defstruct(
        "".join(part.title() for part in kind.name.replace(".", "_").split("_")),
        [
            ("at", _Instant),
            *(_column(field) for field in required),
            ("id", str | None, None),
            ("by", str | None, None),
            *(_column(field) for field in others),
        ],
        rename={attribute(field.name): field.name for field in kind.properties},
        tag_field="kind",
        tag=kind.name,
        forbid_unknown_fields=True,
        gc=False,
    )


def _column(field: Field) -> Any:
    name, type_ = attribute(field.name), _type(field.type)
    return (name, type_) if field.required else (name, type_ | None, None)


def _choice(values: tuple[str, ...]) -> Any:
    return Literal[values] if values else type(None)


def _type(type_: FieldType) -> Any:
    match type_:
        case TextType():
            return str
        case YesNoType():
            return bool
        case DateType():
            return date
        case InstantType():
            return _Instant
        case OneOfType(values):
            return _choice(values)
        case AnyNumberOfType(values):
            return list[_choice(values)]  # type: ignore[misc]
        case NumberType(whole, _, low, high):
            limits = Meta(ge=_bound(low), le=_bound(high)) if low is not None else Meta()
            if low is None and high is not None:
                limits = Meta(le=_bound(high))
            if whole:
                return Annotated[int, limits]
            return Annotated[int, limits] | Annotated[float, limits]


def _bound(value: Decimal | None) -> Any:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


# --- JSON Schema -------------------------------------------------------------------------------


def json_schema(policy: CheckedPolicy) -> dict[str, Any]:
    """The record as a JSON Schema (2020-12), for forms, editors and other languages.

    Stricter than the engine in one way: keys that it does not name are left to the caller, who
    gets a warning for each, not an error.
    """
    properties: dict[str, Any] = {
        "format": {"const": 1},
        "id": {"type": ["string", "integer"], "title": "The lead's id"},
    }
    properties |= {field.name: _field_schema(field) for field in policy.fields}
    if policy.stages:
        instant = {"type": "string", "format": "date-time"}
        stage = {"enum": [stage.name for stage in policy.stages]}
        properties["stage"] = stage
        properties["stage_since"] = instant
        properties["moves"] = {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"to": stage, "at": instant, "rule": {"type": ["string", "null"]}},
                "required": ["to", "at"],
            },
        }
    for key, of_actions in (("activities", False), ("actions", True)):
        kinds = [kind for kind in policy.kinds if (kind.party is not None) == of_actions]
        properties[key] = {
            "type": "array",
            "items": {"oneOf": [_kind_schema(kind) for kind in kinds]} if kinds else False,
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A lead of {policy.label}",
        "type": "object",
        "properties": properties,
        "required": ["id", *(field.name for field in policy.fields if field.required)],
    }


_BLANK = {"type": "string", "pattern": "^[ \\t\\n\\r\\u000b\\f]*$"}
"""``null`` and blank text mean unknown, as leaving the key out does."""


def _kind_schema(kind: Kind) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "kind": {"const": kind.name},
        "at": {"type": "string", "format": "date-time"},
        "id": {"type": ["string", "null"]},
        "by": {"type": ["string", "null"]},
    }
    properties |= {field.name: _field_schema(field) for field in kind.properties}
    required = ["kind", "at", *(field.name for field in kind.properties if field.required)]
    return {
        "title": kind.label,
        "type": "object",
        "properties": properties,
        "required": required,
    }


def _field_schema(field: Field) -> dict[str, Any]:
    schema = _type_schema(field.type)
    if field.required:
        # A required text that is blank is unknown, and so not there.
        solid = {"pattern": "[^ \\t\\n\\r\\u000b\\f]"} if schema == {"type": "string"} else {}
        return {"title": field.label, **schema, **solid}
    if schema.get("type") == "string" and "format" not in schema:
        return {"title": field.label, "type": ["string", "null"]}
    return {"title": field.label, "anyOf": [schema, {"type": "null"}, _BLANK]}


def _type_schema(type_: FieldType) -> dict[str, Any]:
    match type_:
        case TextType():
            return {"type": "string"}
        case YesNoType():
            return {"type": "boolean"}
        case DateType():
            return {"type": "string", "format": "date"}
        case InstantType():
            return {"type": "string", "format": "date-time"}
        case OneOfType(values):
            return {"enum": list(values)}
        case AnyNumberOfType(values):
            return {"type": "array", "items": {"enum": list(values)}}
        case NumberType(whole, _, low, high):
            bounds = {"minimum": _bound(low), "maximum": _bound(high)}
            return {
                "type": "integer" if whole else "number",
                **{key: value for key, value in bounds.items() if value is not None},
            }
