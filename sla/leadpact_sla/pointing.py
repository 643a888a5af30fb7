"""Scores and grades in the document: categories, rows of points, limits and letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from leadpact.checked import Category, Grade, PointsBy, PointsRow, Score
from leadpact.english import amount, category_says, clamp_says, needs_known_says, points
from leadpact.english.wording import counted_label, lower_first, result_name
from leadpact_sla.model import CategoryDoc, GradeDoc, LetterDoc, Rule, ScoreDoc, Section
from leadpact_sla.words import say
from leadpact_sla.writing import Writer, capital

__all__ = ["grade_doc", "score_doc"]


def score_doc(writer: Writer, score: Score) -> ScoreDoc:
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


def grade_doc(writer: Writer, grade: Grade) -> GradeDoc:
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
