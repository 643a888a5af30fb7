"""Which characters are no part of a word, spelled out for the engines' regular expressions.

A word is a run of letters and decimal digits. The engines know classes for these, each of another
version of Unicode, so the ranges are written down from the same tables that Python uses.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache

__all__ = ["not_words"]

_SURROGATES = range(0xD800, 0xE000)


@cache
def not_words(dialect: str) -> str:
    """A pattern for a run of characters of which none belongs to a word."""
    java = dialect in ("spark", "databricks")
    spell = _java if java else _postgres if dialect == "postgres" else _re2
    ranges = "".join(
        spell(first) if first == last else f"{spell(first)}-{spell(last)}"
        for first, last in _ranges()
    )
    return f"[^{ranges}]+"


def _re2(code: int) -> str:
    return chr(code) if chr(code).isascii() else f"\\x{{{code:X}}}"


def _java(code: int) -> str:
    return _re2(code)


def _postgres(code: int) -> str:
    return chr(code) if chr(code).isascii() else f"\\U{code:08X}"


@cache
def _ranges() -> tuple[tuple[int, int], ...]:
    return tuple(_runs())


def _runs() -> Iterator[tuple[int, int]]:
    first: int | None = None
    for code in range(sys.maxunicode + 2):
        inside = (
            code <= sys.maxunicode
            and code not in _SURROGATES
            and (chr(code).isalpha() or chr(code).isdecimal())
        )
        if inside and first is None:
            first = code
        elif not inside and first is not None:
            yield first, code - 1
            first = None
