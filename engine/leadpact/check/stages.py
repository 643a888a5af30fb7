"""Stages and their moves."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact import checked
from leadpact.check.conditions import condition
from leadpact.check.coverage import Whole
from leadpact.check.lists import label, owner
from leadpact.check.rules import Rules
from leadpact.check.scope import Place, Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["say_starts", "stage"]


def stage(node: nodes.StageBlock, scope: Scope, *, whole: Whole) -> checked.Stage:
    rules = Rules(f"{node.name.text}.moves_to", scope.report)
    moves = [_move(line, node, rules, scope, whole=whole) for line in node.moves]
    for what, flags in (("start", node.start), ("final", node.final)):
        for flag in flags[1:]:
            scope.report.error(
                "E504",
                f"{ticked(what)} stands twice.",
                flag,
                f"It already stands in line {flags[0].line}. Leave one of them out.",
            )
    if node.final and node.moves:
        first = node.moves[0]
        scope.report.error(
            "E507",
            f"{ticked(node.name.text)} is final, so no lead leaves it.",
            first.to.span,
            f"Leave out the moves, or leave out `final` in line {node.final[0].line}.",
        )
    return checked.Stage(
        node.name.text,
        label(node.label, node.name),
        owner(node.owner, scope.names),
        bool(node.start),
        bool(node.final),
        tuple(text.text for text in node.means),
        tuple(move for move in moves if move is not None),
        node.span,
    )


def _move(
    line: nodes.MoveLine, node: nodes.StageBlock, rules: Rules, scope: Scope, *, whole: Whole
) -> checked.Move | None:
    known = scope.names.look_up(line.to, "stage") is not None
    if line.to.text == node.name.text:
        scope.report.error(
            "E515",
            f"{ticked(line.to.text)} moves to itself.",
            line.to.span,
            "A move into the present stage does nothing. Name another stage.",
        )
        known = False
    rule = rules.claim(line.as_name or line.to, line) if known else None
    if line.when is None:
        if whole():
            scope.report.error(
                "E514",
                f"The move to {ticked(line.to.text)} does not say when.",
                line.to.span,
                f"Write `moves to {line.to.text} when …`.",
            )
        return None
    when = condition(line.when, scope, Place(in_stage=True))
    if when is None or rule is None or not known:
        return None
    because = line.because.text if line.because is not None else None
    return checked.Move(rule, line.to.text, when, because, line.span)


def say_starts(stages: Sequence[nodes.StageBlock], scope: Scope, *, whole: Whole) -> None:
    """Say it where not exactly one stage is the start."""
    starts = [node for node in stages if node.start]
    if not starts and stages and whole():
        scope.report.error(
            "E506",
            "No stage is the start.",
            stages[0].name.span,
            "Add the line `start` to the stage in which leads begin.",
        )
    for node in starts[1:]:
        scope.report.error(
            "E506",
            f"There are two start stages, {ticked(starts[0].name.text)} and "
            f"{ticked(node.name.text)}.",
            node.start[0],
            "Leads begin in one stage. Leave out one of the two lines `start`.",
        )
