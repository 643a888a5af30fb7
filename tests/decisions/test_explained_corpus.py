"""The explained corpus: what a decision tells beside its results, written by hand.

``tests/corpus/explained`` has one policy and ``cases.yaml``. A case names only what it is about;
rows are named by their rules. ``digest_one`` and ``digest_two`` mean the same.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

import leadpact
from leadpact.decision import encode

CORPUS = Path(__file__).parent.parent / "corpus" / "explained"
CASES = yaml.load((CORPUS / "cases.yaml").read_bytes(), yaml.CSafeLoader)


def without_places(made: bytes) -> str:
    """The decision's bytes without file and line of each row, which no meaning decides."""
    return re.sub(r'"at":"[^"]*"', "", made.decode())


def told(value: Any, expect: Any) -> Any:
    """The part of a decision that a case speaks about."""
    if not isinstance(expect, dict):
        return value
    if isinstance(value, list):
        value = {row["rule"]: row for row in value}
    return {key: told(value[key], wanted) for key, wanted in expect.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_decision(case: dict[str, Any]) -> None:
    policy = leadpact.load(CORPUS / "policy.leadpact")
    as_of = datetime.fromisoformat(case["as_of"])
    outcome = policy.decide_raw(case["record"], as_of=as_of, explain=True)
    made = json.loads(encode(outcome))
    assert told(made, case["expect"]) == case["expect"], case.get("why")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_json_gives_the_same(case: dict[str, Any]) -> None:
    policy = leadpact.load(CORPUS / "policy.leadpact")
    as_of = datetime.fromisoformat(case["as_of"])
    data = json.dumps(case["record"]).encode()
    outcome = policy.decide_raw(case["record"], as_of=as_of, explain=True)
    assert policy.decide_json(data, as_of=as_of, explain=True) == encode(outcome)


def test_the_same_meaning_has_the_same_digest() -> None:
    one, two = (leadpact.load(CORPUS / f"digest_{name}.leadpact") for name in ("one", "two"))
    assert one.digest == two.digest
    assert one.checked.scores[0].rows[0].span != two.checked.scores[0].rows[0].span
    record = {"id": "L-1", "email": "dana@buyer.example", "phone": "1"}
    as_of = datetime(2026, 11, 21, tzinfo=UTC)
    first, second = (encode(each.decide(record, as_of=as_of, explain=True)) for each in (one, two))
    assert without_places(first) == without_places(second)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("+5  when", "+6  when"),
        ("We can write", "We may write"),
        ('"Reachable"', '"Can be reached"'),
        ("phone is known and", "phone is unknown and"),
        ("version 1", "version 2"),
    ],
)
def test_another_meaning_has_another_digest(said: str, instead: str) -> None:
    text = (CORPUS / "digest_one.leadpact").read_text(encoding="utf-8")
    assert text.count(said) == 1
    changed = leadpact.load_text(text.replace(said, instead))
    assert changed.digest != leadpact.load(CORPUS / "digest_one.leadpact").digest
