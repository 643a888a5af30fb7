"""The codes of what this package reports, each with its short title.

A code never changes its meaning and is never used again. E10x are files, E11x characters and
indentation, E12x lines in the wrong place, E13x to E15x ways of writing that have a better one,
E16x the rest, E19x what the language has and this version does not read yet. What the published
reference says of each stands in ``entries.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["CODES"]

CODES: Final[Mapping[str, str]] = {
    "E101": "No such file or folder",
    "E102": "A folder without a policy",
    "E103": "An empty file",
    "E104": "A file that is not text",
    "E105": "A file that is not saved as UTF-8",
    "E106": "A file that cannot be read",
    "E107": "A file that is too large",
    "E110": "A tab at the beginning of a line",
    "E111": "Curly quotes",
    "E112": "A special blank",
    "E113": "A dash that is not a minus sign",
    "E114": "A character that cannot be seen",
    "E115": "A line that is too long",
    "E116": "Two versions that were never merged",
    "E117": "A line that begins at the wrong place",
    "E118": "A line too far to the right",
    "E119": "Too many brackets on a line",
    "E120": "A line below one that takes none",
    "E121": "A line that cannot stand here",
    "E122": "Said twice",
    "E123": "No condition",
    "E124": "A list of conditions with nothing in it",
    "E130": "An unknown block",
    "E131": "A symbol instead of a word",
    "E132": "Other words than the language's",
    "E133": "Single quotes",
    "E134": "A text that is never closed",
    "E135": "A text without quotes",
    "E136": "Points that are not written as `+10`",
    "E137": "A length of time without its unit",
    "E138": "`all:` for `all of:`",
    "E139": "A number in another form",
    "E140": "A date or a time of day in another form",
    "E141": "`and` and `or` without brackets",
    "E142": "`no` with a number of times",
    "E143": "A comma too many or too few",
    "E145": "A length of time that is not whole",
    "E146": "A colon at the wrong place",
    "E147": "A bracket without its other half",
    "E148": "A mark without brackets of its own",
    "E149": "A line that does not belong in a list of conditions",
    "E150": "A character that policies do not use",
    "E151": "A misspelt word",
    "E152": "A word in capitals",
    "E153": "A name with characters that names cannot have",
    "E154": "A word of the language as a name or value",
    "E155": "The right words in another order",
    "E156": "A word that is missing",
    "E157": "Business time where time is counted around the clock",
    "E158": "A word that stands twice",
    "E160": "Something else was expected",
    "E161": "Too much on a line",
    "E190": "A part of the language that cannot be read yet",
}
