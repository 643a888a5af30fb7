"""Phrases that people write and the language says in other words, or does not say yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.frozen import frozen
from leadpact_dsl.looking import Look

__all__ = ["later_phrase", "other_phrase", "symbol"]

_NUMBER: Final = r"-?\d[\d,.]*"
_VALUE: Final = rf'(?:{_NUMBER}(?: [A-Z]{{3}})?|"[^"]*"|[A-Z][+-]?(?!\w))'

_SYMBOLS: Final = (
    (r"(?:\bis\s*)?(?:>=|=>|≥)", "is at least"),
    (r"(?:\bis\s*)?(?:<=|=<|≤)", "is at most"),
    (r"(?:\bis\s*)?(?:!==?|<>|≠)", "is not"),
    (r"(?:\bis\s*)?={1,3}", "is"),
    (r"(?:\bis\s*)?>", "is more than"),
    (r"(?:\bis\s*)?<", "is less than"),
    (r"&{1,2}", "and"),
    (r"\|{1,2}", "or"),
    (r"!", "not"),
)


# What rows of points and letters say instead.
_OF_ROWS: Final = {
    "letter": {"is at least": "from", "is": "from"},
    "points_by_row": {"is at least": "from", "is less than": "below", "is": ""},
}


def symbol(look: Look) -> Mistake | None:
    """A symbol where the language has words."""
    for pattern, word in _SYMBOLS:
        match = re.search(pattern, look.masked)
        if match is None:
            continue
        sign = match.group().removeprefix("is").strip()
        rest = look.masked[match.end() :]
        if word == "is" and look.start == "condition_line" and set(look.masked.strip()) <= {"="}:
            return None
        blank_before = " " if match.start() and not look.masked[match.start() - 1].isspace() else ""
        blank_after = " " if rest and not rest[0].isspace() else ""
        if look.start in ("policy_line", "party_line"):
            word = ""
        elif look.start in _OF_ROWS:
            word = _OF_ROWS[look.start].get(word, word)
        elif re.match(r"\s*\d[\d,]*\s+times?\b", rest):
            word = {"is": "exactly"}.get(word, word.removeprefix("is "))
        blanks = 0 if word else len(rest) - len(rest.lstrip())
        edit = Edit(match.start(), match.end() + blanks, f"{blank_before}{word}{blank_after}")
        at = match.end() - len(sign)
        message = f"`{sign}` is not used here: policies are written in words."
        help_ = f"Write `{word}`." if word else "Leave it out."
        return Mistake("E131", message, at, match.end(), help_, (edit,))
    return None


@frozen
class _Phrase:
    """``pattern`` finds what people write; ``new`` is a template, or makes the words from it."""

    pattern: str
    new: str | Callable[[re.Match[str]], str]
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def _values(match: re.Match[str]) -> str:
    return "is any of " + ", ".join(re.findall(_VALUE, match.group()))


def _more_times(match: re.Match[str]) -> str:
    return f"at least {int(match['n']) + 1} times"


def _fewer_times(match: re.Match[str]) -> str:
    return f"at most {max(0, int(match['n']) - 1)} times"


_FIELDS: Final = ("lead_line", "field")
_ROWS: Final = ("score_line", "grade_line", "category_line")

# The first that fits and helps is told. Longer phrases stand before those that they contain.
_PHRASES: Final = (
    _Phrase(
        rf"\b(?:is\s+)?between\s+(?P<a>{_NUMBER})\s+(?:and|to)\s+(?P<b>{_NUMBER})",
        r"is from \g<a> to \g<b>",
        never=_FIELDS,
    ),
    _Phrase(
        rf"\bis\s+(?P<a>{_NUMBER})\s*(?:to|-)\s*(?P<b>{_NUMBER})",
        r"is from \g<a> to \g<b>",
        never=_FIELDS,
    ),
    _Phrase(
        rf"\bbetween\s+(?P<a>{_NUMBER})\s+(?:and|to)\s+(?P<b>{_NUMBER})",
        r"from \g<a> to \g<b>",
        only=_FIELDS,
    ),
    _Phrase(
        r"\bis\s+(?:either\s+)?(?P<v>[a-z]\w*(?:\s*,\s*[a-z]\w*)+)\s*,?\s*or\s+(?P<w>[a-z]\w*)"
        r"(?!\w|\s+is\b)",
        r"is any of \g<v>, \g<w>",
        never=("example_line",),
    ),
    _Phrase(r"\bis\s+(?P<v>[a-z]\w*)\s+or\s+is\s+(?P<w>[a-z]\w*)", r"is any of \g<v>, \g<w>"),
    _Phrase(r"\bis\s+either\s+(?P<v>[a-z]\w*)\s+or\s+(?P<w>[a-z]\w*)", r"is any of \g<v>, \g<w>"),
    _Phrase(rf"\bis\s+{_VALUE}(?:\s*,\s*{_VALUE})*(?:\s*,?\s*or\s+{_VALUE})+", _values),
    _Phrase(
        r"\bis\s+(?P<v>[a-z]\w*(?:\s*,\s*[a-z]\w*)+)", r"is any of \g<v>", never=("example_line",)
    ),
    _Phrase(r"\bis\s+(?:greater|more)\s+than\s+or\s+equals?(?:\s+to)?\b", "is at least"),
    _Phrase(r"\bis\s+(?:less|smaller)\s+than\s+or\s+equals?(?:\s+to)?\b", "is at most"),
    _Phrase(r"\bis\s+(?:greater|bigger|larger|higher|better)\s+than\b", "is more than"),
    _Phrase(r"\bis\s+(?:smaller|lower|fewer|worse)\s+than\b", "is less than"),
    _Phrase(r"\bis\s+(?:not\s+less|no\s+less|no\s+fewer)\s+than\b", "is at least"),
    _Phrase(r"\bis\s+(?:not|no)\s+more\s+than\b", "is at most"),
    _Phrase(r"\bis\s+(?:over|above|greater|more)\b(?!\s+than)|\bexceeds\b", "is more than"),
    _Phrase(r"\bis\s+(?:under|below|less|fewer)\b(?!\s+than)", "is less than"),
    _Phrase(r"\bis\s+(?:up\s+to|no\s+higher\s+than|max(?:imum)?)\b", "is at most"),
    _Phrase(r"\bis\s+min(?:imum)?\b", "is at least"),
    _Phrase(r"\bis\s+at_least\b", "is at least"),
    _Phrase(r"\bis\s+at_most\b", "is at most"),
    _Phrase(r"\bat_least\b", "at least"),
    _Phrase(r"\bat_most\b", "at most"),
    _Phrase(r"\b(?:is\s+)?not\s+(?:in|one\s+of|any\s+of)\b", "is none of"),
    _Phrase(r"\b(?:is\s+in|is\s+one\s+of|is\s+either)\b", "is any of"),
    _Phrase(r"\bin\b(?=\s+[\"\w]+\s*,)", "is any of"),
    _Phrase(r"\bis\s+not\s+equal\s+to\b|\bdoes\s+not\s+equal\b|\bisn't\b", "is not"),
    _Phrase(r"\bis\s+equal\s+to\b|\bequals\b", "is"),
    _Phrase(
        r"\bis\s+not\s+(?:unknown|empty|missing|null|blank)\b|\bexists\b|\bhas\s+a\s+value\b",
        "is known",
    ),
    _Phrase(r"\bis\s+not\s+known\b", "is unknown"),
    _Phrase(r"\b(?P<f>[a-z]\w*)\s+(?:does\s+not|doesn't)\s+contain\b", r"not \g<f> contains"),
    _Phrase(
        r"\b(?P<f>[a-z]\w*)\s+(?:does\s+not|doesn't)\s+start\s+with\b", r"not \g<f> starts with"
    ),
    _Phrase(r"\b(?P<f>[a-z]\w*)\s+(?:does\s+not|doesn't)\s+end\s+with\b", r"not \g<f> ends with"),
    _Phrase(r"\b(?P<f>[a-z]\w*)\s+(?:does\s+not|doesn't)\s+include\b", r"not \g<f> includes"),
    _Phrase(r"\bbegins?\s+with\b|\bstart\s+with\b", "starts with"),
    _Phrase(r"\bfinishes\s+with\b|\bend\s+with\b", "ends with"),
    _Phrase(r"\bcontain\b", "contains"),
    _Phrase(r"\bor\s+(?:higher|above|more|greater)\b", "or better"),
    _Phrase(
        r"\b(?:within|in|during|over|for)\s+(?:the\s+)?(?:last|past|previous)\s+(?=\d)", "within "
    ),
    _Phrase(
        r"\b(?:last|past|in|during|for|inside|since)\s+(?=\d+\s+(?:minute|hour|day|week|month))",
        "within ",
    ),
    _Phrase(r"\bmet\s+(?:if|where)\b", "met when"),
    _Phrase(
        r",?\s+(?:valid\s+)?for\s+(?=\d)",
        ", good for ",
        only=("checklist_line", "clause_line"),
    ),
    _Phrase(
        r"\b(?:within|in|during)\s+(?:the\s+)?(?:last|past)\s+(?P<u>hour|day|week|month)\b",
        r"within 1 \g<u>",
    ),
    _Phrase(r"\bwithin\s+(?:an?|one)\s+(?=(?:minute|hour|day|week|month)\b)", "within 1 "),
    _Phrase(r"\bon\s+(?=\d{4}-)", "at ", only=("example_line",)),
    _Phrase(r"\byesterday\b", "1 day ago", only=("example_line",)),
    _Phrase(r"\btoday\b", "0 days ago", only=("example_line",)),
    _Phrase(
        r"(?:from\s+)?\b(?P<a>\d[\d,]*)\s*-\s*(?P<b>\d[\d,]*)",
        r"from \g<a> to \g<b>",
        only=("score_header", *_FIELDS),
    ),
    _Phrase(r"\bfor\b(?=\s+no\b)", "when", only=_ROWS),
    _Phrase(r"(?<=\d)(?P<b>\s+)no\b", r"\g<b>when no", only=_ROWS),
    _Phrase(
        r",?\s+(?:max(?:imum)?|up\s+to|no\s+more\s+than|capped\s+at)\s+"
        r"(?=\d[\d,.]*\s+(?:points?|times?))",
        ", at most ",
        only=_ROWS,
    ),
    _Phrase(r"\btwice\b", "at least 2 times"),
    _Phrase(r"\bmore\s+than\s+(?P<n>\d{1,6})\s+times?\b", _more_times),
    _Phrase(r"\b(?:less|fewer)\s+than\s+(?P<n>\d{1,6})\s+times?\b", _fewer_times),
    _Phrase(r"\b(?P<n>\d{1,6})\s*(?:\+|or\s+more)\s+times?\b", r"at least \g<n> times"),
    _Phrase(r"\bunless\b", "when not"),
    _Phrase(r"\bif\b", "when"),
    _Phrase(r"\bwhere\b", "when", never=("kind_line",)),
    _Phrase(r"\b(?:when|with)\b", "where", only=("kind_line",)),
    _Phrase(
        r"\b(?:(?:in|for)\s+)?(?:(?:all|any)\s+(?:the\s+)?(?:others?|rest)(?:\s+(?:cases?|leads?))?"
        r"|every(?:thing|body|one)\s+else|the\s+(?:others|rest))\b",
        "otherwise",
        only=("group_row", "points_by_row", "letter"),
    ),
    _Phrase(
        r"\b(?:else|default|rest|others?)\b",
        "otherwise",
        only=("group_row", "points_by_row", "letter"),
    ),
    _Phrase(r"\b(?:empty|missing|null|blank)\b", "unknown", only=("group_row", "points_by_row")),
    _Phrase(r"\b(?:above|over|more\s+than|at\s+least)\b", "from", only=("points_by_row", "letter")),
    _Phrase(r"\b(?:under|less\s+than)\b", "below", only=("points_by_row",)),
    _Phrase(
        r"(?P<a>\d[\d,]*)\s*-\s*(?P<b>\d[\d,]*)(?=\s|$)",
        r"from \g<a> to \g<b>",
        only=("points_by_row",),
    ),
    _Phrase(
        r"(?<!from )\b(?P<a>\d[\d,]*)\s+to\s+(?P<b>\d[\d,]*)",
        r"from \g<a> to \g<b>",
        only=("points_by_row",),
    ),
    _Phrase(
        r"\b(?P<a>\d[\d,]*)\s*(?:\+|or\s+more\b)", r"from \g<a>", only=("points_by_row", "letter")
    ),
    # A letter reaches up to the one above it, and the last one takes the rest.
    _Phrase(
        rf"(?:\bfrom\s+)?(?P<a>{_NUMBER})\s*(?:to|-)\s*{_NUMBER}", r"from \g<a>", only=("letter",)
    ),
    _Phrase(rf"\b(?:below|under|less\s+than)\s+{_NUMBER}", "otherwise", only=("letter",)),
    _Phrase(r"\bpoints?\s+(?:for\s+)?(?:each|every)\b|\bfor\s+each\b|\bper\b", "each", only=_ROWS),
    _Phrase(r"\bpoints?\s+(?:when|if)\b", "when", only=_ROWS),
    _Phrase(r"\bonce\s+a\b|\bonce\s+every\b", "once per"),
    _Phrase(
        r"\b(?:up\s+to|max(?:imum)?|no\s+more\s+than)\b(?=\s+\d[\d,.]*\s+(?:points?|times?))",
        "at most",
    ),
    _Phrase(r"(?<!,)\s+at\s+most(?=\s+\d[\d,.]*\s+(?:points?|times?))", ", at most", only=_ROWS),
    _Phrase(r"\bsince\b|\bdue\s+to\b", "because"),
    _Phrase(
        r"\b(?:goes|moves?|falls)\s+back\s+to\b|\bgoes\s+to\b|\bmove\s+to\b|\badvances?\s+to\b",
        "moves to",
        only=("stage_line", "example_line"),
    ),
    _Phrase(r"\bowner\b|\bowned\s+of\b|\bowns\b", "owned by"),
    _Phrase(r"\b(?:integer|int|count)\b", "whole number", only=_FIELDS),
    _Phrase(r"\b(?:string|str|email|url|phone)\b(?=\s*(?:\(|$))", "text", only=_FIELDS),
    _Phrase(r"\b(?:boolean|bool|yes/no|true\s+or\s+false|yes_or_no)", "yes or no", only=_FIELDS),
    _Phrase(r"\b(?:datetime|timestamp|date\s+with\s+time)\b", "date and time", only=_FIELDS),
    _Phrase(r"\b(?:enum|any\s+of|either)\b", "one of", only=_FIELDS),
    _Phrase(r"\b(?:float|decimal|double)\b", "number", only=_FIELDS),
    _Phrase(r"\((?:mandatory|needed)\)", "(required)", only=_FIELDS),
)


def other_phrase(look: Look) -> Mistake | None:
    """A phrase that means something the language says in other words."""
    for edit, piece in _found(look):
        if edit.new.strip() == piece.strip() or not look.helps(edit):
            continue
        start = edit.start + len(piece) - len(piece.lstrip())
        end = edit.start + len(piece.rstrip())
        said, new = look.text[start:end], edit.new.strip(" ,")
        message = f"Policies do not say `{said}` here."
        return Mistake("E132", message, start, end, f"Write `{new}`.", (edit,))
    return None


def _found(look: Look) -> Iterator[tuple[Edit, str]]:
    for phrase in _PHRASES:
        if (phrase.only and look.start not in phrase.only) or look.start in phrase.never:
            continue
        for match in re.finditer(phrase.pattern, look.masked):
            if look.near(match.start(), match.end()):
                # The words are made from the text itself, which still has what stood in quotes.
                real = re.compile(phrase.pattern).match(look.text, match.start()) or match
                new = phrase.new(real) if callable(phrase.new) else real.expand(phrase.new)
                yield Edit(match.start(), match.end(), new), match.group()


# What language.md has and this version does not read. A line is told so only if it cannot be read.
_LATER: Final = re.compile(
    r"\bhalving\s+every\b|\bfading\s+over\b|\bstarts\s+again\b|\bin\s+force\s+(?:from|until)\b"
    r"|\bcounts\s+.*\bless\b|\bwithout\s+activity\b|\bsince\s+(?:entering|leaving)\b"
    r"|\bhands\s+back\b|\btimes\s+out\b|\bmay\s+contact\b|\bmoves\s+by\s+hand\b"
    r"|\bput\s+on\s+worklist\b|\bwakes?\s+up\b|\bwoken\s+up\b|^\s*target\b|^\s*tell\b|^\s*pauses\b"
    r"|^\s*(?:note|goal|stand-in|stands\s+in)\b|\bhas\s+a\s+word\s+from\b|\bgained\s+since\b"
    r"|\b(?:is\s+(?:at\s+least|at\s+most|more\s+than|less\s+than)\s+)\d+\s+\w+\s+(?:ago|ahead)\b"
    r"|\bis\s+(?:before|after|on)\b|\b(?:first|last)\s+(?:entry|exit)\b"
    r"|\b(?:not\s+)?in\s+[a-z]\w*\s+(?:within|ever)\b|\bof\s+last\b|\bbusiness\s+(?:days?|hours?)\b"
    r"|^\s*after\s+\d+\s+\w+\s*:?\s*expect\b|\bof\s+(?=office\b)"
)


def later_phrase(look: Look) -> Mistake | None:
    """A phrase of the language that this version cannot read yet."""
    if look.start == "policy_line":
        return None
    match = _LATER.search(look.masked)
    if match is None:
        return None
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    said = " ".join(look.text[start : match.end()].split())
    message = f"`{said}` is part of the language, but this version cannot read it yet."
    return Mistake("E190", message, start, match.end(), "Leave it out for now.")
