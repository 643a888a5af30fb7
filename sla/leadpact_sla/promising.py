"""What each party promises, and the sheet on which the parties sign it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from leadpact.checked import (
    Agreement,
    AtMostShare,
    Delivers,
    Promise,
    Reaches,
    Signature,
    TargetMet,
)
from leadpact.english import day
from leadpact.english.wording import number, percent
from leadpact_sla.clocks import doer
from leadpact_sla.model_pages import (
    AnswerDoc,
    ClockDoc,
    OpeningDoc,
    PromiseDoc,
    PromisesDoc,
    SheetDoc,
)
from leadpact_sla.words import say
from leadpact_sla.writing import Writer

__all__ = ["promises", "sheet"]


def promises(writer: Writer) -> tuple[PromisesDoc, ...]:
    """The promises of each party, in the order of the parties; last what nobody promises alone."""
    agreed = writer.policy.agreement
    lines = agreed.promises if agreed is not None else ()
    by_party: dict[str | None, list[PromiseDoc]] = {}
    for promise in lines:
        rule = writer.rule(
            promise.rule,
            writer.says.promise(promise),
            promise.span,
            promise.because,
            span_of_days=promise.in_force,
        )
        by_party.setdefault(_party(writer, promise), []).append(PromiseDoc(rule, _figure(promise)))
    found = [
        PromisesDoc(
            party.label,
            writer.tone(party.name),
            tuple(by_party.get(party.name, ())),
            party.duties,
        )
        for party in writer.policy.parties
    ]
    found.append(PromisesDoc(None, None, tuple(by_party.get(None, ())), ()))
    return tuple(one for one in found if one.promises or one.duties)


def _party(writer: Writer, promise: Promise) -> str | None:
    match promise:
        case Delivers(party=party) | Reaches(party=party):
            return party
        case TargetMet(target=name):
            for stage in writer.policy.stages:
                for target in stage.targets:
                    if target.name == name:
                        return doer(writer, target.events, stage)
            return None
        case AtMostShare():
            return None
        case _:
            assert_never(promise)


def _figure(promise: Promise) -> str:
    match promise:
        case Delivers(amount=amount):
            return number(amount)
        case Reaches(percent=share) | TargetMet(percent=share):
            return percent(share)
        case AtMostShare(percent=share):
            return say("figure at most", share=percent(share))
        case _:
            assert_never(promise)


# --- the signing sheet ---------------------------------------------------------------------------

# The printed lines that a page has room for.
_ROOM = 52

# What fits on a page whose texts are cut to two lines each.
_PARTIES, _PROMISES, _CLOCKS, _REASONS, _LINES = 4, 2, 5, 14, 6


def sheet(
    writer: Writer,
    opening: OpeningDoc | None,
    made: Sequence[PromisesDoc],
    clocks: Sequence[ClockDoc],
    answers: Sequence[AnswerDoc],
) -> SheetDoc:
    """The agreement on one page, to be signed by hand."""
    agreed = writer.policy.agreement
    makes = [opening.becomes, opening.owner, opening.means] if opening is not None else []
    whole = SheetDoc(
        makes=tuple(text for text in makes if text is not None),
        promises=tuple((one.party, _promised(one)) for one in made if _promised(one)),
        clocks=tuple(clocks),
        reasons=tuple(dict.fromkeys(reason for one in answers for reason in one.reasons)),
        terms=writer.says.agreement(agreed) if agreed is not None else (),
        lines=tuple(_lines(writer, agreed)),
        more=None,
        crowded=False,
    )
    if _printed(whole) <= _ROOM:
        return whole
    kept = tuple((party, lines[:_PROMISES]) for party, lines in whole.promises[:_PARTIES])
    cut = replace(
        whole,
        promises=kept,
        clocks=whole.clocks[:_CLOCKS],
        reasons=whole.reasons[:_REASONS],
        lines=whole.lines[:_LINES],
        crowded=True,
    )
    left = _count(whole) - _count(cut)
    return replace(cut, more=say("sheet more", count=left)) if left else cut


def _count(sheet: SheetDoc) -> int:
    """How many entries a sheet has."""
    promised = sum(len(lines) for _, lines in sheet.promises)
    return promised + len(sheet.clocks) + len(sheet.reasons) + len(sheet.lines)


def _promised(made: PromisesDoc) -> tuple[str, ...]:
    """The promises with numbers; of a party that gives none, what it does."""
    return tuple(promise.rule.says for promise in made.promises) or made.duties


def _printed(sheet: SheetDoc) -> int:
    """About how many printed lines the sheet takes."""

    def lines(text: str, letters: int) -> int:
        return -(-len(text) // letters)

    columns = [2 + sum(lines(text, 42) for text in texts) for _, texts in sheet.promises]
    beside = [max(columns[at : at + 2]) for at in range(0, len(columns), 2)]
    rows = [
        max(lines(clock.label, 18), lines(". ".join(clock.missed), 48), 1) for clock in sheet.clocks
    ]
    texts = (" ".join(sheet.makes), " · ".join(sheet.reasons), ". ".join(sheet.terms))
    return (
        sum(beside) + sum(rows) + sum(2 + lines(text, 100) for text in texts) + 4 * len(sheet.lines)
    )


def _lines(writer: Writer, agreed: Agreement | None) -> list[tuple[str, str | None, str | None]]:
    """Who signs: as the agreement says, or else every party."""
    signatures: tuple[Signature, ...] = agreed.signatures if agreed is not None else ()
    if not signatures:
        return [(party.label, None, None) for party in writer.policy.parties]
    return [
        (
            writer.names.parties[one.party],
            one.role,
            day(one.on) if one.on is not None else None,
        )
        for one in signatures
    ]
