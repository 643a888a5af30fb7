"""Clocks of a stage: when targets are due, what stands of them, and when leads wake up.

A pause holds from its first instant, that one included, until its last, not included; pauses that
overlap count once, and what lies before the clock started does not count. ``due`` is then the
instant at which the counted time is used up:

- an exact length counts all time that is not paused; a number of months as much of it as lies
  between the start and the local midnight at which the months would be over without any pause;
- business minutes and hours count open time that is not paused;
- business days count the opening days after the day of the start at whose close it is not paused;
- ``by HH:MM`` looks at that time of each open day, or its close if that is earlier: the first one
  after the start at which it is not paused.

``zone`` is the policy's; it matters for months and for days alone. A calendar has its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Literal, TypeAlias, assert_never

from leadpact.checked import (
    BusinessTime,
    Duration,
    Length,
    TargetBy,
    TargetEvery,
    TargetWithin,
    WakeUp,
)
from leadpact.operators import business
from leadpact.operators.business import OpenTime
from leadpact.operators.pauses import PAUSED, Due, Paused, Pauses, counted, merged, nth, run_down
from leadpact.operators.times import add_months, day_start, exact_length, leaves, local_time

__all__ = [
    "PAUSED",
    "Clock",
    "Due",
    "Limit",
    "OpenTimes",
    "Paused",
    "Pauses",
    "State",
    "add",
    "done",
    "due",
    "share",
    "state",
    "used",
    "wakes",
]

Limit: TypeAlias = TargetWithin | TargetBy | TargetEvery
OpenTimes: TypeAlias = Mapping[str, OpenTime]

State: TypeAlias = Literal["waiting", "running", "paused", "met", "missed"]

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """What stands of a target at an instant.

    ``waiting``: it has not started. ``paused``: ``due`` is not known now. ``met``: ``at`` that
    instant, at or before ``due``. ``missed``: ``due`` has come without that. ``due`` is ``None``
    too for a ``running`` one that never falls due, because its calendar is never open.
    """

    state: State
    started: datetime | None = None
    due: datetime | None = None
    at: datetime | None = None


def add(length: Length, instant: datetime, zone: str, open_times: OpenTimes) -> datetime | None:
    """The instant at which ``length`` after ``instant`` is over; ``None`` if it never is.

    Months are over at the local midnight that begins the day. A business length that is not used
    up within ``business.YEARS_AHEAD`` years never is.
    """
    match length:
        case Duration():
            return leaves(length, instant, zone)
        case BusinessTime():
            return business.deadline(length, instant, open_times[length.calendar])
        case _:
            assert_never(length)


# --- targets -----------------------------------------------------------------------------------


def state(
    limit: Limit,
    start: datetime | None,
    as_of: datetime,
    zone: str,
    open_times: OpenTimes,
    *,
    acts: Sequence[datetime] = (),
    values: Sequence[object] | None = None,
    at_least: int = 1,
    different: int = 0,
    pauses: Pauses = (),
) -> Clock:
    """What stands of a target at ``as_of``.

    All instants are in UTC. ``start`` is when its clock started, ``None`` if it has not. ``acts``
    are the instants of the events that it asks for, in order, and ``values`` what each says of the
    property of which there must be ``different`` ones (``None``: it says nothing). A target that
    asks for the lead to have left has no acts. ``every D`` counts anew from its newest act,
    whatever ``at_least`` is.
    """
    if start is None or start > as_of:
        return Clock("waiting")
    at: datetime | None = None
    counts_from = start
    if isinstance(limit, TargetEvery):
        counts_from = max((act for act in acts if start <= act <= as_of), default=start)
    else:
        at = done(acts, values, at_least, different, start, as_of)
        if at is not None:
            # The clock stopped then: what pauses later is none of its pauses.
            pauses = [pause for pause in pauses if pause[0] < at]
    falls_due = due(limit, counts_from, pauses, zone, open_times)
    known_due = falls_due if isinstance(falls_due, datetime) else None
    if at is not None and (known_due is None or at <= known_due):
        return Clock("met", start, known_due, at)
    if known_due is not None and known_due <= as_of:
        return Clock("missed", start, known_due)
    if any(begins <= as_of and (ends is None or as_of < ends) for begins, ends in pauses):
        return Clock("paused", start)
    return Clock("running", start, known_due)


def done(
    acts: Sequence[datetime],
    values: Sequence[object] | None,
    at_least: int,
    different: int,
    start: datetime,
    as_of: datetime,
) -> datetime | None:
    """When there were first ``at_least`` acts with ``different`` values, from ``start`` on.

    ``None`` if that was not yet so at ``as_of``. ``acts`` are in order of time.
    """
    count = 0
    seen: set[object] = set()
    for index, act in enumerate(acts):
        if not start <= act <= as_of:
            continue
        count += 1
        if values is not None and values[index] is not None:
            seen.add(values[index])
        if count >= at_least and len(seen) >= different:
            return act
    return None


def due(limit: Limit, start: datetime, pauses: Pauses, zone: str, open_times: OpenTimes) -> Due:
    """When a target falls due whose clock started at ``start``.

    For ``every D`` that is the newest such event, or the clock's start if there is none.
    """
    stops = merged(pauses, start)
    match limit:
        case TargetBy(minutes=minutes, calendar=calendar):
            return nth(1, _times_of_day(minutes, start, open_times[calendar]), stops)
        case TargetWithin(length=length) | TargetEvery(length=length):
            pass
        case _:
            assert_never(limit)
    if isinstance(length, BusinessTime) and length.unit == "day":
        open_time = open_times[length.calendar]
        if not stops:
            return business.deadline(length, start, open_time)
        return nth(length.amount, _closes_after(start, open_time), stops)
    amount, open_time_or_all = _amount(length, start, zone, open_times)
    return run_down(amount, start, stops, open_time_or_all)


def share(
    limit: Limit,
    start: datetime,
    falls_due: Due,
    percent: Decimal,
    pauses: Pauses,
    zone: str,
    open_times: OpenTimes,
) -> datetime | None:
    """The first instant at which ``percent`` (0 to 100) of the time until ``falls_due`` is used.

    Of the counted time; of business days and ``by HH:MM``, of the calendar's open time between the
    start and ``falls_due`` that is not paused (where there is none, all of it is used at once).
    ``falls_due`` is what ``due`` says with the same pauses. ``None`` if that instant is not known,
    or never comes.
    """
    stops = merged(pauses, start)
    length = None if isinstance(limit, TargetBy) else limit.length
    if length is not None and (isinstance(length, Duration) or length.unit != "day"):
        whole, open_time = _amount(length, start, zone, open_times)
    elif isinstance(falls_due, datetime):
        open_time = _calendar_of(limit, open_times)
        whole = counted(start, falls_due, stops, open_time)
    else:
        return None
    reached = run_down(_part(whole, percent), start, stops, open_time)
    return reached if isinstance(reached, datetime) else None


def used(
    limit: Limit, start: datetime, until: datetime, pauses: Pauses, open_times: OpenTimes
) -> timedelta:
    """How much time counted from ``start`` until ``until``.

    Open time that was not paused where the limit has a calendar, else all time that was not.
    """
    return counted(start, until, merged(pauses, start), _calendar_of(limit, open_times))


# --- waking up ---------------------------------------------------------------------------------


def wakes(
    wake_up: WakeUp,
    moved_at: datetime,
    zone: str,
    open_times: OpenTimes,
    *,
    on: date | datetime | None = None,
    field_day: date | None = None,
    or_on: datetime | None = None,
) -> datetime | None:
    """When a lead wakes up that a move with ``wake_up`` put to sleep at ``moved_at``.

    ``on`` is the day or instant that the event names, ``field_day`` the day in the field, ``or_on``
    the first event after the move that wakes it too; each ``None`` if not known. What is not known,
    or lies in the past, wakes at once, at ``moved_at``. ``None``: nothing known wakes it yet.
    """
    woken: datetime | None
    if wake_up.after is not None:
        woken = add(wake_up.after, moved_at, zone, open_times)
    elif wake_up.on is not None:
        woken = moved_at if on is None else _begins(on, zone)
    elif wake_up.before is not None:
        woken = _before(wake_up.before, wake_up.not_before, field_day, moved_at, zone)
    else:
        woken = None
    if woken is not None:
        woken = max(woken, moved_at)
    if or_on is not None and (woken is None or or_on < woken):
        woken = max(or_on, moved_at)
    return woken


def _begins(when: date | datetime, zone: str) -> datetime:
    if isinstance(when, datetime):
        return when
    try:
        return day_start(when, zone)
    except OverflowError:
        # East of UTC the first day that there is began before the first instant.
        return datetime.min.replace(tzinfo=UTC)


def _before(
    before: Duration,
    not_before: Duration | None,
    day: date | None,
    moved_at: datetime,
    zone: str,
) -> datetime:
    if day is None:
        return moved_at
    length = exact_length(before)
    try:
        earlier = add_months(day, -before.amount) if length is None else day - length
    except (OverflowError, ValueError):
        earlier = date.min
    woken = _begins(earlier, zone)
    return woken if not_before is None else max(woken, leaves(not_before, moved_at, zone))


# --- what counts -------------------------------------------------------------------------------


def _amount(
    length: Length, start: datetime, zone: str, open_times: OpenTimes
) -> tuple[timedelta, OpenTime | None]:
    """How much time has to count, and of which calendar; not for business days."""
    match length:
        case Duration():
            return leaves(length, start, zone) - start, None
        case BusinessTime():
            return business.exact_amount(length), open_times[length.calendar]
        case _:
            assert_never(length)


def _part(whole: timedelta, percent: Decimal) -> timedelta:
    """``percent`` of it, rounded up to the microsecond: at that instant as much is used."""
    part = Decimal(whole // _MICROSECOND) * percent / 100
    return int(part.to_integral_value(ROUND_CEILING)) * _MICROSECOND


def _calendar_of(limit: Limit, open_times: OpenTimes) -> OpenTime | None:
    if isinstance(limit, TargetBy):
        return open_times[limit.calendar]
    length = limit.length
    return open_times[length.calendar] if isinstance(length, BusinessTime) else None


# --- opening days ------------------------------------------------------------------------------


def _closes_after(start: datetime, open_time: OpenTime) -> Iterator[datetime]:
    day = local_time(start, open_time.place).date()
    return (
        close for opening_day, close in business.opening_days(day, open_time) if opening_day > day
    )


def _times_of_day(minutes: int, start: datetime, open_time: OpenTime) -> Iterator[datetime]:
    """On each open day that time or its close, whichever is earlier; those after ``start``."""
    day = local_time(start, open_time.place).date()
    for opening_day, close in business.opening_days(day, open_time):
        moment = min(business.clock_time(opening_day, minutes, open_time), close)
        if moment > start:
            yield moment
