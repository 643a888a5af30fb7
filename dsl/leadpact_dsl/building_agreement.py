"""From a line's tree to nodes: the agreement and guarantees."""

from __future__ import annotations

from typing import cast

from leadpact_dsl import nodes
from leadpact_dsl.building import Parts, Place, rule, the_number, words_of
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__: list[str] = []


@frozen
class _Tail:
    """What ends a promise of the agreement."""

    review: nodes.Review | None
    in_force: nodes.InForce | None
    as_name: nodes.Word | None
    because: nodes.Quoted | None


@rule
def agreement_header(_place: Place, parts: Parts, span: Span) -> nodes.AgreementBlock:
    return nodes.AgreementBlock(parts[0], parts[1], (), (), (), span)


@rule
def each_period(_place: Place, parts: Parts, _span: Span) -> nodes.EachPeriod:
    return cast(nodes.EachPeriod, parts[0].text)


@rule
def review(_place: Place, parts: Parts, span: Span) -> nodes.Review:
    _, running, what = parts
    return nodes.Review(running, what, span)


@rule
def promise_tail(_place: Place, parts: Parts, _span: Span) -> _Tail:
    return _Tail(*parts)


@rule
def delivers(_place: Place, parts: Parts, span: Span) -> nodes.Delivers:
    party, _, amount, stage, each, tail = parts
    ends = (tail.review, tail.in_force, tail.because)
    number = nodes.Number(the_number(amount), amount.span)
    return nodes.Delivers(party, number, stage, each, *ends, span, tail.as_name)


@rule
def reaches(_place: Place, parts: Parts, span: Span) -> nodes.Reaches:
    party, what, _, percent, stage, within, each, tail = parts
    ends = (tail.review, tail.in_force, tail.because)
    return nodes.Reaches(party, what, percent, stage, within, each, *ends, span, tail.as_name)


@rule
def target_met(_place: Place, parts: Parts, span: Span) -> nodes.TargetMet:
    target, _, percent, each, tail = parts
    ends = (tail.review, tail.in_force, tail.because)
    return nodes.TargetMet(target, percent, each, *ends, span, tail.as_name)


@rule
def at_most_share(_place: Place, parts: Parts, span: Span) -> nodes.AtMostShare:
    _, percent, stage, what, each, tail = parts
    ends = (tail.review, tail.in_force, tail.because)
    said = words_of(what)
    return nodes.AtMostShare(percent, stage, said, each, *ends, span, tail.as_name)  # type: ignore[arg-type]


@rule
def review_every(_place: Place, parts: Parts, span: Span) -> nodes.ReviewEvery:
    return nodes.ReviewEvery(parts[0].text, span)


@rule
def changes_need(_place: Place, parts: Parts, span: Span) -> nodes.ChangesNeed:
    return nodes.ChangesNeed(parts[0], span)


@rule
def wait_between(_place: Place, parts: Parts, span: Span) -> nodes.WaitBetween:
    return nodes.WaitBetween(parts[0], span)


@rule
def signed(_place: Place, parts: Parts, span: Span) -> nodes.Signed:
    return nodes.Signed(parts[0], parts[1], parts[2], span)


# --- guarantee ---------------------------------------------------------------------------------


@rule
def guarantee_header(_place: Place, parts: Parts, span: Span) -> nodes.GuaranteeBlock:
    return nodes.GuaranteeBlock(parts[0], parts[1], (), None, (), span)


@rule
def never_stage(_place: Place, parts: Parts, span: Span) -> nodes.NeverStage:
    return nodes.NeverStage(parts[0], parts[1], span)


@rule
def never_lowers(_place: Place, parts: Parts, span: Span) -> nodes.NeverLowers:
    return nodes.NeverLowers(parts[0], parts[1] or (), span)
