"""Random conditions about the past: last events, times, stages, points gained since."""

from __future__ import annotations

from random import Random

from tests.property.draw_scope import Scope, day, exact
from tests.property.draw_values import value_test

OF_DAYS = ("day", "week", "month")
OF_INSTANTS = ("minute", "hour", "day", "week", "month")


def last_atom(r: Random, scope: Scope) -> str:
    """``P of last ACT …``, or whether the newest is long ago where none has a property."""
    kinds = [kind for kind in scope.kinds if kind.properties]
    if not kinds:
        return time_atom(r, scope)
    kind = r.choice(kinds)
    one = r.choice(kind.properties)
    subject = f"{one.name} of last {kind.name}"
    if one.kind in ("date", "date and time") and r.random() < 0.6:
        return apart(r, subject, only_days=one.kind == "date")
    return value_test(r, scope, subject, one)


def time_atom(r: Random, scope: Scope) -> str:
    """How long ago a field's time, an event, or a stay's end was; or on which side of a day."""
    dates = [one for one in scope.fields if one.kind in ("date", "date and time")]
    if dates and r.random() < 0.4:
        one = r.choice(dates)
        return apart(r, one.name, only_days=one.kind == "date")
    if scope.stages and r.random() < 0.5:
        which = r.choice(("last entry to", "last exit from"))
        subject = f"{which} {r.choice(scope.stages)}"
    else:
        names = [*(kind.name for kind in scope.kinds), "activity"]
        subject = f"{r.choice(('first', 'last'))} {r.choice(names)}"
    if r.random() < 0.25:
        return f"{subject} {r.choice(('is before', 'is after', 'is on'))} {day(r)}"
    return apart(r, subject, only_days=False)


def apart(r: Random, subject: str, *, only_days: bool) -> str:
    verb = r.choice(("is at least", "is at most", "is more than", "is less than"))
    units = OF_DAYS if only_days else OF_INSTANTS
    direction = "ago" if r.random() < 0.75 else "ahead"
    return f"{subject} {verb} {exact(r, units)} {direction}"


def stage_atom(r: Random, scope: Scope) -> str:
    if r.random() < 0.2:
        return "woken up"
    window = r.choice(("", " ever", f" within {exact(r)}"))
    return f"{r.choice(('in', 'not in'))} {r.choice(scope.stages)}{window}"


def gained_atom(r: Random, scope: Scope) -> str:
    since = f"since {r.choice(('entering', 'leaving'))} {r.choice(scope.stages)}"
    verb = r.choice(("is at least", "is at most", "is more than", "is less than", "is"))
    return f"{r.choice(scope.scores).name} gained {since} {verb} {r.choice((1, 3, 7.5, 20))}"
