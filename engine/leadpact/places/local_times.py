"""Local times without an offset, as whole microseconds: how far the zone is from UTC, as a table.

A time that a clock change skips or repeats takes the offset before the change, so that the new
offset holds from the later of both readings of the change's instant on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from leadpact.operators.times import transitions

__all__ = ["LocalOffsets", "ladder", "local_offsets", "micros"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_YEARS = (1990, 2050)


@dataclass(frozen=True, slots=True)
class LocalOffsets:
    """The i-th of the ``offsets`` holds for local times from the (i-1)-th of the ``starts`` on.

    The table is right for local times from ``low`` until before ``high``.
    """

    low: int
    high: int
    starts: tuple[int, ...]
    offsets: tuple[int, ...]


def micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _TICK


@lru_cache(maxsize=8)
def local_offsets(zone: str) -> LocalOffsets:
    """The table of a zone."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in _YEARS)
    changes, offsets = transitions(zone, first, last)
    starts = [
        micros(change) + max(before, after) // _TICK
        for change, before, after in zip(changes, offsets, offsets[1:], strict=False)
    ]
    low, high = (micros(datetime(year, 1, 3, tzinfo=UTC)) for year in _YEARS)
    return LocalOffsets(
        low, high - 4 * 86_400_000_000, tuple(starts), tuple(o // _TICK for o in offsets)
    )


def ladder(local: str, starts: Sequence[int], offsets: Sequence[int]) -> str:
    """SQL of the offset of a local time: a search by halving, a dozen comparisons at most."""
    if not starts:
        return str(offsets[0])
    half = len(starts) // 2
    before = ladder(local, starts[:half], offsets[: half + 1])
    after = ladder(local, starts[half + 1 :], offsets[half + 1 :])
    return f"CASE WHEN {local} < {starts[half]} THEN {before} ELSE {after} END"
