"""What a query in DuckDB says is what the Python engine says, column by column.

``soak_sql.py`` does the same for as long as one likes.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from tests.property.draw_record import aims_of, draw_instant
from tests.sql.drawing import clean_records
from tests.sql.in_duckdb import compare, differences
from tests.sql.soak_sql import named_cases, one_policy

import leadpact
from leadpact.backends.sql import CannotSayError, query

POLICIES = Path(__file__).parent.parent.parent / "policies"
SHIPPED = sorted({path.parent for path in POLICIES.glob("*/*.leadpact")})
SEEDS = (703,)


def test_random_leads_of_random_policies() -> None:
    counts, refused = Counter[str](), Counter[str]()
    for seed in SEEDS:
        complaints = one_policy(seed, 60, counts, refused)
        assert not complaints, complaints[0]
    # Or nothing would have been compared.
    assert not refused
    assert counts["leads decided"] > len(SEEDS) * 20


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_random_leads_of_shipped_policies(folder: Path) -> None:
    policy = leadpact.load(folder)
    r, aims = Random(7), aims_of(policy.checked)
    as_of = draw_instant(r, policy.checked)
    leads = clean_records(r, policy.checked, aims, as_of, 80)
    found = compare(policy, leads, as_of, rows=True)
    assert not found.complaints, found.complaints[0]
    assert found.decided > 30


def test_the_named_cases() -> None:
    """Of each policy the instant with the most leads; all of them are in the soak."""
    counts = Counter[str]()
    complaints = list(named_cases(counts, most=1))
    assert not complaints, complaints[0]
    assert counts["leads decided"] > 150


def test_a_difference_is_found() -> None:
    engine = {"status": "decided", "refused_by": None, "score.fit": 500, "rows": [("fit.a", 5, -1)]}
    row = {"rule": "fit.a", "points": 5, "count": None}
    same = {"id": "1", "pos": 1, "odd": False, **engine, "rows": [row]}
    assert list(differences(engine, same)) == []
    assert list(differences(engine, {**same, "score.fit": 501})) == [
        "score.fit: 500 by the engine, 501 by the query"
    ]
    assert list(differences(engine, {**same, "rows": []})) == [
        "rows: [('fit.a', 5, -1)] by the engine, [] by the query"
    ]
    del same["score.fit"]
    assert list(differences(engine, same)) == ["score.fit: only by the engine"]


def test_who_is_turned_away_is_only_that() -> None:
    engine = {"status": "refused", "refused_by": "refused.competitor"}
    row = {"id": "1", "pos": 1, "odd": False, "score.fit": 3, **engine, "rows": []}
    assert list(differences(engine, row)) == []
    assert list(differences(engine, {**row, "refused_by": "refused.other"}))


def test_a_dialect_that_is_not_known_is_an_error() -> None:
    policy = leadpact.load(SHIPPED[0])
    with pytest.raises(ValueError, match="There is no dialect 'oracle'"):
        query(policy.checked, datetime.fromisoformat("2026-11-21T09:00:00Z"), "oracle")


def test_what_a_dialect_cannot_say_is_refused_by_name() -> None:
    policy = leadpact.load_text(
        'policy small "Small":\n    language 1\n    version 1\n    time zone "UTC"\n'
        'party sales\nlist words: "vp"\nlead:\n    title text\n'
        "activities:\n    visit\nactions by sales:\n    called\n"
        "score fit:\n    +1 when title has a word from words\n"
    )
    as_of = datetime.fromisoformat("2026-11-21T09:00:00Z")
    with pytest.raises(CannotSayError) as refused:
        query(policy.checked, as_of, "bigquery")
    assert (refused.value.construct, refused.value.dialect) == ("`has a word from`", "bigquery")
    assert "STRPOS" in query(policy.checked, as_of).sql
