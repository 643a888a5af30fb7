"""A checked policy as the document that its pages show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from leadpact.checked import CheckedPolicy, Checklist, Definition, Group, GroupRow
from leadpact.english import day, needs_items_says
from leadpact_sla import life, people
from leadpact_sla.clocks import answers, clocks
from leadpact_sla.coming import coming
from leadpact_sla.facts import events, facts, lists
from leadpact_sla.glossary import glossary
from leadpact_sla.model import (
    ChecklistDoc,
    Clause,
    DefinitionDoc,
    GroupDoc,
    GroupRowDoc,
    ItemDoc,
    Links,
    MeaningDoc,
    QuadrantDoc,
)
from leadpact_sla.model_policy import PolicyDoc
from leadpact_sla.opening import opening
from leadpact_sla.pointing import grade_doc, score_doc
from leadpact_sla.promising import promises, sheet
from leadpact_sla.quadrant import quadrant
from leadpact_sla.readers import agreed_by, cards
from leadpact_sla.roles import duties
from leadpact_sla.settings import settings
from leadpact_sla.stories import stories
from leadpact_sla.words import say
from leadpact_sla.writing import Writer, capital

__all__ = ["document"]


def document(policy: CheckedPolicy, links: Links, today: date | None = None) -> PolicyDoc:
    """Everything that the pages of one policy show.

    ``today`` tells which dated rows are in force, and from when public holidays are listed.
    """
    writer = Writer(policy, links, today)
    names, places = writer.names, writer.places
    since = policy.in_force_from
    moves = tuple(life.moves(writer))
    first = opening(writer)
    promised, running = promises(writer), clocks(writer)
    answered = tuple(answers(writer, moves))
    disputed = settings(writer)
    agreed = policy.agreement
    short, _, about = (part.strip() for part in policy.label.partition(":"))
    return PolicyDoc(
        folder=policy.name,
        name=policy.name,
        label=policy.label,
        short_label=short or policy.label,
        about=capital(about) if short and about else None,
        version=policy.version,
        in_force_from=day(since) if since is not None else None,
        zone=policy.zone,
        announced=since is not None and today is not None and today < since,
        agreed_by=agreed_by(writer),
        opening=first,
        cards=tuple(cards(writer, comes_back=bool(answered), disagree=bool(disputed))),
        coming=coming(writer),
        notes=policy.notes,
        parties=tuple(people.parties(writer)),
        agreement=people.agreement(writer, agreed) if agreed is not None else None,
        promises=promised,
        clocks=running,
        answers=answered,
        worklists=tuple(life.worklists(writer, moves)),
        sheet=sheet(writer, first, promised, running, answered),
        columns=(
            *(one.label for one in policy.parties),
            *(one.label for one in policy.roles),
        ),
        duties=duties(writer),
        settings=disputed,
        terms=glossary(writer),
        stories=stories(writer),
        guarantees=tuple(people.guarantees(writer)),
        calendars=tuple(people.calendars(writer)),
        scores=tuple(score_doc(writer, score) for score in policy.scores),
        grades=tuple(grade_doc(writer, grade) for grade in policy.grades),
        groups=tuple(_group(writer, group) for group in policy.groups),
        checklists=tuple(_checklist(writer, checklist) for checklist in policy.checklists),
        stages=tuple(life.stages(writer, moves)),
        moves=moves,
        targets=tuple(life.targets(writer, moves)),
        any_stage_notes=tuple(note for one in policy.any_stages for note in one.notes),
        definitions=tuple(_definition(writer, item) for item in policy.definitions),
        refusals=tuple(
            writer.rule(
                refusal.rule,
                writer.says.refusal(refusal),
                refusal.span,
                refusal.because,
                span_of_days=refusal.in_force,
            )
            for refusal in policy.refusals
        ),
        fields=facts(names, places, policy.fields),
        events=events(names, places),
        lists=lists(names, places),
        sources=policy.sources,
    )


# --- groups, checklists, definitions -------------------------------------------------------------


def _group(writer: Writer, group: Group) -> GroupDoc:
    return GroupDoc(
        page=writer.places.pages[group.name],
        title=group.label,
        owner=writer.owner(group.owner),
        source=writer.places.source(group.span),
        rows=tuple(_group_row(writer, group, row, at) for at, row in enumerate(group.rows)),
        quadrant=_quadrant(writer, group),
    )


def _group_row(writer: Writer, group: Group, row: GroupRow, tone: int) -> GroupRowDoc:
    return GroupRowDoc(
        rule=writer.rule(
            row.rule,
            writer.says.group_row(group, row),
            row.span,
            row.because,
            span_of_days=row.in_force,
            notes=row.notes,
        ),
        name=row.name,
        label=row.label,
        tone=tone,
        clauses=writer.unfold(row.when)
        if row.when is not None
        else (Clause(say(f"group {row.kind}")),),
        does=row.does,
        means=row.means,
        dates=writer.dates(row.in_force),
    )


def _quadrant(writer: Writer, group: Group) -> QuadrantDoc | None:
    """The square of the rows in force; its cells lead to the rows of the whole group."""
    today = next((one for one in writer.current.groups if one.name == group.name), group)
    found = quadrant(writer.names, writer.current, today)
    if found is None:
        return None
    at = {row.span: index for index, row in enumerate(group.rows)}
    cells = {key: at[today.rows[row].span] for key, row in found.cells.items()}
    return replace(found, cells=cells)


def _checklist(writer: Writer, checklist: Checklist) -> ChecklistDoc:
    return ChecklistDoc(
        page=writer.places.pages[checklist.name],
        title=checklist.label,
        owner=writer.owner(checklist.owner),
        source=writer.places.source(checklist.span),
        items=tuple(
            ItemDoc(
                writer.rule(
                    item.rule, writer.says.item(item), item.span, item.because, notes=item.notes
                ),
                item.question,
                item.means,
            )
            for item in checklist.items
        ),
        needs=tuple(
            needs_items_says(writer.policy, checklist.name, needs) for needs in checklist.needs
        ),
    )


def _definition(writer: Writer, definition: Definition) -> DefinitionDoc:
    return DefinitionDoc(
        rule=writer.rule(
            definition.name,
            writer.says.definition(definition),
            definition.span,
            definition.because,
            notes=definition.notes,
        ),
        label=definition.label,
        owner=writer.owner(definition.owner),
        meanings=tuple(
            MeaningDoc(
                writer.dates(one.in_force), writer.state(one.in_force), writer.unfold(one.when)
            )
            for one in definition.whens
        ),
        means=definition.means,
    )
