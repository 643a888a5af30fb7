"""Stages: who owns them, the ways out of them, and the targets in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never

from leadpact.arrivals import all_moves, worklists
from leadpact.changes.change import Touches
from leadpact.changes.meaning import Ref
from leadpact.changes.part import (
    Block,
    Fact,
    Order,
    Part,
    Says,
    asked,
    fact,
    listed,
    texts,
    words,
)
from leadpact.changes.parts_people import owner_fact
from leadpact.changes.parts_targets import target_parts
from leadpact.checked import (
    AnyStage,
    CheckedPolicy,
    HandMove,
    LastFact,
    Move,
    Stage,
    TimeOut,
)
from leadpact.english import Sayings
from leadpact.english.happenings import never_happened
from leadpact.english.life import brings_parts, from_stages
from leadpact.english.names import Names
from leadpact.english.telling import tell
from leadpact.english.wording import lower_first, quoted

__all__ = ["stage_orders", "stage_parts"]

_Way: TypeAlias = Move | TimeOut | HandMove

_ANY = Block("any stage", "Any stage")
_WORKLISTS = Block("worklists", "Worklists")


def stage_parts(names: Names) -> Iterator[Part]:
    says = Sayings(names.policy)
    notes = [note for one in names.policy.any_stages for note in one.notes]
    if notes:
        yield _any_stage(names.policy, notes)
    for holder in names.policy.any_stages:
        for move in (*holder.moves, *holder.by_hand):
            yield _move(names, says, holder, move, _ANY)
    for stage in names.policy.stages:
        block = _block(stage)
        yield _stage(names, stage, block)
        for move in (*stage.moves, *stage.by_hand):
            yield _move(names, says, stage, move, block)
        for target in stage.targets:
            yield from target_parts(names, says, stage, target, block)
    yield from _worklists(names.policy)


def _block(stage: Stage) -> Block:
    return Block(f"stage {stage.name}", f"Stage {quoted(stage.label)}")


def _stage(names: Names, stage: Stage, block: Block) -> Part:
    contacts = ((Ref("any", name), _who(names, name)) for name in stage.may_contact)
    return Part(
        "stage",
        stage.name,
        lambda: quoted(stage.label),
        block,
        (
            words("label", stage.label),
            owner_fact(names, stage.owner),
            _mark("where leads start", stage.start),
            _mark("final", stage.final),
            listed("may contact the lead", contacts, "agreement"),
            texts("means", stage.means),
            texts("notes", stage.notes),
        ),
        lambda: f"the stage {quoted(stage.label)}",
        "decisions",
        stage.span,
        label=stage.label,
    )


def _who(names: Names, name: str) -> str:
    return names.parties.get(name) or names.roles.get(name) or name


def _mark(what: str, marked: bool) -> Fact:
    return Fact(what, marked, lambda: "yes" if marked else "no", "decisions")


def _any_stage(policy: CheckedPolicy, notes: list[str]) -> Part:
    return Part(
        "any stage",
        "any_stage",
        lambda: "",
        _ANY,
        (texts("notes", notes),),
        lambda: "rules for any stage",
        "words",
        policy.any_stages[0].span,
    )


# --- ways out ------------------------------------------------------------------------------------


def _move(names: Names, says: Sayings, holder: Stage | AnyStage, move: _Way, block: Block) -> Part:
    # Nobody decides by what people do by hand.
    touches: Touches = "agreement" if isinstance(move, HandMove) else "decisions"
    listed_on = ((Ref("worklist", one.name), quoted(one.label)) for one in move.worklists)
    wake = move.wake_up
    alone = replace(move, worklists=(), in_force=None)
    return Part(
        _sort(move),
        move.rule,
        lambda: f"To {names.stage(move.to)}",
        block,
        (
            fact("leads to", Ref("stage", move.to), lambda: names.stage(move.to), touches),
            *_from(names, holder, touches),
            *_taken(names, move),
            _reason(says, move.because),
            listed("goes on the list", listed_on, touches),
            fact(
                "sleeps",
                wake,
                lambda: tell(names, lambda known: brings_parts(known, alone)) if wake else "",
                touches,
            ),
            texts("what to do", move.does),
            texts("notes", move.notes),
        ),
        lambda: says.move(holder, move),
        touches,
        move.span,
        move.in_force,
    )


def _sort(move: _Way) -> str:
    match move:
        case Move(how="hands back to"):
            return "hand-back"
        case Move():
            return "move"
        case TimeOut():
            return "time-out"
        case HandMove():
            return "move by hand"
        case _:
            assert_never(move)


def _from(names: Names, holder: Stage | AnyStage, touches: Touches) -> Iterator[Fact]:
    if isinstance(holder, AnyStage):
        excepted = tuple(sorted(holder.excepted))
        stages = tuple(Ref("stage", name) for name in excepted)
        yield fact("from", stages, lambda: from_stages(names, holder), touches)
        yield owner_fact(names, holder.owner)


def _taken(names: Names, move: _Way) -> Iterator[Fact]:
    """When the way is taken, or by whom."""
    match move:
        case Move():
            yield asked(names, "condition", move.when)
        case TimeOut():
            yield fact("time", move.after, lambda: names.length(move.after))
            never = never_happened(names, move.without)
            yield fact("without", move.without, lambda: lower_first(never))
        case HandMove():
            by = ((Ref("party", party), names.parties[party]) for party in move.by)
            yield listed("made by", by, "agreement")
        case _:
            assert_never(move)


def _reason(says: Sayings, because: str | LastFact | None) -> Fact:
    if because is None or isinstance(because, str):
        return words("because", because)
    return fact("because", because, lambda: says.reason(because) or "", "words")


def _worklists(policy: CheckedPolicy) -> Iterator[Part]:
    for worklist in worklists(policy):
        label = worklist.label
        yield Part(
            "worklist",
            worklist.name,
            _later(label),
            _WORKLISTS,
            (words("label", label),),
            _later(label),
            "decisions",
            next(move.span for move in all_moves(policy) if _puts_on(move, worklist.name)),
            label=label,
        )


def _puts_on(move: _Way, name: str) -> bool:
    return any(worklist.name == name for worklist in move.worklists)


def stage_orders(names: Names) -> Iterator[Order]:
    """The first way out that is open is taken: any stage's before the stage's own."""
    policy = names.policy
    general = [move for holder in policy.any_stages for move in holder.moves]
    if general:
        yield _order(names, _ANY, "ways out of any stage", general)
    for stage in policy.stages:
        if stage.moves:
            yield _order(names, _block(stage), "ways out", list(stage.moves))
    if policy.refusals:
        yield Order(
            "refusals",
            Block("refusals", "Turned away"),
            "what is looked at first",
            tuple(refusal.rule for refusal in policy.refusals),
            tuple(_later(refusal.rule) for refusal in policy.refusals),
            "decisions",
            policy.refusals[0].span,
        )


def _order(names: Names, block: Block, what: str, moves: list[Move | TimeOut]) -> Order:
    # Time-outs are taken after all others, wherever they stand.
    ordered = sorted(moves, key=lambda move: isinstance(move, TimeOut))
    return Order(
        block.key,
        block,
        what,
        tuple(move.rule for move in ordered),
        tuple(_later(names.stages[move.to]) for move in ordered),
        "decisions",
        moves[0].span,
    )


def _later(label: str) -> Says:
    return lambda: quoted(label)
