"""Lines and what stands below them.

A policy's shape is its indentation alone. This module turns a file into a tree of lines and
reports what is wrong with the shape; what the lines say is not its business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from leadpact_dsl.characters import LONGEST_LINE, check_characters, code_end
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.editing import Mistake, Text
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import SourceFile, Span
from leadpact_dsl.words import BLOCK_WORDS

__all__ = ["DEEPEST", "Line", "in_line", "lay_out"]

DEEPEST: Final = 30

_CONFLICT: Final = re.compile(r"(<{7}|\|{7}|={7}|>{7})( |$)")


@frozen
class Line:
    """A line of words with the lines below it.

    ``text`` has neither comment nor trailing ``:``; ``tail`` is what was taken off. ``told`` says
    that something was reported about the line already and a second message would only confuse.
    ``headless`` says that the line begins a file without opening a block.
    """

    file: str
    number: int
    text: Text
    tail: str
    children: tuple[Line, ...] = ()
    told: bool = False
    headless: bool = False

    @property
    def words(self) -> str:
        return self.text.text.strip()

    @property
    def span(self) -> Span:
        text = self.text.text
        start = len(text) - len(text.lstrip())
        columns = self.text.columns
        return Span(self.file, self.number, columns[start], self.number, columns[len(text) - 1] + 1)

    @property
    def whole(self) -> str:
        """The line with its comment."""
        return self.text.text + self.tail


@frozen
class _Levelled:
    level: int
    line: Line


def lay_out(source: SourceFile) -> tuple[tuple[Line, ...], list[Diagnostic]]:
    """The file's outermost lines, and what is wrong with characters and indentation."""
    diagnostics: list[Diagnostic] = []
    lines = list(_lines(source, diagnostics))
    return _nest(list(_levels(lines, diagnostics))), diagnostics


# --- lines -------------------------------------------------------------------------------------


def _lines(source: SourceFile, diagnostics: list[Diagnostic]) -> Iterator[Line]:
    tabbed: list[int] = []
    first = True
    for number, raw in _without_conflicts(source, diagnostics):
        if len(raw) > LONGEST_LINE:
            span = Span(source.name, number, 1, number, len(raw) + 1)
            message = f"This line has {len(raw):,} characters; {LONGEST_LINE:,} are the most."
            diagnostics.append(Diagnostic("E115", message, span, "Write one fact a line."))
            continue
        text, mistakes = check_characters(raw)
        end = code_end(text.text)
        if end == 0:
            continue
        # Of the first line is told that it stands too far to the right, which is the same mistake.
        if "\t" in raw[: len(raw) - len(raw.lstrip())] and not first:
            tabbed.append(number)
        first = False
        diagnostics += [
            in_line(source.name, number, slip, Text.of(raw), text.text) for slip in mistakes
        ]
        if text.text[end - 1] == ":" and text.text[:end].strip() != ":":
            end = len(text.text[: end - 1].rstrip())
        yield Line(source.name, number, text.cut(end), text.text[end:].rstrip(), (), bool(mistakes))
    if tabbed:
        diagnostics.append(_tabs(source, tabbed))


def in_line(file: str, number: int, slip: Mistake, line: Text, fixed: str | None) -> Diagnostic:
    """The diagnostic of a mistake on a line."""
    start = line.columns[min(slip.start, len(line.text))]
    end = line.columns[slip.end - 1] + 1 if slip.end > slip.start else start
    span = Span(file, number, start, number, end)
    fix = fixed if slip.edits else None
    return Diagnostic(slip.code, slip.message, span, slip.help, fix)


def _tabs(source: SourceFile, numbers: list[int]) -> Diagnostic:
    raw = source.line(numbers[0])
    at = raw.index("\t")
    span = Span(source.name, numbers[0], at + 1, numbers[0], at + 2)
    others = len(numbers) - 1
    more = f" So {'is' if others == 1 else 'are'} {others} more of this file." if others else ""
    fixed = check_characters(raw)[0].text.rstrip()
    message = f"This line is moved to the right with a tab.{more}"
    return Diagnostic("E110", message, span, "Use blanks, four for each step.", fixed)


_UNMERGED = "Keep what is right and delete the lines that begin with `<<<`, `===` and `>>>`."


