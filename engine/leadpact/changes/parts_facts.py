"""What a policy knows of a lead: fields, events with their properties, lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from leadpact.changes.change import Touches
from leadpact.changes.meaning import Ref
from leadpact.changes.part import Block, Fact, Part, asked, fact, listed, words
from leadpact.changes.parts_people import owner_fact
from leadpact.checked import (
    AnyNumberOfType,
    DateType,
    DerivedKind,
    Field,
    InstantType,
    Kind,
    NumberType,
    OneOfType,
    PatternPart,
    Refusal,
    TextList,
    TextType,
    YesNoType,
)
from leadpact.english import Sayings, condition, number, value
from leadpact.english.names import Names
from leadpact.english.wording import joined, quoted, say

__all__ = ["fact_parts"]

_FIELDS = Block("fields", "What is known of a lead")
_EVENTS = Block("events", "What happens")
_LISTS = Block("lists", "Lists")
_REFUSED = Block("refusals", "Turned away")


def fact_parts(names: Names) -> Iterator[Part]:
    policy = names.policy
    for field in policy.fields:
        yield _field(names, field, field.name, "field", _FIELDS, policy.fields)
    for refusal in policy.refusals:
        yield _refusal(names, refusal)
    for kind in policy.kinds:
        # The answers to a checklist's questions are kinds, too, and told with the questions.
        if "." not in kind.name:
            yield from _kind(names, kind)
    for derived in policy.derived:
        yield _derived(names, derived)
    for one in policy.lists:
        yield _list(names, one)


def _field(
    names: Names,
    field: Field,
    rule: str,
    sort: str,
    block: Block,
    beside: tuple[Field, ...],
    owner: str = "",
) -> Part:
    """A field, or a property of an event; ``beside`` are those that a condition may speak of."""
    of_event = sort == "property"
    inner = Names.of(names.policy, beside) if of_event and field.required_when else names
    needed = asked(inner, "required when", field.required_when)
    of = f" of {quoted(owner)}" if owner else ""
    return Part(
        sort,
        rule,
        lambda: f"{quoted(field.label)}{of}",
        block,
        (
            words("label", field.label),
            *_typed(names, field),
            _mark("required", field.required),
            needed,
            _mark("no when unknown", field.no_when_unknown),
            _mark("known only after contact", field.after_contact, agreed=True),
            _mark("personal", field.personal, agreed=True),
        ),
        lambda: f"{quoted(field.label)}, {_type(names, field)}",
        "decisions",
        field.span,
        label=field.label,
    )


def _typed(names: Names, field: Field) -> Iterator[Fact]:
    """The form of the type, and what it can be, apart: of many values only those that differ."""
    match field.type:
        case OneOfType(values=values) | AnyNumberOfType(values=values):
            form = "one of some values" if isinstance(field.type, OneOfType) else "any number of"
            yield fact("type", type(field.type).__name__, lambda: form)
            yield listed("values", ((one, value(one)) for one in values))
        case _:
            yield fact("type", field.type, lambda: _type(names, field))


def _type(names: Names, field: Field) -> str:
    match field.type:
        case TextType():
            return "a text"
        case NumberType():
            return _number(names, field.type)
        case YesNoType():
            return "yes or no"
        case OneOfType(values=values):
            return f"one of {joined(map(value, values), 'or')}"
        case AnyNumberOfType(values=values):
            return f"any number of {joined(map(value, values), 'and')}"
        case DateType():
            return "a day"
        case InstantType():
            return "a day and time"
        case _:
            assert_never(field.type)


def _number(names: Names, kind: NumberType) -> str:
    form = "a whole number" if kind.whole else "money" if kind.money else "a number"
    currency = names.policy.currency
    low, high = (
        say("money", number=number(end), currency=currency)
        if end is not None and kind.money and currency
        else number(end)
        if end is not None
        else None
        for end in (kind.low, kind.high)
    )
    if low is not None and high is not None:
        return f"{form} from {low} to {high}"
    if low is not None:
        return f"{form} of at least {low}"
    return f"{form} of at most {high}" if high is not None else form


def _mark(what: str, marked: bool, agreed: bool = False) -> Fact:
    touches: Touches = "agreement" if agreed else "decisions"
    return Fact(what, marked, lambda: "yes" if marked else "no", touches)


def _refusal(names: Names, refusal: Refusal) -> Part:
    says = Sayings(names.policy)
    return Part(
        "refusal",
        refusal.rule,
        lambda: "",
        _REFUSED,
        (asked(names, "condition", refusal.when), words("because", refusal.because)),
        lambda: says.refusal(refusal),
        "decisions",
        refusal.span,
        refusal.in_force,
    )


# --- events --------------------------------------------------------------------------------------


def _kind(names: Names, kind: Kind) -> Iterator[Part]:
    yield Part(
        "event",
        kind.name,
        lambda: quoted(kind.label),
        _EVENTS,
        (
            words("label", kind.label),
            fact(
                "done by",
                (Ref("party", kind.party) if kind.party else None, kind.signal),
                lambda: _done_by(names, kind),
            ),
        ),
        lambda: f"{quoted(kind.label)}, {_done_by(names, kind)}",
        "decisions",
        kind.span,
        label=kind.label,
    )
    for item in kind.properties:
        rule = f"{kind.name}.{item.name}"
        yield _field(names, item, rule, "property", _EVENTS, kind.properties, kind.label)


def _done_by(names: Names, kind: Kind) -> str:
    if kind.party is not None:
        return f"done by {names.parties[kind.party]}"
    return "a signal about the lead" if kind.signal else "done by the lead"


def _derived(names: Names, derived: DerivedKind) -> Part:
    pieces = [(part, _piece(names, part)) for part in derived.pattern.parts]
    return Part(
        "event",
        derived.name,
        lambda: quoted(derived.label),
        _EVENTS,
        (words("label", derived.label), listed("counts", pieces)),
        lambda: f"{quoted(derived.label)}: {'; or '.join(text for _, text in pieces)}",
        "decisions",
        derived.span,
        label=derived.label,
    )


def _piece(names: Names, part: PatternPart) -> str:
    kind = next(kind for kind in names.policy.kinds if kind.name == part.kind)
    if part.where is None:
        return quoted(kind.label)
    return f"{quoted(kind.label)} where {condition(names.policy, part.where, kind.properties)}"


def _list(names: Names, one: TextList) -> Part:
    return Part(
        "list",
        one.name,
        lambda: quoted(one.label),
        _LISTS,
        (
            words("label", one.label),
            owner_fact(names, one.owner),
            listed("members", ((member, quoted(member)) for member in one.members)),
        ),
        lambda: f"the list {quoted(one.label)}, {number(len(one.members))} members",
        "decisions",
        one.span,
        label=one.label,
    )
