"""Examples: worked leads with what is expected of them, their instants settled in UTC."""

from __future__ import annotations

from datetime import datetime

from leadpact import checked
from leadpact.check.conditions import condition
from leadpact.check.coverage import Whole
from leadpact.check.example_events import given_event
from leadpact.check.given import again, ago, given_value, instant
from leadpact.check.scope import LEAD, Scope
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["example"]


def example(node: nodes.ExampleBlock, scope: Scope, *, whole: Whole) -> checked.Example | None:
    """The example; ``None`` after saying what is wrong with its frame."""
    as_of = _as_of(node, scope, whole=whole)
    fields: dict[str, object] = {}
    seen: dict[str, Span] = {}
    events: list[checked.ExampleEvent] = []
    stages: list[tuple[str, datetime]] = []
    for line in node.given:
        match line:
            case nodes.GivenField():
                _given_field(line, fields, seen, scope)
            case nodes.GivenEvent():
                made = given_event(line, as_of, scope)
                events += [made] if made is not None else []
            case nodes.GivenStage():
                _given_stage(line, as_of, stages, seen, scope)
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
        stages[0] if stages else None,
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


def _given_stage(
    line: nodes.GivenStage,
    as_of: datetime | None,
    stages: list[tuple[str, datetime]],
    seen: dict[str, Span],
    scope: Scope,
) -> None:
    known = scope.names.look_up(line.stage, "stage") is not None
    entered = ago(line.ago, as_of, scope)
    first = seen.setdefault("entered", line.span)
    if first is not line.span:
        scope.report.error(
            "E504",
            "An example is in one stage.",
            line.span,
            f"The other one stands in line {first.line}. Leave one of them out.",
        )
    elif known and entered is not None:
        stages.append((line.stage.text, entered))


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
            if scope.names.look_up(node.to, "stage") is None:
                return None
            return checked.ExpectMove(node.to.text, said, node.span)
        case nodes.ExpectStays():
            if not scope.names.of("stage") and not scope.names.damaged:
                _say_no_stages(node, scope)
            return checked.ExpectStays(said, node.span)
        case nodes.ExpectRefused():
            return checked.ExpectRefused(said, node.span)


def _say_no_stages(node: nodes.ExpectStays, scope: Scope) -> None:
    scope.report.error(
        "E207",
        "This policy has no stages, so no lead can stay in one.",
        node.span,
        "Expect something else, such as a score, a grade or a group.",
    )
