"""Counting past pauses: how much time counts, when an amount is used up, which moment holds.

A pause holds from its first instant, that one included, until its last, not included. Pauses that
overlap count once. What counts is a calendar's open time, or (``None``) all time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, TypeAlias

from leadpact.operators import business
from leadpact.operators.business import OpenTime

__all__ = ["PAUSED", "Due", "Paused", "Pauses", "Stops", "counted", "merged", "nth", "run_down"]


class Paused(Enum):
    """A clock that stands still and nobody knows until when."""

    PAUSED = "paused"


PAUSED: Final = Paused.PAUSED

Due: TypeAlias = datetime | Paused | None
"""An instant; ``PAUSED`` while that is not known; ``None`` if it never comes."""

Pauses: TypeAlias = Sequence[tuple[datetime, datetime | None]]
"""From when until when a clock stands still, in any order; ``None``: nobody knows yet."""

Stops: TypeAlias = list[tuple[datetime, datetime | None]]
"""Pauses in order and apart, from a clock's start on; only the last may be without end."""


def merged(pauses: Pauses, start: datetime) -> Stops:
    """The pauses from ``start`` on, in order and apart; only the last may be without end."""
    stops: Stops = []
    for begins, ends in sorted(pauses, key=lambda pause: pause[0]):
        begins = max(begins, start)
        if ends is not None and ends <= begins:
            continue
        if stops:
            last_begins, last_ends = stops[-1]
            if last_ends is None:
                break
            if begins <= last_ends:
                stops[-1] = last_begins, None if ends is None else max(ends, last_ends)
                continue
        stops.append((begins, ends))
    return stops


def _runs(start: datetime, stops: Stops) -> Iterator[tuple[datetime, datetime | None]]:
    """From when until when the clock runs; without end after a last pause that has one."""
    since: datetime | None = start
    for begins, ends in stops:
        assert since is not None
        if since < begins:
            yield since, begins
        since = ends
    if since is not None:
        yield since, None


def run_down(amount: timedelta, start: datetime, stops: Stops, open_time: OpenTime | None) -> Due:
    """When ``amount`` of time since ``start`` has counted.

    At the instant at which it is used up, even where a pause begins just there.
    """
    for begins, ends in _runs(start, stops):
        if ends is not None:
            counts = counted(begins, ends, [], open_time)
            if counts < amount:
                amount -= counts
                continue
        return begins + amount if open_time is None else business.use_up(amount, begins, open_time)
    return PAUSED


def counted(
    start: datetime, until: datetime, stops: Stops, open_time: OpenTime | None
) -> timedelta:
    """How much time from ``start`` until ``until`` counts; ``stops`` begin at ``start``."""
    total = timedelta()
    for begins, ends in _runs(start, stops):
        end = until if ends is None else min(ends, until)
        if end <= begins:
            break
        if open_time is None:
            total += end - begins
        else:
            total += business.open_between(begins, end, open_time)
    return total


def nth(count: int, moments: Iterable[datetime], stops: Stops) -> Due:
    """The ``count``-th of the ``moments`` (in order) at which there is no pause."""
    stands_from = stops[-1][0] if stops and stops[-1][1] is None else None
    for moment in moments:
        if stands_from is not None and stands_from <= moment:
            break
        if any(begins <= moment and (ends is None or moment < ends) for begins, ends in stops):
            continue
        count -= 1
        if count == 0:
            return moment
    return None if stands_from is None else PAUSED
