"""What can be known and what can happen: fields, events and lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias, assert_never

from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    DateType,
    Field,
    InstantType,
    Kind,
    NumberType,
    OneOfType,
    PatternPart,
    TextType,
    YesNoType,
)
from leadpact.english import number, value
from leadpact.english.clauses import clause
from leadpact.english.names import Names
from leadpact_sla.model import EventDoc, EventsDoc, FactDoc, ListDoc
from leadpact_sla.places import Places, anchor
from leadpact_sla.words import say

__all__ = ["events", "facts", "lists"]

_What: TypeAlias = Literal["activities", "signals", "actions"]


def facts(names: Names, places: Places, fields: tuple[Field, ...]) -> tuple[FactDoc, ...]:
    """Fields of the lead, or the properties of one event."""
    return tuple(
        FactDoc(
            anchor=anchor("fact", field.name),
            label=field.label,
            type=_type(names.policy, field),
            marks=tuple(_marks(names, field)),
            source=places.source(field.span),
        )
        for field in fields
    )


def _type(policy: CheckedPolicy, field: Field) -> str:
    match field.type:
        case TextType():
            return say("text")
        case NumberType(whole=whole, money=money, low=low, high=high):
            kind = say("money" if money else "whole number" if whole else "number")
            if low is None or high is None:
                return kind
            return say("range", type=kind, low=number(low), high=number(high))
        case YesNoType():
            return say("yes or no")
        case OneOfType(values=values):
            return say("one of", values=", ".join(value(text) for text in values))
        case AnyNumberOfType(values=values):
            return say("any number of", values=", ".join(value(text) for text in values))
        case DateType():
            return say("date")
        case InstantType():
            return say("date and time")
        case _:
            assert_never(field.type)


def _marks(names: Names, field: Field) -> Iterator[str]:
    if field.required:
        yield say("required")
    if field.required_when is not None:
        yield say("required when", condition=clause(names, field.required_when))
    if field.no_when_unknown:
        yield say("no when unknown")
    if field.after_contact:
        yield say("after contact")
    if field.personal:
        yield say("personal")


def events(names: Names, places: Places) -> tuple[EventsDoc, ...]:
    """What the lead does, what happens around it, what each party does; derived kinds last."""
    policy = names.policy
    kinds = {kind.name: kind for kind in policy.kinds}
    found: dict[tuple[_What, str | None], list[EventDoc]] = {}
    for kind in policy.kinds:
        inner = Names.of(policy, kind.properties)
        found.setdefault(_heading(kind), []).append(
            EventDoc(
                anchor=anchor("event", kind.name),
                label=kind.label,
                of=(),
                properties=facts(inner, places, kind.properties),
                source=places.source(kind.span),
            )
        )
    for derived in policy.derived:
        parts = derived.pattern.parts
        heading = _heading(kinds[parts[0].kind]) if parts else ("activities", None)
        found.setdefault(heading, []).append(
            EventDoc(
                anchor=anchor("event", derived.name),
                label=derived.label,
                of=tuple(_part(policy, part) for part in parts),
                properties=(),
                source=places.source(derived.span),
            )
        )
    return tuple(
        EventsDoc(what, names.parties[party] if party else None, tuple(group))
        for (what, party), group in found.items()
    )


def _heading(kind: Kind) -> tuple[_What, str | None]:
    what: _What = "actions" if kind.party else "signals" if kind.signal else "activities"
    return what, kind.party


def _part(policy: CheckedPolicy, part: PatternPart) -> str:
    kind = next(item for item in policy.kinds if item.name == part.kind)
    if part.where is None:
        return kind.label
    where = clause(Names.of(policy, kind.properties), part.where)
    return say("event where", event=kind.label, condition=where)


def lists(names: Names, places: Places) -> tuple[ListDoc, ...]:
    """The lists that conditions may name, in the order of the policy."""
    return tuple(
        ListDoc(anchor("list", item.name), item.label, item.members, places.source(item.span))
        for item in names.policy.lists
    )
