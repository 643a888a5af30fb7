"""Bodies that a program made up: nothing but 2xx and 4xx may come back, and memory stays flat.

    python tests/service/fuzz.py [--bodies 100000] [--seed 1]

Bodies are records of Kontor, damaged: fields of wrong types, odd numbers and texts, lost and
doubled bytes, deep nesting; and bytes that never were a record. A fifth at least is decided.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from running import AS_OF, KONTOR, Service, start

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1e308, 0.1, 10**30, 2**63, "", " ", "x" * 3_000, "\x00", "\ud800"),
    *("2026-11-21", "2026-13-45", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026W40"),
    *([], {}, [[]], [None], {"a": {"b": []}}, ["vp"] * 50, "🦄", "mql", "manufacturing"),
)
KEYS = ("stage", "stage_since", "moves", "activities", "actions", "format", "id", "budget", "other")


def bodies(count: int, seed: int) -> Any:
    """Seeded bodies, one after the other."""
    dice = random.Random(seed)
    lines = (KONTOR / "sample" / "leads.jsonl").read_bytes().splitlines()
    for _ in range(count):
        line = dice.choice(lines)
        way = dice.random()
        if way < 0.25:
            yield line
        elif way < 0.75:
            record = json.loads(line)
            for _ in range(dice.randrange(1, 4)):
                spoil(dice, record)
            yield json.dumps(record).encode("utf-8", "surrogatepass")
        elif way < 0.95:
            yield damaged(dice, line)
        else:
            yield dice.choice((dice.randbytes(dice.randrange(200)), nested(dice), b"", b"null"))


def spoil(dice: random.Random, record: dict[str, Any]) -> None:
    """Put something odd somewhere into a record."""
    events = [
        event
        for key in ("activities", "actions")
        if isinstance(record.get(key), list)
        for event in record[key]
        if isinstance(event, dict)
    ]
    target = dice.choice(events) if events and dice.random() < 0.6 else record
    keys = [*target, *KEYS]
    key = dice.choice(keys)
    if dice.random() < 0.15:
        target.pop(key, None)
    elif dice.random() < 0.1:
        target[key] = json.loads(json.dumps(record))
    else:
        target[key] = dice.choice(ODD)


def damaged(dice: random.Random, line: bytes) -> bytes:
    """Bytes lost, doubled, exchanged or put in."""
    data = bytearray(line)
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(data))
        match dice.randrange(4):
            case 0:
                del data[at : at + dice.randrange(1, 20)]
            case 1:
                data[at:at] = data[at : at + dice.randrange(1, 20)]
            case 2:
                data[at] = dice.randrange(256)
            case _:
                data[at:at] = dice.randbytes(dice.randrange(1, 5))
        if not data:
            break
    return bytes(data)


def nested(dice: random.Random) -> bytes:
    opening = dice.choice((b"[", b'{"a":', b'{"id":1,"activities":['))
    return opening * dice.randrange(1, 3_000)


def run(service: Service, count: int, seed: int) -> Counter[int]:
    """Send the bodies; how often which status came. Raises ``AssertionError`` for any other."""
    found: Counter[int] = Counter()
    connection = http.client.HTTPConnection(*service.address, timeout=60)
    paths = (
        *(f"/v1/policies/kontor/decide?as_of={AS_OF}",) * 4,
        f"/v1/policies/kontor/decide?as_of={AS_OF}&explain=true",
        f"/v1/policies/kontor/replay?until={AS_OF}",
    )
    for number, body in enumerate(bodies(count, seed)):
        path = paths[number % len(paths)]
        connection.request("POST", path, body, {"content-type": "application/json"})
        answer = connection.getresponse()
        data = answer.read()
        found[answer.status] += 1
        told = json.loads(data)
        assert 200 <= answer.status < 300 or 400 <= answer.status < 500, (answer.status, body, told)
        assert answer.status == 200 or told["status"] == answer.status
    return found


def memory(service: Service) -> int:
    """Kilobytes of the workers that they share with nobody."""
    total = 0
    for worker in service.workers():
        lines = Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description="Send made-up bodies to a service.")
    parser.add_argument("--bodies", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    service = start(KONTOR)
    try:
        warm = max(200, asked.bodies // 10)
        found = run(service, warm, asked.seed + 1)
        before = memory(service)
        found += run(service, asked.bodies - warm, asked.seed)
        after = memory(service)
    finally:
        service.stop()
    fine = sum(times for status, times in found.items() if status < 300) / sum(found.values())
    print(f"{sum(found.values()):,} bodies: {dict(sorted(found.items()))}, {fine:.0%} decided")
    print(f"memory {before:,} kB after a tenth, {after:,} kB at the end")
    if fine < 0.2 or after > before * 1.2 + 8_000:
        sys.exit("Too few were decided, or memory grew.")


if __name__ == "__main__":
    main()
