"""``leadpact replay`` and ``leadpact run --replay``"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import leadpact, policy, program

import leadpact as engine

__all__ = ["leadpact", "policy", "program"]

CORPUS = Path(__file__).parent.parent / "corpus" / "replay"
UNTIL = "2026-02-01T01:00"


@pytest.fixture
def unpicked(tmp_path: Path) -> list[dict[str, object]]:
    """The policy and three of its leads, one of them wrong, in ``leads.jsonl``."""
    shutil.copytree(CORPUS / "unpicked", tmp_path / "unpicked")
    cases = ("over_a_clock_change", "picked_in_time")
    records = [
        yaml.safe_load((CORPUS / "unpicked" / f"{case}.yaml").read_text("utf-8"))["record"]
        for case in cases
    ]
    records.append({"id": "L-9", "size": "large"})
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    (tmp_path / "leads.jsonl").write_text(lines, "utf-8")
    (tmp_path / "lead.json").write_text(json.dumps(records[0]), "utf-8")
    return records


def test_the_timeline_is_plain_text_when_piped(program, unpicked):
    case = yaml.safe_load((CORPUS / "unpicked" / "odd_events.yaml").read_text("utf-8"))
    record = json.dumps(case["record"])
    ran = program("replay", "unpicked", "-", "--until", case["until"], stdin=record)
    told = (CORPUS / "unpicked" / "odd_events.txt").read_text("utf-8")
    assert ran.status == 0
    # Up to 100 columns where it is no terminal: here nothing is wider than 80 anyway.
    assert ran.out == told
    assert ran.err == ""


def test_json_is_the_history(leadpact, unpicked, tmp_path):
    ran = leadpact(
        "replay", "unpicked", "-", "--until", UNTIL, "--json", stdin=json.dumps(unpicked[0])
    )
    told = json.loads(ran.out)
    assert ran.status == 0
    assert (told["format"], told["status"], told["id"]) == (1, "replayed", "L-1")
    assert [stay["stage"] for stay in told["stays"]] == ["lead", "mql", "nurture", "mql"]


def test_without_until_it_is_now(leadpact, unpicked):
    ran = leadpact("replay", "unpicked", "lead.json", "--json")
    assert json.loads(ran.out)["until"] > "2026-01-01"


def test_a_wrong_record(leadpact, unpicked):
    ran = leadpact("replay", "unpicked", "-", stdin=json.dumps(unpicked[2]))
    assert ran.status == 1
    assert ran.err == (
        "leadpact: this record cannot be replayed.\n  size: A number is wanted here. It is large.\n"
    )
    as_json = leadpact("replay", "unpicked", "-", "--json", stdin=json.dumps(unpicked[2]))
    assert (as_json.status, json.loads(as_json.out)["status"]) == (1, "rejected")


def test_a_circle_is_a_mistake_in_the_data(leadpact, unpicked, tmp_path):
    shutil.copytree(CORPUS / "circle", tmp_path / "circle")
    record = yaml.safe_load((CORPUS / "circle" / "told.yaml").read_text("utf-8"))["record"]
    ran = leadpact("replay", "circle", "-", stdin=json.dumps(record))
    assert ran.status == 1
    assert "“Nurture” → “MQL” → “Nurture”" in ran.err


def test_wrong_use(leadpact, unpicked):
    late = leadpact("replay", "unpicked", "lead.json", "--until", "tomorrow")
    assert late.status == 2
    assert late.err.startswith("leadpact: --until: `tomorrow` is no instant.\n")
    gone = leadpact("replay", "unpicked", "gone.json")
    assert (gone.status, gone.err) == (2, "leadpact: gone.json: there is no such file.\n")


NO_STAGES = """\
policy flat "Without stages":
    language 1
    version 1
    in force from 2020-01-01
    time zone "UTC"
    currency EUR

lead:
    size whole number from 0 to 100
