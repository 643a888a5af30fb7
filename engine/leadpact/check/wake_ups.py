"""Until when a lead sleeps after a move."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact import checked
from leadpact.check.lengths import exact, length
from leadpact.check.newest import newest
from leadpact.check.parties import say_again
from leadpact.check.scope import LEAD, Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["wake_up"]


def wake_up(lines: Sequence[nodes.WakeUp], scope: Scope) -> tuple[checked.WakeUp | None, bool]:
    """The wake-up of a move, and whether all that was written of it is right."""
    say_again("wake up", [line.span for line in lines], scope)
    found = [_one(line, scope) for line in lines]
    if not found:
        return None, True
    return found[0], all(each is not None for each in found)


def _one(node: nodes.WakeUp, scope: Scope) -> checked.WakeUp | None:
    made = checked.WakeUp(
        after=length(node.after, scope) if node.after is not None else None,
        on=_on(node.on, scope) if node.on is not None else None,
        before=_before(node.before, scope) if node.before is not None else None,
        field=_date_field(node.field, scope) if node.field is not None else None,
        not_before=exact(node.not_before, scope) if node.not_before is not None else None,
        or_on=scope.pattern(node.or_on) if node.or_on is not None else None,
    )
    parts = ((node.after, made.after), (node.on, made.on), (node.before, made.before))
    more = ((node.field, made.field), (node.not_before, made.not_before), (node.or_on, made.or_on))
    wrong = any(written is not None and right is None for written, right in (*parts, *more))
    return None if wrong else made


def _on(node: nodes.LastOf, scope: Scope) -> checked.LastFact | None:
    return newest(node, (checked.DateType, checked.InstantType), "a date or a date and time", scope)


def _before(node: nodes.Duration, scope: Scope) -> checked.Duration | None:
    why = "A lead wakes up so many whole days before a date."
    return exact(node, scope, units=("day", "week", "month"), why=why)


def _date_field(word: nodes.Word, scope: Scope) -> str | None:
    found = scope.find_field(word, LEAD)
    if found is None:
        return None
    if not isinstance(found.type, checked.DateType):
        scope.report.error(
            "E301",
            f"{ticked(found.name)} is not a date.",
            word.span,
            "A lead wakes up before the day in a field that is a `date`.",
        )
        return None
    return found.name
