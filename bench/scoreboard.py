"""One policy, one set of records, everything that can decide them: the scoreboard.

Kontor's policy is decided one lead at a time, in process, by everything in ``peers.py``; and many
leads at once, from Parquet to Parquet, by DuckDB, Polars and Leadpact on DuckDB, and by OpenFisca
from arrays. All answers are compared first, and a difference ends the run with status 1. What is
given to one of them ready made, and what it leaves out, stands beside its figures.

    python bench/scoreboard.py [--leads 500] [--many 100000] [--rounds 5]

The records are those of ``many_leads.py``; the first ones of the many are the few. The many are
written to a folder for temporary files: 40 MB for 100,000.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import leads
import many
import many_check
import many_leads
import peers

import leadpact

BATCHES = {
    many.FILTER: "no look for ids that repeat",
    many.ONCE: "",
    many.POLARS: "no look for ids that repeat",
    many.RUN: "",
}
OPENFISCA = "OpenFisca, all leads at once"


@dataclass(frozen=True)
class Batch:
    """A way to decide all leads; it says how many seconds of processor time it took."""

    name: str
    seconds: Callable[[], float]
    note: str


# --- records -------------------------------------------------------------------------------------


def draw(folder: Path, count: int) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        many_leads.write(folder, count, shuffled=False, ids=True, seed=many_leads.SEED)


def lines(folder: Path) -> list[bytes]:
    """The records of a folder as JSON, one line each."""

    def written(value: date) -> str:
        return value.isoformat().replace("+00:00", "Z")

    return [json.dumps(one, default=written).encode() for one in many_check.read(folder)]


# --- many at once --------------------------------------------------------------------------------


def batches(folder: Path, few: Sequence[bytes], policy: Any) -> list[Batch]:
    """Those that can run here and say the same; ends the run at a difference."""
    (folder / "out").mkdir()
    table = many.ways(folder, None)
    able, same = many.first_round({name: table[name] for name in BATCHES})
    if not same:
        sys.exit("A difference, so nothing is measured.")
    out = able[many.FILTER].out
    assert out is not None
    right = many_check.got(out)
    for line in few:
        decision = json.loads(policy.decide_json(line, as_of=leads.AS_OF))
        until = decision["valid_until"]
        decision["valid_until"] = until and datetime.fromisoformat(until)
        row = many_check.told(decision)
        if row != right[row[0]]:
            sys.exit(f"A difference, so nothing is measured.\n{row}\n{right[row[0]]}")

    def measured(way: many.Way) -> Callable[[], float]:
        return lambda: many.run(way).cpu

    found = [Batch(many.SAYS[name], measured(able[name]), BATCHES[name]) for name in able]
    try:
        return [*found, openfisca(folder, right)]
    except ImportError:
        return found


def openfisca(folder: Path, right: dict[str, many_check.Row]) -> Batch:
    import kontor_openfisca

    table = kontor_openfisca.Leads(folder, many.AS_OF)
    evaluate = kontor_openfisca.evaluator()
    given = (table.leads, table.events, table.owners)
    told = kontor_openfisca.told(evaluate(given), table.leads["stage"])
    now = (leads.AS_OF - many_check.EPOCH) // peers.MICROSECOND
    for name, one in zip(table.ids, told, strict=True):
        until = None if one["left"] is None else now + one["left"]
        parts = ("interest", "letter", "fit", "quadrant", "bant", "next")
        row = (name, *(one[part] for part in parts), until)
        if row != right[name]:
            sys.exit(f"A difference, so nothing is measured.\n{row}\n{right[name]}")

    def seconds() -> float:
        begun = time.process_time()
        evaluate(given)
        return time.process_time() - begun

    return Batch(OPENFISCA, seconds, f"from arrays, read before; {peers.OPENFISCA}")


# --- the table -----------------------------------------------------------------------------------


def row(name: str, micros: float, ratio: float, note: str) -> None:
    said = f"{name:<47}{micros:>9.1f}{ratio:>10.2f}{1e6 / micros:>12,.0f}   {note}"
    print(said.rstrip())


def head(title: str, beside: str) -> None:
    print(f"\n{title:<47}{'µs':>9}{'ratio':>10}{'leads/s':>12}   ratio to {beside}")


def one_by_one(table: Sequence[peers.Way], rounds: int) -> None:
    taken = peers.timed(table, rounds)
    head("One lead at a time, in process", peers.LEADPACT)
    for way in sorted(table, key=lambda way: statistics.median(taken[way.name])):
        pairs = zip(taken[way.name], taken[peers.LEADPACT], strict=True)
        ratio = statistics.median(one / beside for one, beside in pairs)
        row(way.name, statistics.median(taken[way.name]), ratio, way.note)


def at_once(table: Sequence[Batch], count: int, rounds: int) -> None:
    taken: dict[str, list[float]] = {batch.name: [] for batch in table}
    order, dice = list(table), random.Random(0)
    for _ in range(rounds):
        dice.shuffle(order)
        for batch in order:
            taken[batch.name].append(batch.seconds())
    ours = many.SAYS[many.RUN] if many.SAYS[many.RUN] in taken else many.SAYS[many.FILTER]
    head("Many leads, Parquet to Parquet", ours)
    for batch in sorted(table, key=lambda batch: statistics.median(taken[batch.name])):
        pairs = zip(taken[batch.name], taken[ours], strict=True)
        ratio = statistics.median(one / beside for one, beside in pairs)
        row(batch.name, statistics.median(taken[batch.name]) / count * 1e6, ratio, batch.note)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure everything that can decide Kontor.")
    parser.add_argument("--leads", type=int, default=500, help="decided one at a time")
    parser.add_argument("--many", type=int, default=100_000, help="decided at once")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    policy = leadpact.load(peers.KONTOR)
    with tempfile.TemporaryDirectory() as temporary:
        few, all_of_them = Path(temporary, "few"), Path(temporary, "many")
        draw(few, asked.leads)
        draw(all_of_them, max(asked.many, asked.leads))
        records = lines(few)
        table = [way for way in peers.ways(policy, records) if way.beside != peers.LEADPACT_JSON]
        peers.agreed(table, policy, records)
        together = batches(all_of_them, records, policy)
        print(
            f"\nAll say the same about {asked.leads:,} leads, and about {asked.many:,}. "
            "Times are of the processor."
        )
        one_by_one(table, asked.rounds)
        at_once(together, max(asked.many, asked.leads), asked.rounds)


if __name__ == "__main__":
    main()
