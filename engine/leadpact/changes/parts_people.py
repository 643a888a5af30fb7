"""Parties, roles, calendars, the policy itself; the agreement and the guarantees."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from leadpact.changes.meaning import Ref
from leadpact.changes.part import Block, Fact, Part, fact, listed, texts, words
from leadpact.checked import (
    Agreement,
    AtMostShare,
    Calendar,
    Delivers,
    Guarantee,
    Party,
    Promise,
    Reaches,
    Role,
    SpecialDay,
    TargetMet,
)
from leadpact.english import Sayings, day, number, zone_says
from leadpact.english.calendars import calendar_parts, special_day_parts
from leadpact.english.catalogue import ENGLISH
from leadpact.english.names import Names
from leadpact.english.promises import agreement_parts as reviewed
from leadpact.english.promises import guarantee_parts, signature_parts
from leadpact.english.telling import tell
from leadpact.english.wording import percent, quoted, value

__all__ = ["agreement_parts", "owner_fact", "people_parts"]

_POLICY = Block("policy", "The policy itself")
_PEOPLE = Block("parties", "Parties and roles")
_AGREEMENT = Block("agreement", "The agreement")
_GUARANTEES = Block("guarantees", "Guarantees")


def people_parts(names: Names) -> Iterator[Part]:
    yield _policy(names)
    for party in names.policy.parties:
        yield _party(party)
    for role in names.policy.roles:
        yield _role(names, role)
    for calendar in names.policy.calendars:
        yield from _calendar(names, calendar)


def owner_fact(names: Names, owner: str | None) -> Fact:
    """Which party answers for a block."""
    return fact(
        "owner", _of("party", owner), lambda: names.parties.get(owner or "", ""), "agreement"
    )


def _policy(names: Names) -> Part:
    policy = names.policy
    since = policy.in_force_from
    currency = policy.currency
    return Part(
        "policy",
        # One policy is compared with the next one, whatever their names.
        "policy",
        lambda: quoted(policy.label),
        _POLICY,
        (
            words("name", policy.name, "agreement"),
            words("label", policy.label),
            fact("version", policy.version, lambda: number(policy.version), "agreement"),
            fact("in force", since, lambda: f"from {day(since)}" if since else "", "agreement"),
            fact("time zone", policy.zone, lambda: zone_says(policy.zone)),
            fact("currency", currency, lambda: currency or ""),
            texts("notes", policy.notes),
        ),
        lambda: quoted(policy.label),
        "agreement",
        policy.span,
    )


def _party(party: Party) -> Part:
    return Part(
        "party",
        party.name,
        lambda: quoted(party.label),
        _PEOPLE,
        (
            words("label", party.label),
            texts("contact", party.contacts, "agreement"),
            texts("duties", party.duties, "agreement"),
            texts("stand-in", party.stand_ins, "agreement"),
            texts("notes", party.notes),
        ),
        lambda: f"the party {quoted(party.label)}",
        "agreement",
        party.span,
        label=party.label,
    )


def _role(names: Names, role: Role) -> Part:
    return Part(
        "role",
        role.name,
        lambda: quoted(role.label),
        _PEOPLE,
        (
            words("label", role.label),
            fact("party", Ref("party", role.party), lambda: names.parties[role.party], "agreement"),
            texts("contact", role.contacts, "agreement"),
            texts("duties", role.duties, "agreement"),
            texts("stand-in", role.stand_ins, "agreement"),
            texts("notes", role.notes),
        ),
        lambda: f"the role {quoted(role.label)} of {names.parties[role.party]}",
        "agreement",
        role.span,
        label=role.label,
    )


def _calendar(names: Names, calendar: Calendar) -> Iterator[Part]:
    block = Block(f"calendar {calendar.name}", f"Calendar {quoted(calendar.label)}")
    week = [(one, one) for one in calendar_parts(calendar)]
    yield Part(
        "calendar",
        calendar.name,
        lambda: quoted(calendar.label),
        block,
        (
            words("label", calendar.label),
            owner_fact(names, calendar.owner),
            fact("time zone", calendar.zone, lambda: zone_says(calendar.zone)),
            listed("open", week),
            texts("notes", calendar.notes),
        ),
        lambda: ". ".join(text for _, text in week),
        "decisions",
        calendar.span,
        label=calendar.label,
    )
    for special in calendar.special:
        yield _special_day(calendar, block, special)


def _special_day(calendar: Calendar, block: Block, special: SpecialDay) -> Part:
    every = "every_year" if special.every_year else "once"
    return Part(
        "special day",
        f"{calendar.name}.{special.day.isoformat()}.{every}",
        lambda: day(special.day),
        block,
        (
            fact("open", special.openings, lambda: ". ".join(special_day_parts(special))),
            words("because", special.because),
        ),
        lambda: ". ".join(special_day_parts(special)),
        "decisions",
        special.span,
    )


# --- the agreement and the guarantees ------------------------------------------------------------


def agreement_parts(names: Names) -> Iterator[Part]:
    agreed = names.policy.agreement
    if agreed is not None:
        yield _agreement(names, agreed)
        for promise in agreed.promises:
            yield _promise(names, promise)
    for guarantee in names.policy.guarantees:
        yield _guarantee(names, guarantee)


def _agreement(names: Names, agreed: Agreement) -> Part:
    review = agreed.review_every
    wait = agreed.wait_days
    needed = [(Ref("party", party), names.parties[party]) for party in agreed.changes_need]
    signed = [
        (one, tell(names, partial(signature_parts, signature=one))) for one in agreed.signatures
    ]
    return Part(
        "agreement",
        "agreement",
        lambda: quoted(agreed.label),
        _AGREEMENT,
        (
            words("label", agreed.label),
            owner_fact(names, agreed.owner),
            texts("goals", agreed.goals, "agreement"),
            fact("review", review, lambda: f"every {review}" if review else "", "agreement"),
            listed("changes need the consent of", needed, "agreement"),
            fact(
                "days between two changes",
                wait,
                lambda: "" if wait is None else f"at least {number(wait)}",
                "agreement",
            ),
            listed("signatures", signed, "agreement"),
            texts("notes", agreed.notes),
        ),
        lambda: tell(names, lambda known: reviewed(known, agreed)) or quoted(agreed.label),
        "agreement",
        agreed.span,
    )


def _promise(names: Names, promise: Promise) -> Part:
    says = Sayings(names.policy)
    return Part(
        "promise",
        promise.rule,
        lambda: _promise_name(names, promise),
        _AGREEMENT,
        (*_promised(names, promise), words("because", promise.because)),
        lambda: says.promise(promise),
        "agreement",
        promise.span,
        promise.in_force,
    )


def _promise_name(names: Names, promise: Promise) -> str:
    match promise:
        case Delivers():
            return f"Leads delivered to {names.stage(promise.stage)}"
        case Reaches():
            return f"{names.parties[promise.party]} reaches {_reached(names, promise)}"
        case TargetMet():
            return f"Target {quoted(names.targets[promise.target])}"
        case AtMostShare():
            what = "Time-outs" if promise.what == "time out" else "Hand-backs"
            return f"{what} from {names.stage(promise.stage)}"


def _reached(names: Names, promise: Reaches) -> str:
    if isinstance(promise.what, str):
        return names.stage(promise.what)
    return quoted(names.event_label(promise.what))


def _promised(names: Names, promise: Promise) -> Iterator[Fact]:
    match promise:
        case Delivers():
            amount, each = promise.amount, promise.each
            yield _party_fact(names, promise.party)
            yield _stage_fact(names, promise.stage)
            yield fact(
                "amount",
                (amount, each),
                lambda: f"at least {number(amount)} leads each {ENGLISH.units[each][0]}",
                "agreement",
            )
        case Reaches():
            within = promise.within
            what = _of("stage", promise.what) if isinstance(promise.what, str) else promise.what
            yield _party_fact(names, promise.party)
            yield _stage_fact(names, promise.stage)
            yield fact("reached", what, lambda: _reached(names, promise), "agreement")
            yield _share(promise.percent, "at least")
            yield fact(
                "time",
                within,
                lambda: f"within {names.length(within)}" if within else "",
                "agreement",
            )
        case TargetMet():
            yield fact(
                "target",
                Ref("target", promise.target),
                lambda: quoted(names.targets[promise.target]),
                "agreement",
            )
            yield _share(promise.percent, "at least")
        case AtMostShare():
            yield _stage_fact(names, promise.stage)
            yield fact("of", promise.what, lambda: value(promise.what), "agreement")
            yield _share(promise.percent, "at most")
    if not isinstance(promise, Delivers):
        counted = promise.each
        yield fact(
            "counted",
            counted,
            lambda: f"each {ENGLISH.units[counted][0]}" if counted else "",
            "agreement",
        )
    review = promise.review
    yield fact(
        "review",
        review,
        lambda: (
            f"{names.thing(review.what)}, when missed {number(review.running)} times running"
            if review
            else ""
        ),
        "agreement",
    )


def _party_fact(names: Names, party: str) -> Fact:
    return fact("party", Ref("party", party), lambda: names.parties[party], "agreement")


def _stage_fact(names: Names, stage: str) -> Fact:
    return fact("stage", Ref("stage", stage), lambda: names.stage(stage), "agreement")


def _of(sort: str, name: str | None) -> Ref | None:
    return Ref(sort, name) if name is not None else None


def _share(share: Decimal, how: str) -> Fact:
    return fact("share", share, lambda: f"{how} {percent(share)}", "agreement")


def _guarantee(names: Names, guarantee: Guarantee) -> Part:
    promises = [
        (promise, tell(names, partial(guarantee_parts, promise=promise)))
        for promise in guarantee.promises
    ]
    return Part(
        "guarantee",
        guarantee.rule,
        lambda: quoted(guarantee.label),
        _GUARANTEES,
        (
            owner_fact(names, guarantee.owner),
            listed("promises", promises, "agreement"),
            words("because", guarantee.because),
            texts("notes", guarantee.notes),
        ),
        lambda: Sayings(names.policy).guarantee(guarantee),
        "agreement",
        guarantee.span,
        # Its number says where it stands, not which one it is.
        known_as=guarantee.label,
    )
