"""Tables of plain text, no wider than they may be."""

from __future__ import annotations

import textwrap
from collections.abc import Container, Iterator, Sequence

from click import unstyle

__all__ = ["cut", "hung", "table"]

_GAP = "  "
_LONGEST_FIRST = 24
_SHORTEST = 12


def cut(text: str, width: int) -> str:
    """The text, or as much of it as there is room for, with an ellipsis."""
    return text if len(text) <= width else f"{text[: max(width - 1, 0)].rstrip()}…"


def hung(before: str, text: str, width: int) -> Iterator[str]:
    """``text`` after ``before``, its further lines below itself, none too wide."""
    # Colour has no width, so it is left out of the count.
    column = len(unstyle(before))
    plain = unstyle(text)
    if column + len(plain) <= width:
        yield f"{before}{text}"
        return
    wrapped = textwrap.wrap(plain, max(width - column, 20)) or [""]
    yield f"{before}{wrapped[0]}"
    yield from (f"{' ' * column}{line}" for line in wrapped[1:])


def table(
    rows: Sequence[Sequence[str]], width: int, gives: int, numbers: Container[int] = ()
) -> list[str] | None:
    """The rows, the header first, in columns; column ``gives`` is cut where there is no room.
    ``numbers`` are columns whose texts stand to the right.

    The first column is never cut, for it is copied: one too long for a column stands on a line of
    its own. ``None`` where even so there is no room. Each row is one text, of one line or two.
    """
    firsts = [len(row[0]) for row in rows if len(row[0]) <= _LONGEST_FIRST]
    widths = [max(firsts, default=0)]
    widths += [max(len(row[at]) for row in rows) for at in range(1, len(rows[0]))]
    over = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    if over > 0:
        widths[gives] -= over
        if widths[gives] < _SHORTEST:
            return None
    return [_row(row, widths, gives, numbers) for row in rows]


def _row(row: Sequence[str], widths: Sequence[int], gives: int, numbers: Container[int]) -> str:
    cells = [cut(text, widths[at]) if at == gives else text for at, text in enumerate(row)]
    first = "" if len(cells[0]) <= widths[0] else f"{cells[0]}\n"
    if first:
        cells[0] = ""
    padded = (
        f"{text:>{widths[at]}}" if at in numbers else f"{text:<{widths[at]}}"
        for at, text in enumerate(cells)
    )
    return first + _GAP.join(padded).rstrip()
