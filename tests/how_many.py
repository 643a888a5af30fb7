"""How many random examples a test draws.

``LEADPACT_MORE=20 pytest tests/property`` draws twenty times as many as the suite does; with
``LEADPACT_EXPLORE=1`` Hypothesis draws other ones, too.
"""

from __future__ import annotations

import os

__all__ = ["how_many"]

_MORE = int(os.environ.get("LEADPACT_MORE", "1"))


def how_many(usual: int) -> int:
    return usual * _MORE
