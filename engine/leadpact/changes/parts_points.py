"""Scores and grades: their rows, categories, letters, and what changes their sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from leadpact.changes.meaning import Ref
from leadpact.changes.part import Block, Fact, Order, Part, Says, asked, fact, listed, texts, words
from leadpact.changes.parts_people import owner_fact
from leadpact.checked import (
    ByRow,
    Category,
    Decay,
    Duration,
    EachEvent,
    ForEvery,
    Grade,
    Letter,
    OnceEvent,
    OncePerPeriod,
    OncePerProperty,
    PointsBy,
    PointsRow,
    Restart,
    Score,
    Window,
)
from leadpact.english import Sayings, category_says, clamp_says, duration, needs_known_says
from leadpact.english.catalogue import ENGLISH
from leadpact.english.clauses import clause
from leadpact.english.happenings import by_lead, happened
from leadpact.english.names import Names
from leadpact.english.points import by_row_parts
from leadpact.english.telling import tell
from leadpact.english.wording import (
    lower_first,
    number,
    percent,
    points,
    points_of,
    quoted,
    say,
    value,
)

__all__ = ["point_orders", "point_parts"]

_SHORT: Final = 12
"""A row is named by its condition only where that has no more words."""


def point_parts(names: Names) -> Iterator[Part]:
    says = Sayings(names.policy)
    for score in names.policy.scores:
        block = Block(f"score {score.name}", f"Score {quoted(score.label)}")
        yield _score(names, score, block)
        yield from _changing(names, says, score, score, block)
        for row in score.rows:
            if isinstance(row, Category):
                yield _category(score, row, block)
                yield from _changing(names, says, score, row, block)
        yield from _rows(names, says, score, block)
    for grade in names.policy.grades:
        block = Block(f"grade {grade.name}", f"Grade {quoted(grade.label)}")
        yield _grade(names, grade, block)
        yield from _rows(names, says, grade, block)
        for letter in grade.letters:
            yield _letter(says, grade, letter, block)


# --- scores and categories -----------------------------------------------------------------------


def _score(names: Names, score: Score, block: Block) -> Part:
    return Part(
        "score",
        score.name,
        lambda: quoted(score.label),
        block,
        (
            words("label", score.label),
            owner_fact(names, score.owner),
            fact("never less than", score.low, lambda: _end(score.low)),
            fact("never more than", score.high, lambda: _end(score.high)),
            texts("means", score.means),
            texts("notes", score.notes),
        ),
        lambda: ". ".join((f"the score {quoted(score.label)}", *clamp_says(score).values())),
        "decisions",
        score.span,
        label=score.label,
    )


def _end(end: int | None) -> str:
    return points_of(end) if end is not None else ""


def _category(score: Score, category: Category, block: Block) -> Part:
    return Part(
        "category",
        category.rule,
        lambda: quoted(category.label),
        block,
        (
            words("label", category.label),
            fact("at most", category.at_most, lambda: _end(category.at_most)),
            texts("means", category.means),
            texts("notes", category.notes),
        ),
        lambda: category_says(category),
        "decisions",
        category.span,
        label=category.label,
    )


def _changing(
    names: Names, says: Sayings, score: Score, owner: Score | Category, block: Block
) -> Iterator[Part]:
    """What time without activity does, and what lets the sum start again."""
    of = "" if isinstance(owner, Score) else f" of {quoted(owner.label)}"
    quiet = owner.inactivity
    if quiet is not None:
        less = percent(quiet.percent) if quiet.percent is not None else points_of(quiet.points or 0)
        yield Part(
            "time without activity",
            quiet.rule,
            lambda: f"Time without activity{of}",
            block,
            (
                fact("counts less", (quiet.percent, quiet.points), lambda: less),
                fact("for each full", quiet.period, lambda: ENGLISH.units[quiet.period][0]),
                fact("never below", quiet.never_below, lambda: _end(quiet.never_below)),
            ),
            lambda: says.inactivity(score, owner, quiet),
            "decisions",
            quiet.span,
        )
    for restart in owner.restarts:
        yield _restart(says, score, owner, restart, block)


def _restart(
    says: Sayings, score: Score, owner: Score | Category, restart: Restart, block: Block
) -> Part:
    of = "" if isinstance(owner, Score) else f" of {quoted(owner.label)}"
    what = Ref("stage", restart.stage) if restart.stage is not None else restart.events
    return Part(
        "starting again",
        restart.rule,
        lambda: f"Starting again{of}",
        block,
        (fact("starts again", what, lambda: says.restart(score, owner, restart)),),
        lambda: says.restart(score, owner, restart),
        "decisions",
        restart.span,
    )


# --- rows ----------------------------------------------------------------------------------------


def _rows(names: Names, says: Sayings, owner: Score | Grade, block: Block) -> Iterator[Part]:
    for row, by, table, category in _each_row(owner):
        place = _place(category)
        if isinstance(row, PointsRow):
            yield _row(names, says, row, block, place)
        else:
            assert by is not None
            yield _by_row(names, says, by, row, block, place, table)


def _place(category: Category | None) -> Fact:
    if category is None:
        return fact("category", None, lambda: "no category")
    return fact("category", Ref("category", category.rule), lambda: quoted(category.label))


def _each_row(
    owner: Score | Grade,
) -> Iterator[tuple[PointsRow | ByRow, PointsBy | None, str, Category | None]]:
    """Each row with its table, if it stands in one, and its category."""
    tables: dict[str, int] = {}
    for given in owner.rows:
        category = given if isinstance(given, Category) else None
        for row in given.rows if isinstance(given, Category) else (given,):
            match row:
                case PointsRow():
                    yield row, None, "", category
                case PointsBy():
                    at = tables[row.field] = tables.get(row.field, 0) + 1
                    for by_row in row.rows:
                        yield by_row, row, f"{owner.name}.{row.field}.{at}", category
                case _:
                    assert_never(row)


def _row(names: Names, says: Sayings, row: PointsRow, block: Block, place: Fact) -> Part:
    return Part(
        "row of points",
        row.rule,
        lambda: _row_name(names, says, row),
        block,
        (
            fact("points", row.points, lambda: points(row.points)),
            place,
            *_what(names, row),
            asked(names, "condition", row.when),
            words("because", row.because),
            texts("notes", row.notes),
        ),
        lambda: says.row(row),
        "decisions",
        row.span,
        row.in_force,
    )


def _row_name(names: Names, says: Sayings, row: PointsRow) -> str:
    match row.what:
        case EachEvent() | OnceEvent():
            if row.what.events.name == "activity":
                return "Any activity"
            return quoted(names.event_label(row.what.events))
        case ForEvery():
            return quoted(names.fields[row.what.field].label)
        case None:
            assert row.when is not None
            condition = clause(names, row.when)
            if len(condition.split()) > _SHORT:
                return quoted(value(row.rule.rpartition(".")[2]))
            return f"When {condition}"
        case _:
            assert_never(row.what)


def _what(names: Names, row: PointsRow) -> Iterator[Fact]:
    """What the points are for. Rows of another form are compared as a whole."""
    what = row.what
    form = type(what).__name__ if what is not None else ""
    match what:
        case EachEvent():
            lead = by_lead(what.events)
            yield fact("form", form, lambda: "for each time")
            yield fact("event", what.events, lambda: happened(names, what.events))
            yield fact("once", what.once_per, lambda: _once_per(names, what))
            yield fact("up to", what.up_to, lambda: _up_to(what))
            yield _window(names, what.window, lead)
            yield fact("at most times", what.at_most_times, lambda: _times(what.at_most_times))
            yield fact("at most", what.at_most_points, lambda: _end(what.at_most_points))
            yield _decay(what.decay)
        case OnceEvent():
            yield fact("form", form, lambda: "once")
            yield fact("event", what.events, lambda: happened(names, what.events))
            yield fact("how often", what.at_least, lambda: f"at least {_times(what.at_least)}")
            yield _window(names, what.window, by_lead(what.events))
            yield _decay(what.decay)
        case ForEvery():
            label = names.fields[what.field].label
            yield fact("form", form, lambda: "for every so many")
            yield fact("field", Ref("field", what.field), lambda: quoted(label))
            yield fact("for every", what.step, lambda: number(what.step))
            yield fact("at most", what.at_most_points, lambda: _end(what.at_most_points))
        case None:
            yield fact("form", form, lambda: "once, on its condition")
        case _:
            assert_never(what)


def _once_per(names: Names, what: EachEvent) -> str:
    match what.once_per:
        case OncePerPeriod(period=period):
            return say("once per period", period=ENGLISH.units[period][0])
        case OncePerProperty(property=name):
            label = lower_first(names.property_label(what.events, name))
            return say("once per property", property=label)
        case None:
            return ""
        case _:
            assert_never(what.once_per)


def _up_to(what: EachEvent) -> str:
    limit = what.up_to
    if limit is None:
        return ""
    return say("up to", number=number(limit.amount), period=ENGLISH.units[limit.period][0])


def _times(times: int | None) -> str:
    if times is None:
        return ""
    return "once" if times == 1 else f"{number(times)} times"


def _window(names: Names, window: Window, of_lead: bool) -> Fact:
    return fact("window", window, lambda: names.window(window, of_lead=of_lead))


def _decay(decay: Decay | None) -> Fact:
    return fact(
        "losing worth",
        decay,
        lambda: say(decay.how, duration=duration(Duration(decay.days, "day"))) if decay else "",
    )


def _by_row(
    names: Names, says: Sayings, by: PointsBy, row: ByRow, block: Block, place: Fact, table: str
) -> Part:
    return Part(
        "row of points",
        row.rule,
        lambda: _by_name(names, by, row),
        block,
        (
            fact("points", row.points, lambda: points(row.points)),
            place,
            fact("field", Ref("field", by.field), lambda: names.fields[by.field].label),
            fact("values", row.match, lambda: _by_condition(names, by, row)),
            # Two tables of one field both give points.
            fact("table", table.rpartition(".")[2], lambda: table.rpartition(".")[2]),
            words("because", row.because),
            texts("notes", row.notes),
        ),
        lambda: says.by_row(by, row),
        "decisions",
        row.span,
        row.in_force,
        table=table,
    )


def _by_name(names: Names, by: PointsBy, row: ByRow) -> str:
    return f"When {_by_condition(names, by, row)}"


def _by_condition(names: Names, by: PointsBy, row: ByRow) -> str:
    """``the number of employees is from 200 to 999``"""
    said = tell(names, lambda known: by_row_parts(known, by, row)).split(". ")[0]
    return said.partition(" when ")[2]


# --- grades --------------------------------------------------------------------------------------


def _grade(names: Names, grade: Grade, block: Block) -> Part:
    needs = [(one, needs_known_says(names.policy, one)) for one in grade.needs]
    return Part(
        "grade",
        grade.name,
        lambda: quoted(grade.label),
        block,
        (
            words("label", grade.label),
            owner_fact(names, grade.owner),
            listed("needs", needs),
            texts("means", grade.means),
            texts("notes", grade.notes),
        ),
        lambda: f"the grade {quoted(grade.label)}",
        "decisions",
        grade.span,
        label=grade.label,
    )


def _letter(says: Sayings, grade: Grade, letter: Letter, block: Block) -> Part:
    low = letter.low
    return Part(
        "letter",
        letter.rule,
        lambda: f"Letter {letter.name}",
        block,
        (fact("from", low, lambda: points_of(low) if low is not None else "all that is left"),),
        lambda: says.letter(grade, letter),
        "decisions",
        letter.span,
        letter.in_force,
    )


def point_orders(names: Names) -> Iterator[Order]:
    """In a table of values the first row that matches acts."""
    owners: tuple[Score | Grade, ...] = (*names.policy.scores, *names.policy.grades)
    for owner in owners:
        word = "Score" if isinstance(owner, Score) else "Grade"
        block = Block(f"{word.lower()} {owner.name}", f"{word} {quoted(owner.label)}")
        tables: dict[str, list[tuple[PointsBy, ByRow]]] = {}
        for row, by, table, _ in _each_row(owner):
            if isinstance(row, ByRow) and by is not None:
                tables.setdefault(table, []).append((by, row))
        for table, rows in tables.items():
            yield Order(
                table,
                block,
                names.fields[rows[0][0].field].label,
                tuple(row.rule for _, row in rows),
                tuple(_later(names, by, row) for by, row in rows),
                "decisions",
                rows[0][0].span,
            )


def _later(names: Names, by: PointsBy, row: ByRow) -> Says:
    return lambda: lower_first(_by_name(names, by, row))
