"""What the service tells about itself: a line of JSON an event, on standard error.

Nothing of a record, a question or a header is ever put into it: names of policies and keys, routes,
statuses and times are all it knows. Of a fault it tells the kind of exception and the places in the
code, but not the exception's text, which may quote a record.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

__all__ = ["Journal", "faults_to"]

_ENCODE = msgspec.json.Encoder().encode


class Journal:
    """Writes events to a file descriptor (2: standard error). ``worker`` stands in each line."""

    def __init__(self, worker: int | None = None, descriptor: int = 2) -> None:
        self._worker = worker
        self._descriptor = descriptor

    def tell(
        self, event: str, level: Literal["info", "warning", "error"] = "info", **more: Any
    ) -> None:
        """One event. A reader who has left is no reason to stop serving."""
        line: dict[str, Any] = {"at": datetime.now(UTC), "level": level, "event": event}
        if self._worker is not None:
            line["worker"] = self._worker
        with suppress(OSError):
            os.write(self._descriptor, _ENCODE(line | more) + b"\n")

    def fault(self, event: str, fault: BaseException, **more: Any) -> None:
        """An exception that should not have been."""
        frames = traceback.extract_tb(fault.__traceback__)
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
        self.tell(event, "error", fault=type(fault).__name__, places=places, **more)


class _Faults(logging.Handler):
    """What the server library logs, as events."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.WARNING)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self._journal.fault("server fault", record.exc_info[1])
        elif record.levelno >= logging.ERROR:
            # The library's own sentence, without what it fills in.
            self._journal.tell("server", "error", says=str(record.msg))


def faults_to(journal: Journal, *loggers: str) -> None:
    """Send what these loggers log to the journal, and nowhere else."""
    logging.lastResort = None
    for name in loggers:
        logger = logging.getLogger(name)
        logger.handlers = [_Faults(journal)]
        logger.propagate = False
        logger.setLevel(logging.WARNING)
    sys.unraisablehook = lambda found: journal.tell(
        "server fault", "error", fault=getattr(found.exc_type, "__name__", "")
    )
