"""What the static checks say of random policies, against the reference.

A condition of which they say that it can never hold, or always does, is so on every random record.
``python tests/analysis/test_findings_agree.py 0 300 60`` tries many more policies and records;
``LEADPACT_MORE=20 pytest tests/analysis`` so many times as many as here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from random import Random

import pytest
from tests.analysis.test_reach_agrees import drawn
from tests.how_many import how_many
from tests.property.draw_record import aims_of, draw_instant, draw_record
from tests.reference.admission import Rejected, admit
from tests.reference.events import Situation
from tests.reference.instants import local_day, zone_named
from tests.reference.judge import holds

from leadpact.analysis import analyse
from leadpact.analysis.mentions import atoms_in, results, rows_of
from leadpact.analysis.places import Places
from leadpact.checked import AskedItem, CheckedPolicy, Condition, Move, PointsRow, ScoreTest
from leadpact_dsl import Diagnostic
from leadpact_dsl.source import Span

POLICIES = range(how_many(16))
RECORDS = 20


@cache
def analysed(seed: int) -> tuple[CheckedPolicy, tuple[Diagnostic, ...]]:
    policy = drawn(seed)
    return policy, tuple(analyse(policy))


def complaints(seed: int, records: int) -> Iterator[str]:
    (policy, findings), r = analysed(seed), Random(seed)
    judged = ("E701", "E702", "W702")
    said = {(one.code, one.span): one for one in findings if one.code in judged}
    aims = aims_of(policy)
    for _ in range(records if said else 0):
        as_of = draw_instant(r, policy)
        record = draw_record(r, policy, aims, as_of)
        case = _case(policy, record, as_of)
        if case is not None:
            for finding in _wrong(case, said):
                yield f"{finding.code} {finding.message} {finding.span.line}: {record} at {as_of}"


def _case(policy: CheckedPolicy, record: dict[str, object], as_of: datetime) -> Situation | None:
    lead = admit(policy, record, as_of)
    if isinstance(lead, Rejected):
        return None
    zone = zone_named(policy.zone)
    day = local_day(as_of, zone)
    # What was before the policy came into force is not looked at.
    if policy.in_force_from is not None and day < policy.in_force_from:
        return None
    case = Situation(policy, lead, as_of, zone)
    refused = any(holds(case, one.when) is True for one in case.policy.refusals)
    return None if refused else case


def _wrong(case: Situation, said: dict[tuple[str, Span], Diagnostic]) -> Iterator[Diagnostic]:
    places = Places(case.policy.sources)
    for span, word, when in _conditions(case):
        place = places.condition(span, word)
        truth = holds(case, when)
        never, always = said.get(("E702", place)), said.get(("W702", place))
        if never is not None and "can never hold" in never.message and truth is True:
            yield never
        if always is not None and truth is not True:
            yield always
        for test in atoms_in(when):
            if isinstance(test, ScoreTest):
                beyond = said.get(("E701", places.score_test(span, test) or place))
                if beyond is not None and holds(case, test) is ("can never hold" in beyond.message):
                    yield beyond


def _conditions(case: Situation) -> Iterator[tuple[Span, str, Condition]]:
    """The conditions that bear on the lead where it is, each with the place of its rule."""
    policy = case.policy
    for result in results(policy):
        for _, row in rows_of(result):
            if isinstance(row, PointsRow) and row.when is not None:
                yield row.span, "when", row.when
    for definition in policy.definitions:
        yield from ((one.span, "when", one.when) for one in definition.whens)
    for group in policy.groups:
        yield from ((row.span, "when", row.when) for row in group.rows if row.when is not None)
    for checklist in policy.checklists:
        for item in checklist.items:
            if isinstance(item, AskedItem):
                yield item.span, "met when", item.met_when
    here = case.lead.history.stays[-1].stage if case.lead.history is not None else None
    for stage in policy.stages:
        for move in stage.moves if stage.name == here else ():
            if isinstance(move, Move):
                yield move.span, "when", move.when


@pytest.mark.parametrize("seed", POLICIES)
def test_the_reference_agrees(seed: int) -> None:
    assert list(complaints(seed, RECORDS)) == []


def test_some_findings_are_judged() -> None:
    codes = {one.code for seed in POLICIES for one in analysed(seed)[1]}
    assert {"E701", "E702", "W702"} <= codes


if __name__ == "__main__":
    first, last, each = map(int, sys.argv[1:4])
    for number in range(first, last):
        for complaint in complaints(number, each):
            print(number, complaint)
