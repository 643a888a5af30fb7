"""What people write in calendars: days and hours in other forms, holidays, times of day."""

from __future__ import annotations

import re
from typing import Final

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.looking import Look
from leadpact_dsl.saying import Phrase, first_said, instead

__all__ = ["calendar_phrase", "odd_time_of_day"]

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"
_TIME: Final = r"\d{1,2}(?:[:.]\d{2})?(?:\s*(?:[ap]\.?m\.?|h|o'clock)(?!\w))?"
_TO: Final = r"\s*(?:-|to|until|till|through|thru)\s*"
_HOURS: Final = rf"(?:from\s+)?(?<![\d-]){_TIME}{_TO}{_TIME}(?!\d|-\d|[:.]\d)"
_AND: Final = r"\s*(?:,?\s*and\s+|,|;|&|\+)\s*"

_PHRASES: Final = (
    Phrase(r"^(?P<b>\s*)opens?\s*:?\s+(?:weekdays|working\s+days)\b", r"\g<b>open mon to fri"),
    Phrase(
        r"^(?P<b>\s*)opens?\s*:?\s+(?:every\s+day|daily|all\s+days|all\s+week)\b",
        r"\g<b>open mon to sun",
    ),
    Phrase(r"^(?P<b>\s*)opens?\s*:?\s+(?:at\s+)?weekends?\b", r"\g<b>open sat, sun"),
    Phrase(
        r"\bclosed\s+(?:on|at|during)?\s*(?:all\s+|the\s+)?(?:bank|national|legal|public)?\s*"
        r"holidays\s+(?:of|in|for)\s+(?=[A-Za-z])",
        "closed on public holidays of ",
    ),
    Phrase(r"\bclosed\s+(?:at\s+|from\s+)?(?=\d{4}-)", "closed on "),
    Phrase(r"\bopen\s+(?:at\s+)?(?=\d{4}-)", "open on "),
    Phrase(r"\b(?:(?:each|per|a)\s+year|yearly|annually|every\s+years)\b", "every year"),
    Phrase(
        r"\bopen\s+on\s+(?P<d>\d{4}-\d\d-\d\d)\s+(?P<h>\d.*?)\s+every\s+year\b",
        r"open on \g<d> every year \g<h>",
    ),
    Phrase(r"^(?P<b>\s*)opens\b|^(?P<c>\s*)(?:hours|open\s+hours)\b", r"\g<b>open"),
)


def calendar_phrase(look: Look) -> Mistake | None:
    """A line of a calendar that says in another form what the language can say."""
    if look.start != "calendar_line":
        return None
    for case in (_closed_days, _days, _hours, _region, _day_without_year):
        mistake = case(look)
        if mistake is not None:
            return mistake
    return first_said(look, _PHRASES)


def _closed_days(look: Look) -> Mistake | None:
    match = re.match(rf"\s*(closed\s+(?:on\s+)?(?i:{_DAY}|weekends?)\b.*)", look.masked)
    if match is None:
        return None
    message = "A calendar is closed on every day that no `open` line names."
    return Mistake("E132", message, match.start(1), match.end(1), "Leave this line out.")


def _days(look: Look) -> Mistake | None:
    """``Monday-Friday``, ``mon and tue``."""
    found = re.search(
        rf"(?i)(?<=\s){_DAY}(?:(?:{_TO}|{_AND}){_DAY})*(?=\s+(?:from\s+)?\d|\s*$)", look.masked
    )
    if found is None:
        return None
    names = [day.lower()[:3] for day in re.findall(rf"(?i)\b{_DAY}", found.group())]
    through = len(names) == 2 and re.search(rf"(?i)[a-z.](?:{_TO})[a-z]", found.group())
    new = " to ".join(names) if through else ", ".join(names)
    edit = Edit(found.start(), found.end(), new)
    if " ".join(found.group().split()) == new or not look.helps(edit):
        return None
    return instead(look, edit)


def _hours(look: Look) -> Mistake | None:
    """``9-17``, ``9am to 5pm``, ``09:00-12:00 and 13:00-17:00``."""
    found = re.search(rf"(?i){_HOURS}(?:{_AND}{_HOURS})*", look.masked)
    if found is None:
        return None
    times = [_clock(time) for time in re.findall(rf"(?i){_TIME}", found.group())]
    if len(times) % 2 or None in times:
        return None
    pairs = [(str(times[at]), str(times[at + 1])) for at in range(0, len(times), 2)]
    spans = [f"{start} to {_later(start, end)}" for start, end in pairs]
    edit = Edit(found.start(), found.end(), ", ".join(spans))
    if " ".join(found.group().split()) == edit.new or not look.helps(edit):
        return None
    return instead(look, edit)


def _clock(said: str) -> str | None:
    match = re.match(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?", said.lower())
    assert match is not None
    hour = int(match[1]) % 12 + 12 * (match[3] == "p") if match[3] else int(match[1])
    if hour > 24:
        return None
    return f"{hour:02}:{match[2] or '00'}"


def _later(start: str, end: str) -> str:
    """``9 to 5`` ends in the afternoon."""
    return f"{int(end[:2]) + 12:02}{end[2:]}" if end <= start and end < "12" else end


def _region(look: Look) -> Mistake | None:
    stop = look.stop
    if "REGION" not in stop.expected:
        named = re.match(
            r"\s*(closed\s+on\s+(?!public\b|the\b|all\b)\w+\s+holidays)\s*$", look.masked
        )
        if named is None:
            return None
        message = "Whose public holidays?"
        help_ = "Write the country's two letters, as in `closed on public holidays of SE`."
        return Mistake("E132", message, named.start(1), named.end(1), help_)
    edit = Edit(stop.start, stop.end, stop.word.upper())
    message = f"`{stop.word}` is no country's code." if stop.word else "Of which country?"
    help_ = "Write its two letters, as in `SE`, or a region's as in `US-NY`."
    edits = (edit,) if stop.word and look.reads(edit) else ()
    start = stop.start if stop.word else look.before
    return Mistake("E132", message, start, max(stop.end, start + 1), help_, edits)


_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"


def _day_without_year(look: Look) -> Mistake | None:
    match = re.search(
        rf"(?i)\b(?:\d{{1,2}}\.?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}|\d{{1,2}}[./-]\d{{1,2}}\.?)"
        r"(?=\s*$|\s+[a-z])",
        look.masked,
    )
    if match is None or "DAY" not in look.stop.expected or match.start() != look.stop.start:
        return None
    message = f"`{match.group()}` has no year."
    help_ = "Write for example `2026-12-24`, or `2026-12-24 every year`."
    return Mistake("E140", message, match.start(), match.end(), help_)


def odd_time_of_day(look: Look) -> Mistake | None:
    """``5pm``, ``17.30`` or ``17`` where a time of day stands alone."""
    stop = look.stop
    if "TIME_OF_DAY" not in stop.expected:
        return None
    match = re.compile(rf"(?i){_TIME}(?![\w:.-])").match(look.masked, stop.start)
    new = _clock(match.group()) if match else None
    if match is None or new is None:
        return None
    edit = Edit(match.start(), match.end(), new)
    if not look.helps(edit) and not look.reads(edit):
        return None
    message = f"`{match.group()}` cannot be read. A time of day is hours and minutes."
    return Mistake("E140", message, match.start(), match.end(), f"Write `{new}`.", (edit,))
