"""The supervisor: reads policies and keys, starts the workers, and watches over both.

It answers no requests. A reload happens here, beside the work: only policies that check clean are
sent to the workers, and a new worker gets those that the others have, whatever stands on the disk.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from leadpact.service.catalogue import Catalogue, MistakesError, catalogue
from leadpact.service.counts import Board
from leadpact.service.http_server import listen
from leadpact.service.journal import Journal
from leadpact.service.keys import KeyFileError, Keys, read_keys
from leadpact.service.settings import Settings
from leadpact.service.standing import Reload, Standing
from leadpact.service.watching import Watching
from leadpact.service.worker import READY, warm, work

__all__ = ["StartError", "prepare", "serve"]

_LOOK: Final = 1.0
_TOO_SOON: Final = 2.0
"""A worker that lives shorter than this is replaced only after a pause."""


class StartError(Exception):
    """The service cannot start; the text says why, for people."""


def prepare(settings: Settings) -> Standing:
    """What the service answers from at first. Raises ``MistakesError`` and ``KeyFileError``."""
    read = catalogue(settings.policies, datetime.now(UTC))
    return Standing(read, _keys(settings), _places({}, read))


def _keys(settings: Settings) -> Keys | None:
    return read_keys(settings.keys) if settings.keys is not None else None


def serve(settings: Settings, standing: Standing) -> int:
    """Serve until SIGTERM or SIGINT. Gives the exit status: 0, or 1 when workers had to be killed.

    Raises ``StartError``.
    """
    try:
        listening = listen(settings.host, settings.port)
    except OSError as wrong:
        where = f"{settings.host}:{settings.port}"
        raise StartError(f"{where}: {(wrong.strerror or str(wrong)).lower()}.") from None
    with listening:
        return _Supervisor(settings, standing, listening).run()


def _places(before: Mapping[str, int], read: Catalogue) -> dict[str, int]:
    """Each policy's place among the counts: kept as long as the service runs."""
    places = dict(before)
    for name in read.shelves:
        places.setdefault(name, len(places))
    return places


class _Worker:
    def __init__(self, process: BaseProcess, pipe: Connection) -> None:
        self.process = process
        self.pipe = pipe
        self.ready = False
        self.begun = time.monotonic()


