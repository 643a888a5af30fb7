"""What a failing example tells: what was expected, and what is so instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from leadpact.checked import (
    CheckedPolicy,
    Condition,
    ExpectCondition,
    ExpectDue,
    ExpectTarget,
    Move,
)
from leadpact.decision import Decision, Problem, RefusedRecord, TargetResult
from leadpact.examples.judging import Unmet, how_of
from leadpact.examples.running import ExampleResult, StepResult
from leadpact.life import Clock, Exit
from leadpact.lower import results_in
from leadpact.operators.times import local_time
from leadpact.rows_text import points_text, row_lines
from leadpact.zones import zone as zone_of
from leadpact_dsl import Span

__all__ = ["report"]


def report(policy: CheckedPolicy, result: ExampleResult, folder: str = "") -> str:
    """A failing example as people read it; ``folder`` goes before the names of its files."""
    lines = [f"“{result.example.name}” does not hold", f"  --> {_at(result.example.span, folder)}"]
    lines += (f"  {line}" for line in _problems(result.problems))
    lines += (f"  {line}" for line in _lines(_Told(policy, result.outcome, None), result.unmet))
    for step in result.steps:
        if step.unmet or step.problems:
            lines.append(f"  {step.step.text}{_when(step, policy.zone)}:")
            told = [
                *_problems(step.problems),
                *_lines(_Told(policy, step.outcome, step), step.unmet),
            ]
            lines += (f"    {line}" for line in told)
    return "\n".join(lines)


def _at(span: Span, folder: str) -> str:
    return f"{folder}/{span.file}:{span.line}" if folder else f"{span.file}:{span.line}"


def _problems(problems: Sequence[Problem]) -> Iterator[str]:
    for problem in problems:
        yield f"its lead cannot be decided: {problem.field}: {problem.reason}"


def _when(step: StepResult, zone: str) -> str:
    """The instant of a step, where its own words do not say it."""
    at = _local(step.step.at, zone)
    return "" if at in step.step.text else f" ({at})"


def _local(instant: datetime, zone: str) -> str:
    """``2026-11-21 10:00`` in the policy's zone; seconds only where there are any."""
    local = local_time(instant, zone_of(zone))
    return f"{local:%Y-%m-%d %H:%M}" if not local.second else f"{local:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class _Told:
    """What is so at an instant; ``step`` is ``None`` at the example's own."""

    policy: CheckedPolicy
    outcome: Decision | RefusedRecord | None
    step: StepResult | None

    @property
    def moves(self) -> tuple[Exit, ...]:
        standing = self.step.standing if self.step is not None else None
        return () if standing is None else standing.moves

    def clock(self, target: str) -> Clock | TargetResult | None:
        if self.step is not None:
            return None if self.step.standing is None else self.step.standing.clock(target)
        targets = self.outcome.targets if isinstance(self.outcome, Decision) else None
        found = targets if isinstance(targets, tuple) else ()
        return next((one for one in found if one.target == target), None)

    def worklists(self) -> list[str]:
        standing = self.step.standing if self.step is not None else None
        return [] if standing is None else sorted(standing.worklists)


def _lines(told: _Told, unmet: Sequence[Unmet]) -> Iterator[str]:
    for one in unmet:
        line = f"line {one.expected.span.line}:"
        yield f"{line} expected {one.expected.text}"
        yield f"{' ' * len(line)} {_but(one, told)}"
    if not unmet or not isinstance(told.outcome, Decision):
        return
    if told.step is not None:
        yield from _what_happened(told)
    yield "what is so:"
    yield from (f"  {line}" for line in _what_is_so(told, unmet, told.outcome))


# --- what an expectation met instead -------------------------------------------------------------


def _but(one: Unmet, told: _Told) -> str:
    match one.found:
        case "false":
            return "but it is not so"
        case "unknown":
            return "but it is unknown"
        case "not refused":
            return "but the lead is not refused"
        case "refused":
            assert isinstance(told.outcome, RefusedRecord)
            refusal = told.outcome.refusal
            reason = f": {refusal.because}" if refusal.because else ""
            return f"but the lead is refused ({refusal.rule}){reason}"
        case "other move":
            return f"but it {_goes(told)}"
        case "other reason":
            return f"but {_reason(told)}"
        case "listed":
            return "but it is on that worklist"
        case "not listed":
            return f"but it is on {_listed(told)}"
        case "other state" | "other due" | "no clock":
            return f"but {_stands(one, told)}"
        case _:
            assert_never(one.found)


