"""Lengths of time in a few words, at the edges of their units."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from leadpact.cli.lengths import ago, brief, length, time_left

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def span(text: str) -> timedelta:
    """``1d 2h 3m 4s``"""
    units = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
    return timedelta(**{units[part[-1]]: int(part[:-1]) for part in text.split()})


@pytest.mark.parametrize(
    ("given", "at_a_glance", "in_full"),
    [
        ("59s", "under 1 min", "less than a minute"),
        ("1m", "1 min", "1 minute"),
        ("59m 59s", "59 min", "59 minutes"),
        ("1h", "1 h", "1 hour"),
        ("2h 10m", "2 h 10 min", "2 hours 10 minutes"),
        ("9h 59m", "9 h 59 min", "9 hours 59 minutes"),
        ("10h 59m", "10 h", "10 hours 59 minutes"),
        ("1d", "1 day", "1 day"),
        ("1d 4h", "1 day 4 h", "1 day 4 hours"),
        ("2d 23h 59m", "2 days 23 h", "2 days 23 hours"),
        ("3d", "3 days", "3 days"),
        ("3d 23h", "3 days", "3 days 23 hours"),
        ("30d 7h", "30 days", "30 days 7 hours"),
        ("31d 7h", "31 days", "31 days"),
        ("1200d", "1,200 days", "1,200 days"),
    ],
)
def test_a_length(given: str, at_a_glance: str, in_full: str) -> None:
    assert brief(span(given)) == at_a_glance
    assert length(span(given)) == in_full


def test_what_is_left_and_what_is_late() -> None:
    assert time_left(NOW, NOW) == "due now"
    assert time_left(NOW + span("2h 10m"), NOW) == "2 h 10 min left"
    assert time_left(NOW - span("3d 5h"), NOW) == "3 days late"
    assert time_left(NOW - span("1s"), NOW) == "under 1 min late"


def test_how_long_ago() -> None:
    told = [ago(NOW - span(each), NOW) for each in ("0s", "59s", "5m", "3h 59m", "24h", "49h")]
    assert told == ["just now", "just now", "5 min ago", "3 h ago", "1 day ago", "2 days ago"]
