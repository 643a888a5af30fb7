"""What could have come where reading stopped, in words."""

from __future__ import annotations

from typing import Final

from leadpact_dsl.editing import Mistake
from leadpact_dsl.grammar import keywords
from leadpact_dsl.looking import Look

__all__ = ["expectation"]

_MOST: Final = 5

# What is not a fixed word, as people say it, in the order in which it is told.
_SORTS: Final = {
    "NAME": "a name",
    "QUOTED": 'a text in quotes (`"…"`)',
    "POINTS": "points such as `+10`",
    "NUMBER": "a number",
    "UNIT": "`minutes`, `hours`, `days`, `weeks` or `months`",
    "BUSINESS_UNIT": "`business hours` or `business days`",
    "PERIOD": "`day`, `week`, `month`, `quarter` or `year`",
    "_PERCENT": "`%`",
    "TIME_OF_DAY": "a time of day such as `09:00`",
    "WEEKDAY": "a day such as `mon`",
    "REGION": "a country such as `SE`",
    "DAY": "a date such as `2026-10-01`",
    "CLOCK": "a moment such as `2026-10-01 09:30`",
    "LETTER": "a letter such as `A` or `B-`",
    "CURRENCY": "a currency such as `SEK`",
    "_OPEN": "`(`",
    "_CLOSE": "`)`",
    "_COMMA": "`,`",
    "_DOT": "`.`",
    "_COLON": "`:`",
}
_COMPARISONS: Final = "a comparison such as `is` or `is at least`"


def expectation(look: Look) -> Mistake:
    """The message when no special case fits."""
    stop = look.stop
    if not stop.before and stop.word:
        return _no_such_line(look)
    options = _options(stop.expected)
    place = f"After `{stop.before}`" if stop.before else "Here"
    rest = look.text[stop.start :]
    end = stop.end if stop.word else stop.start
    if not options:
        message = f"{place} nothing more can stand on this line."
        return Mistake("E161", message, stop.start, stop.start + len(rest), "Leave out the rest.")
    if stop.expected == {"$END"}:
        said = f"`{stop.word}` is too much"
        message = f"{place} the line should end; {said}."
        return Mistake(
            "E161", message, stop.start, end, "Leave it out, or begin a new line with it."
        )
    help_ = _help(options, stop.word)
    listed = options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"
    message = f"{place} I expected {listed}" + (f", not `{stop.word}`." if stop.word else ".")
    if not stop.word:
        # At the end of a line the last word is shown, because nothing stands where more should.
        return Mistake("E160", message, look.before, max(look.before + len(stop.before), 1), help_)
    return Mistake("E160", message, stop.start, end, help_)


_EXAMPLES: Final = {
    "a condition": "Conditions look like `phone is known` or `interest is at least 50`.",
    "a value": 'Values look like `retail`, `"real estate"`, `1,200` or `2026-10-01`.',
    "a name": "Names look like `job_title`: small letters, digits and `_`.",
    "a number": "Numbers look like `1,200` or `2.5`.",
    _COMPARISONS: "Comparisons look like `phone is known` or `employees is at least 50`.",
}
_BARE: Final = ("a number", "a name")


def _help(options: list[str], word: str) -> str:
    """What to do about it: an example of what is most likely meant."""
    for option in options:
        # A bare number or name is only likely meant where nothing else can come.
        if option in _EXAMPLES and (len(options) == 1 or option not in _BARE):
            return _EXAMPLES[option]
    if not word:
        return "Go on with one of these." if len(options) > 1 else "Go on with it."
    either = "one of these" if len(options) > 1 else "it"
    return f"Put {either} in front of `{word}` or in its place."


def _no_such_line(look: Look) -> Mistake:
    """Nothing that can stand here begins like this."""
    stop = look.stop
    if stop.word.startswith('"') and "NAME" in stop.expected:
        help_ = 'Write a name before it, as in `budget "Is there a budget?"`.'
        return Mistake("E160", "A name is missing here.", stop.start, stop.end, help_)
    sorts = [text for sort, text in _SORTS.items() if sort in stop.expected]
    options = sorts + [f"`{word}`" for word in keywords(stop.expected)]
    listed = f"{', '.join(options[:-1])} or {options[-1]}" if len(options) > 1 else options[0]
    message = f"No line begins with `{stop.word}` here."
    help_ = f"A line here begins with {listed}."
    if look.start == "clause_line":
        # Most often it belongs beside the row above, and was only moved too far.
        help_ = (
            "If it is a row of its own, let it begin where the row above begins. "
            "Below a row, a line begins with a word such as `when`, `because` or `note`."
        )
    return Mistake("E160", message, stop.start, stop.end, help_)


def _options(expected: frozenset[str]) -> list[str]:
    if {"NAME", "_OPEN", "_NOT"} <= expected:
        return ["a condition"]
    if {"NAME", "QUOTED", "NUMBER", "YES"} <= expected:
        return ["a value"]
    words = keywords(expected)
    compares = [word for word in words if word.startswith("is ") or word in _VERBS]
    shown: list[str] = []
    if len(compares) > 3:
        words = [word for word in words if word not in compares]
        shown.append(_COMPARISONS)
    shown = [text for sort, text in _SORTS.items() if sort in expected] + shown
    if len(compares) > 3:
        # After a name nearly everything can come; its comparison is what is usually missing.
        shown = [text for text in shown if text not in ("`.`", "`,`", "`(`")]
        words = [word for word in words if word in ("and", "or", "within")]
    shown += [f"`{word}`" for word in words]
    if len(shown) > _MOST:
        shown = shown[:_MOST]
        return [*shown, "one of a few other words"]
    if "$END" in expected:
        shown.append("the end of the line")
    return shown


_VERBS: Final = frozenset({"is", "starts with", "ends with", "contains", "includes"})
