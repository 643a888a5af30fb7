"""Running a policy's worked examples: what is expected of each lead, and what is actually so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from leadpact.api import Policy, RecordError
from leadpact.checked import (
    CheckedPolicy,
    Condition,
    Example,
    Expectation,
    ExpectCondition,
    ExpectMove,
    ExpectRefused,
    ExpectStays,
    Move,
)
from leadpact.decision import Decision, Problem, RefusedRecord
from leadpact.lower import results_in
from leadpact.rows_text import points_text, row_lines
from leadpact_dsl import Span

__all__ = [
    "ExampleResult",
    "Unmet",
    "conditions_asked",
    "example_record",
    "how_of",
    "report",
    "run_examples",
]


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that does not hold. ``found`` says why not: it is false, it is unknown, the
    lead makes another move, or the record is (or is not) refused.
    """

    expected: Expectation
    found: Literal["false", "unknown", "other move", "refused", "not refused"]


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What became of one example. ``outcome`` is ``None`` when its lead cannot be decided, and
    ``problems`` says why.
    """

    example: Example
    unmet: tuple[Unmet, ...]
    outcome: Decision | RefusedRecord | None
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        return not self.unmet and not self.problems


def run_examples(policy: Policy) -> tuple[ExampleResult, ...]:
    """Every example of the policy, in the order written."""
    # One question list for all examples: it is compiled once.
    asked = conditions_asked(policy.checked)
    return tuple(_run(policy, asked, example) for example in policy.checked.examples)


def conditions_asked(policy: CheckedPolicy) -> tuple[Condition, ...]:
    """The distinct conditions that the examples expect."""
    return tuple(
        dict.fromkeys(
            expected.condition
            for example in policy.examples
            for expected in example.expects
            if isinstance(expected, ExpectCondition)
        )
    )


def _run(policy: Policy, asked: tuple[Condition, ...], example: Example) -> ExampleResult:
    record = example_record(example)
    try:
        outcome = policy.decide_partial(record, as_of=example.as_of)
        answers = policy.judge(asked, record, as_of=example.as_of, partial=True)
    except RecordError as wrong:
        return ExampleResult(example, (), None, wrong.problems)
    found = {} if answers is None else dict(zip(asked, answers, strict=True))
    unmet = tuple(_unmet(expected, outcome, found) for expected in example.expects)
    return ExampleResult(example, tuple(one for one in unmet if one is not None), outcome, ())


def example_record(example: Example) -> dict[str, object]:
    """The example's lead as a record, with the example's name as its id."""
    record: dict[str, object] = {"id": example.name, "activities": [], "actions": []}
    record |= example.fields
    if example.stays:
        record["stage"], record["stage_since"] = example.stays[-1]
        record["moves"] = [{"to": stage, "at": at} for stage, at in example.stays]
    activities: list[dict[str, object]] = []
    actions: list[dict[str, object]] = []
    for number, event in enumerate(example.events, start=1):
        held = {"id": f"e{number}", "kind": event.kind, "at": event.at, **dict(event.properties)}
        (actions if event.of_actions else activities).append(held)
    return record | {"activities": activities, "actions": actions}


def _unmet(
    expected: Expectation,
    outcome: Decision | RefusedRecord,
    found: dict[Condition, bool | None],
) -> Unmet | None:
    if isinstance(outcome, RefusedRecord):
        return None if isinstance(expected, ExpectRefused) else Unmet(expected, "refused")
    goes = outcome.stage.next if outcome.stage is not None else None
    match expected:
        case ExpectRefused():
            return Unmet(expected, "not refused")
        case ExpectCondition(condition):
            if found[condition] is None:
                return Unmet(expected, "unknown")
            return None if found[condition] else Unmet(expected, "false")
        case ExpectMove(to, how=how):
            as_expected = goes == to and _how(outcome) == how
            return None if as_expected else Unmet(expected, "other move")
        case ExpectStays():
            return None if goes is None else Unmet(expected, "other move")
        case _:
            assert_never(expected)


# --- telling about a failure -------------------------------------------------------------------


def report(policy: CheckedPolicy, result: ExampleResult, folder: str = "") -> str:
    """A failing example as people read it; ``folder`` goes before the names of its files."""
    lines = [f"“{result.example.name}” does not hold", f"  --> {_at(result.example.span, folder)}"]
    for problem in result.problems:
        lines.append(f"  its lead cannot be decided: {problem.field}: {problem.reason}")
    for one in result.unmet:
        lines.append(f"  line {one.expected.span.line}: expected {one.expected.text}")
        lines.append(f"  {' ' * len(f'line {one.expected.span.line}:')} {_but(one, result)}")
    if isinstance(result.outcome, Decision) and result.unmet:
        lines.append("  what is so:")
        lines += (f"    {line}" for line in _what_is_so(policy, result, result.outcome))
    return "\n".join(lines)


def _at(span: Span, folder: str) -> str:
    return f"{folder}/{span.file}:{span.line}" if folder else f"{span.file}:{span.line}"


def _but(one: Unmet, result: ExampleResult) -> str:
    match one.found:
        case "false":
            return "but it is not so"
        case "unknown":
            return "but it is unknown"
        case "not refused":
            return "but the lead is not refused"
        case "refused":
            assert isinstance(result.outcome, RefusedRecord)
            refusal = result.outcome.refusal
            reason = f": {refusal.because}" if refusal.because else ""
            return f"but the lead is refused ({refusal.rule}){reason}"
        case "other move":
            assert isinstance(result.outcome, Decision)
            return f"but it {_goes(result.outcome)}"
        case _:
            assert_never(one.found)


def _how(decision: Decision) -> str:
    stage = decision.stage
    return how_of(stage.rule if stage is not None and isinstance(stage.rule, str) else "")


def how_of(rule: str) -> str:
    """Which kind of move a rule makes, as its id has it; a target's hand-back is one."""
    found = (how for how in _HOWS if f".{how.replace(' ', '_')}." in rule)
    return next(found, "moves to")


