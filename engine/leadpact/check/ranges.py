"""Ranges of numbers and days: what the rows of a ``points by`` cover, and what they leave.

A range is kept as a piece between two cuts. A cut lies just before a value (``(v, 0)``) or just
after it (``(v, 1)``), so that open and closed ends need no cases of their own; whole numbers and
days have only cuts before a value.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from leadpact.check.words import plain
from leadpact_dsl.frozen import frozen, mutable

__all__ = ["Free", "Piece", "Scale", "below", "from_on", "span_of"]

Cut: TypeAlias = tuple[Decimal, int]

_FIRST: Cut = (Decimal("-Infinity"), 0)
_LAST: Cut = (Decimal("Infinity"), 0)


@frozen
class Piece:
    """All values between two cuts."""

    start: Cut
    end: Cut

    @property
    def empty(self) -> bool:
        return self.start >= self.end

    def meets(self, other: Piece) -> Piece:
        return Piece(max(self.start, other.start), min(self.end, other.end))


@frozen
class Scale:
    """The values of a field: ``whole`` numbers or not, or ``days``."""

    whole: bool
    days: bool

    def number(self, value: Decimal | date) -> Decimal:
        return value if isinstance(value, Decimal) else Decimal(value.toordinal())

    def after(self, value: Decimal) -> Cut:
        """The cut right after a value."""
        return (value + 1, 0) if self.whole or self.days else (value, 1)

    def words(self, piece: Piece) -> str:
        """A piece as people read it: ``from 200 to 999``, ``below 50``, ``100``."""
        if piece.start == _FIRST and piece.end == _LAST:
            return "all values"
        if piece.start == _FIRST:
            value, past = piece.end
            return f"up to {self.shown(value)}" if past else f"below {self.shown(value)}"
        if piece.end == _LAST:
            value, past = piece.start
            return f"more than {self.shown(value)}" if past else f"from {self.shown(value)}"
        return self._between(piece)

    def _between(self, piece: Piece) -> str:
        (low, past), (high, through) = piece.start, piece.end
        if self.whole or self.days:
            last = high - 1
            if last == low:
                return self.shown(low)
            return f"from {self.shown(low)} to {self.shown(last)}"
        if low == high:
            return self.shown(low)
        start = f"more than {self.shown(low)}" if past else f"from {self.shown(low)}"
        return f"{start} {'up to' if through else 'to below'} {self.shown(high)}"

    def shown(self, number: Decimal) -> str:
        return date.fromordinal(int(number)).isoformat() if self.days else plain(number)


def span_of(low: Decimal, high: Decimal, scale: Scale) -> Piece:
    """Both ends included."""
    return Piece((low, 0), scale.after(high))


def from_on(low: Decimal) -> Piece:
    return Piece((low, 0), _LAST)


def below(high: Decimal) -> Piece:
    return Piece(_FIRST, (high, 0))


@mutable
class Free:
    """What the rows so far have left of a field's values, in order."""

    pieces: list[Piece]

    @classmethod
    def of(cls, low: Decimal | None, high: Decimal | None, scale: Scale) -> Free:
        start = _FIRST if low is None else (low, 0)
        end = _LAST if high is None else scale.after(high)
        return cls([Piece(start, end)])

    def part(self, piece: Piece) -> Sequence[Piece]:
        """What is left of a piece."""
        first, last = self._touched(piece)
        met = (free.meets(piece) for free in self.pieces[first:last])
        return [each for each in met if not each.empty]

    def take(self, piece: Piece) -> None:
        first, last = self._touched(piece)
        left: list[Piece] = []
        for free in self.pieces[first:last]:
            for each in (Piece(free.start, piece.start), Piece(piece.end, free.end)):
                rest = each.meets(free)
                if not rest.empty:
                    left.append(rest)
        self.pieces[first:last] = left

    def _touched(self, piece: Piece) -> tuple[int, int]:
        """Which pieces a piece can meet, found by halving: tables may have thousands of rows."""
        first = bisect_right(self.pieces, piece.start, key=lambda free: free.end)
        last = bisect_left(self.pieces, piece.end, key=lambda free: free.start)
        return first, max(first, last)
