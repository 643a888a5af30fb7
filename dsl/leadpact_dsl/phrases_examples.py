"""What people write for the steps of an example, and for what it expects, in other words."""

from __future__ import annotations

import re
from typing import Final

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.looking import Look
from leadpact_dsl.saying import Phrase, first_said, instead

__all__ = ["example_phrase"]

_EXAMPLE: Final = ("example_line",)
_EXPECTS: Final = ("example_line", "step_line")
_LENGTH: Final = (
    r"\d[\d,]*\s+(?:business\s+)?(?:minute|hour|day|week|month)s?\b(?:\s+of\s+[a-z]\w*)?"
)
_INSTANT: Final = r"\d{4}-\d{2}-\d{2}(?:\s+\d{1,2}:\d{2})?"
_STEP: Final = re.compile(rf"\s*(?:after\s+{_LENGTH}|on\s+{_INSTANT})")

_PHRASES: Final = (
    Phrase(r"\b(?:expects|expected|assert|should\s+be|should)\b", "expect", only=_EXPECTS),
    Phrase(
        r"\bexpect\s+(?:not\s+(?:in|listed\s+(?:in|on))\s+(?:the\s+)?|off\s+(?:the\s+)?|no\s+|"
        r"(?:is\s+)?not\s+on\s+(?:the\s+)?)(?:work[\s-]?|queue\s+|)list\s+(?=[a-z])",
        "expect not on worklist ",
        only=_EXPECTS,
    ),
    Phrase(
        r"\bexpect\s+(?:(?:(?:is|stands|put|listed)\s+)?(?:on|in)\s+(?:the\s+)?)?"
        r"(?:work[\s-]?|queue\s+|)list\s+(?=[a-z])",
        "expect on worklist ",
        only=_EXPECTS,
    ),
    Phrase(
        r"\bexpect\s+(?:nothing|no\s+moves?|no\s+change|to\s+stay|it\s+stays|(?:it\s+)?stay)\s*$",
        "expect stays",
        only=_EXPECTS,
    ),
    Phrase(
        r"\b(?P<t>target\s+[a-z]\w*)\s+(?:was|has\s+been|gets)\s+",
        r"\g<t> is ",
        only=_EXPECTS,
    ),
    Phrase(
        r"\b(?P<t>target\s+[a-z]\w*)\s+(?=(?:waiting|running|paused|met|missed|stopped|due)\b)",
        r"\g<t> is ",
        only=_EXPECTS,
    ),
    Phrase(r"\bis\s+(?:not\s+met|late|overdue|breached|failed)\s*$", "is missed", only=_EXPECTS),
    Phrase(r"\bis\s+(?:done|kept|in\s+time)\s*$", "is met", only=_EXPECTS),
    Phrase(r"\bis\s+due\s+(?:(?:on|by)\s+)?(?=\d{4}-)", "is due at ", only=_EXPECTS),
)


def example_phrase(look: Look) -> Mistake | None:
    """A step, or what is expected, in other words or in another order."""
    if look.start not in _EXPECTS:
        return None
    return (
        first_said(look, _PHRASES)
        or _other_time(look)
        or _time_at_the_end(look)
        or _no_colon(look)
        or _no_expect(look)
        or _midnight(look)
        or _half_a_target(look)
    )


# What leads to a step: its time, and the `:` with what is expected, or the end of the line.
_LED_TO: Final = r"(?=(?P<t>{time})\s*(?P<c>:\s*expect\b|:?\s*$))"
_TIMES: Final = (
    ("after", re.compile(r"\s*(?P<w>[a-z]+(?:\s+after)?)\s+" + _LED_TO.format(time=_LENGTH))),
    ("on", re.compile(r"\s*(?P<w>[a-z]+(?:\s+of)?)\s+" + _LED_TO.format(time=_INSTANT))),
)
_BEFORE_TIMES: Final = [
    "in",
    "within",
    "wait",
    "on",
    "at",
    "by",
    "from",
    "after",
    "until",
    "later",
    "then",
    "on",
]
_LATER: Final = re.compile(rf"\s*(?P<l>{_LENGTH})\s+later\b\s*(?P<c>[,;:]?)(?P<e>\s*expect\b)?")


