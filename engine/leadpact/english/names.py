"""The labels of one policy by name, and what things are called by them inside a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol, assert_never

from leadpact.arrivals import worklists
from leadpact.checked import (
    BusinessTime,
    Category,
    CheckedPolicy,
    DomainFact,
    EventPattern,
    Ever,
    Field,
    FieldFact,
    FieldType,
    LastFact,
    Length,
    NumberType,
    SinceEntered,
    SinceStage,
    TextFact,
    Window,
    Within,
)
from leadpact.english.catalogue import ENGLISH
from leadpact.english.wording import (
    cut,
    duration,
    field_noun,
    is_past,
    number,
    quoted,
    result_name,
    say,
    value,
)

__all__ = ["Names"]


class _Labelled(Protocol):
    """Anything with a name and a label."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Names:
    """The labels of one policy by name. ``fields`` are properties inside an event's ``where``.

    Labels and texts of more than ``most`` words are cut (``None``: never).
    """

    policy: CheckedPolicy
    most: int | None
    fields: Mapping[str, Field]
    properties: Mapping[tuple[str, str], Field]
    parties: Mapping[str, str]
    roles: Mapping[str, str]
    calendars: Mapping[str, str]
    party_of_kind: Mapping[str, str | None]
    definitions: Mapping[str, str]
    lists: Mapping[str, str]
    scores: Mapping[str, str]
    categories: Mapping[tuple[str, str], str]
    grades: Mapping[str, str]
    letters: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, str]
    group_rows: Mapping[tuple[str, str], str]
    checklists: Mapping[str, str]
    items: Mapping[tuple[str, str], str]
    stages: Mapping[str, str]
    targets: Mapping[str, str]
    worklists: Mapping[str, str]

    @staticmethod
    def of(
        policy: CheckedPolicy,
        properties: tuple[Field, ...] | None = None,
        most: int | None = None,
    ) -> Names:
        """The names of a policy; with ``properties``, these are what conditions speak about."""
        inner = policy.fields if properties is None else properties

        def by_name(things: tuple[_Labelled, ...]) -> dict[str, str]:
            return {thing.name: cut(thing.label, most) for thing in things}

        return Names(
            policy=policy,
            most=most,
            fields={field.name: replace(field, label=cut(field.label, most)) for field in inner},
            properties={
                (kind.name, item.name): replace(item, label=cut(item.label, most))
                for kind in policy.kinds
                for item in kind.properties
            },
            parties=by_name(policy.parties),
            roles=by_name(policy.roles),
            calendars=by_name(policy.calendars),
            party_of_kind={kind.name: kind.party for kind in policy.kinds},
            definitions=by_name(policy.definitions),
            lists=by_name(policy.lists),
            scores={s.name: say("score", name=result_name(s.name, s.label)) for s in policy.scores},
            categories={
                (score.name, row.name): cut(row.label, most)
                for score in policy.scores
                for row in score.rows
                if isinstance(row, Category)
            },
            grades={g.name: say("grade", name=result_name(g.name, g.label)) for g in policy.grades},
            letters={
                g.name: tuple(dict.fromkeys(letter.name for letter in g.letters))
                for g in policy.grades
            },
            groups=by_name(policy.groups),
            group_rows={
                (g.name, row.name): cut(row.label, most) for g in policy.groups for row in g.rows
            },
            checklists=by_name(policy.checklists),
            items={
                (c.name, i.name): cut(i.question, most) for c in policy.checklists for i in c.items
            },
            stages=by_name(policy.stages),
            targets={t.name: cut(t.label, most) for s in policy.stages for t in s.targets},
            worklists={w.name: cut(w.label, most) for w in worklists(policy)},
        )

    def subject(self, fact: TextFact) -> str:
        """``the seniority``; ``the domain of the e-mail``; ``the reason of the last “Call”``"""
        match fact:
            case FieldFact():
                return self._noun(fact.name)
            case DomainFact():
                return say("domain", field=self._noun(fact.field))
            case LastFact():
                here = isinstance(fact.window, SinceEntered)
                return say(
                    "last property in stage" if here else "last property",
                    property=self._property_noun(fact),
                    event=quoted(self.event_label(fact.events)),
                )
            case _:
                assert_never(fact)

    def measured(self, fact: FieldFact | LastFact, amount: Decimal) -> str:
        """A number of that fact, with the currency where it is money."""
        kind = self.type_of(fact)
        currency = self.policy.currency
        if isinstance(kind, NumberType) and kind.money and currency:
            return say("money", number=number(amount), currency=currency)
        return number(amount)

    def type_of(self, fact: FieldFact | LastFact) -> FieldType | None:
        if isinstance(fact, LastFact):
            return fact.type
        field = self.fields.get(fact.name)
        return field.type if field is not None else None

    def length(self, length: Length) -> str:
        """``7 days``; ``4 business hours (Office)``"""
        if not isinstance(length, BusinessTime):
            return duration(length)
        calendar = self.calendars[length.calendar]
        return say("of calendar", duration=duration(length), calendar=calendar)

    def window(self, window: Window, *, of_lead: bool) -> str:
        """``in the last 30 days``, ``at any time``, ``since it last left “Nurture”``

        ``of_lead``: the sentence before speaks of the lead, so "it" is the lead.
        """
        lead = say("it" if of_lead else "the lead")
        match window:
            case Within(duration=length):
                one = ENGLISH.units[length.unit][0] if length.amount == 1 else None
                return say("within", duration=one or duration(length))
            case Ever():
                return say("ever")
            case SinceEntered():
                return say("since entered", lead=lead)
            case SinceStage():
                return say(f"since {window.how}", lead=lead, stage=self.stage(window.stage))
            case _:
                assert_never(window)

    def stage(self, name: str) -> str:
        """A stage inside a sentence: ``“Marketing qualified lead”``"""
        return quoted(self.stages[name])

    def event_label(self, events: EventPattern) -> str:
        return cut(events.label, self.most)

    def property_label(self, events: EventPattern, name: str) -> str:
        """The label of a property of those events, taken from the first kind that has it."""
        field = self._property(events, name)
        return field.label if field is not None else value(name)

    def _property(self, events: EventPattern, name: str) -> Field | None:
        found = (self.properties.get((part.kind, name)) for part in events.parts)
        return next((field for field in found if field is not None), None)

    def _property_noun(self, fact: LastFact) -> str:
        field = self._property(fact.events, fact.property)
        return field_noun(field) if field else say("the", label=value(fact.property))

    def is_deed(self, label: str) -> bool:
        """Whether the label begins as one of an event does: ``Asked for a demo``."""
        labels = [one.label for one in self.policy.kinds]
        labels += [one.label for one in self.policy.derived]
        return is_past(label) and any(_first(event) == _first(label) for event in labels)

    def text(self, text: str) -> str:
        """A text that a condition compares with, in quotes."""
        return quoted(cut(text, self.most))

    def who(self, events: EventPattern) -> str:
        """Who does such an event: the lead, or the party whose action it is."""
        if not events.of_actions:
            return say("lead", predicate="").rstrip()
        doers = {self.party_of_kind.get(part.kind) for part in events.parts}
        party = doers.pop() if len(doers) == 1 else None
        return self.parties.get(party, value(party)) if party else say("we")

    def thing(self, name: str) -> str:
        """Anything that a review looks at: a score, a grade, a group, a stage, …"""
        for known in (self.scores, self.grades):
            if name in known:
                return known[name]
        others = (self.groups, self.checklists, self.definitions, self.stages, self.targets)
        return next((quoted(found[name]) for found in others if name in found), quoted(value(name)))

    def _noun(self, name: str) -> str:
        field = self.fields.get(name)
        return field_noun(field) if field else say("the", label=value(name))


def _first(label: str) -> str:
    return label.lower().split(" ", 1)[0]
