"""From a line's tree to nodes: stages, moves, targets, and the lines that these carry."""

from __future__ import annotations

from typing import Literal, cast

from leadpact_dsl import nodes
from leadpact_dsl.building import Parts, Place, rule, words_of
from leadpact_dsl.building_lines import Clause, Tail
from leadpact_dsl.building_parties import time_of_day
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = ["Flag"]


@frozen
class Flag:
    """A line that is one word: ``start`` or ``final``."""

    word: Literal["start", "final"]
    span: Span


@rule
def stage_header(_place: Place, parts: Parts, span: Span) -> nodes.StageBlock:
    return nodes.StageBlock(parts[0], parts[1], parts[2], (), (), (), (), span)


@rule
def any_stage_header(_place: Place, parts: Parts, span: Span) -> nodes.AnyStageBlock:
    return nodes.AnyStageBlock(parts[0] or (), parts[1], (), (), span)


@rule
def stage_start(_place: Place, _parts: Parts, span: Span) -> Flag:
    return Flag("start", span)


@rule
def stage_final(_place: Place, _parts: Parts, span: Span) -> Flag:
    return Flag("final", span)


@rule
def may_contact(_place: Place, parts: Parts, span: Span) -> nodes.MayContact:
    return nodes.MayContact(parts[0], span)


# --- moves -------------------------------------------------------------------------------------


@rule
def move_tail(_place: Place, parts: Parts, _span: Span) -> Tail:
    return Tail(parts[0], parts[1], parts[2])


@rule
def move(_place: Place, parts: Parts, span: Span) -> nodes.MoveLine:
    how, to, when, tail = parts
    said = cast(Literal["moves to", "hands back to"], words_of(how))
    return nodes.MoveLine(said, to, when, tail.as_name, tail.because, span, tail.in_force)


@rule
def time_out(_place: Place, parts: Parts, span: Span) -> nodes.MoveLine:
    _, to, *_, length, without, tail = parts
    return nodes.MoveLine(
        "times out to",
        to,
        None,
        tail.as_name,
        tail.because,
        span,
        tail.in_force,
        after=length,
        without=without,
    )


@rule
def by_hand(_place: Place, parts: Parts, span: Span) -> nodes.MoveLine:
    to, by, tail = parts
    return nodes.MoveLine(
        "moves by hand to",
        to,
        None,
        tail.as_name,
        tail.because,
        span,
        tail.in_force,
        by=by or (),
    )


@rule
def worklist(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("put on worklist", nodes.Worklist(parts[0], parts[1], span), span)


def _wake_up(
    span: Span,
    or_on: nodes.Ref | None,
    *,
    after: nodes.Duration | None = None,
    on: nodes.LastOf | None = None,
    before: nodes.Duration | None = None,
    field: nodes.Word | None = None,
    not_before: nodes.Duration | None = None,
) -> Clause:
    node = nodes.WakeUp(after, on, before, field, not_before, or_on, span)
    return Clause("wake up", node, span)


@rule
def wake_up_after(_place: Place, parts: Parts, span: Span) -> Clause:
    _, length, or_on = parts
    return _wake_up(span, or_on, after=length)


@rule
def wake_up_on(_place: Place, parts: Parts, span: Span) -> Clause:
    moment, or_on = parts
    return _wake_up(span, or_on, on=moment)


@rule
def wake_up_on_event(_place: Place, parts: Parts, span: Span) -> Clause:
    return _wake_up(span, parts[0])


@rule
def wake_up_before(_place: Place, parts: Parts, span: Span) -> Clause:
    before, field, not_before, or_on = parts
    return _wake_up(span, or_on, before=before, field=field, not_before=not_before)


# --- targets -----------------------------------------------------------------------------------


@frozen
class _Done:
    """What a target asks for; ``event`` is ``None`` for ``left``."""

    event: nodes.Ref | None
    at_least: nodes.Number | None
    different: tuple[nodes.Number, nodes.Word] | None


@rule
def target_done(_place: Place, parts: Parts, _span: Span) -> _Done:
    _, event, *times, different = parts
    at_least = next((part for part in times if isinstance(part, nodes.Number)), None)
    return _Done(event, at_least, different.pair if different else None)


@rule
def target_left(_place: Place, _parts: Parts, _span: Span) -> _Done:
    return _Done(None, None, None)


@rule
def target(_place: Place, parts: Parts, span: Span) -> nodes.TargetLine:
    name, label, done, limit, when, in_force, because = parts
    return nodes.TargetLine(
        name,
        label,
        done.event,
        done.at_least,
        done.different,
        limit,
        when,
        starts_when=None,
        pauses=(),
        tells=(),
        hands_back=(),
        in_force=in_force,
        because=because,
        means=(),
        notes=(),
        span=span,
    )


@rule
def target_within(_place: Place, parts: Parts, span: Span) -> nodes.TargetWithin:
    return nodes.TargetWithin(parts[0], span)


@rule
def target_by(_place: Place, parts: Parts, span: Span) -> nodes.TargetBy:
    return nodes.TargetBy(time_of_day(parts[0]), parts[1], span)


@rule
def target_every(_place: Place, parts: Parts, span: Span) -> nodes.TargetEvery:
    return nodes.TargetEvery(parts[0], span)


@rule
def starts_when(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("starts when", parts[0], span)


@rule
def pause(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("pauses from", nodes.Pause(parts[0], parts[1], span), span)


@rule
def tell_at(_place: Place, parts: Parts, span: Span) -> Clause:
    return Clause("tell", nodes.Tell(parts[0], parts[1], None, span), span)


@rule
def tell_missed(_place: Place, parts: Parts, span: Span) -> Clause:
    after = parts[1] if isinstance(parts[1], nodes.Duration) else None
    return Clause("tell", nodes.Tell(parts[0], None, after, span), span)


@rule
def target_hands_back(_place: Place, parts: Parts, span: Span) -> Clause:
    _, to, missed, as_name, because = parts
    after = missed if isinstance(missed, nodes.Duration) else None
    node = nodes.TargetHandsBack(to, after, as_name, because, span)
    return Clause("hands back to", node, span)
