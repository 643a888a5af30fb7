"""Random calendars, zones, pauses and limits against a count minute by minute.

``LEADPACT_MORE=20 pytest tests/business`` tries so many times as many.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.business.by_the_minute import BEYOND, NOT_KNOWN, ByTheMinute, paused
from tests.how_many import how_many

from leadpact.checked import (
    BusinessTime,
    Calendar,
    Duration,
    Opening,
    SpecialDay,
    TargetBy,
    TargetWithin,
)
from leadpact.operators.business import (
    closes,
    is_open,
    next_opening,
    open_between,
    open_time,
    openings,
    openings_on,
    use_up,
)
from leadpact.operators.clocks import PAUSED, Due, due, share, state, used
from leadpact_dsl.source import Span

HERE = Span("corpus.leadpact", 1, 1, 1, 1)
DAYS = 16
MICROSECOND = timedelta(microseconds=1)

# Each zone with days near which something happens to its clocks, and a quiet one.
PLACES = {
    "Europe/Stockholm": (date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 18)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1), date(2025, 12, 24)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/Sao_Paulo": (date(2018, 11, 4), date(2018, 2, 18)),
    "Asia/Beirut": (date(2026, 3, 29), date(2026, 10, 25)),
    "Pacific/Apia": (date(2011, 12, 30), date(2012, 4, 1)),
    "Asia/Kolkata": (date(2026, 8, 15),),
    "UTC": (date(2026, 12, 31),),
}

minutes_of_day = st.one_of(
    st.integers(0, 96).map(lambda quarter: quarter * 15), st.integers(0, 1440)
)


@st.composite
def opening_lists(draw: st.DrawFn) -> tuple[Opening, ...]:
    bounds = sorted(draw(st.lists(minutes_of_day, max_size=6, unique=True)))
    pairs = zip(bounds[::2], bounds[1::2], strict=False)
    return tuple(Opening(start, end) for start, end in pairs)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, date]:
    """A calendar, and a day near which to try it."""
    zone = draw(st.sampled_from(sorted(PLACES)))
    near = draw(st.sampled_from(PLACES[zone])) - timedelta(days=draw(st.integers(0, 4)))
    workday, weekend = draw(opening_lists()), draw(opening_lists())
    week = [workday] * 5 + [weekend, draw(st.sampled_from([(), weekend]))]
    special = tuple(
        SpecialDay(near + timedelta(days=away), every_year, hours, None, HERE)
        for (away, every_year), hours in draw(
            st.dictionaries(
                st.tuples(st.integers(0, DAYS), st.booleans()), opening_lists(), max_size=3
            )
        ).items()
    )
    regions = draw(st.sampled_from([(), ("SE",), ("US-NY", "GB-ENG")]))
    made = Calendar("office", "Office", None, zone, tuple(week), regions, special, (), HERE)
    return made, near


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    calendar, near = draw(calendars())
    slow = ByTheMinute(calendar, near, DAYS)
    borders = sorted({at for day in slow.days[:-2] for at in _borders(slow, day)})

    def instant() -> datetime:
        if borders and draw(st.booleans()):
            at = draw(st.sampled_from(borders)) + MICROSECOND * draw(st.integers(-1, 1))
        else:
            seconds = draw(st.integers(0, (DAYS - 7) * 86_400))
            at = slow.instant(near, 0) + timedelta(
                seconds=seconds, microseconds=draw(st.sampled_from([0, 0, 1, 499_999, 999_999]))
            )
        return max(at, slow.instant(near, 0))

    start = min(instant(), slow.instant(near + timedelta(days=6), 0))
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        begins = instant()
        ends = None if draw(st.integers(0, 3)) == 0 else instant()
        pauses.append((begins, ends))
    return Trial(calendar, slow, start, draw(limits), pauses, instant())


class Trial:
    def __init__(
        self,
        calendar: Calendar,
        slow: ByTheMinute,
        start: datetime,
        limit: TargetWithin | TargetBy,
        pauses: list[tuple[datetime, datetime | None]],
        as_of: datetime,
    ) -> None:
        self.calendar, self.slow, self.start = calendar, slow, start
        self.limit, self.pauses, self.as_of = limit, pauses, as_of
        self.calendars = {calendar.name: open_time(calendar)}

    def __repr__(self) -> str:
        return (
            f"{self.calendar}\nstart {self.start}\nlimit {self.limit}\n"
            f"pauses {self.pauses}\nas of {self.as_of}"
        )


def _borders(slow: ByTheMinute, day: date) -> set[datetime]:
    minutes = slow.minutes[day]
    near = {at for at in minutes if (at - timedelta(minutes=1)) not in minutes}
    ends = {
        at + timedelta(minutes=1) for at in minutes if (at + timedelta(minutes=1)) not in minutes
    }
    return near | ends | {slow.instant(day, 0)}


limits = st.one_of(
    st.builds(
        lambda n, unit: TargetWithin(BusinessTime(n, unit, "office")),
        st.integers(1, 300),
        st.just("minute"),
    ),
    st.builds(
        lambda n, unit: TargetWithin(BusinessTime(n, unit, "office")),
        st.integers(1, 30),
        st.just("hour"),
    ),
    st.builds(
        lambda n, unit: TargetWithin(BusinessTime(n, unit, "office")),
        st.integers(1, 6),
        st.just("day"),
    ),
    st.builds(lambda n: TargetWithin(Duration(n, "hour")), st.integers(1, 100)),
    st.builds(lambda n: TargetBy(n, "office"), st.integers(0, 1439)),
)

thorough = settings(
    max_examples=how_many(20), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def agrees(fast: Due, slow: datetime | str, trial: Trial) -> bool:
    """The same answer; beyond the days that were counted, only that it lies there."""
    if slow == NOT_KNOWN:
        return fast is PAUSED
    if slow == BEYOND:
        return fast is None or (isinstance(fast, datetime) and fast >= trial.slow.horizon)
    return fast == slow


@thorough
@given(trials())
def test_due(trial: Trial) -> None:
    fast = due(trial.limit, trial.start, trial.pauses, "UTC", trial.calendars)
    assert agrees(fast, trial.slow.due(trial.limit, trial.start, trial.pauses), trial)


@thorough
@given(trials(), st.sampled_from(["0.1", "25", "33.3", "50", "75", "99", "100"]))
def test_share(trial: Trial, percent: str) -> None:
    falls_due = due(trial.limit, trial.start, trial.pauses, "UTC", trial.calendars)
    part = Decimal(percent)
    fast = share(trial.limit, trial.start, falls_due, part, trial.pauses, "UTC", trial.calendars)
    slow = trial.slow.share(trial.limit, trial.start, part, trial.pauses)
    if slow == NOT_KNOWN:
        assert fast is None
    elif slow == BEYOND:
        # Then all of the time ends there too; a small share of it may lie before.
        assert agrees(falls_due, BEYOND, trial)
    else:
        assert fast == slow
        assert fast is not None
        assert not isinstance(falls_due, datetime) or fast <= falls_due


@thorough
@given(trials())
def test_used_and_open_between(trial: Trial) -> None:
    business = isinstance(trial.limit, TargetBy) or isinstance(trial.limit.length, BusinessTime)
    until = max(trial.as_of, trial.start)
    assert used(
        trial.limit, trial.start, until, trial.pauses, trial.calendars
    ) == trial.slow.counted(trial.start, until, trial.pauses, business=business)
    opened = trial.calendars["office"]
    between = open_between(trial.start, until, opened)
    assert between == trial.slow.counted(trial.start, until, [], business=True)
    if between:
        used_up = use_up(between, trial.start, opened)
        assert used_up is not None
        assert used_up <= until
        assert open_between(trial.start, used_up, opened) == between


@thorough
@given(trials())
def test_state(trial: Trial) -> None:
    clock = state(
        trial.limit,
        trial.start,
        trial.as_of,
        "UTC",
        trial.calendars,
        pauses=trial.pauses,
    )
    falls_due = trial.slow.due(trial.limit, trial.start, trial.pauses)
    if trial.as_of < trial.start:
        assert clock.state == "waiting"
    elif isinstance(falls_due, datetime) and falls_due <= trial.as_of:
        assert (clock.state, clock.due) == ("missed", falls_due)
    elif paused(trial.as_of, trial.pauses):
        assert (clock.state, clock.due) == ("paused", None)
    else:
        assert clock.state == "running"
        assert clock.due == falls_due or isinstance(falls_due, str)


@thorough
@given(trials())
def test_single_days_and_instants(trial: Trial) -> None:
    opened = trial.calendars["office"]
    assert is_open(trial.start, opened) == trial.slow.is_open(trial.start)
    later = sorted(at for at in trial.slow.all_minutes if at >= trial.start)
    following = trial.start if trial.slow.is_open(trial.start) else next(iter(later), None)
    found = next_opening(trial.start, opened)
    assert found == following or (following is None and agrees(found, BEYOND, trial))
    for day in trial.slow.days[1:-1]:
        assert closes(day, opened) == trial.slow.close(day)
        assert openings_on(trial.calendar, day) == trial.slow.words(day)
        minutes = {
            start + timedelta(minutes=number)
            for start, end in openings(day, opened)
            for number in range((end - start) // timedelta(minutes=1))
        }
        assert minutes == trial.slow.minutes[day]


def test_the_slow_count_is_not_empty() -> None:
    week = ((Opening(540, 720), Opening(780, 1020)),) * 5 + ((), ())
    calendar = Calendar("office", "Office", None, "Europe/Stockholm", week, ("SE",), (), (), HERE)
    slow = ByTheMinute(calendar, date(2026, 11, 16), 7)
    start = datetime(2026, 11, 18, 14, tzinfo=UTC)
    four_hours = TargetWithin(BusinessTime(4, "hour", "office"))
    assert slow.due(four_hours, start, []) == datetime(2026, 11, 19, 10, tzinfo=UTC)


@pytest.mark.parametrize("zone", sorted(PLACES))
def test_every_place_has_its_clock_changes(zone: str) -> None:
    """The days near which calendars are tried are the ones that they are meant to be."""
    week = ((Opening(0, 1440),),) * 7
    calendar = Calendar("office", "Office", None, zone, week, (), (), (), HERE)
    for near in PLACES[zone]:
        slow = ByTheMinute(calendar, near, 1)
        lengths = {len(slow.minutes[day]) for day in slow.days}
        assert (lengths != {1440}) == (near.month not in (6, 8, 12) or zone == "Pacific/Apia")
