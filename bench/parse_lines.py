"""Does reading a policy take as long as it is? And what does the first line cost?

    python bench/parse_lines.py [--lines 200 2000 20000]

Prints seconds, and seconds for every 1,000 lines, of parsing and of checking generated policies
that grow in every block; the time of `leadpact fmt` on the largest reference policy; and the time
until the first line is read by a process of its own, with the parser's tables in the cache and
without. Times of the processor, the least of several runs, without the garbage collector, as the
commands have it.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from leadpact.check import check
from leadpact_dsl import SourceFile, parse
from leadpact_dsl.formatting import format_source

POLICIES = Path(__file__).resolve().parents[1] / "policies"
FIRST_LINE = """
import time
begun = time.perf_counter()
from leadpact_dsl import SourceFile, parse
imported = time.perf_counter()
parse([SourceFile("p", "define x when a")])
print(imported - begun, time.perf_counter() - imported)
"""
HEAD = """policy made "Made":
    language 1
    version 1
    in force from 2026-01-01
    time zone "Europe/Stockholm"
    currency SEK
party sales "Sales"
party marketing "Marketing"
calendar office:
    open mon to fri 09:00 to 17:00
stage lead:
    start
"""
STEP = """list known_{n}: "one {n}", "two {n}"
lead:
    size_{n} whole number from 0 to 1,000
    kind_{n} one of small, middle, large
    budget_{n} money
    seen_{n} date
activities:
    visit_{n} "Visit {n}":
        page text
    call_{n}
score part_{n} "Part {n}" from 0 to 60 owned by marketing:
    +10 each visit_{n} once per day within 30 days, at most 30 points
    +5 call_{n} at least 3 times within 90 days as often
    +20 when kind_{n} is large and size_{n} is at least 500 because "It is large."
    points by size_{n}:
        +10 from 700
        +5 from 200
        +0 below 200
        +0 unknown
define keen_{n} when part_{n} is at least 40 and not (kind_{n} is small or budget_{n} is unknown)
define ready_{n}:
    when all of:
        keen_{n}
        seen_{n} is after 2026-01-01
        visit_{n} ever or call_{n} within 3 days
group place_{n}:
    first when keen_{n} and size_{n} is more than 900
    rest otherwise
stage stage_{n} "Stage {n}" owned by sales:
    moves to lead when place_{n} is first
    target reached_{n} is call_{n} within 4 business hours of office
example "Example {n}":
    as of 2026-11-02 10:00
    size_{n} is 800
    visit_{n} 3 days ago
    expect place_{n} is rest
"""


def text_of(lines: int) -> str:
    """A policy of about so many lines."""
    steps = max(1, round((lines - HEAD.count("\n")) / STEP.count("\n")))
    return HEAD + "".join(STEP.replace("{n}", str(n)) for n in range(steps))


def seconds(work: Callable[[], object], runs: int) -> float:
    """The least of several runs."""
    taken: list[float] = []
    for _ in range(runs):
        gc.collect()
        gc.disable()
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
        gc.enable()
    return min(taken)


def grow(sizes: list[int]) -> None:
    print(f"{'lines':>7}{'parse':>9}{'for 1,000':>11}{'check':>9}{'for 1,000':>11}   seconds")
    for size in sizes:
        source = [SourceFile("made.leadpact", text_of(size))]
        document, unread = parse(source)
        _, wrong = check(document, source, None)
        if unread or any(one.is_error for one in wrong):
            sys.exit(f"The generated policy is wrong: {[*unread, *wrong][0]}")
        lines = source[0].text.count("\n")
        runs = 5 if size < 10_000 else 2
        reading = seconds(lambda source=source: parse(source), runs)  # type: ignore[misc]
        checking = seconds(
            lambda document=document, source=source: check(document, source, None),  # type: ignore[misc]
            runs,
        )
        each = (reading, reading / lines * 1000, checking, checking / lines * 1000)
        print(f"{lines:>7,}{each[0]:>9.3f}{each[1]:>11.4f}{each[2]:>9.3f}{each[3]:>11.4f}")


def lay_out() -> None:
    """The largest of the reference policies, all its files."""
    folders = {path.parent for path in POLICIES.rglob("*.leadpact")}
    texts = {
        folder: [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.leadpact"))]
        for folder in folders
    }
    largest = max(texts, key=lambda folder: sum(text.count("\n") for text in texts[folder]))
    sources = [SourceFile(f"{n}.leadpact", text) for n, text in enumerate(texts[largest])]
    lines = sum(text.count("\n") for text in texts[largest])
    taken = seconds(lambda: [format_source(source) for source in sources], 5)
    name = largest.relative_to(POLICIES)
    print(f"\nfmt: {name}, {lines:,} lines: {taken:.3f} s, {taken / lines * 1000:.4f} s for 1,000")


def first_line(runs: int) -> None:
    print(f"\n{'first line':<20}{'import':>9}{'parse':>9}   seconds, a process of its own")
    with tempfile.TemporaryDirectory() as name:
        for title, times in (("without a cache", 3), ("tables in the cache", runs)):
            taken: list[tuple[float, ...]] = []
            for number in range(times):
                # Each run without a cache gets a folder that is empty; the others share one.
                cache = Path(name) / (str(number) if title == "without a cache" else "0")
                done = subprocess.run(
                    [sys.executable, "-c", FIRST_LINE],
                    env={**os.environ, "XDG_CACHE_HOME": str(cache)},
                    capture_output=True,
                    text=True,
                    check=True,
                )
                taken.append(tuple(float(each) for each in done.stdout.split()))
            imported, parsed = (min(column) for column in zip(*taken, strict=True))
            print(f"{title:<20}{imported:>9.3f}{parsed:>9.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time reading policies of several lengths.")
    parser.add_argument("--lines", type=int, nargs="+", default=[200, 2_000, 20_000])
    parser.add_argument("--runs", type=int, default=10)
    asked = parser.parse_args()
    grow(asked.lines)
    lay_out()
    first_line(asked.runs)


if __name__ == "__main__":
    main()
