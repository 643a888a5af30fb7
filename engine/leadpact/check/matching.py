"""``points by FIELD``: its rows, which on each day must cover every value once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.choices import choice, text, yes_no
from leadpact.check.coverage import Whole
from leadpact.check.in_force import in_each_period, in_force, wrong_dates
from leadpact.check.measures import day, each, number, say_ends
from leadpact.check.parties import texts
from leadpact.check.ranges import Piece, below, from_on, span_of
from leadpact.check.rules import Rules, slug
from leadpact.check.scope import Place, Scope
from leadpact.check.tables import (
    Table,
    cover,
    say_missing,
    say_never,
    table_of,
    warn_of_unknown,
)
from leadpact.check.words import ticked
from leadpact.operators.text import fold
from leadpact_dsl import nodes
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = ["points_by"]

Match: TypeAlias = checked.ByValues | checked.ByRange | checked.ByRest

_Ranged: TypeAlias = tuple[checked.ByRange, str, Piece]
"""A range, its part of the rule id, and the values that it takes."""


@frozen
class _Row:
    """A row whose values are known; ``piece`` are those of a range, ``strict`` if all must be
    free. ``part`` is its part of the rule id.
    """

    node: nodes.PointsByRow
    points: int | None
    match: Match
    part: str
    days: checked.InForce | None
    piece: Piece | None = None
    strict: bool = False


def points_by(
    node: nodes.PointsBy, rules: Rules, scope: Scope, place: Place, *, whole: Whole
) -> checked.PointsBy | None:
    """The rows; ``whole`` tells whether all of the block's lines could be read."""
    found = scope.find_field(node.field, place)
    if found is None or not _fits(found, node, scope):
        _look_at_points(node, scope)
        return None
    blank = table_of(found, scope)
    settled = [_row(row, blank) for row in node.rows]
    rows = [row for row in settled if row is not None]
    left_out: set[int] = set()

    def judge(members: Sequence[int]) -> None:
        table = table_of(found, scope)
        table.wrong = len(rows) < len(settled)
        left_out.update(index for index in members if not _take(rows[index], table))
        if not table.wrong:
            say_missing(node, table, whole)
            warn_of_unknown(node, table, whole)

    in_each_period([row.days for row in rows], judge, scope)
    made = [_named(row, node, rules) for index, row in enumerate(rows) if index not in left_out]
    right = tuple(row for row in made if row is not None)
    return checked.PointsBy(found.name, right, node.span)


def _look_at_points(node: nodes.PointsBy, scope: Scope) -> None:
    """What can be judged of the rows while the field is not known."""
    for row in node.rows:
        amounts.points(scope.report, row.points)
        in_force(row.in_force, scope)


def _fits(found: checked.Field, node: nodes.PointsBy, scope: Scope) -> bool:
    if not isinstance(found.type, checked.AnyNumberOfType):
        return True
    value = found.type.values[0]
    scope.report.error(
        "E310",
        f"{ticked(found.name)} may hold several values at once.",
        node.field.span,
        f"Write a row for each value instead: `+5 when {found.name} includes {value}`.",
    )
    return False


# --- rows ----------------------------------------------------------------------------------------


def _row(node: nodes.PointsByRow, table: Table) -> _Row | None:
    """The row by itself; ``None`` after saying what is wrong."""
    points = amounts.points(table.scope.report, node.points)
    days = in_force(node.in_force, table.scope)
    if wrong_dates(node.in_force, days):
        return None
    match node.match:
        case nodes.MatchRest(what=what):
            return _Row(node, points, checked.ByRest(what), what, days)
        case nodes.MatchRange() as match:
            found = _range(match, table)
        case nodes.MatchValues() as match:
            kind = table.about.type
            if not isinstance(kind, checked.NumberType | checked.DateType | checked.InstantType):
                values: list[str | bool] | None
                values = each(match.values, lambda value: _value(value, table))
                if values is None:
                    return None
                return _Row(node, points, checked.ByValues(tuple(values)), slug(values[0]), days)
            found = _single(match, table)
    if found is None:
        return None
    by_range, part, piece = found
    strict = by_range.low is not None and by_range.high is not None
    return _Row(node, points, by_range, part, days, piece, strict)


def _named(row: _Row, node: nodes.PointsBy, rules: Rules) -> checked.ByRow | None:
    """The row with its rule id; ``None`` after saying that another one has it."""
    as_name = row.node.as_name
    name = as_name or f"{node.field.text}.{row.part}"
    rule = rules.claim(name, row.node, row.node.match.span if as_name is None else None)
    if row.points is None or rule is None:
        return None
    because = row.node.because.text if row.node.because is not None else None
    return checked.ByRow(
        rule, row.points, row.match, because, row.node.span, row.days, texts(row.node.notes)
    )


