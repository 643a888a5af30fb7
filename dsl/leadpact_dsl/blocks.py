"""Blocks: which lines may stand below which header, and what becomes of them.

One function a block. Each reads its header, then the lines below it by the rule that this block
allows, and adds them to the block that the header became.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, cast

from leadpact_dsl import nodes
from leadpact_dsl.block_words import block_word
from leadpact_dsl.blocks_parties import (
    read_calendar,
    read_list,
    read_party,
    read_policy,
    read_role,
)
from leadpact_dsl.blocks_points import read_grade, read_score
from leadpact_dsl.blocks_promises import read_agreement, read_guarantee
from leadpact_dsl.blocks_stages import read_any_stage, read_stage
from leadpact_dsl.building_examples import StepLine
from leadpact_dsl.building_lines import ClauseKind, Refusal
from leadpact_dsl.clauses import open_clauses, opened, plain_rows
from leadpact_dsl.editing import Mistake, apply
from leadpact_dsl.grammar import Start, Stop, read_line
from leadpact_dsl.layout import Line, in_line
from leadpact_dsl.looking import look_at
from leadpact_dsl.missing_header import misread, without_header
from leadpact_dsl.reader import Reading

__all__ = ["read_blocks"]


def read_blocks(reading: Reading, lines: tuple[Line, ...]) -> Iterator[nodes.Block]:
    """The blocks that these outermost lines open."""
    astray = False
    for line in lines:
        if line.headless:
            reading.damage([line])
            continue
        word, mended, mistake = block_word(line.text)
        if mistake is not None and word is not None and (slip := _in_capitals(line, word)):
            mended, mistake = apply(line.text, slip.edits), slip
        if mistake is not None:
            # A page of prose is one mistake, not one for each of its lines.
            silent = line.told or (astray and word is None and not line.children)
            if not silent:
                fixed = mended.text + line.tail if word else None
                told = in_line(line.file, line.number, mistake, line.text, fixed)
                reading.diagnostics.append(told)
        astray = word is None
        if word is None:
            reading.damage([line])
            continue
        before = len(reading.diagnostics)
        block = _READERS[word](reading, replace(line, text=mended))
        if len(reading.diagnostics) > before:
            found = reading.diagnostics[before:]
            if mistake is not None and misread(line, found):
                # Another block was meant, which nobody can tell for sure.
                del reading.diagnostics[before:]
                reading.damage([line])
                continue
            reading.diagnostics[before:] = without_header(word, line, found)
        if block is not None:
            yield block


def _in_capitals(line: Line, word: str) -> Mistake | None:
    """A header of which capitals are all that is wrong."""
    if word not in line.text.text.lower():
        return None
    # Loaded only now: most policies that are read have no mistake.
    from leadpact_dsl.spelling import shouted

    text, start = line.text.text, cast(Start, f"{word.replace(' ', '_')}_header")
    found = read_line(text, start)
    return shouted(look_at(text, start, found)) if isinstance(found, Stop) else None


# --- lead and events ---------------------------------------------------------------------------


def _lead(reading: Reading, line: Line) -> nodes.LeadBlock | None:
    block, below = opened(reading, line, "lead_header", nodes.LeadBlock)
    fields: list[nodes.FieldLine] = []
    refusals: list[nodes.RefusedLine] = []
    for row in below:
        read = reading.read(row, "lead_line")
        if read is None:
            continue
        match read.node:
            case Refusal() as refusal:
                refusals += _refusal(reading, row, refusal, read.rest)
            case node:
                reading.refuse(read.rest)
                fields.append(cast(nodes.FieldLine, node))
    return replace(block, fields=tuple(fields), refusals=tuple(refusals)) if block else None


def _refusal(
    reading: Reading, line: Line, refusal: Refusal, below: tuple[Line, ...]
) -> Iterator[nodes.RefusedLine]:
    clauses = open_clauses(reading, below, ("when", "in force", "as", "because"))
    when = clauses.condition("when", refusal.when)
    as_name = clauses.name(refusal.tail.as_name)
    because = clauses.because(cast(nodes.Quoted | None, refusal.tail.because))
    in_force = clauses.in_force(refusal.tail.in_force)
    if when is not None:
        yield nodes.RefusedLine(when, as_name, because, refusal.span, in_force)
    else:
        help_ = 'Write for example `refused when email is unknown because "No address"`.'
        clauses.miss(line, "Refused when? The condition is missing.", help_)


def _events(start: Start) -> Callable[[Reading, Line], nodes.EventsBlock | None]:
    def events(reading: Reading, line: Line) -> nodes.EventsBlock | None:
        block, below = opened(reading, line, start, nodes.EventsBlock)
        kinds: list[nodes.KindLine | nodes.DerivedLine] = []
        for row in below:
            read = reading.read(row, "kind_line", keep_beginning=bool(row.children))
            if read is None:
                continue
            match read.node:
                case nodes.KindLine() as kind:
                    fields = plain_rows(reading, read.rest, "field")
                    properties = tuple(cast(nodes.FieldLine, line) for line in fields)
                    kinds.append(replace(kind, properties=properties))
                case node:
                    reading.refuse(read.rest)
                    kinds.append(cast(nodes.DerivedLine, node))
        return replace(block, kinds=tuple(kinds)) if block else None

    return events


# --- define, group, checklist ------------------------------------------------------------------


def _define(reading: Reading, line: Line) -> nodes.DefineBlock | None:
    kinds: tuple[ClauseKind, ...] = ("when", "because", "means", "note")
    read = reading.read(line, "define_header")
    if read is None:
        # What stands below a `when` that could not be read is a part of it.
        rest = () if " when" in line.text.text else line.children
        open_clauses(reading, rest, kinds)
        return None
    clauses = open_clauses(reading, read.rest, kinds)
    block = cast(nodes.DefineBlock, read.node)
    return replace(
        block,
        whens=block.whens + clauses.all("when", nodes.DatedWhen),
        because=clauses.because(block.because),
        means=clauses.texts("means"),
        notes=clauses.texts("note"),
    )


def _group(reading: Reading, line: Line) -> nodes.GroupBlock | None:
    block, below = opened(reading, line, "group_header", nodes.GroupBlock)
    rows: list[nodes.GroupRow] = []
    for row in below:
        read = reading.read(row, "group_row")
        if read is None:
            continue
        node = cast(nodes.GroupRow, read.node)
        kinds: tuple[ClauseKind, ...] = ("when", "in force", "because", "do", "means", "note")
        clauses = open_clauses(reading, read.rest, kinds)
        if node.kind == "when":
            node = replace(node, when=clauses.condition("when", node.when))
            if node.when is None:
                help_ = "Write `when` and a condition, or `otherwise` on the last row."
                clauses.miss(row, f"`{node.name.text}` has no `when`.", help_)
        rows.append(
            replace(
                node,
                in_force=clauses.in_force(node.in_force),
                because=clauses.because(node.because),
                does=clauses.texts("do"),
                means=clauses.texts("means"),
                notes=clauses.texts("note"),
            )
        )
    return replace(block, rows=tuple(rows)) if block else None


def _checklist(reading: Reading, line: Line) -> nodes.ChecklistBlock | None:
    block, below = opened(reading, line, "checklist_header", nodes.ChecklistBlock)
    items: list[nodes.ItemLine] = []
    needs: list[nodes.NeedsItems] = []
    for row in below:
        read = reading.read(row, "checklist_line")
        if read is None:
            continue
        match read.node:
            case nodes.ItemLine() as item:
                items.append(_item(reading, item, read.rest))
            case node:
                reading.refuse(read.rest)
                needs.append(cast(nodes.NeedsItems, node))
    return replace(block, items=tuple(items), needs=tuple(needs)) if block else None


def _item(reading: Reading, item: nodes.ItemLine, below: tuple[Line, ...]) -> nodes.ItemLine:
    kinds: tuple[ClauseKind, ...] = (
        "met when",
        "not met when",
        "answered by",
        "because",
        "means",
        "note",
    )
    clauses = open_clauses(reading, below, kinds)
    answered = clauses.answered(item.answered_by)
    return replace(
        item,
        met_when=clauses.condition("met when", item.met_when),
        not_met_when=clauses.condition("not met when", item.not_met_when),
        answered_by=answered[0] if answered else None,
        good_for=item.good_for or (answered[1] if answered else None),
        because=clauses.because(item.because),
        means=clauses.texts("means"),
        notes=clauses.texts("note"),
    )


# --- example -----------------------------------------------------------------------------------


def _example(reading: Reading, line: Line) -> nodes.ExampleBlock | None:
    block, below = opened(reading, line, "example_header", nodes.ExampleBlock)
    as_of: list[nodes.Clock | nodes.Day] = []
    given: list[nodes.GivenField | nodes.GivenEvent | nodes.GivenStage] = []
    expects: list[nodes.Expectation] = []
    steps: list[nodes.Step] = []
    for row in below:
        # What stands below a step can be read without it.
        keep = bool(row.children) and row.words.startswith(("after ", "on "))
        read = reading.read(row, "example_line", keep_beginning=keep)
        if read is None:
            continue
        if isinstance(read.node, StepLine):
            found = [*_step(reading, row, read.node, read.rest)]
            steps += found if not read.cut else []
            continue
        reading.refuse(read.rest)
        match read.node:
            case nodes.Clock() | nodes.Day() as instant:
                as_of.append(instant)
            case nodes.GivenField() | nodes.GivenEvent() | nodes.GivenStage() as fact:
                given.append(fact)
            case node:
                expects.append(cast(nodes.Expectation, node))
    if block is None:
        return None
    return replace(
        block,
        as_of=tuple(as_of),
        given=tuple(given),
        expects=tuple(expects),
        steps=tuple(steps),
    )


def _step(
    reading: Reading, line: Line, step: StepLine, below: tuple[Line, ...]
) -> Iterator[nodes.Step]:
    """The step of a line, unless nothing of what it expects can be read."""
    if step.expect is not None:
        if below:
            message = "The line above expects something already, so nothing can stand below it."
            help_ = "Put what it expects on a line of its own below, too."
            reading.tell(below[0], "E120", message, help_)
            reading.damage(below)
        yield nodes.Step(step.when, (step.expect,), step.span)
        return
    expects = tuple(plain_rows(reading, below, "step_line"))
    if expects:
        yield nodes.Step(step.when, cast(tuple[nodes.Expectation, ...], expects), step.span)
    elif not below:
        help_ = f"Write it behind a `:`, as in `{line.words}: expect stays`, or one a line below."
        reading.tell(line, "E124", "What is expected then?", help_)


_READERS: Final[dict[str, Callable[[Reading, Line], nodes.Block | None]]] = {
    "policy": read_policy,
    "party": read_party,
    "role": read_role,
    "calendar": read_calendar,
    "list": read_list,
    "lead": _lead,
    "activities": _events("activities_header"),
    "signals": _events("signals_header"),
    "actions": _events("actions_header"),
    "score": read_score,
    "grade": read_grade,
    "define": _define,
    "group": _group,
    "checklist": _checklist,
    "stage": read_stage,
    "any stage": read_any_stage,
    "agreement": read_agreement,
    "guarantee": read_guarantee,
    "example": _example,
}
