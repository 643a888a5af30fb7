"""``points by FIELD``: its rows, which must cover every value once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeAlias

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.choices import choice, text, yes_no
from leadpact.check.coverage import Whole
from leadpact.check.measures import day, number, say_ends
from leadpact.check.ranges import below, from_on, span_of
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
from leadpact_dsl.source import Span

__all__ = ["points_by"]

Match: TypeAlias = checked.ByValues | checked.ByRange | checked.ByRest


def points_by(
    node: nodes.PointsBy, rules: Rules, scope: Scope, place: Place, *, whole: Whole
) -> checked.PointsBy | None:
    """The rows; ``whole`` tells whether all of the block's lines could be read."""
    found = scope.find_field(node.field, place)
    if found is None or not _fits(found, node, scope):
        _look_at_points(node, scope)
        return None
    table = table_of(found, scope)
    rows = [_row(row, node, table, rules) for row in node.rows]
    if not table.wrong:
        say_missing(node, table, whole)
        warn_of_unknown(node, table, whole)
    right = tuple(row for row in rows if row is not None)
    return checked.PointsBy(found.name, right, node.span)


def _look_at_points(node: nodes.PointsBy, scope: Scope) -> None:
    """What can be judged of the rows while the field is not known."""
    for row in node.rows:
        amounts.points(scope.report, row.points)


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


def _row(
    row: nodes.PointsByRow, node: nodes.PointsBy, table: Table, rules: Rules
) -> checked.ByRow | None:
    points = amounts.points(table.scope.report, row.points)
    match = _match(row.match, table)
    if match is None:
        table.wrong = True
        return None
    shadowed = "otherwise" in table.rest and not isinstance(match[0], checked.ByRest)
    if shadowed:
        say_never(row.match.span, "the row `otherwise` above takes all values", table.scope)
        return None
    name = row.as_name or f"{node.field.text}.{match[1]}"
    rule = rules.claim(name, row, row.match.span if row.as_name is None else None)
    if points is None or rule is None:
        return None
    because = row.because.text if row.because is not None else None
    return checked.ByRow(rule, points, match[0], because, row.span)


def _match(
    node: nodes.MatchValues | nodes.MatchRange | nodes.MatchRest, table: Table
) -> tuple[Match, str] | None:
    """What a row matches and its part of the rule id; ``None`` after saying what is wrong."""
    match node:
        case nodes.MatchRest():
            return _rest(node, table)
        case nodes.MatchRange():
            return _range(node, table)
        case nodes.MatchValues():
            if isinstance(
                table.about.type, checked.NumberType | checked.DateType | checked.InstantType
            ):
                return _single(node, table)
            return _values(node, table)


def _rest(node: nodes.MatchRest, table: Table) -> tuple[Match, str] | None:
    if node.what in table.rest:
        table.scope.report.error(
            "E504",
            f"{ticked(node.what)} stands twice in these points.",
            node.span,
            f"It already stands in line {table.rest[node.what].line}. Leave one of them out.",
        )
        return None
    table.rest[node.what] = node.span
    return checked.ByRest(node.what), node.what


# --- values --------------------------------------------------------------------------------------


def _values(node: nodes.MatchValues, table: Table) -> tuple[Match, str] | None:
    found: list[str | bool] = []
    wrong = False
    text_only = isinstance(table.about.type, checked.TextType)
    for written in node.values:
        value = _value(written, table)
        if value is None:
            wrong = True
            continue
        same = fold(value) if isinstance(value, str) and text_only else value
        first = table.values.setdefault(same, written.span)
        if first is not written.span:
            _say_covered(written.span, first, node, table)
            wrong = True
        found.append(value)
    if wrong:
        return None
    return checked.ByValues(tuple(found)), slug(found[0])


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


def _single(node: nodes.MatchValues, table: Table) -> tuple[Match, str] | None:
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
    if not cover(span_of(point, point, scale), node.span, table, strict=True):
        return None
    return checked.ByRange(value, value, high_open=False), slug(value)


def _range(node: nodes.MatchRange, table: Table) -> tuple[Match, str] | None:
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
        if not cover(from_on(scale.number(low)), node.span, table, strict=False):
            return None
        return checked.ByRange(low, None, high_open=False), f"from_{slug(low)}"
    assert high is not None
    if not cover(below(scale.number(high)), node.span, table, strict=False):
        return None
    return checked.ByRange(None, high, high_open=True), f"below_{slug(high)}"


def _two_ends(
    node: nodes.MatchRange, low: Decimal | date, high: Decimal | date, table: Table
) -> tuple[Match, str] | None:
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
    if not cover(span_of(first, last, scale), node.span, table, strict=True):
        return None
    return (
        checked.ByRange(low, high, high_open=False),
        f"from_{slug(low)}_to_{slug(high)}",
    )
