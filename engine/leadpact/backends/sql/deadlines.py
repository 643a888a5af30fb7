"""When a length of time after a start is over: exactly, by local days, or in business time.

A lead whose deadline a query cannot tell (its start is too old, or the end too far ahead) is left
to the Python engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlglot import exp

from leadpact.backends.sql.calendars import YEARS_BACK, BusinessLimit, deadline
from leadpact.backends.sql.dialects import both
from leadpact.backends.sql.expressions import Spelling
from leadpact.backends.sql.instants import between, in_reach, leaves
from leadpact.backends.sql.sheet import micros
from leadpact.checked import BusinessTime, Duration, Length
from leadpact.operators import business
from leadpact.operators.times import exact_length

__all__ = ["TOO_OLD", "Deadline", "after", "by", "is_unknown", "long_due"]

TOO_OLD = "a clock that started so long ago, or ends so far ahead, that no table reaches there"
"""Why a lead is left to the Python engine."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """``at`` is an instant, NULL if it never comes or the start is not known. ``told``: whether the
    query can tell; ``None`` where it always can.
    """

    at: exp.Expression
    told: exp.Expression | None


def after(length: Length, start: exp.Column, spelling: Spelling) -> Deadline:
    """The instant at which ``length`` after ``start`` is over."""
    if isinstance(length, BusinessTime):
        return by(length, start, spelling)
    sheet, reach = spelling.sheet, spelling.reach
    name = f"{length.amount} {length.unit} after {start.name}"
    if exact_length(length) is not None:
        return Deadline(sheet.add(name, leaves(length, start, reach)), None)
    due = leaves(length, start, reach, lambda made: sheet.add(f"{name} by days", made))
    at = sheet.add(name, due)
    return Deadline(at, both(in_reach(start, reach), between(at, reach.low, reach.high)))


def by(limit: BusinessLimit, start: exp.Column, spelling: Spelling) -> Deadline:
    """When business time, or ``by HH:MM``, that started at ``start`` falls due."""
    name = limit.calendar
    calendar = next(each for each in spelling.plan.policy.calendars if each.name == name)
    return Deadline(*deadline(limit, start, calendar, spelling.as_of, spelling.sheet))


def long_due(
    length: Length, start: exp.Column, spelling: Spelling
) -> tuple[exp.Expression, int] | None:
    """Which starts are older than the tables, and by when their deadlines had surely come.

    ``None`` if nothing can be said of such starts.
    """
    if isinstance(length, Duration):
        return None
    name = length.calendar
    calendar = next(each for each in spelling.plan.policy.calendars if each.name == name)
    begin = datetime(spelling.as_of.year - YEARS_BACK, 1, 1, tzinfo=UTC)
    # What started before was due before, if it is not so old that its search ended earlier.
    due = business.deadline(length, begin, business.open_time(calendar))
    if due is None or due > spelling.as_of:
        return None
    oldest = begin - _LONG
    return between(start, micros(oldest), micros(begin) - 1), micros(due)


_LONG = timedelta(days=20 * 365)


def is_unknown(value: exp.Expression) -> exp.Expression:
    return exp.Is(this=value.copy(), expression=exp.Null())
