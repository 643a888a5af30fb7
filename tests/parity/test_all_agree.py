"""One drawn policy and its leads, through everything that decides: all say what Python says.

``LEADPACT_MORE=10 pytest tests/parity`` draws ten times as many policies, of any size. Spark is not
among them: what decides there is DuckDB, in Spark's workers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random

import pytest
from tests.how_many import how_many
from tests.javascript import in_node
from tests.parity import in_postgres, in_tables
from tests.places.server import started
from tests.places.shapes import Record, Tables, as_json, draw_shape, laid_down
from tests.property.draw_policy import draw_policy
from tests.property.draw_record import aims_of, draw_instant, draw_record
from tests.property.trial import Trial, complaints
from tests.sql.drawing import clean_record

import leadpact

POLICIES = Path(__file__).parent.parent.parent / "policies"
SHIPPED = ("learnwell",)
DRAWN = 4
LEADS = 40


@dataclass(frozen=True)
class Case:
    """A policy, and leads as records and as rows of tables."""

    seed: int
    text: str
    policy: leadpact.Policy
    tables: Tables
    as_of: datetime

    def told(self, wrong: list[str]) -> str:
        """What is wrong, with everything that shows it again."""
        records = as_json(self.tables.records)
        return "\n".join((f"seed {self.seed}", self.text, f"as of {self.as_of}", records, *wrong))


@cache
def cases() -> list[Case]:
    drawn = [case_of(seed, policy_text(seed)) for seed in range(how_many(DRAWN))]
    return drawn + [case_of(7, name, leadpact.load(POLICIES / name)) for name in SHIPPED]


def policy_text(seed: int) -> str:
    """Of the first seeds the shortest of some: long queries take seconds to be planned."""
    r = Random(f"parity {seed}")
    return min((draw_policy(r) for _ in range(6 if seed < DRAWN else 1)), key=len)


def case_of(seed: int, text: str, policy: leadpact.Policy | None = None) -> Case:
    policy = policy or leadpact.load_text(text)
    r = Random(seed)
    aims = aims_of(policy.checked)
    as_of = draw_instant(r, policy.checked)
    records: list[Record] = [
        dict((clean_record if r.random() < 0.85 else draw_record)(r, policy.checked, aims, as_of))
        for _ in range(LEADS)
    ]
    tables = laid_down(policy.checked, draw_shape(r, policy.checked), records)
    return Case(seed, text, policy, tables, as_of)


def test_the_reference() -> None:
    for case in cases():
        aims = aims_of(case.policy.checked)
        for record in case.tables.records:
            trial = Trial(case.policy, aims, record, case.as_of, case.seed)
            # Which problems of a wrong record are told together is asked in tests/property.
            wrong = [one for one in complaints(trial, light=True) if "/problems:" not in one]
            assert not wrong, case.told([f"lead {record['id']}", *wrong])


def test_duckdb() -> None:
    odd = []
    for case in cases():
        wrong, left = in_tables.disagreements(case.policy, case.tables, case.as_of)
        assert not wrong, case.told(wrong[:3])
        odd.append(left)
    assert_compared(odd)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with started() as running:
        yield running


def test_postgres(address: str) -> None:
    odd = []
    for case in cases():
        wrong, left = in_postgres.disagreements(address, case.policy, case.tables, case.as_of)
        assert not wrong, case.told(wrong[:3])
        odd.append(left)
    assert_compared(odd)


def assert_compared(odd: list[int]) -> None:
    """Enough leads were not left to Python, or nothing would have been compared."""
    assert sum(odd) < len(odd) * LEADS * 0.5, odd


@pytest.mark.skipif(in_node.NODE is None, reason="needs node (https://nodejs.org) on the path")
def test_javascript() -> None:
    asked = [
        (case, in_node.Case(case.policy, record, case.as_of))
        for case in cases()
        for record in case.tables.records
    ]
    with in_node.deciding([one for _, one in asked]) as answering:
        wanted = [in_node.engine(one) for _, one in asked]
        told = answering()
    known = 0
    for (case, one), engine, script in zip(asked, wanted, told, strict=True):
        if script["status"] != in_node.NOT_KNOWN:
            known += 1
            wrong = in_node.differences(engine, script)
            assert not wrong, case.told([f"lead {one.record['id']}", *wrong])
    assert known > len(asked) * 0.9
