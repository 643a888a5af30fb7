"""Random policies over random tables on a real server: the same as the Python engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.places.server import filled, started
from tests.places.shapes import Record, Tables, as_json, draw_shape, laid_down
from tests.property.draw_policy import draw_policy
from tests.property.draw_record import aims_of, draw_instant, draw_record
from tests.sql.drawing import clean_record

import leadpact
from leadpact.decision import Decision, RefusedRecord
from leadpact.places import PlaceOptions, run_in_place
from leadpact.places.postgres_outputs import decision_row

POLICIES = Path(__file__).parent.parent.parent / "policies"
SHIPPED = ("learnwell", "ferrum")
SEEDS = range(6)
LEADS = 60


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with started() as running:
        yield running


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_decisions_and_rejects(address: str, seed: int) -> None:
    text = draw_policy(Random(f"places {seed}"))
    agree(address, leadpact.load_text(text), seed, text)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_same_for_shipped_policies(address: str, name: str) -> None:
    agree(address, leadpact.load(POLICIES / name), 7, name)


def agree(address: str, policy: leadpact.Policy, seed: int, text: str) -> None:
    r = Random(seed)
    aims = aims_of(policy.checked)
    as_of = draw_instant(r, policy.checked)
    drawn: list[Record] = [
        dict((clean_record if r.random() < 0.85 else draw_record)(r, policy.checked, aims, as_of))
        for _ in range(LEADS)
    ]
    tables = laid_down(policy.checked, draw_shape(r, policy.checked), drawn)
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        filled(connection, tables)
        asked = PlaceOptions(
            address, "leads", "activities", None, as_of, "decisions", "rejects", verify_sample=LEADS
        )
        told = run_in_place(policy, asked)
        found = {row[0]: row for row in connection.execute("SELECT * FROM decisions").fetchall()}
        rejects = {row[0] for row in connection.execute("SELECT id FROM rejects").fetchall()}
    complaints = list(differences(policy, tables, as_of, found, rejects))
    assert not complaints, f"{text}\nas of {as_of}\n{as_json(tables.records)}\n" + "\n".join(
        complaints[:3]
    )
    odd = [re.match(r"([\d,]+) of", note) for note in told.notes]
    assert sum(int(one.group(1)) for one in odd if one) < LEADS * 0.6, told.notes


def differences(
    policy: leadpact.Policy, tables: Tables, as_of: Any, found: dict[str, Any], rejects: set[str]
) -> Iterator[str]:
    decided = set()
    for record in tables.records:
        outcome, aside = policy.take(record, as_of=as_of)
        if isinstance(outcome, Decision):
            decided.add(outcome.id)
            wanted = [plain(cell) for cell in decision_row(policy.checked, outcome, False)]
            row = [plain(cell) for cell in found.get(outcome.id, ())]
            if wanted != row:
                yield f"{outcome.id}: {row}, but {wanted} in Python"
        if isinstance(outcome, RefusedRecord) or not isinstance(outcome, Decision) or aside:
            if record["id"] not in rejects:
                yield f"{record['id']} is missing among the rejects"
        elif record["id"] in rejects:
            yield f"{record['id']} is among the rejects"
    if set(found) - decided:
        yield f"{sorted(set(found) - decided)} were decided, but not in Python"


def plain(cell: object) -> object:
    """A cell as it is compared: a number is a number, however it is held."""
    return Decimal(str(cell)) if isinstance(cell, int | float | Decimal) else cell
