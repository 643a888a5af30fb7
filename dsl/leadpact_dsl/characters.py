"""What can be wrong with the characters of a line, before its words are looked at.

Quotes, blanks and dashes that word processors and web pages put in look right and are not; they
would also spoil where comments, texts and the indentation end, so they are mended here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from leadpact_dsl.editing import Edit, Mistake, Text, apply

__all__ = ["LONGEST_LINE", "check_characters", "code_end"]

LONGEST_LINE: Final = 2_000

_QUOTES: Final = "“”„‟«»″‘’‚‛‹›"
_BLANKS: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_DASHES: Final = "\u2212\u2010\u2011\u2012\u2013\u2014\uff0d"
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u2028\u2029\u0085"
_BLANK: Final = re.compile(f"[{_BLANKS}]")
_ODD: Final = re.compile(f"[{_QUOTES}{_BLANKS}{_DASHES}{_INVISIBLE}\x00-\x08\x0b-\x1f\x7f]")
_PIECES: Final = re.compile(
    rf'"[^"]*"|(?P<smart>[{_QUOTES}][^{_QUOTES}"]*[{_QUOTES}"])|#.*|.', re.S
)


def check_characters(raw: str) -> tuple[Text, list[Mistake]]:
    """The line with its odd characters mended, and what was odd.

    A tab in the indentation counts as four blanks; it is not a mistake of the line but of the
    file, and layout.py tells about it once.
    """
    line = Text.of(raw)
    mistakes = list(_odd_characters(raw)) if _ODD.search(raw) else []
    line = apply(line, [edit for mistake in mistakes for edit in mistake.edits])
    lead = len(line.text) - len(line.text.lstrip(" \t"))
    tabs = [at for at in range(lead) if line.text[at] == "\t"]
    return apply(line, [Edit(at, at + 1, "    ") for at in tabs]), mistakes


def code_end(text: str) -> int:
    """Where the line's words end and its comment begins (or the line does)."""
    end = 0
    for piece in re.finditer(r'"[^"]*"?|#|[^"#]+', text):
        if piece.group() == "#":
            break
        end = piece.end()
    return len(text[:end].rstrip())


def _odd_characters(raw: str) -> Iterator[Mistake]:
    """One mistake for each sort of odd character on the line."""
    quotes: list[Edit] = []
    blanks: list[Edit] = []
    dashes: list[Edit] = []
    invisible: list[Edit] = []
    for piece in _PIECES.finditer(raw):
        start, end, text = piece.start(), piece.end(), piece.group()
        if text.startswith("#"):
            break
        if piece.group("smart"):
            quotes += [Edit(start, start + 1, '"'), Edit(end - 1, end, '"')]
        elif len(text) > 1:
            odd = re.finditer(r"[\x00-\x08\x0b-\x1f\x7f]", text)
            invisible += [Edit(start + at.start(), start + at.end(), "") for at in odd]
        elif text in _QUOTES:
            quotes.append(Edit(start, end, '"'))
        elif _BLANK.match(text):
            blanks.append(Edit(start, end, " "))
        elif text in _DASHES:
            dashes.append(Edit(start, end, "-"))
        elif _ODD.match(text):
            invisible.append(Edit(start, end, ""))
    yield from _told(
        "E111", "These quotes are curly or slanted.", 'Write straight ones: `"`.', quotes
    )
    yield from _told(
        "E112",
        "This blank is a special one that only looks like a blank.",
        "Type it again with the space bar.",
        blanks,
    )
    yield from _told("E113", "This dash is not a minus sign.", "Type `-`.", dashes)
    yield from _told("E114", "Here is a character that cannot be seen.", "Delete it.", invisible)


def _told(code: str, message: str, help_: str, edits: list[Edit]) -> Iterator[Mistake]:
    if edits:
        # Quotes come in pairs, and what stands between them is meant too.
        end = edits[1].end if code == "E111" and len(edits) > 1 else edits[0].end
        yield Mistake(code, message, edits[0].start, end, help_, tuple(edits))
