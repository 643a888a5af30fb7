"""A run as a whole: mistakes of use, files that appear only when whole, flat memory."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest

import leadpact
from leadpact.batch import (
    Progress,
    RunError,
    RunOptions,
    run,
    summary_json,
    summary_text,
)

POLICY = Path(__file__).parent.parent / "corpus" / "batch" / "policy"
AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)


@cache
def policy() -> leadpact.Policy:
    return leadpact.load(POLICY)


def options(leads: Path, **changes: object) -> RunOptions:
    plain = RunOptions(leads, None, None, AS_OF, None, None, explain=False, strict=False)
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text("id,email,seniority\nL-1,a@buyer.example,vp\nL-2,,vp\n", encoding="utf-8")
    return path


def mistake(asked: RunOptions) -> tuple[str, str]:
    folder = sorted(asked.leads.parent.iterdir()) if asked.leads.parent.is_dir() else []
    with pytest.raises(RunError) as raised:
        run(policy(), asked)
    if folder:
        assert sorted(asked.leads.parent.iterdir()) == folder
    return raised.value.message.replace(f"{asked.leads.parent}/", ""), raised.value.help


# --- mistakes of use ---------------------------------------------------------------------------


def test_no_such_file(leads: Path) -> None:
    found = mistake(options(leads.with_name("lead.csv")))
    assert found == ("lead.csv: there is no such file.", "Did you mean `leads.csv`?")


def test_no_such_folder(leads: Path) -> None:
    message, _ = mistake(options(leads.parent / "data" / "leads.csv"))
    assert message == "leads.csv: there is no such file."


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").mkdir()
    assert mistake(options(tmp_path / "leads.csv"))[0] == "leads.csv: this is a folder."


@pytest.mark.parametrize("name", ["leads.xlsx", "leads"])
def test_unknown_ending(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert "ending" in mistake(options(tmp_path / name))[0]


def test_output_that_is_read_in_the_same_run(leads: Path) -> None:
    message, _ = mistake(options(leads, out=leads))
    assert message == "leads.csv: this file is read in the same run, and would be lost."
    link = leads.with_name("other.csv")
    link.symlink_to(leads)
    assert "would be lost" in mistake(options(leads, rejects=link))[0]
    assert "L-1" in leads.read_text("utf-8")


def test_decisions_and_rejects_in_one_file(leads: Path) -> None:
    both = leads.with_name("out.csv")
    assert "cannot go to the same file" in mistake(options(leads, out=both, rejects=both))[0]


def test_output_in_a_folder_that_is_not_there(leads: Path) -> None:
    message, help = mistake(options(leads, out=leads.parent / "none" / "out.csv"))
    assert "there is no folder" in message
    assert help == "Make the folder first."


def test_output_that_cannot_be_opened(leads: Path) -> None:
    (leads.parent / ".out.csv.partial").mkdir()
    message, _ = mistake(options(leads, out=leads.with_name("out.csv")))
    assert message.startswith("out.csv: the file cannot be written")


@pytest.mark.skipif(os.name == "nt", reason="making links needs a right there")
def test_output_through_a_link_that_leads_to_itself(leads: Path) -> None:
    circle = leads.with_name("circle.csv")
    circle.symlink_to("circle.csv")
    assert mistake(options(leads, out=circle)) == (
        "circle.csv: this link leads to itself.",
        "Name another file.",
    )


def test_lines_that_end_in_carriage_returns_alone(leads: Path) -> None:
    leads.write_bytes(b"id,email\rL-1,a@buyer.example\r")
    message, help = mistake(options(leads))
    assert message == "leads.csv:1: A carriage return stands among the names of the columns."
    assert "Save it" in help


def test_a_carriage_return_in_an_id_does_not_end_the_line(leads: Path) -> None:
    leads.write_bytes(b"id,email,seniority\nL\r1,a@buyer.example,vp\nL\r2,,boss\n")
    out, rejects = leads.with_name("out.csv"), leads.with_name("rejects.csv")
    run(policy(), options(leads, out=out, rejects=rejects))
    for path, at, wanted in ((out, 0, ["L\r1"]), (rejects, 1, ["L\r2", "L\r2"])):
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert [row[at] for row in rows[1:]] == wanted
        assert b"\r\n" not in path.read_bytes()


def test_output_on_a_full_disk(leads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    class File:
        write = full

        def close(self) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", _open_or(File(), Path.open))
    message, _ = mistake(options(leads, out=leads.with_name("out.csv")))
    assert message == "out.csv: the file cannot be written (no space left on device)."


def _open_or(file: object, ordinary: object):  # type: ignore[no-untyped-def]
    def open_(path: Path, mode: str = "r", *more: object, **named: object) -> object:
        return file if "w" in mode else ordinary(path, mode, *more, **named)  # type: ignore[operator]

    return open_


def test_an_instant_without_offset(leads: Path) -> None:
    asked = options(leads, as_of=datetime(2026, 11, 21, 9))
    assert mistake(asked)[0].startswith("The instant has no offset.")


# --- files that appear only when whole ---------------------------------------------------------


def test_the_same_command_gives_the_same_bytes(leads: Path) -> None:
    out, rejects = leads.with_name("out.jsonl"), leads.with_name("rejects.csv")
    asked = options(leads, out=out, rejects=rejects)
    summary = run(policy(), asked)
    first = (out.read_bytes(), rejects.read_bytes())
    assert (summary.decided, summary.rejected, summary.exit_status) == (1, 1, 1)
    elsewhere = timezone(timedelta(hours=5))
    run(policy(), replace(asked, as_of=AS_OF.astimezone(elsewhere)))
    assert (out.read_bytes(), rejects.read_bytes()) == first
    assert all(b"\r" not in data and data.endswith(b"\n") for data in first)


def test_strict_leaves_what_was_there_before(leads: Path) -> None:
    out = leads.with_name("out.csv")
    out.write_text("before", encoding="utf-8")
    summary = run(policy(), options(leads, out=out, strict=True))
    assert (summary.stopped, summary.exit_status) == (True, 1)
    assert out.read_text("utf-8") == "before"
    assert sorted(path.name for path in leads.parent.iterdir()) == ["leads.csv", "out.csv"]
    assert "leads line 3 (L-2): `email` is required" in summary_text(summary)


def test_an_interrupted_run_leaves_nothing(leads: Path) -> None:
    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(policy(), options(leads, out=leads.with_name("out.csv")), progress=interrupt)
    assert [path.name for path in leads.parent.iterdir()] == ["leads.csv"]


SLOWLY = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
import leadpact
from leadpact.batch import RunOptions, run

def slow(progress):
    if progress.step == "deciding":
        print(progress.records, flush=True)
        time.sleep(60)

leads, out = Path(sys.argv[2]), Path(sys.argv[3])
as_of = datetime(2026, 11, 21, tzinfo=UTC)
options = RunOptions(leads, None, None, as_of, out, None, explain=False, strict=False)
run(leadpact.load(sys.argv[1]), options, progress=slow)
"""


