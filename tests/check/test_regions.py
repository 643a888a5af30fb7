"""The regions that the checker knows are those whose holidays can be told.

``python tests/check/test_regions.py`` writes the table anew from the installed library.
"""

from __future__ import annotations

import holidays

from leadpact import public_holidays
from leadpact.check.regions import REGIONS, known


def table() -> str:
    lines = []
    for code, parts in sorted(holidays.list_supported_countries().items()):
        if public_holidays.known_region(code):
            lines.append(" ".join([code, *sorted(p for p in parts if " " not in p)]))
    return "\n".join(lines) + "\n"


def test_the_table_is_the_librarys() -> None:
    assert REGIONS.read_text(encoding="utf-8") == table()


def test_every_region_has_holidays() -> None:
    for line in REGIONS.read_text(encoding="utf-8").splitlines():
        country, *parts = line.split()
        assert all(map(public_holidays.known_region, (country, *(f"{country}-{p}" for p in parts))))


def test_regions_are_known_as_they_are_spelled() -> None:
    assert known("SE")
    assert known("US-NY")
    assert known("GB-ENG")
    assert not known("se")
    assert not known("US-")
    assert not known("US-XX")
    assert not known("ZZ")
    assert not known("")


if __name__ == "__main__":
    REGIONS.write_text(table(), encoding="utf-8", newline="\n")
