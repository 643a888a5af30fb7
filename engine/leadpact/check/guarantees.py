"""Guarantees: what must hold for every possible lead."""

from __future__ import annotations

from leadpact import checked
from leadpact.check.conditions import condition
from leadpact.check.coverage import Whole
from leadpact.check.lists import owner
from leadpact.check.parties import named_once, texts
from leadpact.check.scope import LEAD, Scope
from leadpact_dsl import nodes

__all__ = ["guarantee"]


def guarantee(
    node: nodes.GuaranteeBlock, number: int, scope: Scope, *, whole: Whole
) -> checked.Guarantee:
    """The guarantee with the promises that could be made; ``number`` counts from 1."""
    promises = [_promise(each, scope) for each in node.promises]
    label = node.label.text if node.label is not None else f"Guarantee {number}"
    if not node.promises and whole():
        scope.report.error(
            "E514",
            f'The guarantee "{label}" promises nothing.',
            node.label.span if node.label is not None else node.span,
            "Add a line such as `never won when …` or `more activity never lowers …`.",
        )
    return checked.Guarantee(
        rule=f"guarantee.{number}",
        label=label,
        owner=owner(node.owner, scope.names),
        promises=tuple(each for each in promises if each is not None),
        because=node.because.text if node.because is not None else None,
        notes=texts(node.notes),
        span=node.span,
    )


def _promise(
    node: nodes.NeverStage | nodes.NeverLowers, scope: Scope
) -> checked.NeverStage | checked.NeverLowers | None:
    match node:
        case nodes.NeverStage():
            known = scope.names.look_up(node.stage, "stage") is not None
            when = condition(node.when, scope, LEAD)
            if when is None or not known:
                return None
            return checked.NeverStage(node.stage.text, when, node.span)
        case nodes.NeverLowers():
            known = scope.names.look_up(node.score, "score") is not None
            excepted = _excepted(node, scope)
            if excepted is None or not known:
                return None
            return checked.NeverLowers(node.score.text, excepted, node.span)


def _excepted(node: nodes.NeverLowers, scope: Scope) -> tuple[checked.EventPattern, ...] | None:
    help_ = "Only an activity can be added by a lead. Name activities here."
    known = [
        word
        for word in node.excepted
        if scope.names.look_up(word, "activity", help_=help_) is not None
        and word.text in scope.patterns
    ]
    if len(known) < len(node.excepted):
        return None
    return tuple(scope.patterns[name] for name in named_once(known, scope))
