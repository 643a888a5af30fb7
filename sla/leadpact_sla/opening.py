"""The first paragraph of a policy: what makes the lead that sales wants, who owns it, by when."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact.checked import (
    Condition,
    Defined,
    EventTest,
    Move,
    Stage,
    Target,
    TargetWithin,
    TimeOut,
)
from leadpact.english.clauses import clause
from leadpact.english.happenings import happened, never_happened
from leadpact.english.telling import tell, under
from leadpact.english.wording import quoted
from leadpact_sla.clocks import limit_of, urgency
from leadpact_sla.model_pages import OpeningDoc
from leadpact_sla.words import say
from leadpact_sla.writing import Writer

__all__ = ["hand_offs", "opening", "short_name"]

_MQL = "mql"

_CLOCKS = 2
"""So many promises about time fit into a first paragraph."""


def opening(writer: Writer) -> OpeningDoc | None:
    """``None`` for a policy without moves.

    The paragraph is about the stage ``mql``; where there is none, about the first stage into which
    a lead is handed over, or else the first that it moves to.
    """
    way = _first_way(writer)
    if way is None:
        return None
    stages = {stage.name: stage for stage in writer.current.stages}
    start, move = way
    to = stages[move.to]
    clocked = [to, *(stages[one.to] for _, one in hand_offs(writer) if one.to != to.name)]
    by_when = next((found for one in clocked if (found := tuple(_by_when(writer, one)))), ())
    return OpeningDoc(
        becomes=_becomes(writer, to, move.when),
        owner=_owner(writer, start, to),
        by_when=by_when,
        means=_means(writer, move.when),
    )


def hand_offs(writer: Writer) -> tuple[tuple[Stage, Move], ...]:
    """The moves on by which a lead goes from one party to another, in the order of the stages."""
    stages = {stage.name: stage for stage in writer.current.stages}
    return tuple(
        (stage, move)
        for stage in writer.current.stages
        for move in stage.moves
        if isinstance(move, Move)
        and move.how == "moves to"
        and stage.owner is not None
        and stages[move.to].owner not in (None, stage.owner)
    )


def short_name(stage: Stage) -> str | None:
    """``MQL`` for a stage ``mql`` that is called "Marketing qualified lead"."""
    initials = "".join(word[0] for word in stage.label.split()).lower()
    return stage.name.upper() if len(initials) > 1 and initials == stage.name else None


def _first_way(writer: Writer) -> tuple[Stage, Move] | None:
    ways = [
        (stage, move)
        for stage in sorted(writer.current.stages, key=lambda one: not one.start)
        for move in stage.moves
        if isinstance(move, Move) and move.how == "moves to"
    ]
    to_mql = [way for way in ways if way[1].to == _MQL]
    over = [way for way in hand_offs(writer) if way[0].start]
    return next(iter([*to_mql, *over, *ways]), None)


def _becomes(writer: Writer, to: Stage, when: Condition) -> str:
    short = short_name(to)
    label = quoted(to.label) + (f" ({short})" if short else "")
    said = tell(
        writer.names,
        lambda names: under(names, lambda c: say("becomes", stage=label, condition=c), when),
    )
    return f"{said}."


def _means(writer: Writer, when: Condition) -> str | None:
    if not isinstance(when, Defined):
        return None
    named = next(one for one in writer.current.definitions if one.name == when.name)
    return f"{writer.says.definition(named)}."


def _owner(writer: Writer, start: Stage, to: Stage) -> str | None:
    here, there = writer.owner(start.owner), writer.owner(to.owner)
    if there is None:
        return None
    if here not in (None, there):
        return say("goes over", from_=here, to=there)
    said = say("then owns", party=there)
    for stage, move in hand_offs(writer):
        if stage.owner == to.owner:
            later = next(one for one in writer.current.stages if one.name == move.to)
            short = short_name(later) or quoted(later.label)
            return f"{said} {say('goes over as', to=writer.owner(later.owner), stage=short)}"
    return said


def _by_when(writer: Writer, stage: Stage) -> Iterator[str]:
    """The first promises about time, and when the lead goes back by itself."""
    back = next((way for way in stage.moves if isinstance(way, TimeOut)), None)
    soonest = sorted(stage.targets, key=urgency)
    for target in soonest[: _CLOCKS if back is None else _CLOCKS - 1]:
        yield _due(writer, target)
    if back is not None:
        yield say(
            "goes back",
            stage=writer.names.stage(back.to),
            duration=writer.names.length(back.after),
            never=never_happened(writer.names, back.without),
        )


def _due(writer: Writer, target: Target) -> str:
    limit, of = limit_of(writer, target)
    if isinstance(target.limit, TargetWithin):
        limit = say("limit within", limit=limit)
    if of is not None:
        limit = say("limit of", limit=limit, calendar=of)
    if target.starts_when is None:
        return say("due", target=target.label, limit=limit)
    return say("due once", target=target.label, limit=limit, start=_start(writer, target))


def _start(writer: Writer, target: Target) -> str:
    """When the clock starts; an event there is one in the stage, without saying so."""
    test = target.starts_when
    assert test is not None
    if isinstance(test, EventTest) and test.op == ">=" and test.count == 1:
        return happened(writer.names, test.events)
    return clause(writer.names, test)
