"""Who agrees on what, and when they work: parties, the agreement, guarantees, calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from leadpact.checked import Agreement, Calendar, Role
from leadpact.english import day, weekday, zone_says
from leadpact_sla.model_policy import (
    AgreementDoc,
    CalendarDoc,
    GuaranteeDoc,
    HolidayDoc,
    PartyDoc,
    RoleDoc,
    SpecialDayDoc,
)
from leadpact_sla.places import anchor
from leadpact_sla.words import say
from leadpact_sla.writing import Writer

__all__ = ["agreement", "calendars", "guarantees", "parties"]

_YEAR = timedelta(days=365)


def parties(writer: Writer) -> Iterator[PartyDoc]:
    """The parties in order, each with its roles."""
    for tone, party in enumerate(writer.policy.parties):
        yield PartyDoc(
            anchor=anchor("party", party.name),
            label=party.label,
            tone=tone,
            contacts=party.contacts,
            duties=party.duties,
            stand_ins=party.stand_ins,
            notes=party.notes,
            roles=tuple(_role(role) for role in writer.policy.roles if role.party == party.name),
        )


def _role(role: Role) -> RoleDoc:
    return RoleDoc(
        anchor("role", role.name),
        role.label,
        role.contacts,
        role.duties,
        role.stand_ins,
        role.notes,
    )


# --- the agreement -------------------------------------------------------------------------------


def agreement(writer: Writer, agreed: Agreement) -> AgreementDoc:
    says = writer.says
    return AgreementDoc(
        label=agreed.label,
        owner=writer.owner(agreed.owner),
        goals=agreed.goals,
        review=say("review", period=agreed.review_every) if agreed.review_every else None,
        terms=says.agreement(agreed),
        signatures=tuple(says.signature(signature) for signature in agreed.signatures),
        notes=agreed.notes,
        source=writer.places.source(agreed.span),
    )


def guarantees(writer: Writer) -> Iterator[GuaranteeDoc]:
    for guarantee in writer.policy.guarantees:
        says = writer.says.guarantee(guarantee)
        rule = writer.rule(
            guarantee.rule, says, guarantee.span, guarantee.because, notes=guarantee.notes
        )
        yield GuaranteeDoc(rule, guarantee.label, writer.owner(guarantee.owner))


# --- calendars -----------------------------------------------------------------------------------


def calendars(writer: Writer) -> Iterator[CalendarDoc]:
    for calendar in writer.policy.calendars:
        yield CalendarDoc(
            anchor=anchor("calendar", calendar.name),
            label=calendar.label,
            owner=writer.owner(calendar.owner),
            zone=zone_says(calendar.zone),
            week=writer.says.week(calendar),
            special=tuple(
                SpecialDayDoc(
                    writer.says.special_day(special),
                    special.because,
                    writer.places.source(special.span),
                )
                for special in calendar.special
            ),
            holidays=tuple(_holidays(calendar, writer.today)),
            notes=calendar.notes,
            source=writer.places.source(calendar.span),
        )


def _holidays(calendar: Calendar, today: date | None) -> Iterator[HolidayDoc]:
    """The public holidays of the year that begins today; one that two regions have, once."""
    if today is None or not calendar.regions:
        return
    # Loading all countries' holidays takes long, and few policies need it.
    from leadpact.public_holidays import public_holidays

    found: dict[date, str] = {}
    for region in calendar.regions:
        for year in (today.year, today.year + 1):
            for on, name in public_holidays(region, year).items():
                found.setdefault(on, name)
    for on, name in sorted(found.items()):
        if today <= on < today + _YEAR:
            yield HolidayDoc(day(on), weekday(on), name)
