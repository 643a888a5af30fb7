"""Are the queries by hand right? Compares them with the yardstick, lead by lead, on three tables.

The leads of ``many_leads``; the difficult ones of ``check_by_hand`` without ids of events; and
those with ids, for the query that looks for ids that repeat. Texts are of ASCII letters here, and
no two events that matter are alike in instant, because nobody who writes by hand thinks of those.

    python bench/many_check.py [--leads N] [--seed S]     ends with status 1 at a difference
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import by_hand
import check_by_hand
import duckdb
import leads
import many
import many_leads
import msgspec

Record = dict[str, Any]
Row = tuple[Any, ...]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEXTS = ("id", "email", "phone", "seniority", "industry", "need", "stage")
LEAD = (
    dict.fromkeys(TEXTS, "TEXT")
    | dict.fromkeys(("is_customer", "has_authority"), "BOOLEAN")
    | dict.fromkeys(("budget", "timeframe"), "DECIMAL(38, 6)")
    | {"employees": "BIGINT", "stage_since": "TIMESTAMPTZ"}
)
EVENT = (
    dict.fromkeys(("lead", "kind", "id", "by", "url", "email_id", "webinar_id"), "TEXT")
    | dict.fromkeys(("reason", "sub_reason"), "TEXT")
    | {"at": "TIMESTAMPTZ", "answer": "BOOLEAN", "wake_on": "DATE"}
)
ACTIVITIES = {"page_view", "email_open", "email_click", "webinar", "trade_fair_scan"} | {
    "demo_request",
    "unsubscribe",
}


# --- tables from records, and records from tables -------------------------------------------------


def write(records: Sequence[Record], folder: Path, ids: bool) -> None:
    events = [
        {**event, "lead": record["id"], "id": event.get("id") if ids else None}
        for record in records
        for event in (*record["activities"], *record["actions"])
    ]
    for name, rows, columns in (("leads", records, LEAD), ("activities", events, EVENT)):
        lines = folder / f"{name}.jsonl"
        kept = [{key: row.get(key) for key in columns} for row in rows]
        lines.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(
                f"COPY (FROM read_json('{lines}', format = 'newline_delimited', "
                f"columns = {columns})) TO '{folder / name}.parquet' (FORMAT parquet)"
            )


def read(folder: Path) -> Iterator[Record]:
    """The records of a folder, as the yardstick takes them."""
    with duckdb.connect() as connection:
        events: dict[str, list[Record]] = {}
        for event in rows(connection, folder / "activities.parquet"):
            events.setdefault(event.pop("lead"), []).append(event)
        for lead in rows(connection, folder / "leads.parquet"):
            own = events.pop(lead["id"], [])
            lead["activities"] = [event for event in own if event["kind"] in ACTIVITIES]
            lead["actions"] = [event for event in own if event["kind"] not in ACTIVITIES]
            yield lead


def rows(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[Record]:
    table = connection.execute(f"DESCRIBE FROM read_parquet('{path}')").fetchall()
    spelled = []
    for name, kind, *_ in table:
        quoted = f'"{name}"'
        if kind.startswith("TIMESTAMP"):
            spelled.append(f"epoch_us({quoted})")
        elif kind.startswith("DECIMAL"):
            spelled.append(f"{quoted}::DOUBLE")
        else:
            spelled.append(quoted)
    found = connection.execute(f"SELECT {', '.join(spelled)} FROM read_parquet('{path}')")
    for values in found.fetchall():
        record = {}
        for (name, kind, *_), value in zip(table, values, strict=True):
            if value is not None:
                instant = kind.startswith("TIMESTAMP")
                record[name] = EPOCH + timedelta(microseconds=value) if instant else value
        yield record


# --- answers -------------------------------------------------------------------------------------


def wanted(folder: Path) -> dict[str, Row]:
    types = check_by_hand.struct_types()
    decide = by_hand.prepare(types, leads.AS_OF, check_by_hand.DIGEST)
    return {row[0]: row for row in map(told, map(decide, structs(types, folder)))}


def structs(types: Any, folder: Path) -> Iterator[Any]:
    for record in read(folder):
        yield msgspec.convert(record, types.lead)


def told(decision: Any) -> Row:
    until = decision["valid_until"]
    fit = decision["grades"]["fit"]
    return (
        decision["id"],
        decision["scores"]["interest"]["points"],
        fit["letter"],
        fit["points"],
        decision["groups"]["quadrant"]["value"],
        decision["checklists"]["bant"]["result"],
        decision["stage"]["next"],
        None if until is None else (until - EPOCH) // timedelta(microseconds=1),
    )


def got(path: Path) -> dict[str, Row]:
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT id, interest, fit, fit_points, quadrant, bant, next_stage, "
            f"epoch_us(valid_until) FROM read_parquet('{path}')"
        )
        return {row[0]: row for row in found.fetchall()}


def check(folder: Path, names: Sequence[str]) -> str:
    """How many leads, and by which ways; exits at a difference."""
    right = wanted(folder)
    (folder / "out").mkdir(exist_ok=True)
    table = many.ways(folder, None)
    for name in names:
        way = table[name]
        many.run(way)
        assert way.out is not None
        answers = got(way.out)
        if answers != right:
            odd = next(key for key in right if answers.get(key) != right[key])
            record = next(one for one in read(folder) if one["id"] == odd)
            sys.exit(
                f"A difference.\n{json.dumps(record, indent=1, default=str)}\n"
                f"{name}: {answers.get(odd)}\nby_hand.py: {right[odd]}"
            )
    return f"{len(right):,} leads by {', '.join(names)}"


def plain(record: Record) -> bool:
    """Whether somebody who writes by hand would have thought of all that stands in the record."""
    events = [*record["activities"], *record["actions"]]
    instants = [event["at"] for event in events if event["kind"] == "bant.believes"]
    named = [(event.get("id"), datetime.fromisoformat(event["at"])) for event in events]
    return (
        json.dumps(record, ensure_ascii=False).isascii()
        and len(set(map(datetime.fromisoformat, instants))) == len(instants)
        and len(set(named)) == len(named)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Check the queries by hand.")
    parser.add_argument("--leads", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    dice = random.Random(asked.seed)
    drawn = (check_by_hand.difficult(dice, number) for number in range(asked.leads))
    difficult = list(filter(plain, drawn))
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        folders = [base / name for name in ("many", "no_ids", "ids")]
        many_leads.write(folders[0], asked.leads, shuffled=True, ids=True, seed=asked.seed)
        for folder in folders[1:]:
            folder.mkdir()
            write(difficult, folder, ids=folder.name == "ids")
        every = (many.FILTER, "once", "polars")
        print("The same as the yardstick's:", check(folders[0], every))
        print("The same as the yardstick's:", check(folders[1], every), "(difficult)")
        print("The same as the yardstick's:", check(folders[2], ["once"]), "(and ids)")


if __name__ == "__main__":
    main()
