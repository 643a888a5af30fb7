"""Where the passes put what they find, and how corrected lines are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field

from leadpact_dsl import nodes
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.frozen import mutable
from leadpact_dsl.source import SourceFile, Span

__all__ = ["Report", "nearest"]


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``name`` was probably meant to be."""
    known = list(candidates)
    for candidate in known:
        if candidate.casefold() == name.casefold():
            return candidate
    # difflib is only paid for when something is wrong.
    from difflib import get_close_matches

    # Two swapped letters weigh more in a short word.
    found = get_close_matches(name, known, n=1, cutoff=0.6 if len(name) <= 4 else 0.7)
    return found[0] if found else None


@mutable
class Report:
    """The diagnostics of one run, and the source text that they quote."""

    files: Sequence[SourceFile]
    found: list[Diagnostic] = field(default_factory=list)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def error(
        self, code: str, message: str, span: Span, help_: str, fix: str | None = None
    ) -> None:
        self.found.append(Diagnostic(code, message, span, help_, fix))

    def lines(self, file: str) -> list[str]:
        """The lines of a file, without their ends; none for a file that is not here."""
        if file not in self._lines:
            text = next((source.text for source in self.files if source.name == file), "")
            self._lines[file] = [line.rstrip("\r") for line in text.split("\n")]
        return self._lines[file]

    def line(self, span: Span) -> str:
        lines = self.lines(span.file)
        return lines[span.line - 1] if span.line <= len(lines) else ""

    def words(self, span: Span) -> str:
        """What stands at a span; of several lines the first."""
        end = span.end_column - 1 if span.end_line == span.line else None
        return self.line(span)[span.column - 1 : end]

    def mended(self, node: nodes.Word | nodes.Quoted) -> bool:
        """Whether the parser has put other words in place of those written, and said so."""
        written = f'"{node.text}"' if isinstance(node, nodes.Quoted) else node.text
        return self.words(node.span) != written

    def replaced(self, span: Span, text: str) -> str | None:
        """The line with ``text`` in place of the span; ``None`` for a span of several lines."""
        line = self.line(span)
        if not line or span.end_line != span.line:
            return None
        return line[: span.column - 1] + text + line[span.end_column - 1 :]

    def followed(self, span: Span, text: str) -> str | None:
        """The line with ``text`` put in right after the span."""
        return self.replaced(after(span), text)

    def between(self, left: Span, right: Span) -> Span:
        """The words between two spans of one line; ``left`` itself where there are none."""
        if left.end_line != right.line or left.end_column >= right.column:
            return left
        return self.trimmed(
            Span(left.file, left.end_line, left.end_column, right.line, right.column)
        )

    def trimmed(self, span: Span) -> Span:
        """The span without the blanks around its words."""
        words = self.words(span)
        start = span.column + len(words) - len(words.lstrip())
        return Span(span.file, span.line, start, span.line, start + len(words.strip()))


def after(span: Span) -> Span:
    """The empty place right after a span."""
    return Span(span.file, span.end_line, span.end_column, span.end_line, span.end_column)
