"""``policy.table``: Arrow in, Arrow out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from tests.warehouse.both_ways import AS_OF, policy

from leadpact.batch import RunError

pa = pytest.importorskip("pyarrow")

LEADS = {
    "id": ["L-1", "L-2", "L-3", "L-3", None, "L-6"],
    "email": [
        *("a@buyer.example", None, "c@buyer.example", "d@buyer.example"),
        *("e@buyer.example", "test@sample.example"),
    ],
    "employees": [450, 20, 30, 40, 50, 60],
}
EVENTS = {
    "lead": ["L-1", "L-1"],
    "kind": ["page_view", "page_view"],
    "at": [datetime(2026, 11, 20, 10, tzinfo=UTC)] * 2,
    "seconds": [20, 90_000],
}


def plain(table: Any) -> Any:
    return table


def polars(table: Any) -> Any:
    return pytest.importorskip("polars").from_arrow(table)


def pandas(table: Any) -> Any:
    pytest.importorskip("pandas")
    return table.to_pandas()


def relation(table: Any) -> Any:
    return duckdb.from_arrow(table)


@pytest.mark.parametrize("made", [plain, polars, pandas, relation])
def test_one_row_a_lead(made: Any) -> None:
    found = policy().table(made(pa.table(LEADS)), made(pa.table(EVENTS)), as_of=AS_OF)
    rows = found.select(["id", "interest", "fit", "status", "reason"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("L-1", Decimal("2.5"), "B", "decided", "page_view.seconds: The number is above 86,400."),
        ("L-2", None, None, "wrong", "`email` is required, but unknown here."),
        ("L-3", None, None, "wrong", "Several leads have this id: lines 3, 4."),
        ("L-3", None, None, "wrong", "Several leads have this id: lines 3, 4."),
        (None, None, None, "wrong", "A record needs an id."),
        ("L-6", None, None, "refused", "Test record"),
    ]


def test_reasons() -> None:
    found = policy().table(pa.table(LEADS), pa.table(EVENTS), as_of=AS_OF, explain=True)
    rows = found["rows"][0].as_py()
    assert [(row["rule"], row["count"]) for row in rows][:1] == [("interest.page_view", 1)]
    assert sum(row["points"] for row in rows) == found["interest"][0].as_py() + Decimal(30)


def test_events_of_nobody_are_warned_about() -> None:
    events = pa.table({**EVENTS, "lead": ["L-1", "L-99"]})
    with pytest.warns(UserWarning, match="1 activity belongs to no lead"):
        policy().table(pa.table(LEADS), events, as_of=AS_OF)


def test_what_is_no_table() -> None:
    with pytest.raises(TypeError, match="something with an Arrow stream"):
        policy().table([{"id": "L-1"}], as_of=AS_OF)
    with pytest.raises(RunError, match="there is no column `email`"):
        policy().table(pa.table({"id": ["L-1"]}), as_of=AS_OF)
