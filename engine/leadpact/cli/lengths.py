"""Lengths of time as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadpact.english import weekday
from leadpact.operators.times import local_time
from leadpact.zones import zone

__all__ = ["ago", "brief", "length", "time_left", "weekday_time"]

_LONG = 10
"""From so many hours on, minutes are left out where room is short."""

_MONTH = 31

_ROUND = 3
"""From so many days on, hours are left out."""


def length(span: timedelta) -> str:
    """``7 days``, ``2 days 4 hours``, ``15 minutes``: the two largest units that it has.

    From a month on, days alone.
    """
    days, hours, minutes = _parts(span)
    if days >= _MONTH:
        return f"{days:,} days"
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    first = next((index for index, (number, _) in enumerate(parts) if number), None)
    if first is None:
        return "less than a minute"
    said = [
        f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"
        for number, unit in parts[first : first + 2]
        if number
    ]
    return " ".join(said)


def brief(span: timedelta) -> str:
    """``6 days``, ``1 day 4 h``, ``2 h 10 min``, ``10 min``: to be read at a glance, in a table."""
    days, hours, minutes = _parts(span)
    told = "1 day" if days == 1 else f"{days:,} days"
    if days >= _ROUND:
        return told
    if days:
        return f"{told} {hours} h" if hours else told
    if hours:
        return f"{hours} h {minutes} min" if minutes and hours < _LONG else f"{hours} h"
    return f"{minutes} min" if minutes else "under 1 min"


def _parts(span: timedelta) -> tuple[int, int, int]:
    minutes = span // timedelta(minutes=1)
    days, rest = divmod(minutes, 24 * 60)
    return days, rest // 60, rest % 60


def time_left(due: datetime, as_of: datetime) -> str:
    """``2 h 10 min left``, ``3 days late``, ``due now``"""
    if due == as_of:
        return "due now"
    return f"{brief(due - as_of)} left" if due > as_of else f"{brief(as_of - due)} late"


def ago(when: datetime, as_of: datetime) -> str:
    """``2 days ago``, ``3 h ago``, ``just now``"""
    span = as_of - when
    if span < timedelta(minutes=1):
        return "just now"
    days, hours, minutes = _parts(span)
    if days:
        return "1 day ago" if days == 1 else f"{days:,} days ago"
    return f"{hours} h ago" if hours else f"{minutes} min ago"


def weekday_time(when: datetime, place: str) -> str:
    """``Sat 2026-11-21 17:20`` in a zone: the day of the week shows where a weekend lies."""
    local = local_time(when, zone(place))
    return f"{weekday(local.date())[:3]} {local.strftime('%Y-%m-%d %H:%M')}"
