"""Which small changes to a policy would none of its examples notice?

Each mutant is compiled only as far as the examples ask: their conditions, and the moves out of
the stages in which their leads stand; and as a whole only where none of that notices it and there
are steps. The leads themselves are taken in once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from leadpact import checked as c
from leadpact.api import Policy
from leadpact.decision import Problem
from leadpact.examples.judging import Situation, Taken, how_of, judged
from leadpact.examples.running import (
    conditions_asked,
    example_record,
    next_move,
    onward,
    situation,
    taken,
)
from leadpact.mutation.mutants import Mutant, mutants
from leadpact.mutation.trial import Trial
from leadpact.schema import RecordTypes

__all__ = ["Mutation", "mutate"]

Told: TypeAlias = Callable[[int, int], None]
"""Hears how many changes were tried, of how many."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """How many changes were tried, and those that no example noticed."""

    tried: int
    survivors: tuple[Mutant, ...]


def mutate(policy: c.CheckedPolicy, *, progress: Told | None = None) -> Mutation:
    """Try every small change to a policy whose examples all hold."""
    ready = Policy(policy)
    leads = [ready.admit(example_record(one), partial=True) for one in policy.examples]
    every = list(mutants(policy))
    survivors = []
    for done, mutant in enumerate(every, start=1):
        if not _is_noticed(mutant.policy, ready.types, leads):
            survivors.append(mutant)
        if progress is not None:
            progress(done, len(every))
    return Mutation(len(every), tuple(survivors))


def _is_noticed(policy: c.CheckedPolicy, types: RecordTypes, leads: Sequence[Any]) -> bool:
    if _names_what_is_gone(policy):
        return True
    trial = Trial(policy, types)
    asked = conditions_asked(policy)
    each = [*zip(policy.examples, leads, strict=True)]
    # Walking through lives is the dearest, so it comes last.
    if any(_fails(trial, asked, example, lead) for example, lead in each):
        return True
    return any(_fails_later(trial, asked, example, lead) for example, lead in each)


def _fails(trial: Trial, asked: tuple[c.Condition, ...], example: c.Example, lead: Any) -> bool:
    """Whether the example does not hold at its own instant."""
    answers = trial.answers(asked, example.as_of, lead)
    if answers is None:
        so = Situation(None, None, frozenset(), _no_clock)
    elif any(map(_asks_more, example.expects)):
        outcome = trial.bind(example.as_of)(lead)
        so = situation(asked, answers[0], outcome, next_move(outcome))
    else:
        found, move = answers
        taken = None if move is None else Taken(move[0], how_of(move[1]), None)
        so = Situation(dict(zip(asked, found, strict=True)), taken, frozenset(), _no_clock)
    return any(judged(expected, so) is not None for expected in example.expects)


def _asks_more(expected: c.Expectation) -> bool:
    """Whether the answers to conditions and the next move do not tell."""
    by_reason = isinstance(expected, c.ExpectMove) and expected.because is not None
    return by_reason or isinstance(expected, (c.ExpectListed, c.ExpectTarget, c.ExpectDue))


def _no_clock(target: str) -> None:
    return None


def _fails_later(
    trial: Trial, asked: tuple[c.Condition, ...], example: c.Example, lead: Any
) -> bool:
    """Whether one of the example's steps does not hold."""
    standings = onward(trial.replaying, lead, example) if example.steps else iter(())
    for step, standing in zip(example.steps, standings, strict=False):
        if isinstance(standing, Problem):
            return True
        answers = trial.answers(asked, step.at, standing.lead)
        found = None if answers is None else dict(zip(asked, answers[0], strict=True))
        so = Situation(found, taken(standing), standing.worklists, standing.clock)
        if any(judged(expected, so) is not None for expected in step.expects):
            return True
    return False


def _names_what_is_gone(policy: c.CheckedPolicy) -> bool:
    """Whether an example expects a row, letter or item that this policy does not have any more.

    Such an example does not even check, so it notices.
    """
    groups = {one.name: {row.name for row in one.rows} for one in policy.groups}
    letters = {one.name: {letter.name for letter in one.letters} for one in policy.grades}
    items = {one.name: {item.name for item in one.items} for one in policy.checklists}

    def gone(condition: c.Condition) -> bool:
        match condition:
            case c.Not(member):
                return gone(member)
            case c.All(members) | c.Any(members) | c.AtLeast(_, members):
                return any(gone(member) for member in members)
            case c.GroupTest(group, rows):
                return not groups[group].issuperset(rows)
            case c.GradeTest(grade, named, or_better):
                return not letters[grade].issuperset(named[-1:] if or_better else named)
            case c.ChecklistTest(checklist, item):
                return item is not None and item not in items[checklist]
            case _:
                return False

    return any(gone(condition) for condition in conditions_asked(policy))
