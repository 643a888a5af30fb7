"""A worker: one process that answers requests.

It reads no files of policies: what it answers from comes from the supervisor, through a pipe. When
the pipe ends, the supervisor is gone, and the worker ends too.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from datetime import timedelta
from multiprocessing.connection import Connection

from leadpact.service.app import App
from leadpact.service.asking import present
from leadpact.service.counts import Board
from leadpact.service.deciding import Deciding
from leadpact.service.decision_log import DecisionLog
from leadpact.service.http_server import LOGGERS, HttpServer
from leadpact.service.journal import Journal, faults_to
from leadpact.service.settings import Settings
from leadpact.service.standing import Standing

__all__ = ["READY", "warm", "work"]

READY = "ready"


def work(
    number: int,
    settings: Settings,
    standing: Standing,
    listening: socket.socket,
    pipe: Connection,
    board: Board,
) -> None:
    """Serve until told to stop. Runs as the main function of a process of its own."""
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    _Worker(number, settings, standing, listening, pipe, board).run()


def warm(standing: Standing) -> None:
    """Let every policy generate its code, so that nobody waits for it."""
    now = present()
    for shelf in standing.catalogue:
        for version in shelf.versions:
            for instant in (now, max(now, version.since + timedelta(days=1))):
                for explain in (False, True):
                    version.policy.bind(instant, explain=explain)


class _Worker:
    def __init__(
        self,
        number: int,
        settings: Settings,
        standing: Standing,
        listening: socket.socket,
        pipe: Connection,
        board: Board,
    ) -> None:
        self.journal = Journal(number)
        faults_to(self.journal, *LOGGERS)
        self.row = board.row(number)
        self.listening = listening
        self.pipe = pipe
        log = DecisionLog(settings.log) if settings.log is not None else None
        deciding = Deciding(settings, self.row, log, self.journal)
        deciding.time_limit.install()
        agreement = None
        if settings.agreement is not None:
            from leadpact.service.static import Agreement

            agreement = Agreement(settings.agreement)
        self.app = App(settings, standing, deciding, board, self.row, self.journal, agreement)
        self.server = HttpServer(self.app, settings, self._every_second)

    def run(self) -> None:
        # What was loaded stays: looking through it again and again for garbage finds none.
        gc.collect()
        gc.freeze()
        self.server.run(self.listening, self._begin)
        self.row.put("connections", 0)

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._drain)
        loop.add_reader(self.pipe.fileno(), self._hear)
        self.pipe.send(READY)

    def _drain(self) -> None:
        if not self.app.draining:
            self.app.draining = True
            self.journal.tell("draining")
            self.server.stop()

    def _hear(self) -> None:
        """The supervisor sends what to answer from, or has gone."""
        loop = asyncio.get_running_loop()
        try:
            standing: Standing = self.pipe.recv()
        except (EOFError, OSError):
            loop.remove_reader(self.pipe.fileno())
            self._drain()
            return
        # Generating code takes a while: requests are answered meanwhile.
        loop.run_in_executor(None, self._take, standing, loop)

    def _take(self, standing: Standing, loop: asyncio.AbstractEventLoop) -> None:
        warm(standing)
        loop.call_soon_threadsafe(self.app.replace, standing)

    def _every_second(self, connections: int) -> None:
        self.row.put("connections", connections)
        self.row.put("memory", _memory())


def _memory() -> int:
    """Resident bytes of this process; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
