"""How fast are other engines with the same policy? Five of them beside Leadpact.

All of Kontor's results are computed by each of them and compared on all leads: points, letter,
group, checklist, stage, next stage and until when the answer holds. Reasons are not: none of them
has any. What they get ready made, outside the time measured:

- each instant as a number: microseconds before `as_of` (they cannot compare instants as cheaply)
- each activity's local day in Stockholm as a number (most have no time zones)
- what the note of each says

A peer that is not installed is one line.

    python bench/peers.py [--leads 500] [--rounds 7]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import by_hand
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

BY_HAND = "Python by hand"
LEADPACT = "Leadpact"
LEADPACT_JSON = "Leadpact, JSON to JSON"


@dataclass(frozen=True)
class Way:
    """One way to the answers: ``decide`` is called with each of ``inputs``."""

    name: str
    decide: Callable[[Any], Any]
    inputs: Sequence[Any]
    beside: str
    """Which of Leadpact's ways does the same work."""
    note: str = ""
    """What is given to it beyond the others, and what it leaves out."""


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


# --- the same answers ----------------------------------------------------------------------------


def results(read: dict[str, Any]) -> dict[str, Any]:
    """What is compared of a decision, parsed from JSON."""
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


def difference(table: Sequence[Way], lines: Sequence[bytes], wanted: Sequence[Any]) -> str | None:
    for way in table:
        for line, one, right in zip(lines, way.inputs, wanted, strict=True):
            got = way.decide(one)
            got = json.loads(got if isinstance(got, bytes) else msgspec.json.encode(got))
            got = results(got) if "status" in got else got
            if got != right:
                return f"{line.decode()}\n{way.name}: {got}\nLeadpact: {right}"
    return None


# --- the ways -------------------------------------------------------------------------------------


def ours(policy: Any, lines: Sequence[bytes]) -> list[Way]:
    decoder = msgspec.json.Decoder(policy.types.lead)
    structs = [decoder.decode(line) for line in lines]
    hand = by_hand.prepare(policy.types, leads.AS_OF, policy.digest)

    def leadpact_json(line: bytes) -> bytes:
        answer: bytes = policy.decide_json(line, as_of=leads.AS_OF)
        return answer

    return [
        Way(BY_HAND, hand, structs, LEADPACT, "takes valid records only"),
        Way(LEADPACT, policy.bind(leads.AS_OF), structs, LEADPACT),
        Way(LEADPACT_JSON, leadpact_json, lines, LEADPACT_JSON),
    ]


def zen(records: Sequence[Any]) -> list[Way]:
    import kontor_zen

    checked, unchecked = kontor_zen.expression(), kontor_zen.expression(checked=False)
    texts = [json.dumps(record, ensure_ascii=False) for record in records]
    encode = msgspec.json.Encoder().encode

    def zen_json(text: str) -> bytes:
        return encode(checked(text))

    graph = kontor_zen.graph()
    less = "looks neither for ids that repeat nor for future events"
    return [
        Way("zen-engine, one compiled expression", checked, records, LEADPACT),
        Way("zen-engine, the same with less to do", unchecked, records, LEADPACT, less),
        Way("zen-engine, a decision graph in the engine", graph, records, LEADPACT),
        Way("zen-engine, JSON to JSON", zen_json, texts, LEADPACT_JSON),
    ]


def cel(records: Sequence[Any]) -> list[Way]:
    import kontor_cel

    def decimals(record: Any) -> Any:
        # It does not compare whole numbers with others.
        known = {name: record[name] for name in ("budget", "timeframe")}
        return record | {name: None if v is None else float(v) for name, v in known.items()}

    given = [decimals(record) for record in records]
    name = "CEL, a compiled program an expression"
    return [Way(name, kontor_cel.Programs().evaluate, given, LEADPACT)]


