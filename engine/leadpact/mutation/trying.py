"""Which small changes to a policy would none of its examples notice?

Each mutant is compiled only as far as the examples ask: their conditions, and the moves out of
the stages in which their leads stand. The leads themselves are taken in once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, assert_never

from leadpact import checked as c
from leadpact.api import Policy
from leadpact.backends.python import compile_plan
from leadpact.backends.python.clocks import first_true
from leadpact.backends.python.generate import Mode
from leadpact.backends.python.rows import Texts
from leadpact.dated import in_force_on
from leadpact.decision import PolicyRef
from leadpact.examples import conditions_asked, example_record, how_of
from leadpact.lower import lower
from leadpact.mutation.mutants import Mutant, mutants
from leadpact.operators.times import local_day
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
    asked = conditions_asked(policy)
    bound: dict[datetime, Any] = {}
    for example, lead in zip(policy.examples, leads, strict=True):
        if example.as_of not in bound:
            bound[example.as_of] = _compiled(policy, asked, types, "trial", example.as_of)
        answers = bound[example.as_of](lead)
        found, move = None, None
        if answers is not None:
            found, move = dict(zip(asked, answers[0], strict=True)), answers[1]
        if not all(_holds(expected, found, move) for expected in example.expects):
            return True
    return False


def _compiled(
    policy: c.CheckedPolicy,
    asked: tuple[c.Condition, ...],
    types: RecordTypes,
    mode: Mode,
    as_of: datetime,
) -> Callable[[Any], Any]:
    """A function of a lead for one instant, of the rows that are in force then."""
    ref = PolicyRef(policy.name, policy.version, "")

    def since(
        condition: c.Condition, lead: Any, start: datetime, now: datetime
    ) -> tuple[datetime | None, datetime | None]:
        return first_true(
            lambda instant: _compiled(policy, (condition,), types, "watch", instant),
            lead,
            start,
            now,
        )

    plan = lower(in_force_on(policy, local_day(as_of, policy.zone)), asked)
    return compile_plan(plan, types, ref, Texts({}, {}, {}), mode, since).bind(as_of)


def _holds(
    expected: c.Expectation,
    found: dict[c.Condition, bool | None] | None,
    move: tuple[str, str] | None,
) -> bool:
    """``found`` is ``None`` for a refused record; ``move`` is where it goes, by which rule."""
    if found is None or isinstance(expected, c.ExpectRefused):
        return found is None and isinstance(expected, c.ExpectRefused)
    match expected:
        case c.ExpectCondition(condition):
            return found[condition] is True
        case c.ExpectMove(to, how=how):
            return move is not None and move[0] == to and how_of(move[1]) == how
        case c.ExpectStays():
            return move is None
        case _:
            assert_never(expected)


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
