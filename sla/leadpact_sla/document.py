"""A checked policy as the document that its pages show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from leadpact.checked import (
    Category,
    CheckedPolicy,
    Checklist,
    Definition,
    Grade,
    Group,
    GroupRow,
    PointsBy,
    PointsRow,
    Score,
)
from leadpact.english import (
    amount,
    category_says,
    clamp_says,
    day,
    needs_items_says,
    needs_known_says,
    points,
)
from leadpact.english.wording import counted_label, lower_first, result_name
from leadpact_sla import life, people
from leadpact_sla.facts import events, facts, files, lists
from leadpact_sla.model import (
    CategoryDoc,
    ChecklistDoc,
    Clause,
    DefinitionDoc,
    GradeDoc,
    GroupDoc,
    GroupRowDoc,
    ItemDoc,
    LetterDoc,
    Links,
    MeaningDoc,
    QuadrantDoc,
    Rule,
    ScoreDoc,
    Section,
)
from leadpact_sla.model_policy import PolicyDoc
from leadpact_sla.quadrant import quadrant
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
        handover=life.handover(writer),
        notes=policy.notes,
        parties=tuple(people.parties(writer)),
        agreement=people.agreement(writer, agreed) if agreed is not None else None,
        guarantees=tuple(people.guarantees(writer)),
        calendars=tuple(people.calendars(writer)),
        scores=tuple(_score(writer, score) for score in policy.scores),
        grades=tuple(_grade(writer, grade) for grade in policy.grades),
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
        files=files(policy.sources),
    )


# --- points --------------------------------------------------------------------------------------


def _score(writer: Writer, score: Score) -> ScoreDoc:
    name = result_name(score.name, score.label)
    return ScoreDoc(
        page=writer.places.pages[score.name],
        title=capital(say("score", name=name)),
        subtitle=_subtitle(score.label, name),
        owner=writer.owner(score.owner),
        source=writer.places.source(score.span),
        categories=tuple(_categories(writer, score)),
        changes=tuple(_changes(writer, score, score)),
        limits=tuple(
            writer.rule(rule, says, score.span) for rule, says in clamp_says(score).items()
        ),
        means=score.means,
        notes=score.notes,
    )


def _subtitle(label: str, name: str) -> str | None:
    return label if name.lower() not in label.lower().split() else None


def _changes(writer: Writer, score: Score, owner: Score | Category) -> Iterator[Rule]:
    """What time without activity does to the score or category, and what starts it again."""
    lost = owner.inactivity
    if lost is not None:
        yield writer.rule(lost.rule, writer.says.inactivity(score, owner, lost), lost.span)
    for restart in owner.restarts:
        yield writer.rule(restart.rule, writer.says.restart(score, owner, restart), restart.span)


def _categories(writer: Writer, score: Score) -> Iterator[CategoryDoc]:
    loose = [row for row in score.rows if not isinstance(row, Category)]
    grouped = [row for row in score.rows if isinstance(row, Category)]
    for category in grouped:
        also = (f"{category.rule}.at_most",) if category.at_most is not None else ()
        yield CategoryDoc(
            f"in-{category.name}",
            category.label,
            writer.rule(category.rule, category_says(category), category.span, also=also),
            tuple(_sections(writer, category.rows)),
            changes=tuple(_changes(writer, score, category)),
            means=category.means,
            notes=category.notes,
        )
    if loose:
        label = say("other points" if grouped else "points all")
        yield CategoryDoc("all-points", label, None, tuple(_sections(writer, loose)))


def _sections(writer: Writer, rows: Iterable[PointsRow | PointsBy]) -> Iterator[Section]:
    """Rows that stand side by side make one section, each ``points by`` one of its own."""
    loose: list[Rule] = []
    for row in rows:
        if isinstance(row, PointsRow):
            says = writer.says.row(row)
            rule = writer.rule(
                row.rule,
                says,
                row.span,
                row.because,
                span_of_days=row.in_force,
                notes=row.notes,
            )
            loose.append(_with_points(rule, row.points))
            continue
        if loose:
            yield Section(None, tuple(loose))
            loose = []
        yield Section(_by_caption(writer, row.field), tuple(_by_rows(writer, row)))
    if loose:
        yield Section(None, tuple(loose))


def _by_rows(writer: Writer, by: PointsBy) -> Iterator[Rule]:
    for row in by.rows:
        rule = writer.rule(
            row.rule,
            writer.says.by_row(by, row),
            row.span,
            row.because,
            span_of_days=row.in_force,
            notes=row.notes,
        )
        yield _with_points(rule, row.points)


def _by_caption(writer: Writer, name: str) -> str:
    field = writer.names.fields[name]
    return say("by field", field=counted_label(field) or lower_first(field.label))


def _with_points(rule: Rule, hundredths: int) -> Rule:
    given = points(hundredths)
    return replace(
        rule,
        says=capital(rule.says.removeprefix(given).lstrip()),
        points=given if hundredths else amount(0),
        tone="plus" if hundredths > 0 else "minus" if hundredths < 0 else "zero",
    )


def _grade(writer: Writer, grade: Grade) -> GradeDoc:
    name = result_name(grade.name, grade.label)
    return GradeDoc(
        page=writer.places.pages[grade.name],
        title=capital(say("grade", name=name)),
        subtitle=_subtitle(grade.label, name),
        owner=writer.owner(grade.owner),
        source=writer.places.source(grade.span),
        sections=tuple(_sections(writer, grade.rows)),
        letters=tuple(
            LetterDoc(
                writer.rule(
                    letter.rule,
                    writer.says.letter(grade, letter),
                    letter.span,
                    span_of_days=letter.in_force,
                ),
                letter.name,
            )
            for letter in grade.letters
        ),
        needs=tuple(needs_known_says(writer.policy, needs) for needs in grade.needs),
        means=grade.means,
        notes=grade.notes,
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
