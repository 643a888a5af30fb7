"""Every code of the checker with its short title; the parser's own are ``E1…``.

A code keeps its meaning for ever. What the published reference says of each stands in
``leadpact/explain/entries.md``.
"""

from __future__ import annotations

from typing import Final

__all__ = ["TITLES"]

TITLES: Final[dict[str, str]] = {
    # names
    "E201": "Nothing has this name",
    "E202": "The name is already taken",
    "E203": "The name is reserved",
    "E204": "The name is of another kind of thing",
    "E205": "There is no such part",
    "E206": "The same value twice",
    "E207": "This cannot be used here",
    # types and units
    "E301": "The value is of the wrong type",
    "E302": "The comparison does not fit",
    "E303": "A value in quotes that is declared without",
    "E304": "Money and plain numbers mixed, or another currency",
    "E305": "Points have at most two decimals",
    "E306": "Numbers have at most six decimals",
    "E307": "A whole number is needed",
    "E308": "A window is missing",
    "E309": "The mark does not fit",
    "E310": "The field does not fit this row of points",
    "E311": "Activities and actions mixed",
    "E312": "A line of the policy block has the wrong value",
    "E313": "A name alone is not a condition",
    # values and ranges
    "E401": "The value is not among the declared ones",
    "E402": "The comparison never or always holds",
    "E403": "The low end is above the high end",
    "E404": "Rows overlap",
    "E405": "Values without a row",
    "E406": "The row can never apply",
    "E407": "The last row must be `otherwise`",
    "E408": "Letters must descend",
    "E409": "No such day or time",
    "E410": "No such time zone",
    "E411": "The length of time is zero or too long",
    "E412": "The row says nothing",
    "E413": "A number that cannot be reached",
    "E414": "The example's event does not fit",
    # structure
    "E501": "No policy block",
    "E502": "More than one policy block",
    "E503": "A line of the policy block is missing",
    "E504": "The same line twice",
    "E505": "Another version of the language",
    "E506": "One stage must be the start",
    "E507": "A final stage with moves",
    "E508": "A circle",
    "E509": "Two rows with the same rule id",
    "E510": "An example that expects nothing",
    "E511": "An example without its instant",
    "E512": "The list's file cannot be read",
    "E513": "Money without a currency",
    "E514": "The block is not complete",
    "E515": "A move into its own stage",
    # warnings
    "W201": "Declared and never used",
    "W401": "Nothing said about an unknown value",
    "W402": "Points by what is known only after contact",
    "W403": "The same text twice, or with other capitals",
    "W901": "Still the starting policy",
}
