"""Percentages of promises and of a target's time."""

from __future__ import annotations

from decimal import Decimal

from leadpact.check import amounts
from leadpact.check.scope import Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["percent"]

_WHOLE = Decimal(100)


def percent(node: nodes.Number, scope: Scope, *, whole: bool) -> Decimal | None:
    """More than 0 and less than 100 percent, or up to 100 where the ``whole`` is allowed; ``None``
    after saying what is wrong.
    """
    value = amounts.exact(scope.report, node, whole=False)
    if value is None:
        return None
    if 0 < value < _WHOLE or (whole and value == _WHOLE):
        return value
    shown = scope.report.words(node.span).rstrip("%")
    scope.report.error(
        "E559",
        f"{ticked(f'{shown}%')} is no share of anything."
        if whole
        else f"{ticked(f'{shown}%')} of the time is no warning.",
        node.span,
        "Write more than 0 and at most 100 percent."
        if whole
        else "Write more than 0 and less than 100 percent. At the end it is `when missed`.",
    )
    return None
