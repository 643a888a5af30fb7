"""What a policy's query looks like: expected texts that a person can read and run.

``LEADPACT_REWRITE=1 pytest tests/sql/test_sql_corpus.py`` writes them anew.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import leadpact
from leadpact.backends.sql import query
from leadpact.operators.text import BLANKS

CORPUS = Path(__file__).parent.parent / "corpus" / "sql"
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
# A class of all letters fills pages.
LETTERS = re.compile(r"\[\^0-9A-Za-z[^\]]{1000,}\]\+")


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.leadpact")), ids=lambda file: file.stem)
def test_the_text_of_a_query(file: Path) -> None:
    made = query(leadpact.load(file).checked, AS_OF)
    # Control characters do not survive every editor.
    text = LETTERS.sub("[^…]+", made.sql.replace(BLANKS, "(blanks)")) + "\n"
    expected = file.with_suffix(".sql")
    if os.environ.get("LEADPACT_REWRITE"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