def _other_time(look: Look) -> Mistake | None:
    """``in 8 days: expect …``, ``at 2026-11-04 09:00: expect …``, ``8 days later: expect …``"""
    if look.start != "example_line":
        return None
    match = _LATER.match(look.masked)
    if match is not None:
        new = f"after {match['l']}{':' if match['e'] else ''}"
        return _said(look, Edit(match.start("l"), match.end("c"), new))
    for word, pattern in _TIMES:
        match = pattern.match(look.masked)
        if match is None or match["w"] == word:
            continue
        if "expect" in match["c"] or match["w"].split()[0] in _BEFORE_TIMES:
            return _said(look, Edit(match.start("w"), match.end("w"), word))
    return None


def _said(look: Look, edit: Edit) -> Mistake | None:
    return instead(look, edit) if look.helps(edit) or look.reads(edit) else None


def _time_at_the_end(look: Look) -> Mistake | None:
    """``expect stays after 8 days``"""
    match = re.search(
        rf"^(?P<e>\s*expect\s.*?)\s+(?P<t>(?:after\s+{_LENGTH}|on\s+{_INSTANT}))\s*$", look.masked
    )
    if match is None or look.start != "example_line":
        return None
    start = len(look.text) - len(look.text.lstrip())
    time = " ".join(match["t"].split())
    edits = (Edit(start, start, f"{time}: "), Edit(match.end("e"), len(look.text), ""))
    if not look.reads(*edits):
        return None
    message = "When it is expected stands first, before a `:`."
    help_ = f"Write `{time}: expect …`."
    return Mistake("E155", message, match.start("t"), match.end("t"), help_, edits)


def _no_colon(look: Look) -> Mistake | None:
    """``after 8 days expect stays``, ``after 8 days, expect stays``"""
    match = re.match(rf"(?P<s>{_STEP.pattern})(?P<c>\s*[,;-]?\s*(?:then\s+)?)expect\b", look.masked)
    if match is None or look.start != "example_line":
        return None
    edit = Edit(match.end("s"), match.end("c"), ": ")
    if not look.helps(edit):
        return None
    message = "A `:` stands between the time of a step and what is expected then."
    span = match.start("s") + len(match["s"]) - len(match["s"].lstrip()), match.end()
    return Mistake("E146", message, *span, "Write a `:` before `expect`.", (edit,))


def _no_expect(look: Look) -> Mistake | None:
    """In a step, anything that does not begin with ``expect``."""
    at = 0
    if look.start == "example_line":
        match = re.match(rf"{_STEP.pattern}\s*:\s*", look.masked)
        if match is None:
            return None
        at = match.end()
    rest = look.text[at:]
    at += len(rest) - len(rest.lstrip())
    if not rest.strip() or re.match(r"expect\b", rest.lstrip()):
        return None
    edit = Edit(at, at, "expect ")
    facts = re.search(r"\bago\b|\bat\s+\d|\bwith\b", rest) or re.fullmatch(r"\s*\w+\s*", rest)
    if look.reads(edit) and (not facts or rest.split() in (["stays"], ["refused"])):
        message = f"`expect` is missing before `{rest.split()[0]}`."
        return Mistake("E156", message, at, len(look.text.rstrip()), None, (edit,))
    message = "In a step stands only what is expected then."
    if _STEP.match(rest):
        help_ = "Let this step begin where the one above begins."
        return Mistake("E121", message, at, len(look.text.rstrip()), help_)
    help_ = (
        "Begin it with `expect`. What happens later stands above, in the example itself, with its "
        "instant: `KIND at 2026-11-04 09:00`."
    )
    return Mistake("E121", message, at, len(look.text.rstrip()), help_)


def _midnight(look: Look) -> Mistake | None:
    """``expect target first_call is due at 2026-11-04``"""
    match = re.search(r"\bis\s+due\s+at\s+(?P<d>\d{4}-\d{2}-\d{2})\s*$", look.masked)
    if match is None:
        return None
    message = "At which time of that day is it due?"
    help_ = f"Write it as well, like `{match['d']} 14:00`."
    return Mistake("E160", message, match.start("d"), match.end("d"), help_)


def _half_a_target(look: Look) -> Mistake | None:
    """``expect target first_call``"""
    match = re.search(r"\bexpect\s+(?P<t>target\s+[a-z]\w*)(?:\s+is)?\s*$", look.masked)
    if match is None:
        return None
    said = " ".join(match["t"].split())
    message = "What is to have become of the target?"
    help_ = f"Write for example `expect {said} is met`, or `is due at` and the moment."
    return Mistake("E160", message, match.start("t"), match.end("t"), help_)
