"""Whether the public holidays of a region are known.

``regions.txt`` holds what the library of holidays knows, because loading that takes as long as a
whole check: a line a country, with its parts. ``tests/check/test_regions.py`` keeps it true.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["REGIONS", "known"]

REGIONS: Final = Path(__file__).with_name("regions.txt")


def known(region: str) -> bool:
    """Whether there are public holidays of ``SE`` or ``US-NY``, spelled exactly so."""
    country, dash, part = region.partition("-")
    for line in REGIONS.read_text(encoding="utf-8").splitlines():
        code, *parts = line.split()
        if code == country:
            return not dash or part in parts
    return False
