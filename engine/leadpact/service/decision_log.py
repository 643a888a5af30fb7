"""The decision log: a line of JSON for each decision, appended before the answer is sent.

Several workers append to one file. Each write is done under a lock on the file, which the operating
system takes back from a worker that dies. A worker that is killed in the middle of a line leaves a
piece of it, and whoever writes next begins a new line. A full file gets a number behind its name
(``decisions.jsonl.1`` is the oldest) and a new one is begun. A file that somebody else has moved
away is begun anew, too.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import suppress
from pathlib import Path

from leadpact.service.settings import Logging

__all__ = ["DecisionLog", "LogError"]


class LogError(Exception):
    """The log cannot be written; the text says why, for people."""


class DecisionLog:
    """Appends lines for one worker. Opened by each worker itself: forked ones share no lock."""

    def __init__(self, settings: Logging) -> None:
        self._settings = settings
        self._path = settings.path
        self._file = -1

    def append(self, lines: bytes) -> None:
        """Hand whole lines to the operating system. Raises ``LogError``: then none was written."""
        try:
            self._locked()
            try:
                self._append(lines)
            finally:
                if self._file >= 0:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
        except OSError as wrong:
            raise LogError(f"{self._path}: {(wrong.strerror or 'unwritable').lower()}.") from None

    def close(self) -> None:
        """Give the file back."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _locked(self) -> None:
        """Open and lock the file that bears the log's name now."""
        while True:
            if self._file < 0:
                flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
                self._file = os.open(self._path, flags, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                there = self._path.stat()
            except FileNotFoundError:
                there = None
            if there is not None and os.path.samestat(there, os.fstat(self._file)):
                return
            self.close()

    def _append(self, lines: bytes) -> None:
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            lines = b"\n" + lines
        if size and size + len(lines) > self._settings.size:
            self._turn_over()
            size, lines = os.fstat(self._file).st_size, lines.removeprefix(b"\n")
        written = 0
        try:
            while written < len(lines):
                written += os.write(self._file, lines[written:] if written else lines)
        except OSError:
            # Half a line would be worse than none.
            with suppress(OSError):
                os.ftruncate(self._file, size)
            raise

    def _turn_over(self) -> None:
        """Move the full file aside and lock a new one, still under the old one's lock."""
        numbers = sorted(self._numbers())
        self._path.rename(f"{self._path}.{numbers[-1] + 1 if numbers else 1}")
        if self._settings.keep is not None:
            gone = len(numbers) + 1 - self._settings.keep
            for number in numbers[: max(gone, 0)]:
                Path(f"{self._path}.{number}").unlink(missing_ok=True)
        self.close()
        self._locked()

    def _numbers(self) -> list[int]:
        name = re.compile(rf"{re.escape(self._path.name)}\.([1-9][0-9]*)")
        found = (name.fullmatch(entry.name) for entry in self._path.parent.iterdir())
        return [int(match[1]) for match in found if match]
