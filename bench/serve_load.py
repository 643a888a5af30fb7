"""Ten minutes of load: half of the highest rate, and a worker is killed in the middle.

First the highest rate is found in some seconds. Then leads are sent evenly at half of it, and every
answer is compared with the engine's. Half-way a worker is ended with `kill -9`. At the end every
answer must stand in the decision log exactly once, with the same results. Memory is that of all
processes of the service that they share with nobody.

    python bench/serve_load.py [--minutes 10] [--workers 2] [--connections 16]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import leads
from serve_asking import Answer, Service, ask, percentile, request, serve

import leadpact

KONTOR = Path(__file__).resolve().parent / "kontor"
AS_OF = leads.AS_OF.isoformat().replace("+00:00", "Z")
PATH = f"/v1/policies/kontor/decide?as_of={AS_OF}"
LOOK = 5.0


@dataclass
class Heard:
    """What came back: the request's name and the lead's id of each answer."""

    wanted: Mapping[str, bytes]
    ids: dict[str, str] = field(default_factory=dict)
    different: int = 0

    def __call__(self, answer: Answer) -> None:
        if answer.status != 200:
            return
        name = answer.head.partition(b"leadpact-request: ")[2].partition(b"\r")[0].decode()
        lead = json.loads(answer.body)["id"]
        self.different += answer.body != self.wanted[lead]
        self.ids[name] = lead


def main() -> None:
    parser = argparse.ArgumentParser(description="Load a service for some minutes.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--connections", type=int, default=16)
    asked = parser.parse_args()
    lines = leads.draw(2_000)
    policy = leadpact.load(KONTOR)
    wanted = {json.loads(line)["id"]: policy.decide_json(line, as_of=leads.AS_OF) for line in lines}
    requests = [request(PATH, line) for line in lines]
    with tempfile.TemporaryDirectory() as made:
        log = Path(made) / "log.jsonl"
        service = serve(KONTOR, "--workers", asked.workers, "--log", log, "--log-ids")
        try:
            highest = max(ask(service, requests, 3_000, asked.connections).rate() for _ in range(3))
            heard = Heard(wanted)
            every = 2 / highest
            seconds = asked.minutes * 60
            print(f"highest rate {highest:,.0f} a second; {1 / every:,.0f} for {seconds:,.0f} s")
            with watched(service, seconds) as memory:
                until = time.perf_counter() + seconds
                took = ask(service, requests, 0, asked.connections, heard, every, until)
        finally:
            status = service.stop()
        logged = list(read(log))
    print(f"{len(took.seconds):,} answers, {len(took.seconds) / took.wall:,.0f} a second")
    for share in (0.5, 0.9, 0.99, 0.999):
        print(f"p{share * 100:g} {percentile(took.seconds, share):.2f} ms")
    print(f"broken off by the killed worker, and sent again: {took.broken}")
    print(f"memory in MB: {', '.join(f'{size / 1e6:.0f}' for size in thinned(memory))}")
    wrong = compare(heard, logged, wanted) + ([f"exit status {status}"] if status else [])
    if took.wrong or heard.different:
        wrong.append(f"{took.wrong} answers were errors, {heard.different} not the engine's")
    print("\n".join(wrong) or "No error. The log has every answer, once, with the same results.")
    sys.exit(bool(wrong))


class watched:  # noqa: N801
    """Measures memory while it lasts, and kills a worker in the middle."""

    def __init__(self, service: Service, seconds: float) -> None:
        self.service = service
        self.seconds = seconds
        self.sizes: list[int] = []
        self.over = threading.Event()
        self.threads = [self._thread(self._measure), self._thread(self._kill)]

    def _thread(self, work: Callable[[], None]) -> threading.Thread:
        return threading.Thread(target=work, daemon=True)

    def __enter__(self) -> list[int]:
        for thread in self.threads:
            thread.start()
        return self.sizes

    def __exit__(self, *_: object) -> None:
        self.over.set()

    def _measure(self) -> None:
        while not self.over.wait(min(LOOK, self.seconds / 10)):
            self.sizes.append(self.service.memory())

    def _kill(self) -> None:
        if not self.over.wait(self.seconds / 2):
            worker = self.service.workers()[0]
            os.kill(worker, signal.SIGKILL)
            print(f"killed worker {worker}")


def read(log: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(log.parent.glob(f"{log.name}*")):
        with file.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def compare(heard: Heard, logged: list[dict[str, Any]], wanted: Mapping[str, bytes]) -> list[str]:
    """What the log and the answers do not agree about."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for line in logged:
        by_name.setdefault(line["request"], []).append(line)
    wrong = []
    lost = [name for name in heard.ids if name not in by_name]
    twice = [name for name, lines in by_name.items() if len(lines) > 1]
    other = 0
    for name, lead in heard.ids.items():
        for line in by_name.get(name, []):
            decision = json.loads(wanted[lead])
            scores = {key: score["points"] for key, score in decision["scores"].items()}
            same = line["id"] == lead and line["scores"] == scores
            other += not (same and line["stage"]["next"] == decision["stage"]["next"])
    for count, says in ((len(lost), "not logged"), (len(twice), "logged twice"), (other, "other")):
        if count:
            wrong.append(f"{count} answers {says} in the log")
    return wrong


def thinned(sizes: list[int]) -> list[int]:
    """Some dozen of them."""
    return sizes[:: max(1, len(sizes) // 12)]


if __name__ == "__main__":
    main()