def rego(records: Sequence[Any]) -> list[Way]:
    import kontor_rego

    texts = [json.dumps(record, ensure_ascii=False) for record in records]
    finds = "finds ids that repeat and future events, and does not leave them out"
    json_too = f"takes and gives JSON; {finds}"
    return [
        Way("regorus, compiled for its machine", kontor_rego.machine(), texts, LEADPACT, json_too),
        Way("regorus, its interpreter", kontor_rego.engine(), records, LEADPACT, finds),
    ]


def jsonlogic(records: Sequence[Any]) -> list[Way]:
    import kontor_jsonlogic

    parsed = [kontor_jsonlogic.handle(record) for record in records]
    finds = "records parsed before; finds ids that repeat and future events, and leaves none out"
    name = "JSONLogic (datalogic-py), one compiled rule"
    return [Way(name, kontor_jsonlogic.session(), parsed, LEADPACT, finds)]


def openfisca(lines: Sequence[bytes]) -> list[Way]:
    import kontor_openfisca
    import many_check

    with tempfile.TemporaryDirectory() as folder:
        many_check.write([json.loads(line) for line in lines], Path(folder), ids=True)
        table = kontor_openfisca.Leads(Path(folder), leads.AS_OF.isoformat())
    evaluate = kontor_openfisca.evaluator()
    order = {name: place for place, name in enumerate(table.ids)}
    each = table.each()
    given = [each[order[json.loads(line)["id"]]] for line in lines]

    def decide(one: Any) -> Any:
        return kontor_openfisca.told(evaluate(one), one[0]["stage"])[0]

    return [Way("OpenFisca, one lead at a time", decide, given, LEADPACT, OPENFISCA)]


OPENFISCA = (
    "texts folded and looked up before; looks neither for ids that repeat nor for future events"
)


def ways(policy: Any, lines: Sequence[bytes]) -> list[Way]:
    """All that are installed; of the others a line is printed."""
    found = ours(policy, lines)
    records = [converted(line) for line in lines]
    makers: dict[str, Callable[[], list[Way]]] = {
        "zen-engine": lambda: zen(records),
        "CEL": lambda: cel(records),
        "regorus": lambda: rego(records),
        "JSONLogic": lambda: jsonlogic(records),
        "OpenFisca": lambda: openfisca(lines),
    }
    for name, make in makers.items():
        try:
            found += make()
        except ImportError as missing:
            print(f"{name}: not installed ({missing.name}). pip install -e '.[bench]' does.")
    return found


# --- reporting -----------------------------------------------------------------------------------


def agreed(table: Sequence[Way], policy: Any, lines: Sequence[bytes]) -> None:
    """Ends the run at a difference."""
    wanted = [results(json.loads(policy.decide_json(line, as_of=leads.AS_OF))) for line in lines]
    wrong = difference(table, lines, wanted)
    if wrong is not None:
        sys.exit(f"A difference, so nothing is measured.\n{wrong}")


def timed(table: Sequence[Way], rounds: int) -> dict[str, list[float]]:
    named = {way.name: way for way in table}
    measure(named, 1, CHUNK)
    return measure(named, rounds, CHUNK)


def report(table: Sequence[Way], taken: dict[str, list[float]]) -> None:
    print(f"{'CPU µs a lead':<46}{'median':>8}{'times Leadpact':>16}   {'rounds':<16}")
    for way in table:
        times = taken[way.name]
        each = [one / beside for one, beside in zip(times, taken[way.beside], strict=True)]
        ratio = "" if way.beside == way.name else f"{statistics.median(each):.1f}"
        spread = "" if way.beside == way.name else f"{min(each):.1f} to {max(each):.1f}"
        line = f"{way.name:<46}{statistics.median(times):>8.1f}{ratio:>16}   {spread:<16}{way.note}"
        print(line.rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure other engines with Kontor's policy.")
    parser.add_argument("--leads", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    lines = leads.draw(asked.leads)
    policy = leadpact.load(KONTOR)
    table = ways(policy, lines)
    agreed(table, policy, lines)
    print(f"{len(lines):,} leads with {leads.EVENTS} events; all results are the same.\n")
    report(table, timed(table, asked.rounds))


if __name__ == "__main__":
    main()
