"""The words of the language that people may trip over: reserved words and block words."""

from __future__ import annotations

from typing import Final

__all__ = ["BLOCK_WORDS", "LATER_BLOCK_WORDS", "RESERVED_WORDS"]

# A word is here when a line that begins with it, or a value, could mean two things. `in`, `since`
# and the underscored pair do not stand in the grammar: the first two will, and the others are
# what people write for `at least` and `at most`.
RESERVED_WORDS: Final = frozenset(
    {
        "and",
        "as",
        "at_least",
        "at_most",
        "because",
        "below",
        "each",
        "ever",
        "from",
        "in",
        "is",
        "known",
        "met",
        "no",
        "not",
        "or",
        "otherwise",
        "since",
        "unknown",
        "when",
        "where",
        "within",
        "yes",
    }
)

BLOCK_WORDS: Final = (
    "policy",
    "party",
    "list",
    "lead",
    "activities",
    "actions",
    "score",
    "grade",
    "define",
    "group",
    "checklist",
    "stage",
    "example",
)

# Blocks that the language will have; until then they get a message of their own.
LATER_BLOCK_WORDS: Final = ("role", "calendar", "signals", "any", "agreement", "guarantee")
