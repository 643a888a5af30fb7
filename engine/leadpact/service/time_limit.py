"""A limit on the time that one piece of work may take.

Deciding is one stretch of computing, during which nothing else runs in the process. The alarm of
the operating system is what ends it; it rings in the main thread, where all requests are answered.
"""

from __future__ import annotations

import signal
from types import FrameType

__all__ = ["OutOfTimeError", "TimeLimit"]


class OutOfTimeError(Exception):
    """The work took longer than it may."""


class TimeLimit:
    """``with limit:`` around work that may take ``seconds``. Raises ``OutOfTimeError``.

    One at a time, in the main thread.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running = False

    def install(self) -> None:
        """Take the alarm of this process."""
        signal.signal(signal.SIGALRM, self._ring)

    def _ring(self, _: int, __: FrameType | None) -> None:
        # It may still ring when the work has just ended.
        if self._running:
            self._running = False
            raise OutOfTimeError

    def __enter__(self) -> None:
        self._running = True
        signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        self._running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
