"""What makes points fade: decay by age, inactivity, and starting again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from leadpact import checked
from leadpact.check import amounts, lengths
from leadpact.check.rules import Rules
from leadpact.check.scope import Scope
from leadpact.check.shares import percent
from leadpact.check.words import alternatives, plain, ticked
from leadpact.operators.times import exact_length
from leadpact_dsl import nodes
from leadpact_dsl.diagnostics import Diagnostic

__all__ = ["decay", "inactivity", "say_never_counts", "starts_again"]


def decay(node: nodes.Decay | None, window: checked.Window, scope: Scope) -> checked.Decay | None:
    """How the points of a row fall with age; ``None`` where nothing is said of it, or it is wrong
    and has been said.
    """
    if node is None:
        return None
    length = lengths.exact(
        node.duration,
        scope,
        units=("day", "week"),
        why="Points fall by whole days.",
    )
    if length is None:
        return None
    if isinstance(window, checked.Within) and _within_a_day(window.duration):
        scope.report.found.append(
            Diagnostic(
                "W404",
                f"{ticked(scope.report.words(node.span))} never shows: the window is not longer "
                "than a day.",
                node.span,
                "Points fall by whole days of age. Make the window longer, or leave this out.",
            )
        )
    return checked.Decay(node.how, length.amount * (7 if length.unit == "week" else 1))


def _within_a_day(length: checked.Duration) -> bool:
    exact = exact_length(length)
    return exact is not None and exact <= timedelta(days=1)


# --- inactivity ----------------------------------------------------------------------------------


def inactivity(
    lines: Sequence[nodes.Inactivity],
    prefix: str,
    bounds: tuple[int | None, int | None],
    rules: Rules,
    scope: Scope,
) -> checked.Inactivity | None:
    """How a score or category falls without activity.

    ``prefix`` goes before its rule's name: ``""``, or ``web.`` of a category; ``bounds`` are the
    least and the most points that it can have, in hundredths.
    """
    made = [_inactivity(line, prefix, bounds, rules, scope) for line in lines[:1]]
    for line in lines[1:]:
        scope.report.error(
            "E504",
            "`counts … less` stands twice.",
            line.span,
            f"It already stands in line {lines[0].span.line}. Leave one of them out.",
        )
    return made[0] if made else None


def _inactivity(
    node: nodes.Inactivity,
    prefix: str,
    bounds: tuple[int | None, int | None],
    rules: Rules,
    scope: Scope,
) -> checked.Inactivity | None:
    rule = rules.reserve(f"{prefix}counts_less", node.span)
    share = points = None
    if node.unit == "percent":
        share = percent(node.amount, scope, whole=True)
    else:
        points = _some_points(node.amount, scope)
    floor = _floor(node.never_below, bounds, scope)
    match node.period.text:
        case "day" | "week" | "month" as period:
            pass
        case _:
            scope.report.error(
                "E205",
                f"{ticked(node.period.text)} is no period here.",
                node.period.span,
                f"Write {alternatives(('day', 'week', 'month'))}.",
            )
            return None
    if share is None and points is None:
        return None
    return checked.Inactivity(rule, share, points, period, floor, node.span)


def _some_points(node: nodes.Number, scope: Scope) -> int | None:
    points = amounts.points(scope.report, node)
    if points is None or points > 0:
        return points
    scope.report.error(
        "E413",
        f"{scope.report.words(node.span)} points less is not less.",
        node.span,
        "Write a number above 0.",
    )
    return None


def _floor(
    node: nodes.Number | None, bounds: tuple[int | None, int | None], scope: Scope
) -> int | None:
    if node is None:
        return None
    floor = amounts.points(scope.report, node)
    low, high = bounds
    if floor is None:
        return None
    if high is not None and floor >= high:
        why = (
            f"There are at most {plain(Decimal(high) / 100)} points, so nothing would ever be less."
        )
    elif low is not None and floor < low:
        why = f"There are at least {plain(Decimal(low) / 100)} points anyway."
    else:
        return floor
    scope.report.error(
        "E413",
        f"`never below {scope.report.words(node.span)}` cannot be.",
        node.span,
        f"{why} Write a number between the ends, or leave `never below` out.",
    )
    return None


# --- starting again ------------------------------------------------------------------------------


def starts_again(
    lines: Sequence[nodes.StartsAgain], prefix: str, rules: Rules, scope: Scope
) -> tuple[checked.Restart, ...]:
    """When the counting of events starts again; ``prefix`` as with inactivity."""
    made = (_restart(line, prefix, rules, scope) for line in lines)
    return tuple(each for each in made if each is not None)


def _restart(
    node: nodes.StartsAgain, prefix: str, rules: Rules, scope: Scope
) -> checked.Restart | None:
    word = node.event or node.stage
    if word is None:
        return None
    name = f"{prefix}starts_again.{word.text}"
    if name in rules.taken:
        scope.report.error(
            "E504",
            f"{ticked(scope.report.words(node.span))} stands twice.",
            node.span,
            f"It already stands in line {rules.taken[name].line}. Leave one of them out.",
        )
        return None
    rule = rules.reserve(name, node.span)
    if node.event is None:
        known = scope.names.look_up(word, "stage") is not None
        return checked.Restart(rule, None, word.text, node.span) if known else None
    if word.text == "activity":
        scope.report.error(
            "E406",
            "After any activity nothing would ever count: each event is one.",
            word.span,
            "Name the kind of event after which counting starts again.",
        )
        return None
    events = scope.pattern(nodes.Ref(word, None, word.span))
    return None if events is None else checked.Restart(rule, events, None, node.span)


def say_never_counts(
    node: nodes.EachEvent | nodes.OnceEvent | nodes.ForEvery,
    row: checked.EachEvent | checked.OnceEvent | checked.ForEvery,
    restarts: Sequence[checked.Restart],
    scope: Scope,
) -> None:
    """Say it of a row about the very events after which counting starts again."""
    if isinstance(node, nodes.ForEvery) or isinstance(row, checked.ForEvery):
        return
    for restart in restarts:
        if restart.events is None or not _all_among(row.events, restart.events):
            continue
        scope.report.error(
            "E406",
            f"This row can never apply: counting starts again after each "
            f"{ticked(node.event.text)}.",
            node.event.span,
            f"Line {restart.span.line} says so: events up to that instant, and that one too, no "
            "longer count. Leave the row out, or start again after something else.",
        )
        return


def _all_among(events: checked.EventPattern, others: checked.EventPattern) -> bool:
    """Whether each of these events is one of the others for sure."""
    return all(
        any(part.kind == other.kind and other.where in (None, part.where) for other in others.parts)
        for part in events.parts
    )
