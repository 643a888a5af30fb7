"""How fast are other engines with the same policy? zen-engine and CEL beside Leadpact.

All of Kontor's results are computed by each of them and compared on all leads: points, letter,
group, checklist, stage, next stage and until when the answer holds. Reasons are not: neither
engine has them. What they get ready made, outside the time measured:

- each instant as a number: microseconds before `as_of` (they cannot compare instants as cheaply)
- each activity's local day in Stockholm as a number (CEL has no time zones)
- for CEL, money and months as decimal numbers (it does not compare whole ones with others)

    python bench/peers.py [--leads 500] [--rounds 7]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import kontor_cel
import kontor_zen
import leads
import msgspec
from turns import measure

import leadpact

KONTOR = Path(__file__).resolve().parent / "kontor"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MICROSECOND = timedelta(microseconds=1)
CHUNK = 50
FIELDS = (
    *("email", "phone", "seniority", "industry", "employees", "is_customer"),
    *("budget", "has_authority", "need", "timeframe", "stage"),
)


@dataclass(frozen=True)
class Way:
    name: str
    decide: Callable[[Any], Any]
    inputs: Sequence[Any]
    beside: str
    """Which of Leadpact's ways does the same work."""


# --- records for the peers -----------------------------------------------------------------------


def converted(line: bytes) -> dict[str, Any]:
    """A record with numbers for instants."""
    record = json.loads(line)
    since = record.get("stage_since")
    return {
        **{name: record.get(name) for name in FIELDS},
        "since": None if since is None else age(datetime.fromisoformat(since)),
        "activities": [event(one) for one in record["activities"]],
        "actions": [event(one) for one in record["actions"]],
    }


def age(at: datetime) -> int:
    return (leads.AS_OF - at) // MICROSECOND


def event(raw: dict[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(raw["at"]).astimezone(UTC)
    kept = {key: value for key, value in raw.items() if key not in ("at", "by")}
    numbers = {"age": age(at), "day": at.astimezone(STOCKHOLM).toordinal()}
    return {"id": None} | kept | numbers


def for_cel(record: dict[str, Any]) -> dict[str, Any]:
    decimals = {name: record[name] for name in ("budget", "timeframe")}
    return record | {name: None if v is None else float(v) for name, v in decimals.items()}


# --- the same answers ----------------------------------------------------------------------------


def results(decision: bytes) -> dict[str, Any]:
    """What is compared of Leadpact's decision."""
    read = json.loads(decision)
    until = read["valid_until"]
    return {
        "interest": read["scores"]["interest"]["points"],
        "fit": read["grades"]["fit"]["points"],
        "letter": read["grades"]["fit"]["letter"],
        "quadrant": read["groups"]["quadrant"]["value"],
        "bant": read["checklists"]["bant"]["result"],
        "current": read["stage"]["current"],
        "next": read["stage"]["next"],
        "left": None if until is None else -age(datetime.fromisoformat(until)),
    }


def difference(peers: Sequence[Way], lines: Sequence[bytes], wanted: Sequence[Any]) -> str | None:
    for way in peers:
        for line, one, right in zip(lines, way.inputs, wanted, strict=True):
            got = way.decide(one)
            got = json.loads(got) if isinstance(got, bytes) else got
            if got != right:
                return f"{line.decode()}\n{way.name}: {got}\nLeadpact: {right}"
    return None


# --- reporting -----------------------------------------------------------------------------------


def report(table: Sequence[Way], taken: dict[str, list[float]]) -> None:
    print(f"{'CPU µs a lead':<58}{'median':>8}{'times Leadpact':>16}   rounds")
    for way in table:
        times = taken[way.name]
        each = [one / beside for one, beside in zip(times, taken[way.beside], strict=True)]
        ratio = "" if way.beside == way.name else f"{statistics.median(each):.1f}"
        spread = "" if way.beside == way.name else f"{min(each):.1f} to {max(each):.1f}"
        print(f"{way.name:<58}{statistics.median(times):>8.1f}{ratio:>16}   {spread}")


LEADPACT = "Leadpact"
LEADPACT_JSON = "Leadpact, JSON to JSON"


def ways(policy: Any, lines: Sequence[bytes]) -> tuple[Way, ...]:
    decoder = msgspec.json.Decoder(policy.types.lead)
    records = [converted(line) for line in lines]
    texts = [json.dumps(record, ensure_ascii=False) for record in records]
    checked, unchecked = kontor_zen.expression(), kontor_zen.expression(checked=False)
    graph, programs = kontor_zen.graph(), kontor_cel.Programs()
    encode = msgspec.json.Encoder().encode

    def leadpact_json(line: bytes) -> bytes:
        answer: bytes = policy.decide_json(line, as_of=leads.AS_OF)
        return answer

    def zen_json(text: str) -> bytes:
        return encode(checked(text))

    structs = [decoder.decode(line) for line in lines]
    return (
        Way(LEADPACT, policy.bind(leads.AS_OF), structs, LEADPACT),
        Way("zen, one compiled expression", checked, records, LEADPACT),
        Way("zen, the same, no look at duplicate or future events", unchecked, records, LEADPACT),
        Way("zen, decision graph loaded in the engine", graph, records, LEADPACT),
        Way(
            "cel, a compiled program an expression",
            programs.evaluate,
            [for_cel(r) for r in records],
            LEADPACT,
        ),
        Way(LEADPACT_JSON, leadpact_json, lines, LEADPACT_JSON),
        Way("zen, one compiled expression, JSON to JSON", zen_json, texts, LEADPACT_JSON),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure other engines with Kontor's policy.")
    parser.add_argument("--leads", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    lines = leads.draw(asked.leads)
    policy = leadpact.load(KONTOR)
    table = ways(policy, lines)
    wanted = [results(policy.decide_json(line, as_of=leads.AS_OF)) for line in lines]
    peers = [way for way in table if way.name not in (LEADPACT, LEADPACT_JSON)]
    wrong = difference(peers, lines, wanted)
    if wrong is not None:
        sys.exit(f"A difference, so nothing is measured.\n{wrong}")
    print(f"{len(lines):,} leads with {leads.EVENTS} events; all results are the same.\n")
    named = {way.name: way for way in table}
    measure(named, 1, CHUNK)
    report(table, measure(named, asked.rounds, CHUNK))


if __name__ == "__main__":
    main()
