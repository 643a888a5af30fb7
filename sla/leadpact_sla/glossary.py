"""Every name of a policy: what it is called, what it means, and where that is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadpact.checked import AnyStage, Category, DerivedKind, Kind, Stage, Worklist
from leadpact.english import category_says
from leadpact_dsl.source import Span
from leadpact_sla.facts import events, facts
from leadpact_sla.model import EventDoc, EventsDoc
from leadpact_sla.model_pages import TermDoc
from leadpact_sla.words import say
from leadpact_sla.writing import Writer

__all__ = ["glossary"]


def glossary(writer: Writer) -> tuple[TermDoc, ...]:
    """All names by label, as one looks them up."""
    found = [*_results(writer), *_questions(writer), *_life(writer), *_facts(writer)]
    found += _people(writer)
    return tuple(sorted(found, key=lambda term: (term.label.casefold(), term.kind, term.name)))


def _term(
    writer: Writer, kind: str, name: str, label: str, meanings: tuple[str, ...], to: str, span: Span
) -> TermDoc:
    source = writer.places.source(span)
    return TermDoc(label, name, say(f"term {kind}"), meanings, to, source)


def _results(writer: Writer) -> Iterator[TermDoc]:
    policy, places = writer.policy, writer.places
    for score in policy.scores:
        to = places.result(score.name)
        meanings = (*score.means, *score.notes) or (say("score lead"),)
        yield _term(writer, "score", score.name, score.label, meanings, to, score.span)
        for row in score.rows:
            if isinstance(row, Category):
                means = (*row.means, *row.notes, category_says(row))
                place = places.result(score.name, row.rule)
                yield _term(writer, "category", row.rule, row.label, means, place, row.span)
    for grade in policy.grades:
        to = places.result(grade.name)
        meanings = (*grade.means, *grade.notes) or (say("grade lead"),)
        yield _term(writer, "grade", grade.name, grade.label, meanings, to, grade.span)
    for group in policy.groups:
        labels = ", ".join(row.label for row in group.rows)
        to = places.result(group.name)
        yield _term(writer, "group", group.name, group.label, (labels,), to, group.span)
        for part in group.rows:
            means = (*part.means, *part.does, writer.says.group_row(group, part))
            place = places.result(group.name, part.rule)
            yield _term(writer, "in group", part.rule, part.label, means, place, part.span)


def _questions(writer: Writer) -> Iterator[TermDoc]:
    policy, places = writer.policy, writer.places
    for checklist in policy.checklists:
        questions = tuple(item.question for item in checklist.items)
        to = places.result(checklist.name)
        label = checklist.label
        yield _term(writer, "checklist", checklist.name, label, questions, to, checklist.span)
        for item in checklist.items:
            means = (*item.means, writer.says.item(item))
            place = places.result(checklist.name, item.rule)
            yield _term(writer, "question", item.rule, item.question, means, place, item.span)
    for one in policy.definitions:
        means = (*one.means, writer.says.definition(one))
        place = places.definition(one.name)
        yield _term(writer, "definition", one.name, one.label, means, place, one.span)


def _life(writer: Writer) -> Iterator[TermDoc]:
    policy, places = writer.policy, writer.places
    seen: dict[str, tuple[Worklist, Span]] = {}
    for stage in policy.stages:
        to = places.stage(stage.name)
        owner = writer.owner(stage.owner)
        means = (*stage.means, *((say("owned by", party=owner),) if owner else ()))
        yield _term(writer, "stage", stage.name, stage.label, means, to, stage.span)
        for target in stage.targets:
            lines = (*target.means, *writer.says.target(stage, target))
            place = places.target(target.rule)
            yield _term(writer, "target", target.rule, target.label, lines, place, target.span)
    holders: tuple[Stage | AnyStage, ...] = (*policy.stages, *policy.any_stages)
    for holder in holders:
        for way in (*holder.moves, *holder.by_hand):
            for worklist in way.worklists:
                seen.setdefault(worklist.name, (worklist, way.span))
    for worklist, span in seen.values():
        place = places.worklist(worklist.name)
        yield _term(writer, "worklist", worklist.name, worklist.label, (), place, span)


def _facts(writer: Writer) -> Iterator[TermDoc]:
    policy, places = writer.policy, writer.places
    for field, fact in zip(policy.fields, facts(writer.names, places, policy.fields), strict=True):
        means, place = (fact.type, *fact.marks), places.fact(field.name)
        yield _term(writer, "fact", field.name, field.label, means, place, field.span)
    told = events(writer.names, places)
    documents: dict[str, EventDoc] = {one.anchor: one for some in told for one in some.events}
    headings = {one.anchor: _heading(some) for some in told for one in some.events}
    kinds: tuple[Kind | DerivedKind, ...] = (*policy.kinds, *policy.derived)
    for kind in kinds:
        place = places.event(kind.name)
        event = documents[place.partition("#")[2]]
        comes = ", ".join(item.label for item in event.properties)
        means = (*event.of, *((say("comes with those", properties=comes),) if comes else ()))
        term = _term(writer, "activity", kind.name, kind.label, means, place, kind.span)
        yield replace(term, kind=headings[event.anchor])
    for one in policy.lists:
        place = places.list(one.name)
        yield _term(writer, "list", one.name, one.label, _members(one.members), place, one.span)


def _heading(some: EventsDoc) -> str:
    if some.party is not None:
        return say("term action", party=some.party)
    return say("term signal" if some.what == "signals" else "term activity")


_MOST = 12


def _members(members: tuple[str, ...]) -> tuple[str, ...]:
    shown = ", ".join(members[:_MOST])
    if len(members) <= _MOST:
        return (shown,)
    return (say("and more", shown=shown, count=len(members) - _MOST),)


def _people(writer: Writer) -> Iterator[TermDoc]:
    policy, places = writer.policy, writer.places
    for party in policy.parties:
        place = places.party(party.name)
        yield _term(writer, "party", party.name, party.label, party.duties, place, party.span)
    for role in policy.roles:
        place = places.role(role.name)
        means = (*role.duties, say("role of", party=writer.names.parties[role.party]))
        yield _term(writer, "role", role.name, role.label, means, place, role.span)
    for calendar in policy.calendars:
        place = places.calendar(calendar.name)
        week = writer.says.week(calendar)
        yield _term(writer, "calendar", calendar.name, calendar.label, week, place, calendar.span)
