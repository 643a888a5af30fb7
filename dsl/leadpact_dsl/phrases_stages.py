"""What people write for moves, targets, the agreement and guarantees in other words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.looking import Look
from leadpact_dsl.saying import Phrase, first_said

__all__ = ["missing_percent", "stage_phrase"]

_LENGTH: Final = r"\d+\s+(?:business\s+)?(?:minute|hour|day|week|month)s?(?:\s+of\s+[a-z]\w*)?"
_STAGE: Final = ("stage_line",)
_BELOW: Final = ("clause_line",)
_TIMED: Final = ("stage_line", "clause_line", "agreement_line", "example_line")
_PROMISE: Final = ("agreement_line",)


def _business(match: re.Match[str]) -> str:
    plural = "" if match["n"] == "1" else "s"
    return f"{match['n']} business {match['u'] or 'day'}{plural}"


_PERIODS: Final = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annually": "year",
}
_OFTEN: Final = "|".join(_PERIODS)
_PERIOD: Final = r"(?:day|week|month|quarter|year)\b"


def _each(word: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{word} {_PERIODS[match['often']]}"


_ANYWHERE: Final = (
    Phrase(
        r"\b(?P<n>\d[\d.]*)\s*(?:percent|per\s+cent|pct)\b\.?",
        r"\g<n>%",
        only=(*_TIMED, "score_line", "category_line"),
    ),
    Phrase(
        r"\b(?P<n>\d+)\s+(?:(?:working|work|office|opening|open|bank)[\s-]?(?P<u>minute|hour|day)s?"
        r"|(?:weekdays?))\b",
        _business,
        only=_TIMED,
    ),
    Phrase(
        r"\b(?P<n>\d+)\s+(?P<u>minutes?|hours?|days?)\s+of\s+(?=[a-z])",
        r"\g<n> business \g<u> of ",
        only=_TIMED,
    ),
    Phrase(
        r"\b(?:if|on|upon|once|after|when)\s+(?:it\s+(?:is|was)\s+|a\s+)?"
        r"(?:miss(?:ed|ing)?|breach(?:ed)?|late|overdue|failed)\b",
        "when missed",
        only=("clause_line", "agreement_line"),
    ),
)
_MOVES: Final = (
    Phrase(
        r"\b(?:(?:hand(?:s|ed)?|give[sn]?|go(?:es)?|moved?s?|sen(?:d|ds|t)|falls?|put|pass(?:es|ed)?)"
        r"\s+back|returns?|returned)\s+to\b",
        "hands back to",
        only=("stage_line", "clause_line", "example_line"),
    ),
    Phrase(
        r"\b(?:time[sd]?[\s-]?outs?|expires|ages\s+out)\s+(?:in)?to\b",
        "times out to",
        only=("stage_line", "example_line"),
    ),
    Phrase(
        r"\btimes\s+out\s+(?P<a>after\s+" + _LENGTH + r")\s+to\s+(?P<s>[a-z]\w*)",
        r"times out to \g<s> \g<a>",
        only=_STAGE,
    ),
    Phrase(
        r"\b(?:if|when|unless)\s+(?:not\s+|no\s+)?(?P<e>[a-z][\w.]*)\s+(?:within|in|for)\s+(?P<d>"
        + _LENGTH
        + ")",
        r"after \g<d> without \g<e>",
        only=_STAGE,
    ),
    Phrase(
        r",?\s+\b(?:unless|(?:if|when)\s+(?:not|no|never|nobody)|with\s+no|and\s+no|but\s+no)\s+"
        r"(?=[a-z])",
        " without ",
        only=_STAGE,
    ),
    Phrase(r"\bafter\s+(?:more\s+than|at\s+least|over)\s+(?=\d)", "after ", only=_STAGE),
    Phrase(
        r"(?P<b>^\s*times\s+out\s+to\s+[a-z]\w*\s+)(?:within|in|for)\s+(?=\d)",
        r"\g<b>after ",
        only=_STAGE,
    ),
    Phrase(
        r"\bmoves?\s+(?:manually|freely|by\s+hand)\s+(?:in)?to\b|\bmanually\s+moves\s+to\b"
        r"|\b(?:can\s+be\s+)?moved\s+(?:by\s+hand|manually)\s+to\b",
        "moves by hand to",
        only=_STAGE,
    ),
    Phrase(
        r"\bmoves\s+to\s+(?P<s>[a-z]\w*)\s+(?:by\s+hand|manually)\b",
        r"moves by hand to \g<s>",
        only=_STAGE,
    ),
    Phrase(r"^(?P<b>\s*)(?:can\s+be\s+|is\s+)?contacted\s+by\b", r"\g<b>may contact", only=_STAGE),
    Phrase(r"^(?P<b>\s*)(?:ends?|terminal|finished)\s*$", r"\g<b>final", only=_STAGE),
    Phrase(
        r"\b(?:except\s+(?:for|in)|but(?:\s+not)?|without|besides|excluding|other\s+than|apart\s+from)"
        r"\s+(?=[a-z])",
        "except ",
        only=("any_stage_header", "guarantee_line"),
    ),
)
_OF_MOVES: Final = (
    Phrase(
        r"^(?P<b>\s*)(?:wakes?(?:\s+up)?|woken\s+up|sleeps?|snoozes?)\s+(?:in|for|after|within)\s+"
        r"(?=\d)",
        r"\g<b>wake up after ",
        only=_BELOW,
    ),
    Phrase(
        rf"^(?P<b>\s*)wakes?\s+up\s+(?P<d>{_LENGTH})(?=\s+or\b|\s*$)",
        r"\g<b>wake up after \g<d>",
        only=_BELOW,
    ),
    Phrase(
        r"^(?P<b>\s*)(?:wakes?(?:\s+up)?|sleeps?|snoozes?)\s+(?:until|on|at|by|when)\s+(?=[a-z])",
        r"\g<b>wake up on ",
        only=_BELOW,
    ),
    Phrase(r"\bor\s+(?:when|at|after|upon|with|if)\s+(?=[a-z])", "or on ", only=_BELOW),
    Phrase(r"(?P<b>\bwake\s+up\b.*)\bor\s+(?!on\b)(?=[a-z])", r"\g<b>or on ", only=_BELOW),
    Phrase(
        r"\b(?:put|puts|places?|adds?)\s+(?:it\s+)?(?:in|on|into|to|onto)\s+(?:the\s+)?(?:work)?list\b",
        "put on worklist",
        only=_BELOW,
    ),
    Phrase(
        r"\bbecause\s+(?P<p>[a-z]\w*)\s+of\s+(?:the\s+)?(?!last\b)(?=[a-z])",
        r"because \g<p> of last ",
        only=(*_STAGE, *_BELOW),
    ),
)
_TARGETS: Final = (
    Phrase(
        r"^(?P<b>\s*)(?:sla|deadline|promise|goal)\s+(?=[a-z]\w*\s+(?:is\b|\"))",
        r"\g<b>target ",
        only=_STAGE,
    ),
    Phrase(r"(?P<b>^\s*target\b.*\s)(?:after|under|inside)\s+(?=\d)", r"\g<b>within ", only=_STAGE),
    Phrase(
        r"\b(?:before|until|till|at|no\s+later\s+than)\s+(?=\d{1,2}(?::\d{2}|\s*[ap]m|\s+of\b))",
        "by ",
        only=_STAGE,
    ),
    Phrase(r"\b(?:each|once\s+every|per)\s+(?=\d)", "every ", only=_STAGE),
)
_OF_TARGETS: Final = (
    Phrase(
        r"^(?P<b>\s*)(?:notif(?:y|ies)|warns?|alerts?|informs?|reminds?|escalates?\s+to|e?-?mails?"
        r"|tells)\s+(?=[a-z])",
        r"\g<b>tell ",
        only=_BELOW,
    ),
    Phrase(r"\b(?:after|when|by|from|on|upon|with)\s+(?=\d[\d.]*\s*%)", "at ", only=_BELOW),
    Phrase(rf"\bafter\s+(?P<d>{_LENGTH})\s*$", r"\g<d> after missed", only=_BELOW),
    Phrase(
        rf"\b(?P<d>{_LENGTH})\s+(?:later|afterwards|after(?:\s+(?:that|it|due|breach|missing"
        r"|the\s+(?:deadline|target)))?)\s*$",
        r"\g<d> after missed",
        only=_BELOW,
    ),
    Phrase(
        r"\bpauses?\s+(?:between|from)\s+(?P<x>[a-z][\w.]*)\s+(?:and|to|till|up\s+to)\s+",
        r"pauses from \g<x> until ",
        only=_BELOW,
    ),
    Phrase(
        r"^(?P<b>\s*)(?:clock\s+)?(?:starts?|begins?)\s+(?:after|on|with|at|from|if|once|when)\s+",
        r"\g<b>starts when ",
        only=_BELOW,
    ),
)
_AGREEMENT: Final = (
    Phrase(
        r"\b(?:provides?|sends?|brings|produces|generates|hands\s+over)\b",
        "delivers",
        only=_PROMISE,
    ),
    Phrase(
        rf"\breview\s+(?:each|per|once\s+(?:a|per|every))\s+(?={_PERIOD})",
        "review every ",
        only=_PROMISE,
    ),
    Phrase(rf"\b(?P<r>review\s+)(?P<often>{_OFTEN})\b", _each("review every"), only=_PROMISE),
    Phrase(rf"\b(?:every|per|a)\s+(?={_PERIOD})", "each ", only=_PROMISE),
    Phrase(rf"\b(?P<often>{_OFTEN})\b", _each("each"), only=_PROMISE),
    Phrase(r"\bof\s+(?:all|the|every|any)\s+(?=[a-z])", "of ", only=_PROMISE),
    Phrase(r"\b(?:is\s+)?met\s+(?:in\s+|for\s+)?(?=at\s+least|\d)", "is met for ", only=_PROMISE),
    Phrase(r"\b(?:times|timed|time)?[\s-]?outs?\b", "time out", only=_PROMISE),
    Phrase(r"\b(?:are\s+)?hand(?:s|ed)\s+back\b", "hand back", only=_PROMISE),
    Phrase(
        r"^(?P<b>\s*)(?:(?:no|not)\s+more\s+than|max(?:imum)?|up\s+to)\b",
        r"\g<b>at most",
        only=_PROMISE,
    ),
    Phrase(
        r"\b(?P<n>\d+)\s+(?:(?:times?|days?|weeks?|months?|quarters?|periods?)\s+)?"
        r"(?:in\s+a\s+row|in\s+succession|consecutively|straight|running)\b",
        r"\g<n> times running",
        only=_PROMISE,
    ),
    Phrase(r"\btwice(?:\s+(?:running|in\s+a\s+row))?\b", "2 times running", only=_PROMISE),
    Phrase(
        r"\bchanges?\s+(?:requires?|needs?|must\s+have|(?:are\s+)?agreed\s+by)\b",
        "changes need",
        only=_PROMISE,
    ),
    Phrase(r"^(?P<b>\s*)(?=at\s+least\b.*\bbetween\s+changes)", r"\g<b>wait ", only=_PROMISE),
    Phrase(r"\bat\s+(?=\d{4}-)", "on ", only=_PROMISE),
    Phrase(r"^(?P<b>\s*)wait\s+(?=\d)", r"\g<b>wait at least ", only=_PROMISE),
    Phrase(
        r"^(?P<b>\s*)(?:is\s+)?signed\s+(?:of\s+|for\s+)?(?!by\b)(?=[a-z])",
        r"\g<b>signed by ",
        only=_PROMISE,
    ),
)
_GUARANTEES: Final = (
    Phrase(
        r"\bnever\s+(?:enters?|in|into|reaches|becomes|moves\s+to|to|an?)\s+(?=[a-z])",
        "never ",
        only=("guarantee_line",),
    ),
    Phrase(
        r"\bmore\s+activit(?:y|ies)\s+(?:never|does\s+not|do\s+not|doesn't|must\s+not|cannot|must\s+never"
        r"|will\s+never|can\s+never)\s+(?:lowers?|reduces?|decreases?)\b",
        "more activity never lowers",
        only=("guarantee_line",),
    ),
)
_ALL: Final = (
    *_ANYWHERE,
    *_MOVES,
    *_OF_MOVES,
    *_TARGETS,
    *_OF_TARGETS,
    *_AGREEMENT,
    *_GUARANTEES,
)


def stage_phrase(look: Look) -> Mistake | None:
    """A phrase about moves, targets or promises that the language says in other words."""
    return _without_time(look) or _with_condition(look) or first_said(look, _ALL)


def _without_time(look: Look) -> Mistake | None:
    """``times out to nurture if not picked_up``: nobody can say after how long."""
    match = re.search(
        r"^\s*times\s+out\s+to\s+[a-z]\w*\s+"
        r"(?P<c>(?:if|when|unless)\s+(?:not\s+|no\s+)?(?P<e>[a-z][\w.]*))\s*$",
        look.masked,
    )
    if match is None or look.start != "stage_line":
        return None
    help_ = f"Write for example `after 7 days without {match['e']}`."
    return Mistake("E156", "After how long?", match.start("c"), match.end("c"), help_)


def _with_condition(look: Look) -> Mistake | None:
    """``times out to nurture after 7 days without picked_up when interested``"""
    stop = look.stop
    match = re.match(r"\s*(times\s+out|moves\s+by\s+hand)\s+to\s+([a-z]\w*)", look.masked)
    if match is None or stop.word != "when" or {"AFTER", "_BY"} & stop.expected:
        return None
    what = "A time-out" if match[1].startswith("times") else "A move by hand"
    message = f"{what} has no condition."
    help_ = f"Leave it out. What happens on a condition is `moves to {match[2]} when …`."
    return Mistake("E121", message, stop.start, len(look.text.rstrip()), help_)


def missing_percent(look: Look) -> Mistake | None:
    """``tell owner at 75``"""
    stop = look.stop
    if "_PERCENT" not in stop.expected or not stop.before.replace(".", "").isdigit():
        return None
    end = look.before + len(stop.before)
    edit = Edit(end, end, "%")
    if not look.reads(edit):
        return None
    if "POINTS_WORD" in stop.expected:
        message = f"{stop.before} what: `%` or `points`?"
        help_ = f"Write `{stop.before}%` or `{stop.before} points`."
        return Mistake("E156", message, look.before, end, help_)
    message = f"`%` is missing behind `{stop.before}`."
    return Mistake("E156", message, look.before, end, f"Write `{stop.before}%`.", (edit,))