"""


def test_a_policy_without_stages(leadpact, unpicked, tmp_path):
    (tmp_path / "flat.leadpact").write_text(NO_STAGES, "utf-8")
    ran = leadpact("replay", "flat.leadpact", "lead.json")
    assert (ran.status, ran.err.split("\n")[0]) == (
        2,
        "leadpact: flat.leadpact: the policy has no stages to replay.",
    )
    with pytest.raises(engine.NoStagesError):
        engine.load_text(NO_STAGES).replay({"id": "L-1"}, until=engine_instant())
    run = leadpact("run", "flat.leadpact", "--leads", "leads.jsonl", "--replay")
    assert (run.status, run.err.split("\n")[0]) == (
        2,
        "leadpact: The policy flat has no stages to replay.",
    )


def engine_instant():
    from datetime import UTC, datetime

    return datetime(2026, 2, 1, tzinfo=UTC)


def test_a_refused_record_has_no_life(leadpact, tmp_path):
    text = (CORPUS / "unpicked" / "policy.leadpact").read_text("utf-8")
    refusing = text.replace(
        "from 0 to 100,000\n", 'from 0 to 100,000\n    refused when size is 0 because "Nobody"\n', 1
    )
    (tmp_path / "p.leadpact").write_text(refusing, "utf-8")
    ran = leadpact("replay", "p.leadpact", "-", stdin='{"id": "L-1", "size": 0}')
    assert (ran.status, ran.out.split("\n")[0]) == (0, "L-1 is turned away: Nobody.")


# --- files of leads ------------------------------------------------------------------------------


def run(leadpact, *more):
    return leadpact(
        *("run", "unpicked", "--leads", "leads.jsonl", "--replay", "--as-of", UNTIL, *more)
    )


def test_a_table_of_stays(leadpact, unpicked, tmp_path):
    ran = run(leadpact, "--out", "stays.csv", "--rejects", "wrong.csv")
    assert ran.status == 1
    with (tmp_path / "stays.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = ("id", "number", "stage", "how", "because", "targets", "worklists", "interest", "fit")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("L-1", "1", "lead", "moves to", "Wants to buy", "", "", "60", "A"),
        ("L-1", "2", "mql", "times out to", "Unpicked", "pick missed", "", "60", "A"),
        ("L-1", "3", "nurture", "moves to", "Ready again", "", "unpicked", "20", "A"),
        ("L-1", "4", "mql", "", "", "pick running", "", "20", "A"),
        ("L-2", "1", "lead", "moves to", "Wants to buy", "", "", "60", "B"),
        ("L-2", "2", "mql", "", "", "pick met", "", "0", "B"),
    ]
    assert rows[1]["entered"] == "2025-10-24T08:00:00Z"
    assert rows[1]["left"] == rows[2]["entered"] == "2025-10-31T08:00:00Z"
    with (tmp_path / "wrong.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["line"], row["id"], row["field"]) for row in csv.DictReader(file)] == [
            ("3", "L-9", "size")
        ]


def test_a_history_a_line(leadpact, unpicked, tmp_path):
    assert run(leadpact, "--out", "lives.jsonl").status == 1
    lines = (tmp_path / "lives.jsonl").read_text("utf-8").splitlines()
    asked = engine.load(CORPUS / "unpicked")
    for record, line in zip(unpicked[:2], lines, strict=True):
        from leadpact.life import encode

        assert encode(asked.replay(record, until=engine_instant())).decode() == line


TABLES = """
stage    stays  ended  there now
lead         2      2          0
mql          3      1          2
nurture      1      1          0

How stays ended (shares are of the stays that ended in that stage)
stays  share  from     how        to       because
    2   100%  lead     moved      mql      Wants to buy
    1   100%  mql      timed out  nurture  Unpicked
    1   100%  nurture  moved      mql      Ready again

What was promised
target  met  missed  running
pick      1       1        1
"""


def test_the_summary_counts_stays_and_how_they_ended(leadpact, unpicked):
    ran = run(leadpact)
    assert "\n  2 replayed\n  1 could not be decided\n" in ran.out
    assert TABLES in ran.out
    found = json.loads(run(leadpact, "--json").out)
    assert "scores" not in found
    assert found["lives"]["stays"] == {"lead": 2, "mql": 3, "nurture": 1}
    assert found["lives"]["targets"] == {"pick": {"met": 1, "missed": 1, "running": 1}}


def test_reasons_are_not_asked_for_twice(leadpact, unpicked):
    ran = run(leadpact, "--explain")
    assert ran.status == 2
    assert ran.err.startswith("leadpact: --explain: a history tells its reasons by itself.\n")
