"""Phrases that people write and the language says in other words: how one is found and told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.frozen import frozen
from leadpact_dsl.looking import Look

__all__ = ["Phrase", "first_said", "instead"]


@frozen
class Phrase:
    """``pattern`` finds what people write; ``new`` is a template, or makes the words from it.

    ``only`` and ``never`` name start rules: the lines on which to look, or not to.
    """

    pattern: str
    new: str | Callable[[re.Match[str]], str]
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def first_said(look: Look, phrases: Sequence[Phrase]) -> Mistake | None:
    """The first of the phrases that stands where reading stopped and whose words help."""
    for edit, piece in _found(look, phrases):
        if edit.new.split() != piece.split() and look.helps(edit):
            return instead(look, edit)
    return None


def instead(look: Look, edit: Edit) -> Mistake:
    """The mistake of saying it in other words, without the blanks and commas around them."""
    piece = look.text[edit.start : edit.end]
    start = edit.start + len(piece) - len(piece.lstrip(" \t,"))
    end = edit.start + len(piece.rstrip())
    said, new = " ".join(look.text[start:end].split()), edit.new.strip(" ,")
    message = f"Policies do not say `{said}` here."
    return Mistake("E132", message, start, end, f"Write `{new}`.", (edit,))


def _found(look: Look, phrases: Sequence[Phrase]) -> Iterator[tuple[Edit, str]]:
    for phrase in phrases:
        if (phrase.only and look.start not in phrase.only) or look.start in phrase.never:
            continue
        for match in re.finditer(phrase.pattern, look.masked):
            if look.near(match.start(), match.end()):
                # The words are made from the text itself, which still has what stood in quotes.
                real = re.compile(phrase.pattern).match(look.text, match.start()) or match
                new = phrase.new(real) if callable(phrase.new) else real.expand(phrase.new)
                yield Edit(match.start(), match.end(), new), match.group()
