"""Every word of ours in the sentences about a policy, in one place.

Another language is another ``Catalogue`` and a module that builds sentences in its grammar, as
``leadpact.english`` does for this one. Braces name what a sentence puts in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ENGLISH", "Catalogue"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """``texts`` are sentences and clauses by key; the rest are words that steer the grammar.

    ``acronyms`` are written their own way wherever they stand, ``whole_acronyms`` only when they
    are the whole value. ``past_verbs`` and ``adjectives`` are those that no ending gives away;
    ``helpers`` are verbs that begin a yes-or-no label, with their negative.
    """

    texts: Mapping[str, str]
    units: Mapping[str, tuple[str, str]]
    months: tuple[str, ...]
    acronyms: Mapping[str, str]
    whole_acronyms: Mapping[str, str]
    past_verbs: frozenset[str]
    adjectives: frozenset[str]
    prepositions: frozenset[str]
    helpers: Mapping[str, str]


_TEXTS = {
    # numbers, dates, lists
    "quoted": "“{text}”",
    "and": "and",
    "or": "or",
    "money": "{number} {currency}",
    "date": "{day} {month} {year}",
    "points": "{number} points",
    "point": "{number} point",
    # windows and limits
    "within": "in the last {duration}",
    "ever": "at any time",
    "since entered": "since it entered its stage",
    "once per period": "once a {period}",
    "once per property": "once for each {property}",
    "up to": "up to {number} a {period}",
    "at most points": "at most {points}",
    "at most times": "at most {number} times",
    "at most once": "at most once",
    # fields
    "the": "the {label}",
    "number of": "the number of {label}",
    "domain": "the domain of {field}",
    "compare <": "{field} is less than {value}",
    "compare <=": "{field} is at most {value}",
    "compare >": "{field} is more than {value}",
    "compare >=": "{field} is at least {value}",
    "compare ==": "{field} is {value}",
    "compare !=": "{field} is not {value}",
    "date <": "{field} is before {value}",
    "date <=": "{field} is on or before {value}",
    "date >": "{field} is after {value}",
    "date >=": "{field} is on or after {value}",
    "date ==": "{field} is {value}",
    "date !=": "{field} is not {value}",
    "from to": "{field} is from {low} to {high}",
    "from below": "{field} is at least {low} and less than {high}",
    "text is": "{subject} is {values}",
    "text is not": "{subject} is not {values}",
    "text starts with": "{subject} starts with {values}",
    "text starts with not": "{subject} does not start with {values}",
    "text ends with": "{subject} ends with {values}",
    "text ends with not": "{subject} does not end with {values}",
    "text contains": "{subject} contains {values}",
    "text contains not": "{subject} does not contain {values}",
    "in list": "{subject} is on the list {list}",
    "not in list": "{subject} is not on the list {list}",
    "includes": "{subject} includes {values}",
    "includes not": "{subject} does not include {values}",
    "yes": "{subject} is yes",
    "no": "{subject} is no",
    "known": "{subject} is known",
    "unknown": "{subject} is unknown",
    "anything else": "{subject} is anything else",
    # the lead and what happened
    "lead": "the lead {predicate}",
    "lead is": "the lead is {predicate}",
    "lead is not": "the lead is not {predicate}",
    "holds": "{label} holds",
    "holds not": "{label} does not hold",
    "we": "one of our people",
    "did": "{who} {event}",
    "never did": "{who} never {event}",
    "happened": "{event} happened",
    "never happened": "{event} never happened",
    "did something": "the lead did something",
    "did nothing": "the lead did nothing",
    "things done": "the lead was active",
    "at least times": "{event} at least {number} times",
    "at most times of": "{event} {number} times or fewer",
    "exactly times": "{event} exactly {number} times",
    "fewer times": "{event} fewer than {number} times",
    "more times": "{event} more than {number} times",
    "not exactly times": "{event} more or fewer than {number} times",
    "different >=": "{event} with at least {number} different values of {property}",
    "different <=": "{event} with at most {number} different values of {property}",
    "different ==": "{event} with exactly {number} different values of {property}",
    "different <": "{event} with fewer than {number} different values of {property}",
    "different >": "{event} with more than {number} different values of {property}",
    "different !=": "{event} with more or fewer than {number} different values of {property}",
    # results
    "score": "the {name} score",
    "grade": "the {name} grade",
    "category <": "{score} has less than {points} from {category}",
    "category <=": "{score} has at most {points} from {category}",
    "category >": "{score} has more than {points} from {category}",
    "category >=": "{score} has at least {points} from {category}",
    "category ==": "{score} has exactly {points} from {category}",
    "category !=": "{score} does not have exactly {points} from {category}",
    "grade is": "{grade} is {letters}",
    "grade is not": "{grade} is not {letters}",
    "or better": "{grade} is {letter} {better}",
    "better": "or better",
    "worse": "{grade} is worse than {letter}",
    "grade known": "{grade} is known",
    "grade unknown": "{grade} is “insufficient data”",
    "group": "the lead is in the group {rows}",
    "group not": "the lead is not in the group {rows}",
    "group of": "the lead is in the group {rows} of {group}",
    "group of not": "the lead is not in the group {rows} of {group}",
    "met": "{what} is met",
    "not met": "{what} is not met",
    "not unknown": "{what} is not unknown",
    # joined conditions
    "both": "both {members}",
    "all of": "all of these are true: {members}",
    "either": "either {members}",
    "any of": "one of these is true: {members}",
    "at least of": "at least {count} of these are true: {members}",
    "at least one of": "at least one of these is true: {members}",
    "fewer of": "fewer than {count} of these are true: {members}",
    "none of": "none of these is true: {members}",
    # rules
    "each": "{points} for each time {event}",
    "each noun": "{points} for each {event}",
    "each activity": "{points} for each thing the lead did",
    "when": "{points} when {condition}",
    "only when": "{row}, only when {condition}",
    "for every": "{points} for every {step} of {field}",
    "for every counted": "{points} for every {step} {label}",
    "for each counted": "{points} for each of the {label}",
    "category cap": "{category} counts at most {points}",
    "category cap plural": "{category} count at most {points}",
    "category": "{category} counts without a limit of its own",
    "category plural": "{category} count without a limit of their own",
    "never more": "Never more than {points}",
    "never less": "Never less than {points}",
    "letter best": "{letter} from {low}",
    "letter middle": "{letter} from {low}, below {high}",
    "letter last": "{letter} below {high}",
    "letter only": "{letter} for every lead",
    "needs known": "At least {count} of these must be known: {fields}",
    "needs all known": "These must be known: {fields}",
    "group when": "{row} when {condition}",
    "group otherwise": "{row} for every other lead",
    "group unknown": "{row} when too little is known to tell",
    "moves": "Moves to {stage} when {condition}",
    "met when": "Met when {condition}",
    "met when else": "Met when {condition}; not met when {otherwise}",
    "answered": "Answered by {party}",
    "answered for": "Answered by {party}, good for {duration}",
    "needs at least": "At least {count} questions are {state}",
    "needs at least of": "At least {count} of these are {state}: {items}",
    "needs all": "All questions are {state}",
    "needs all of": "These are {state}: {items}",
    "needs none": "No question is “{state}”; one without an answer does not count",
    "needs none of": "None of these is “{state}”: {items}; one without an answer does not count",
    "definition": "{label} means that {condition}",
    "refusal": "Turned away when {condition}",
}

_ACRONYMS = """
    API B2B B2C BANT CEO CFO CIO CISO CMO COO CRM CRO CTO DKK ERP EU EUR EVP FAQ GBP GDPR HR II
    III IV KPI MQL NOK PDF PR ROI SAL SEK SEM SEO SLA SMS SQL SVP SaaS UK URL USA USD VAT VP
