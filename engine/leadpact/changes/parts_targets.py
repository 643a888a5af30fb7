"""Targets: what is promised, when it counts, how its clock runs, who is told."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact.changes.meaning import Ref
from leadpact.changes.part import Block, Fact, Part, asked, fact, listed, texts, words
from leadpact.checked import (
    EventPattern,
    Pause,
    Stage,
    Target,
    TargetBy,
    TargetEvery,
    TargetHandBack,
    TargetWithin,
    Tell,
)
from leadpact.english import Sayings, number
from leadpact.english.happenings import happened
from leadpact.english.names import Names
from leadpact.english.wording import lower_first, percent, quoted, time_of_day

__all__ = ["target_parts"]


def target_parts(
    names: Names, says: Sayings, stage: Stage, target: Target, block: Block
) -> Iterator[Part]:
    yield Part(
        "target",
        target.rule,
        lambda: quoted(target.label),
        block,
        (
            words("label", target.label),
            *_done(names, target),
            fact("time", target.limit, lambda: _limit(names, target)),
            asked(names, "counts while", target.when),
            asked(names, "clock starts when", target.starts_when),
            listed("clock pauses", ((one, _pause(names, one)) for one in target.pauses)),
            listed("told", ((_to(one), _tell(names, one)) for one in target.tells), "agreement"),
            words("because", target.because),
            texts("means", target.means),
            texts("notes", target.notes),
        ),
        lambda: ". ".join(says.target(stage, target)),
        "decisions",
        target.span,
        target.in_force,
        label=target.label,
    )
    for back in target.hands_back:
        yield _hand_back(names, says, target, back, block)


def _done(names: Names, target: Target) -> Iterator[Fact]:
    events, different = target.events, target.different
    label = quoted(names.property_label(events, different[1])) if events and different else ""
    yield fact(
        "done when", events, lambda: happened(names, events) if events else "the lead left it"
    )
    yield fact("how often", target.at_least, lambda: f"at least {number(target.at_least)} times")
    yield fact(
        "different",
        (different[0], Ref("property", different[1])) if different else None,
        lambda: f"at least {number(different[0])} values of {label}" if different else "",
    )


def _limit(names: Names, target: Target) -> str:
    match target.limit:
        case TargetWithin(length=length):
            return f"within {names.length(length)}"
        case TargetBy(minutes=minutes, calendar=calendar):
            return f"by {time_of_day(minutes)} of {names.calendars[calendar]}"
        case TargetEvery(length=length):
            return f"every {names.length(length)}"


def _pause(names: Names, pause: Pause) -> str:
    begins = happened(names, pause.start)
    if isinstance(pause.until, EventPattern):
        return f"after {begins}, until {happened(names, pause.until)}"
    label = quoted(names.property_label(pause.until.events, pause.until.property))
    return f"after {begins}, until the day given as {label}"


def _to(tell: Tell) -> object:
    who = tell.to if tell.kind == "owner" else Ref(tell.kind, tell.to)
    return who, tell.percent, tell.after


def _tell(names: Names, tell: Tell) -> str:
    if tell.kind == "owner":
        who = "the owner"
    else:
        who = (names.parties if tell.kind == "party" else names.roles)[tell.to]
    if tell.percent is not None:
        return f"{who} at {percent(tell.percent)} of the time"
    if tell.after is not None:
        return f"{who} {names.length(tell.after)} after it was missed"
    return f"{who} when it is missed"


def _hand_back(
    names: Names, says: Sayings, target: Target, back: TargetHandBack, block: Block
) -> Part:
    after = back.after
    return Part(
        "hand-back",
        back.rule,
        lambda: f"To {names.stage(back.to)}, when {quoted(target.label)} is missed",
        block,
        (
            fact("leads to", Ref("stage", back.to), lambda: names.stage(back.to)),
            fact(
                "time",
                after,
                lambda: f"{names.length(after)} after it was missed" if after else "at once",
            ),
            words("because", back.because),
        ),
        lambda: lower_first(says.hand_back(target, back)),
        "decisions",
        back.span,
        target.in_force,
    )
