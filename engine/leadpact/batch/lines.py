"""The lines of a file, one at a time, each with its number and of bounded length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

__all__ = ["BadLine", "Line", "Lines"]

_BOM = "\ufeff"
_SKIP_CHUNK = 1 << 16


class Line(NamedTuple):
    """One line without its end. ``fault`` says why its text cannot be trusted."""

    number: int
    text: str
    fault: str | None


class BadLine(NamedTuple):
    """A line or record that is not one: ``value`` is its text, ``reason`` a sentence."""

    line: int
    value: str
    reason: str


class Lines:
    """Reads lines of at most ``limit`` bytes; of a longer one only the start is kept.

    ``on_bytes`` hears how many bytes each line had. Lines may be given back with ``unread``.
    ``number`` is that of the last line that was taken from the file: at first, of the line before.
    """

    def __init__(
        self, file: BinaryIO, limit: int, on_bytes: Callable[[int], None], number: int = 0
    ) -> None:
        self._file = file
        self._limit = limit
        self._on_bytes = on_bytes
        self.number = number
        self._waiting: list[Line] = []

    def __iter__(self) -> Iterator[Line]:
        while (line := self.next()) is not None:
            yield line

    def next(self) -> Line | None:
        if self._waiting:
            return self._waiting.pop()
        raw = self._file.readline(self._limit + 1)
        if not raw:
            return None
        self.number += 1
        self._on_bytes(len(raw))
        if raw.endswith(b"\n"):
            raw = raw[:-2] if raw.endswith(b"\r\n") else raw[:-1]
        elif len(raw) > self._limit:
            self._skip_rest()
            reason = f"The line is longer than {self._limit:,} bytes."
            return Line(self.number, raw[:200].decode("utf-8", "replace"), reason)
        return self._decoded(raw)

    @property
    def has_waiting(self) -> bool:
        """Whether lines that were given back are still to be taken."""
        return bool(self._waiting)

    def unread(self, lines: list[Line]) -> None:
        """Give lines back, in their order; they are the next to be read."""
        self._waiting.extend(reversed(lines))

    def _decoded(self, raw: bytes) -> Line:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            reason = f"The line is not UTF-8: byte {error.start + 1} is {raw[error.start]:#04x}."
            return Line(self.number, raw.decode("utf-8", "replace"), reason)
        if self.number == 1:
            text = text.removeprefix(_BOM)
        if "\0" in text:
            return Line(self.number, text.replace("\0", "\ufffd"), "The line holds a NUL byte.")
        return Line(self.number, text, None)

    def _skip_rest(self) -> None:
        while raw := self._file.readline(_SKIP_CHUNK):
            self._on_bytes(len(raw))
            if raw.endswith(b"\n"):
                return