def test_a_run_killed_half_way_leaves_no_output(tmp_path: Path) -> None:
    leads, out = tmp_path / "leads.csv", tmp_path / "out.csv"
    write_leads(leads, 2_000)
    command = [sys.executable, "-c", SLOWLY, str(POLICY), str(leads), str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert 0 < int(process.stdout.readline()) < 2_000
        process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    assert not out.exists()
    run(policy(), options(leads, out=out))
    assert len(out.read_text("utf-8").splitlines()) == 2_001
    assert sorted(path.name for path in tmp_path.iterdir()) == ["leads.csv", "out.csv"]


def test_a_wrong_value_of_a_required_field_is_one_problem(tmp_path: Path) -> None:
    text = (POLICY / "policy.leadpact").read_text("utf-8")
    strict = text.replace("from 0 to 1,000,000", "from 0 to 1,000,000 (required)")
    assert strict != text
    leads = tmp_path / "leads.csv"
    leads.write_text("id,email,employees\nL-1,a@buyer.example,many\n", encoding="utf-8")
    summary = run(leadpact.load_text(strict), options(leads))
    assert [(one.field, one.reason) for one in summary.first_rejects] == [
        ("employees", "`many` is not a number.")
    ]


# --- memory ------------------------------------------------------------------------------------

MEASURED = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
import leadpact
from leadpact.batch import RunOptions, run

leads, activities, out = map(Path, sys.argv[2:5])
as_of = datetime(2026, 11, 21, tzinfo=UTC)
options = RunOptions(leads, activities, None, as_of, out, None, False, False)
summary = run(leadpact.load(sys.argv[1]), options)
print(summary.decided, summary.events.read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def write_leads(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("id,email,seniority,employees\n")
        for number in range(count):
            file.write(f"L-{number},lead{number}@buyer.example,vp,{number % 900}\n")


def peak(folder: Path, leads: int, events: int) -> int:
    """Peak memory (KiB) of a run over so many leads and events."""
    pytest.importorskip("resource")
    folder.mkdir()
    write_leads(folder / "leads.csv", leads)
    with (folder / "events.csv").open("w", encoding="utf-8", newline="\n") as file:
        file.write("lead,kind,at,id,url\n")
        for number in range(events):
            lead = number * 7_919 % leads
            file.write(f"L-{lead},page_view,2026-11-20T10:00:00Z,e{number},/some/page/{number}\n")
    command = [sys.executable, "-c", MEASURED, str(POLICY)]
    command += [str(folder / name) for name in ("leads.csv", "events.csv", "out.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    decided, read, kib = map(int, done.stdout.split())
    assert (decided, read) == (leads, events)
    return kib


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is counted in KiB on Linux")
def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    small = peak(tmp_path / "small", leads=200, events=2_000)
    large = peak(tmp_path / "large", leads=8_000, events=160_000)
    # 160,000 events are about 15 MiB of text and 100 MiB of objects; the disk's cache is 24 MiB.
    assert large - small < 40_000


# --- what is told ------------------------------------------------------------------------------


def test_progress_ends_with_the_whole_file(leads: Path) -> None:
    heard: list[Progress] = []
    run(policy(), options(leads), progress=heard.append)
    size = leads.stat().st_size
    assert heard[-1] == Progress("deciding", 2, size, size)
    assert heard[0].step == "looking for duplicates"


def test_summary_for_people() -> None:
    case = POLICY.parent / "summary"
    asked = options(case / "leads.csv", activities=case / "activities.csv")
    summary = replace(run(policy(), asked), seconds=0.5, leads_file="leads.csv")
    assert summary_text(summary) == (case / "summary.txt").read_text("utf-8")
    assert json.loads(summary_json(summary))["leads_a_second"] == 10


def test_a_file_of_ever_new_keys_does_not_fill_the_memory(tmp_path: Path) -> None:
    leads = tmp_path / "leads.jsonl"
    with leads.open("w", encoding="utf-8") as file:
        for number in range(1_500):
            record = {"id": number, "email": "a@buyer.example", f"key{number}": 1}
            file.write(json.dumps(record) + "\n")
    summary = run(policy(), options(leads))
    assert len(summary.warnings) <= 1_001
    assert sum(one.count for one in summary.warnings) == 1_500


def test_ten_thousand_activities_of_one_lead(tmp_path: Path) -> None:
    events = [
        {"id": f"e{number}", "kind": "page_view", "at": "2026-11-20T10:00:00Z"}
        for number in range(10_000)
    ]
    leads = tmp_path / "leads.jsonl"
    record = {"id": "L-1", "email": "a@buyer.example", "activities": events}
    leads.write_text(json.dumps(record), encoding="utf-8")
    started = time.monotonic()
    summary = run(policy(), options(leads))
    assert (summary.decided, summary.events.read) == (1, 10_000)
    assert summary.scores["interest"] == 100
    assert time.monotonic() - started < 5
