"""The text of a line while it is being mended: which column each character came from.

A slip that can be mended for sure is mended in memory, so that reading goes on and one slip
gives one message. What is read from a mended line still points at what was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from leadpact_dsl.frozen import frozen

__all__ = ["Edit", "Mistake", "Text", "apply"]


@frozen
class Text:
    """``columns`` has the 1-based column of each character, and of the end."""

    text: str
    columns: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Text:
        return cls(text, range(1, len(text) + 2))

    def cut(self, end: int) -> Text:
        return Text(self.text[:end], self.columns[: end + 1])


@frozen
class Edit:
    """Replace the characters from ``start`` up to ``end`` by ``new``."""

    start: int
    end: int
    new: str


@frozen
class Mistake:
    """A mistake on a line, by offsets into its text; ``edits`` would mend it.

    A ``guess`` is shown to people, who know what they meant, but nothing is read from it: it
    could only lead to more messages about the same mistake.
    """

    code: str
    message: str
    start: int
    end: int
    help: str | None = None
    edits: tuple[Edit, ...] = ()
    guess: bool = False


def apply(line: Text, edits: Iterable[Edit]) -> Text:
    """The line with the edits made (none of which overlap)."""
    text, columns = line.text, list(line.columns)
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        columns[edit.start : edit.end] = _columns(line, edit)
        text = text[: edit.start] + edit.new + text[edit.end :]
    return Text(text, columns)


def _columns(line: Text, edit: Edit) -> list[int]:
    """Where the new words point: to the same words, as far as they are kept at either end.

    What stands for something else points to its beginning, and its last character to the end, so
    that all that was written is underlined.
    """
    old, new = line.text[edit.start : edit.end], edit.new
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    first, last = edit.start + head, edit.end - tail
    changed = [line.columns[first]] * (len(new) - head - tail)
    if len(changed) > 1 and last > first:
        changed[-1] = line.columns[last - 1]
    return [*line.columns[edit.start : first], *changed, *line.columns[last : edit.end]]


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
