"""What is looked at before a line is read: mistakes that reading would not stop at."""

from __future__ import annotations

import re
from typing import Final

from leadpact_dsl.editing import Edit, Mistake

__all__ = ["list_without_of", "too_deep"]

_DEEPEST: Final = 40


def too_deep(text: str) -> Mistake | None:
    """Brackets and `not` more deeply nested than anybody could follow."""
    plain = re.sub(r'"[^"]*"?', "", text)
    if plain.count("(") <= _DEEPEST and len(re.findall(r"\bnot\b", plain)) <= _DEEPEST:
        return None
    message = f"This line has more than {_DEEPEST} brackets or `not`."
    at = len(text) - len(text.lstrip())
    return Mistake("E119", message, at, len(text), "Say a part of it in a definition of its own.")


def list_without_of(text: str) -> Mistake | None:
    """``when all:`` for ``when all of:``; asked only of lines that have others below."""
    match = re.search(r"(?:^\s*|\bwhen\s+)(all|any|none|at\s+least\s+\d+)$", text)
    if match is None:
        return None
    message = f"After `{match[1]}` the word `of` is missing."
    edit = Edit(match.end(), match.end(), " of")
    return Mistake("E138", message, match.start(1), match.end(), f"Write `{match[1]} of`.", (edit,))
