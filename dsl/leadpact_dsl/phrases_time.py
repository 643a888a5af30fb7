"""What people write instead of the language's words for time: decay, inactivity, windows, dates of
rows, how long ago something was, and where the lead has been.
"""

from __future__ import annotations

import re
from typing import Final

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.looking import Look
from leadpact_dsl.saying import Phrase, first_said, instead

__all__ = ["business_time_here", "dates_here", "dates_of_row", "time_phrase"]

_ROWS: Final = ("score_line", "grade_line", "category_line")
_UNIT: Final = r"(?:minute|hour|day|week|month)s?"
_LENGTH: Final = rf"\d[\d,]*\s+{_UNIT}"
_COMPARED: Final = r"is\s+(?:at\s+least|at\s+most|more\s+than|less\s+than)"
_LEAD: Final = r"(?:(?:they|it|he|she|the\s+lead|lead)\s+)?"


def _less(match: re.Match[str]) -> str:
    amount = f"{match['n']}%" if match["unit"].startswith(("%", "p")) else match["n"]
    if match["unit"].startswith("point"):
        amount = f"{match['n']} points"
    return f"counts {amount} less for each"


def _again(match: re.Match[str]) -> str:
    return "starts again on entering " if match["entering"] else "starts again after "


_DECAY: Final = (
    Phrase(r",?\s+(?:with\s+)?(?:a\s+)?half[- ]?life\s+(?:of\s+|is\s+)?(?=\d)", ", halving every "),
    Phrase(
        r",?\s+(?:halv(?:es|ed)\s+(?:each|every|in|after|over|per)"
        r"|halving\s+(?:each|in|after|over|per))\s+(?=\d)",
        ", halving every ",
    ),
    Phrase(
        r",?\s+(?:(?:fades?|decay(?:s|ing)?|declin(?:es|ing)|ages)\s+(?:over|in|within|by|after)"
        r"|fading\s+(?:in|within|by|after|out\s+over))\s+(?=\d)",
        ", fading over ",
    ),
)
_INACTIVITY: Final = (
    Phrase(
        r"\b(?:loses?|drops?|falls?|sinks?|decays?|counts?)\s+(?:by\s+)?(?P<n>\d[\d.]*)\s*"
        r"(?P<unit>%|percent|per\s+cent|points?)\s*(?:less\s+)?(?:for\s+)?(?:each|every|per|a)\b",
        _less,
    ),
    Phrase(
        r"\b(?:of|with)\s+(?:inactivity|no\s+activity|silence)\b"
        r"|\bwithout\s+(?:(?:any|an)\s+activity|(?:any\s+)?activities)\b",
        "without activity",
    ),
    Phrase(
        r"(?<=activity),?\s+(?:but\s+)?(?:at\s+least|min(?:imum)?|not\s+below|never\s+below"
        r"|never\s+under|never\s+less\s+than|down\s+to)\s+(?=\d)",
        ", never below ",
    ),
    Phrase(
        r"\b(?:starts?\s+(?:over|again|anew)|resets?|restarts?|begins\s+again)"
        r"(?:\s+(?:at|from|to)\s+(?:0|zero))?\s+(?:after|on|when|at|with|upon)\s+"
        r"(?P<entering>entering\s+)?(?=[a-z])",
        _again,
    ),
)
_SCORE: Final = tuple(
    Phrase(phrase.pattern, phrase.new, only=("score_line", "category_line"))
    for phrase in _INACTIVITY
) + tuple(Phrase(phrase.pattern, phrase.new, only=_ROWS) for phrase in _DECAY)

_WINDOWS: Final = (
    Phrase(
        rf"\bsince\s+{_LEAD}(?:entered|enters|entry\s+(?:to|into)|entering\s+(?:in|into|to)"
        r"|being\s+in|in)\s+(?:stage\s+)?(?=[a-z])",
        "since entering ",
    ),
    Phrase(
        rf"\bsince\s+{_LEAD}(?:left|leaves|exit\s+(?:of|from)|exiting|leaving\s+from)\s+(?=[a-z])",
        "since leaving ",
    ),
    Phrase(r"\b(?:after|from)\s+(?P<how>entering|leaving)\b", r"since \g<how>"),
    Phrase(r"\bsince\s+(?!entering\b|leaving\b|the\b|last\b)(?=[a-z])", "since entering "),
)

