"""Clauses about what happened and when: events, times, stages in which the lead was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from leadpact.checked import (
    Comparison,
    DateTest,
    EventMoment,
    EventPattern,
    EventTest,
    Ever,
    SinceEntered,
    StageMoment,
    StageTest,
    TimeTest,
    Within,
)
from leadpact.english.names import Names
from leadpact.english.wording import day, duration, is_past, lower_first, number, quoted, say

__all__ = [
    "by_lead",
    "dated",
    "events",
    "happened",
    "never_happened",
    "opposite",
    "timed",
    "was_in",
]

_OPPOSITE: Mapping[Comparison, Comparison] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "==": "!=",
    "!=": "==",
}

_Verb = Literal["at least", "at most", "more than", "less than"]

_OPPOSITE_VERB: Mapping[_Verb, _Verb] = {
    "at least": "less than",
    "less than": "at least",
    "more than": "at most",
    "at most": "more than",
}


def opposite(op: Comparison, positive: bool) -> Comparison:
    """The comparison itself, or its opposite where ``positive`` is false."""
    return op if positive else _OPPOSITE[op]


# --- events --------------------------------------------------------------------------------------


def happened(names: Names, events: EventPattern) -> str:
    """``the lead viewed pricing``, ``Field Sales spoke with the lead``, ``“Webinar” happened``"""
    if events.name == "activity":
        return say("did something")
    if is_past(events.label):
        return say("did", who=names.who(events), event=_event(names, events))
    return say("happened", event=quoted(names.event_label(events)))


def never_happened(names: Names, events: EventPattern) -> str:
    """``the lead never viewed pricing``, ``“Webinar” never happened``"""
    if events.name == "activity":
        return say("did nothing")
    if is_past(events.label):
        return say("never did", who=names.who(events), event=_event(names, events))
    return say("never happened", event=quoted(names.event_label(events)))


def by_lead(events: EventPattern) -> bool:
    """Whether the lead is what a clause about these events speaks of."""
    return events.name == "activity" or (is_past(events.label) and not events.of_actions)


def _event(names: Names, events: EventPattern) -> str:
    return lower_first(names.event_label(events))


def events(names: Names, test: EventTest, positive: bool) -> str:
    """``the lead viewed pricing at least 3 times in the last 30 days``"""
    op = opposite(test.op, positive)
    none = (op, test.count) in {("==", 0), ("<=", 0), ("<", 1)}
    some = (op, test.count) in {(">=", 1), (">", 0), ("!=", 0)}
    window = names.window(test.window, of_lead=by_lead(test.events))
    if test.different is None and none:
        said = never_happened(names, test.events)
        return said if isinstance(test.window, Ever) else f"{said} {window}"
    return f"{_counted(names, test, op, some)} {window}"


def _counted(names: Names, test: EventTest, op: Comparison, some: bool) -> str:
    many = test.events.name == "activity" and not some
    event = say("things done") if many else happened(names, test.events)
    count = number(test.count)
    if test.different is not None:
        label = quoted(names.property_label(test.events, test.different))
        return say(f"different {op}", event=event, number=count, property=label)
    if some:
        return event
    keys: Mapping[Comparison, str] = {
        ">=": "at least times",
        "<=": "at most times of",
        "==": "exactly times",
        "<": "fewer times",
        ">": "more times",
        "!=": "not exactly times",
    }
    said = say(keys[op], event=event, number=count)
    return said.replace(" 1 times", " 1 time")


# --- times ---------------------------------------------------------------------------------------


def dated(names: Names, test: DateTest, positive: bool) -> str:
    """``“Created on” is before 1 February 2027``; ``the lead last viewed a page on …``"""
    op = opposite(test.op, positive)
    if isinstance(test.fact, EventMoment | StageMoment):
        return say(f"moment {op}", moment=_moment(names, test.fact), value=day(test.value))
    return say(f"date {op}", field=names.subject(test.fact), value=day(test.value))


def timed(names: Names, test: TimeTest, positive: bool) -> str:
    """``“Created on” is more than 60 days ago``; ``the lead last viewed a page at least …``"""
    verb = test.verb if positive else _OPPOSITE_VERB[test.verb]
    length = say(verb, length=duration(test.duration))
    when = say(test.direction, length=length)
    if isinstance(test.fact, EventMoment | StageMoment):
        return f"{_moment(names, test.fact)} {when}"
    return say("time is", field=names.subject(test.fact), when=when)


def _moment(names: Names, fact: EventMoment | StageMoment) -> str:
    """``the lead first viewed pricing``, ``the last “Webinar” was``, ``the lead last left …``"""
    if isinstance(fact, StageMoment):
        return say(f"last {fact.which}", stage=names.stage(fact.stage))
    if fact.events.name == "activity":
        said = say(f"{fact.which} active")
    elif is_past(fact.events.label):
        who, event = names.who(fact.events), _event(names, fact.events)
        said = say(f"{fact.which} did", who=who, event=event)
    else:
        here = " in stage" if isinstance(fact.window, SinceEntered) else ""
        event = quoted(names.event_label(fact.events))
        return say(f"{fact.which} was{here}", event=event)
    return say("in this stage", said=said) if isinstance(fact.window, SinceEntered) else said


# --- stages --------------------------------------------------------------------------------------


def was_in(names: Names, test: StageTest, positive: bool) -> str:
    """``the lead is in “New”``, ``the lead was not in “New” in the last 90 days``"""
    suffix = "" if positive else " not"
    stage = names.stage(test.stage)
    if test.ever:
        return say(f"was ever in{suffix}", stage=stage)
    if test.within is None:
        return say(f"is in{suffix}", stage=stage)
    return say(
        f"was in{suffix}", stage=stage, window=names.window(Within(test.within), of_lead=True)
    )
