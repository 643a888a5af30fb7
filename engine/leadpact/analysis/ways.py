"""Stages that no lead enters or leaves, and moves that are never taken."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact import checked as c
from leadpact.analysis.findings import Period
from leadpact.analysis.logic import Formula
from leadpact.analysis.model import Model
from leadpact_dsl.source import Span

__all__ = ["all_moves", "look_at_moves", "look_at_stages", "taken", "ways_out"]


def ways_out(stage: c.Stage, policy: c.CheckedPolicy) -> Iterator[str]:
    """The stages to which something leads from this one, people's own moves included."""
    yield from (move.to for move in stage.moves)
    yield from (move.to for move in stage.by_hand)
    for target in stage.targets:
        yield from (back.to for back in target.hands_back)
    for everywhere in policy.any_stages:
        if stage.name not in everywhere.excepted:
            yield from (move.to for move in everywhere.moves if move.to != stage.name)
            yield from (move.to for move in everywhere.by_hand if move.to != stage.name)


def look_at_stages(period: Period) -> None:
    # A lead may have come by a move of another time.
    policy = period.whole
    leads = {stage.name: set(ways_out(stage, policy)) for stage in policy.stages}
    entered = {stage.name for stage in policy.stages if stage.start}
    waiting = list(entered)
    while waiting:
        further = leads.get(waiting.pop(), set()) - entered
        entered |= further
        waiting += further
    said: set[str] = set()
    for stage in policy.stages:
        lost = bool(entered) and stage.name not in entered and stage.name not in said
        # Of stages that only lead to each other, the first is enough.
        if lost:
            said |= _behind(stage.name, leads)
        period.say("E706", stage.name, stage.span, lost, lambda stage=stage: _lost(stage, period))  # type: ignore[misc]
        stuck = not stage.final and not leads[stage.name]
        period.say("W703", stage.name, stage.span, stuck, lambda stage=stage: _stuck(stage, period))  # type: ignore[misc]


def _behind(name: str, leads: dict[str, set[str]]) -> set[str]:
    found, waiting = {name}, [name]
    while waiting:
        further = leads.get(waiting.pop(), set()) - found
        found |= further
        waiting += further
    return found


def _lost(stage: c.Stage, period: Period) -> tuple[str, Span, str]:
    return (
        f"No lead can come to `{stage.name}`: nothing leads there.",
        period.places.name(stage.span, stage.name),
        f"Write `moves to {stage.name} when …` in another stage, or leave the stage out.",
    )


def _stuck(stage: c.Stage, period: Period) -> tuple[str, Span, str]:
    return (
        f"No lead can leave `{stage.name}`: it has no way out and is not `final`.",
        period.places.name(stage.span, stage.name),
        "Say how leads move on, or add the line `final`.",
    )


# --- moves ---------------------------------------------------------------------------------------


def look_at_moves(period: Period) -> None:
    """Moves whose condition no lead meets, or only leads that an earlier move has taken."""
    for move, stages in all_moves(period.policy):
        _move(move, stages, period)


def all_moves(policy: c.CheckedPolicy) -> Iterator[tuple[c.Move, list[c.Stage]]]:
    """All moves that conditions make happen, each with the stages out of which it leads."""
    for everywhere in policy.any_stages:
        for move in everywhere.moves:
            if isinstance(move, c.Move):
                yield move, [one for one in policy.stages if _acts(everywhere, move, one)]
    for stage in policy.stages:
        yield from ((move, [stage]) for move in stage.moves if isinstance(move, c.Move))


def _acts(everywhere: c.AnyStage, move: c.Move | c.TimeOut, stage: c.Stage) -> bool:
    return stage.name not in everywhere.excepted and move.to != stage.name


def moves_in(stage: c.Stage, policy: c.CheckedPolicy) -> Iterator[c.Move]:
    """The moves that conditions make happen in a stage, in the order in which they act."""
    for everywhere in policy.any_stages:
        for move in everywhere.moves:
            if isinstance(move, c.Move) and _acts(everywhere, move, stage):
                yield move
    yield from (move for move in stage.moves if isinstance(move, c.Move))


def taken(move: c.Move, stage: c.Stage, model: Model) -> tuple[Formula, Formula]:
    """That the move's condition is true in the stage; and that none above it is."""
    above: list[Formula] = []
    for other in moves_in(stage, model.policy):
        if other is move:
            break
        above.append(model.logic.negated(model.true(other.when)))
    when = model.logic.all_of((model.in_stage(stage.name), model.true(move.when)))
    return when, model.logic.all_of((when, *above))


def _move(move: c.Move, stages: list[c.Stage], period: Period) -> None:
    logic = period.model.logic
    ways = [taken(move, stage, period.model) for stage in stages]
    here = logic.any_of(period.model.in_stage(stage.name) for stage in stages)
    if not ways:
        return
    can = period.possible(logic.any_of(when for when, _ in ways), move.rule, move.span)
    if can is None:
        return
    never = period.say(
        "E702",
        move.rule,
        move.span,
        not can,
        lambda: (
            f"This can never hold: {period.why_never(move.when, here)}.",
            period.places.condition(move.span),
            "Change it, or leave the move out.",
        ),
    )
    if never:
        return
    first = period.possible(logic.any_of(first for _, first in ways), move.rule, move.span)
    if first is None:
        return
    period.say(
        "E705",
        move.rule,
        move.span,
        not first,
        lambda: (
            "This move is never taken: whenever it could be, one above it is taken first.",
            period.places.header(move.span),
            "The first move that holds is taken. Put it higher, change it, or leave it out.",
        ),
    )
