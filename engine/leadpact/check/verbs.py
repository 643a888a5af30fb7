"""The verbs of comparisons: where they stand, which fit, and what is said when they do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadpact import checked
from leadpact.check.scope import Scope
from leadpact.check.words import alternatives, ticked
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["KNOWN", "ORDERED", "SAME", "one_or", "say_twice", "say_type", "say_verb", "verb_span"]

ORDERED: Final[dict[str, checked.Comparison]] = {
    "is": "==",
    "is not": "!=",
    "is at least": ">=",
    "is at most": "<=",
    "is more than": ">",
    "is less than": "<",
}
"""Verbs with one value of things that have an order."""

KNOWN: Final = ("is known", "is unknown")
SAME: Final = ("is", "is not", "is any of", "is none of")
"""Verbs of things that are the same or are not."""


def verb_span(node: nodes.Compare, scope: Scope) -> Span:
    """The words of the verb alone."""
    start = node.subject.span
    if node.verb == "or better":
        end = node.values[0].span
        return Span(end.file, end.line, end.end_column + 1, end.line, node.span.end_column)
    if node.values:
        return scope.report.between(start, node.values[0].span)
    rest = Span(start.file, start.line, start.end_column, start.line, node.span.end_column)
    return scope.report.trimmed(rest) if rest.end_column > rest.column else start


def say_verb(
    node: nodes.Compare, what: str, fitting: Sequence[str], scope: Scope, fix: str | None = None
) -> None:
    """Say that a verb does not fit what it is said of."""
    scope.report.error(
        "E302",
        f"{ticked(node.verb)} does not fit {what}.",
        verb_span(node, scope),
        f"What fits is {alternatives(fitting)}.",
        fix,
    )


def say_type(node: nodes.Value, what: str, help_: str, scope: Scope) -> None:
    scope.report.error(
        "E301", f"{ticked(scope.report.words(node.span))} is not {what}.", node.span, help_
    )


def say_twice(values: Sequence[nodes.Value], settled: Sequence[object], scope: Scope) -> bool:
    """Whether a value stands twice, saying so of the later one."""
    seen: set[object] = set()
    for value, meant in zip(values, settled, strict=True):
        if meant in seen:
            scope.report.error(
                "E206",
                f"{scope.report.words(value.span)} stands here twice.",
                value.span,
                "Leave out the second one.",
                _without(value.span, scope),
            )
            return True
        seen.add(meant)
    return False


def _without(span: Span, scope: Scope) -> str | None:
    """The line without a later member of a list and the comma before it."""
    line = scope.report.line(span)
    before = line[: span.column - 1].rstrip()
    if not before.endswith(","):
        return None
    return before[:-1] + line[span.end_column - 1 :]


def one_or(
    join: type[checked.Any] | type[checked.All], members: Sequence[checked.Condition]
) -> checked.Condition:
    """The only member, or all joined."""
    return members[0] if len(members) == 1 else join(tuple(members))
