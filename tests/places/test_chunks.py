"""How many rows a worker of Spark takes at once, whatever batches they come in."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from leadpact.places.arrow import chunks

pa = pytest.importorskip("pyarrow")


@pytest.mark.parametrize("seed", range(50))
def test_keys_are_not_torn(seed: int) -> None:
    r = Random(seed)
    keys = [None] * r.randrange(5) + sorted(r.choice(b"abcdefgh") for _ in range(r.randrange(60)))
    rows = [(None if key is None else bytes([key]), at, r.random() < 0.2)
            for at, key in enumerate(keys)]  # fmt: skip
    cuts = sorted([0, len(rows), *(r.randrange(len(rows) + 1) for _ in range(r.randrange(9)))])
    batches = [batch(rows[start:end]) for start, end in pairwise(cuts)]
    most = r.randrange(1, 20)
    found = list(chunks(iter(batches), {"lead": 3, "event": 1}, most))
    given = [row for chunk in found for one in chunk for row in one.to_pylist()]
    assert given == batch(rows).to_pylist()
    of_chunks = [[key for one in chunk for key in one.column("key").to_pylist()] for chunk in found]
    for before, after in pairwise(of_chunks):
        assert before[-1] is None or before[-1] != after[0]
    longest = max((one.num_rows for one in batches), default=0)
    for chunk in of_chunks:
        several = len(chunk) - chunk.count(chunk[-1]) if chunk else 0
        assert several <= most + longest


def batch(rows: list[tuple[bytes | None, int, bool]]) -> Any:
    leads = [{"n": at} if is_lead else None for _, at, is_lead in rows]
    events = [None if is_lead else {"n": at} for _, at, is_lead in rows]
    shape = pa.struct([("n", pa.int64())])
    arrays = [pa.array([row[0] for row in rows], pa.binary())]
    arrays += [pa.array(each, shape) for each in (leads, events)]
    return pa.RecordBatch.from_arrays(arrays, names=["key", "lead", "event"])
