"""How fast are a million leads? `leadpact run` beside queries by hand, Parquet to Parquet.

    python bench/many_leads.py FOLDER
    python bench/many.py FOLDER [--rounds 3] [--memory 300MB] [--only NAME …]

Every way is a process of its own: its processor time (all threads, starting included), the time on
the clock and its peak of resident memory. The ways take turns. What they decided is compared, lead
by lead and column by column, and a difference ends the run with status 1. The files that they write
go to FOLDER/out and are removed again.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
KONTOR = HERE / "kontor"
AS_OF = "2026-11-21T09:00:00Z"
SMALL = 2_000_000
"""Bytes of leads up to which the Python engine takes part without being asked."""

READ, FILTER, ONCE, POLARS, RUN, EXPLAIN = "read", "filter", "once", "polars", "run", "explain"
SAYS = {
    "start": "Python and DuckDB, started and ended",
    READ: "DuckDB, reads all columns and adds nothing",
    FILTER: "by hand: DuckDB, count(*) FILTER",
    ONCE: "by hand: the same, ids that repeat looked for",
    POLARS: "by hand: Polars",
    RUN: "leadpact run",
    EXPLAIN: "leadpact run --explain",
    "python": "leadpact run --on python",
}


BY_HAND = (FILTER, ONCE, POLARS)


@dataclass(frozen=True)
class Way:
    """A command, and the file that it writes; without one there is nothing to compare."""

    name: str
    command: Sequence[str | Path]
    out: Path | None


@dataclass(frozen=True)
class Taken:
    """Seconds of processor and clock, and megabytes at the peak."""

    cpu: float
    wall: float
    peak: float


class FailedError(Exception):
    """The command ended otherwise than well; the message is its last words."""


def ways(folder: Path, memory: str | None) -> dict[str, Way]:
    inputs = (folder / "leads.parquet", folder / "activities.parquet")
    out = folder / "out"
    limit = ("--memory", memory) if memory else ()
    python = sys.executable

    def by_duckdb(name: str, query: str, *options: str) -> Way:
        target = None if name == READ else out / f"{name}.parquet"
        command = (python, HERE / "many_duckdb.py", HERE / query, *inputs, target or "-", AS_OF)
        return Way(name, (*command, *options, *limit), target)

    def by_leadpact(name: str, *options: str) -> Way:
        target = out / f"{name}.parquet"
        command = (python, "-m", "leadpact", "run", KONTOR, "--as-of", AS_OF, "--out", target)
        files = ("--leads", inputs[0], "--activities", inputs[1])
        return Way(name, (*command, *files, *options), target)

    polars = out / "polars.parquet"
    found = (
        Way("start", (python, "-c", "import duckdb; duckdb.connect().execute('SELECT 1')"), None),
        by_duckdb(READ, "many_read.sql"),
        by_duckdb(FILTER, "many_filter.sql"),
        by_duckdb(ONCE, "many_filter.sql", "--once"),
        Way(POLARS, (python, HERE / "many_polars.py", *inputs, polars, AS_OF), polars),
        by_leadpact(RUN, *limit),
        by_leadpact(EXPLAIN, "--explain", *limit),
        by_leadpact("python", "--on", "python"),
    )
    return {way.name: way for way in found}


# --- running -------------------------------------------------------------------------------------


def run(way: Way) -> Taken:
    """Run it once; FailedError when it does not end well."""
    if way.out is not None:
        way.out.unlink(missing_ok=True)
    begun = time.perf_counter()
    with subprocess.Popen(
        list(map(str, way.command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        words = process.stderr.read()
        # This process stays small: the peak of a child begins with that of its parent.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begun
    if process.returncode != 0 or (way.out is not None and not way.out.exists()):
        raise FailedError(words.strip() or f"It ended with status {process.returncode}.")
    return Taken(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / 1e6)


def difference(right: Way, other: Way) -> tuple[bool, str]:
    """Whether the two say the same; and the columns compared, or what is different."""
    assert right.out is not None
    assert other.out is not None
    command = (sys.executable, HERE / "many_compare.py", right.out, other.out)
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    return done.returncode == 0, (done.stdout if done.returncode == 0 else done.stderr).strip()


def first_round(table: dict[str, Way]) -> tuple[dict[str, Way], bool]:
    """Each once, compared with the first by hand. The ways that can run, and whether all agree."""
    able: dict[str, Way] = {}
    agreed = True
    for name, way in table.items():
        try:
            run(way)
        except FailedError as failed:
            print(f"{SAYS[name]}: cannot run here.\n  " + str(failed).replace("\n", "\n  "))
            continue
        able[name] = way
        right = next((able[one] for one in BY_HAND if one in able), None)
        if way.out is None or way is right:
            continue
        if right is None:
            print(f"{SAYS[name]}: nothing by hand ran before it, so nobody knows if it is right.")
            continue
        same, says = difference(right, way)
        agreed &= same
        print(f"{SAYS[name]}: {'the same in' if same else 'NOT THE SAME:'} {says}")
    return able, agreed


# --- reporting -----------------------------------------------------------------------------------


def report(taken: dict[str, list[Taken]]) -> None:
    """Medians; the ratios are medians of the rounds' ratios to the query by hand."""
    heads = ("CPU s", "ratio", "/ read", "clock s", "ratio", "peak MB", "ratio")
    print(f"\n{'':<46}" + "".join(f"{head:>9}" for head in heads))
    for name, each in taken.items():
        cells = []
        for part in ("cpu", "wall", "peak"):
            cells.append(f"{statistics.median(getattr(one, part) for one in each):.1f}")
            cells.append(ratio(taken, name, FILTER, part))
            if part == "cpu":
                cells.append(ratio(taken, name, READ, part))
        print(f"{SAYS[name]:<46}" + "".join(f"{cell:>9}" for cell in cells))
    if RUN in taken and FILTER in taken:
        print(f"\nBy hand / Leadpact: {ratio(taken, FILTER, RUN, 'cpu')} (the goal is 1.5 or more)")
    if EXPLAIN in taken and RUN in taken:
        print(f"With rows / without: {ratio(taken, EXPLAIN, RUN, 'cpu')}")


