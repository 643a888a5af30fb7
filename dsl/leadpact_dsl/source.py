"""Where words stand: spans in policy files, kept by every form of a policy."""

from __future__ import annotations

from dataclasses import dataclass

from leadpact_dsl.frozen import frozen

__all__ = ["SourceFile", "Span"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a file: 1-based lines and columns, the end column not included."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of ``other`` (same file)."""
        return Span(self.file, self.line, self.column, other.end_line, other.end_column)


@frozen
class SourceFile:
    """One policy file: its name as shown to people (relative, ``/`` between parts) and text."""

    name: str
    text: str

    def line(self, number: int) -> str:
        """Line ``number`` (1-based) without its line end; empty beyond the last line."""
        lines = self.text.split("\n")
        return lines[number - 1].rstrip("\r") if 1 <= number <= len(lines) else ""
