"""Which lines of the source became nodes.

The parser leaves out lines that it could not read. Before something is called missing, the
checker asks here whether it may have stood on such a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import TypeAlias

from leadpact.check.report import Report
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["Coverage", "Whole"]

Whole: TypeAlias = Callable[[], bool]
"""Whether all lines of a block could be read; asked only when something seems to be missing."""


class Coverage:
    """Lazy, because in a policy without mistakes nobody asks."""

    def __init__(self, document: nodes.Document, report: Report) -> None:
        self._document = document
        self._report = report
        self._headers: dict[str, list[int]] | None = None

    def all_headers(self) -> bool:
        """Whether every line at the left edge is the first of a block that could be read."""
        for file in self._report.files:
            known = set(self._starts().get(file.name, ()))
            for number, line in enumerate(self._report.lines(file.name), 1):
                if _is_code(line) and not line.startswith((" ", "\t")) and number not in known:
                    return False
        return True

    def whole(self, block: nodes.Block) -> bool:
        """Whether every line of a block became a node."""
        lines = self._report.lines(block.span.file)
        read = {number for span in _spans(block) for number in range(span.line, span.end_line + 1)}
        for number in range(block.span.line + 1, self._end(block, len(lines))):
            if _is_code(lines[number - 1]) and number not in read:
                return False
        return True

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
