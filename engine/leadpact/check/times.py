"""How long ago or ahead a time is, and moments: the first and last of events and of stays."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, assert_never

from leadpact import checked
from leadpact.check import lengths
from leadpact.check.measures import day_test
from leadpact.check.names import EVENTS
from leadpact.check.occurrences import here, last_of
from leadpact.check.results import stands_alone
from leadpact.check.scope import Place, Scope
from leadpact.check.verbs import say_verb, verb_span
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["compare_moment", "moment", "time_apart"]

Bound: TypeAlias = Literal["at least", "at most", "more than", "less than"]

_BOUNDS: Final[dict[str, Bound]] = {
    "is at least": "at least",
    "is at most": "at most",
    "is more than": "more than",
    "is less than": "less than",
}
_OF_MOMENTS: Final = ("is before", "is after", "is on", "is from")


def moment(
    node: nodes.MomentOf, scope: Scope, place: Place
) -> checked.EventMoment | checked.StageMoment | None:
    """``last webinar``, ``last entry to mql``; ``None`` after saying what is wrong."""
    if not here("When something happened", node.span, scope, place):
        return None
    match node.what:
        case "first" | "last" as which:
            events = scope.pattern(node.name)
            window = checked.SinceEntered() if place.in_stage else checked.Ever()
            return None if events is None else checked.EventMoment(which, events, window)
        case "last entry to" | "last exit from":
            if scope.names.look_up(node.name.name, "stage") is None:
                return None
            if not stands_alone(node.name, scope):
                return None
            stage = node.name.name.text
            return checked.StageMoment("entry" if node.what == "last entry to" else "exit", stage)
        case _ as never:
            assert_never(never)


def compare_moment(
    node: nodes.Compare, subject: nodes.MomentOf, scope: Scope, place: Place
) -> checked.Condition | None:
    """``last webinar is after 2026-10-01``; ``None`` after saying what is wrong."""
    fact = moment(subject, scope, place)
    if fact is None:
        return None
    shown = scope.report.words(subject.span)
    if node.verb in ("is known", "is unknown") and isinstance(fact, checked.EventMoment):
        name = scope.report.words(subject.name.span)
        meant = f"{name} ever" if node.verb == "is known" else f"no {name} ever"
        scope.report.error(
            "E302",
            f"{ticked(node.verb)} does not fit {ticked(shown)}.",
            verb_span(node, scope),
            f"Ask whether it ever happened: write {ticked(meant)}.",
            scope.report.replaced(node.span, meant),
        )
        return None
    if node.verb not in _OF_MOMENTS:
        fitting = (*_OF_MOMENTS, "is at least 30 days ago")
        say_verb(node, f"the moment {ticked(shown)}", fitting, scope)
        return None
    return day_test(node, fact, shown, scope)


# --- how long ago --------------------------------------------------------------------------------


def time_apart(node: nodes.TimeApart, scope: Scope, place: Place) -> checked.Condition | None:
    """``created_on is more than 60 days ago``; ``None`` after saying what is wrong."""
    why = "What is said here must not change by waiting. Compare with a day, as in `is before`."
    if not here("How long ago something was", node.span, scope, place, why):
        return None
    found = _time(node, scope, place)
    if found is not None and found[1]:
        why = f"{ticked(scope.report.words(node.subject.span))} is a day without a time."
        duration = lengths.exact(node.duration, scope, units=("day", "week", "month"), why=why)
    else:
        duration = lengths.exact(node.duration, scope)
    if found is None or duration is None:
        return None
    return checked.TimeTest(found[0], _BOUNDS[node.verb], duration, node.direction)


def _time(
    node: nodes.TimeApart, scope: Scope, place: Place
) -> tuple[checked.TimeFact, bool] | None:
    """What has a time, and whether only its day is known."""
    subject = node.subject
    match subject:
        case nodes.MomentOf():
            found = moment(subject, scope, place)
            return None if found is None else (found, False)
        case nodes.LastOf():
            last = last_of(subject, scope, place)
            return None if last is None else _if_time(last, last.type, node, scope)
        case nodes.Ref():
            return _field(subject, node, scope, place)
        case nodes.DomainOf() | nodes.GainedSince():
            _say_no_time(node, "", scope)
            return None
        case _ as never:
            assert_never(never)


def _field(
    subject: nodes.Ref, node: nodes.TimeApart, scope: Scope, place: Place
) -> tuple[checked.TimeFact, bool] | None:
    name = subject.name
    if name.text == "activity" and subject.member is None:
        _say_which(node, scope)
        return None
    symbol = scope.names.look_up(name)
    if symbol is None:
        return None
    if symbol.what in EVENTS:
        _say_which(node, scope)
        return None
    if symbol.what != "field":
        _say_no_time(node, f"It is {symbol.phrase}. ", scope)
        return None
    field = scope.find_field(name, place)
    if field is None or not stands_alone(subject, scope):
        return None
    return _if_time(checked.FieldFact(field.name), field.type, node, scope)


def _if_time(
    fact: checked.ValueFact, kind: checked.FieldType, node: nodes.TimeApart, scope: Scope
) -> tuple[checked.TimeFact, bool] | None:
    if isinstance(kind, checked.DateType | checked.InstantType):
        return fact, isinstance(kind, checked.DateType)
    _say_no_time(node, "", scope)
    return None


def _say_no_time(node: nodes.TimeApart, what: str, scope: Scope) -> None:
    shown = scope.report.words(node.subject.span)
    scope.report.error(
        "E301",
        f"{ticked(shown)} is not a time.",
        node.subject.span,
        f"{what}Only dates, instants, and the first or last of something are "
        f"{ticked(node.direction)}.",
    )


def _say_which(node: nodes.TimeApart, scope: Scope) -> None:
    """An event may have happened often: which one is meant?"""
    span = node.subject.span
    shown = scope.report.words(span)
    scope.report.error(
        "E301",
        f"{ticked(shown)} may have happened often: which time is meant?",
        span,
        f"Write `last {shown}` or `first {shown}`.",
        scope.report.replaced(span, f"last {shown}"),
    )
