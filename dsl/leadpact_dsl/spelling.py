"""Words that are nearly right: misspelt, in capitals, in the wrong place, or not free as names."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterator
from typing import Final

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.grammar import keywords, terminal_words
from leadpact_dsl.looking import Look
from leadpact_dsl.words import RESERVED_WORDS

__all__ = [
    "capital_keyword",
    "clauses_out_of_order",
    "label_without_name",
    "misspelt_keyword",
    "name_in_two",
    "odd_name",
    "reserved_name",
    "shouted",
]

_LIKE: Final = 0.74
_VERY_LIKE: Final = 0.82
_MOST_WORDS: Final = 4
_MOST_CLAUSES: Final = 6


def misspelt_keyword(look: Look) -> Mistake | None:
    """A word or phrase that is nearly one of the language's, at this place or just before it."""
    phrases = set(terminal_words().values())
    expected = set(keywords(look.stop.expected))
    found: list[tuple[float, Edit]] = []
    for start, end in _windows(look):
        said = " ".join(look.masked[start:end].split())
        if said in phrases or not re.fullmatch(r"[A-Za-z_' -]+", said):
            continue
        for phrase in difflib.get_close_matches(said.lower(), sorted(phrases), 4, _LIKE):
            if f" {phrase} " in f" {said} ":
                continue
            likeness = difflib.SequenceMatcher(None, said.lower(), phrase).ratio()
            # What could have come at this very place is likelier meant.
            bonus = 0.1 if start == look.stop.start and phrase in expected else 0
            found.append((likeness + bonus, Edit(start, end, phrase)))
    for likeness, edit in sorted(found, key=lambda item: (-item[0], item[1].start, item[1].new)):
        # Where the line has more mistakes than this one, the likeness alone must be convincing.
        words = len(look.masked[edit.start : edit.end].split())
        convincing = likeness >= _VERY_LIKE or words == len(edit.new.split())
        if look.reads(edit) or (convincing and look.helps(edit)):
            said = look.text[edit.start : edit.end]
            message = f"`{said}` is not a word of the language. Did you mean `{edit.new}`?"
            return Mistake("E151", message, edit.start, edit.end, f"Write `{edit.new}`.", (edit,))
    return None


def _windows(look: Look) -> Iterator[tuple[int, int]]:
    """Runs of up to four words that begin up to three words before the stop and reach to it."""
    words = [match.span() for match in re.finditer(r"[^\s,()\"]+", look.masked)]
    at = next((i for i, span in enumerate(words) if span[1] > look.stop.start), len(words))
    for first in range(max(0, at - 3), min(at + 3, len(words))):
        for last in range(max(first, at - 1), min(first + _MOST_WORDS, len(words))):
            yield words[first][0], words[last][1]


def capital_keyword(look: Look) -> Mistake | None:
    """A word of the language in capitals."""
    for match in re.finditer(r"\b[A-Za-z_]*[A-Z][A-Za-z_]*\b", look.masked):
        edit = Edit(match.start(), match.end(), match.group().lower())
        if not look.near(match.start(), match.end()) or not look.helps(edit):
            continue
        parts = {word for phrase in terminal_words().values() for word in phrase.split()}
        if edit.new in parts:
            message = "The language's words are written in small letters."
            help_ = f"Write `{edit.new}`."
            return Mistake("E152", message, match.start(), match.end(), help_, (edit,))
    return None


# What may well stand in capitals, tried in turn: letters of grades, currencies and countries.
_KEPT: Final = (
    re.compile(
        r"[A-Z][+-]?(?!\w)|(?:(?<=\d )|(?<=currency ))[A-Z]{3}\b|(?<=holidays of )[A-Z]{2}\b"
        r"|(?<=holidays of ..-)[A-Z]{2,3}\b",
        re.I,
    ),
    re.compile(r"[A-Z][+-]?(?!\w)"),
    re.compile(r"(?!)"),
)
_SHOUTED: Final = re.compile(r"(?<!\w)[A-Z](?:[A-Z0-9_]*|[a-z0-9_]*)(?!\w)")


def shouted(look: Look) -> Mistake | None:
    """A line that reads as soon as the words in capitals are written in small letters."""
    words = list(_SHOUTED.finditer(look.masked))
    # `A` is a letter of a grade sooner than the language's `a`.
    parts = {each for said in terminal_words().values() for each in said.split() if len(each) > 1}
    if not any(word.group().lower() in parts for word in words):
        return None
    for kept in _KEPT:
        edits = tuple(
            Edit(word.start(), word.end(), word.group().lower())
            for word in words
            if not kept.match(look.masked, word.start())
        )
        if edits and any(edit.new in parts for edit in edits) and look.reads(*edits):
            message = "The language's words are written in small letters."
            only = edits[0].new if len(edits) == 1 else None
            help_ = f"Write `{only}`." if only else "Write them, and names, in small letters."
            return Mistake("E152", message, edits[0].start, edits[-1].end, help_, edits)
    return None


def label_without_name(look: Look) -> Mistake | None:
    """A label where its name should stand; the name is made from it."""
    stop = look.stop
    if not stop.word.startswith('"') or "NAME" not in stop.expected or "QUOTED" in stop.expected:
        return None
    words = re.findall(r"[a-z0-9]+", stop.word.lower())[:_MOST_WORDS]
    name = "_".join(words).lstrip("0123456789_")
    edit = Edit(stop.start, stop.start, f"{name} ")
    if not name or name in RESERVED_WORDS or not look.reads(edit):
        return None
    message = f"A name is missing before {stop.word}."
    help_ = "Rules use the name; the text in quotes is for people."
    return Mistake("E160", message, stop.start, stop.end, help_, (edit,), True)


