"""Which lines of the source became nodes.

The parser leaves out lines that it could not read. Before something is called missing, the
checker asks here whether it may have stood on such a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Final, Literal, TypeAlias

from leadpact.check.report import Report
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["SORT_OF", "Coverage", "What", "Whole"]

What: TypeAlias = Literal[
    "field",
    "activity",
    "signal",
    "action",
    "score",
    "grade",
    "group",
    "checklist",
    "definition",
    "stage",
    "target",
    "worklist",
    "party",
    "role",
    "calendar",
    "list",
]
"""What a policy declares."""

SORT_OF: Final[dict[Literal["activities", "signals", "actions"], What]] = {
    "activities": "activity",
    "signals": "signal",
    "actions": "action",
}
"""What a block of events declares."""

Whole: TypeAlias = Callable[[], bool]
"""Whether all lines of a block could be read; asked only when something seems to be missing."""


class Coverage:
    """Lazy, because in a policy without mistakes nobody asks."""

    def __init__(self, document: nodes.Document, report: Report) -> None:
        self._document = document
        self._report = report
        self._headers: dict[str, list[int]] | None = None
        self._declarations: tuple[What, ...] | None = None

    def all_headers(self) -> bool:
        """Whether every line at the left edge is the first of a block that could be read."""
        for file in self._report.files:
            known = set(self._starts().get(file.name, ()))
            for number, line in enumerate(self._report.lines(file.name), 1):
                if _is_code(line) and not line.startswith((" ", "\t")) and number not in known:
                    return False
        return True

    def declaration(self, wants: tuple[What, ...]) -> bool:
        """Whether a declaration of one of these kinds (of any, if none is named) may stand on a
        line that could not be read, and whose name is lost too: all that is known is its first
        word.
        """
        return any(what in wants for what in self._lost()) if wants else bool(self._lost())

    def part(self, of: str) -> bool:
        """Whether the block of this name has a line whose name is lost."""
        blocks = (block for block in self._document.blocks if _name(block) == of)
        return any(_LOST.match(line) for block in blocks for line in self._unread(block))

    def _lost(self) -> tuple[What, ...]:
        if self._declarations is None:
            self._declarations = tuple(self._find_lost())
        return self._declarations

    def _find_lost(self) -> Iterator[What]:
        for file in self._report.files:
            known = set(self._starts().get(file.name, ()))
            for number, line in enumerate(self._report.lines(file.name), 1):
                header = _HEADER.match(line)
                if header is not None and header[1] in _DECLARES and number not in known:
                    yield _DECLARES[header[1]]
        for block in self._document.blocks:
            if isinstance(block, nodes.LeadBlock) and any(map(_LOST.match, self._unread(block))):
                yield "field"
            if isinstance(block, nodes.EventsBlock) and any(map(_LOST.match, self._unread(block))):
                yield SORT_OF[block.what]

    def whole(self, block: nodes.Block) -> bool:
        """Whether every line of a block became a node."""
        return next(self._unread(block), None) is None

    def _unread(self, block: nodes.Block) -> Iterator[str]:
        """The lines of a block that did not become nodes."""
        lines = self._report.lines(block.span.file)
        read = {number for span in _spans(block) for number in range(span.line, span.end_line + 1)}
        for number in range(block.span.line + 1, self._end(block, len(lines))):
            if _is_code(lines[number - 1]) and number not in read:
                yield lines[number - 1]

    def _starts(self) -> dict[str, list[int]]:
        if self._headers is None:
            self._headers = {}
            for block in self._document.blocks:
                self._headers.setdefault(block.span.file, []).append(block.span.line)
        return self._headers

    def _end(self, block: nodes.Block, last: int) -> int:
        """The first line after a block."""
        later = [line for line in self._starts()[block.span.file] if line > block.span.line]
        return min(later, default=last + 1)


# The first word of a header whose second word is no name. A name that can be read is remembered
# by the parser.
_HEADER: Final = re.compile(r"(\w+)(?:\s*:?\s*$|\s+(?![a-z]\w*\b))")
_DECLARES: Final[dict[str, What]] = {
    "party": "party",
    "role": "role",
    "calendar": "calendar",
    "list": "list",
    "score": "score",
    "grade": "grade",
    "define": "definition",
    "group": "group",
    "checklist": "checklist",
    "stage": "stage",
}

# A line that does not begin with a name, be it that of a category or a letter.
_LOST: Final = re.compile(r"\s*(?:category\s+)?(?!category\b)(?:[^a-zA-Z#\s]|[a-z]\s+from\b)")


def _name(block: nodes.Block) -> str | None:
    name = getattr(block, "name", None)
    return name.text if isinstance(name, nodes.Word) else None


def _is_code(line: str) -> bool:
    text = line.lstrip("\ufeff").strip()
    return bool(text) and not text.startswith("#")


def _spans(node: object) -> Iterator[Span]:
    """The spans of a node's parts, down to the words; not of the block itself."""
    if isinstance(node, Span):
        yield node
    elif isinstance(node, tuple):
        for member in node:
            yield from _spans(member)
    elif is_dataclass(node):
        for each in fields(node):
            if each.name != "span" or not isinstance(node, nodes.Block):
                yield from _spans(getattr(node, each.name))