def ratio(taken: dict[str, list[Taken]], name: str, beside: str, part: str) -> str:
    if beside not in taken:
        return ""
    pairs = zip(taken[name], taken[beside], strict=True)
    return f"{statistics.median(getattr(a, part) / getattr(b, part) for a, b in pairs):.2f}"


def chosen(table: dict[str, Way], only: Sequence[str], folder: Path) -> dict[str, Way]:
    small = (folder / "leads.parquet").stat().st_size <= SMALL
    wanted = set(only) or set(table) - (set() if small else {"python"})
    return {name: way for name, way in table.items() if name in wanted}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure leadpact run over many leads.")
    parser.add_argument("folder", type=Path, help="where many_leads.py wrote")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", metavar="SIZE", help="what DuckDB may take, by hand and not")
    parser.add_argument("--only", nargs="+", choices=SAYS, default=[], metavar="NAME")
    asked = parser.parse_args()
    if not (asked.folder / "leads.parquet").exists():
        parser.error(f"{asked.folder} has no leads: python bench/many_leads.py {asked.folder}")
    out = asked.folder / "out"
    out.mkdir(exist_ok=True)
    try:
        table = chosen(ways(asked.folder, asked.memory), asked.only, asked.folder)
        able, agreed = first_round(table)
        if not agreed:
            sys.exit("A difference, so nothing is measured.")
        taken: dict[str, list[Taken]] = {name: [] for name in able}
        order = list(able.values())
        dice = random.Random(0)
        for _ in range(asked.rounds):
            dice.shuffle(order)
            for way in order:
                taken[way.name].append(run(way))
        if asked.rounds:
            report(taken)
    finally:
        shutil.rmtree(out, ignore_errors=True)


if __name__ == "__main__":
    main()
