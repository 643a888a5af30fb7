"""The reference policies: nothing to complain about, and every row and move is alive."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import leadpact
from leadpact.batch.sources import read_mapping
from leadpact.check import check
from leadpact.checked import (
    Category,
    CheckedPolicy,
    Move,
    PointsBy,
    PointsRow,
    Stage,
    TargetHandBack,
    TimeOut,
)
from leadpact.examples import report, run_examples
from leadpact_dsl import parse, read_policy

POLICIES = Path(__file__).parents[2] / "policies"
AS_OF = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NAMES = ("kontor", "learnwell", "studio_north", "cloudpipe", "ferrum")


@cache
def loaded(name: str) -> leadpact.Policy:
    return leadpact.load(POLICIES / name)


@pytest.fixture(scope="module")
def kontor() -> leadpact.Policy:
    return loaded("kontor")


@pytest.fixture(scope="module")
def decisions(kontor: leadpact.Policy) -> list[leadpact.Decision]:
    outcomes = list(kontor.decide_many(sample(), as_of=AS_OF, explain=True))
    assert all(isinstance(outcome, leadpact.Decision) for outcome in outcomes)
    return [outcome for outcome in outcomes if isinstance(outcome, leadpact.Decision)]


def sample() -> Iterator[dict[str, object]]:
    with (POLICIES / "kontor/sample/leads.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@pytest.mark.parametrize("name", NAMES)
def test_the_checker_has_nothing_to_say(name: str) -> None:
    files, unreadable = read_policy(POLICIES / name)
    document, unclear = parse(files)
    policy, wrong = check(document, files, POLICIES / name)
    assert policy is not None
    assert [*unreadable, *unclear, *wrong] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_example_holds(name: str) -> None:
    policy = loaded(name)
    results = run_examples(policy)
    assert len(results) > 40
    assert [report(policy.checked, result) for result in results if not result.holds] == []


def test_kontor_decides_its_whole_sample_without_a_warning(
    decisions: list[leadpact.Decision],
) -> None:
    assert len(decisions) == 3000
    assert [decision.warnings for decision in decisions if decision.warnings] == []


def test_the_sample_reaches_every_letter_group_checklist_result_and_move(
    kontor: leadpact.Policy, decisions: list[leadpact.Decision]
) -> None:
    policy = kontor.checked
    assert {d.grades["fit"].letter for d in decisions} == {"A", "B", "C", "D"}
    assert {d.groups["quadrant"].value for d in decisions} == {
        row.name for row in policy.groups[0].rows
    }
    assert {d.checklists["bant"].result for d in decisions} == {"met", "not met", "unknown"}
    taken = {d.stage.rule for d in decisions if d.stage is not None and d.stage.next is not None}
    assert taken == {way.rule for stage in policy.stages for way in ways_out(stage)}


def ways_out(stage: Stage) -> Iterator[Move | TimeOut | TargetHandBack]:
    yield from stage.moves
    for target in stage.targets:
        yield from target.hands_back


def test_the_sample_has_targets_in_every_state(decisions: list[leadpact.Decision]) -> None:
    states = {
        (target.target, target.state)
        for d in decisions
        if isinstance(d.targets, tuple)
        for target in d.targets
    }
    clocks = ("waiting", "running", "met", "missed")
    assert states >= {(name, state) for name in ("first_contact", "claim") for state in clocks}


def test_the_sample_uses_every_row_of_points(
    kontor: leadpact.Policy, decisions: list[leadpact.Decision]
) -> None:
    acted: set[str] = set()
    for decision in decisions:
        score, grade = decision.scores["interest"].rows, decision.grades["fit"].rows
        assert isinstance(score, list)
        assert isinstance(grade, list)
        acted |= {row.rule for row in (*score, *grade)}
    assert rules_with_points(kontor.checked) <= acted


def rules_with_points(policy: CheckedPolicy) -> set[str]:
    """The rules of the rows that give or take points, however deep they stand."""
    found: set[str] = set()
    left: list[PointsRow | PointsBy | Category] = []
    for score in policy.scores:
        left += score.rows
    for grade in policy.grades:
        left += grade.rows
    while left:
        match left.pop():
            case Category(rows=rows):
                left += rows
            case PointsBy(rows=values):
                found |= {row.rule for row in values if row.points}
            case PointsRow(rule=rule, points=points):
                found |= {rule} if points else set()
    return found


def test_the_single_lead_is_an_mql(kontor: leadpact.Policy) -> None:
    lead = json.loads((POLICIES / "kontor/sample/lead.json").read_text(encoding="utf-8"))
    decision = kontor.decide(lead, as_of=AS_OF, explain=True)
    assert isinstance(decision, leadpact.Decision)
    assert decision.stage is not None
    assert (decision.scores["interest"].points, decision.stage.next) == (75, "mql")
    assert decision.unknown == ("bant.believes", "budget", "has_authority", "timeframe")


# --- LearnWell's source mapping ------------------------------------------------------------------

AFTER_CONTACT = {
    *("tags", "lead_quality", "lead_profile", "last_notable_activity"),
    *("asymmetrique_activity_index", "asymmetrique_profile_index"),
    *("asymmetrique_activity_score", "asymmetrique_profile_score"),
}


def test_what_is_known_only_after_contact_is_declared_so() -> None:
    policy = loaded("learnwell").checked
    assert {field.name for field in policy.fields if field.after_contact} == AFTER_CONTACT


def test_the_mapping_fills_every_field() -> None:
    policy = loaded("learnwell").checked
    mapping = read_mapping(POLICIES / "learnwell", "crm_export", policy)
    assert set(mapping.fields) == {field.name for field in policy.fields}


def test_the_mapping_names_every_column_of_the_real_file_once() -> None:
    data = os.environ.get("LEADPACT_DATA")
    if data is None:
        pytest.skip("LEADPACT_DATA does not say where the real data is")
    with (Path(data) / "xeducation/Leads.csv").open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file))
    policy = loaded("learnwell").checked
    mapping = read_mapping(POLICIES / "learnwell", "crm_export", policy)
    used = [mapping.id_column, *(rule.column for rule in mapping.fields.values())]
    assert sorted([*used, *mapping.ignored]) == sorted(columns)
