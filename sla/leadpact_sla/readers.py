"""Where different readers of a policy go on, and who has agreed to it."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact.english import day
from leadpact.english.wording import joined, lower_first
from leadpact_sla.model_pages import CardDoc, LinkDoc
from leadpact_sla.places import (
    AGREEMENT,
    CLOCKS,
    EXAMPLES,
    GLOSSARY,
    GUARANTEES,
    SETTINGS,
    SIGNING,
    STAGES,
)
from leadpact_sla.words import say
from leadpact_sla.writing import Writer, capital

__all__ = ["agreed_by", "cards"]

_MOST = 5


def agreed_by(writer: Writer) -> str | None:
    """``Agreed by Marketing and Sales on 28 September 2026``, and who has not signed yet."""
    agreed = writer.policy.agreement
    if agreed is None or not agreed.signatures:
        return None
    parties = writer.names.parties
    signed = [one for one in agreed.signatures if one.on is not None]
    open_ = [parties[one.party] for one in agreed.signatures if one.on is None]
    texts = []
    if signed:
        who = joined(dict.fromkeys(parties[one.party] for one in signed), "and")
        last = max(one.on for one in signed if one.on is not None)
        texts.append(say("agreed by", parties=who, day=day(last)))
    if open_:
        texts.append(say("not signed", parties=joined(dict.fromkeys(open_), "and")))
    return ". ".join(texts)


def cards(writer: Writer, *, comes_back: bool, disagree: bool) -> Iterator[CardDoc]:
    """One card for each party, then for managers and for people in their first week.

    ``comes_back``: leads can be handed back; ``disagree``: there is a page of settings.
    """
    for party in writer.policy.parties:
        links = tuple(_of_party(writer, party.name, comes_back=comes_back))[:_MOST]
        yield CardDoc(say("card party", party=party.label), links)
    if writer.policy.parties:
        yield CardDoc(say("card manager"), tuple(_of_manager(writer, disagree=disagree)))
    yield CardDoc(say("card new"), tuple(_of_newcomer(writer)))


def _of_party(writer: Writer, party: str, *, comes_back: bool) -> Iterator[LinkDoc]:
    """What the party owns, and by when it acts."""
    policy, places = writer.policy, writer.places
    owned = [stage for stage in policy.stages if stage.owner == party]
    if any(stage.targets for stage in owned):
        yield LinkDoc(say("card fast"), f"{CLOCKS}.html")
    for score in policy.scores:
        if score.owner == party:
            label = capital(writer.names.scores[score.name])
            yield LinkDoc(label, places.result(score.name))
    for grade in policy.grades:
        if grade.owner == party:
            label = capital(writer.names.grades[grade.name])
            yield LinkDoc(label, places.result(grade.name))
    for checklist in policy.checklists:
        if checklist.owner == party:
            label = say("card questions", name=lower_first(checklist.label))
            yield LinkDoc(label, places.result(checklist.name))
    if owned and comes_back:
        yield LinkDoc(say("card back"), f"{CLOCKS}.html#answers")
    yield LinkDoc(say("roles title"), places.party(party))


def _of_manager(writer: Writer, *, disagree: bool) -> Iterator[LinkDoc]:
    yield LinkDoc(say("agreement"), f"{AGREEMENT}.html")
    yield LinkDoc(say("signing"), f"{SIGNING}.html")
    if writer.policy.guarantees:
        yield LinkDoc(say("guarantees"), f"{GUARANTEES}.html")
    if disagree:
        yield LinkDoc(say("settings title"), f"{SETTINGS}.html")


def _of_newcomer(writer: Writer) -> Iterator[LinkDoc]:
    policy = writer.policy
    if policy.stages:
        yield LinkDoc(say("stages"), f"{STAGES}.html")
    for group in policy.groups[:1]:
        yield LinkDoc(group.label, writer.places.result(group.name))
    if policy.examples:
        yield LinkDoc(say("examples title"), f"{EXAMPLES}.html")
    yield LinkDoc(say("glossary title"), f"{GLOSSARY}.html")
