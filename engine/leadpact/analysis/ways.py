"""Stages that no lead enters or leaves, and moves that are never taken."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact import checked as c
from leadpact.analysis.findings import Period
from leadpact.analysis.logic import TRUE, Formula
from leadpact_dsl.source import Span

__all__ = ["look_at_moves", "look_at_stages", "ways_out"]


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
    policy = period.policy
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
    policy = period.policy
    for everywhere in policy.any_stages:
        above: list[Formula] = []
        for move in everywhere.moves:
            if isinstance(move, c.Move):
                _move(move, TRUE, above, period)
                above.append(period.model.true(move.when))
    for stage in policy.stages:
        here = period.model.in_stage(stage.name)
        above = [
            period.model.true(move.when)
            for everywhere in policy.any_stages
            if stage.name not in everywhere.excepted
            for move in everywhere.moves
            if isinstance(move, c.Move) and move.to != stage.name
        ]
        for move in stage.moves:
            if isinstance(move, c.Move):
                _move(move, here, above, period)
                above.append(period.model.true(move.when))


def _move(move: c.Move, here: Formula, above: list[Formula], period: Period) -> None:
    logic = period.model.logic
    when = logic.all_of((here, period.model.true(move.when)))
    can = period.possible(when, move.rule, move.span)
    if can is None:
        return
    never = period.say(
        "E702",
        move.rule,
        move.span,
        not can,
        lambda: (
            f"This can never hold: {period.why_never(move.when)}.",
            period.places.condition(move.span),
            "Change it, or leave the move out.",
        ),
    )
    if never:
        return
    first = period.possible(logic.all_of((when, *map(logic.negated, above))), move.rule, move.span)
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
