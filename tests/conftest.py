"""Random tests draw the same examples in every run, so that a change is judged by itself.

``LEADPACT_EXPLORE=1 pytest …`` draws new ones. Whole runs begin with the files that take longest.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True)
if not os.environ.get("LEADPACT_EXPLORE"):
    settings.load_profile("steady")

LONGEST = (
    # The first of the site's tests builds it, and the others would wait for that.
    "tests/site/browser/test_accessibility.py",
    "tests/property/",
    "tests/parity/",
    "tests/places/",
    "tests/sql/test_sql_agrees.py",
    "tests/warehouse/",
    "tests/sql/",
    "tests/javascript/",
    "tests/examples/",
    "tests/site/",
    "tests/service/",
    "tests/analysis/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker takes a file at a time, in this order: with short ones at the end all workers
    end together.
    """
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    found = (n for n, start in enumerate(LONGEST) if item.nodeid.startswith(start))
    return next(found, len(LONGEST))
