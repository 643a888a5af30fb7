"""What the newest event says, where a text or a day is needed: ``reason of last rejected``."""

from __future__ import annotations

from leadpact import checked
from leadpact.check.occurrences import last_of
from leadpact.check.scope import Place, Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["newest"]


def newest(
    node: nodes.LastOf, fits: tuple[type[checked.FieldType], ...], what: str, scope: Scope
) -> checked.LastFact | None:
    """The property of a stage's newest such event; ``None`` after saying what is wrong.

    Its type must be one that ``fits``; ``what`` says so in words, as in "a date".
    """
    found = last_of(node, scope, Place(in_stage=True))
    if found is None or isinstance(found.type, fits):
        return found
    scope.report.error(
        "E301",
        f"{ticked(found.property)} is not {what}.",
        node.property.span,
        f"Only a property that is {what} can stand here.",
    )
    return None
