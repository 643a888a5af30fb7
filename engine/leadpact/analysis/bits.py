"""Sets of sums as the bits of a whole number: bit N stands for ``low + N`` steps.

What a part of a score can give is such a set; what two independent parts can give together is
made by shifting one along the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leadpact_dsl.frozen import frozen

__all__ = ["NOTHING", "Sums", "sums_of"]


@frozen
class Sums:
    """A set of whole numbers: ``low`` is the least of them (bit 0 is set, unless empty)."""

    low: int
    bits: int

    @property
    def high(self) -> int:
        return self.low + self.bits.bit_length() - 1

    def __contains__(self, value: int) -> bool:
        return value >= self.low and bool(self.bits >> (value - self.low) & 1)

    def __iter__(self) -> Iterator[int]:
        # Digits are read once; shifting a long number takes its whole length each time.
        digits = f"{self.bits:b}"[::-1]
        at = digits.find("1")
        while at >= 0:
            yield self.low + at
            at = digits.find("1", at + 1)

    def plus(self, other: Sums) -> Sums:
        """All sums of a number of this set and one of the other."""
        few, many = sorted((self, other), key=lambda one: one.bits.bit_count())
        for one, rest in ((few, many), (many, few)):
            # All numbers from one to another: doubling is quicker than one by one.
            if one.bits & (one.bits + 1) == 0 and one.bits.bit_length() > 8:
                return Sums(rest.low + one.low, rest.smeared(0, one.high - one.low).bits)
        bits = 0
        for value in few:
            bits |= many.bits << (value - few.low)
        return Sums(self.low + other.low, bits)

    def moved(self, by: int) -> Sums:
        return Sums(self.low + by, self.bits)

    def smeared(self, least: int, most: int) -> Sums:
        """Each number with anything from ``least`` (at most 0) to ``most`` (at least 0) added."""
        bits, done, wanted = self.bits, 0, most - least
        while done < wanted:
            step = min(done + 1, wanted - done)
            bits |= bits << step
            done += step
        return Sums(self.low + least, bits)

    def at_most(self, limit: int | None) -> Sums:
        """What is above the limit brought down to it."""
        if limit is None or limit >= self.high:
            return self
        if limit <= self.low:
            return Sums(limit, 1)
        kept = self.bits & ((1 << (limit - self.low)) - 1)
        return Sums(self.low, kept | 1 << (limit - self.low))

    def at_least(self, limit: int | None) -> Sums:
        """What is below the limit brought up to it."""
        if limit is None or limit <= self.low:
            return self
        return Sums(limit, self.bits >> (limit - self.low) | 1)

    def between(self, after: int | None, before: int | None) -> int | None:
        """One number of the set strictly between the two; the least there is."""
        first = self.low if after is None else max(self.low, after + 1)
        bits = self.bits >> (first - self.low)
        if not bits:
            return None
        found = first + (bits & -bits).bit_length() - 1
        return found if before is None or found < before else None


NOTHING = Sums(0, 1)
"""The sum of nothing: 0 alone."""


def sums_of(values: Iterable[int]) -> Sums:
    """The set of these numbers, of which there is at least one."""
    given = set(values)
    low = min(given)
    held = bytearray((max(given) - low) // 8 + 1)
    for value in given:
        held[(value - low) // 8] |= 1 << (value - low) % 8
    return Sums(low, int.from_bytes(held, "little"))
