"""Running a policy's worked examples: what is expected of each lead, and what is actually so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from leadpact.api import Policy, RecordError
from leadpact.checked import CheckedPolicy, Condition, Example, ExpectCondition, Step
from leadpact.decision import Decision, PolicyRef, Problem, RefusedRecord, TargetResult
from leadpact.examples.judging import Situation, Taken, Unmet, how_of, judged
from leadpact.life import Replaying, Standing

__all__ = [
    "ExampleResult",
    "StepResult",
    "conditions_asked",
    "example_record",
    "next_move",
    "onward",
    "run_examples",
    "situation",
    "taken",
]


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of a step. ``standing`` is the lead then, with the moves that it made since the
    example's instant, and ``outcome`` the decision about it; both are ``None`` when it is caught in
    a loop of moves, and ``problems`` says in which.
    """

    step: Step
    unmet: tuple[Unmet, ...]
    standing: Standing | None
    outcome: Decision | RefusedRecord | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What became of one example. ``outcome`` is ``None`` when its lead cannot be decided, and
    ``problems`` says why. ``unmet`` is what does not hold at its own instant.
    """

    example: Example
    unmet: tuple[Unmet, ...]
    outcome: Decision | RefusedRecord | None
    problems: tuple[Problem, ...]
    steps: tuple[StepResult, ...] = ()

    @property
    def holds(self) -> bool:
        right = not self.unmet and not self.problems
        return right and not any(step.unmet or step.problems for step in self.steps)


def run_examples(policy: Policy) -> tuple[ExampleResult, ...]:
    """Every example of the policy, in the order written."""
    # One question list for all examples: it is compiled once.
    asked = conditions_asked(policy.checked)
    return tuple(_run(policy, asked, example) for example in policy.checked.examples)


def conditions_asked(policy: CheckedPolicy) -> tuple[Condition, ...]:
    """The distinct conditions that the examples expect, at their own instants and in steps."""
    parts: list[Example | Step] = []
    for example in policy.examples:
        parts += (example, *example.steps)
    return tuple(
        dict.fromkeys(
            expected.condition
            for part in parts
            for expected in part.expects
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
    move = next_move(outcome)
    so = situation(asked, answers, outcome, move)
    result = ExampleResult(example, _unmet(example, so), outcome, ())
    if not example.steps:
        return result
    return replace(result, steps=tuple(_steps(policy, asked, example, record)))


def _unmet(part: Example | Step, so: Situation) -> tuple[Unmet, ...]:
    found = ((expected, judged(expected, so)) for expected in part.expects)
    return tuple(Unmet(expected, why) for expected, why in found if why is not None)


def situation(
    asked: tuple[Condition, ...],
    answers: tuple[bool | None, ...] | None,
    outcome: Decision | RefusedRecord,
    move: Taken | None,
) -> Situation:
    """What is so at an example's own instant."""
    targets: dict[str, TargetResult] = {}
    worklists: frozenset[str] = frozenset()
    if isinstance(outcome, Decision):
        if isinstance(outcome.targets, tuple):
            targets = {one.target: one for one in outcome.targets}
        if isinstance(outcome.worklists, tuple):
            worklists = frozenset(one.worklist for one in outcome.worklists)
    found = None if answers is None else dict(zip(asked, answers, strict=True))
    return Situation(found, move, worklists, targets.get)


def next_move(outcome: Decision | RefusedRecord) -> Taken | None:
    """The move that comes next."""
    stage = outcome.stage if isinstance(outcome, Decision) else None
    if stage is None or stage.next is None:
        return None
    because = stage.because if isinstance(stage.because, str) else None
    return Taken(stage.next, how_of(stage.rule if isinstance(stage.rule, str) else ""), because)


# --- steps ---------------------------------------------------------------------------------------


def _steps(
    policy: Policy, asked: tuple[Condition, ...], example: Example, record: dict[str, object]
) -> Iterator[StepResult]:
    ref = PolicyRef(policy.name, policy.version, policy.digest)
    replaying = Replaying(policy, ref) if policy.checked.stages else None
    lead = policy.admit(record, partial=True)
    for step, standing in zip(example.steps, onward(replaying, lead, example), strict=False):
        if isinstance(standing, Problem):
            yield StepResult(step, (), None, None, (standing,))
            return
        outcome = policy.bind(step.at, explain=True)(standing.lead)
        then = _record_then(record, standing)
        answers = policy.judge(asked, then, as_of=step.at, partial=True)
        found = None if answers is None else dict(zip(asked, answers, strict=True))
        so = Situation(found, taken(standing), standing.worklists, standing.clock)
        yield StepResult(step, _unmet(step, so), standing, outcome, ())


def onward(
    replaying: Replaying | None, lead: object, example: Example
) -> Iterator[Standing | Problem]:
    """How an example's typed lead stands in each of its steps; without stages it only ages."""
    instants = [step.at for step in example.steps]
    if replaying is None:
        return (Standing(at, lead, ()) for at in instants)
    return replaying.onward(lead, example.as_of, instants)


def taken(standing: Standing) -> Taken | None:
    """The last move that a lead made."""
    return next((Taken(m.to, m.how, m.because) for m in reversed(standing.moves)), None)


# --- records -------------------------------------------------------------------------------------


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


def _record_then(record: dict[str, object], standing: Standing) -> dict[str, object]:
    """The record as it is in a step: in the stage where the lead then is, with its moves."""
    lead = standing.lead
    if lead.stage is None:
        return record
    moves = [
        {"to": move.to, "at": move.at} | ({} if move.rule is None else {"rule": move.rule})
        for move in lead.moves
    ]
    return record | {"stage": lead.stage, "stage_since": lead.stage_since, "moves": moves}
