"""Ways out of a stage, and the targets in it, as English sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from leadpact.checked import (
    AnyStage,
    EventPattern,
    HandMove,
    LastFact,
    Move,
    Pause,
    Stage,
    Target,
    TargetBy,
    TargetEvery,
    TargetHandBack,
    TargetWithin,
    Tell,
    TimeOut,
    WakeUp,
)
from leadpact.english.happenings import happened, never_happened
from leadpact.english.names import Names
from leadpact.english.telling import dates, fits, packed, under
from leadpact.english.wording import (
    duration,
    field_noun,
    joined,
    number,
    percent,
    quoted,
    say,
    time_of_day,
)

__all__ = [
    "brings_parts",
    "from_stages",
    "hand_back_parts",
    "missed_when",
    "move_parts",
    "out_when",
    "reason",
    "target_parts",
]

# --- moves ---------------------------------------------------------------------------------------


def move_parts(
    names: Names, move: Move | TimeOut | HandMove, holder: Stage | AnyStage
) -> Iterator[str]:
    """The sentences of a way out of ``holder``: when it is taken, and what it brings with it."""
    yield from _way_out(names, move, holder)
    yield from brings_parts(names, move)


def brings_parts(names: Names, move: Move | TimeOut | HandMove) -> Iterator[str]:
    """What comes with a way out: worklists, how long the lead sleeps then, its dates."""
    for worklist in move.worklists:
        yield say("put on", worklist=quoted(names.worklists[worklist.name]))
    if move.wake_up is not None:
        yield from _wakes(names, move.wake_up)
    yield from dates(move.in_force)


def _way_out(
    names: Names, move: Move | TimeOut | HandMove, holder: Stage | AnyStage
) -> Iterator[str]:
    """``Moves to “MQL” when …``, ``Times out to “Nurture” after 7 days in which …``"""
    stage = names.stage(move.to)
    if isinstance(holder, Stage):
        yield from _leads_to(names, move, stage)
        return
    stages = from_stages(names, holder)
    said = list(_leads_to(names, move, say("out of", stage=stage, stages=stages)))
    if len(said) == 1 and fits(said[0]):
        yield said[0]
    else:
        yield from _leads_to(names, move, stage)
        yield say("this counts in", stages=stages)


def _leads_to(names: Names, move: Move | TimeOut | HandMove, stage: str) -> Iterator[str]:
    match move:
        case Move():
            yield from under(names, lambda c: say(move.how, stage=stage, condition=c), move.when)
        case TimeOut():
            never = never_happened(names, move.without)
            length = names.length(move.after)
            said = say("times out to", stage=stage, duration=length, never=never)
            if fits(said):
                yield said
            else:
                yield say("times out when", stage=stage, duration=length)
                yield never
        case HandMove():
            by = joined((names.parties[party] for party in move.by), "or")
            yield say("moves by hand to", stage=stage, parties=by)
        case _:
            assert_never(move)


def out_when(names: Names, move: TimeOut | HandMove) -> str:
    """When such a way out is taken, as a clause after "when"."""
    if isinstance(move, HandMove):
        by = joined((names.parties[party] for party in move.by), "or")
        return say("out by hand", parties=by)
    length, never = names.length(move.after), never_happened(names, move.without)
    return say("out after", duration=length, never=never)


def missed_when(names: Names, target: Target, back: TargetHandBack) -> str:
    """When a target's hand-back is taken, as a clause after "when"."""
    label = quoted(names.targets[target.name])
    if back.after is None:
        return say("out missed", target=label)
    return say("out missed after", target=label, duration=names.length(back.after))


def from_stages(names: Names, holder: AnyStage) -> str:
    """``any stage``, ``any stage except “Opportunity”``"""
    if not holder.excepted:
        return say("any stage")
    return say("any stage except", stages=joined(map(names.stage, holder.excepted), "and"))


def reason(names: Names, because: str | LastFact | None) -> str | None:
    """The policy's own text, or ``Why: the reason of the last “Rejected the lead”``."""
    if because is None or isinstance(because, str):
        return because
    return say("why", said=names.subject(because))


def _wakes(names: Names, wake: WakeUp) -> Iterator[str]:
    """``the lead sleeps for 60 days, or until the lead asked for a demo``"""
    pieces = []
    if wake.after is not None:
        pieces.append(say("sleeps after", duration=names.length(wake.after)))
    elif wake.on is not None:
        pieces.append(say("sleeps on", moment=names.subject(wake.on)))
    elif wake.before is not None:
        label = names.fields[wake.field] if wake.field is not None else None
        field = field_noun(label) if label is not None else ""
        pieces.append(say("sleeps before", duration=duration(wake.before), field=field))
    if wake.not_before is not None:
        pieces.append(say("sleeps at least", duration=duration(wake.not_before)))
    if wake.or_on is not None:
        key = "sleeps or until" if pieces else "sleeps until"
        pieces.append(say(key, event=_next(names, wake.or_on)))
    yield from packed(pieces)


