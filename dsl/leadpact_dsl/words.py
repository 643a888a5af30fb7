"""The words of the language that people may trip over: reserved words and block words."""

from __future__ import annotations

from typing import Final

__all__ = ["BLOCK_WORDS", "LATER_BLOCK_WORDS", "RESERVED_WORDS"]

# A word is here when a line that begins with it, or a value, could mean two things. `since` stands
# in the grammar only with the word behind it, and the underscored pair not at all: it is what
# people write for `at least` and `at most`.
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
    "role",
    "calendar",
    "list",
    "lead",
    "activities",
    "signals",
    "actions",
    "score",
    "grade",
    "define",
    "group",
    "checklist",
    "stage",
    "any stage",
    "agreement",
    "guarantee",
    "example",
)

# Blocks that the language keeps for later; until then they get a message of their own.
LATER_BLOCK_WORDS: Final = ("account", "measure", "report")
