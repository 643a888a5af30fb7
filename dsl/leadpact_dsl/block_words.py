"""The first word of a block: which block it opens, also when it is misspelt."""

from __future__ import annotations

import re
from typing import Final

from leadpact_dsl.editing import Edit, Mistake, Text, apply
from leadpact_dsl.words import BLOCK_WORDS, LATER_BLOCK_WORDS

__all__ = ["block_word"]

# What other tools call these blocks.
_OTHER_WORDS: Final = {
    "activity": "activities",
    "event": "activities",
    "events": "activities",
    "action": "actions",
    "fields": "lead",
    "leads": "lead",
    "record": "lead",
    "scoring": "score",
    "grading": "grade",
    "def": "define",
    "definition": "define",
    "let": "define",
    "matrix": "group",
    "segment": "group",
    "team": "party",
    "test": "example",
}


_SHORT: Final = 3


def block_word(line: Text) -> tuple[str | None, Text, Mistake | None]:
    """The block's word, the line with that word as it should be, and what was wrong with it.

    There is no word when nobody could say which block is meant.
    """
    match = re.match(
        r"\s*((?i:any|all|every|each|other)\s+(?i:stages?)(?![\w-])|[^\s:\"(]*)", line.text
    )
    said = " ".join(match[1].split()) if match else ""
    start, end = match.span(1) if match else (0, 0)
    if said in BLOCK_WORDS:
        return said, line, None
    if said in LATER_BLOCK_WORDS:
        message = f"`{said}` is kept for a later version of the language."
        return None, line, Mistake("E190", message, start, end, "Leave the block out for now.")
    import difflib

    near = difflib.get_close_matches(said.lower(), BLOCK_WORDS, 1, 0.7)
    meant = said.lower() if said.lower() in BLOCK_WORDS else _OTHER_WORDS.get(said.lower())
    # A word that has lost its beginning or end is nearer to the whole one than to a shorter one.
    meant = meant or ("any stage" if re.search(r" stages?$", said) else None)
    cut = [word for word in BLOCK_WORDS if len(said) > _SHORT and said.lower() in word]
    meant = meant or next(iter([*cut, *near]), None)
    if meant is not None:
        edit = Edit(start, end, meant)
        message = f"No block begins with `{said}`. Did you mean `{meant}`?"
        slip = Mistake("E130", message, start, end, f"Write `{meant}`.", (edit,))
        return meant, apply(line, [edit]), slip
    words = ", ".join(f"`{word}`" for word in BLOCK_WORDS[:-1])
    help_ = f"A line at the left edge opens a block: {words} or `{BLOCK_WORDS[-1]}`."
    if re.match(r"[+-]?\d|when\b|because\b|moves\b|expect\b|needs\b", said):
        help_ = "Let it begin four blanks further right, below the line that it belongs to."
    message = f"No block begins with `{said}`." if said else "No block begins like this."
    return None, line, Mistake("E130", message, start, max(end, start + 1), help_)