_AGO: Final = (
    Phrase(
        rf"(?<!\bis)(?<!\bentry\sto)\s(?P<v>at\s+least|at\s+most|more\s+than|less\s+than)\s+"
        rf"(?P<d>{_LENGTH})\s+(?P<x>ago|ahead)\b",
        r" is \g<v> \g<d> \g<x>",
    ),
    Phrase(
        rf"\bis\s+(?:older|longer|earlier)\s+than\s+(?P<d>{_LENGTH})(?:\s+ago)?\b",
        r"is more than \g<d> ago",
    ),
    Phrase(
        rf"\bis\s+(?:newer|younger|later)\s+than\s+(?P<d>{_LENGTH})(?:\s+ago)?\b",
        r"is less than \g<d> ago",
    ),
    Phrase(
        r"(?<=\s)(?:old|back|earlier|before\s+now|past)\b",
        "ago",
    ),
    Phrase(r"(?<=\s)(?:away|from\s+now|in\s+the\s+future|to\s+go|later)\b", "ahead"),
    Phrase(
        rf"\bis\s+in\s+(?P<v>at\s+least|at\s+most|more\s+than|less\s+than)\s+(?P<d>{_LENGTH})\b",
        r"is \g<v> \g<d> ahead",
    ),
    Phrase(r"\bis\s+(?:later|newer)\s+than\s+(?=\d)", "is after "),
    Phrase(r"\bis\s+(?:earlier|older)\s+than\s+(?=\d)|\bis\s+prior\s+to\s+(?=\d)", "is before "),
    Phrase(
        r"(?<!is)(?<=\s)(?P<v>before|after)\s+(?=\d{4}-)",
        r"is \g<v> ",
        never=("stage_line", "clause_line", "calendar_line"),
    ),
    Phrase(r"\blast\s+(?:entry\s+(?:in|into|of|at|on)|entered)\b", "last entry to"),
    Phrase(r"\blast\s+(?:exit\s+(?:of|out\s+of|to)|left)\b", "last exit from"),
)
_BEFORE: Final = r"(?P<b>^\s*|\b(?:when|and|or)\s+|\(\s*)"
_HISTORY: Final = (
    Phrase(
        rf"{_BEFORE}{_LEAD}(?:is|was|has\s+been|been|currently|now)\s+(?:now\s+|currently\s+)?in\s+"
        r"(?:stage\s+)?(?=[a-z]\w*\s*(?:within\b|ever\b|and\b|or\b|\)|$))",
        r"\g<b>in ",
    ),
    Phrase(
        rf"{_BEFORE}{_LEAD}(?:(?:is|was|has)\s+not(?:\s+been)?|not\s+been|never(?:\s+been)?)\s+in\s+"
        r"(?:stage\s+)?(?=[a-z]\w*\s*(?:within\b|ever\b|and\b|or\b|\)|$))",
        r"\g<b>not in ",
    ),
    Phrase(r"\b(?:gained|new)\s+(?P<s>[a-z]\w*)\s+since\b", r"\g<s> gained since"),
    Phrase(
        r"\bof\s+(?:the\s+(?:last|latest|newest)|latest|newest|(?:the\s+)?most\s+recent)\b",
        "of last",
    ),
    Phrase(r"\blast\s+(?P<e>[a-z]\w*)\s+(?P<p>[a-z]\w*)(?=\s+is\b)", r"\g<p> of last \g<e>"),
    Phrase(
        r"\b(?:has|have|contains|includes)\s+(?:a\s+|any\s+|one\s+)?words?\s+(?:from|of|in|on)\b",
        "has a word from",
    ),
    Phrase(r"\b(?:woke|wakes?|(?:has|was|is)\s+woken)\s+up\b", "woken up", never=("clause_line",)),
)
_ALL: Final = _SCORE + _HISTORY + _WINDOWS + _AGO


