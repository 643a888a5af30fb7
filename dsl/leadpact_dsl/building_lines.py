"""From a line's tree to nodes: headers, rows and clauses.

A header becomes its block with nothing in it yet, and a row the row as far as its line says;
blocks.py adds what stands below.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, cast

from leadpact_dsl import nodes
from leadpact_dsl.building import Parts, Place, rule, words_of
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = ["Clause", "ClauseKind", "Flag", "Refusal"]

ClauseKind: TypeAlias = Literal[
    "when", "as", "because", "do", "means", "met when", "not met when", "answered by"
]


@frozen
class Clause:
    """A line below an opened row, item, move or definition."""

    kind: ClauseKind
    value: object
    span: Span


@frozen
class Flag:
    """A line that is one word: ``start`` or ``final``."""

    word: Literal["start", "final"]
    span: Span


@frozen
class Refusal:
    """``refused when …``, whose condition may still stand below."""

    when: nodes.Condition | None
    as_name: nodes.Word | None
    because: nodes.Quoted | None
    span: Span


@frozen
class _Answered:
    by: nodes.Word
    good_for: nodes.Duration | None


@frozen
class _Tagged:
    """A part of a line that would look like another without its tag."""

    tag: Literal["file", "members", "met", "not met"]
    value: object


# --- policy, party, list -----------------------------------------------------------------------


@rule
def policy_header(_place: Place, parts: Parts, span: Span) -> nodes.PolicyBlock:
    return nodes.PolicyBlock(parts[0], parts[1], (), span)


@rule
def policy_line(_place: Place, parts: Parts, span: Span) -> nodes.PolicyLine:
    return nodes.PolicyLine(words_of(parts[0]), parts[1], span)  # type: ignore[arg-type]


@rule
def party_header(_place: Place, parts: Parts, span: Span) -> nodes.PartyBlock:
    return nodes.PartyBlock(parts[0], parts[1], (), (), span)


@rule
def party_line(_place: Place, parts: Parts, _span: Span) -> tuple[str, nodes.Quoted]:
    return words_of(parts[0]), parts[1]


@rule
def list_header(_place: Place, parts: Parts, span: Span) -> nodes.ListBlock:
    name, label, owner, rest = parts
    tagged = cast(_Tagged | None, rest)
    members = tagged.value if tagged and tagged.tag == "members" else ()
    file = tagged.value if tagged and tagged.tag == "file" else None
    return nodes.ListBlock(
        name,
        label,
        owner,
        cast(tuple[nodes.Quoted, ...], members),
        cast(nodes.Quoted | None, file),
        span,
    )


@rule
def list_file(_place: Place, parts: Parts, _span: Span) -> _Tagged:
    return _Tagged("file", parts[0])


@rule
def list_members(_place: Place, parts: Parts, _span: Span) -> _Tagged:
    return _Tagged("members", tuple(parts))


@rule
def list_member(_place: Place, parts: Parts, _span: Span) -> tuple[nodes.Quoted, ...]:
    return tuple(parts)


# --- lead and events ---------------------------------------------------------------------------


@rule
def lead_header(_place: Place, parts: Parts, span: Span) -> nodes.LeadBlock:
    return nodes.LeadBlock(parts[0], (), (), span)


@rule
def refused(_place: Place, parts: Parts, span: Span) -> Refusal:
    when, as_name, because = parts
    return Refusal(when, as_name, because, span)


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


# --- define, group, checklist, stage -----------------------------------------------------------


@rule
def define_header(_place: Place, parts: Parts, span: Span) -> nodes.DefineBlock:
    name, label, owner, when, because = parts
    return nodes.DefineBlock(name, label, owner, when, because, span)


@rule
def group_header(_place: Place, parts: Parts, span: Span) -> nodes.GroupBlock:
    return nodes.GroupBlock(parts[0], parts[1], parts[2], (), span)


@rule
def group_row(_place: Place, parts: Parts, span: Span) -> nodes.GroupRow:
    name, label, what, because = parts
    if isinstance(what, nodes.Word):
        kind = cast(Literal["unknown", "otherwise"], what.text)
        return nodes.GroupRow(name, label, kind, None, because, (), (), span)
    return nodes.GroupRow(name, label, "when", what, because, (), (), span)


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


@rule
def stage_header(_place: Place, parts: Parts, span: Span) -> nodes.StageBlock:
    return nodes.StageBlock(parts[0], parts[1], parts[2], (), (), (), (), span)


@rule
def stage_start(_place: Place, _parts: Parts, span: Span) -> Flag:
    return Flag("start", span)


@rule
def stage_final(_place: Place, _parts: Parts, span: Span) -> Flag:
    return Flag("final", span)


@rule
def move(_place: Place, parts: Parts, span: Span) -> nodes.MoveLine:
    to, when, as_name, because = parts
    return nodes.MoveLine(to, when, as_name, because, span)


# --- clauses -----------------------------------------------------------------------------------


@rule
def clause_when(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("when", parts[0], span)


@rule
def clause_as(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("as", parts[0], span)


@rule
def clause_because(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("because", parts[0], span)


@rule
def clause_do(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("do", parts[0], span)


@rule
def clause_means(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("means", parts[0], span)


@rule
def clause_met(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("met when", parts[0].value, span)


@rule
def clause_not_met(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("not met when", parts[0].value, span)


@rule
def clause_answered(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("answered by", (parts[0].by, parts[0].good_for), span)
