"""Texts are trimmed and folded in DuckDB as the engine does it, whatever stands in them."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import duckdb
import pyarrow as pa
from sqlglot import exp

import leadpact
from leadpact.backends.sql.dialects import Dialect
from leadpact.operators.text import BLANKS, fold

# Blanks, what comes before "!" but is none, letters in one or two parts, and what looks like a
# blank elsewhere.
_PARTS = [*BLANKS, "\r\n", "\x01", "\x1f", "!", "@", "a", "A", "é", "É", "e\u0301", "\u0301"]
_PARTS += ["\xa0", "\u200b", "\u2028", "\x7f", "İ", "ß", "\U0001f600", "\U0001f1e9\U0001f1ea"]

_AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
_PAGES = """
policy shop "Shop":
    language 1
    version 1
    time zone "Europe/Stockholm"

lead:
    refused when domain of email is "spam.example" because "Nobody is there."
    email "E-mail" text

activities:
    visit "Visited":
        page "Page" text

score interest "Interest":
    +1 each visit ever
    +5 when page of last visit is "/prices" as prices
"""


def test_texts_of_all_kinds() -> None:
    r = Random(1)
    drawn = ["".join(r.choices(_PARTS, k=r.randint(0, 6))) for _ in range(20_000)]
    dialect, held = Dialect("duckdb"), exp.column("held")
    asked = {
        "folded": dialect.folded(held),
        "known": dialect.known_text(held),
        "domain": dialect.trimmed(exp.column("after")),
    }
    columns = ", ".join(f"{each.sql('duckdb')} AS {name}" for name, each in asked.items())
    after = dialect.after_at(held).sql("duckdb")
    with duckdb.connect() as connection:
        connection.register("given", pa.table({"held": drawn}))
        found = connection.execute(
            f"SELECT held, {columns} FROM (SELECT held, {after} AS after FROM given)"
        ).fetchall()
    wrong = [row for row in found if row != (row[0], *_in_python(row[0]))]
    assert len(found) == len(drawn)
    assert not wrong, wrong[0]


def _in_python(given: str) -> tuple[str | None, bool, str | None]:
    folded = fold(given) or None
    domain = given.rpartition("@")[2].strip(BLANKS) if "@" in given else ""
    return folded, folded is not None, domain or None


def test_texts_that_nobody_has() -> None:
    """DuckDB finds out that the columns are empty, and rewrites what is said about them."""
    policy = leadpact.load_text(_PAGES)
    leads, events = (
        pa.table({"id": ["a"]}),
        pa.table({"lead": ["a"], "kind": ["visit"], "at": [_AT]}),
    )
    found = policy.table(leads, events, as_of=_AT).to_pylist()
    assert [(row["status"], row["interest"]) for row in found] == [("decided", 1)]
