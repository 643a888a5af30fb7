"""``leadpact run``: what the command adds to the batch runner."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leadpact.batch import ways

AS_OF = "2026-03-02T10:00:00Z"


def write_leads(folder: Path, *records: dict[str, object]) -> None:
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    (folder / "leads.jsonl").write_text(lines, encoding="utf-8")


def test_a_file_of_leads(program, policy, lead, tmp_path):
    write_leads(tmp_path, lead, lead | {"id": "L-18", "phone": "+46 8 123 456"})
    ran = program(*("run", "ours", "--leads", "leads.jsonl", "--as-of", AS_OF, "--out", "out.csv"))
    assert (ran.status, ran.err) == (0, "")
    assert f"ours 1, as of {AS_OF}\n" in ran.out
    assert "  2 decided\n" in ran.out
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["next_stage"]) for row in rows] == [("L-17", ""), ("L-18", "mql")]


def test_what_is_wrong_goes_to_the_rejects_and_to_the_status(leadpact, policy, lead, tmp_path):
    write_leads(tmp_path, lead, {"id": "L-18", "employees": -1})
    ran = leadpact("run", "ours", "--leads", "leads.jsonl", "--rejects", "wrong.csv")
    assert ran.status == 1
    assert "  1 decided\n" in ran.out
    assert "L-18" in (tmp_path / "wrong.csv").read_text()


def test_strict_stops_and_writes_nothing(leadpact, policy, lead, tmp_path):
    write_leads(tmp_path, {"id": "L-18"}, lead)
    ran = leadpact("run", "ours", "--leads", "leads.jsonl", "--out", "out.csv", "--strict")
    assert ran.status == 1
    assert "Stopped at the first wrong record" in ran.out
    assert not (tmp_path / "out.csv").exists()


def test_the_summary_as_json(leadpact, policy, lead, tmp_path):
    write_leads(tmp_path, lead)
    ran = leadpact("run", "ours", "--leads", "leads.jsonl", "--as-of", AS_OF, "--json")
    summary = json.loads(ran.out)
    assert (summary["read"], summary["decided"], summary["exit_status"]) == (1, 1, 0)
    assert summary["scores"] == {"interest": 65}


def test_reasons_are_written_when_asked_for(leadpact, policy, lead, tmp_path):
    write_leads(tmp_path, lead)
    leadpact(
        *("run", "ours", "--leads", "leads.jsonl", "--as-of", AS_OF),
        *("--out", "out.jsonl", "--explain"),
    )
    record = json.loads((tmp_path / "out.jsonl").read_text())
    assert record["scores"]["interest"]["rows"]


def test_a_source_mapping_is_found_beside_the_policy(leadpact, policy, tmp_path):
    (tmp_path / "leads.csv").write_text("Nr,Mail\n1,dana@buyer.example\n")
    ran = leadpact("run", "ours", "--leads", "leads.csv", "--source", "crm")
    assert ran.status == 2
    assert ran.err.startswith("leadpact: ")
    (policy / "sources").mkdir()
    (policy / "sources" / "crm.yaml").write_text(
        "format: 1\nid: Nr\nfields:\n  email: Mail\n", encoding="utf-8"
    )
    ran = leadpact("run", "ours", "--leads", "leads.csv", "--source", "crm")
    assert (ran.status, ran.err) == (0, "")


def test_mistakes_of_use_are_one_plain_line(leadpact, policy, lead, tmp_path):
    write_leads(tmp_path, lead)
    for more, says in (
        (("--leads", "none.jsonl"), "none.jsonl: there is no such file."),
        (("--leads", "leads.jsonl", "--out", "gone/out.csv"), "there is no folder gone"),
        (("--leads", "leads.jsonl", "--out", "ours"), "ours: "),
        ((), "missing option '--leads'."),
    ):
        ran = leadpact("run", "ours", *more)
        assert (ran.status, ran.out) == (2, ""), more
        assert ran.err.startswith("leadpact: "), more
        assert says in ran.err, more
        assert "Traceback" not in ran.err


def in_python(leadpact, *arguments):
    ran = leadpact("run", "ours", "--as-of", AS_OF, "--json", *arguments)
    return json.loads(ran.out)["in_python"]


def test_small_files_of_text_are_decided_in_python(leadpact, policy, lead, tmp_path, monkeypatch):
    write_leads(tmp_path, lead)
    (tmp_path / "events.csv").write_text("lead,kind,at\n", encoding="utf-8")
    few = ("--leads", "leads.jsonl")
    both = (*few, "--activities", "events.csv")
    assert in_python(leadpact, *few) is None
    assert in_python(leadpact, *both) is None
    size = (tmp_path / "leads.jsonl").stat().st_size
    monkeypatch.setattr(ways, "SMALL", size)
    assert in_python(leadpact, *few) is None
    assert in_python(leadpact, *both) == 0


def test_a_query_decides_what_is_asked_of_it_or_verified(leadpact, policy, lead, tmp_path):
    write_leads(tmp_path, lead)
    few = ("--leads", "leads.jsonl")
    assert in_python(leadpact, *few, "--on", "duckdb") == 0
    assert in_python(leadpact, *few, "--verify-sample", "1") == 0
    assert in_python(leadpact, "--leads", "leads*.jsonl") == 0


SLOWLY = """
import signal, sys

from leadpact.cli import main
from leadpact.warehouse import work

def slowly(self, query, heard):
    print("deciding", flush=True)
    self.duck.run("SELECT sum(a.range * b.range) FROM range(3000000) a, range(300000) b")

work.Work.decide = slowly
# Whatever started the tests may have told its processes not to hear.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
sys.argv[1:] = ["run", "ours", "--leads", "leads.jsonl", "--out", "out.csv", "--on", "duckdb"]
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are sent differently there")
@pytest.mark.parametrize("told", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_run_that_is_told_to_end_leaves_nothing(told, policy, lead, tmp_path):
    write_leads(tmp_path, lead)
    before = {path.name for path in tmp_path.iterdir()}
    command = [sys.executable, "-c", SLOWLY]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "deciding\n"
        assert (tmp_path / ".out.csv.partial").exists()
        process.send_signal(getattr(signal, told))
        try:
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert {path.name for path in tmp_path.iterdir()} == before
