"""What a mistake gets: a stable code, the place, plain words, and the fix.

Diagnostics are values. Every pass returns them beside its result and goes on; nothing that a
user can write raises an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import SourceFile, Span

__all__ = ["Diagnostic", "has_errors", "render"]


@frozen
class Diagnostic:
    """One mistake.

    ``code`` is ``E…`` for an error and ``W…`` for a warning. ``span`` covers exactly the words
    that are wrong. ``help`` says what to do, in one or two sentences; ``fix`` is the whole
    corrected line, ready to paste, where there is one.
    """

    code: str
    message: str
    span: Span
    help: str | None = None
    fix: str | None = None

    @property
    def is_error(self) -> bool:
        return self.code.startswith("E")


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether something stops the policy from being used; warnings do not."""
    return any(diagnostic.is_error for diagnostic in diagnostics)


def render(diagnostic: Diagnostic, sources: Mapping[str, SourceFile]) -> str:
    """The diagnostic as people read it: message, place, the line underlined, help.

    ``sources`` maps the names that spans use to their files; where the file is missing (a file
    that could not be read), the line is left out.
    """
    span = diagnostic.span
    kind = "error" if diagnostic.is_error else "warning"
    out = [f"{kind} {diagnostic.code}: {diagnostic.message}"]
    source = sources.get(span.file)
    # A column that no character stands at is the file as a whole.
    out.append(f"  --> {span.file}:{span.line}:{span.column}" if source else f"  --> {span.file}")
    if source is not None and (line := source.line(span.line)):
        gutter = str(span.line)
        end = span.end_column - 1 if span.end_line == span.line else len(line)
        shown, start, end = _clipped(line.replace("\t", " "), span.column - 1, end)
        out.append(f"{gutter} | {shown}")
        out.append(f"{' ' * len(gutter)} | {' ' * start}{'^' * max(1, end - start)}")
    if diagnostic.help:
        out.append(f"   = help: {diagnostic.help}")
    if diagnostic.fix:
        out.append(f"   = write: {diagnostic.fix.strip()}")
    return "\n".join(out)


_WIDEST = 100
_BEFORE = 30


def _clipped(line: str, start: int, end: int) -> tuple[str, int, int]:
    """As much of a long line as people like to read, around the words from ``start`` to ``end``,
    and where those stand in it.
    """
    if len(line) <= _WIDEST:
        return line, start, end
    # All up to the end of the words if that fits; else from a bit before their beginning.
    first = 0 if end < _WIDEST else max(0, min(start - _BEFORE, len(line) - _WIDEST + 1))
    last = min(len(line), first + _WIDEST)
    before, after = "…" if first else "", "…" if last < len(line) else ""
    shown = before + line[first + len(before) : last - len(after)] + after
    return shown, start - first, min(end - first, len(shown))
