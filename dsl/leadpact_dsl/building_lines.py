"""From a line's tree to nodes: headers, rows and clauses.

A header becomes its block with nothing in it yet, and a row the row as far as its line says;
blocks.py adds what stands below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias, cast

from leadpact_dsl import nodes
from leadpact_dsl.building import Parts, Place, rule, words_of
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = ["Clause", "ClauseKind", "Refusal", "Tail"]

ClauseKind: TypeAlias = Literal[
    "when",
    "in force",
    "as",
    "because",
    "do",
    "means",
    "note",
    "met when",
    "not met when",
    "answered by",
    "put on worklist",
    "wake up",
    "starts when",
    "pauses from",
    "tell",
    "hands back to",
]


@frozen
class Clause:
    """A line below an opened row, item, move, definition or target."""

    kind: ClauseKind
    value: object
    span: Span


@frozen
class Tail:
    """What ends a row that stands on one line."""

    in_force: nodes.InForce | None
    as_name: nodes.Word | None
    because: nodes.Quoted | nodes.LastOf | None


@frozen
class Refusal:
    """``refused when …``, whose condition may still stand below."""

    when: nodes.Condition | None
    tail: Tail
    span: Span


@frozen
class _Answered:
    by: nodes.Word
    good_for: nodes.Duration | None


@frozen
class _Tagged:
    """A part of a line that would look like another without its tag."""

    tag: Literal["met", "not met"]
    value: object


# --- lead and events ---------------------------------------------------------------------------


@rule
def lead_header(_place: Place, parts: Parts, span: Span) -> nodes.LeadBlock:
    return nodes.LeadBlock(parts[0], (), (), span)


@rule
def refused(_place: Place, parts: Parts, span: Span) -> Refusal:
    return Refusal(parts[0], parts[1], span)


@rule
def field(_place: Place, parts: Parts, span: Span) -> nodes.FieldLine:
    name, label, kind, *marks = parts
    return nodes.FieldLine(name, label, kind, tuple(marks), span)


def _field_type(parts: Parts, span: Span) -> nodes.FieldType:
    kind = words_of(parts[0])
    return nodes.FieldType(kind, (), None, None, span)  # type: ignore[arg-type]


@rule
def simple_type(_place: Place, parts: Parts, span: Span) -> nodes.FieldType:
    return _field_type(parts, span)


@rule
def number_type(_place: Place, parts: Parts, span: Span) -> nodes.FieldType:
    kind = words_of(parts[0])
    return nodes.FieldType(kind, (), parts[1], parts[2], span)  # type: ignore[arg-type]


@rule
def choice_type(_place: Place, parts: Parts, span: Span) -> nodes.FieldType:
    kind = words_of(parts[0])
    return nodes.FieldType(kind, tuple(parts[1:]), None, None, span)  # type: ignore[arg-type]


@rule
def mark(_place: Place, parts: Parts, span: Span) -> nodes.Mark:
    if len(parts) == 2:
        return nodes.Mark("required when", parts[1], span)
    return nodes.Mark(words_of(parts[0]), None, span)  # type: ignore[arg-type]


@rule
def activities_header(_place: Place, parts: Parts, span: Span) -> nodes.EventsBlock:
    return nodes.EventsBlock("activities", None, parts[1], (), span)


@rule
def signals_header(_place: Place, parts: Parts, span: Span) -> nodes.EventsBlock:
    return nodes.EventsBlock("signals", None, parts[1], (), span)


@rule
def actions_header(_place: Place, parts: Parts, span: Span) -> nodes.EventsBlock:
    return nodes.EventsBlock("actions", parts[1], parts[2], (), span)


@rule
def kind(_place: Place, parts: Parts, span: Span) -> nodes.KindLine:
    return nodes.KindLine(parts[0], parts[1], (), span)


@rule
def derived_any(_place: Place, parts: Parts, span: Span) -> nodes.DerivedLine:
    return nodes.DerivedLine(parts[0], parts[1], tuple(parts[3:]), None, span)


@rule
def derived_where(_place: Place, parts: Parts, span: Span) -> nodes.DerivedLine:
    return nodes.DerivedLine(parts[0], parts[1], (parts[3],), parts[4], span)


# --- define, group, checklist ------------------------------------------------------------------


@rule
def define_header(_place: Place, parts: Parts, span: Span) -> nodes.DefineBlock:
    name, label, owner, when, because = parts
    return nodes.DefineBlock(name, label, owner, (when,) if when else (), because, span)


@rule
def when_dated(_place: Place, parts: Parts, span: Span) -> nodes.DatedWhen:
    return nodes.DatedWhen(parts[0], parts[1], span)


@rule
def group_header(_place: Place, parts: Parts, span: Span) -> nodes.GroupBlock:
    return nodes.GroupBlock(parts[0], parts[1], parts[2], (), span)


@rule
def group_row(_place: Place, parts: Parts, span: Span) -> nodes.GroupRow:
    name, label, what, in_force, because = parts
    kind: Literal["when", "unknown", "otherwise"] = "when"
    if isinstance(what, nodes.Word):
        kind, what = what.text, None  # type: ignore[assignment]
    return nodes.GroupRow(name, label, kind, what, because, (), (), span, in_force)


@rule
def checklist_header(_place: Place, parts: Parts, span: Span) -> nodes.ChecklistBlock:
    return nodes.ChecklistBlock(parts[0], parts[1], parts[2], (), (), span)


@rule
def met(_place: Place, parts: Parts, _span: Span) -> _Tagged:
    return _Tagged("met", parts[0])


@rule
def not_met(_place: Place, parts: Parts, _span: Span) -> _Tagged:
    return _Tagged("not met", parts[0])


@rule
def answered(_place: Place, parts: Parts, _span: Span) -> _Answered:
    return _Answered(parts[0], parts[1])


@rule
def item(_place: Place, parts: Parts, span: Span) -> nodes.ItemLine:
    tagged = {part.tag: part.value for part in parts if isinstance(part, _Tagged)}
    answer = next((part for part in parts if isinstance(part, _Answered)), None)
    return nodes.ItemLine(
        parts[0],
        parts[1],
        met_when=cast(nodes.Condition | None, tagged.get("met")),
        not_met_when=cast(nodes.Condition | None, tagged.get("not met")),
        answered_by=answer.by if answer else None,
        good_for=answer.good_for if answer else None,
        because=parts[-1],
        span=span,
    )


@rule
def quantifier(_place: Place, parts: Parts, _span: Span) -> tuple[str, nodes.Number | None]:
    return words_of(parts[0]), parts[1] if len(parts) == 2 else None


@rule
def names(_place: Place, parts: Parts, _span: Span) -> tuple[nodes.Word, ...]:
    return tuple(parts)


@rule
def needs_items(_place: Place, parts: Parts, span: Span) -> nodes.NeedsItems:
    (quantifier, count), items, state = parts
    return nodes.NeedsItems(
        quantifier,
        count,
        items or (),
        words_of(state),  # type: ignore[arg-type]
        span,
    )


# --- what ends a row, and clauses --------------------------------------------------------------


@rule
def tail(_place: Place, parts: Parts, _span: Span) -> Tail:
    return Tail(parts[0], parts[1], parts[2])


def _clause(name: str, kind: ClauseKind, value: Callable[[Parts], object]) -> None:
    def clause(_place: Place, parts: Parts, span: Span) -> Clause:
        return Clause(kind, value(parts), span)

    clause.__name__ = name
    rule(clause)


def _first(parts: Parts) -> object:
    return parts[0]


_clause("clause_when", "when", _first)
_clause("clause_in_force", "in force", _first)
_clause("clause_as", "as", _first)
_clause("clause_because", "because", _first)
_clause("clause_met", "met when", lambda parts: parts[0].value)
_clause("clause_not_met", "not met when", lambda parts: parts[0].value)
_clause("clause_answered", "answered by", lambda parts: (parts[0].by, parts[0].good_for))


@rule
def clause_text(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause(words_of(parts[0]), parts[1], span)  # type: ignore[arg-type]