def _without_conflicts(
    source: SourceFile, diagnostics: list[Diagnostic]
) -> Iterator[tuple[int, str]]:
    """The lines, of two versions that were not merged only the first, told once."""
    inside = skipping = False
    for number, raw in enumerate(source.text.split("\n"), start=1):
        raw = raw.removesuffix("\r")
        if _CONFLICT.match(raw) is None:
            if not skipping:
                yield number, raw
            continue
        begins, ends = raw.startswith("<"), raw.startswith(">")
        # A mark on its own, left over from a merge, is told too; but nothing is dropped for it.
        if begins or not inside:
            span = Span(source.name, number, 1, number, len(raw) + 1)
            message = "Two versions of these lines were never merged."
            if not begins:
                message = "This mark is left over from a merge."
            diagnostics.append(Diagnostic("E116", message, span, _UNMERGED))
        skipping = inside and not begins and not ends
        inside = begins or (inside and not ends)


# --- levels ------------------------------------------------------------------------------------


def _levels(lines: list[Line], diagnostics: list[Diagnostic]) -> Iterator[_Levelled]:
    first = next((at for at, line in enumerate(lines) if _indent(line) == 0), len(lines))
    if first > 0:
        yield from _top(lines[:first], diagnostics)
    yield from _in_steps(lines[first:], [[0]], diagnostics)


def _top(lines: list[Line], diagnostics: list[Diagnostic]) -> Iterator[_Levelled]:
    """The lines above the first one at the left edge."""
    header, rest = replace(lines[0], told=True), lines[1:]
    if not _opens_block(header):
        # What follows stands below a header that is lost, as below one that cannot be read.
        diagnostics.append(replace(_misplaced(header, 0, _TOO_FAR), help=_NO_HEADER, fix=None))
        yield _Levelled(0, replace(header, headless=True))
        yield from (_Levelled(1, line) for line in rest)
        return
    diagnostics.append(_misplaced(header, 0, _TOO_FAR))
    indent = _indent(header)
    # Was the header alone moved, or a whole passage?
    alone = bool(rest) and _indent(rest[0]) <= indent and not _opens_block(rest[0])
    yield _Levelled(0, header)
    yield from _in_steps(rest, [[0] if alone else [0, indent]], diagnostics)


_TOO_FAR: Final = "The first line stands too far to the right."
_NO_HEADER: Final = (
    "A line that opens a block, such as `lead:`, begins at the left edge. Is it missing above?"
)


def _opens_block(line: Line) -> bool:
    words = f"{line.words.lower()} "
    return any(words.startswith(f"{word} ") for word in BLOCK_WORDS)


def _indent(line: Line) -> int:
    return len(line.text.text) - len(line.text.text.lstrip(" "))


def _in_steps(
    lines: list[Line], stack: list[list[int]], diagnostics: list[Diagnostic]
) -> Iterator[_Levelled]:
    # Each level has the indentation that it began with, and those of lines that were told and
    # taken for its own: a whole passage that is moved by one blank is one mistake.
    for line in lines:
        indent = _indent(line)
        if indent > max(stack[-1]):
            stack.append([indent])
            if len(stack) == DEEPEST + 1:
                message = f"This line stands more than {DEEPEST} steps to the right."
                help_ = "Say a part of it in a definition of its own."
                diagnostics.append(Diagnostic("E118", message, line.span, help_))
                line = replace(line, told=True)
        elif not any(indent in level for level in stack):
            left = _step_back(stack, indent)
            message = "This line belongs to no line above it."
            diagnostics.append(_misplaced(line, left, message))
            line = replace(line, told=True)
        while indent not in stack[-1]:
            stack.pop()
        if len(stack) <= DEEPEST + 1:
            yield _Levelled(len(stack) - 1, line)


def _step_back(stack: list[list[int]], indent: int) -> int:
    """Take an indentation that fits no level for that of the nearest one, and say which it is."""
    nearest = min(reversed(stack), key=lambda level: abs(level[0] - indent))
    nearest.append(indent)
    return nearest[0]


def _misplaced(line: Line, indent: int, message: str) -> Diagnostic:
    span = Span(line.file, line.number, 1, line.number, line.text.columns[_indent(line)])
    help_ = f"Let it begin after {indent} blanks." if indent else "Let it begin at the left edge."
    return Diagnostic("E117", message, span, help_, " " * indent + line.whole.lstrip(" "))


def _nest(levelled: list[_Levelled]) -> tuple[Line, ...]:
    """The lines as a tree: built from the last line up, so that no line is touched twice."""
    below: list[list[Line]] = [[] for _ in range(DEEPEST + 3)]
    for item in reversed(levelled):
        children = tuple(reversed(below[item.level + 1]))
        below[item.level + 1] = []
        below[item.level].append(replace(item.line, children=children) if children else item.line)
    return tuple(reversed(below[0]))
