"""How fast is a decision? Generated code beside the yardstick, in one run.

Draws leads of Kontor, compares every answer (and stops at the first difference), then measures in
interleaved rounds. All times are CPU time of this process, the garbage collector as it is by
default. A ratio is the median of the rounds' ratios: what slows the machine down for a while slows
both sides of a round.

    python bench/decide.py [--leads 2000] [--rounds 7]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import by_hand
import leads
import msgspec
from turns import measure

import leadpact

KONTOR = Path(__file__).resolve().parent / "kontor"
CHUNK = 100


@dataclass(frozen=True)
class Way:
    """One way to the answers: ``decide`` is called with each of ``inputs``."""

    name: str
    decide: Callable[[Any], object]
    inputs: Sequence[Any]


@dataclass(frozen=True)
class Ratio:
    """What is measured against what; ``at_most`` is the goal, where there is one."""

    says: str
    of: str
    to: str
    at_most: float | None


RATIOS = (
    Ratio("generated / by hand", "generated", "by hand", 1.0),
    Ratio("generated with reasons / by hand", "generated, reasons", "by hand", 1.5),
    Ratio("JSON to JSON: generated / by hand", "generated, JSON", "by hand, JSON", 1.15),
    Ratio("JSON to JSON: generated / decoding alone", "generated, JSON", "decoding alone", None),
    Ratio("JSON to JSON: by hand / decoding alone", "by hand, JSON", "decoding alone", None),
)


def ways(policy: Any, lines: Sequence[bytes]) -> dict[str, Way]:
    decoder = msgspec.json.Decoder(policy.types.lead)
    encode = msgspec.json.Encoder().encode
    by_hand_decide = by_hand.prepare(policy.types, leads.AS_OF, policy.digest)
    records = [decoder.decode(line) for line in lines]

    def generated_json(line: bytes) -> bytes:
        answer: bytes = policy.decide_json(line, as_of=leads.AS_OF)
        return answer

    def by_hand_json(line: bytes) -> bytes:
        return encode(by_hand_decide(decoder.decode(line)))

    found = (
        Way("by hand", by_hand_decide, records),
        Way("generated", policy.bind(leads.AS_OF), records),
        Way("generated, reasons", policy.bind(leads.AS_OF, explain=True), records),
        Way("decoding alone", decoder.decode, lines),
        Way("by hand, JSON", by_hand_json, lines),
        Way("generated, JSON", generated_json, lines),
    )
    return {way.name: way for way in found}


# --- the same answers ----------------------------------------------------------------------------


def difference(table: Mapping[str, Way]) -> str | None:
    """The first lead about which two ways do not say the same; ``None`` when all agree."""
    names = ("generated", "generated, reasons", "by hand, JSON", "generated, JSON")
    for number, record in enumerate(table["by hand"].inputs):
        wanted = written(table["by hand"].decide(record))
        for name in names:
            got = written(table[name].decide(table[name].inputs[number]))
            wrong = None
            if name == "generated, reasons":
                wrong = rows_do_not_add_up(got)
                got = without_reasons(got)
            if wrong is None and json.dumps(got) != json.dumps(wanted):
                wrong = f"by hand:\n{json.dumps(wanted)}"
            if wrong is not None:
                line = table["decoding alone"].inputs[number].decode()
                return f"{line}\n{name}:\n{json.dumps(got)}\n{wrong}"
    return None


def written(answer: object) -> dict[str, Any]:
    """An answer as it is once it is JSON."""
    data = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
    decoded: dict[str, Any] = json.loads(data)
    return decoded


LEAN = {
    "scores": ("points",),
    "grades": ("points", "letter"),
    "groups": ("value",),
    "checklists": ("result",),
}


def without_reasons(decision: dict[str, Any]) -> dict[str, Any]:
    """What a decision with reasons has in common with one without."""
    told = ("unknown", "targets", "worklists")
    kept = {key: value for key, value in decision.items() if key not in told}
    for part, keys in LEAN.items():
        results = kept[part].items()
        kept[part] = {name: {key: result[key] for key in keys} for name, result in results}
    kept["stage"] = {key: kept["stage"][key] for key in ("current", "next")}
    return kept


def rows_do_not_add_up(decision: dict[str, Any]) -> str | None:
    for part in ("scores", "grades"):
        for name, result in decision[part].items():
            total = sum(round(row["points"] * 100) for row in result["rows"])
            if total != round(result["points"] * 100):
                return f"The rows of {name} do not add up."
    return None


# --- reporting -----------------------------------------------------------------------------------


def report(taken: Mapping[str, Sequence[float]]) -> None:
    print(f"{'µs a lead':<44}{'median':>8}{'least':>8}")
    for name, times in taken.items():
        print(f"{name:<44}{statistics.median(times):>8.2f}{min(times):>8.2f}")
    print(f"\n{'ratio (median of the rounds)':<44}{'ratio':>8}{'goal':>8}   rounds")
    for ratio in RATIOS:
        each = [of / to for of, to in zip(taken[ratio.of], taken[ratio.to], strict=True)]
        middle = statistics.median(each)
        goal = "" if ratio.at_most is None else f"{ratio.at_most:.2f}"
        met = "" if ratio.at_most is None or middle <= ratio.at_most else "   too slow"
        spread = f"{min(each):.2f} to {max(each):.2f}"
        print(f"{ratio.says:<44}{middle:>8.2f}{goal:>8}   {spread}{met}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure decisions beside the yardstick.")
    parser.add_argument("--leads", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    lines = leads.draw(asked.leads)
    table = ways(leadpact.load(KONTOR), lines)
    wrong = difference(table)
    if wrong is not None:
        sys.exit(f"A difference, so nothing is measured.\n{wrong}")
    print(
        f"{len(lines):,} leads with {leads.EVENTS} events, "
        f"{sum(map(len, lines)) / len(lines):,.0f} bytes of JSON each; all answers are the same.\n"
    )
    measure(table, 1, CHUNK)
    report(measure(table, asked.rounds, CHUNK))


if __name__ == "__main__":
    main()
