"""What things of a policy are called in English: fields, values, numbers, windows, events.

Labels are people's own words, so nothing here may assume their form: where a label does not look
like the part of speech that a sentence needs, it is quoted instead of bent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from leadpact.checked import (
    BusinessTime,
    DateType,
    Duration,
    Field,
    InForce,
    InstantType,
    NumberType,
    YesNoType,
)
from leadpact.english.catalogue import ENGLISH

__all__ = [
    "amount",
    "checklist_noun",
    "counted_label",
    "cut",
    "day",
    "day_of_year",
    "duration",
    "field_noun",
    "in_force",
    "is_plural",
    "joined",
    "lower_first",
    "number",
    "percent",
    "points",
    "points_of",
    "quoted",
    "result_name",
    "say",
    "time_of_day",
    "value",
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


def day_of_year(when: date) -> str:
    """``24 December``"""
    return say("day of year", day=when.day, month=ENGLISH.months[when.month - 1])


def time_of_day(minutes: int) -> str:
    """``09:00`` of the minutes since midnight; ``24:00`` ends a day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def percent(share: Decimal) -> str:
    """``60%``, ``2.5%``"""
    return f"{number(share)}%"


def duration(length: Duration | BusinessTime) -> str:
    """``30 days``, ``1 hour``, ``4 business hours`` (``Names.length`` says of which calendar)"""
    unit = f"business {length.unit}" if isinstance(length, BusinessTime) else length.unit
    return f"{number(length.amount)} {ENGLISH.units[unit][length.amount != 1]}"


def in_force(span: InForce) -> str:
    """``from 1 January 2027``, ``until 31 December 2026``, ``from … until …``"""
    if span.first is None:
        return say("until", last=day(span.last)) if span.last is not None else ""
    if span.last is None:
        return say("from", first=day(span.first))
    return say("from until", first=day(span.first), last=day(span.last))


def joined(words: Iterable[str], by: Literal["and", "or"]) -> str:
    """``a``, ``a or b``, ``a, b or c``"""
    first = list(words)
    last = first.pop()
    return f"{', '.join(first)} {ENGLISH.texts[by]} {last}" if first else last


def quoted(text: str) -> str:
    return say("quoted", text=text)


def cut(text: str, words: int | None) -> str:
    """The text itself, or its first ``words`` words with an ellipsis where it has more."""
    if words is None or len(given := text.split()) <= words:
        return text
    return f"{' '.join(given[:words])} …"


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
    list would tear apart, or that would read as a negation, is quoted.
    """
    if any(mark in text for mark in (",", " or ", " and ", ";")):
        return quoted(text)
    if text.startswith(("no_", "no ", "not_", "not ")):
        return quoted(text.replace("_", " "))
    if text in ENGLISH.whole_acronyms:
        return ENGLISH.whole_acronyms[text]
    if " " in text or text != text.lower():
        return text.replace("_", " ")
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
    if not isinstance(field.type, NumberType) or field.type.money or not _counts(field.label):
        return None
    label = lower_first(field.label)
    return label.removeprefix(say("already number of")) or None


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
        or words[0] in ENGLISH.question_words
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


def checklist_noun(label: str) -> str:
    """``BANT``, or the label in quotes: ``“MQL questions”`` is met, they are not."""
    return quoted(label) if " " in label else label


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
