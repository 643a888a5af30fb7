"""Decisions of leads that lie on a Postgres server, and where they differ from Python's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.places.server import filled
from tests.places.shapes import Shape, Tables, plain

from leadpact import Policy
from leadpact.decision import Decision
from leadpact.places import PlaceOptions, run_in_place
from leadpact.places.postgres_outputs import decision_row

__all__ = ["disagreements"]


def disagreements(
    address: str, policy: Policy, tables: Tables, as_of: datetime
) -> tuple[list[str], int]:
    """What is wrong with the decisions and the rejects; how many leads were left to Python.

    ``--verify-sample`` compares all that the query has decided with its rows of points.
    """
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        filled(connection, replace(tables, shape=_own_columns(policy, tables.shape)))
        asked = PlaceOptions(
            *(address, "leads", "activities", None, as_of, "decisions", "rejects"),
            explain=True,
            verify_sample=len(tables.leads),
        )
        told = run_in_place(policy, asked)
        found = {row[0]: row[:-1] for row in connection.execute("SELECT * FROM decisions")}
        rejects = {row[0] for row in connection.execute("SELECT id FROM rejects")}
    odd = [re.match(r"([\d,]+) of", note) for note in told.notes]
    complaints = list(_differences(policy, tables, as_of, found, rejects))
    return complaints, sum(int(one.group(1)) for one in odd if one)


def _own_columns(policy: Policy, shape: Shape) -> Shape:
    """About half of the properties that one kind alone has are in columns ``KIND.PROPERTY``."""
    kinds = [(kind.name, one.name) for kind in policy.checked.kinds for one in kind.properties]
    times = Counter(one for _, one in kinds)
    own = {one: f"{of}.{one}" for of, one in kinds if times[one] == 1 and len(one) % 2}
    return Shape(shape.leads, {own.get(name, name): holds for name, holds in shape.events.items()})


def _differences(
    policy: Policy, tables: Tables, as_of: datetime, found: dict[str, Any], rejects: set[str]
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
        is_told = not isinstance(outcome, Decision) or bool(aside)
        if is_told != (record["id"] in rejects):
            yield f"{record['id']} is {'missing' if is_told else 'told'} among the rejects"
    if set(found) - decided:
        yield f"{sorted(set(found) - decided)} were decided, but not in Python"