_HOWS = ("moves to", "hands back to", "times out to")


def _goes(decision: Decision) -> str:
    stage = decision.stage
    if stage is None or stage.next is None:
        return "stays" if stage is None else f"stays in {stage.current}"
    return f"{_how(decision)} {stage.next}"


def _what_is_so(policy: CheckedPolicy, result: ExampleResult, decision: Decision) -> Iterator[str]:
    """Every result in a line; the rows of those that a failed expectation is about."""
    about = _about(policy, result)
    for name, score in decision.scores.items():
        yield f"{name} is {points_text(score.points)}"
        if name in about:
            yield from (f"  {line}" for line in row_lines(score.rows, because=False))
    for name, grade in decision.grades.items():
        yield f"{name} is {grade.letter} ({points_text(grade.points)} points)"
        if name in about:
            yield from (f"  {line}" for line in row_lines(grade.rows, because=False))
    for name, group in decision.groups.items():
        yield f"{name} is {group.value}"
    for name, checklist in decision.checklists.items():
        yield f"{name} is {checklist.result}"
        if name in about and isinstance(checklist.items, dict):
            yield from (f"  {name}.{item} is {state}" for item, state in checklist.items.items())
    if decision.stage is not None:
        yield _goes(decision)


def _about(policy: CheckedPolicy, result: ExampleResult) -> set[str]:
    """The results that the failed expectations mention, through definitions and groups too."""
    conditions: list[Condition] = []
    for one in result.unmet:
        if isinstance(one.expected, ExpectCondition):
            conditions.append(one.expected.condition)
        elif isinstance(result.outcome, Decision) and result.outcome.stage is not None:
            current = result.outcome.stage.current
            stage = next(stage for stage in policy.stages if stage.name == current)
            moves = [move for block in policy.any_stages for move in block.moves] + [*stage.moves]
            conditions += (move.when for move in moves if isinstance(move, Move))
    behind: dict[str, list[Condition]] = {
        item.name: [dated.when for dated in item.whens] for item in policy.definitions
    }
    for group in policy.groups:
        behind[group.name] = [row.when for row in group.rows if row.when is not None]
    seen: set[str] = set()
    while conditions:
        for name in results_in(conditions.pop()):
            if name not in seen:
                seen.add(name)
                conditions += behind.get(name, [])
    return seen
