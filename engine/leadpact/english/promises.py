"""The agreement and the guarantees as English sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from leadpact.checked import (
    Agreement,
    AtMostShare,
    Delivers,
    EachPeriod,
    EventPattern,
    NeverLowers,
    NeverStage,
    Promise,
    Reaches,
    Review,
    Signature,
    TargetMet,
)
from leadpact.english.catalogue import ENGLISH
from leadpact.english.names import Names
from leadpact.english.telling import dates, fits, packed, under
from leadpact.english.wording import day, joined, number, percent, quoted, say

__all__ = ["agreement_parts", "guarantee_parts", "promise_parts", "signature_parts"]


def promise_parts(names: Names, promise: Promise) -> Iterator[str]:
    """``Marketing delivers at least 120 leads to “MQL” each month``, and what follows a miss."""
    match promise:
        case Delivers():
            pieces = [
                say(
                    "delivers",
                    party=names.parties[promise.party],
                    number=number(promise.amount),
                    stage=names.stage(promise.stage),
                    period=_period(promise.each),
                )
            ]
        case Reaches():
            pieces = [
                say(
                    "reaches",
                    party=names.parties[promise.party],
                    what=_reached(names, promise.what),
                    percent=percent(promise.percent),
                    stage=names.stage(promise.stage),
                )
            ]
            if promise.within is not None:
                limit = say("of entering", duration=names.length(promise.within))
                long = not fits(f"{pieces[0]}, {limit}")
                pieces.append(say("this happens", limit=limit) if long else limit)
        case TargetMet():
            target = quoted(names.targets[promise.target])
            pieces = [say("target met", target=target, percent=percent(promise.percent))]
        case AtMostShare():
            share, stage = percent(promise.percent), names.stage(promise.stage)
            pieces = [say(f"at most {promise.what}", percent=share, stage=stage)]
        case _:
            assert_never(promise)
    if not isinstance(promise, Delivers) and promise.each is not None:
        pieces.append(say("each period", period=_period(promise.each)))
    yield from packed(pieces)
    if promise.review is not None:
        yield _review(names, promise.review, promise.each)
    yield from dates(promise.in_force)


def _period(each: EachPeriod) -> str:
    return ENGLISH.units[each][0]


def _reached(names: Names, what: EventPattern | str) -> str:
    if isinstance(what, str):
        return say("the stage", stage=names.stage(what))
    return quoted(names.event_label(what))


def _review(names: Names, review: Review, each: EachPeriod | None) -> str:
    what = names.thing(review.what)
    if review.running == 1:
        return say("review", what=what)
    count = number(review.running)
    if each is None:
        return say("review running", count=count, what=what)
    return say("review periods", count=count, periods=ENGLISH.units[each][1], what=what)


def agreement_parts(names: Names, agreement: Agreement) -> Iterator[str]:
    """How the agreement itself is looked at, changed and kept."""
    if agreement.review_every is not None:
        yield say("review every", period=_period(agreement.review_every))
    if agreement.changes_need:
        parties = [names.parties[party] for party in agreement.changes_need]
        yield from packed([say("changes need", parties=joined(parties, "and"))])
    if agreement.wait_days is not None:
        days = ENGLISH.units["day"][agreement.wait_days != 1]
        yield say("wait", duration=f"{number(agreement.wait_days)} {days}")


def signature_parts(names: Names, signature: Signature) -> Iterator[str]:
    """``Signed by Field Sales, Head of Field Sales, on 28 September 2026``"""
    pieces = [say("signed" if signature.on else "to sign", party=names.parties[signature.party])]
    if signature.role is not None:
        pieces.append(signature.role)
    if signature.on is not None:
        pieces.append(say("on", day=day(signature.on)))
    yield from packed(pieces)


def guarantee_parts(names: Names, promise: NeverStage | NeverLowers) -> Iterator[str]:
    """``No lead enters or stays in “MQL” when the lead is a customer``"""
    match promise:
        case NeverStage():
            stage = names.stage(promise.stage)
            yield from under(
                names, lambda c: say("never stage", stage=stage, condition=c), promise.when
            )
        case NeverLowers():
            said = say("never lowers", score=names.scores[promise.score])
            excepted = [quoted(names.event_label(events)) for events in promise.excepted]
            if excepted:
                yield from packed([said, say("except", events=excepted[0]), *excepted[1:]])
            else:
                yield said
        case _:
            assert_never(promise)
