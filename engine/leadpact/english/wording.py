"""What things of a policy are called in English: fields, values, numbers, windows, events.

Labels are people's own words, so nothing here may assume their form: where a label does not look
like the part of speech that a sentence needs, it is quoted instead of bent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

from leadpact.checked import (
    Category,
    CheckedPolicy,
    DateType,
    DomainFact,
    Duration,
    EventPattern,
    Ever,
    Field,
    FieldFact,
    InstantType,
    NumberType,
    SinceEntered,
    TextFact,
    Window,
    Within,
    YesNoType,
)
from leadpact.english.catalogue import ENGLISH

__all__ = [
    "Names",
    "amount",
    "counted_label",
    "day",
    "duration",
    "is_plural",
    "joined",
    "lower_first",
    "number",
    "points",
    "points_of",
    "quoted",
    "result_name",
    "say",
    "value",
    "window",
]

_SHORT = 3
"""Labels of more words are quoted: "the" before a whole phrase reads badly."""

_QUALITY_ENDINGS = ("ed", "ing", "able", "ible", "ful", "ive", "less", "ous")
_ENDS_SINGULAR = ("ss", "us", "is")


def say(key: str, **parts: object) -> str:
    """The catalogue's text ``key`` with its parts put in."""
    return ENGLISH.texts[key].format_map(parts)


# --- numbers, days, lists ------------------------------------------------------------------------


def number(amount: Decimal | int) -> str:
    """``1,200`` or ``2.5``: thousands grouped, no needless zeros, a real minus sign."""
    text = f"{amount:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def amount(hundredths: int) -> str:
    """Hundredths of points without a plus sign: ``40``, ``2.5``, ``−5``."""
    return number(Decimal(hundredths) / 100)


def points(hundredths: int) -> str:
    """Hundredths of points as a row gives them: ``+15``, ``−10``, ``+2.5``, ``+0``."""
    return amount(hundredths) if hundredths < 0 else f"+{amount(hundredths)}"


def points_of(hundredths: int) -> str:
    """``30 points``, ``1 point``"""
    return say("point" if hundredths == 100 else "points", number=amount(hundredths))


def day(when: date) -> str:
    """``1 October 2026``"""
    return say("date", day=when.day, month=ENGLISH.months[when.month - 1], year=when.year)


def duration(length: Duration) -> str:
    """``30 days``, ``1 hour``"""
    return f"{number(length.amount)} {ENGLISH.units[length.unit][length.amount != 1]}"


def window(span: Window) -> str:
    """``in the last 30 days``, ``at any time``, ``since it entered its stage``"""
    match span:
        case Within(duration=Duration(amount=1, unit=unit)):
            return say("within", duration=ENGLISH.units[unit][0])
        case Within():
            return say("within", duration=duration(span.duration))
        case Ever():
            return say("ever")
        case SinceEntered():
            return say("since entered")
        case _:
            assert_never(span)


def joined(words: Iterable[str], by: Literal["and", "or"]) -> str:
    """``a``, ``a or b``, ``a, b or c``"""
    first = list(words)
    last = first.pop()
    return f"{', '.join(first)} {ENGLISH.texts[by]} {last}" if first else last


def quoted(text: str) -> str:
    return say("quoted", text=text)


# --- labels and values ---------------------------------------------------------------------------


def lower_first(label: str) -> str:
    """The label inside a sentence: ``Viewed pricing`` → ``viewed pricing``, ``BANT`` stays."""
    first = label.split(" ", 1)[0]
    if first.lower() in ENGLISH.acronyms or any(c.isupper() for c in first[1:]):
        return label
    return label[:1].lower() + label[1:]


def value(text: str) -> str:
    """A value of ``one of`` as people write it: ``c_level`` → ``C level``, ``vp`` → ``VP``.

    Values that hold a capital or a blank were written for people and stay as they are; one that a
    list would tear apart is quoted.
    """
    if any(mark in text for mark in (",", " or ", " and ", ";")):
        return quoted(text)
    if text in ENGLISH.whole_acronyms:
        return ENGLISH.whole_acronyms[text]
    if " " in text or text != text.lower():
        return text
    words = [
        ENGLISH.acronyms.get(word, word.upper() if len(word) == 1 and word != "a" else word)
        for word in text.split("_")
    ]
    return " ".join(words)


def is_plural(word: str) -> bool:
    """Whether a word looks like several things: ``events``, not ``business`` or ``status``."""
    return word.endswith("s") and not word.endswith(_ENDS_SINGULAR) and len(word) > 2


def _counts(label: str) -> bool:
    """Whether a number's label names what is counted: ``Employees``, ``Months until …``."""
    words = label.lower().split()
    if not words:
        return False
    second = words[1] if len(words) > 1 else ""
    first_is_head = is_plural(words[0]) and second in ENGLISH.prepositions
    return first_is_head or (len(words) <= _SHORT and is_plural(words[-1]))


def counted_label(field: Field) -> str | None:
    """What a number field counts, where its label says so: ``employees``."""
    if isinstance(field.type, NumberType) and not field.type.money and _counts(field.label):
        return lower_first(field.label)
    return None


