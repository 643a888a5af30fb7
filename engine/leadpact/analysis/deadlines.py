"""Time-outs that can end before the target that they cut off.

Lengths of business time cannot be compared with days: 2 business days can last a week over Easter.
So start instants are tried over the real calendars: at the edges of opening times and of days,
where such lengths jump.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from leadpact import checked as c
from leadpact.analysis.findings import Period
from leadpact.operators.times import add_months, exact_length, local_day
from leadpact_dsl.source import Span

__all__ = ["look_at_deadlines"]

_YEARS: Final = 3
_TICK: Final = timedelta(microseconds=1)
_FIRST: Final = date(2026, 1, 1)


def look_at_deadlines(period: Period, first: date | None, last: date | None) -> None:
    """``first`` and ``last``: the days of the period (``None``: without end)."""
    policy = period.policy
    begins = max(day for day in (first, policy.in_force_from, _FIRST) if day is not None)
    ends = begins + timedelta(days=365 * _YEARS)
    ends = ends if last is None else min(ends, last)
    for stage in policy.stages:
        for time_out in stage.moves:
            if not isinstance(time_out, c.TimeOut):
                continue
            for target in stage.targets:
                if target.starts_when is None and target.events is not None:
                    _pair(time_out, target, begins, ends, period)


def _pair(time_out: c.TimeOut, target: c.Target, first: date, last: date, period: Period) -> None:
    found = _first_case(time_out, target, first, last, period)

    def make() -> tuple[str, Span, str]:
        assert found is not None
        place = period.places.length(time_out.span)
        if isinstance(found, str):
            return f"This time-out always ends before `{target.name}` is due.", place, _HELP
        start, ended, due = found
        zone = period.policy.zone
        said = f"it ends on {_said(ended, zone)}, and the target on {_said(due, zone)}"
        return (
            f"This time-out can end before `{target.name}` is due: for a lead that comes on "
            f"{_said(start, zone)}, {said}.",
            place,
            _HELP,
        )

    period.say("E707", f"{time_out.rule} {target.name}", time_out.span, found is not None, make)


_HELP: Final = "Leads would leave before they can be late. Give the time-out more time."


def _said(instant: datetime, zone: str) -> str:
    from leadpact.operators.times import local_time
    from leadpact.zones import zone as zone_of

    return f"{local_time(instant, zone_of(zone)):%a %Y-%m-%d %H:%M}"


def _first_case(
    time_out: c.TimeOut, target: c.Target, first: date, last: date, period: Period
) -> tuple[datetime, datetime, datetime] | str | None:
    """The start of a stay with which the time-out comes first; a text where it always does."""
    limit = target.limit
    length = None if isinstance(limit, c.TargetBy) else limit.length
    if isinstance(length, c.Duration) and isinstance(time_out.after, c.Duration):
        one, two = exact_length(time_out.after), exact_length(length)
        if one is not None and two is not None:
            if one >= two:
                return None
            # Rows of a while need not be in force any more when the time is up.
            return "always" if first + one < last else None
        if one is None and two is None:
            if time_out.after.amount >= length.amount:
                return None
            return "always" if add_months(first, time_out.after.amount) <= last else None
    # Calendars are only paid for by policies that need them.
    from leadpact.operators import business, clocks

    zone = period.policy.zone
    open_times = business.open_times(period.policy.calendars)
    names = {
        name
        for each in (time_out.after, length, limit)
        if (name := getattr(each, "calendar", None)) is not None
    }
    for start in _starts(first, last, zone, {name: open_times[name] for name in names}):
        ended = clocks.add(time_out.after, start, zone, open_times)
        due = clocks.due(limit, start, (), zone, open_times)
        if ended is None or local_day(ended, zone) > last:
            continue
        if isinstance(due, datetime) and ended < due:
            return start, ended, due
    return None


def _starts(
    first: date, last: date, zone: str, open_times: Mapping[str, object]
) -> Iterator[datetime]:
    from leadpact.operators import business
    from leadpact.operators.times import day_start

    day = first
    while day <= last:
        yield day_start(day, zone)
        for open_time in open_times.values():
            for begin, end in business.openings(day, open_time):  # type: ignore[arg-type]
                yield from (begin, end - _TICK, end)
        day += timedelta(days=1)
