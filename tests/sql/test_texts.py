"""Texts are trimmed and folded in DuckDB as the engine does it, whatever stands in them."""

from __future__ import annotations

from random import Random

import duckdb
import pyarrow as pa
from sqlglot import exp

from leadpact.backends.sql.dialects import Dialect
from leadpact.operators.text import BLANKS, fold

# Blanks, what comes before "!" but is none, letters in one or two parts, and what looks like a
# blank elsewhere.
_PARTS = [*BLANKS, "\r\n", "\x01", "\x1f", "!", "@", "a", "A", "é", "É", "e\u0301", "\u0301"]
_PARTS += ["\xa0", "\u200b", "\u2028", "\x7f", "İ", "ß", "\U0001f600", "\U0001f1e9\U0001f1ea"]


def test_texts_of_all_kinds() -> None:
    r = Random(1)
    drawn = ["".join(r.choices(_PARTS, k=r.randint(0, 6))) for _ in range(20_000)]
    dialect, held = Dialect("duckdb"), exp.column("held")
    asked = {
        "folded": dialect.folded(held),
        "known": dialect.known_text(held),
        "domain": dialect.domain(held),
    }
    columns = ", ".join(f"{each.sql('duckdb')} AS {name}" for name, each in asked.items())
    with duckdb.connect() as connection:
        connection.register("given", pa.table({"held": drawn}))
        found = connection.execute(f"SELECT held, {columns} FROM given").fetchall()
    wrong = [row for row in found if row != (row[0], *_in_python(row[0]))]
    assert len(found) == len(drawn)
    assert not wrong, wrong[0]


def _in_python(given: str) -> tuple[str | None, bool, str | None]:
    folded = fold(given) or None
    domain = given.rpartition("@")[2].strip(BLANKS) if "@" in given else ""
    return folded, folded is not None, domain or None
