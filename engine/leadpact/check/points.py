"""Scores: rows of points, their limits and windows, categories, bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never, get_args

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.conditions import condition
from leadpact.check.coverage import Whole
from leadpact.check.decay import decay, inactivity, say_never_counts, starts_again
from leadpact.check.in_force import in_force
from leadpact.check.lists import label, owner
from leadpact.check.matching import points_by
from leadpact.check.measures import say_ends
from leadpact.check.occurrences import needs_window, window
from leadpact.check.parties import texts
from leadpact.check.rules import Rules
from leadpact.check.scope import LEAD, Place, Scope, ScoreShape
from leadpact.check.subjects import first_name
from leadpact.check.words import alternatives, ticked
from leadpact_dsl import nodes
from leadpact_dsl.frozen import frozen

__all__ = ["Block", "number_counted", "plain_rows", "score", "score_shape"]


@frozen
class Block:
    """The score or grade that rows belong to; ``whole`` tells whether all of it could be read.

    ``restarts`` are those of the score and of the category in which the rows stand.
    """

    rules: Rules
    scope: Scope
    place: Place
    whole: Whole
    restarts: tuple[checked.Restart, ...] = ()


def score_shape(node: nodes.ScoreBlock, scope: Scope) -> ScoreShape:
    """What conditions need to know of a score; its bounds are judged here."""
    report = scope.report
    low = amounts.points(report, node.low) if node.low is not None else None
    high = amounts.points(report, node.high) if node.high is not None else None
    if node.low is None or node.high is None or low is None or high is None:
        pass
    elif low > high:
        say_ends(node.low.span, node.high.span, report)
        low = high = None
    caps: dict[str, int | None] = {}
    for row in node.rows:
        if isinstance(row, nodes.Category):
            caps.setdefault(row.name.text, _limit(row.at_most, scope, of="category")[1])
    return ScoreShape(low, high, caps)


def score(node: nodes.ScoreBlock, scope: Scope, *, first: bool, whole: Whole) -> checked.Score:
    """The score; ``first`` is false for a second block of the same name."""
    name = node.name.text
    shape = scope.scores[name] if first else score_shape(node, scope)
    rules = Rules(name, scope.report)
    if shape.high is not None and node.high is not None:
        rules.reserve("at_most", node.high.span)
    if shape.low is not None and node.low is not None:
        rules.reserve("at_least", node.low.span)
    counts_less = inactivity(node.inactivity, "", (shape.low, shape.high), rules, scope)
    restarts = starts_again(node.restarts, "", rules, scope)
    block = Block(rules, scope, Place(owner=name if first else None), whole, restarts)
    rows: list[checked.PointsRow | checked.PointsBy | checked.Category] = []
    categories: dict[str, nodes.Word] = {}
    for row in node.rows:
        if not isinstance(row, nodes.Category):
            rows += plain_rows([row], block)
        elif row.name.text in categories:
            _say_second(row, categories[row.name.text], block)
        else:
            categories[row.name.text] = row.name
            rows.append(_category(row, shape.categories[row.name.text], block))
    if not node.rows and whole():
        scope.report.error(
            "E514",
            f"The score {ticked(name)} has no rows.",
            node.name.span,
            "Add rows of points below it.",
        )
    return checked.Score(
        name,
        label(node.label, node.name),
        owner(node.owner, scope.names),
        shape.low,
        shape.high,
        tuple(rows),
        node.span,
        counts_less,
        restarts,
        texts(node.means),
        texts(node.notes),
    )


def _say_second(row: nodes.Category, first: nodes.Word, block: Block) -> None:
    block.scope.report.error(
        "E202",
        f"There are two categories {ticked(row.name.text)}.",
        row.name.span,
        f"The other one stands in line {first.span.line}. Put their rows together.",
    )
    plain_rows(row.rows, block)


def _category(node: nodes.Category, at_most: int | None, block: Block) -> checked.Category:
    name = node.name.text
    rule = f"{block.rules.prefix}.{name}"
    if name in block.rules.taken:
        # A row above is named like the category; rows and categories share the score's ids.
        block.scope.report.error(
            "E509",
            f"Another row is already named `{rule}` (line {block.rules.taken[name].line}).",
            node.name.span,
            "Give the category another name, or end the row in `as NAME`.",
        )
    else:
        block.rules.reserve(name, node.name.span)
    counts_less = inactivity(node.inactivity, f"{name}.", (None, at_most), block.rules, block.scope)
    restarts = starts_again(node.restarts, f"{name}.", block.rules, block.scope)
    inside = replace(block, restarts=(*block.restarts, *restarts))
    return checked.Category(
        rule,
        name,
        label(node.label, node.name),
        at_most,
        tuple(plain_rows(node.rows, inside)),
        node.span,
        counts_less,
        restarts,
        texts(node.means),
        texts(node.notes),
    )


# --- rows ----------------------------------------------------------------------------------------


def plain_rows(
    rows: Sequence[nodes.PointsRow | nodes.PointsBy], block: Block
) -> list[checked.PointsRow | checked.PointsBy]:
    """The rows that could be made; of the others it has been said what is wrong."""
    found: list[checked.PointsRow | checked.PointsBy] = []
    for row in rows:
        made: checked.PointsRow | checked.PointsBy | None
        if isinstance(row, nodes.PointsBy):
            made = points_by(row, block.rules, block.scope, block.place, whole=block.whole)
        else:
            made = _row(row, block)
        if made is not None:
            found.append(made)
    return found


def _row(node: nodes.PointsRow, block: Block) -> checked.PointsRow | None:
    scope = block.scope
    points = amounts.points(scope.report, node.points)
    what = _what(node, block)
    days = in_force(node.in_force, scope)
    when = condition(node.when, scope, block.place) if node.when is not None else None
    if points == 0 and node.because is None:
        scope.report.error(
            "E412",
            "A row of no points says nothing.",
            node.points.span,
            'Leave it out, or say with `because "…"` why it stands here.',
        )
        return None
    if (node.what is not None and what is None) or (node.when is not None and when is None):
        return None
    if node.what is not None and what is not None:
        say_never_counts(node.what, what, block.restarts, scope)
    rule = block.rules.claim(node.as_name or _subject(node), node)
    if points is None or rule is None:
        return None
    because = node.because.text if node.because is not None else None
    return checked.PointsRow(rule, points, what, when, because, node.span, days, texts(node.notes))


def _subject(node: nodes.PointsRow) -> nodes.Word | None:
    match node.what:
        case nodes.EachEvent(event=word) | nodes.OnceEvent(event=word):
            return word
        case nodes.ForEvery(field=word):
            return word
        case None:
            return first_name(node.when) if node.when is not None else None
        case _ as never:
            assert_never(never)


def _what(
    node: nodes.PointsRow, block: Block
) -> checked.EachEvent | checked.OnceEvent | checked.ForEvery | None:
    match node.what:
        case None:
            return None
        case nodes.EachEvent() as each:
            return _each(each, block.scope)
        case nodes.OnceEvent() as once:
            return _once(once, block.scope)
        case nodes.ForEvery() as every:
            return _for_every(every, block)
        case _ as never:
            assert_never(never)


def _events(
    word: nodes.Word, when: nodes.Window | None, scope: Scope
) -> tuple[checked.EventPattern, checked.Window] | None:
    """The events of a row and their window, both looked at."""
    events = scope.pattern(nodes.Ref(word, None, word.span))
    if when is None:
        if events is not None:
            needs_window(word.span, scope)
        return None
    settled = window(when, when.span, scope, LEAD)
    return (events, settled) if events is not None and settled is not None else None


def number_counted(node: nodes.EachEvent, scope: Scope) -> bool:
    """Whether the row counts a number of the lead as if it happened: ``each visits``; said."""
    counted = scope.fields.get(node.event.text)
    if counted is None or not isinstance(counted.type, checked.NumberType):
        return False
    steps = f"for every 1 of {counted.name}"
    span = node.span.to(node.window.span if node.window is not None else node.event.span)
    # `for each` was told already, and stands in the line.
    said_for = scope.report.line(span)[: span.column - 1].endswith("for ")
    scope.report.error(
        "E204",
        f"{ticked(counted.name)} is a number of the lead, not an activity.",
        node.event.span,
        f"Points by a number go in steps: {ticked(steps)}.",
        scope.report.replaced(span, steps.removeprefix("for ") if said_for else steps),
    )
    return True


def _each(node: nodes.EachEvent, scope: Scope) -> checked.EachEvent | None:
    if number_counted(node, scope):
        return None
    found = _events(node.event, node.window, scope)
    times, points = _limit(node.at_most, scope, of="row")
    if found is None:
        return None
    events, settled = found
    once_per = _once_per(node.once_per, events, scope)
    up_to = _up_to(node.up_to, scope)
    share = decay(node.decay, settled, scope)
    if (node.once_per is not None and once_per is None) or (
        node.up_to is not None and up_to is None
    ):
        return None
    return checked.EachEvent(events, once_per, up_to, settled, times, points, share)


def _once(node: nodes.OnceEvent, scope: Scope) -> checked.OnceEvent | None:
    found = _events(node.event, node.window, scope)
    at_least: int | None = 1
    if node.at_least is not None:
        at_least = amounts.count(scope.report, node.at_least, least=1, what="times")
    if found is None or at_least is None:
        return None
    return checked.OnceEvent(found[0], at_least, found[1], decay(node.decay, found[1], scope))


_PERIODS: tuple[checked.Period, ...] = get_args(checked.Period)


def _once_per(
    node: nodes.OncePer | None, events: checked.EventPattern, scope: Scope
) -> checked.OncePerPeriod | checked.OncePerProperty | None:
    if node is None:
        return None
    for period in _PERIODS:
        if node.by.text == period:
            return checked.OncePerPeriod(period)
    properties = scope.properties(events)
    if node.by.text in properties:
        return checked.OncePerProperty(node.by.text)
    of = f"properties of {ticked(events.name)}"
    scope.say_no_property(node.by, properties, of, _PERIODS)
    return None


def _up_to(node: nodes.UpTo | None, scope: Scope) -> checked.UpTo | None:
    if node is None:
        return None
    amount = amounts.count(scope.report, node.amount, least=1, what="times")
    match node.period.text:
        case "day" | "week" | "month" as period:
            return None if amount is None else checked.UpTo(amount, period)
        case _:
            periods = ("day", "week", "month")
            scope.report.error(
                "E205",
                f"{ticked(node.period.text)} is no period here.",
                node.period.span,
                f"Write {alternatives(periods)}.",
            )
            return None


def _limit(node: nodes.Limit | None, scope: Scope, *, of: str) -> tuple[int | None, int | None]:
    """``at most …`` as times and as points, one of them set."""
    if node is None:
        return None, None
    if node.what == "times" and of == "row":
        return amounts.count(scope.report, node.amount, least=1, what="times"), None
    if node.what == "times":
        scope.report.error(
            "E302",
            f"A {of} is limited in points, not in times.",
            node.span,
            f"Write {ticked('at most N points')}.",
            scope.report.replaced(
                node.span, f"at most {scope.report.words(node.amount.span)} points"
            ),
        )
        return None, None
    points = amounts.points(scope.report, node.amount)
    if points is not None and points <= 0:
        scope.report.error(
            "E413",
            f"At most {scope.report.words(node.amount.span)} points is no limit.",
            node.amount.span,
            "Write a number above 0. It limits a row in the direction of its sign.",
        )
        return None, None
    return None, points


def _for_every(node: nodes.ForEvery, block: Block) -> checked.ForEvery | None:
    scope = block.scope
    found = scope.find_field(node.field, block.place)
    points = _limit(node.at_most, scope, of="row of `for every`")[1]
    step = amounts.exact(scope.report, node.step, whole=False)
    if step is not None and step <= 0:
        scope.report.error(
            "E413",
            f"{scope.report.words(node.step.span)} is no step.",
            node.step.span,
            "Write a number above 0.",
        )
        return None
    if found is None or step is None:
        return None
    if not isinstance(found.type, checked.NumberType):
        scope.report.error(
            "E310",
            f"{ticked(found.name)} is not a number.",
            node.field.span,
            "`for every` counts whole steps of a number or of money.",
        )
        return None
    return checked.ForEvery(found.name, step, points)