def _take(row: _Row, table: Table) -> bool:
    """Take the row's values from what the rows above have left; false after saying why not."""
    span = row.node.match.span
    if isinstance(row.match, checked.ByRest):
        return _take_rest(row.match.what, span, table)
    if row.piece is not None:
        free = cover(row.piece, span, table, strict=row.strict)
    else:
        assert isinstance(row.match, checked.ByValues)
        assert isinstance(row.node.match, nodes.MatchValues)
        free = _take_values(row.match, row.node.match, table)
    if not free:
        table.wrong = True
        return False
    if "otherwise" in table.rest:
        say_never(span, "the row `otherwise` above takes all values", table.scope)
        return False
    return True


def _take_rest(what: Literal["otherwise", "unknown"], span: Span, table: Table) -> bool:
    if what not in table.rest:
        table.rest[what] = span
        return True
    table.wrong = True
    table.scope.report.error(
        "E504",
        f"{ticked(what)} stands twice in these points.",
        span,
        f"It already stands in line {table.rest[what].line}. Leave one of them out.",
    )
    return False


# --- values --------------------------------------------------------------------------------------


def _take_values(found: checked.ByValues, node: nodes.MatchValues, table: Table) -> bool:
    free = True
    text_only = isinstance(table.about.type, checked.TextType)
    for value, written in zip(found.values, node.values, strict=True):
        same = fold(value) if isinstance(value, str) and text_only else value
        first = table.values.setdefault(same, written.span)
        if first is not written.span:
            _say_covered(written.span, first, node, table)
            free = False
    return free


def _value(node: nodes.Value, table: Table) -> str | bool | None:
    name, kind = table.about.name, table.about.type
    match kind:
        case checked.OneOfType(values):
            return choice(node, name, values, table.scope)
        case checked.YesNoType():
            return yes_no(node, name, table.scope)
        case _:
            return text(node, table.scope)


def _say_covered(span: Span, first: Span, node: nodes.MatchValues, table: Table) -> None:
    report = table.scope.report
    words = report.words(span)
    if len(node.values) == 1:
        say_never(span, f"line {first.line} already takes {words}", table.scope)
        return
    report.error(
        "E404",
        f"{words} is already in line {first.line}.",
        span,
        "The first row that matches acts. Leave the value out here or there.",
    )


# --- numbers and days ----------------------------------------------------------------------------


def _amount(node: nodes.Value, table: Table) -> Decimal | date | None:
    kind = table.about.type
    if isinstance(kind, checked.NumberType):
        return number(node, table.about.name, kind, table.scope)
    return day(node, table.about.name, table.scope)


def _single(node: nodes.MatchValues, table: Table) -> _Ranged | None:
    if len(node.values) > 1:
        table.scope.report.error(
            "E310",
            "Several numbers or days cannot share a row.",
            node.span,
            "Write a range, like `from 1 to 3`, or a row for each.",
        )
        return None
    value = _amount(node.values[0], table)
    if value is None:
        return None
    scale = table.scale
    point = scale.number(value)
    return checked.ByRange(value, value, high_open=False), slug(value), span_of(point, point, scale)


def _range(node: nodes.MatchRange, table: Table) -> _Ranged | None:
    kind = table.about.type
    if not isinstance(kind, checked.NumberType | checked.DateType | checked.InstantType):
        table.scope.report.error(
            "E310",
            f"{ticked(table.about.name)} has no ranges.",
            node.span,
            "Ranges are for numbers, money and dates. Name values here.",
        )
        return None
    low = _amount(node.low, table) if node.low is not None else None
    high = _amount(node.high, table) if node.high is not None else None
    if (node.low is not None and low is None) or (node.high is not None and high is None):
        return None
    scale = table.scale
    if node.low is not None and low is not None and node.high is not None and high is not None:
        return _two_ends(node, low, high, table)
    if low is not None:
        piece = from_on(scale.number(low))
        return checked.ByRange(low, None, high_open=False), f"from_{slug(low)}", piece
    assert high is not None
    piece = below(scale.number(high))
    return checked.ByRange(None, high, high_open=True), f"below_{slug(high)}", piece


def _two_ends(
    node: nodes.MatchRange, low: Decimal | date, high: Decimal | date, table: Table
) -> _Ranged | None:
    report, scale = table.scope.report, table.scale
    assert node.low is not None
    assert node.high is not None
    if not (scale.whole or scale.days):
        start = report.words(node.low.span)
        report.error(
            "E310",
            f"{ticked(table.about.name)} is not a whole number: between "
            f"{report.words(node.high.span)} and the next row there would be a gap.",
            node.span,
            f"Write `from {start}` below the rows for higher numbers: it means what they left.",
            report.replaced(node.span, f"from {start}"),
        )
        return None
    first, last = scale.number(low), scale.number(high)
    if first > last:
        say_ends(node.low.span, node.high.span, report)
        return None
    return (
        checked.ByRange(low, high, high_open=False),
        f"from_{slug(low)}_to_{slug(high)}",
        span_of(first, last, scale),
    )
