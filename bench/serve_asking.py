"""Asking a service many times, with as little of a client as possible: for `serve.py` and
`serve_load.py`. Also starts and stops services.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Answer", "Service", "Took", "ask", "bare", "percentile", "request", "serve"]

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Service:
    """A running service: its address and its first process."""

    process: subprocess.Popen[str]
    host: str
    port: int
    seconds_to_start: float

    def pids(self) -> list[int]:
        """The processes of the service, its supervisor included."""
        found = [self.process.pid]
        for pid in found:
            tasks = Path(f"/proc/{pid}/task/{pid}/children")
            found += map(int, tasks.read_text().split()) if tasks.exists() else []
        return found

    def workers(self) -> list[int]:
        return self.pids()[1:]

    def cpu(self) -> float:
        """Processor seconds of all its processes so far."""
        return sum(_cpu(pid) for pid in self.pids())

    def memory(self) -> int:
        """Bytes of memory that its processes do not share with others."""
        return sum(_private(pid) for pid in self.pids())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def _cpu(pid: int) -> float:
    """From the scheduler, which counts nanoseconds; all of a worker is in its first thread."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0


def _private(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("Private_")]
    return sum(kilobytes) * 1024


def serve(*options: object) -> Service:
    """`leadpact serve` on a free port, once it is ready."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "leadpact", "serve", *map(str, options), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=HERE.parent)
    assert process.stderr is not None
    for line in process.stderr:
        told = json.loads(line) if line.startswith("{") else {"event": line}
        if told["event"] == "ready":
            host, _, port = told["url"].removeprefix("http://").rpartition(":")
            # Read on, or a full pipe would stop the service.
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return Service(process, host, int(port), time.perf_counter() - begun)
    sys.exit("The service did not start.")


def bare() -> Service:
    """The yardstick on a free port."""
    begun = time.perf_counter()
    command = [sys.executable, str(HERE / "serve_bare.py")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE)
    assert process.stdout is not None
    host, _, port = process.stdout.readline().strip().removeprefix("http://").rpartition(":")
    return Service(process, host, int(port), time.perf_counter() - begun)


def request(
    path: str, body: bytes, kind: str = "application/json", key: str | None = None
) -> bytes:
    """A POST as bytes."""
    more = f"authorization: Bearer {key}\r\n" if key else ""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: bench\r\naccept: */*\r\n{more}"
        f"content-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(frozen=True)
class Answer:
    """The status, the head and the body of an answer."""

    status: int
    head: bytes
    body: bytes


@dataclass
class Took:
    """How many seconds each request took, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    broken: int = 0
    wrong: int = 0
    wall: float = 0.0

    def rate(self) -> float:
        return len(self.seconds) / self.wall


def ask(
    service: Service,
    requests: Sequence[bytes],
    count: int,
    connections: int = 8,
    heard: Callable[[Answer], None] | None = None,
    every: float | None = None,
    until: float | None = None,
) -> Took:
    """Send ``count`` requests over some connections, or one ``every`` so many seconds ``until``."""
    return asyncio.run(_ask(service, requests, count, connections, heard, every, until))


async def _ask(
    service: Service,
    requests: Sequence[bytes],
    count: int,
    connections: int,
    heard: Callable[[Answer], None] | None,
    every: float | None,
    until: float | None,
) -> Took:
    took = Took()
    begun = time.perf_counter()
    clock = _Clock(count, every, begun, until)
    lines = (_line(service, requests, clock, took, heard) for _ in range(connections))
    await asyncio.gather(*lines)
    took.wall = time.perf_counter() - begun
    return took


class _Clock:
    """Whose turn is next, and when."""

    def __init__(self, count: int, every: float | None, begun: float, until: float | None):
        self.count = count
        self.every = every
        self.begun = begun
        self.until = until
        self.number = -1

    def next(self) -> tuple[int, float] | None:
        """The number of the next request and when it is due; ``None`` at the end."""
        self.number += 1
        due = self.begun + self.number * self.every if self.every else 0.0
        over = self.number >= self.count if self.until is None else due >= self.until
        return None if over else (self.number, due)


async def _line(
    service: Service,
    requests: Sequence[bytes],
    clock: _Clock,
    took: Took,
    heard: Callable[[Answer], None] | None,
) -> None:
    """One connection; opened anew when it breaks, and the request is sent again."""
    streams: Any = None
    while (turn := clock.next()) is not None:
        number, due = turn
        if due:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        # A late start counts: who waits does not care why.
        begun = due or time.perf_counter()
        for attempt in range(10):
            try:
                if streams is None:
                    streams = await asyncio.open_connection(service.host, service.port)
                answer = await _exchange(*streams, requests[number % len(requests)])
                break
            except (OSError, asyncio.IncompleteReadError):
                streams = None
                took.broken += 1
                await asyncio.sleep(0.05 * attempt)
        else:
            took.wrong += 1
            continue
        took.seconds.append(time.perf_counter() - begun)
        took.wrong += answer.status != 200
        if heard is not None:
            heard(answer)
    if streams is not None:
        streams[1].close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes
) -> Answer:
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    at = head.find(b"content-length: ")
    if at >= 0:
        size = int(head[at + 16 : head.index(b"\r", at)])
        return Answer(status, head, await reader.readexactly(size))
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return Answer(status, head, b"".join(parts))


def percentile(seconds: Sequence[float], share: float) -> float:
    """The milliseconds that a share of the requests took at most."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
