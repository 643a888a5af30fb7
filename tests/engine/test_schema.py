"""The JSON Schema says of a record what the engine says of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import leadpact

ROOT = Path(__file__).parents[2]
AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def kontor() -> leadpact.Policy:
    return leadpact.load(ROOT / "policies/kontor")


@pytest.fixture(scope="module")
def validator(kontor: leadpact.Policy) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(kontor.schema)
    return jsonschema.Draft202012Validator(kontor.schema)


def test_the_sample_is_right_by_the_schema(validator: jsonschema.Draft202012Validator) -> None:
    with (ROOT / "policies/kontor/sample/leads.jsonl").open(encoding="utf-8") as lines:
        for line in islice(lines, 300):
            validator.validate(json.loads(line))


@pytest.mark.parametrize(
    "change",
    [
        {"email": None},
        {"email": 5},
        {"email": " "},
        {"employees": -1},
        {"employees": 1.5},
        {"employees": "12"},
        {"seniority": "boss"},
        {"is_customer": "yes"},
        {"budget": "a lot"},
        {"stage": "nowhere"},
        {"moves": [{"to": "mql"}]},
        {"format": 2},
        {"activities": {}},
    ],
    ids=str,
)
def test_what_the_engine_rejects_is_wrong_by_the_schema_too(
    kontor: leadpact.Policy, validator: jsonschema.Draft202012Validator, change: dict[str, Any]
) -> None:
    record = {"id": "L-1", "email": "a@buyer.example", **change}
    (outcome,) = kontor.decide_many([record], as_of=AS_OF)
    assert isinstance(outcome, leadpact.RejectedRecord)
    assert not validator.is_valid(record)


@pytest.mark.parametrize(
    "change", [{}, {"phone": None}, {"seniority": None}, {"id": 17}, {"x": 1}], ids=str
)
def test_what_the_engine_decides_is_right_by_the_schema_too(
    kontor: leadpact.Policy, validator: jsonschema.Draft202012Validator, change: dict[str, Any]
) -> None:
    record = {"id": "L-1", "email": "a@buyer.example", **change}
    (outcome,) = kontor.decide_many([record], as_of=AS_OF)
    assert isinstance(outcome, leadpact.Decision)
    assert validator.is_valid(record)
