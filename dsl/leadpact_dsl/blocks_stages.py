"""The blocks that leads go through: `stage` and `any stage`, with their moves and targets."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from leadpact_dsl import nodes
from leadpact_dsl.building_lines import ClauseKind
from leadpact_dsl.building_parties import TextLine
from leadpact_dsl.building_stages import Flag
from leadpact_dsl.clauses import open_clauses, opened, texts
from leadpact_dsl.layout import Line
from leadpact_dsl.reader import Reading

__all__ = ["read_any_stage", "read_stage"]

_OF_EVERY_MOVE: Final[tuple[ClauseKind, ...]] = (
    "in force",
    "as",
    "because",
    "do",
    "note",
    "put on worklist",
    "wake up",
)
_OF_A_TARGET: Final[tuple[ClauseKind, ...]] = (
    "when",
    "starts when",
    "pauses from",
    "tell",
    "hands back to",
    "in force",
    "because",
    "means",
    "note",
)


def read_stage(reading: Reading, line: Line) -> nodes.StageBlock | None:
    """A block `stage` with all of its lines; ``None`` if its header could not be read."""
    block, below = opened(reading, line, "stage_header", nodes.StageBlock)
    rows = [row for _, row in _rows(reading, below)]
    if block is None:
        return None
    flags = [row for row in rows if isinstance(row, Flag)]
    return replace(
        block,
        start=tuple(flag.span for flag in flags if flag.word == "start"),
        final=tuple(flag.span for flag in flags if flag.word == "final"),
        means=texts(rows, "means"),
        moves=tuple(row for row in rows if isinstance(row, nodes.MoveLine)),
        may_contact=tuple(row for row in rows if isinstance(row, nodes.MayContact)),
        targets=tuple(row for row in rows if isinstance(row, nodes.TargetLine)),
        notes=texts(rows, "note"),
    )


def read_any_stage(reading: Reading, line: Line) -> nodes.AnyStageBlock | None:
    """A block `any stage`: moves and notes; other lines of a stage are told."""
    block, below = opened(reading, line, "any_stage_header", nodes.AnyStageBlock)
    rows = _rows(reading, below)
    for row_line, row in rows:
        note = isinstance(row, TextLine) and row.word == "note"
        if not note and not isinstance(row, nodes.MoveLine):
            said = " ".join(row_line.words.split()[:1])
            message = f"`{said}` cannot stand in `any stage`."
            help_ = "Only moves and notes can. Put this line into the stages that it is about."
            reading.tell(row_line, "E121", message, help_)
            reading.damage([row_line])
    if block is None:
        return None
    moves = tuple(row for _, row in rows if isinstance(row, nodes.MoveLine))
    return replace(block, moves=moves, notes=texts([row for _, row in rows], "note"))


def _rows(reading: Reading, lines: tuple[Line, ...]) -> list[tuple[Line, object]]:
    rows: list[tuple[Line, object]] = []
    for line in lines:
        # A target's name is used elsewhere, and its own lines can be read without it.
        keep = line.words.startswith("target ")
        read = reading.read(line, "stage_line", keep_beginning=keep)
        if read is None:
            if keep:
                open_clauses(reading, line.children, _OF_A_TARGET)
            continue
        node = read.node
        match node:
            case nodes.MoveLine():
                node = _move(reading, node, read.rest)
            case nodes.TargetLine():
                node = _target(reading, node, read.rest)
                if read.cut:
                    # What it asks for could not be read; its name counts as damaged.
                    continue
            case _:
                reading.refuse(read.rest)
        rows.append((line, node))
    return rows


def _move(reading: Reading, move: nodes.MoveLine, below: tuple[Line, ...]) -> nodes.MoveLine:
    kinds = _OF_EVERY_MOVE
    if move.how in ("moves to", "hands back to"):
        kinds = ("when", *kinds)
    clauses = open_clauses(reading, below, kinds)
    return replace(
        move,
        when=clauses.condition("when", move.when),
        in_force=clauses.in_force(move.in_force),
        as_name=clauses.name(move.as_name),
        because=clauses.reason(move.because),
        does=clauses.texts("do"),
        worklists=clauses.all("put on worklist", nodes.Worklist),
        wake_ups=clauses.all("wake up", nodes.WakeUp),
        notes=clauses.texts("note"),
    )


def _target(
    reading: Reading, target: nodes.TargetLine, below: tuple[Line, ...]
) -> nodes.TargetLine:
    clauses = open_clauses(reading, below, _OF_A_TARGET)
    return replace(
        target,
        when=clauses.condition("when", target.when),
        starts_when=clauses.condition("starts when", None),
        pauses=clauses.all("pauses from", nodes.Pause),
        tells=clauses.all("tell", nodes.Tell),
        hands_back=clauses.all("hands back to", nodes.TargetHandsBack),
        in_force=clauses.in_force(target.in_force),
        because=clauses.because(target.because),
        means=clauses.texts("means"),
        notes=clauses.texts("note"),
    )
