"""Telling how far a run is, without slowing it down."""

from __future__ import annotations

import time
from collections.abc import Callable

from leadpact.batch.options import Progress, Step

__all__ = ["Meter"]

_EVERY_RECORDS = 64
_EVERY_SECONDS = 0.1


class Meter:
    """Counts bytes and records of one step and tells ``listener`` a few times a second."""

    def __init__(
        self,
        listener: Callable[[Progress], None] | None,
        step: Step,
        total: int,
    ) -> None:
        self._listener = listener
        self._step = step
        self._total = total
        self._next = 0.0
        self.bytes_read = 0
        self.records = 0

    def on_bytes(self, count: int) -> None:
        self.bytes_read += count

    def on_record(self) -> None:
        self.records += 1
        if self._listener is not None and self.records % _EVERY_RECORDS == 0:
            now = time.monotonic()
            if now >= self._next:
                self._next = now + _EVERY_SECONDS
                self.tell()

    def tell(self) -> None:
        if self._listener is not None:
            self._listener(Progress(self._step, self.records, self.bytes_read, self._total))
