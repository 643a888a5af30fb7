"""The blocks that give points: ``score`` and ``grade``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from leadpact_dsl import nodes
from leadpact_dsl.building_parties import TextLine
from leadpact_dsl.building_points import LettersLine
from leadpact_dsl.clauses import open_clauses, texts
from leadpact_dsl.grammar import Start
from leadpact_dsl.layout import Line
from leadpact_dsl.reader import Reading

__all__ = ["read_grade", "read_score"]

# The lines of these blocks that have rows below them: what is wrong on such a line does not hide
# what is wrong on its rows.
_OPENERS = ("category", "points by", "letters")


def read_score(reading: Reading, line: Line) -> nodes.ScoreBlock | None:
    """A block `score` with all of its rows; ``None`` if its header could not be read."""
    read = reading.read(line, "score_header", keep_beginning=True)
    rest = read.rest if read else line.children
    rows = list(_rows(reading, rest, "score_line"))
    if read is None:
        return None
    sorts = nodes.PointsRow | nodes.PointsBy | nodes.Category
    return replace(
        cast(nodes.ScoreBlock, read.node),
        rows=tuple(row for row in rows if isinstance(row, sorts)),
        inactivity=tuple(row for row in rows if isinstance(row, nodes.Inactivity)),
        restarts=tuple(row for row in rows if isinstance(row, nodes.StartsAgain)),
        means=texts(rows, "means"),
        notes=texts(rows, "note"),
    )


def read_grade(reading: Reading, line: Line) -> nodes.GradeBlock | None:
    """A block `grade` with rows, needs and letters; ``None`` if its header could not be read."""
    read = reading.read(line, "grade_header", keep_beginning=True)
    rest = read.rest if read else line.children
    rows = list(_rows(reading, rest, "grade_line"))
    if read is None:
        return None
    spans = [row[0].span for row in rows if isinstance(row, tuple)]
    return replace(
        cast(nodes.GradeBlock, read.node),
        rows=tuple(row for row in rows if isinstance(row, nodes.PointsRow | nodes.PointsBy)),
        letters=tuple(letter for row in rows if isinstance(row, tuple) for letter in row[1]),
        letters_span=spans[0] if spans else None,
        needs=tuple(row for row in rows if isinstance(row, nodes.NeedsKnown)),
        means=texts(rows, "means"),
        notes=texts(rows, "note"),
    )


_Letters = tuple[LettersLine, tuple[nodes.Letter, ...]]
_Row = (
    nodes.PointsRow
    | nodes.PointsBy
    | nodes.Category
    | nodes.NeedsKnown
    | nodes.Inactivity
    | nodes.StartsAgain
    | TextLine
    | _Letters
)


def _rows(reading: Reading, lines: tuple[Line, ...], start: Start) -> Iterator[_Row]:
    for line in lines:
        read = reading.read(line, start, keep_beginning=line.words.startswith(_OPENERS))
        if read is None:
            continue
        match read.node:
            case nodes.PointsRow() as row:
                if (opened := _opened_row(reading, line, row, read.rest)) is not None:
                    yield opened
            case nodes.PointsBy() as by:
                yield replace(by, rows=tuple(_rows_by(reading, read.rest)))
            case nodes.Category() as category:
                yield _category(category, [*_rows(reading, read.rest, "category_line")])
            case LettersLine() as letters:
                yield letters, tuple(_letters(reading, read.rest))
            case node:
                reading.refuse(read.rest)
                yield cast(_Row, node)


def _category(category: nodes.Category, rows: list[_Row]) -> nodes.Category:
    return replace(
        category,
        rows=tuple(row for row in rows if isinstance(row, nodes.PointsRow | nodes.PointsBy)),
        inactivity=tuple(row for row in rows if isinstance(row, nodes.Inactivity)),
        restarts=tuple(row for row in rows if isinstance(row, nodes.StartsAgain)),
        means=texts(rows, "means"),
        notes=texts(rows, "note"),
    )


def _opened_row(
    reading: Reading, line: Line, row: nodes.PointsRow, below: tuple[Line, ...]
) -> nodes.PointsRow | None:
    clauses = open_clauses(reading, below, ("when", "in force", "as", "because", "note"))
    row = replace(
        row,
        when=clauses.condition("when", row.when),
        in_force=clauses.in_force(row.in_force),
        as_name=clauses.name(row.as_name),
        because=clauses.because(row.because),
        notes=clauses.texts("note"),
    )
    if row.what is None and row.when is None:
        message = "These points have no reason: neither an event nor a `when`."
        clauses.miss(line, message, "Write for example `+10 when phone is known`.")
        return None
    # Without a condition that could not be read, the row would say more than was meant.
    return None if clauses.damaged else row


def _rows_by(reading: Reading, lines: tuple[Line, ...]) -> Iterator[nodes.PointsByRow]:
    for line in lines:
        read = reading.read(line, "points_by_row")
        if read is None:
            continue
        row = cast(nodes.PointsByRow, read.node)
        clauses = open_clauses(reading, read.rest, ("in force", "as", "because", "note"))
        yield replace(
            row,
            in_force=clauses.in_force(row.in_force),
            as_name=clauses.name(row.as_name),
            because=clauses.because(row.because),
            notes=clauses.texts("note"),
        )


def _letters(reading: Reading, lines: tuple[Line, ...]) -> Iterator[nodes.Letter]:
    for line in lines:
        read = reading.read(line, "letter")
        if read is not None:
            reading.refuse(read.rest)
            yield cast(nodes.Letter, read.node)
