"""Stages and what holds in them; ``any stage``."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact import checked
from leadpact.check.coverage import Whole
from leadpact.check.lists import label, owner
from leadpact.check.moves import Exit, MoveRules, move_rules, ways_out
from leadpact.check.parties import named_once, parties, say_again, texts
from leadpact.check.rules import Rules
from leadpact.check.scope import Scope
from leadpact.check.targets import target
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["any_stage", "say_starts", "stage"]


def stage(node: nodes.StageBlock, scope: Scope, *, whole: Whole) -> checked.Stage:
    name = node.name.text
    ways = ways_out(node.moves, Exit(name, move_rules(name, scope), scope, whole))
    rules = Rules(name, scope.report)
    targets = [target(line, node, rules, scope, whole=whole) for line in node.targets]
    say_again("start", node.start, scope)
    say_again("final", node.final, scope)
    say_again("may contact", [line.span for line in node.may_contact], scope)
    contacts = [parties(line.parties, scope) for line in node.may_contact]
    out = _first_out(node)
    if node.final and out is not None:
        scope.report.error(
            "E507",
            f"{ticked(name)} is final, so no lead leaves it.",
            out,
            f"Leave out the moves, or leave out `final` in line {node.final[0].line}.",
        )
    return checked.Stage(
        name=name,
        label=label(node.label, node.name),
        owner=owner(node.owner, scope.names),
        start=bool(node.start),
        final=bool(node.final),
        means=texts(node.means),
        moves=ways.moves,
        span=node.span,
        by_hand=ways.by_hand,
        targets=tuple(each for each in targets if each is not None),
        may_contact=contacts[0] if contacts else (),
        notes=texts(node.notes),
    )


def _first_out(node: nodes.StageBlock) -> Span | None:
    """The first way out that acts by itself; people may still move a lead by hand."""
    words = [line.to for line in node.moves if line.how != "moves by hand to"]
    words += [back.to for line in node.targets for back in line.hands_back]
    return words[0].span if words else None


def any_stage(
    node: nodes.AnyStageBlock, rules: MoveRules, scope: Scope, *, whole: Whole
) -> checked.AnyStage:
    """``rules`` are shared by all such blocks."""
    ways = ways_out(node.moves, Exit(None, rules, scope, whole))
    known = [word for word in node.excepted if scope.names.look_up(word, "stage") is not None]
    return checked.AnyStage(
        excepted=named_once(known, scope),
        owner=owner(node.owner, scope.names),
        moves=ways.moves,
        by_hand=ways.by_hand,
        notes=texts(node.notes),
        span=node.span,
    )


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
