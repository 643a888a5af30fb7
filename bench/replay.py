"""How fast are whole lives told, and how does the cost of one grow with its events?

Replays the sample that comes with Leadpact, by one process and by two, and then leads with 20, 200
and 2,000 events in the same 200 days. Of those it counts the decisions asked, and says where
the time goes. Deadlines in business time are measured beside it, as `deadlines.py`
does in more detail.

    python bench/replay.py [--leads 1000] [--events 20 200 2000]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from deadlines import FOUR_HOURS, OFFICE, TWO_DAYS, draw

import leadpact
from leadpact.operators.business import deadline, open_time

KONTOR = Path(__file__).resolve().parent.parent / "policies" / "kontor"
UNTIL = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAYS = 200
CHUNK = 50
KINDS = ("page_view", "page_view", "page_view", "email_click", "demo_request", "webinar")


@cache
def kontor() -> leadpact.Policy:
    return leadpact.load(KONTOR)


def replay(lines: list[str]) -> int:
    """How many stays the leads had."""
    policy = kontor()
    stays = 0
    for line in lines:
        told = policy.replay_raw(json.loads(line), until=UNTIL)[0]
        stays += len(getattr(told, "stays", ()))
    return stays


def sample(count: int) -> list[str]:
    with (KONTOR / "sample" / "leads.jsonl").open(encoding="utf-8") as file:
        return [line for line, _ in zip(file, range(count), strict=False)]


def events_of(record: dict[str, Any]) -> int:
    return len(record.get("activities") or ()) + len(record.get("actions") or ())


def the_sample(count: int) -> None:
    lines = sample(count)
    events = [events_of(json.loads(line)) for line in lines]
    print(
        f"{len(lines):,} leads of the sample, {statistics.mean(events):.1f} events each on average"
        f" (half at most {statistics.median(events):.0f}, at most {max(events)})"
    )
    replay(lines[:CHUNK])
    begun = time.process_time()
    stays = replay(lines)
    taken = time.process_time() - begun
    rate = f"{len(lines) / taken:7,.0f} leads and {sum(events) / taken:9,.0f} events a second"
    print(f"  one process    {rate}  ({stays:,} stays)")
    chunks = [lines[at : at + CHUNK] for at in range(0, len(lines), CHUNK)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(replay, [lines[:CHUNK]] * 4))
        wall = time.perf_counter()
        list(pool.map(replay, chunks))
        taken = time.perf_counter() - wall
    print(f"  two processes  {len(lines) / taken:7,.0f} leads a second by the clock on the wall")


# --- how it grows --------------------------------------------------------------------------------


def lead(count: int) -> dict[str, Any]:
    """A lead of Kontor with so many events, evenly over the days before ``UNTIL``."""
    dice = random.Random(count)
    record = json.loads((KONTOR / "sample" / "lead.json").read_text(encoding="utf-8"))
    known = {key: value for key, value in record.items() if key not in ("activities", "actions")}
    for key in ("stage", "stage_since", "moves"):
        known.pop(key, None)
    return {**known, "activities": list(activities(dice, count))}


def activities(dice: random.Random, count: int) -> Iterator[dict[str, Any]]:
    declared = {kind.name for kind in kontor().checked.kinds if kind.party is None}
    kinds = [kind for kind in KINDS if kind in declared]
    for number in range(count):
        at = UNTIL - timedelta(days=DAYS) * ((count - number) / count)
        event = {"id": f"e{number}", "kind": dice.choice(kinds), "at": at.isoformat()}
        if event["kind"] == "page_view":
            event["url"] = dice.choice(("/pricing", "/blog", "/about", "/blog/chairs"))
        if event["kind"] == "webinar":
            event["webinar_id"] = f"w{dice.randrange(5)}"
        yield event


def growth(counts: list[int]) -> None:
    policy = kontor()
    print(f"\n{'events':>7}{'a replay':>14}{'decisions':>11}{'a decision':>14}   where time goes")
    for count in counts:
        record = lead(count)
        policy.replay(record, until=UNTIL)
        rounds = max(1, 60 // count)
        begun = time.process_time()
        for _ in range(rounds):
            policy.replay(record, until=UNTIL)
        taken = (time.process_time() - begun) / rounds
        with Watched() as watched:
            policy.replay(record, until=UNTIL)
        asked = watched.counts["decide"]
        print(
            f"{count:>7,}{taken * 1000:>11,.1f} ms{asked:>11,}"
            f"{watched.times['decide'] / asked * 1e6:>11,.0f} µs   {watched.shares()}"
        )


class Watched:
    """Counts and times what replay asks of a policy, while it is open."""

    MODES: ClassVar = {
        "decide": "decisions",
        "explain": "with reasons",
        "watch": "looking for starts of clocks",
    }

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.times: Counter[str] = Counter()
        self.bind = leadpact.Policy._bind

    def __enter__(self) -> Watched:
        def bound(policy: Any, mode: Any, *rest: Any) -> Callable[..., Any]:
            begun = time.process_time()
            asked = self.bind(policy, mode, *rest)
            self.times["getting ready"] += time.process_time() - begun

            def timed(*lead: Any) -> Any:
                begun, inner = time.process_time(), self.inner()
                answer = asked(*lead)
                # Looking for the start of a clock is asked from within a decision.
                inside = self.inner() - inner
                self.times[mode] += time.process_time() - begun - inside
                self.counts[mode] += 1
                return answer

            return timed

        leadpact.Policy._bind = bound  # type: ignore[method-assign]
        self.begun = time.process_time()
        return self

    def inner(self) -> float:
        return sum(self.times.values())

    def __exit__(self, *raised: object) -> None:
        self.taken = time.process_time() - self.begun
        leadpact.Policy._bind = self.bind  # type: ignore[method-assign]

    def shares(self) -> str:
        told = {says: self.times[mode] for mode, says in self.MODES.items()}
        told["getting ready for an instant"] = self.times["getting ready"]
        told["the rest"] = self.taken - sum(told.values())
        return ", ".join(f"{says} {spent / self.taken:.0%}" for says, spent in told.items())


# --- deadlines -----------------------------------------------------------------------------------


def deadlines(count: int) -> None:
    office, starts = open_time(OFFICE), draw(count)
    print()
    for says, length in (("4 business hours", FOUR_HOURS), ("2 business days", TWO_DAYS)):
        for start in starts[:CHUNK]:
            deadline(length, start, office)
        begun = time.process_time()
        for start in starts:
            deadline(length, start, office)
        taken = time.process_time() - begun
        print(f"{len(starts) / taken:>11,.0f} deadlines of {says} a second")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast lives are told.")
    parser.add_argument("--leads", type=int, default=1000)
    parser.add_argument("--events", type=int, nargs="*", default=[20, 200, 2000])
    asked = parser.parse_args()
    the_sample(asked.leads)
    growth(asked.events)
    deadlines(20_000)


if __name__ == "__main__":
    main()
