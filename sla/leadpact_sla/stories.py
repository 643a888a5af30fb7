"""Worked examples as stories: who the lead is, what happened, and what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from leadpact.api import Policy
from leadpact.checked import (
    Example,
    Expectation,
    ExpectCondition,
    ExpectDue,
    ExpectListed,
    ExpectMove,
    ExpectRefused,
    ExpectStays,
    ExpectTarget,
)
from leadpact.decision import Decision, RefusedRecord
from leadpact.english.clauses import clause
from leadpact.english.wording import quoted
from leadpact.examples import ExampleResult, run_examples
from leadpact_sla.model_pages import MomentDoc, StoryDoc, VerdictDoc
from leadpact_sla.moments import EventNames, instant, moments, moves_of
from leadpact_sla.valued import valued
from leadpact_sla.waterfall import counts
from leadpact_sla.words import say
from leadpact_sla.writing import Writer, capital

__all__ = ["stories"]


def stories(writer: Writer) -> tuple[StoryDoc, ...]:
    """Every example in its order; the first that ends in its own way is shown whole."""
    policy = Policy(writer.policy)
    names = EventNames(policy)
    ends: set[tuple[str, ...]] = set()
    found = []
    for number, result in enumerate(run_examples(policy), start=1):
        verdicts = tuple(_verdicts(writer, result))
        # An example over time has an end of its own.
        end = (*(one.text for one in verdicts), *(_ways(writer, result)))
        lines = tuple(moments(writer, result, names, _expected))
        found.append(_story(writer, result, number, verdicts, lines, full=end not in ends))
        ends.add(end)
    return tuple(found)


def _ways(writer: Writer, result: ExampleResult) -> Iterator[str]:
    """How the lead goes on after the example's own instant."""
    for move in moves_of(result):
        yield f"{move.how} {writer.names.stages[move.to]}"


def _story(
    writer: Writer,
    result: ExampleResult,
    number: int,
    verdicts: tuple[VerdictDoc, ...],
    lines: tuple[MomentDoc, ...],
    *,
    full: bool,
) -> StoryDoc:
    example = result.example
    return StoryDoc(
        anchor=f"example-{number}",
        name=example.name,
        as_of=instant(writer, example.as_of),
        facts=tuple(_facts(writer, example)),
        moments=lines,
        verdicts=verdicts,
        counts=counts(writer, result.outcome) if isinstance(result.outcome, Decision) else (),
        expected=tuple(_expected(writer, one) for one in example.expects),
        trouble=None if result.holds else say("example fails"),
        full=full,
        source=writer.places.source(example.span),
    )


# --- the lead ------------------------------------------------------------------------------------


def _facts(writer: Writer, example: Example) -> Iterator[tuple[str, str]]:
    for name, given in example.fields:
        yield writer.names.fields[name].label, valued(writer, writer.names.fields[name], given)


# --- what comes out ------------------------------------------------------------------------------


def _verdicts(writer: Writer, result: ExampleResult) -> Iterator[VerdictDoc]:
    """The move, then the groups: what a reader wants to know first."""
    outcome = result.outcome
    if outcome is None:
        return
    if isinstance(outcome, RefusedRecord):
        yield VerdictDoc(say("refused"), None)
        return
    if outcome.stage is not None:
        stages = writer.names.stages
        if outcome.stage.next is None:
            yield VerdictDoc(say("stays in", stage=stages[outcome.stage.current]), None)
        else:
            yield VerdictDoc(say("moves on to", stage=stages[outcome.stage.next]), None)
    for group in writer.policy.groups:
        rows = {row.name: (number, row.label) for number, row in enumerate(group.rows)}
        number, label = rows[outcome.groups[group.name].value]
        yield VerdictDoc(label, number)


def _expected(writer: Writer, expected: Expectation) -> str:
    names = writer.names
    match expected:
        case ExpectCondition(condition):
            return capital(clause(names, condition))
        case ExpectMove(to, how=how, because=because):
            said = say(f"expect {how}", stage=names.stage(to))
            return said if because is None else say("for reason", said=said, reason=because)
        case ExpectStays():
            return say("expect stays")
        case ExpectRefused():
            return say("expect refused")
        case ExpectListed(worklist, on):
            return say("expect on" if on else "expect off", list=quoted(names.worklists[worklist]))
        case ExpectTarget(target, state):
            label = quoted(names.targets[target])
            return say("expect target", target=label, state=say(f"state {state}"))
        case ExpectDue(target, due):
            label = quoted(names.targets[target])
            return say("expect due", target=label, due=instant(writer, due))
        case _:
            assert_never(expected)
