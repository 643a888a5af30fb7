"""From a line's tree to nodes: the lines of examples. blocks.py adds what stands below a step."""

from __future__ import annotations

from dataclasses import replace

from leadpact_dsl import nodes
from leadpact_dsl.building import Parts, Place, rule, words_of
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = ["StepLine"]


@frozen
class StepLine:
    """A step as far as its own line says it; without ``expect`` there, what it expects is below."""

    when: nodes.Duration | nodes.Clock | nodes.Day
    expect: nodes.Expectation | None
    span: Span


@rule
def example_header(_place: Place, parts: Parts, span: Span) -> nodes.ExampleBlock:
    return nodes.ExampleBlock(parts[0], (), (), (), span)


def _instant(word: nodes.Word) -> nodes.Clock | nodes.Day:
    text = words_of(word)
    return nodes.Clock(text, word.span) if ":" in text else nodes.Day(text, word.span)


@rule
def as_of(_place: Place, parts: Parts, _span: Span) -> nodes.Clock | nodes.Day:
    return _instant(parts[0])


@rule
def given_field(_place: Place, parts: Parts, span: Span) -> nodes.GivenField:
    return nodes.GivenField(parts[0], tuple(parts[2:]), span)


@rule
def given_unknown(_place: Place, parts: Parts, span: Span) -> nodes.GivenField:
    return nodes.GivenField(parts[0], (), span)


@rule
def given_with(_place: Place, parts: Parts, _span: Span) -> tuple[nodes.GivenField, ...]:
    return tuple(parts)


@rule
def given_ago(_place: Place, parts: Parts, span: Span) -> nodes.GivenEvent:
    return nodes.GivenEvent(parts[0], parts[1], parts[3] or (), span)


@rule
def given_at(_place: Place, parts: Parts, span: Span) -> nodes.GivenEvent:
    instant = nodes.Clock(words_of(parts[1]), parts[1].span)
    return nodes.GivenEvent(parts[0], instant, parts[2] or (), span)


@rule
def given_stage(_place: Place, parts: Parts, span: Span) -> nodes.GivenStage:
    return nodes.GivenStage(parts[0], parts[1], span)


@rule
def expect_condition(_place: Place, parts: Parts, span: Span) -> nodes.ExpectCondition:
    return nodes.ExpectCondition(parts[0], span)


@rule
def expect_move(_place: Place, parts: Parts, span: Span) -> nodes.ExpectMove:
    how, to, because = parts
    return nodes.ExpectMove(to, span, words_of(how), because)  # type: ignore[arg-type]


@rule
def expect_stays(_place: Place, _parts: Parts, span: Span) -> nodes.ExpectStays:
    return nodes.ExpectStays(span)


@rule
def expect_refused(_place: Place, _parts: Parts, span: Span) -> nodes.ExpectRefused:
    return nodes.ExpectRefused(span)


@rule
def expect_listed(_place: Place, parts: Parts, span: Span) -> nodes.ExpectListed:
    return nodes.ExpectListed(parts[1], words_of(parts[0]) == "on worklist", span)


@rule
def expect_target(_place: Place, parts: Parts, span: Span) -> nodes.ExpectTarget:
    target, state = parts[0], parts[-1]
    if len(parts) == 2:
        # The grammar reads `is met` as one word.
        start = state.span.end_column - len("met")
        state = nodes.Word("met", replace(state.span, column=start))
    return nodes.ExpectTarget(target, state, span)


@rule
def expect_due(_place: Place, parts: Parts, span: Span) -> nodes.ExpectDue:
    return nodes.ExpectDue(parts[0], nodes.Clock(words_of(parts[1]), parts[1].span), span)


@rule
def step_after(_place: Place, parts: Parts, span: Span) -> StepLine:
    return StepLine(parts[0], parts[1], span)


@rule
def step_on(_place: Place, parts: Parts, span: Span) -> StepLine:
    return StepLine(_instant(parts[0]), parts[1], span)