def field_noun(field: Field) -> str:
    """``the seniority``, ``the number of employees``, or the label in quotes."""
    label = field.label
    words = label.lower().split()
    if not words:
        return quoted(label)
    if counted := counted_label(field):
        return say("number of", label=counted)
    if (
        len(words) > _SHORT
        or isinstance(field.type, YesNoType)
        or (isinstance(field.type, DateType | InstantType) and words[-1] in ENGLISH.prepositions)
        or is_plural(words[-1])
        or not label.replace(" ", "").replace("-", "").isalnum()
    ):
        return quoted(label)
    return say("the", label=lower_first(label))


def helper_of(label: str) -> str | None:
    """The negative of the helping verb that a label begins with, if it begins with one."""
    first, _, rest = label.partition(" ")
    return ENGLISH.helpers.get(first.lower()) if rest else None


def is_quality(label: str) -> bool:
    """Whether ``the lead is …`` goes before the label: ``Interested``, ``Ready for sales``."""
    words = label.lower().split()
    first = words[0] if words else ""
    if first in ENGLISH.adjectives:
        return True
    following = words[1] if len(words) > 1 else ""
    alone = not following or following in ENGLISH.prepositions or following.endswith("ed")
    return alone and first.endswith(_QUALITY_ENDINGS)


def is_predicate(label: str) -> bool:
    """Whether ``the lead …`` goes before the label: ``Uses a work e-mail``."""
    words = label.lower().split()
    return len(words) > 1 and is_plural(words[0]) and words[1] not in ENGLISH.prepositions


def is_past(label: str) -> bool:
    """Whether the label says what somebody did: ``Viewed pricing``, ``Spoke with the lead``."""
    first = label.lower().split(" ", 1)[0]
    return (len(first) > 3 and first.endswith("ed") and not first.endswith("eed")) or (
        first in ENGLISH.past_verbs
    )


# --- looking names up ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """The labels of one policy by name. ``fields`` are properties inside an event's ``where``."""

    policy: CheckedPolicy
    fields: Mapping[str, Field]
    properties: Mapping[tuple[str, str], str]
    parties: Mapping[str, str]
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

    @staticmethod
    def of(policy: CheckedPolicy, properties: tuple[Field, ...] | None = None) -> Names:
        """The names of a policy; with ``properties``, these are what conditions speak about."""
        inner = policy.fields if properties is None else properties
        return Names(
            policy=policy,
            fields={field.name: field for field in inner},
            properties={
                (kind.name, item.name): item.label
                for kind in policy.kinds
                for item in kind.properties
            },
            parties={party.name: party.label for party in policy.parties},
            party_of_kind={kind.name: kind.party for kind in policy.kinds},
            definitions={item.name: item.label for item in policy.definitions},
            lists={item.name: item.label for item in policy.lists},
            scores={s.name: say("score", name=result_name(s.name, s.label)) for s in policy.scores},
            categories={
                (score.name, row.name): row.label
                for score in policy.scores
                for row in score.rows
                if isinstance(row, Category)
            },
            grades={g.name: say("grade", name=result_name(g.name, g.label)) for g in policy.grades},
            letters={g.name: tuple(letter.name for letter in g.letters) for g in policy.grades},
            groups={group.name: group.label for group in policy.groups},
            group_rows={(g.name, row.name): row.label for g in policy.groups for row in g.rows},
            checklists={item.name: item.label for item in policy.checklists},
            items={(c.name, i.name): i.question for c in policy.checklists for i in c.items},
            stages={stage.name: stage.label for stage in policy.stages},
        )

    def subject(self, fact: TextFact) -> str:
        """``the seniority``; ``the domain of the work e-mail``"""
        match fact:
            case FieldFact():
                return self._noun(fact.name)
            case DomainFact():
                return say("domain", field=self._noun(fact.field))
            case _:
                assert_never(fact)

    def measured(self, name: str, amount: Decimal) -> str:
        """A number of that field, with the currency where it is money."""
        kind = self.fields[name].type
        currency = self.policy.currency
        if isinstance(kind, NumberType) and kind.money and currency:
            return say("money", number=number(amount), currency=currency)
        return number(amount)

    def property_label(self, events: EventPattern, name: str) -> str:
        """The label of a property of those events, taken from the first kind that has it."""
        found = (self.properties.get((part.kind, name)) for part in events.parts)
        return next((label for label in found if label is not None), value(name))

    def who(self, events: EventPattern) -> str:
        """Who does such an event: the lead, or the party whose action it is."""
        if not events.of_actions:
            return say("lead", predicate="").rstrip()
        doers = {self.party_of_kind.get(part.kind) for part in events.parts}
        party = doers.pop() if len(doers) == 1 else None
        return self.parties.get(party, value(party)) if party else say("we")

    def _noun(self, name: str) -> str:
        field = self.fields.get(name)
        return field_noun(field) if field else say("the", label=value(name))


def result_name(name: str, label: str) -> str:
    """A score or grade inside a sentence: its label where that is short, else its name in words.

    "How interested the lead is" cannot stand before "score".
    """
    words = label.split()
    if words and words[-1].lower() in ("score", "grade"):
        words.pop()
    if not words or len(words) > _SHORT - 1:
        return value(name)
    return lower_first(" ".join(words))
