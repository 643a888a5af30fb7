"""What an example gives: instants and the values of fields and properties."""

from __future__ import annotations

from datetime import datetime, time

from leadpact import checked
from leadpact.check import amounts, lengths
from leadpact.check.choices import choice, text, yes_no
from leadpact.check.measures import day, number
from leadpact.check.scope import Scope
from leadpact.check.verbs import say_twice
from leadpact.check.words import plain, ticked
from leadpact.operators.business import deadline, open_time
from leadpact.operators.times import add_months, exact_length, settle_instant
from leadpact.zones import zone as zone_of
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["again", "ago", "given_value", "instant", "later"]

_LAST_YEAR = 2999
"""The last year in which decisions are made."""

# --- instants ------------------------------------------------------------------------------------


def instant(node: nodes.Clock | nodes.Day, scope: Scope) -> datetime | None:
    """A local time, or the beginning of a day, in UTC."""
    if isinstance(node, nodes.Day):
        on = amounts.day(scope.report, node)
        return None if on is None else settle_instant(datetime.combine(on, time()), scope.zone)
    local = amounts.local_time(scope.report, node)
    return None if local is None else settle_instant(local, scope.zone)


def ago(node: nodes.Duration, as_of: datetime | None, scope: Scope) -> datetime | None:
    """So long before ``as_of``; months by the calendar, at the same time of day."""
    length = lengths.exact(node, scope, least=0)
    if length is None or as_of is None:
        return None
    exact = exact_length(length)
    return _months_from(as_of, -length.amount, scope) if exact is None else as_of - exact


def later(node: nodes.Duration, as_of: datetime | None, scope: Scope) -> datetime | None:
    """So long after ``as_of``, as ``ago`` counts, or when so much open time is over."""
    length = lengths.length(node, scope)
    if length is None or as_of is None:
        return None
    at: datetime | None
    if isinstance(length, checked.Duration):
        exact = exact_length(length)
        at = _months_from(as_of, length.amount, scope) if exact is None else as_of + exact
    else:
        calendar = scope.calendars.get(length.calendar)
        if calendar is None:
            return None
        at = deadline(length, as_of, open_time(calendar))
    if at is not None and at.year <= _LAST_YEAR:
        return at
    scope.report.error(
        "E411",
        "So much open time never comes after `as of`."
        if at is None
        else "So long after `as of` is after the year 2999.",
        node.span,
        "Write a shorter time, or another calendar." if at is None else "Write a shorter time.",
    )
    return None


def _months_from(as_of: datetime, months: int, scope: Scope) -> datetime:
    local = as_of.astimezone(zone_of(scope.zone))
    day = add_months(local.date(), months)
    return settle_instant(datetime.combine(day, local.time()), scope.zone)


# --- fields --------------------------------------------------------------------------------------


def again(word: nodes.Word, seen: dict[str, Span], scope: Scope) -> bool:
    """Whether a field was given before, saying so."""
    first = seen.setdefault(word.text, word.span)
    if first is word.span:
        return False
    scope.report.error(
        "E504",
        f"{ticked(word.text)} is given twice.",
        word.span,
        f"It already stands in line {first.line}. Leave one of them out.",
    )
    return True


def given_value(line: nodes.GivenField, field: checked.Field, scope: Scope) -> object:
    """A value as a record holds it; ``None`` after saying what is wrong."""
    kind = field.type
    if isinstance(kind, checked.AnyNumberOfType):
        several = [choice(value, field.name, kind.values, scope) for value in line.values]
        right = [value for value in several if value is not None]
        if len(right) < len(several):
            return None
        plain_values = [value for value in line.values if not isinstance(value, nodes.Clock)]
        return None if say_twice(plain_values, right, scope) else right
    if len(line.values) > 1:
        scope.report.error(
            "E301",
            f"{ticked(field.name)} has one value.",
            line.values[0].span.to(line.values[-1].span),
            "Only a field of `any number of` may have several.",
        )
        return None
    return _one_value(line.values[0], field, scope)


def _one_value(node: nodes.Value | nodes.Clock, field: checked.Field, scope: Scope) -> object:
    match field.type:
        case checked.TextType():
            return text(node, scope)
        case checked.YesNoType() if not isinstance(node, nodes.Clock):
            return yes_no(node, field.name, scope)
        case checked.OneOfType(values):
            return choice(node, field.name, values, scope)
        case checked.NumberType() as kind if not isinstance(node, nodes.Clock):
            return _number(node, field.name, kind, scope)
        case checked.DateType() if not isinstance(node, nodes.Clock):
            return day(node, field.name, scope)
        case checked.InstantType() if isinstance(node, nodes.Clock):
            return instant(node, scope)
        case _:
            _say_moment(node, field, scope)
            return None


def _say_moment(node: nodes.Value | nodes.Clock, field: checked.Field, scope: Scope) -> None:
    match field.type:
        case checked.InstantType():
            what, like = "a day with a time", "2026-10-01 09:30"
        case checked.DateType():
            what, like = "a day", "2026-10-01"
        case checked.NumberType():
            what, like = "a number", "120"
        case _:
            what, like = "yes or no", "yes"
    scope.report.error(
        "E301",
        f"{ticked(scope.report.words(node.span))} is not {what}.",
        node.span,
        f"Values of {ticked(field.name)} are written like {ticked(like)}.",
    )


def _number(node: nodes.Value, name: str, kind: checked.NumberType, scope: Scope) -> object:
    value = number(node, name, kind, scope)
    if value is None:
        return None
    if kind.low is not None and kind.high is not None and not kind.low <= value <= kind.high:
        scope.report.error(
            "E402",
            f"{ticked(name)} lies from {plain(kind.low)} to {plain(kind.high)}.",
            node.span,
            "Stay within that range, or change the range of the field.",
        )
        return None
    return amounts.settled(value)
