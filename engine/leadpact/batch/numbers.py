"""Where a record stands: one whole number for its file and its line, in the order of reading."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FILE_STEP", "Numbers"]

FILE_STEP = 1 << 40
"""The first record of the n-th file has the number n times this, and its line."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """``what`` is leads or activities; ``files`` are the names of several files, if it is several.

    Lines and rows are counted from 1 in each file, so where several are read a place needs the
    file's name, too.
    """

    what: str
    files: tuple[str, ...] = ()

    def place(self, number: int) -> tuple[int, str]:
        """The line, and what rejects call the file."""
        at, line = divmod(number, FILE_STEP)
        return line, self.files[at] if self.files else self.what

    def listed(self, numbers: list[int], most: int) -> str:
        """The first places in words: ``lines 2, 5 and more``."""
        if not self.files:
            named = "lines " + ", ".join(str(number) for number in numbers[:most])
        else:
            places = (self.place(number) for number in numbers[:most])
            named = ", ".join(f"{file} line {line}" for line, file in places)
        return named + (" and more" if len(numbers) > most else "")
