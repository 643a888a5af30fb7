"""What a piece of a checked policy means, as a plain value that two policies can be compared by.

Left out is what says nothing about meaning: where it stands, and labels that the thing itself
brings with it. A name of something else is a ``Ref``, so that it can be followed when that is
renamed; what it leads to is compared there, once, and not again in everything that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any as Anything
from typing import Final, TypeAlias

from leadpact.checked import (
    All,
    Any,
    AtLeast,
    ChecklistTest,
    ChoiceTest,
    DomainFact,
    EventPattern,
    FieldFact,
    GradeTest,
    GroupTest,
    IncludesTest,
    LastFact,
    PatternPart,
    ScoreTest,
    TextTest,
    Worklist,
)
from leadpact_dsl.frozen import frozen

__all__ = ["Follow", "Meaning", "Ref", "follow", "meaning", "same_name"]

Meaning: TypeAlias = Anything
"""Tuples, ``Ref`` and plain values: it can be compared and be a key."""


@frozen
class Ref:
    """The name of something that is compared by itself; ``sort`` says of what."""

    sort: str
    name: str


Follow: TypeAlias = Callable[[Ref], str]
"""What the thing is called in the new policy."""


def same_name(ref: Ref) -> str:
    return ref.name


_REFS: Final[Mapping[tuple[str, str], str]] = {
    ("DomainFact", "field"): "field",
    ("ForEvery", "field"): "field",
    ("WakeUp", "field"): "field",
    ("NeedsKnown", "fields"): "field",
    ("StageMoment", "stage"): "stage",
    ("StageTest", "stage"): "stage",
    ("SinceStage", "stage"): "stage",
    ("GainedTest", "stage"): "stage",
    ("GainedTest", "score"): "score",
    ("GradeKnown", "grade"): "grade",
    ("Defined", "name"): "definition",
    ("EventTest", "different"): "property",
    ("OncePerProperty", "property"): "property",
    ("BusinessTime", "calendar"): "calendar",
    ("TargetBy", "calendar"): "calendar",
    ("Review", "what"): "any",
    ("NeverStage", "stage"): "stage",
    ("NeverLowers", "score"): "score",
    ("Signature", "party"): "party",
}

# Their members may stand in any order.
_UNORDERED: Final = {
    ("All", "members"),
    ("Any", "members"),
    ("AtLeast", "members"),
    ("IncludesTest", "values"),
    ("OneOfType", "values"),
    ("AnyNumberOfType", "values"),
    ("NeedsKnown", "fields"),
    ("NeverLowers", "excepted"),
    ("ByValues", "values"),
}

# Of these forms, what stands in no order stands last.
_SORTED_LAST: Final = ("All", "Any", "AtLeast", "NeedsKnown", "NeverLowers")

_LEFT_OUT: Final = {"span", "notes", "because"}


def meaning(value: object, of_event: bool = False) -> Meaning:
    """The meaning of any piece. ``of_event``: the fields in it are properties of an event."""
    match value:
        case Ref():
            return value
        case FieldFact(name=name):
            return Ref("property" if of_event else "field", name)
        case DomainFact(field=name):
            return ("domain", Ref("property" if of_event else "field", name))
        case EventPattern(name=name):
            return Ref("event", name)
        case LastFact():
            asked = Ref("property", value.property)
            return ("last", meaning(value.events), asked, meaning(value.window))
        case PatternPart(kind=kind, where=where):
            return (Ref("event", kind), None if where is None else meaning(where, True))
        case Worklist(name=name):
            return Ref("worklist", name)
        case TextTest(list_name=str(name)):
            on = Ref("list", name)
            return ("on list", meaning(value.fact, of_event), value.how, on, value.negated)
        case TextTest() | ChoiceTest():
            how = value.how if isinstance(value, TextTest) else "is one of"
            fact = meaning(value.fact, of_event)
            return (how, fact, tuple(sorted(value.values)), value.negated)
        case ScoreTest(category=str(category)):
            part = Ref("category", f"{value.score}.{category}")
            return ("points", part, value.op, value.hundredths)
        case ScoreTest():
            return ("points", Ref("score", value.score), value.op, value.hundredths)
        case GradeTest():
            # Of `B or better` the letters above B follow from the grade.
            letters = value.letters[-1:] if value.or_better else tuple(sorted(value.letters))
            grade = Ref("grade", value.grade)
            return ("letter", grade, letters, value.or_better, value.negated)
        case GroupTest():
            rows = tuple(sorted(f"{value.group}.{row}" for row in value.rows))
            return ("group", tuple(Ref("group row", row) for row in rows), value.negated)
        case ChecklistTest():
            item = value.item
            of = Ref("item", f"{value.checklist}.{item}") if item else None
            return ("checklist", Ref("checklist", value.checklist), of, value.state)
        case All() | Any() | AtLeast() | IncludesTest():
            return _plain(value, of_event)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _plain(value, of_event)
        case tuple():
            return tuple(meaning(member, of_event) for member in value)
        case _:
            return value


def _plain(value: Anything, of_event: bool) -> Meaning:
    """The name of its form, and what its parts mean."""
    form = type(value).__name__
    said: list[Meaning] = [form]
    for field in fields(value):
        if field.name in _LEFT_OUT:
            continue
        given = getattr(value, field.name)
        if form in ("All", "Any"):
            given = tuple(_flat(type(value), value))
        sort = _REFS.get((form, field.name))
        if sort is not None and given is not None:
            meant: Meaning = _referred(sort, given)
        else:
            meant = meaning(given, of_event)
        if (form, field.name) in _UNORDERED:
            meant = tuple(sorted(meant, key=repr))
        said.append(meant)
    if form in ("All", "Any") and len(said[1]) == 1:
        return said[1][0]
    return tuple(said)


def _referred(sort: str, given: Anything) -> Meaning:
    if isinstance(given, tuple):
        return tuple(Ref(sort, name) for name in given)
    return Ref(sort, given)


def _flat(form: type, condition: All | Any) -> list[Anything]:
    """The members, and in place of a member of the same form its own."""
    found: list[Anything] = []
    for member in condition.members:
        found += _flat(form, member) if isinstance(member, form) else [member]  # type: ignore[arg-type]
    return found


def follow(meant: Meaning, into: Follow) -> Meaning:
    """The same with each name as ``into`` has it."""
    if isinstance(meant, Ref):
        return Ref(meant.sort, into(meant))
    if isinstance(meant, tuple):
        followed = tuple(follow(member, into) for member in meant)
        # Sorted by the old names; what stands in no order is sorted again by the new ones.
        if followed and followed[0] in _SORTED_LAST:
            return (*followed[:-1], tuple(sorted(followed[-1], key=repr)))
        return followed
    return meant
