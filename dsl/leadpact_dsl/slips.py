"""Slips of the hand: a word written twice, two words exchanged, a short word misspelt."""

from __future__ import annotations

import re

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.grammar import keywords
from leadpact_dsl.looking import Look

__all__ = ["exchanged_words", "short_word", "word_twice"]

_WORD = re.compile(r'"[^"]*"|[^\s",():]+')


def _words(look: Look) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(look.masked)]


def _around(look: Look) -> int:
    """Which word is the one where reading stopped."""
    words = _words(look)
    return next((at for at, (_, end) in enumerate(words) if end > look.stop.start), len(words))


def word_twice(look: Look) -> Mistake | None:
    """``2 days days ago``"""
    words, at = _words(look), _around(look)
    for first in range(max(0, at - 2), min(at + 1, len(words) - 1)):
        (start, end), (again, last) = words[first], words[first + 1]
        edit = Edit(end, last, "")
        said = look.text[again:last]
        if look.text[start:end] == said and look.reads(edit):
            message = f"`{said}` stands here twice."
            return Mistake("E158", message, again, last, "Leave one of them out.", (edit,))
    return None


def exchanged_words(look: Look) -> Mistake | None:
    """``email "dana@buyer.example" is``"""
    words, at = _words(look), _around(look)
    for first in range(max(0, at - 2), min(at + 2, len(words) - 1)):
        (start, end), (after, last) = words[first], words[first + 1]
        between = look.text[end:after]
        new = look.text[after:last] + between + look.text[start:end]
        edit = Edit(start, last, new)
        if not between.strip() and look.reads(edit):
            message = "These two words stand in the wrong order."
            return Mistake("E155", message, start, last, f"Write `{new}`.", (edit,), True)
    return None


def short_word(look: Look) -> Mistake | None:
    """``email si "…"``, ``2 days aog``: too short for likeness to tell."""
    stop = look.stop
    for word in keywords(stop.expected):
        if " " in word or not _one_slip(stop.word.lower(), word):
            continue
        edit = Edit(stop.start, stop.end, word)
        if look.reads(edit):
            message = f"`{stop.word}` is not a word of the language. Did you mean `{word}`?"
            return Mistake("E151", message, stop.start, stop.end, f"Write `{word}`.", (edit,))
    return None


def _one_slip(said: str, meant: str) -> bool:
    """Whether one letter is lost, doubled or wrong, or two are exchanged."""
    if said == meant or not said or abs(len(said) - len(meant)) > 1:
        return False
    if len(said) == len(meant):
        wrong = [at for at in range(len(said)) if said[at] != meant[at]]
        first, last = wrong[0], wrong[-1]
        exchanged = last == first + 1 and said[first] == meant[last] and said[last] == meant[first]
        # Of a word of two letters, one wrong letter leaves too little to tell.
        return exchanged or (len(wrong) == 1 and len(said) > 2)
    short, long = sorted((said, meant), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
