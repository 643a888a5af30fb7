"""Clocks and hand-backs: by when who does what, and why leads come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from leadpact.checked import (
    All,
    AnyStage,
    BusinessTime,
    ChoiceTest,
    Condition,
    Defined,
    EventPattern,
    LastFact,
    Length,
    Move,
    OneOfType,
    Stage,
    Target,
    TargetBy,
    TargetEvery,
    TargetMet,
    TargetWithin,
    TimeOut,
)
from leadpact.english import duration, value
from leadpact.english.clauses import clause
from leadpact.english.happenings import happened
from leadpact.english.wording import percent, quoted, time_of_day
from leadpact_sla.model_pages import AnswerDoc, ClockDoc
from leadpact_sla.model_policy import MoveDoc
from leadpact_sla.words import say
from leadpact_sla.writing import Writer, capital

__all__ = ["answers", "clocks", "doer", "limit_of", "tells", "urgency"]

# About how many minutes a unit is, to put clocks in order: a business day is about a day.
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080, "month": 43_200}


def clocks(writer: Writer) -> tuple[ClockDoc, ...]:
    """All targets and time-outs, those that run out soonest first."""
    found: list[tuple[int, ClockDoc]] = []
    for stage in writer.policy.stages:
        for target in stage.targets:
            found.append((urgency(target), _target(writer, stage, target)))
        for way in stage.moves:
            if isinstance(way, TimeOut):
                found.append((_minutes(way.after), _time_out(writer, stage, way)))
    return tuple(clock for _, clock in sorted(found, key=lambda one: one[0]))


def doer(writer: Writer, events: EventPattern | None, stage: Stage) -> str | None:
    """The party whose action it is, else the owner of the stage."""
    kinds = {kind.name: kind.party for kind in writer.policy.kinds}
    parts = events.parts if events is not None else ()
    parties = {kinds.get(part.kind) for part in parts} - {None}
    return parties.pop() if len(parties) == 1 else stage.owner


def limit_of(writer: Writer, target: Target) -> tuple[str, str | None]:
    """``4 business hours``, and the calendar that it goes by."""
    calendars = writer.names.calendars
    match target.limit:
        case TargetWithin(length=length):
            return duration(length), _calendar(writer, length)
        case TargetBy(minutes=minutes, calendar=calendar):
            return say("limit by", time=time_of_day(minutes)), calendars[calendar]
        case TargetEvery(length=length):
            return say("limit every", duration=duration(length)), _calendar(writer, length)
        case _:
            assert_never(target.limit)


def tells(writer: Writer, stage: Stage, target: Target) -> Iterator[tuple[str, str]]:
    """Who is told about a target, and when."""
    for tell in target.tells:
        if tell.kind == "owner":
            who = writer.owner(stage.owner) or say("the owner")
        else:
            known = writer.names.parties if tell.kind == "party" else writer.names.roles
            who = known[tell.to]
        if tell.percent is not None:
            yield who, say("told at", percent=percent(tell.percent))
        elif tell.after is not None:
            yield who, say("told after", duration=duration(tell.after))
        else:
            yield who, say("told missed")


def _starts(writer: Writer, stage: Stage, target: Target) -> str:
    if target.starts_when is None:
        return say("clock enters", stage=quoted(stage.label))
    return capital(clause(writer.names, target.starts_when))


def _calendar(writer: Writer, length: Length) -> str | None:
    return writer.names.calendars[length.calendar] if isinstance(length, BusinessTime) else None


def urgency(target: Target) -> int:
    """About how many minutes a target leaves: the smaller, the sooner it is due."""
    match target.limit:
        case TargetWithin(length=length) | TargetEvery(length=length):
            return _minutes(length)
        case TargetBy():
            return _MINUTES["day"] // 2
        case _:
            assert_never(target.limit)


def _minutes(length: Length) -> int:
    return length.amount * _MINUTES[length.unit]


def _target(writer: Writer, stage: Stage, target: Target) -> ClockDoc:
    party = doer(writer, target.events, stage)
    limit, of = limit_of(writer, target)
    told = [say("is told", who=who, when=when) for who, when in tells(writer, stage, target)]
    backs = [_goes(writer, back.to, back.after) for back in target.hands_back]
    return ClockDoc(
        rule=target.rule,
        href=writer.places.target(target.rule),
        label=target.label,
        stage=stage.label,
        who=writer.owner(party),
        tone=writer.tone(party),
        limit=limit,
        of=of,
        starts=_starts(writer, stage, target),
        share=_share(writer, target),
        missed=(*told, *backs),
        state=writer.state(target.in_force),
    )


def _goes(writer: Writer, to: str, after: Length | None) -> str:
    stage = writer.names.stage(to)
    if after is None:
        return say("goes to", stage=stage)
    return say("goes to after", stage=stage, duration=duration(after))


def _share(writer: Writer, target: Target) -> str | None:
    agreed = writer.current.agreement
    for promise in agreed.promises if agreed is not None else ():
        if isinstance(promise, TargetMet) and promise.target == target.name:
            return percent(promise.percent)
    return None


def _time_out(writer: Writer, stage: Stage, way: TimeOut) -> ClockDoc:
    party = doer(writer, way.without, stage) if way.without.of_actions else None
    return ClockDoc(
        rule=way.rule,
        href=writer.places.move(way.rule),
        label=capital(happened(writer.names, way.without)),
        stage=stage.label,
        who=writer.owner(party),
        tone=writer.tone(party),
        limit=duration(way.after),
        of=_calendar(writer, way.after),
        starts=say("clock enters", stage=quoted(stage.label)),
        share=None,
        missed=(say("goes to", stage=writer.names.stage(way.to)),),
        state=writer.state(way.in_force),
    )


# --- why leads come back -------------------------------------------------------------------------


def answers(writer: Writer, ways: tuple[MoveDoc, ...]) -> Iterator[AnswerDoc]:
    """Every hand-back and time-out, with its reasons and what is done then."""
    owners = {stage.name: stage.owner for stage in writer.policy.stages}
    given = dict(_reasons(writer))
    for way in ways:
        if way.kind not in ("hand back", "time out"):
            continue
        told = given.get(way.rule.rule, ())
        yield AnswerDoc(
            number=way.number,
            href=writer.places.move(way.rule.rule),
            reasons=told or ((way.rule.because,) if way.rule.because else ()),
            start=way.start_label,
            to=way.to_label,
            who=writer.owner(owners[way.to]),
            does=way.does,
            brings=way.brings,
        )


def _reasons(writer: Writer) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The reasons that people choose from, by rule: those that its condition lets through."""
    holders: tuple[Stage | AnyStage, ...] = (*writer.policy.stages, *writer.policy.any_stages)
    for holder in holders:
        for way in holder.moves:
            if isinstance(way.because, LastFact):
                because = way.because
                label = writer.names.property_label(because.events, because.property)
                given = (say("reason given", property=label),)
                yield way.rule, tuple(_chosen(writer, way, because)) or given


def _chosen(writer: Writer, way: Move | TimeOut, because: LastFact) -> Iterator[str]:
    tests = list(_choices(writer, way.when)) if isinstance(way, Move) else []
    found = [test for test in tests if test.fact == because]
    values = because.type.values if isinstance(because.type, OneOfType) else ()
    for test in found:
        kept = set(test.values)
        values = tuple(one for one in values if (one in kept) is not test.negated)
    yield from (capital(value(one).strip("“”")) for one in values)


def _choices(writer: Writer, condition: Condition) -> Iterator[ChoiceTest]:
    match condition:
        case ChoiceTest():
            yield condition
        case All(members=members):
            for member in members:
                yield from _choices(writer, member)
        case Defined(name=name):
            yield from _choices(writer, writer.meaning(name))
        case _:
            return
