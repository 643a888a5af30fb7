"""The rows of a decision as lines of text: points first, right-aligned, then the sentence."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from msgspec import UNSET, UnsetType

from leadpact.decision import Points, Row
from leadpact.english import value

__all__ = ["corrects", "points_text", "reason_text", "row_lines"]


def points_text(points: Points, sign: bool = False) -> str:
    """``62``, ``76.23``, ``−10``; with ``sign`` ``+62`` too. The minus is a real one."""
    text = f"{points:+,.2f}" if sign else f"{points:,.2f}"
    return text.rstrip("0").rstrip(".").replace("-", "−")


def reason_text(because: str) -> str:
    """A reason: the policy's text, or in words the value that an event names (``no_fit``)."""
    named = because == because.lower() and " " not in because
    return value(because).strip("“”") if named else because


def row_lines(
    rows: Iterable[Row] | UnsetType, because: bool = True, width: int = 100
) -> Iterator[str]:
    """Each row as one or more lines, at most ``width`` wide; its reason below it.

    They stand in the order of the policy's files, and what limits took away at the end. A row
    that gave its sentence's own points does not repeat them.
    """
    told = [] if rows is UNSET else sorted(rows, key=_place)
    given = [points_text(row.points, sign=True) for row in told]
    column = max((len(text) for text in given), default=0)
    for row, text in zip(told, given, strict=True):
        indent = " " * (column + 2)
        first = f"{text:>{column}}  "
        yield from textwrap.wrap(
            _sentence(row, text), width, initial_indent=first, subsequent_indent=indent
        ) or [first.rstrip()]
        if because and row.because:
            yield from textwrap.wrap(
                f"because: {row.because}", width, initial_indent=indent, subsequent_indent=indent
            )


def _sentence(row: Row, given: str) -> str:
    says = row.says.removeprefix(f"{given} ")
    notes = []
    if row.count is not None and row.count > 1 and says == row.says:
        notes.append(f"{row.count:,} times")
    # A correcting row is the limit itself, and says so.
    if row.capped and not corrects(row):
        notes.append("limit reached")
    return f"{says} ({', '.join(notes)})" if notes else says


def corrects(row: Row) -> bool:
    """Whether a row is a limit that took points away or gave some."""
    return row.rule.endswith((".at_most", ".at_least"))


def _place(row: Row) -> tuple[bool, str, int]:
    file, _, line = row.at.rpartition(":")
    return corrects(row), file, int(line or 0)
