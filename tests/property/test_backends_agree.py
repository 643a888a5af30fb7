"""Random policies and random records: the engine must say what the reference says.

``soak.py`` does the same for as long as one likes, and makes a disagreement small;
``LEADPACT_MORE=20 pytest tests/property`` tries so many times as many here.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.how_many import how_many
from tests.property.coverage import all_types
from tests.property.draw_policy import draw_policy, shuffled
from tests.property.draw_record import aims_of, draw_case, parts_of
from tests.property.trial import Trial, complaints

import leadpact
from leadpact.checked import CheckedPolicy
from leadpact.reading import checked
from leadpact_dsl.source import SourceFile

RECORDS = 10
POLICIES = Path(__file__).parent.parent.parent / "policies"
SHIPPED = sorted({path.parent for path in POLICIES.glob("*/*.leadpact")})
seeds = st.integers(min_value=0, max_value=2**32)
bounded = settings(
    max_examples=how_many(20),
    deadline=None,
    derandomize=True,
    # A smaller seed is no smaller policy: soak.py is what makes a disagreement small.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@bounded
@given(seed=seeds)
def test_the_engine_agrees_with_the_reference(seed: int) -> None:
    r = Random(seed)
    text = draw_policy(r)
    policy = leadpact.load_text(text)
    aims = aims_of(policy.checked)
    for _ in range(RECORDS):
        record, as_of = draw_case(r, policy.checked, aims)
        found = complaints(Trial(policy, aims, record, as_of, seed))
        assert not found, f"{text}\n{json.dumps(record)}\nas of {as_of}\n" + "\n".join(found)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_the_shipped_policies_agree_with_the_reference(folder: Path) -> None:
    policy = leadpact.load(folder)
    r, aims = Random(7), aims_of(policy.checked)
    for seed in range(how_many(25)):
        record, as_of = draw_case(r, policy.checked, aims)
        found = complaints(Trial(policy, aims, record, as_of, seed))
        assert not found, f"{json.dumps(record)}\nas of {as_of}\n" + "\n".join(found)


def test_everything_a_policy_can_say_is_drawn() -> None:
    """Examples alone are not: they have tests of their own."""
    drawn: set[str] = set()
    for seed in range(60):
        drawn |= {type(part).__name__ for part in parts_of(loaded(draw_policy(Random(seed))))}
    missing = all_types() - drawn
    assert {name for name in missing if not name.startswith("Ex")} == {"Step"}


def loaded(text: str) -> CheckedPolicy:
    policy, found = checked([SourceFile("policy.leadpact", text)], None)
    assert policy is not None, found
    return policy


@settings(bounded, max_examples=how_many(5))
@given(seed=seeds)
def test_same_meaning_same_digest_same_bytes(seed: int) -> None:
    """Comments, blank lines and the order of blocks change neither the digest nor a decision."""
    r = Random(seed)
    text = draw_policy(r)
    spaced = "# A comment.\n" + text.replace("\n", "\n\n") + "# The end.\n"
    first, *others = [leadpact.load_text(one) for one in (text, spaced, shuffled(r, text))]
    assert {other.digest for other in others} == {first.digest}
    aims = aims_of(first.checked)
    for _ in range(5):
        record, as_of = draw_case(r, first.checked, aims)
        data = json.dumps(record).encode()
        decisions = {policy.decide_json(data, as_of=as_of) for policy in (first, *others)}
        assert len(decisions) == 1, decisions
