"""Phrases that people write and the language says in other words, or does not say yet."""

from __future__ import annotations

import re
from typing import Final

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.looking import Look
from leadpact_dsl.saying import Phrase, first_said

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
    Phrase(
        rf"\b(?:is\s+)?between\s+(?P<a>{_NUMBER})\s+(?:and|to)\s+(?P<b>{_NUMBER})",
        r"is from \g<a> to \g<b>",
        never=_FIELDS,
    ),
    Phrase(
        rf"\bis\s+(?P<a>{_NUMBER})\s*(?:to|-)\s*(?P<b>{_NUMBER})",
        r"is from \g<a> to \g<b>",
        never=_FIELDS,
    ),
    Phrase(
        rf"\bbetween\s+(?P<a>{_NUMBER})\s+(?:and|to)\s+(?P<b>{_NUMBER})",
        r"from \g<a> to \g<b>",
        only=_FIELDS,
    ),
    Phrase(
        r"\bis\s+(?:either\s+)?(?P<v>[a-z]\w*(?:\s*,\s*[a-z]\w*)+)\s*,?\s*or\s+(?P<w>[a-z]\w*)"
        r"(?!\w|\s+is\b)",
        r"is any of \g<v>, \g<w>",
        never=("example_line",),
    ),
    Phrase(r"\bis\s+(?P<v>[a-z]\w*)\s+or\s+is\s+(?P<w>[a-z]\w*)", r"is any of \g<v>, \g<w>"),
    Phrase(r"\bis\s+either\s+(?P<v>[a-z]\w*)\s+or\s+(?P<w>[a-z]\w*)", r"is any of \g<v>, \g<w>"),
    Phrase(rf"\bis\s+{_VALUE}(?:\s*,\s*{_VALUE})*(?:\s*,?\s*or\s+{_VALUE})+", _values),
    Phrase(
        r"\bis\s+(?P<v>[a-z]\w*(?:\s*,\s*[a-z]\w*)+)", r"is any of \g<v>", never=("example_line",)
    ),
    Phrase(r"\bis\s+(?:greater|more)\s+than\s+or\s+equals?(?:\s+to)?\b", "is at least"),
    Phrase(r"\bis\s+(?:less|smaller)\s+than\s+or\s+equals?(?:\s+to)?\b", "is at most"),
    Phrase(r"\bis\s+(?:greater|bigger|larger|higher|better)\s+than\b", "is more than"),
    Phrase(r"\bis\s+(?:smaller|lower|fewer|worse)\s+than\b", "is less than"),
    Phrase(r"\bis\s+(?:not\s+less|no\s+less|no\s+fewer)\s+than\b", "is at least"),
    Phrase(r"\bis\s+(?:not|no)\s+more\s+than\b", "is at most"),
    Phrase(r"\bis\s+(?:over|above|greater|more)\b(?!\s+than)|\bexceeds\b", "is more than"),
    Phrase(r"\bis\s+(?:under|below|less|fewer)\b(?!\s+than)", "is less than"),
    Phrase(r"\bis\s+(?:up\s+to|no\s+higher\s+than|max(?:imum)?)\b", "is at most"),
    Phrase(r"\bis\s+min(?:imum)?\b", "is at least"),
    Phrase(r"\bis\s+at_least\b", "is at least"),
    Phrase(r"\bis\s+at_most\b", "is at most"),
    Phrase(r"\bat_least\b", "at least"),
    Phrase(r"\bat_most\b", "at most"),
    Phrase(r"\b(?:is\s+)?not\s+(?:in|one\s+of|any\s+of)\b", "is none of"),
    Phrase(r"\b(?:is\s+in|is\s+one\s+of|is\s+either)\b", "is any of"),
    Phrase(r"\bin\b(?=\s+[\"\w]+\s*,)", "is any of"),
    Phrase(r"\bis\s+not\s+equal\s+to\b|\bdoes\s+not\s+equal\b|\bisn't\b", "is not"),
    Phrase(r"\bis\s+equal\s+to\b|\bequals\b", "is"),
    Phrase(
        r"\bis\s+not\s+(?:unknown|empty|missing|null|blank)\b|\bexists\b|\bhas\s+a\s+value\b",
        "is known",
    ),
    Phrase(r"\bis\s+not\s+known\b", "is unknown"),
    Phrase(r"\b(?P<f>[a-z]\w*)\s+(?:does\s+not|doesn't)\s+contain\b", r"not \g<f> contains"),
    Phrase(
        r"\b(?P<f>[a-z]\w*)\s+(?:does\s+not|doesn't)\s+start\s+with\b", r"not \g<f> starts with"
    ),
    Phrase(r"\b(?P<f>[a-z]\w*)\s+(?:does\s+not|doesn't)\s+end\s+with\b", r"not \g<f> ends with"),
    Phrase(r"\b(?P<f>[a-z]\w*)\s+(?:does\s+not|doesn't)\s+include\b", r"not \g<f> includes"),
    Phrase(r"\bbegins?\s+with\b|\bstart\s+with\b", "starts with"),
    Phrase(r"\bfinishes\s+with\b|\bend\s+with\b", "ends with"),
    Phrase(r"\bcontain\b", "contains"),
    Phrase(r"\bor\s+(?:higher|above|more|greater)\b", "or better"),
    Phrase(
        r"\b(?:within|in|during|over|for)\s+(?:the\s+)?(?:last|past|previous)\s+(?=\d)", "within "
    ),
    Phrase(
        r"\b(?:last|past|in|during|for|inside|since)\s+(?=\d+\s+(?:minute|hour|day|week|month))",
        "within ",
    ),
    Phrase(r"\bmet\s+(?:if|where)\b", "met when"),
    Phrase(
        r",?\s+(?:valid\s+)?for\s+(?=\d)",
        ", good for ",
        only=("checklist_line", "clause_line"),
    ),
    Phrase(
        r"\b(?:within|in|during)\s+(?:the\s+)?(?:last|past)\s+(?P<u>hour|day|week|month)\b",
        r"within 1 \g<u>",
    ),
    Phrase(r"\bwithin\s+(?:an?|one)\s+(?=(?:minute|hour|day|week|month)\b)", "within 1 "),
    Phrase(r"(?<=\w)\s+on\s+(?=\d{4}-)", " at ", only=("example_line",)),
    Phrase(r"\byesterday\b", "1 day ago", only=("example_line",)),
    Phrase(r"\btoday\b", "0 days ago", only=("example_line",)),
    Phrase(
        r"(?:from\s+)?\b(?P<a>\d[\d,]*)\s*-\s*(?P<b>\d[\d,]*)",
        r"from \g<a> to \g<b>",
        only=("score_header", *_FIELDS),
    ),
    Phrase(r"\bfor\b(?=\s+no\b)", "when", only=_ROWS),
    Phrase(r"(?<=\d)(?P<b>\s+)no\b", r"\g<b>when no", only=_ROWS),
    Phrase(
        r",?\s+(?:max(?:imum)?|up\s+to|no\s+more\s+than|capped\s+at)\s+"
        r"(?=\d[\d,.]*\s+(?:points?|times?))",
        ", at most ",
        only=_ROWS,
    ),
    Phrase(r"\btwice\b", "at least 2 times"),
    Phrase(r"\bmore\s+than\s+(?P<n>\d{1,6})\s+times?\b", _more_times),
    Phrase(r"\b(?:less|fewer)\s+than\s+(?P<n>\d{1,6})\s+times?\b", _fewer_times),
    Phrase(r"\b(?P<n>\d{1,6})\s*(?:\+|or\s+more)\s+times?\b", r"at least \g<n> times"),
    Phrase(r"\bunless\b", "when not"),
    Phrase(r"\bif\b", "when"),
    Phrase(r"\bwhere\b", "when", never=("kind_line",)),
    Phrase(r"\b(?:when|with)\b", "where", only=("kind_line",)),
    Phrase(
        r"\b(?:(?:in|for)\s+)?(?:(?:all|any)\s+(?:the\s+)?(?:others?|rest)(?:\s+(?:cases?|leads?))?"
        r"|every(?:thing|body|one)\s+else|the\s+(?:others|rest))\b",
        "otherwise",
        only=("group_row", "points_by_row", "letter"),
    ),
    Phrase(
        r"\b(?:else|default|rest|others?)\b",
        "otherwise",
        only=("group_row", "points_by_row", "letter"),
    ),
    Phrase(r"\b(?:empty|missing|null|blank)\b", "unknown", only=("group_row", "points_by_row")),
    Phrase(r"\b(?:above|over|more\s+than|at\s+least)\b", "from", only=("points_by_row", "letter")),
    Phrase(r"\b(?:under|less\s+than)\b", "below", only=("points_by_row",)),
    Phrase(
        r"(?P<a>\d[\d,]*)\s*-\s*(?P<b>\d[\d,]*)(?=\s|$)",
        r"from \g<a> to \g<b>",
        only=("points_by_row",),
    ),
    Phrase(
        r"(?<!from )\b(?P<a>\d[\d,]*)\s+to\s+(?P<b>\d[\d,]*)",
        r"from \g<a> to \g<b>",
        only=("points_by_row",),
    ),
    Phrase(
        r"\b(?P<a>\d[\d,]*)\s*(?:\+|or\s+more\b)", r"from \g<a>", only=("points_by_row", "letter")
    ),
    # A letter reaches up to the one above it, and the last one takes the rest.
    Phrase(
        rf"(?:\bfrom\s+)?(?P<a>{_NUMBER})\s*(?:to|-)\s*{_NUMBER}", r"from \g<a>", only=("letter",)
    ),
    Phrase(rf"\b(?:below|under|less\s+than)\s+{_NUMBER}", "otherwise", only=("letter",)),
    Phrase(r"\bpoints?\s+(?:for\s+)?(?:each|every)\b|\bfor\s+each\b|\bper\b", "each", only=_ROWS),
    Phrase(r"\bpoints?\s+(?:when|if)\b", "when", only=_ROWS),
    Phrase(r"\bonce\s+a\b|\bonce\s+every\b", "once per"),
    Phrase(
        r"\b(?:up\s+to|max(?:imum)?|no\s+more\s+than)\b(?=\s+\d[\d,.]*\s+(?:points?|times?))",
        "at most",
    ),
    Phrase(r"(?<!,)\s+at\s+most(?=\s+\d[\d,.]*\s+(?:points?|times?))", ", at most", only=_ROWS),
    Phrase(r"\bsince\b|\bdue\s+to\b", "because"),
    Phrase(
        r"\bgoes\s+to\b|\bmove\s+to\b|\badvances?\s+to\b",
        "moves to",
        only=("stage_line", "example_line"),
    ),
    Phrase(r"\bowner\b|\bowned\s+of\b|\bowns\b", "owned by"),
    Phrase(r"\b(?:integer|int|count)\b", "whole number", only=_FIELDS),
    Phrase(r"\b(?:string|str|email|url|phone)\b(?=\s*(?:\(|$))", "text", only=_FIELDS),
    Phrase(r"\b(?:boolean|bool|yes/no|true\s+or\s+false|yes_or_no)", "yes or no", only=_FIELDS),
    Phrase(r"\b(?:datetime|timestamp|date\s+with\s+time)\b", "date and time", only=_FIELDS),
    Phrase(r"\b(?:enum|any\s+of|either)\b", "one of", only=_FIELDS),
    Phrase(r"\b(?:float|decimal|double)\b", "number", only=_FIELDS),
    Phrase(r"\((?:mandatory|needed)\)", "(required)", only=_FIELDS),
)


def other_phrase(look: Look) -> Mistake | None:
    """A phrase that means something the language says in other words."""
    return first_said(look, _PHRASES)


# What the language has, or keeps for later, and this version does not read. A line is told so only
# if it cannot be read.
_LATER: Final = re.compile(
    r"\b(?:assigned|claimed)\s+by\b|\bclaim\s+ends\b|\bpeople\s+from\b|\bholds\s+at\s+most\b"
    r"|^\s*capacity\b"
)


def later_phrase(look: Look) -> Mistake | None:
    """A phrase of the language that this version cannot read yet."""
    match = _LATER.search(look.masked)
    if match is None or not look.near(match.start(), match.end()):
        return None
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    said = " ".join(look.text[start : match.end()].split())
    message = f"`{said}` is part of the language, but this version cannot read it yet."
    return Mistake("E190", message, start, match.end(), "Leave it out for now.")
