"""What is wrong on a line that could not be read: one mistake, and how to mend it.

The special cases come first, in an order in which the surer ones stand before the looser ones;
then words that are nearly right; then what could have come at this place. Each case looks at the
text, at the word before and at what the grammar would have taken, never at a parser's state: a
change of the grammar must not silently unhook one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.figures import (
    no_sign,
    odd_date,
    odd_duration,
    odd_number,
    odd_quotes,
    points_after_number,
    points_word,
    sign_alone,
    unquoted,
)
from leadpact_dsl.grammar import Start, Stop
from leadpact_dsl.looking import Look, look_at
from leadpact_dsl.phrases import later_phrase, other_phrase, symbol
from leadpact_dsl.phrases_calendar import calendar_phrase, odd_time_of_day
from leadpact_dsl.phrases_examples import example_phrase
from leadpact_dsl.phrases_stages import missing_percent, stage_phrase
from leadpact_dsl.phrases_time import business_time_here, dates_here, dates_of_row, time_phrase
from leadpact_dsl.slips import exchanged_words, short_word, word_twice
from leadpact_dsl.spelling import (
    capital_keyword,
    clauses_out_of_order,
    label_without_name,
    misspelt_keyword,
    name_in_two,
    odd_name,
    reserved_name,
    shouted,
)
from leadpact_dsl.wording import expectation

__all__ = ["find_mistake"]


def find_mistake(text: str, start: Start, stop: Stop) -> Mistake:
    """The first mistake on a line, at or near the place where reading stopped."""
    look = look_at(text, start, stop)
    for case in _CASES:
        mistake = case(look)
        if mistake is not None:
            return mistake
    return expectation(look)


# --- special cases -----------------------------------------------------------------------------


def _mixed(look: Look) -> Mistake | None:
    word, expected = look.stop.word, look.stop.expected
    others = {"and": ("_OR", "or"), "or": ("_AND", "and")}
    if word not in others or others[word][0] not in expected:
        return None
    other = others[word][1]
    message = f"`{other}` and `{word}` are mixed here, and this can be read in two ways."
    help_ = "Put brackets around what belongs together, or write a list with `all of` or `any of`."
    return Mistake("E141", message, look.stop.start, look.stop.end, help_)


_COMPARED: Final = re.compile(
    r"\b(?P<what>[a-z][\w.]*)\s+(?P<how>(?:starts|ends)\s+with|contains|includes|is)\b"
)


def _said_once(look: Look) -> Mistake | None:
    """``email ends with "a" or "b"``, ``industry is unknown or is retail``."""
    stop = look.stop
    found = list(_COMPARED.finditer(look.masked[: stop.start]))
    if stop.before not in ("and", "or") or not found:
        return None
    what, how = found[-1]["what"], " ".join(found[-1]["how"].split())
    missing = f"{what} {how}" if stop.word.startswith('"') else what
    edit = Edit(stop.start, stop.start, f"{missing} ")
    if not look.helps(edit):
        return None
    message = f"After `{stop.before}` a condition is said in full."
    help_ = f"Write `{missing}` again before `{stop.word}`."
    return Mistake("E156", message, stop.start, stop.end, help_, (edit,))


def _counted_none(look: Look) -> Mistake | None:
    match = re.search(
        r"\bno\s+(\w+)\s+(?:at\s+least|more\s+than)\s+(\d{1,6})\s+times?\b", look.masked
    )
    if match is None:
        return None
    fewer = int(match[2]) - (0 if "more" in match.group() else 1)
    edit = Edit(
        match.start(), match.end(), f"{match[1]} at most {fewer} time{'' if fewer == 1 else 's'}"
    )
    message = "`no` and a number of times do not go together."
    help_ = f"Write `{edit.new}`."
    return Mistake("E142", message, match.start(), match.end(), help_, (edit,))


def _comma(look: Look) -> Mistake | None:
    commas = [at.start() for at in re.finditer(",", look.masked)]
    near = [at for at in commas if look.near(at, at + 1)]
    for at in near:
        edit = Edit(at, at + 1, "" if look.masked[at + 1 : at + 2] in (" ", "") else " ")
        if look.helps(edit) or (at == len(look.text) - 1 and look.reads(edit)):
            message = "No comma belongs here."
            return Mistake("E143", message, at, at + 1, "Leave it out.", (edit,))
    edit = Edit(look.before + len(look.stop.before), look.stop.start, ", ")
    if look.stop.word and "_COMMA" in look.stop.expected and look.reads(edit):
        message = f"A comma is missing before `{look.stop.word}`."
        help_ = f"Write `{look.stop.before}, {look.stop.word}`."
        return Mistake("E143", message, look.stop.start, look.stop.end, help_, (edit,), True)
    return None


def _and_for_comma(look: Look) -> Mistake | None:
    """``changes need marketing and sales``"""
    stop = look.stop
    if stop.word != "and" or not {"_COMMA", "NAME"} & stop.expected or "_AND" in stop.expected:
        return None
    before = look.text[: stop.start].rstrip(" ,")
    edit = Edit(len(before), stop.end, ",")
    if not look.helps(edit):
        return None
    message = "What is listed on a line is set apart by commas."
    return Mistake("E143", message, stop.start, stop.end, "Write `,`.", (edit,))


def _list_colon(look: Look) -> Mistake | None:
    first = look.masked.find('"')
    if look.start == "list_header" and ":" not in look.masked and first > 0:
        edits = (Edit(len(look.masked[:first].rstrip()), first, ": "),)
        if look.reads(*edits):
            message = "Before the texts of a list stands a `:`."
            return Mistake(
                "E146", message, first, look.masked.find('"', first + 1) + 1, None, edits
            )
    return None


def _colon(look: Look) -> Mistake | None:
    at = look.masked.find(":", max(0, look.before))
    if at < 0:
        return None
    edit = Edit(at, at + 1, "")
    if look.helps(edit) and look.reads(edit):
        message = "A `:` stands only at the end of a line."
        return Mistake("E146", message, at, at + 1, "Leave it out.", (edit,))
    if re.search(r"\b(?:all|any|none|at\s+least\s+\d+)\s+of\s*$", look.masked[:at]):
        message = "A list of conditions has one condition a line."
        help_ = "Write each on a line of its own below, four blanks further right."
        return Mistake("E146", message, at, len(look.text), help_)
    if at == look.stop.start:
        help_ = "Write what follows on the next line, four blanks further right."
        return Mistake("E146", "Nothing can stand after this `:`.", at, at + 1, help_)
    return None


_INSTEAD_OF_COLON: Final = {"letter": "from", "group_row": "when", "example_line": "is"}


def _colon_for_a_word(look: Look) -> Mistake | None:
    """``A: 70``, ``contact: interested``, ``seniority: vp``."""
    word = _INSTEAD_OF_COLON.get(look.start)
    match = re.search(rf"\s*:\s*(?:{word}\b\s*)?", look.masked)
    if word is None or match is None:
        return None
    edit = Edit(match.start(), match.end(), f" {word} ")
    if not look.reads(edit):
        return None
    at = look.masked.index(":")
    message = "A `:` stands only at the end of a line."
    return Mistake("E146", message, at, at + 1, f"Write `{word}`.", (edit,))


_VALUES: Final = {"currency": "currency EUR", "version": "version 1", "language": "language 1"}


def _policy_value(look: Look) -> Mistake | None:
    """A line of the policy block that is right but for its value."""
    key = look.masked.split()[0] if look.masked.strip() else ""
    if look.start != "policy_line" or key not in _VALUES or look.stop.word == key:
        return None
    start = look.masked.index(key)
    after = start + len(key)
    value = look.text[after:].strip()
    if not value:
        message, span = f"`{key}` has no value.", (start, after)
    else:
        message, span = f"`{value}` cannot be the {key}.", (after + 1, len(look.text.rstrip()))
    return Mistake("E160", message, *span, f"Write for example `{_VALUES[key]}`.")


def _bracket(look: Look) -> Mistake | None:
    opened, closed = look.masked.count("("), look.masked.count(")")
    if opened > closed and "_CLOSE" in look.stop.expected and not look.stop.word:
        at = look.masked.rindex("(")
        edit = Edit(len(look.text), len(look.text), ")" * (opened - closed))
        edits = (edit,) if look.reads(edit) else ()
        return Mistake(
            "E147", "This bracket is never closed.", at, at + 1, "Close it with `)`.", edits
        )
    if closed > opened and look.stop.word.startswith(")"):
        at = look.stop.start
        edit = Edit(at, at + 1, "")
        message = "This bracket was never opened."
        return Mistake("E147", message, at, at + 1, "Leave it out.", (edit,))
    return None


def _joined_marks(look: Look) -> Mistake | None:
    match = re.search(r"\(([a-z ]+(?:,[a-z ]+)+)\)", look.masked)
    if match is None or look.start not in ("lead_line", "field"):
        return None
    new = " ".join(f"({mark.strip()})" for mark in match[1].split(","))
    edit = Edit(match.start(), match.end(), new)
    if not look.helps(edit):
        return None
    message = "Each mark has brackets of its own."
    return Mistake("E148", message, match.start(), match.end(), f"Write `{new}`.", (edit,))


def _bare_mark(look: Look) -> Mistake | None:
    match = re.search(
        r"\b(required|personal|known only after contact|no when unknown)$", look.masked
    )
    if match is None or look.start not in ("lead_line", "field"):
        return None
    edit = Edit(match.start(), match.end(), f"({match[1]})")
    if not look.helps(edit):
        return None
    message = "A mark stands in brackets."
    return Mistake("E148", message, match.start(), match.end(), f"Write `({match[1]})`.", (edit,))


def _clause_in_list(look: Look) -> Mistake | None:
    word = look.stop.word
    if look.start != "condition_line" or look.masked.split()[:1] not in (
        ["because"],
        ["as"],
        ["when"],
    ):
        return None
    message = f"`{word}` is not a condition and cannot stand in this list."
    help_ = "Begin the list on a line of its own with `when`, and put this line below the list."
    return Mistake("E149", message, look.stop.start, look.stop.end, help_)


_WORDS: Final = (
    ("_WHEN", "when"),
    ("_BECAUSE", "because"),
    ("_WITHIN", "within"),
    ("_FROM", "from"),
    ("_OF", "of"),
    ("_ON", "on"),
    ("_WITH", "with"),
    ("AT_LEAST", "at least"),
    ("AGO", "ago"),
    ("POINTS_WORD", "points"),
    ("_WITHOUT_ACTIVITY", "without activity"),
    ("IS", "is"),
)


def _missing_word(look: Look) -> Mistake | None:
    """The line can be read with one more word."""
    stop = look.stop
    times = re.match(r"(\d+)\s+times?\b", look.text[stop.start :])
    if times and "AT_LEAST" in stop.expected:
        message = f"`{times.group()}`: at least, at most or exactly?"
        help_ = f"Write for example `at least {times.group()}`."
        return Mistake("E156", message, stop.start, stop.start + times.end(), help_)
    for terminal, word in _WORDS:
        if terminal not in stop.expected:
            continue
        at = stop.start if stop.word else look.before + len(stop.before)
        edit = Edit(at, at, f"{word} " if stop.word else f" {word}")
        if look.reads(edit):
            place = f"before `{stop.word}`" if stop.word else "at the end of this line"
            span = (stop.start, stop.end) if stop.word else (look.before, at)
            message = f"`{word}` is missing {place}."
            return Mistake("E156", message, *span, None, (edit,), True)
    return None


def _not_here(look: Look) -> Mistake | None:
    """A character that no line of the language has."""
    first = look.stop.word[:1]
    if not first or (first.isascii() and (first.isalnum() or first in "\"()+-.,:_'")):
        return None
    message = f"`{look.stop.word}` is not used in policies outside of quotes."
    help_ = "Leave it out and say it in words. If it is part of a text, put the text in quotes."
    return Mistake("E150", message, look.stop.start, look.stop.end, help_)


_CASES: Final[tuple[Callable[[Look], Mistake | None], ...]] = (
    shouted,
    odd_quotes,
    word_twice,
    later_phrase,
    symbol,
    sign_alone,
    no_sign,
    points_word,
    points_after_number,
    _mixed,
    _counted_none,
    calendar_phrase,
    odd_time_of_day,
    dates_of_row,
    time_phrase,
    stage_phrase,
    example_phrase,
    business_time_here,
    missing_percent,
    odd_date,
    odd_duration,
    odd_number,
    other_phrase,
    _said_once,
    _policy_value,
    label_without_name,
    _clause_in_list,
    exchanged_words,
    reserved_name,
    clauses_out_of_order,
    dates_here,
    _joined_marks,
    _bare_mark,
    _list_colon,
    _and_for_comma,
    _comma,
    _colon_for_a_word,
    _colon,
    capital_keyword,
    short_word,
    misspelt_keyword,
    odd_name,
    _bracket,
    name_in_two,
    _missing_word,
    unquoted,
    _not_here,
)
