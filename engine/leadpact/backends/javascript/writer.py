"""Lines of JavaScript, laid out so that people can read what runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Writer"]


class Writer:
    def __init__(self, depth: int = 0) -> None:
        self.lines: list[str] = []
        self._depth = depth

    def sibling(self) -> Writer:
        """A writer of its own lines, at the same depth."""
        return Writer(self._depth)

    def add(self, other: Writer) -> None:
        self.lines += other.lines

    def line(self, text: str) -> None:
        self.lines.append("  " * self._depth + text)

    @contextmanager
    def block(self, header: str, end: str = "}") -> Iterator[None]:
        """A header that opens a bracket, what stands inside it, and its ``end``."""
        self.line(header)
        self._depth += 1
        yield
        self._depth -= 1
        self.line(end)
