"""A policy's script says what the engine says, field by field.

``soak.py`` does the same for as long as one likes; ``LEADPACT_MORE=20 pytest tests/javascript``
tries so many times as many here.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from tests.how_many import how_many
from tests.javascript.in_node import NODE, Case, differences, disagreements
from tests.javascript.soak import SHIPPED, drawn, policies, shipped_policy
from tests.property.draw_record import aims_of, draw_case

import leadpact

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node (https://nodejs.org) on the path")

LEADS = how_many(400)
CORPUS = Path(__file__).parent.parent / "corpus" / "decisions"


@pytest.mark.parametrize("name", SHIPPED)
def test_random_leads_of_shipped_policies(name: str) -> None:
    assert next(disagreements(drawn(shipped_policy(name), LEADS, seed=11)), None) is None


def test_random_leads_of_random_policies() -> None:
    cases = [
        case for _, policy in policies(how_many(4), 500) for case in drawn(policy, 25, seed=11)
    ]
    assert len(cases) >= 100
    assert next(disagreements(cases), None) is None


@pytest.mark.parametrize("name", SHIPPED)
def test_the_examples_of_shipped_policies(name: str) -> None:
    """Records as the page has them: what is required may be missing."""
    policy, r = shipped_policy(name), Random(3)
    aims = aims_of(policy.checked)
    required = [field.name for field in policy.checked.fields if field.required]
    cases = []
    for _ in range(40):
        record, as_of = draw_case(r, policy.checked, aims)
        left = {key: value for key, value in record.items() if key not in required}
        if isinstance(policy.decide_raw(record, as_of=as_of), leadpact.Decision):
            cases.append(Case(policy, left, as_of, partial=True))
    assert cases
    assert next(disagreements(cases), None) is None


def test_the_named_cases() -> None:
    cases = []
    for file in sorted(CORPUS.glob("*/cases.yaml")):
        policy = leadpact.load(file.parent)
        found: list[dict[str, Any]] = yaml.load(file.read_bytes(), yaml.CSafeLoader)
        cases += [
            Case(policy, one["record"], datetime.fromisoformat(one["as_of"])) for one in found
        ]
    assert len(cases) > 200
    assert next(disagreements(cases), None) is None


def test_a_difference_is_found() -> None:
    engine = {"scores": {"fit": {"points": 5, "rows": [{"rule": "fit.a"}]}}, "status": "decided"}
    script = {"scores": {"fit": {"points": 6, "rows": []}}, "status": "decided", "period": 0}
    assert differences(engine, script) == [
        "/scores/fit/points: 5 by the engine, 6 by the script",
        "/scores/fit/rows: [{'rule': 'fit.a'}] by the engine, [] by the script",
    ]
