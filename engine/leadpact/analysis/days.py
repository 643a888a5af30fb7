"""The day and instant at which a period of a policy is looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from leadpact import checked as c
from leadpact.analysis.judging import Scale

__all__ = ["day_in", "scale_on"]

_NOON: Final = 12
_A_DAY: Final = date(2026, 11, 18)
"""The day on which undated policies are looked at: any would do."""


def day_in(period: tuple[date | None, date | None]) -> date:
    """A day of a period."""
    first, last = period
    if first is None:
        return _A_DAY if last is None or last >= _A_DAY else last - timedelta(days=1)
    if last is None:
        return max(first + timedelta(days=30), _A_DAY)
    return first + (last - first) // 2


def scale_on(policy: c.CheckedPolicy, day: date) -> Scale:
    return Scale(datetime(day.year, day.month, day.day, _NOON, tzinfo=UTC), policy.zone)
