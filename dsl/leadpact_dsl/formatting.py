"""The one layout of a policy file: what ``leadpact fmt`` writes.

Only blanks, line ends and the ``:`` of headers change. Words, texts and comments stay, each on its
own line and in its own order: in a policy, order decides. Nothing is aligned but what follows the
points of a row; so a longer name changes its own line and no other, and two people who change
neighbouring lines can merge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from leadpact_dsl.characters import LONGEST_LINE
from leadpact_dsl.diagnostics import Diagnostic, has_errors
from leadpact_dsl.layout import Line, lay_out
from leadpact_dsl.parsing import parse
from leadpact_dsl.source import SourceFile, Span

__all__ = ["format_source", "formatted"]

_STEP: Final = 4
_POINTS_WIDTH: Final = 4
_BYTE_ORDER_MARK: Final = "\ufeff"

# A text; a number with its grouping commas, or a time of day; a name or word of the language;
# anything else up to the next mark (a date, a letter with its sign); a mark. A number comes before
# a mark, so that a comma inside it is its own, and a name ends where its letters do, so that
# `is -5` and `is-5` are laid out alike.
_WORD: Final = re.compile(
    r'"[^"]*"'
    r"|\d{1,2}:\d{2}(?!\w|:\d)"
    r"|[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?(?![\w/-]|,\d|:\d)"
    r"|stand-in(?!\w)|[a-z]\w*"
    r'|[^\s",:().]+'
    r"|[^\s]"
)
_POINTS: Final = re.compile(r"[+-]\d")
_NONE_BEFORE: Final = frozenset(",:).")
_NONE_AFTER: Final = frozenset("(.")


def format_source(source: SourceFile) -> str:
    """The text of a policy file in its one layout; as it is when the file cannot be read."""
    return formatted(source)[0]


def formatted(source: SourceFile) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of a policy file in its one layout, or why it was left as it is.

    Lines end in LF, and levels are four blanks apart. The text is ``source.text`` itself
    when there are diagnostics. The result, formatted again, stays as it is.
    """
    plain = replace(source, text=source.text.removeprefix(_BYTE_ORDER_MARK))
    diagnostics = parse([plain])[1]
    if has_errors(diagnostics):
        return source.text, diagnostics
    rows = list(_rows(plain.text, lay_out(plain)[0]))
    too_long = tuple(_too_long(rows, source))
    if too_long:
        return source.text, too_long
    lines = _without_spare_blanks(text for _, text in rows)
    return "".join(f"{line}\n" for line in lines), ()


def _without_spare_blanks(lines: Iterable[str]) -> Iterator[str]:
    """At most one empty line in a row, none at the beginning and none at the end."""
    before: str | None = None
    for line in lines:
        if line:
            if before == "":
                yield ""
            yield line
            before = line
        elif before:
            before = ""


def _too_long(rows: Iterable[tuple[int, str]], source: SourceFile) -> Iterator[Diagnostic]:
    """Lines that could not be read any more with the blanks that the layout puts in."""
    for number, text in rows:
        if len(text) > LONGEST_LINE:
            span = Span(source.name, number, 1, number, len(source.line(number)) + 1)
            message = (
                f"Laid out, this line has {len(text):,} characters; {LONGEST_LINE:,} are the most."
            )
            yield Diagnostic("E115", message, span, "Write one fact a line.")


# --- lines -------------------------------------------------------------------------------------


def _rows(text: str, lines: tuple[Line, ...]) -> Iterator[tuple[int, str]]:
    """Each line by its number, laid out. A line without words is empty, or a comment."""
    worded = {line.number: (level, line) for level, line in _levels(lines)}
    margins: list[int] = []
    header: Line | None = None
    between: list[tuple[int, str]] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        if number not in worded:
            between.append((number, raw.rstrip()))
            continue
        level, line = worded[number]
        yield from _passage(header, margins, between, level)
        margins[level:] = [_margin(raw)]
        header, between = line, []
    yield from _passage(header, margins, between, 0)


def _levels(lines: tuple[Line, ...], level: int = 0) -> Iterator[tuple[int, Line]]:
    for line in lines:
        yield level, line
        yield from _levels(line.children, level + 1)


def _margin(raw: str) -> int:
    """How far from the left edge a line begins, a tab being worth a whole step."""
    return len(raw[: len(raw) - len(raw.lstrip())].replace("\t", " " * _STEP))


def _passage(
    line: Line | None, margins: list[int], between: list[tuple[int, str]], next_level: int
) -> Iterator[tuple[int, str]]:
    """A line with words (none at the file's beginning), and what stands between it and the next.

    ``margins`` is where the line and those that it stands below begin, as written.
    """
    opened = list(margins)
    if line is not None and not line.children and (_tail(line).colon or _has_colon(line)):
        # A header whose block is comments alone so far.
        opened.append(margins[-1] + 1)
    comments = [_comment(number, raw, opened, next_level) for number, raw in between]
    if line is not None:
        opens = bool(line.children) or any(comment.level == len(margins) for comment in comments)
        yield line.number, _laid_out(line, len(margins) - 1, opens)
    for comment in comments:
        yield comment.number, comment.text and " " * _STEP * comment.level + comment.text


@dataclass(frozen=True, slots=True)
class _Comment:
    number: int
    text: str
    level: int


def _comment(number: int, raw: str, opened: list[int], next_level: int) -> _Comment:
    """A line without words: a comment (or an empty line) with the level that it belongs to.

    It belongs to the line that follows, unless it stands further right, under the last lines of
    a block that ends here. What is neither was passed over by the reader and is not touched.
    """
    text = raw.lstrip(" \t")
    if not text.startswith("#"):
        return _Comment(number, raw, 0)
    margin = _margin(raw)
    fits = [level for level in range(next_level, len(opened)) if opened[level] <= margin]
    return _Comment(number, text, max(fits, default=next_level))


# --- words -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tail:
    """What the layout takes off a line: whether a ``:``, and the comment (or nothing)."""

    colon: bool
    comment: str


def _tail(line: Line) -> _Tail:
    tail = line.tail.strip()
    return _Tail(tail.startswith(":"), tail.removeprefix(":").lstrip())


def _has_colon(line: Line) -> bool:
    """Whether a line has its ``:`` already: a list with members behind it may have others below."""
    words = _WORD.findall(line.text.text)
    return words[0] == "list" and ":" in words


def _laid_out(line: Line, level: int, opens: bool) -> str:
    text = " " * _STEP * level + _spaced(_WORD.findall(line.text.text))
    if opens and not _has_colon(line):
        text += ":"
    comment = _tail(line).comment
    return f"{text}  {comment}" if comment else text


def _spaced(words: list[str]) -> str:
    """The words of a line with one blank between them, and points as wide as ``+100``."""
    out = words[0]
    if _POINTS.match(out) and len(words) > 1:
        out = out.ljust(_POINTS_WIDTH)
    for before, word in pairwise(words):
        joined = word in _NONE_BEFORE or before in _NONE_AFTER
        out += word if joined else f" {word}"
    return out