class _Supervisor:
    def __init__(self, settings: Settings, standing: Standing, listening: socket.socket) -> None:
        self.settings = settings
        self.standing = standing
        self.listening = listening
        # A forked worker has the policies at once, and shares their memory.
        self.context: Any = get_context("fork" if sys.platform == "linux" else "spawn")
        self.board = Board(self.context, settings.workers)
        self.journal = Journal()
        self.watching = Watching(settings)
        self.workers: dict[int, _Worker] = {}
        self.due: dict[int, float] = {}
        self.told_ready = False
        self.asked: set[int] = set()
        self.waker, self.wakes = socket.socketpair()

    def run(self) -> int:
        self._listen_to_signals()
        warm(self.standing)
        for number in range(self.settings.workers):
            self._start(number)
        while not self.asked & {signal.SIGTERM, signal.SIGINT}:
            self._wait()
            self._look_after_workers()
            if signal.SIGHUP in self.asked or (self.settings.watch and self.watching.changed()):
                self.asked.discard(signal.SIGHUP)
                self._reload()
        return self._stop()

    def _listen_to_signals(self) -> None:
        for one in (self.waker, self.wakes):
            one.setblocking(False)
        signal.set_wakeup_fd(self.wakes.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _: self.asked.add(number))

    def _wait(self) -> None:
        """Until something happens, or a second is over."""
        things: list[Any] = [self.waker]
        for worker in self.workers.values():
            things += (worker.process.sentinel, worker.pipe)
        found = wait(things, _LOOK)
        if self.waker in found:
            with suppress(BlockingIOError):
                self.waker.recv(4096)
        for worker in self.workers.values():
            if worker.pipe in found:
                self._hear(worker)

    def _hear(self, worker: _Worker) -> None:
        try:
            worker.ready = worker.pipe.recv() == READY
        except (EOFError, OSError):
            return
        if not self.told_ready and all(one.ready for one in self.workers.values()):
            self.told_ready = True
            self._tell_ready()

    def _tell_ready(self) -> None:
        host, port = self.listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        policies = [
            f"{shelf.name} version {version.policy.version}"
            for shelf in self.standing.catalogue
            for version in shelf.versions
        ]
        self.journal.tell(
            "ready",
            url=f"http://{shown}:{port}",
            policies=policies,
            workers=self.settings.workers,
            keys=self.standing.keys is not None,
        )

    # --- workers -------------------------------------------------------------------------------

    def _start(self, number: int) -> None:
        ours, theirs = self.context.Pipe()
        arguments = (number, self.settings, self.standing, self.listening, theirs, self.board)
        process = self.context.Process(
            target=_begin, args=(self._handles(ours), *arguments), name=f"leadpact worker {number}"
        )
        process.start()
        theirs.close()
        # A worker that hears nothing must not keep the others waiting.
        _not_for_ever(ours)
        self.workers[number] = _Worker(process, ours)

    def _handles(self, ours: Connection) -> tuple[int, ...]:
        """What a forked worker must close, or it would not notice when the supervisor goes."""
        if self.context.get_start_method() != "fork":
            return ()
        pipes = [worker.pipe.fileno() for worker in self.workers.values()]
        return (*pipes, ours.fileno(), self.waker.fileno(), self.wakes.fileno())

    def _look_after_workers(self) -> None:
        now = time.monotonic()
        for number, worker in list(self.workers.items()):
            if worker.process.is_alive():
                continue
            worker.pipe.close()
            self.journal.tell(
                "worker ended", "error", worker=number, exit_code=worker.process.exitcode
            )
            worker.process.close()
            del self.workers[number]
            self.board.row(number).put("connections", 0)
            self.board.row(number).put("memory", 0)
            self.standing = replace(self.standing, restarts=self.standing.restarts + 1)
            lived = now - worker.begun
            self.due[number] = now if lived > _TOO_SOON else now + _TOO_SOON
        for number, due in list(self.due.items()):
            if due <= now:
                del self.due[number]
                self._start(number)
                self._send()

    def _send(self) -> None:
        """Give every worker what to answer from."""
        for number, worker in self.workers.items():
            try:
                worker.pipe.send(self.standing)
            except OSError:
                # It has stopped listening: a new one takes its place.
                self.journal.tell("worker does not hear", "error", worker=number)
                worker.process.kill()

    # --- policies and keys ---------------------------------------------------------------------

    def _reload(self) -> None:
        """Take what is right. A key must not stay because a policy has a mistake, nor a policy
        because the keys have one.
        """
        self.watching.seen()
        now = datetime.now(UTC)
        read, keys = self.standing.catalogue, self.standing.keys
        kept: Reload | None = None
        try:
            keys = _keys(self.settings)
        except KeyFileError as wrong:
            kept = Reload(now, False, "The keys cannot be read.", str(wrong))
        try:
            read = catalogue(self.settings.policies, now)
        except MistakesError as wrong:
            kept = Reload(now, False, wrong.brief, wrong.text)
        except OSError:
            kept = Reload(now, False, "A file cannot be read.", "A file cannot be read.")
        self.standing = replace(
            self.standing,
            catalogue=read,
            keys=keys,
            places=_places(self.standing.places, read),
            reload=kept or Reload(now, True),
            reloads_taken=self.standing.reloads_taken + (kept is None),
            reloads_kept=self.standing.reloads_kept + (kept is not None),
        )
        if kept is None:
            warm(self.standing)
            self.journal.tell("reload", policies=list(read.shelves))
        else:
            self.journal.tell("reload kept the old", "error", because=kept.text)
        self._send()

    # --- the end -------------------------------------------------------------------------------

    def _stop(self) -> int:
        self.journal.tell("stopping")
        # No new connections from now on; those that wait are taken by the workers.
        self.listening.close()
        for worker in self.workers.values():
            worker.process.terminate()
        latest = time.monotonic() + self.settings.drain + 5
        killed = 0
        for worker in self.workers.values():
            worker.process.join(max(0.0, latest - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
                killed += 1
        self.journal.tell("stopped", killed=killed)
        return 1 if killed else 0


def _begin(handles: tuple[int, ...], *arguments: Any) -> None:
    """The first function of a worker's process."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for handle in handles:
        os.close(handle)
    work(*arguments)


def _not_for_ever(pipe: Connection) -> None:
    """Let sending fail after some seconds instead of waiting for a reader that has stopped."""
    with socket.socket(fileno=os.dup(pipe.fileno())) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 5, 0))
