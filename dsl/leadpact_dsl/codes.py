"""The codes of what this package reports, each with what it is about.

A code never changes its meaning and is never used again. E10x are files, E11x characters and
indentation, E12x lines in the wrong place, E13x to E15x ways of writing that have a better one,
E16x the rest, E19x what the language has and this version does not read yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["CODES"]

CODES: Final[Mapping[str, str]] = {
    "E101": "no such file or folder",
    "E102": "a folder without a policy",
    "E103": "an empty file",
    "E104": "a file that is not text",
    "E105": "a file that is not UTF-8",
    "E106": "a file that cannot be read",
    "E107": "a file that is too large",
    "E110": "a tab in the indentation",
    "E111": "curly quotes",
    "E112": "a special blank",
    "E113": "a dash that is not a minus sign",
    "E114": "an invisible character",
    "E115": "a line that is too long",
    "E116": "versions that were never merged",
    "E117": "indentation that fits no line above",
    "E118": "too many steps of indentation",
    "E119": "too many brackets on a line",
    "E120": "a line below one that takes none",
    "E121": "a clause that cannot stand here",
    "E122": "a clause said twice",
    "E123": "a clause that is missing",
    "E124": "a list of conditions with nothing in it",
    "E130": "an unknown block",
    "E131": "a symbol instead of a word",
    "E132": "another phrase than the language's",
    "E133": "single quotes",
    "E134": "a text that is never closed",
    "E135": "a text without quotes",
    "E136": "points that are not written as `+10`",
    "E137": "a length of time without its unit",
    "E138": "`all:` for `all of:`",
    "E139": "a number in another form",
    "E140": "a date in another form",
    "E141": "`and` and `or` without brackets",
    "E142": "`no` with a number of times",
    "E143": "a comma too many or too few",
    "E145": "a length of time that is not whole",
    "E146": "a colon inside a line",
    "E147": "a bracket without its other half",
    "E148": "a mark without brackets of its own",
    "E149": "a clause in a list of conditions",
    "E150": "a character that policies do not use",
    "E151": "a misspelt word",
    "E152": "a word in capitals",
    "E153": "a name with characters that names cannot have",
    "E154": "a reserved word as a name or value",
    "E155": "clauses in another order",
    "E156": "a word that is missing",
    "E160": "something else was expected",
    "E161": "too much on a line",
    "E190": "a part of the language that cannot be read yet",
}
