"""A line that could not be read, and the questions that the special cases ask about it."""

from __future__ import annotations

import re

from leadpact_dsl.editing import Edit, Text, apply
from leadpact_dsl.frozen import frozen
from leadpact_dsl.grammar import Start, Stop, read_line

__all__ = ["Look", "look_at"]


@frozen
class Look:
    """``masked`` is the text with what stands between quotes blotted out, at equal length."""

    text: str
    masked: str
    start: Start
    stop: Stop

    @property
    def before(self) -> int:
        """Where the last word that could be read begins."""
        return self.text.rfind(self.stop.before, 0, self.stop.start) if self.stop.before else 0

    def edited(self, *edits: Edit) -> str:
        return apply(Text.of(self.text), edits).text

    def reads(self, *edits: Edit) -> bool:
        """Whether the whole line can be read with these edits."""
        return not isinstance(read_line(self.edited(*edits), self.start), Stop)

    def helps(self, edit: Edit) -> bool:
        """Whether reading gets past this edit and the place where it stopped."""
        found = read_line(self.edited(edit), self.start)
        if not isinstance(found, Stop):
            return True
        grown = len(edit.new) - (edit.end - edit.start)
        # It must read on behind the new words, or they are only a name in the wrong place.
        passed = max(self.stop.start + grown, edit.start + len(edit.new))
        return found.start > passed

    def near(self, start: int, end: int) -> bool:
        """Whether a piece of the line touches the word where reading stopped or the one before."""
        return start <= self.stop.end and end >= self.before


def look_at(text: str, start: Start, stop: Stop) -> Look:
    """The line with what stands between quotes blotted out."""

    def blot(match: re.Match[str]) -> str:
        inside = match.group()[1:].removesuffix('"')
        return match.group().replace(inside, "\x01" * len(inside)) if inside else match.group()

    return Look(text, re.sub(r'"[^"]*"?', blot, text), start, stop)