"""

_PAST_VERBS = """
    agreed began bought brought came chose cut did drew fell felt found gave got had heard held hit
    kept knew left lost made met paid put ran rang read said sat saw sent set shook showed sold
    spent spoke stood thought told took went won wrote
"""

_ADJECTIVES = """
    big certain clear close cold complete curious eager early fit free genuine happy hot keen large
    late likely local loyal near new open over private quick ready real relevant right rich
    sceptical small sure too under unfit unlikely urgent valid warm worth young
"""

_PREPOSITIONS = """
    about after at before by for from in into of on over per since to until with within
"""

ENGLISH = Catalogue(
    texts=_TEXTS,
    units={
        "minute": ("minute", "minutes"),
        "hour": ("hour", "hours"),
        "day": ("day", "days"),
        "week": ("week", "weeks"),
        "month": ("month", "months"),
        "quarter": ("quarter", "quarters"),
    },
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    acronyms={word.lower(): word for word in _ACRONYMS.split()},
    whole_acronyms={"it": "IT", "us": "US", "id": "ID"},
    past_verbs=frozenset(_PAST_VERBS.split()),
    adjectives=frozenset(_ADJECTIVES.split()),
    prepositions=frozenset(_PREPOSITIONS.split()),
    helpers={
        "is": "is not",
        "are": "are not",
        "was": "was not",
        "can": "cannot",
        "may": "may not",
        "must": "need not",
        "will": "will not",
        "should": "should not",
    },
)
