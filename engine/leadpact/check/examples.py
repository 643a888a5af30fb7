"""Examples: worked leads with what is expected of them, their instants settled in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from leadpact import checked
from leadpact.check.coverage import Whole
from leadpact.check.example_events import given_event
from leadpact.check.expectations import expectation
from leadpact.check.given import again, ago, given_value, instant
from leadpact.check.scope import LEAD, Scope
from leadpact.check.steps import say_too_late, steps
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["example"]


def example(node: nodes.ExampleBlock, scope: Scope, *, whole: Whole) -> checked.Example | None:
    """The example; ``None`` after saying what is wrong with its frame."""
    as_of = _as_of(node, scope, whole=whole)
    fields: dict[str, object] = {}
    seen: dict[str, Span] = {}
    events: list[tuple[nodes.GivenEvent, checked.ExampleEvent]] = []
    stays: list[tuple[nodes.GivenStage, datetime]] = []
    for line in node.given:
        match line:
            case nodes.GivenField():
                _given_field(line, fields, seen, scope)
            case nodes.GivenEvent():
                made = given_event(line, as_of, scope)
                events += [(line, made)] if made is not None else []
            case nodes.GivenStage():
                known = scope.names.look_up(line.stage, "stage") is not None
                entered = ago(line.ago, as_of, scope)
                stays += [(line, entered)] if known and entered is not None else []
    expects = [expectation(line, scope, in_step=False) for line in node.expects]
    later = steps(node.steps, as_of, scope)
    if not node.expects and not node.steps and whole():
        scope.report.error(
            "E510",
            f'The example "{node.label.text}" expects nothing.',
            node.label.span,
            "Add a line that says what must come out, such as `expect fit is A`.",
        )
    if as_of is None:
        return None
    if len(later) == len(node.steps) and whole():
        say_too_late(events, as_of, later, scope)
    return checked.Example(
        node.label.text,
        as_of,
        tuple(fields.items()),
        tuple(event for _, event in events),
        _in_order(stays, node, scope, whole=whole),
        tuple(expect for expect in expects if expect is not None),
        node.span,
        later,
    )


def _as_of(node: nodes.ExampleBlock, scope: Scope, *, whole: Whole) -> datetime | None:
    for later in node.as_of[1:]:
        scope.report.error(
            "E504",
            "`as of` stands twice.",
            later.span,
            f"It already stands in line {node.as_of[0].span.line}. Leave one of them out.",
        )
    if not node.as_of:
        if whole():
            scope.report.error(
                "E511",
                f'The example "{node.label.text}" does not say as of when.',
                node.label.span,
                "Add a line such as `as of 2026-11-02 10:00`.",
            )
        return None
    return instant(node.as_of[0], scope)


def _given_field(
    line: nodes.GivenField, fields: dict[str, object], seen: dict[str, Span], scope: Scope
) -> None:
    if again(line.field, seen, scope):
        return
    found = scope.find_field(line.field, LEAD)
    if found is None or not line.values:
        return
    value = given_value(line, found, scope)
    if value is not None:
        fields[found.name] = value


def _in_order(
    lines: Sequence[tuple[nodes.GivenStage, datetime]],
    node: nodes.ExampleBlock,
    scope: Scope,
    *,
    whole: Whole,
) -> tuple[tuple[str, datetime], ...]:
    """The stages that an example's lead entered, oldest first."""
    ordered = sorted(lines, key=lambda each: each[1])
    all_right = len(lines) == sum(isinstance(line, nodes.GivenStage) for line in node.given)
    for (line, _), (later, _) in pairwise(ordered):
        if line.stage.text == later.stage.text and all_right and whole():
            scope.report.error(
                "E560",
                f"The lead is in {ticked(later.stage.text)} already.",
                later.span,
                f"It entered it by line {line.span.line} and has not left it since. Leave one of "
                "the two lines out, or say what it entered in between.",
            )
    return tuple((line.stage.text, at) for line, at in ordered)
