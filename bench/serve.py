"""How fast is the service? Beside an endpoint of the same server that only decodes and encodes.

All services run at the same time, one worker each, and are asked in turns by eight connections, so
what slows the machine down slows all of them. A ratio is the median of the rounds' ratios: requests
a second, and processor time of the server for a request. Decisions are compared with those of the
engine before anything is timed.

    python bench/serve.py [--requests 1500] [--rounds 7]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import leads
from serve_asking import Answer, Service, ask, bare, percentile, request, serve

import leadpact
from leadpact.service.keys import new_key

KONTOR = Path(__file__).resolve().parent / "kontor"
AS_OF = leads.AS_OF.isoformat().replace("+00:00", "Z")
DECIDE = f"/v1/policies/kontor/decide?as_of={AS_OF}"
MANY = f"/v1/policies/kontor/decide-many?as_of={AS_OF}"
GOAL = 0.85


@dataclass
class Way:
    """A service with what it is asked, and what was measured."""

    service: Service
    requests: Sequence[bytes]
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@contextmanager
def ways(lines: Sequence[bytes]) -> Iterator[dict[str, Way]]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        keys, log = folder / "keys.txt", folder / "log.jsonl"
        key = new_key(keys, "bench", ("decide",))
        for name in ("prometheus", "crm", "site", "other"):
            new_key(keys, name, ("read",))
        plain = [request(DECIDE, line) for line in lines]
        with_key = [request(DECIDE, line, key=key) for line in lines]
        reasons = [request(f"{DECIDE}&explain=true", line) for line in lines]
        now = [request("/v1/policies/kontor/decide", line) for line in lines]
        quiet = serve(KONTOR, "--no-metrics")
        usual = serve(KONTOR)
        found = {
            "bare endpoint": Way(bare(), plain),
            "decide, nothing else": Way(quiet, plain),
            "decide, with metrics": Way(usual, plain),
            "decide, with keys": Way(serve(KONTOR, "--no-metrics", "--keys", keys), with_key),
            "decide, with log": Way(serve(KONTOR, "--no-metrics", "--log", log), plain),
            "decide, with all three": Way(
                serve(KONTOR, "--keys", keys, "--log", f"{log}.all"), with_key
            ),
            "decide, with metrics, as of now": Way(usual, now),
            "decide, with metrics and reasons": Way(usual, reasons),
        }
        try:
            yield found
        finally:
            for service in {id(way.service): way.service for way in found.values()}.values():
                service.stop()


def difference(table: Mapping[str, Way], lines: Sequence[bytes]) -> str | None:
    """The first answer that is not the engine's; ``None`` when all are."""
    policy = leadpact.load(KONTOR)
    wanted = {policy.decide_json(line, as_of=leads.AS_OF) for line in lines}
    for name, way in table.items():
        got: set[bytes] = set()
        if name.endswith(("endpoint", "now", "reasons")):
            continue
        ask(way.service, way.requests, len(lines), heard=_kept(got))
        if got != wanted:
            return f"{name}: {next(iter(got - wanted)).decode()}"
    return None


def _kept(bodies: set[bytes]) -> Callable[[Answer], None]:
    return lambda answer: bodies.add(answer.body)


def measure(table: Mapping[str, Way], rounds: int, count: int) -> None:
    dice = random.Random(0)
    order = list(table)
    for _ in range(rounds):
        dice.shuffle(order)
        for name in order:
            way = table[name]
            before = way.service.cpu()
            took = ask(way.service, way.requests, count)
            if took.wrong or took.broken:
                sys.exit(f"{name}: {took.wrong} wrong answers, {took.broken} broken.")
            way.cpu.append((way.service.cpu() - before) / count)
            way.rates.append(took.rate())
            way.seconds += took.seconds


def report(table: Mapping[str, Way]) -> None:
    base = table["bare endpoint"]
    print(f"{'':<34}{'a second':>9}{'p50 ms':>8}{'p99 ms':>8}{'rate':>7}{'CPU':>7}   rounds")
    for name, way in table.items():
        rates = [of / to for of, to in zip(way.rates, base.rates, strict=True)]
        cpu = [of / to for of, to in zip(way.cpu, base.cpu, strict=True)]
        print(
            f"{name:<34}{statistics.median(way.rates):>9,.0f}"
            f"{percentile(way.seconds, 0.5):>8.2f}{percentile(way.seconds, 0.99):>8.2f}"
            f"{statistics.median(rates):>7.2f}{statistics.median(cpu):>7.2f}"
            f"   {min(rates):.2f} to {max(rates):.2f}"
        )
    ratio = statistics.median(
        of / to for of, to in zip(table["decide, with metrics"].rates, base.rates, strict=True)
    )
    print(
        f"\ndecide / bare endpoint {ratio:.2f}, goal {GOAL}{'' if ratio >= GOAL else '  TOO SLOW'}"
    )


def report_many(table: Mapping[str, Way], lines: Sequence[bytes], rounds: int) -> None:
    """Leads a second of streams, one after the other over two connections."""
    body = b"".join(line + b"\n" for line in lines)
    print(f"\n{'decide-many':<34}{'leads a second':>15}")
    for name in ("decide, nothing else", "decide, with metrics", "decide, with log"):
        service = table[name].service
        requests = [request(MANY, body, kind="application/x-ndjson")]
        rates = [ask(service, requests, 4, 2).rate() * len(lines) for _ in range(rounds)]
        print(f"{name.removeprefix('decide, '):<34}{statistics.median(rates):>15,.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the service beside a bare endpoint.")
    parser.add_argument("--requests", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    lines = leads.draw(1000)
    with ways(lines) as table:
        wrong = difference(table, lines)
        if wrong is not None:
            sys.exit(f"A difference, so nothing is measured.\n{wrong}")
        print(f"{sum(map(len, lines)) / len(lines):,.0f} bytes a record, {leads.EVENTS} events.\n")
        measure(table, 1, asked.requests)
        for way in table.values():
            way.rates, way.cpu, way.seconds = [], [], []
        measure(table, asked.rounds, asked.requests)
        report(table)
        report_many(table, lines, asked.rounds)
        starts = [way.service.seconds_to_start for way in table.values()]
        print(f"\nstart-up {min(starts):.2f} to {max(starts):.2f} s, until a worker is ready")


if __name__ == "__main__":
    main()
