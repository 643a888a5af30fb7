"""Kontor's sample is what its generator makes, and each of its lines is a lead record."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "policies" / "kontor" / "sample"
AS_OF = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MOST_BYTES = 6_000_000

Record = dict[str, object]


def generate(folder: Path, *options: str) -> None:
    command = [sys.executable, str(SAMPLE / "generate.py"), "--out", str(folder), *options]
    subprocess.run(command, check=True, timeout=120)


def records(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def events(record: Record, key: str) -> list[Record]:
    found = record.get(key, [])
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module")
def committed() -> list[Record]:
    return records(SAMPLE / "leads.jsonl")


def test_the_committed_sample_is_what_the_generator_gives(tmp_path: Path) -> None:
    generate(tmp_path)
    assert (tmp_path / "leads.jsonl").read_bytes() == (SAMPLE / "leads.jsonl").read_bytes()


def test_more_leads_do_not_change_the_ones_before(tmp_path: Path) -> None:
    generate(tmp_path / "few", "--leads", "20")
    generate(tmp_path / "more", "--leads", "40")
    few, more = records(tmp_path / "few/leads.jsonl"), records(tmp_path / "more/leads.jsonl")
    assert (len(few), len(more)) == (20, 40)
    assert few == more[:20]


def test_another_seed_gives_other_leads(tmp_path: Path) -> None:
    generate(tmp_path, "--leads", "5", "--seed", "1")
    assert records(tmp_path / "leads.jsonl") != records(SAMPLE / "leads.jsonl")[:5]


def test_the_sample_is_small_enough_to_commit() -> None:
    assert (SAMPLE / "leads.jsonl").stat().st_size < MOST_BYTES


def test_every_lead_has_an_id_of_its_own_and_invented_addresses(committed: list[Record]) -> None:
    ids = [record["id"] for record in committed]
    assert len(ids) == len(set(ids)) == 3000
    for record in committed:
        address = str(record["email"]).strip().lower()
        assert address.endswith((".example", "gmail.com")), address


def test_every_instant_has_an_offset_and_events_stand_in_order(committed: list[Record]) -> None:
    for record in committed:
        for key in ("activities", "actions"):
            instants = [datetime.fromisoformat(str(e["at"])) for e in events(record, key)]
            assert all(instant.tzinfo is not None for instant in instants)
            assert instants == sorted(instants)


def test_a_lead_with_a_stage_came_to_it_before_the_sample_was_taken(
    committed: list[Record],
) -> None:
    staged = [record for record in committed if "stage" in record]
    assert {record["stage"] for record in staged} == {"mql", "sql", "nurture", "opportunity"}
    for record in staged:
        assert datetime.fromisoformat(str(record["stage_since"])) < AS_OF
        moves = events(record, "moves")
        if moves:
            assert moves[-1] == {"to": record["stage"], "at": record["stage_since"]}


def test_the_sample_holds_the_odd_things_that_real_data_holds(committed: list[Record]) -> None:
    def some(wanted: str) -> bool:
        return any(oddity(record, wanted) for record in committed)

    for wanted in ("blank text", "null", "the same id twice", "no ids", "offset", "after as of"):
        assert some(wanted), wanted


def oddity(record: Record, wanted: str) -> bool:
    activities = events(record, "activities")
    ids = [event["id"] for event in activities if "id" in event]
    match wanted:
        case "blank text":
            return any(isinstance(value, str) and not value.strip() for value in record.values())
        case "null":
            return None in record.values()
        case "the same id twice":
            return len(set(ids)) < len(ids)
        case "no ids":
            return bool(activities) and not ids
        case "offset":
            return any(str(event["at"]).endswith("+02:00") for event in activities)
        case "after as of":
            return any(datetime.fromisoformat(str(e["at"])) > AS_OF for e in activities)
        case _:
            raise ValueError(wanted)


def test_the_tables_hold_the_same_leads_and_events(tmp_path: Path) -> None:
    generate(tmp_path, "--leads", "50", "--csv")
    nested = records(tmp_path / "leads.jsonl")
    with (tmp_path / "leads.csv").open(encoding="utf-8", newline="") as file:
        leads = list(csv.DictReader(file))
    with (tmp_path / "activities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [lead["id"] for lead in leads] == [record["id"] for record in nested]
    expected = sorted(
        (str(record["id"]), str(event["kind"]), str(event["at"]))
        for record in nested
        for key in ("activities", "actions")
        for event in events(record, key)
    )
    assert sorted((row["lead"], row["kind"], row["at"]) for row in rows) == expected


def test_the_single_lead_is_valid_json() -> None:
    lead = json.loads((SAMPLE / "lead.json").read_text(encoding="utf-8"))
    assert lead["id"] == "K-17"
    assert {event["kind"] for event in lead["activities"]} > {"webinar", "demo_request"}
