"""Comparing texts: surrounding blanks and the case of A–Z do not count, nothing else.

Blanks are the six ASCII white-space characters. A text of blanks only is unknown. Python's own
``lower`` and ``strip`` go further than that outside ASCII, and databases differ among themselves,
so the rule is spelled out here once.
"""

from __future__ import annotations

__all__ = ["BLANKS", "domain", "fold", "has_word", "is_whole", "whole", "words"]

BLANKS = " \t\n\r\v\f"
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def fold(text: str | None) -> str:
    """``text`` as it is compared; empty when it is unknown."""
    if text is None:
        return ""
    text = text.strip(BLANKS)
    return text.lower() if text.isascii() else text.translate(_LOWER)


def domain(folded: str) -> str:
    """What follows the last ``@`` of a folded text; empty (unknown) without an ``@``."""
    return folded.rpartition("@")[2].strip(BLANKS) if "@" in folded else ""


def words(folded: str) -> tuple[str, ...]:
    """The words of a folded text: its runs of letters and decimal digits."""
    spaced = "".join(c if c.isalpha() or c.isdecimal() else " " for c in folded)
    return tuple(filter(None, spaced.split(" ")))


def has_word(folded: str, wanted: tuple[tuple[str, ...], ...]) -> bool:
    """Whether one of ``wanted`` (each a run of words) stands among the words of the text."""
    held = words(folded)
    return any(
        held[at : at + len(run)] == run for run in wanted for at in range(len(held) - len(run) + 1)
    )


def is_whole(text: str) -> bool:
    """Whether the text has no half characters (lone surrogates), which no file can hold."""
    return text.isascii() or whole(text) == text


def whole(text: str) -> str:
    """The text with half characters spelled out, so that it can be written."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