def _goes(told: _Told) -> str:
    if told.step is not None:
        last = told.moves[-1] if told.moves else None
        if last is None:
            return f"stays in {_stage(told)}"
        at = "" if last.at is None else f" (at {_local(last.at, told.policy.zone)})"
        return f"{last.how} {last.to}{at}"
    assert isinstance(told.outcome, Decision)
    return _next(told.outcome)


def _stage(told: _Told) -> str:
    stage = told.outcome.stage if isinstance(told.outcome, Decision) else None
    return "its stage" if stage is None else stage.current


def _next(decision: Decision) -> str:
    stage = decision.stage
    if stage is None or stage.next is None:
        return "stays" if stage is None else f"stays in {stage.current}"
    return f"{how_of(stage.rule if isinstance(stage.rule, str) else '')} {stage.next}"


def _reason(told: _Told) -> str:
    because: object = told.moves[-1].because if told.moves else None
    if told.step is None and isinstance(told.outcome, Decision) and told.outcome.stage is not None:
        because = told.outcome.stage.because
    return f"its reason is “{because}”" if isinstance(because, str) else "no reason is given"


def _listed(told: _Told) -> str:
    names = told.worklists()
    if names:
        return ", ".join(names)
    none_yet = "" if told.step is not None else " (moves put it there, and only steps take them)"
    return f"no worklist{none_yet}"


def _stands(one: Unmet, told: _Told) -> str:
    """What stands of the target that is expected."""
    assert isinstance(one.expected, (ExpectTarget, ExpectDue))
    clock = told.clock(one.expected.target)
    if clock is None:
        return f"it does not apply: the lead {_where(told)}"
    return f"it is {_clock(clock, told.policy.zone)}"


def _where(told: _Told) -> str:
    stage = told.outcome.stage if isinstance(told.outcome, Decision) else None
    asleep = isinstance(stage.asleep_until, datetime) if stage is not None else False
    return f"{'sleeps' if asleep else 'is'} in {_stage(told)}"


def _clock(clock: Clock | TargetResult, zone: str) -> str:
    """``met at 2026-11-02 10:00, due at 2026-11-02 14:00``"""
    ended = clock.at if clock.state == "met" else getattr(clock, "stopped", None)
    said = clock.state if ended is None else f"{clock.state} at {_local(ended, zone)}"
    due = "never due" if clock.due is None else f"due at {_local(clock.due, zone)}"
    return said if clock.state in ("waiting", "paused") else f"{said}, {due}"


# --- what is so ----------------------------------------------------------------------------------


def _what_happened(told: _Told) -> Iterator[str]:
    """The moves until a step, each in a line."""
    if not told.moves:
        yield "no move was made until then"
        return
    yield "what it did until then:"
    for move in told.moves:
        at = "" if move.at is None else f"{_local(move.at, told.policy.zone)}  "
        reason = f" because “{move.because}”" if move.because else ""
        yield f"  {at}{move.how} {move.to}{reason}"


def _what_is_so(told: _Told, unmet: Sequence[Unmet], decision: Decision) -> Iterator[str]:
    """Every result in a line; the rows of those that a failed expectation is about."""
    about = _about(told.policy, unmet, decision)
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
    for target in decision.targets if isinstance(decision.targets, tuple) else ():
        yield f"target {target.target} is {_clock(target, told.policy.zone)}"
    yield from (f"on worklist {name}" for name in told.worklists())
    if decision.stage is not None:
        yield _next(decision)


def _about(policy: CheckedPolicy, unmet: Sequence[Unmet], decision: Decision) -> set[str]:
    """The results that the failed expectations mention, through definitions and groups too."""
    conditions: list[Condition] = []
    for one in unmet:
        if isinstance(one.expected, ExpectCondition):
            conditions.append(one.expected.condition)
        elif decision.stage is not None:
            current = decision.stage.current
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
