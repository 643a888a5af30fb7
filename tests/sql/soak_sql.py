"""Many random policies and leads: what a query says must be what the Python engine says.

``python -m tests.sql.soak_sql --policies 100 --records 60 --seed 1`` prints how many policies were
refused and by which construct, and how many leads were odd. It stops at the first that differ.
``--named`` runs the named cases of the corpus instead.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import yaml
from tests.property.draw_policy import draw_policy
from tests.property.draw_record import aims_of, draw_instant
from tests.sql.drawing import clean_records
from tests.sql.in_duckdb import compare
from tests.sql.inputs import inputs_of

import leadpact
from leadpact.backends.sql import CannotSayError

CORPUS = Path(__file__).parent.parent / "corpus" / "decisions"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=100)
    parser.add_argument("--records", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", action="store_true", help="go on after a disagreement")
    parser.add_argument("--named", action="store_true", help="run the corpus of decisions")
    chosen = parser.parse_args()
    began, counts, refused = time.process_time(), Counter[str](), Counter[str]()
    if chosen.named:
        for complaint in named_cases(counts, most=None):
            counts["leads that differ"] += 1
            print(complaint, flush=True)
    for seed in range(chosen.seed, chosen.seed + chosen.policies * (not chosen.named)):
        complaints = one_policy(seed, chosen.records, counts, refused)
        if complaints:
            counts["leads that differ"] += len(complaints)
            print(f"seed {seed}\n{complaints[0]}", flush=True)
            if not chosen.on:
                return 1
    for what, count in (*sorted(counts.items()), *refused.most_common()):
        print(f"{count:9,}  {what}")
    print(f"{time.process_time() - began:.0f} s")
    return 1 if counts["leads that differ"] else 0


def one_policy(seed: int, records: int, counts: Counter[str], refused: Counter[str]) -> list[str]:
    """What is wrong with one drawn policy's queries: the lean one, and the one with rows."""
    r = Random(seed)
    try:
        policy = leadpact.load_text(draw_policy(r))
    except leadpact.PolicyError:
        counts["policies that are wrong"] += 1
        return []
    counts["policies"] += 1
    aims = aims_of(policy.checked)
    as_of = draw_instant(r, policy.checked)
    drawn = clean_records(r, policy.checked, aims, as_of, records)
    try:
        found = compare(policy, drawn, as_of, rows=seed % 2 == 0)
    except CannotSayError as cannot:
        counts["policies refused"] += 1
        refused[f"refused: {cannot.construct}"] += 1
        return []
    counts["leads decided"] += found.decided
    counts["leads odd"] += found.odd
    return found.complaints


def named_cases(counts: Counter[str], most: int | None) -> Iterator[str]:
    """What is wrong with the corpus of decisions; of each policy so many instants (``None``: all).

    Those with the most leads come first.
    """
    for file in sorted(CORPUS.glob("*/cases.yaml")):
        policy = leadpact.load(file.parent)
        cases: dict[str, list[dict[str, Any]]] = {}
        for case in yaml.load(file.read_bytes(), yaml.CSafeLoader):
            if _is_clean(policy, case["record"]):
                cases.setdefault(case["as_of"], []).append(case["record"])
        by_size = sorted(cases.items(), key=lambda one: (-len(one[1]), one[0]))
        for instant, records in by_size[:most]:
            found = compare(policy, records, datetime.fromisoformat(instant), rows=True)
            counts["leads decided"] += found.decided
            counts["leads odd"] += found.odd
            yield from (f"{file.parent.name}\n{complaint}" for complaint in found.complaints)


def _is_clean(policy: leadpact.Policy, record: dict[str, Any]) -> bool:
    """Whether there is anything in it that a query could decide about."""
    columns = inputs_of(policy, [record])
    odd = [column.name for column in columns.lead_columns].index("odd")
    return not columns.leads[0][odd]


if __name__ == "__main__":
    sys.exit(main())
