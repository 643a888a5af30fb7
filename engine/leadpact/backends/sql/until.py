"""Until when a decision holds: the first instant to come at which it could differ by itself.

The earliest of many: an event leaves a window, points fade by another day, a time is so long ago,
a month without activity is full, a deadline comes, other rows come into force.
"""

from __future__ import annotations

from datetime import timedelta

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.dialects import both
from leadpact.backends.sql.expressions import Spelling
from leadpact.backends.sql.instants import (
    DAY,
    LAST,
    border,
    leaves,
    next_period,
    turns,
)
from leadpact.backends.sql.matching import compared
from leadpact.backends.sql.sheet import case, whole
from leadpact.checked import DateTest, Duration, StageMoment, TimeFact, Within
from leadpact.operators.times import exact_length

__all__ = ["add_until"]

_FAR = "a time so long ago or so far ahead that the offset of the local clock is not at hand"
# By how much an instant may be wrong that was worked out beyond the reach of the zone's offsets.
_SLIP = 2 * DAY


def add_until(spelling: Spelling, border: int | None, bounds: list[exp.Expression]) -> None:
    """Adds ``valid_until`` (NULL: for ever).

    ``border``: when other rows come into force; ``bounds``: other instants to come (or NULL).
    """
    reading = _Reading(spelling)
    ends = [spelling.slots.ends.later(), *bounds]
    if border is not None:
        ends.append(whole(border))
    for number, window in enumerate(spelling.plan.windows):
        if exact_length(window) is None:
            ends.append(reading.leaves(window, spelling.slots.ends.window_first(number)))
    if (end := spelling.slots.ends.first_end()) is not None:
        ends.append(end)
    for number, slot in enumerate(spelling.plan.slots):
        # Only the newest answer counts, so only its end does.
        if isinstance(slot.measure, p.Newest) and isinstance(slot.window, Within):
            newest = spelling.slots.newest.at(number)
            ends.append(reading.leaves(slot.window.duration, newest))
    if any(isinstance(slot.measure, p.Decayed) for slot in spelling.plan.slots):
        ends.append(exp.Sub(this=whole(spelling.now + DAY), expression=spelling.slots.ends.aged()))
    ends += [reading.turns(fact, limit) for fact, limit in spelling.plan.times]
    for test in dict.fromkeys(spelling.plan.tests()):
        if isinstance(test, DateTest) and isinstance(test.fact, StageMoment):
            ends += reading.floats(test, test.fact)
    ends += [reading.next_period(period) for period in _idle_periods(spelling.plan)]
    until = spelling.sheet.put("valid_until", spelling.dialect.least(*ends))
    reading.see_reach(until)


def _idle_periods(plan: p.Plan) -> tuple[str, ...]:
    """The periods without activity that something counts less for."""
    found: dict[str, None] = {}
    for step in plan.steps:
        if isinstance(step, p.PlanScore):
            parts = [row for row in step.rows if isinstance(row, p.PlanCategory)]
            for inactivity in (step.inactivity, *(part.inactivity for part in parts)):
                if inactivity is not None:
                    found[inactivity.period] = None
    return tuple(found)


class _Reading:
    """The ends of one plan. ``doubtful`` are those that hang on the zone's offsets."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.sheet = spelling.sheet
        self.reach = spelling.reach
        self.doubtful = False

    def _keep(self, made: exp.Expression) -> exp.Column:
        return self.sheet.add("by days", made)

    def leaves(self, window: Duration, instant: exp.Column) -> exp.Expression:
        """When an event leaves a window."""
        if exact_length(window) is not None:
            return leaves(window, instant, self.reach)
        end = self._keep(leaves(window, instant, self.reach, self._keep))
        self._see(instant, self.reach.low, end)
        return end

    def turns(self, fact: TimeFact, limit: p.TimeLimit) -> exp.Expression:
        """When a comparison of a time with the present changes its outcome."""
        time = self.spelling.time(fact, limit.days)
        ahead = limit.direction == "ahead"
        asked = limit.duration, ahead, limit.strict, limit.days, time
        end = self._keep(turns(*asked, self.reach, self._keep))
        if limit.days:
            self._see(time, self.reach.low // DAY + 1, end)
        # Beyond the calendar it never changes.
        to_come = both(
            compared(end, ">", whole(self.spelling.now)), compared(end, "<=", whole(LAST))
        )
        return case((to_come, end.copy()))

    def floats(self, test: DateTest, fact: StageMoment) -> list[exp.Expression]:
        """When a lead without events, which is in its start stage since the very instant of each
        decision, has come there on another side of a day.
        """
        found = []
        is_now = compared(self.spelling.moment(fact), "==", whole(self.spelling.now))
        for day in (test.value, test.value + timedelta(days=1)):
            begins = border(day, self.spelling.zone)
            if begins > self.spelling.now:
                found.append(case((is_now, whole(begins))))
        return found

    def next_period(self, period: str) -> exp.Expression:
        """When another full period without activity is over."""
        assert self.spelling.plan.activity is not None
        last = self.spelling.slot(self.spelling.plan.activity)
        full = self.spelling.idle(period)
        end = self._keep(next_period(period, last, full, self.reach, self._keep))
        if period == "month":
            self._see(last, self.reach.low, end)
        return end

    def _see(self, time: exp.Expression, low: int, end: exp.Column) -> None:
        """Leave leads to the Python engine whose time lies before the zone's offsets, as far as it
        matters.
        """
        self.doubtful = True
        to_come = compared(end, ">", whole(self.spelling.now - _SLIP))
        self.spelling.odd(both(compared(time, "<", whole(low)), to_come), _FAR)

    def see_reach(self, until: exp.Column) -> None:
        """The same, if even the earliest end lies beyond the zone's offsets."""
        if self.doubtful:
            self.spelling.odd(compared(until, ">", whole(self.reach.high - _SLIP)), _FAR)
