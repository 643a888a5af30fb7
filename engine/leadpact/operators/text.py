"""Comparing texts: surrounding blanks and the case of A–Z do not count, nothing else.

Blanks are the six ASCII white-space characters. A text of blanks only is unknown. Python's own
``lower`` and ``strip`` go further than that outside ASCII, and databases differ among themselves,
so the rule is spelled out here once.
"""

from __future__ import annotations

__all__ = ["BLANKS", "domain", "fold", "is_whole", "whole"]

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


def is_whole(text: str) -> bool:
    """Whether the text has no half characters (lone surrogates), which no file can hold."""
    return text.isascii() or whole(text) == text


def whole(text: str) -> str:
    """The text with half characters spelled out, so that it can be written."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