def time_phrase(look: Look) -> Mistake | None:
    """A phrase about time that the language says in other words."""
    either = re.search(
        rf"\bis\s+(?:within|since)\s+(?:the\s+(?:last|next)\s+)?(?P<d>{_LENGTH})", look.masked
    )
    if either and look.near(either.start(), either.end()):
        said = " ".join(either.group().split())
        message = f"`{said}`: ago or ahead?"
        help_ = f"Write `is less than {either['d']} ago` or `is less than {either['d']} ahead`."
        return Mistake("E132", message, either.start(), either.end(), help_)
    slow = re.search(r"(?<=,)\s*(?P<w>decay\w*|halving|fading|fades|ages)\s*$", look.masked)
    if slow and look.start in _ROWS:
        help_ = "Write `halving every 14 days` or `fading over 30 days`."
        return Mistake(
            "E156", "How fast do these points fade?", slow.start("w"), slow.end("w"), help_
        )
    if look.stop.before == "has a word from" and look.stop.word.startswith('"'):
        help_ = "Write the words as a list of its own, and name the list here."
        message = "Here stands the name of a list."
        return Mistake("E132", message, look.stop.start, look.stop.end, help_)
    return first_said(look, _ALL)


# --- the dates of a row ------------------------------------------------------------------------

_STATE: Final = (
    r"(?:is\s+)?(?:in\s+force|valid|active|effective|applies|applicable|live|dated|only)"
)
_FIRST: Final = r"from|since|as\s+of|on|starting(?:\s+(?:from|on))?|beginning"
_LAST: Final = r"until|till|to|through|thru|ending(?:\s+on)?|up\s+to"


def dates_of_row(look: Look) -> Mistake | None:
    """``valid from 2027-01-01``, ``until 2026-12-31`` without ``in force``."""
    stop = look.stop
    if not {"IN_FORCE_UNTIL", "_UNTIL"} & stop.expected:
        return None
    pattern = (
        rf"(?P<state>{_STATE})?\s*(?P<first>\b(?:{_FIRST})\b)?(?P<last>\b(?:{_LAST})\b)?\s+(?=\d)"
    )
    match = re.compile(pattern).match(look.masked, stop.start)
    if match is None or not match.group().strip():
        return None
    new = "in force until " if match["last"] else "in force from "
    if "_UNTIL" in stop.expected and match["last"]:
        new = "until "
    edit = Edit(match.start(), match.end(), new)
    return instead(look, edit) if look.helps(edit) else None


def dates_here(look: Look) -> Mistake | None:
    """``in force …`` on a line that has no dates."""
    match = re.compile(r"in\s+force\s+(?:from|until)\b.*").match(look.masked, look.stop.start)
    if match is None or "IN_FORCE_FROM" in look.stop.expected:
        return None
    help_ = "Dates stand on rows of points, letters, groups' rows, moves, targets and definitions."
    if look.start == "checklist_line":
        help_ = "Date the definition that it uses."
    elif look.start == "clause_line":
        help_ = "Write it on a line of its own."
    message = "`in force` cannot stand on this line."
    return Mistake("E121", message, match.start(), match.end(), help_)


# --- business time -----------------------------------------------------------------------------

_OPEN: Final = r"(?:business|working|work|office|opening)[\s-]?"


def business_time_here(look: Look) -> Mistake | None:
    """Business time where time is counted around the clock, and business weeks anywhere."""
    match = re.search(
        rf"\b(?P<n>\d+)\s+(?:{_OPEN}(?P<u>minute|hour|day|week|month)s?)\b(?:\s+of\s+[a-z]\w*)?",
        look.masked,
    )
    if match is None or not look.near(match.start(), match.end()):
        return None
    if "BUSINESS_UNIT" in look.stop.expected:
        if match["u"] in ("week", "month"):
            message = "Business time is counted in minutes, hours and days."
            help_ = "Write for example `5 business days of office`."
            return Mistake("E132", message, match.start(), match.end(), help_)
        return None
    if "UNIT" not in look.stop.expected:
        return None
    plural = "" if match["n"] == "1" else "s"
    message = "Time is counted around the clock here, not in business time."
    help_ = (
        f"Write `{match['n']} {match['u']}{plural}`. Business time is for targets, time-outs, "
        "wake-ups and who is told."
    )
    return Mistake("E157", message, match.start(), match.end(), help_)
