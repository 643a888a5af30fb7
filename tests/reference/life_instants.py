"""The instants at which something about a lead in a stage could change, by itself or by an event.

More of them than needed: asking once too often is no mistake, asking once too seldom is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.reference.business import after
from tests.reference.events import Situation
from tests.reference.instants import exactly, local_day, midnight
from tests.reference.sleep import waking
from tests.reference.targets import clock_of, hand_backs
from tests.reference.ways_out import coming

from leadpact.checked import (
    BusinessTime,
    CheckedPolicy,
    Decay,
    Duration,
    Inactivity,
    InForce,
    TimeTest,
)
from leadpact_dsl.source import SourceFile, Span

MICROSECOND = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)


def instants_until(case: Situation, end: datetime) -> list[datetime]:
    """From ``as_of`` (not included) until ``end``: events, ends of windows, steps, borders.

    What hangs on clocks (deadlines, waking up) is told by ``deadlines``, as it is known then.
    """
    mentioned = list(_parts(case.whole, _of_the_stage(case), set()))
    told = set(_told(case))
    found = set(told)
    for one in mentioned:
        match one:
            case Duration() if one.unit != "month":
                found |= {instant for base in told for instant in _apart(base, one)}
            case BusinessTime():
                found |= {at for base in told if (at := after(case, base, one)) is not None}
            case _:
                pass
    # What is true of more than so long becomes true a microsecond later.
    found |= {instant + MICROSECOND for instant in found}
    if any(_steps_by_day(one) for one in mentioned):
        found |= set(_midnights(case, end))
    if any(isinstance(one, Decay | Inactivity) for one in mentioned):
        found |= {day for base in told for day in _every_day(base, case.as_of, end)}
    found |= set(_borders(case))
    return sorted(instant for instant in found if case.as_of < instant <= end)


def deadlines(case: Situation) -> Iterator[datetime]:
    """When the stage's clocks run out, and when the lead wakes, as one knows it at ``as_of``."""
    sleep = waking(case)
    if sleep is not None and sleep.woke is None and sleep.due is not None:
        yield sleep.due
    yield from (due for _, due in coming(case))
    for stage in case.policy.stages:
        for target in stage.targets if stage.name == case.lead.stage else ():
            # One that does not apply now may apply again before it is due.
            due = clock_of(case, target).due
            if due is not None:
                yield due
            yield from (late for _, late in hand_backs(case, target))


def _of_the_stage(case: Situation) -> tuple[Any, ...]:
    """All that is said of leads in the present stage, on any day."""
    stages = [stage for stage in case.whole.stages if stage.name == case.lead.stage]
    return (case.whole.any_stages, tuple(stages), case.whole.refusals)


def _steps_by_day(one: Any) -> bool:
    if isinstance(one, Duration):
        return one.unit == "month"
    return isinstance(one, TimeTest | Inactivity)


def _told(case: Situation) -> Iterator[datetime]:
    """Every instant of which the record and the lead's history tell."""
    values: list[object] = list(case.lead.values.values())
    for event in case.lead.events:
        yield event.at
        values += event.values.values()
    for stay in case.lead.history.stays if case.lead.history else ():
        yield from (at for at in (stay.entered, stay.left) if at is not None)
        if stay.by is not None:
            yield stay.by.at
    sleep = waking(case)
    if sleep is not None and sleep.woke is not None:
        yield sleep.woke
    for value in values:
        if isinstance(value, datetime):
            yield value
        elif isinstance(value, date):
            yield midnight(value, case.zone)


def _apart(base: datetime, length: Duration) -> Iterator[datetime]:
    for sign in (1, -1):
        try:
            yield base + sign * exactly(length)
        except OverflowError:
            continue


def _midnights(case: Situation, end: datetime) -> Iterator[datetime]:
    day = local_day(case.as_of, case.zone)
    while day <= local_day(end, case.zone):
        yield midnight(day, case.zone)
        day += ONE_DAY


def _every_day(base: datetime, start: datetime, end: datetime) -> Iterator[datetime]:
    """The ends of all 24-hour days since ``base`` between two instants."""
    instant = base + ONE_DAY * max(0, (start - base) // ONE_DAY)
    while instant <= end:
        yield instant
        instant += ONE_DAY


def _borders(case: Situation) -> Iterator[datetime]:
    for one in _everything(case.whole):
        if isinstance(one, InForce):
            days = (one.first, one.last and one.last + ONE_DAY)
            yield from (midnight(day, case.zone) for day in days if day is not None)


# --- what a policy is made of ------------------------------------------------------------------


def _everything(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for member in value:
            yield from _everything(member)
    elif is_dataclass(value) and not isinstance(value, Span | SourceFile):
        yield value
        for field in fields(value):
            yield from _everything(getattr(value, field.name))


def _parts(policy: CheckedPolicy, value: Any, seen: set[str]) -> Iterator[Any]:
    """Everything of which a part is made, and of which whatever it names is made."""
    blocks: tuple[Any, ...] = (
        *policy.definitions,
        *policy.scores,
        *policy.grades,
        *policy.groups,
        *policy.checklists,
    )
    for one in _everything(value):
        yield one
        for name in ("name", "score", "grade", "group", "checklist"):
            named = getattr(one, name, None)
            for block in blocks:
                if block.name == named and named not in seen:
                    seen.add(named)
                    yield from _parts(policy, block, seen)