_NAMES: Final = "Names have small letters a to z, digits and `_`, and begin with a letter."


def odd_name(look: Look) -> Mistake | None:
    """A name with capitals, hyphens or accented letters."""
    if look.start == "policy_line":
        return None
    for match in re.finditer(r"[^\W\d][\w-]*|\d+[a-z_]\w*", look.masked):
        said = match.group()
        plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", said).replace("-", "_").lower()
        if said[0].isdigit() and "NAME" in look.stop.expected and match.start() == look.stop.start:
            message = f"`{said}` cannot be a name."
            return Mistake("E153", message, match.start(), match.end(), _NAMES)
        if (plain == said and said.isascii()) or not look.near(match.start(), match.end()):
            continue
        ours = plain.isascii() and plain[0].isalpha() and plain not in RESERVED_WORDS
        edit = Edit(match.start(), match.end(), plain)
        message = f"`{said}` cannot be a name."
        if ours and look.helps(edit):
            help_ = f"Write `{plain}`. {_NAMES}"
            return Mistake("E153", message, match.start(), match.end(), help_, (edit,))
        if "NAME" in look.stop.expected and not said.isascii() and match.end() > look.stop.start:
            return Mistake("E153", message, match.start(), match.end(), _NAMES)
    return None


def name_in_two(look: Look) -> Mistake | None:
    """``job title text``, ``+10 each pricing view within 30 days``."""
    stop = look.stop
    words = re.compile(r"[a-z][a-z0-9_]*")
    if not words.fullmatch(stop.before) or not words.fullmatch(stop.word):
        return None
    if {stop.before, stop.word} & RESERVED_WORDS or " when " in look.masked[: stop.start]:
        return None
    edit = Edit(look.before + len(stop.before), stop.start, "_")
    # A second word that is made of several is a name of its own: `webinar is_customer`.
    if look.start == "group_row" or "_" in stop.word or not look.reads(edit):
        return None
    name = f"{stop.before}_{stop.word}"
    message = f"`{stop.before} {stop.word}` cannot be a name."
    help_ = f"Write `{name}`. Names have no blanks in them."
    return Mistake("E153", message, look.before, stop.end, help_, (edit,), True)


def reserved_name(look: Look) -> Mistake | None:
    """A word of the language where a name should stand."""
    stop = look.stop
    if stop.word not in RESERVED_WORDS or "NAME" not in stop.expected:
        return None
    at = (stop.start, stop.end)
    if "QUOTED" in stop.expected:
        edit = Edit(*at, f'"{stop.word}"')
        if look.helps(edit):
            message = f"`{stop.word}` is a word of the language; as a value it needs quotes."
            return Mistake("E154", message, *at, f'Write `"{stop.word}"`.', (edit,))
    free = Edit(*at, f"{stop.word}_x")
    if not look.helps(free):
        return None
    message = f"`{stop.word}` is a word of the language and cannot be a name."
    return Mistake("E154", message, *at, "Choose another name.")


# The fixed order of what can stand on one line (language.md, "Opening").
_CLAUSES: Final = (
    r"once\s+per\b",
    r"up\s+to\b",
    r"at\s+least\s+[\d,]+\s+times?\b",
    r"(?:within|ever|since\s+(?:entering|leaving))\b",
    r"at\s+most\b",
    r"(?:halving\s+every|fading\s+over)\b",
    r"after\s+\d+\s+[a-z]",
    r"without\b",
    r"from\b",
    r"owned\s+by\b",
    r"(?:met\s+when|when)\b",
    r"not\s+met\s+when\b",
    r"in\s+force\s+(?:from|until)\b",
    r"as\b",
    r"because\b",
)
_CLAUSE: Final = re.compile(
    r"(?:,\s*|\s)(?:" + "|".join(f"({clause})" for clause in _CLAUSES) + ")"
)


def clauses_out_of_order(look: Look) -> Mistake | None:
    """What stands on the line is right, but not in the order in which it can be read."""
    starts = [(match.start(), match.lastindex or 0) for match in _CLAUSE.finditer(look.masked)]
    # A window or a count may also belong to the condition before it: then it must not move.
    for some in itertools.chain([starts], itertools.combinations(starts, max(0, len(starts) - 1))):
        if not 2 <= len(some) <= _MOST_CLAUSES:
            continue
        ends = [start for start, _ in some[1:]] + [len(look.text)]
        pieces = [
            (order, look.text[start:end].strip(" ,"))
            for (start, order), end in zip(some, ends, strict=True)
        ]
        ordered = sorted(pieces, key=lambda piece: piece[0])
        if ordered == pieces:
            continue
        for joint in (", ", " "):
            new = "".join(
                (joint if piece.startswith("at most") else ", ") + piece
                if piece.startswith(("at most", "halving", "fading"))
                else f" {piece}"
                for _, piece in ordered
            )
            edit = Edit(some[0][0], len(look.text), new)
            if look.reads(edit):
                return _reordered(look, edit)
    return None


def _reordered(look: Look, edit: Edit) -> Mistake:
    start = edit.start + len(look.text[edit.start :]) - len(look.text[edit.start :].lstrip(" ,"))
    message = "All on this line is right, but it stands in another order."
    help_ = (
        "The order is: how often, window, `at most`, how points fade, `owned by`, `when`, "
        "`in force`, `as`, `because`."
    )
    return Mistake("E155", message, start, edit.end, help_, (edit,))
