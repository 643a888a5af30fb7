"""The life of a lead in the document: stages, ways out of them, targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from leadpact.checked import (
    AnyStage,
    HandMove,
    Move,
    Stage,
    Target,
    TargetHandBack,
    TimeOut,
)
from leadpact.english.life import from_stages, missed_when, out_when
from leadpact.english.wording import joined, quoted
from leadpact_sla.model import Clause
from leadpact_sla.model_policy import EntryDoc, MoveDoc, StageDoc, TargetDoc, WorklistDoc
from leadpact_sla.opening import short_name
from leadpact_sla.places import anchor
from leadpact_sla.words import say
from leadpact_sla.writing import Writer, capital

__all__ = ["moves", "stages", "targets", "worklists"]

# --- ways out ------------------------------------------------------------------------------------

_WayOut: TypeAlias = Move | TimeOut | HandMove


def moves(writer: Writer) -> Iterator[MoveDoc]:
    """All ways out, numbered: a stage's own as written, its targets' hand-backs, its moves by
    hand; those out of any stage come last.
    """
    number = 0
    for stage in writer.policy.stages:
        for move in stage.moves:
            yield _move(writer, stage, move, number := number + 1)
        for target in stage.targets:
            for back in target.hands_back:
                yield _hand_back(writer, stage, target, back, number := number + 1)
        for by_hand in stage.by_hand:
            yield _move(writer, stage, by_hand, number := number + 1)
    for holder in writer.policy.any_stages:
        for way in (*holder.moves, *holder.by_hand):
            yield _move(writer, holder, way, number := number + 1)


def _move(writer: Writer, holder: Stage | AnyStage, move: _WayOut, number: int) -> MoveDoc:
    says = writer.says
    if isinstance(holder, Stage):
        start, start_label = holder.name, holder.label
    else:
        start, start_label = None, capital(from_stages(writer.names, holder))
    return MoveDoc(
        rule=writer.rule(
            move.rule,
            says.move(holder, move),
            move.span,
            says.reason(move.because),
            span_of_days=move.in_force,
            notes=move.notes,
        ),
        kind=_kind(move),
        number=number,
        start=start,
        to=move.to,
        start_label=start_label,
        to_label=writer.names.stages[move.to],
        clauses=_clauses(writer, move),
        brings=says.brings(move),
        does=move.does,
    )


def _kind(move: _WayOut) -> Literal["move", "hand back", "time out", "by hand"]:
    match move:
        case Move(how="moves to"):
            return "move"
        case Move():
            return "hand back"
        case TimeOut():
            return "time out"
        case HandMove():
            return "by hand"


def _clauses(writer: Writer, move: _WayOut) -> tuple[Clause, ...]:
    if isinstance(move, Move):
        return writer.unfold(move.when)
    return (Clause(out_when(writer.names, move)),)


def _hand_back(
    writer: Writer, stage: Stage, target: Target, back: TargetHandBack, number: int
) -> MoveDoc:
    missed = Clause(missed_when(writer.names, target, back), href=writer.places.target(target.rule))
    return MoveDoc(
        rule=writer.rule(
            back.rule,
            writer.says.hand_back(target, back),
            back.span,
            back.because,
            span_of_days=target.in_force,
        ),
        kind="hand back",
        number=number,
        start=stage.name,
        to=back.to,
        start_label=stage.label,
        to_label=writer.names.stages[back.to],
        clauses=(missed,),
        brings=(dates,) if (dates := writer.dates(target.in_force)) is not None else (),
        does=(),
    )


# --- targets -------------------------------------------------------------------------------------


def targets(writer: Writer, ways: tuple[MoveDoc, ...]) -> Iterator[TargetDoc]:
    """The targets of all stages, each with the numbers of the hand-backs that a miss brings."""
    numbers = {way.rule.rule: way.number for way in ways}
    for stage in writer.policy.stages:
        for target in stage.targets:
            lines = writer.says.target(stage, target)
            yield TargetDoc(
                rule=writer.rule(
                    target.rule,
                    ". ".join(lines),
                    target.span,
                    target.because,
                    span_of_days=target.in_force,
                    notes=target.notes,
                ),
                label=target.label,
                stage=stage.label,
                lines=lines,
                means=target.means,
                numbers=tuple(numbers[back.rule] for back in target.hands_back),
            )


def worklists(writer: Writer, ways: tuple[MoveDoc, ...]) -> Iterator[WorklistDoc]:
    """Every worklist, with the moves that put leads on it."""
    numbers = {way.rule.rule: way.number for way in ways}
    found: dict[str, list[int]] = {}
    holders: tuple[Stage | AnyStage, ...] = (*writer.policy.stages, *writer.policy.any_stages)
    for holder in holders:
        for way in (*holder.moves, *holder.by_hand):
            for worklist in way.worklists:
                found.setdefault(worklist.name, []).append(numbers[way.rule])
    for name, moved in found.items():
        label = writer.names.worklists[name]
        yield WorklistDoc(anchor("worklist", name), label, tuple(sorted(set(moved))))


# --- stages --------------------------------------------------------------------------------------


def stages(writer: Writer, ways: tuple[MoveDoc, ...]) -> Iterator[StageDoc]:
    tones = {party.name: tone for tone, party in enumerate(writer.policy.parties)}
    for stage in writer.policy.stages:
        yield StageDoc(
            name=stage.name,
            label=stage.label,
            short=short_name(stage),
            owner=writer.owner(stage.owner),
            tone=tones[stage.owner] if stage.owner is not None else None,
            start=stage.start,
            final=stage.final,
            ends=_ends(writer, stage),
            means=stage.means,
            entries=tuple(_entries(stage.name, ways)),
            may_contact=_may_contact(writer, stage),
            notes=stage.notes,
            source=writer.places.source(stage.span),
        )


def _ends(writer: Writer, stage: Stage) -> str | None:
    """That a lead stays in a final stage, as far as it does."""
    if not stage.final:
        return None
    anywhere = [block for block in writer.policy.any_stages if stage.name not in block.excepted]
    ways = [move for block in anywhere for move in (*block.moves, *block.by_hand)]
    left = stage.by_hand or any(move.to != stage.name for move in ways)
    return say("final but") if left else say("final")


def _may_contact(writer: Writer, stage: Stage) -> str | None:
    if not stage.may_contact:
        return None
    parties = joined((writer.names.parties[party] for party in stage.may_contact), "and")
    return say("may contact", parties=parties)


def _entries(stage: str, ways: tuple[MoveDoc, ...]) -> Iterator[EntryDoc]:
    """The ways into a stage, in the order of their first move."""
    found: dict[tuple[Clause, ...], list[MoveDoc]] = {}
    for move in ways:
        if move.to == stage:
            found.setdefault(move.clauses, []).append(move)
    for clauses, same in found.items():
        labels = dict.fromkeys(_start(move) for move in same)
        numbers = tuple(move.number for move in same)
        yield EntryDoc(numbers, say("gets here", stages=joined(labels, "or")), clauses)


def _start(move: MoveDoc) -> str:
    if move.start is None:
        return move.start_label[:1].lower() + move.start_label[1:]
    return quoted(move.start_label)