def _next(names: Names, events: EventPattern) -> str:
    """The next such event as a noun: ``the next “Asked for a demo”``"""
    if events.name == "activity":
        return say("next activity")
    return say("next", event=quoted(names.event_label(events)))


# --- targets -------------------------------------------------------------------------------------


def target_parts(names: Names, target: Target, stage: Stage) -> Iterator[str]:
    """What is promised, when it counts, how its clock runs, and who is told when."""
    yield from _promise(names, target)
    if target.when is not None:
        yield from under(names, lambda c: say("target when", condition=c), target.when)
    if target.starts_when is not None:
        yield from under(names, lambda c: say("clock starts", condition=c), target.starts_when)
    for pause in target.pauses:
        yield from _pause(names, pause)
    yield from _tells(names, target, stage)
    yield from dates(target.in_force)


def _promise(names: Names, target: Target) -> Iterator[str]:
    said = say("target", target=quoted(names.targets[target.name]), done=_done(names, target))
    entered = target.starts_when is None
    match target.limit:
        case TargetWithin(length=length):
            key = "target within" if entered else "target within start"
            tail = say(key, duration=names.length(length))
        case TargetBy(minutes=minutes, calendar=calendar):
            tail = say("target by", time=time_of_day(minutes), calendar=names.calendars[calendar])
        case TargetEvery(length=length):
            tail = say("target every", duration=names.length(length))
        case _:
            assert_never(target.limit)
    whole = f"{said} {tail}"
    yield from [whole] if fits(whole) else [said, say("in time", limit=tail)]


def _done(names: Names, target: Target) -> str:
    if target.events is None:
        return say("left stage")
    many = target.at_least > 1
    active = target.events.name == "activity" and many
    said = say("things done") if active else happened(names, target.events)
    if many:
        said = say("at least times", event=said, number=number(target.at_least))
    if target.different is not None:
        count, name = target.different
        label = quoted(names.property_label(target.events, name))
        said = say("different >=", event=said, number=number(count), property=label)
    return said


def _pause(names: Names, pause: Pause) -> Iterator[str]:
    begins = say("clock pauses", event=happened(names, pause.start))
    if isinstance(pause.until, LastFact):
        label = quoted(names.property_label(pause.until.events, pause.until.property))
        ends = say("until day", property=label)
    else:
        ends = say("until event", event=happened(names, pause.until))
    whole = f"{begins}, {ends}"
    yield from [whole] if fits(whole) else [begins, say("pause lasts", until=ends)]


def _tells(names: Names, target: Target, stage: Stage) -> Iterator[str]:
    """``the owner is told at 75% of the time``, one sentence for each moment."""
    moments: dict[str, list[str]] = {}
    for tell in target.tells:
        moments.setdefault(_moment(names, tell), []).append(_told(names, tell, stage))
    for moment, people in moments.items():
        who = joined(people, "and")
        said = say("told" if len(people) == 1 else "are told", who=who, moment=moment)
        if fits(said):
            yield said
        else:
            yield from (say("told", who=one, moment=moment) for one in people)


def _told(names: Names, tell: Tell, stage: Stage) -> str:
    match tell.kind:
        case "owner":
            if stage.owner is None:
                return say("the owner")
            return say("owner", party=names.parties[stage.owner])
        case "party":
            return names.parties[tell.to]
        case "role":
            return names.roles[tell.to]
        case _:
            assert_never(tell.kind)


def _moment(names: Names, tell: Tell) -> str:
    if tell.percent is not None:
        return say("at percent", percent=percent(tell.percent))
    if tell.after is not None:
        return say("after missed", duration=names.length(tell.after))
    return say("when missed")


def hand_back_parts(names: Names, target: Target, back: TargetHandBack) -> Iterator[str]:
    """``Hands back to “Nurture” 8 business hours (Office) after “First contact” was missed``"""
    parts = {"stage": names.stage(back.to), "target": quoted(names.targets[target.name])}
    if back.after is None:
        said = say("target hands back", **parts)
    else:
        said = say("target hands back after", duration=names.length(back.after), **parts)
    yield said
    yield from dates(target.in_force)
