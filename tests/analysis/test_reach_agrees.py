"""What analysis says of random policies, against the engine.

For every rule that it calls possible, its witness makes the rule act. No rule that it calls
impossible acts on any random record, and no score leaves the bounds that it gives.
``python tests/analysis/test_reach_agrees.py 0 500 300`` tries many more policies and records.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from random import Random

import pytest
from tests.analysis.acting import acting, points_of
from tests.how_many import how_many
from tests.property.draw_policy import draw_policy
from tests.property.draw_record import aims_of, draw_instant, draw_record
from tests.reference.instants import local_day, zone_named

from leadpact import Policy
from leadpact.analysis import analyse, reach
from leadpact.analysis.reaching import Reach
from leadpact.checked import CheckedPolicy
from leadpact.dated import borders, period_of
from leadpact.reading import checked
from leadpact_dsl import SourceFile

POLICIES = range(how_many(8))
RECORDS = 12


def drawn(seed: int) -> CheckedPolicy:
    policy, found = checked((SourceFile("p.leadpact", draw_policy(Random(seed))),), None)
    assert policy is not None, found
    return policy


@lru_cache
def reached(seed: int) -> Reach:
    return reach(drawn(seed))


def complaints(seed: int, records: int, tally: Counter[str]) -> Iterator[str]:
    """Of the last period that the policy plans, and of that in which some instant lies."""
    policy, r = drawn(seed), Random(seed)
    engine = Policy(policy)
    days = borders(policy)
    seen: set[int] = set()
    for on in (None, local_day(draw_instant(r, policy), zone_named(policy.zone))):
        answers = reached(seed) if on is None else reach(policy, on)
        number = period_of(days, next(iter(answers.rules.values())).as_of.date())
        if number not in seen:
            seen.add(number)
            tally.update(one.answer for one in answers.rules.values())
            yield from _witnesses(engine, answers, tally)
            yield from _records(engine, answers, number, r, records)


def _witnesses(engine: Policy, answers: Reach, tally: Counter[str]) -> Iterator[str]:
    for rule, one in answers.rules.items():
        if one.witness is not None and rule not in acting(engine, one.witness, one.as_of):
            yield f"{rule} does not act on its witness {one.witness}"
        if (one.witness is None) == (one.answer == "possible"):
            yield f"{rule} is possible without a witness, or the other way round"
    for name, score in answers.scores.items():
        ends = ((score.least, score.least_witness), (score.greatest, score.greatest_witness))
        for points, record in ends:
            if record is None or "." in name:
                continue
            tally["end of a score"] += 1
            if points_of(engine, name, record, score.as_of) != points:
                yield f"{name} is not {points} for its witness {record}"


def _records(engine: Policy, answers: Reach, number: int, r: Random, records: int) -> Iterator[str]:
    impossible = {rule for rule, one in answers.rules.items() if one.answer == "impossible"}
    aims = aims_of(engine.checked)
    usual = next(iter(answers.rules.values())).as_of
    for _ in range(records):
        as_of = _instant_in(r, engine.checked, number) or usual
        record = draw_record(r, engine.checked, aims, as_of)
        for rule in acting(engine, record, as_of) & impossible:
            yield f"{rule} is called impossible, and acts on {record} at {as_of}"
        for name, score in answers.scores.items():
            points = None if "." in name else points_of(engine, name, record, as_of)
            if points is None or not score.checked:
                continue
            if score.least is not None and points < score.least:
                yield f"{name} is {points} for {record}, below {score.least}"
            if score.greatest is not None and points > score.greatest:
                yield f"{name} is {points} for {record}, above {score.greatest}"


def _instant_in(r: Random, policy: CheckedPolicy, number: int) -> datetime | None:
    """An instant in the period with this number: rows of other days are another policy."""
    days, zone = borders(policy), zone_named(policy.zone)
    tried = (draw_instant(r, policy) for _ in range(20))
    return next((one for one in tried if period_of(days, local_day(one, zone)) == number), None)


@pytest.mark.parametrize("seed", POLICIES)
def test_the_engine_agrees(seed: int) -> None:
    assert list(complaints(seed, RECORDS, Counter())) == []


def test_most_rules_get_an_answer() -> None:
    tally: Counter[str] = Counter()
    for seed in POLICIES:
        tally.update(one.answer for one in reached(seed).rules.values())
    total = tally.total()
    assert tally["possible"] > 0.5 * total
    assert tally["impossible"] > 0.02 * total
    assert tally["not checked"] < 0.4 * total


@pytest.mark.parametrize("seed", POLICIES)
def test_what_is_said_never_acts_never_acts(seed: int) -> None:
    # What an error calls dead must not have a witness.
    policy = drawn(seed)
    answers = reached(seed)
    dead = {found.span.line for found in analyse(policy) if found.code in ("E703", "E705")}
    rules = {row.rule: row.span.line for group in policy.groups for row in group.rows}
    rules |= {move.rule: move.span.line for stage in policy.stages for move in stage.moves}
    assert not [
        rule
        for rule, line in rules.items()
        if line in dead and rule in answers.rules and answers.rules[rule].answer == "possible"
    ]


if __name__ == "__main__":
    first, last, each = map(int, sys.argv[1:4])
    seen: Counter[str] = Counter()
    for number in range(first, last):
        for complaint in complaints(number, each, seen):
            print(number, complaint)
    print(dict(seen))
