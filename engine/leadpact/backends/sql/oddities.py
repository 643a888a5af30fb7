"""Leads that the query leaves to the Python engine, lead by lead.

Whatever the columns of ``leads`` and ``events`` cannot tell is odd: what is wrong in a record has
to be said in words, and of two events that are equally new the text of all properties decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from leadpact.backends.sql.dialects import both, either
from leadpact.backends.sql.expressions import Spelling
from leadpact.backends.sql.matching import Values, compared, value_test
from leadpact.backends.sql.sheet import case, column, whole
from leadpact.checked import Field, FieldFact

__all__ = ["see_what_is_odd"]


def see_what_is_odd(spelling: Spelling, event_ids: bool) -> None:
    """Collect it with ``spelling.odd``. The last thing to be spelled."""
    slots, odd = spelling.slots, spelling.odd
    odd(column("odd"), "a record that is not plainly clean")
    lacking = dict(_lacking_properties(spelling))
    wrong: exp.Expression = column("odd")
    if lacking:
        of_kinds = case(*lacking.items(), otherwise=exp.false())
        wrong = either(wrong, of_kinds)
    odd(
        slots.main.any_true("odd event", wrong),
        "an event that is not plainly clean, or lacks a required property",
    )
    if (many := slots.main.too_many()) is not None:
        odd(many, "more than 32,000 events")
    if event_ids:
        repeated = slots.main.repeats("repeated event", column("event"))
        odd(repeated, "two events with the same id")
    if spelling.plan.stages:
        late = compared(column("stage_since"), ">", whole(spelling.now))
        odd(late, "an instant of entering the stage that is still to come")
    else:
        odd(_known(column("stage")), "a stage in a policy without stages")
        odd(compared(column("stage_since"), ">", whole(spelling.now)), "an instant to come")
    for test in _lacking(spelling, spelling.plan.fields):
        odd(test, "a required field that is unknown")
    for tied in slots.newest.tied():
        odd(tied, "two newest events at one instant")
    if slots.events.asks_days or slots.looks_far_back:
        # Only now is it known whether somebody asked for local days.
        far = compared(slots.first(), "<", whole(spelling.reach.low))
        odd(far, "an event of more than 20 years ago")


def _lacking_properties(spelling: Spelling) -> Iterator[tuple[exp.Expression, exp.Expression]]:
    events = spelling.slots.events
    for kind in spelling.plan.policy.kinds:
        tests = _lacking(events.of_kind(kind.name), kind.properties)
        if tests:
            yield events.is_one_of({kind.name}), exp.paren(either(*tests))


def _lacking(values: Values, fields: tuple[Field, ...]) -> list[exp.Expression]:
    """Tests of which one is true where something required is unknown."""
    found: list[exp.Expression] = []
    for field in fields:
        missing = exp.Not(this=exp.paren(values.value(FieldFact(field.name)).known()))
        if field.required:
            found.append(missing)
        elif field.required_when is not None:
            found.append(both(missing, value_test(field.required_when, values)))
    return found


def _known(value: exp.Expression) -> exp.Expression:
    return exp.Not(this=exp.Is(this=value, expression=exp.Null()))
