"""The cases of ``tests/corpus/business``: what is due when, and for how long something is open."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from tests.business.cases import Case, cases

from leadpact.checked import BusinessTime, TargetBy
from leadpact.operators.business import deadline, open_between, open_time, remaining
from leadpact.operators.clocks import PAUSED, Due, add, due, share

CASES = list(cases())
DEADLINES = [case for case in CASES if "within" in case.cells]
BETWEENS = [case for case in CASES if "until" in case.cells]
SHARES = [case for case in DEADLINES if "75%" in case.cells]


def named(case: Case) -> str:
    return case.where


def said(instant: Due) -> datetime | str:
    if instant is PAUSED:
        return "not known"
    return "never" if instant is None else instant


@pytest.mark.parametrize("case", DEADLINES, ids=named)
def test_due(case: Case) -> None:
    start, limit = case.time(case.cells["from"]), case.limit()
    calendars = {case.calendar.name: open_time(case.calendar)}
    zone = case.calendar.zone
    expected = case.outcome("due")
    assert said(due(limit, start, case.pauses(), zone, calendars)) == expected
    if not case.pauses() and not isinstance(limit, TargetBy):
        assert said(add(limit.length, start, zone, calendars)) == expected
        if isinstance(limit.length, BusinessTime):
            assert said(deadline(limit.length, start, *calendars.values())) == expected


@pytest.mark.parametrize("case", SHARES, ids=named)
def test_three_quarters(case: Case) -> None:
    start, limit, pauses = case.time(case.cells["from"]), case.limit(), case.pauses()
    calendars = {case.calendar.name: open_time(case.calendar)}
    falls_due = due(limit, start, pauses, case.calendar.zone, calendars)
    told = share(limit, start, falls_due, Decimal(75), pauses, case.calendar.zone, calendars)
    assert ("not known" if told is None else told) == case.outcome("75%")


@pytest.mark.parametrize("case", BETWEENS, ids=named)
def test_open_between(case: Case) -> None:
    start, until = case.time(case.cells["from"]), case.time(case.cells["until"])
    opened = open_time(case.calendar)
    assert open_between(start, until, opened) == case.open_for()
    if start <= until:
        assert remaining(until, start, opened) == case.open_for()
        assert remaining(start, until, opened) == -case.open_for()


def test_the_corpus_is_read() -> None:
    assert len(DEADLINES) > 90
    assert len(BETWEENS) > 10
    assert len(SHARES) > 8
