"""What stands of a target, and when a lead wakes up: each case by itself."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.business.cases import read_calendar

from leadpact.checked import (
    BusinessTime,
    Duration,
    EventPattern,
    LastFact,
    SinceEntered,
    TargetBy,
    TargetEvery,
    TargetWithin,
    TextType,
    WakeUp,
)
from leadpact.operators.business import (
    deadline,
    holidays_known_until,
    open_between,
    open_time,
    open_times,
)
from leadpact.operators.clocks import PAUSED, Clock, done, due, share, state, wakes
from leadpact_dsl.source import Span

OFFICE = read_calendar(
    """calendar office:
    open mon to fri 09:00 to 12:00, 13:00 to 17:00
    closed on public holidays of SE
    time zone "Europe/Stockholm"
"""
)
CALENDARS = open_times([OFFICE])
ZONE = "Europe/Stockholm"
FOUR_HOURS = TargetWithin(BusinessTime(4, "hour", "office"))
MICROSECOND = timedelta(microseconds=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 (the 18th is a Wednesday), by the clocks in Stockholm."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


START, DUE = at(18, 15), at(19, 11)


# --- what stands of a target -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("acts", "as_of", "expected"),
    [
        ([], at(18, 16), Clock("running", START, DUE)),
        ([], DUE - MICROSECOND, Clock("running", START, DUE)),
        ([], DUE, Clock("missed", START, DUE)),
        ([at(18, 16)], at(18, 16), Clock("met", START, DUE, at(18, 16))),
        ([at(18, 16)], at(18, 15), Clock("running", START, DUE)),
        ([START], START, Clock("met", START, DUE, START)),
        ([DUE], DUE, Clock("met", START, DUE, DUE)),
        ([DUE], at(30, 9), Clock("met", START, DUE, DUE)),
        ([DUE + MICROSECOND], at(30, 9), Clock("missed", START, DUE)),
        ([at(18, 14), at(20, 9)], at(30, 9), Clock("missed", START, DUE)),
        ([at(18, 14), at(18, 18)], at(30, 9), Clock("met", START, DUE, at(18, 18))),
    ],
)
def test_an_act_is_in_time_until_due(
    acts: list[datetime], as_of: datetime, expected: Clock
) -> None:
    assert state(FOUR_HOURS, START, as_of, ZONE, CALENDARS, acts=acts) == expected


@pytest.mark.parametrize("start", [None, at(18, 16)])
def test_a_clock_waits_until_it_starts(start: datetime | None) -> None:
    assert state(FOUR_HOURS, start, START, ZONE, CALENDARS) == Clock("waiting")


def test_all_acts_and_different_values_are_needed() -> None:
    acts = [at(18, 15), at(18, 16), at(18, 17), at(19, 9)]
    values = ["phone", None, "phone", "mail"]
    span = START, at(30, 9)
    assert done(acts, values, 3, 0, *span) == at(18, 17)
    assert done(acts, values, 1, 2, *span) == at(19, 9)
    assert done(acts, values, 2, 1, *span) == at(18, 16)
    assert done(acts, values, 4, 3, *span) is None
    assert done(acts, values, 1, 2, START, at(18, 18)) is None
    assert done(acts, values, 2, 2, at(18, 17), at(30, 9)) == at(19, 9)
    assert done(acts, None, 4, 0, *span) == at(19, 9)
    met = state(
        FOUR_HOURS,
        START,
        at(30, 9),
        ZONE,
        CALENDARS,
        acts=acts,
        values=values,
        at_least=3,
        different=2,
    )
    assert met == Clock("met", START, DUE, at(19, 9))


def test_every_counts_anew_from_the_newest_act() -> None:
    every = TargetEvery(Duration(2, "day"))

    def clock(as_of: datetime, *acts: datetime) -> Clock:
        return state(every, at(2, 9), as_of, ZONE, CALENDARS, acts=acts)

    assert clock(at(3, 9)) == Clock("running", at(2, 9), at(4, 9))
    assert clock(at(4, 9)) == Clock("missed", at(2, 9), at(4, 9))
    assert clock(at(4, 9), at(3, 9)) == Clock("running", at(2, 9), at(5, 9))
    assert clock(at(6, 9), at(3, 9)) == Clock("missed", at(2, 9), at(5, 9))
    # Too late, and yet it runs again from there; what lies ahead or before does not count.
    assert clock(at(6, 9), at(3, 9), at(6, 9)) == Clock("running", at(2, 9), at(8, 9))
    assert clock(at(4, 9), at(3, 9), at(6, 9)) == Clock("running", at(2, 9), at(5, 9))
    assert clock(at(4, 8), at(1, 9)) == Clock("running", at(2, 9), at(4, 9))


def test_a_paused_clock_has_no_due() -> None:
    def clock(as_of: datetime, *pauses: tuple[datetime, datetime | None]) -> Clock:
        return state(FOUR_HOURS, START, as_of, ZONE, CALENDARS, pauses=pauses)

    holiday = at(18, 16), at(23, 0)
    later = at(23, 12)
    assert clock(at(18, 15), holiday) == Clock("running", START, later)
    assert clock(at(18, 16), holiday) == Clock("paused", START)
    assert clock(at(22, 12), holiday) == Clock("paused", START)
    assert clock(at(23, 0), holiday) == Clock("running", START, later)
    assert clock(later, holiday) == Clock("missed", START, later)
    assert clock(at(20, 9), (at(18, 16), None)) == Clock("paused", START)
    # Missed before the pause began: it stays missed.
    assert clock(at(30, 9), (at(19, 12), None)) == Clock("missed", START, DUE)


def test_what_is_done_in_a_pause_is_met() -> None:
    clock = state(
        FOUR_HOURS,
        START,
        at(30, 9),
        ZONE,
        CALENDARS,
        acts=[at(20, 9)],
        pauses=[(at(18, 16), None)],
    )
    assert clock == Clock("met", START, None, at(20, 9))


def test_a_calendar_that_never_opens_again_has_no_due() -> None:
    once = read_calendar("calendar office:\n    open on 2026-11-02 09:00 to 10:00\n")
    calendars = open_times([once])
    assert state(FOUR_HOURS, START, at(30, 9), ZONE, calendars) == Clock("running", START)
    met = state(FOUR_HOURS, START, at(30, 9), ZONE, calendars, acts=[at(25, 9)])
    assert met == Clock("met", START, None, at(25, 9))
    for limit in (FOUR_HOURS, TargetBy(1020, "office")):
        assert due(limit, START, [], ZONE, calendars) is None
        assert due(limit, START, [(at(19, 9), at(20, 9))], ZONE, calendars) is None
        assert due(limit, START, [(at(19, 9), None)], ZONE, calendars) is PAUSED
        assert share(limit, START, None, Decimal(50), [], ZONE, calendars) is None


def test_nothing_of_the_time_is_used_at_the_start_and_all_at_due() -> None:
    for limit in (
        FOUR_HOURS,
        TargetWithin(BusinessTime(2, "day", "office")),
        TargetBy(1020, "office"),
        TargetEvery(Duration(1, "month")),
    ):
        falls_due = due(limit, START, [], ZONE, CALENDARS)
        assert isinstance(falls_due, datetime)
        arguments = START, falls_due, Decimal(100), [], ZONE, CALENDARS
        assert share(limit, *arguments) == falls_due
        assert share(limit, START, falls_due, Decimal(0), [], ZONE, CALENDARS) == START


def test_a_share_is_used_at_its_instant_and_not_just_before() -> None:
    minute = TargetWithin(BusinessTime(1, "minute", "office"))
    falls_due = due(minute, START, [], ZONE, CALENDARS)
    told = share(minute, START, falls_due, Decimal("0.000001"), [], ZONE, CALENDARS)
    assert told == START + MICROSECOND


def test_started_and_stopped_outside_opening_hours_takes_no_business_time() -> None:
    start, stopped = at(21, 10), at(22, 18)
    assert open_between(start, stopped, CALENDARS["office"]) == timedelta()
    clock = state(FOUR_HOURS, start, at(30, 9), ZONE, CALENDARS, acts=[stopped])
    assert (clock.state, clock.at) == ("met", stopped)


# --- waking up ---------------------------------------------------------------------------------

HERE = Span("corpus.leadpact", 1, 1, 1, 1)
ASKED = EventPattern("demo_request", "Asked for a demo", (), False)
NAMED = LastFact(
    EventPattern("rejected", "Rejected", (), True), "wake_on", TextType(), SinceEntered()
)
MOVED = at(18, 15)


def wake_up(**parts: object) -> WakeUp:
    none = dict.fromkeys(["after", "on", "before", "field", "not_before", "or_on"])
    return WakeUp(**{**none, **parts})  # type: ignore[arg-type]


def test_wakes_after_a_time() -> None:
    after = wake_up(after=Duration(60, "day"))
    assert wakes(after, MOVED, ZONE, CALENDARS) == MOVED + timedelta(days=60)
    months = wake_up(after=Duration(1, "month"))
    assert wakes(months, MOVED, ZONE, CALENDARS) == datetime(2026, 12, 17, 23, tzinfo=UTC)
    business = wake_up(after=BusinessTime(1, "day", "office"))
    assert wakes(business, MOVED, ZONE, CALENDARS) == at(19, 17)


def test_wakes_on_the_day_or_instant_that_an_event_names() -> None:
    named = wake_up(on=NAMED)
    assert wakes(named, MOVED, ZONE, CALENDARS, on=date(2026, 11, 25)) == at(25, 0)
    assert wakes(named, MOVED, ZONE, CALENDARS, on=at(25, 9)) == at(25, 9)


@pytest.mark.parametrize("on", [None, date(2026, 11, 18), at(17, 9), date.min])
def test_what_is_past_or_unknown_wakes_at_once(on: date | datetime | None) -> None:
    assert wakes(wake_up(on=NAMED), MOVED, ZONE, CALENDARS, on=on) == MOVED


def test_wakes_so_long_before_a_day_of_the_lead() -> None:
    before = wake_up(before=Duration(9, "month"), field="decides_on")

    def woken(day: date | None, rule: WakeUp = before) -> datetime | None:
        return wakes(rule, MOVED, ZONE, CALENDARS, field_day=day)

    assert woken(date(2028, 5, 31)) == datetime(2027, 8, 30, 22, tzinfo=UTC)
    assert woken(date(2027, 11, 30)) == datetime(2027, 2, 27, 23, tzinfo=UTC)
    assert woken(date(2027, 1, 1)) == MOVED
    assert woken(date.min) == MOVED
    assert woken(None) == MOVED
    days = wake_up(before=Duration(2, "week"), field="decides_on")
    assert woken(date(2027, 1, 15), days) == datetime(2026, 12, 31, 23, tzinfo=UTC)
    not_within = wake_up(
        before=Duration(9, "month"), field="decides_on", not_before=Duration(60, "day")
    )
    assert woken(date(2027, 9, 1), not_within) == MOVED + timedelta(days=60)
    assert woken(date(2028, 5, 31), not_within) == datetime(2027, 8, 30, 22, tzinfo=UTC)
    assert woken(None, not_within) == MOVED


def test_an_event_wakes_earlier_and_perhaps_alone() -> None:
    either = wake_up(after=Duration(60, "day"), or_on=ASKED)
    assert wakes(either, MOVED, ZONE, CALENDARS, or_on=at(20, 9)) == at(20, 9)
    late = MOVED + timedelta(days=90)
    assert wakes(either, MOVED, ZONE, CALENDARS, or_on=late) == MOVED + timedelta(days=60)
    alone = wake_up(or_on=ASKED)
    assert wakes(alone, MOVED, ZONE, CALENDARS, or_on=late) == late
    assert wakes(alone, MOVED, ZONE, CALENDARS) is None


# --- calendars ---------------------------------------------------------------------------------


def test_a_calendar_is_prepared_once_and_can_be_sent_to_another_process() -> None:
    opened = open_time(OFFICE)
    assert open_time(OFFICE) is opened
    assert pickle.loads(pickle.dumps(opened)) is opened


@pytest.mark.parametrize("year", [1, 2, 1900, 2101, 2999, 9998, 9999])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_far_years_do_no_harm(year: int, zone: str) -> None:
    calendar = read_calendar(
        f'calendar office:\n    open mon to fri 09:00 to 17:00\n    time zone "{zone}"\n'
    )
    opened = open_time(calendar)
    for start in (datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, 59, tzinfo=UTC)):
        found = deadline(BusinessTime(8, "hour", "office"), start, opened)
        if (start.year, start.month) >= (9998, 12):
            assert found is None
        else:
            assert found is not None
            assert open_between(start, found, opened) == timedelta(hours=8)


def test_the_last_year_with_known_holidays() -> None:
    assert holidays_known_until(open_time(OFFICE)) == 2100
    without = read_calendar("calendar office:\n    open mon 09:00 to 17:00\n")
    assert holidays_known_until(open_time(without)) is None
