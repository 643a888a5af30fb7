"""Starting real services in processes of their own, on free ports of this machine."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
KONTOR = ROOT / "policies" / "kontor"
AS_OF = "2026-11-21T09:00:00Z"
PATIENCE = 20.0

FIRST = """\
policy first "Our first policy":
    language 1
    version 1
    time zone "Europe/Stockholm"
lead:
    email "E-mail" text (personal)
    employees whole number from 0 to 1,000,000
activities:
    pricing_view "Viewed pricing"
score interest "Interest" from 0 to 100:
    +20  each pricing_view once per day within 30 days because "Looking at prices signals interest"
stage lead "Lead":
    start
    moves to mql when interest is at least 40 and employees is at least 50
stage mql "Marketing qualified lead"
"""


def lead(number: int = 17, **more: object) -> dict[str, Any]:
    """A lead that moves to `mql`."""
    return {
        "id": f"L-{number}",
        "employees": 120,
        "activities": [
            {"kind": "pricing_view", "at": "2026-11-18T09:30:00Z"},
            {"kind": "pricing_view", "at": "2026-11-20T14:05:00Z"},
        ],
        **more,
    }


@dataclass
class Service:
    """A running service, and what it tells about itself."""

    process: subprocess.Popen[bytes]
    events: queue.Queue[dict[str, Any]]
    told: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def hear(self, event: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """Wait until the service tells an event."""
        latest = time.monotonic() + seconds
        while True:
            left = latest - time.monotonic()
            try:
                found = self.events.get(timeout=max(0.01, left))
            except queue.Empty:
                raise AssertionError(f"{event} was not told, only {self.told}") from None
            self.told.append(found)
            if found["event"] == event:
                return found

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host, int(port)

    def client(self, **headers: str) -> httpx.Client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Client(base_url=self.url, headers=named, timeout=PATIENCE)

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=PATIENCE)

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def stop(self) -> int:
        self.signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


Start = Callable[..., Service]


def start(*options: object, cwd: Path | None = None) -> Service:
    command = [sys.executable, "-m", "leadpact", "serve", *map(str, options), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=cwd, env={**os.environ})
    service = Service(process, queue.Queue())

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            told = json.loads(line) if line.startswith(b"{") else {"event": line.decode()}
            service.events.put(told)

    threading.Thread(target=listen, daemon=True).start()
    service.url = service.hear("ready")["url"]
    return service


def write_policy(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "policy.leadpact").write_text(text, encoding="utf-8", newline="\n")
    return folder


def problem(response: httpx.Response, status: int, name: str) -> dict[str, Any]:
    """The problem document of an answer; checks its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["type"] == f"/docs#{name}"
    assert found["status"] == status
    for secret in ("Traceback", "site-packages", ".py", str(ROOT)):
        assert secret not in response.text
    return found
