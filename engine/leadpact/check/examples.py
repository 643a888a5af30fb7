"""Examples: worked leads with what is expected of them, their instants settled in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from leadpact import checked
from leadpact.check.conditions import condition
from leadpact.check.coverage import Whole
from leadpact.check.example_events import given_event
from leadpact.check.given import again, ago, given_value, instant
from leadpact.check.scope import LEAD, Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["example"]


def example(node: nodes.ExampleBlock, scope: Scope, *, whole: Whole) -> checked.Example | None:
    """The example; ``None`` after saying what is wrong with its frame."""
    as_of = _as_of(node, scope, whole=whole)
    fields: dict[str, object] = {}
    seen: dict[str, Span] = {}
    events: list[checked.ExampleEvent] = []
    stays: list[tuple[nodes.GivenStage, datetime]] = []
    for line in node.given:
        match line:
            case nodes.GivenField():
                _given_field(line, fields, seen, scope)
            case nodes.GivenEvent():
                made = given_event(line, as_of, scope)
                events += [made] if made is not None else []
            case nodes.GivenStage():
                known = scope.names.look_up(line.stage, "stage") is not None
                entered = ago(line.ago, as_of, scope)
                stays += [(line, entered)] if known and entered is not None else []
    expects = [_expectation(line, scope) for line in node.expects]
    if not node.expects and whole():
        scope.report.error(
            "E510",
            f'The example "{node.label.text}" expects nothing.',
            node.label.span,
            "Add a line that says what must come out, such as `expect fit is A`.",
        )
    if as_of is None:
        return None
    return checked.Example(
        node.label.text,
        as_of,
        tuple(fields.items()),
        tuple(events),
        _in_order(stays, node, scope, whole=whole),
        tuple(expect for expect in expects if expect is not None),
        node.span,
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


# --- expectations --------------------------------------------------------------------------------


def _expectation(node: nodes.Expectation, scope: Scope) -> checked.Expectation | None:
    said = scope.report.words(node.span).strip()
    said = said.removeprefix("expect").strip()
    match node:
        case nodes.ExpectCondition():
            settled = condition(node.condition, scope, LEAD)
            if settled is None:
                return None
            return checked.ExpectCondition(settled, said, node.span)
        case nodes.ExpectMove():
            return _expected_move(node, said, scope)
        case nodes.ExpectStays():
            if not scope.names.of("stage") and not scope.names.damaged:
                _say_no_stages(node, scope)
            return checked.ExpectStays(said, node.span)
        case nodes.ExpectRefused():
            return checked.ExpectRefused(said, node.span)


def _expected_move(node: nodes.ExpectMove, said: str, scope: Scope) -> checked.ExpectMove | None:
    if scope.names.look_up(node.to, "stage") is None:
        return None
    hows = {way.how for way in scope.ways if way.to == node.to.text}
    if node.how in hows or not scope.all_ways():
        return checked.ExpectMove(node.to.text, said, node.span, node.how)
    what = {"moves to": "move", "hands back to": "hand-back", "times out to": "time-out"}[node.how]
    others = [how for how in ("moves to", "hands back to", "times out to") if how in hows]
    scope.report.error(
        "E561",
        f"No {what} leads to {ticked(node.to.text)}.",
        node.to.span,
        f"Leads come there otherwise: write `expect {others[0]} {node.to.text}`."
        if others
        else f"Expect another stage, or add a line `{node.how} {node.to.text} …` to a stage.",
    )
    return None


def _say_no_stages(node: nodes.ExpectStays, scope: Scope) -> None:
    scope.report.error(
        "E207",
        "This policy has no stages, so no lead can stay in one.",
        node.span,
        "Expect something else, such as a score, a grade or a group.",
    )
