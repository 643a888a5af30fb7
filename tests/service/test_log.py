"""The decision log: what stands in it, what does not, and what happens to its files."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from service_tests import AS_OF, KONTOR, lead, problem

import leadpact
from leadpact.service.decision_log import DecisionLog, LogError
from leadpact.service.redaction import GONE, Redaction
from leadpact.service.settings import Logging

DECIDE = f"/v1/policies/first/decide?as_of={AS_OF}"


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_what_stands_in_the_log(serve, first, tmp_path):
    log = tmp_path / "log.jsonl"
    service = serve(first, "--log", log)
    record = json.dumps(lead(email="dana@buyer.example", nickname="Dana")).encode()
    with service.client(content_type="application/json") as client:
        decided = client.post(f"{DECIDE}&explain=true", content=record)
        client.post(DECIDE, json={"id": "dana@buyer.example", "employees": "dana@buyer.example"})
        client.post(DECIDE, content=b"dana@buyer.example")
        many = b'{"id": "dana@buyer.example"}\nno json'
        client.post(
            f"/v1/policies/first/decide-many?as_of={AS_OF}",
            content=many,
            headers={"content-type": "application/x-ndjson"},
        )
        replayed = client.post(f"/v1/policies/first/replay?until={AS_OF}", content=record)
    text = log.read_text("utf-8")
    assert "dana" not in text.lower()
    assert "L-17" not in text
    told = lines_of(log)
    assert [one["asked"] for one in told] == [*["decide"] * 3, *["decide-many"] * 2, "replay"]
    assert [one["status"] for one in told] == [
        *("decided", "rejected", "rejected", "decided", "rejected", "replayed"),
    ]
    first_line = told[0]
    assert first_line["request"] == decided.headers["leadpact-request"]
    assert first_line["policy"] == decided.json()["policy"]
    assert first_line["record_hash"] == f"sha256:{hashlib.sha256(record).hexdigest()}"
    assert first_line["as_of"] == AS_OF
    assert first_line["scores"] == {"interest": 40}
    assert first_line["stage"] == {"current": "lead", "next": "mql", "rule": "lead.moves_to.mql"}
    assert first_line["warnings"] == {"unknown_key": 1}
    assert told[1]["wrong"] == ["employees"]
    assert [told[3]["line"], told[4]["line"]] == [1, 2]
    assert told[5]["answer_hash"] == f"sha256:{hashlib.sha256(replayed.content).hexdigest()}"


def test_personal_data_is_logged_when_it_is_asked_for(serve, first, tmp_path):
    log = tmp_path / "log.jsonl"
    service = serve(
        *(first, "--log", log, "--log-ids", "--log-records", "--log-personal"),
        *("--log-redact", "employees"),
    )
    with service.client() as client:
        client.post(DECIDE, json=lead(email="dana@buyer.example"))
    (line,) = lines_of(log)
    assert line["id"] == "L-17"
    assert line["record"] == lead(email="dana@buyer.example", employees=GONE)


def test_redaction_by_field():
    policy = leadpact.load(KONTOR).checked
    record = {
        "id": "K-1",
        "email": "dana@buyer.example",
        "phone": "+46 8 555 0117",
        "industry": "retail",
        "nickname": "Dana",
        "stage": "mql",
        "activities": [
            {"kind": "page_view", "id": "e1", "at": "2026-11-19T10:00:00Z", "url": "/pricing"},
            {"kind": "dance", "at": "2026-11-19T10:00:00Z", "with": "Dana"},
            "Dana",
        ],
        "actions": [{"kind": "called", "at": "2026-11-19T10:00:00Z", "by": "eli@seller.example"}],
        "moves": [{"to": "mql", "at": "2026-11-19T10:00:00Z", "said": "Dana"}],
    }
    plain = Redaction(policy, Logging(Path("log")))(record)
    assert plain == {
        "id": GONE,
        "email": GONE,
        "phone": GONE,
        "industry": "retail",
        GONE: GONE,
        "stage": "mql",
        "activities": [
            {"kind": "page_view", "id": "e1", "at": "2026-11-19T10:00:00Z", "url": "/pricing"},
            {"kind": GONE},
            GONE,
        ],
        "actions": [{"kind": "called", "at": "2026-11-19T10:00:00Z", "by": GONE}],
        "moves": [{"to": "mql", "at": "2026-11-19T10:00:00Z", GONE: GONE}],
    }
    named = ("industry", "page_view.url", "moves")
    less = Redaction(policy, Logging(Path("log"), redact=named))(record)
    assert less["industry"] == GONE
    assert less["activities"][0]["url"] == GONE
    assert "moves" not in less
    all_of_it = Redaction(policy, Logging(Path("log"), personal=True, redact=("email",)))(record)
    assert all_of_it == {**record, "email": GONE, "activities": [*record["activities"][:2], GONE]}


def test_nothing_is_answered_that_cannot_be_logged(serve, first):
    service = serve(first, "--log", "/dev/full")
    with service.client() as client:
        problem(client.post(DECIDE, json=lead()), 503, "log-unwritable")
        assert "no space left" in service.hear("log unwritable")["because"]
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (
            503,
            "the decision log cannot be written",
        )
        many = client.post(
            "/v1/policies/first/decide-many",
            content=b'{"id": 1}',
            headers={"content-type": "application/x-ndjson"},
        )
        problem(many, 503, "log-unwritable")
        assert "leadpact_log_failures_total 2" in client.get("/metrics").text


# --- its files -----------------------------------------------------------------------------------


def test_a_full_file_gets_a_number_and_old_ones_go(tmp_path):
    path = tmp_path / "log.jsonl"
    log = DecisionLog(Logging(path, size=100, keep=2))
    for number in range(10):
        log.append(b'{"number": %d, "x": "%b"}\n' % (number, b"x" * 40))
    # A file has room for one line of this length.
    names = ("log.jsonl.8", "log.jsonl.9", "log.jsonl")
    assert {file.name for file in tmp_path.iterdir()} == set(names)
    kept = [one["number"] for name in names for one in lines_of(tmp_path / name)]
    assert kept == [7, 8, 9]


def test_a_piece_of_a_line_is_ended_before_the_next(tmp_path):
    path = tmp_path / "log.jsonl"
    log = DecisionLog(Logging(path))
    log.append(b'{"number": 1}\n')
    with path.open("ab") as file:
        file.write(b'{"number": 2, "cut o')
    log.append(b'{"number": 3}\n')
    assert path.read_bytes() == b'{"number": 1}\n{"number": 2, "cut o\n{"number": 3}\n'


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path):
    path = tmp_path / "log.jsonl"
    log = DecisionLog(Logging(path))
    log.append(b"1\n")
    path.rename(tmp_path / "moved")
    log.append(b"2\n")
    assert (path.read_bytes(), (tmp_path / "moved").read_bytes()) == (b"2\n", b"1\n")


def test_what_cannot_be_written_is_told(tmp_path):
    log = DecisionLog(Logging(tmp_path / "none" / "log.jsonl"))
    with pytest.raises(LogError, match="no such file"):
        log.append(b"1\n")


WRITES = """
import sys
from pathlib import Path
from leadpact.service.decision_log import DecisionLog
from leadpact.service.settings import Logging
log = DecisionLog(Logging(Path(sys.argv[1]), size=20_000))
for number in range(300):
    log.append(b'{"writer": %d, "number": %d}\\n' % (int(sys.argv[2]), number))
"""


def test_several_processes_append_to_one_log(tmp_path):
    path = tmp_path / "log.jsonl"
    command = [sys.executable, "-c", WRITES, str(path)]
    writers = [subprocess.Popen([*command, str(number)]) for number in range(3)]
    assert [writer.wait(30) for writer in writers] == [0, 0, 0]
    found = [one for file in tmp_path.iterdir() for one in lines_of(file)]
    assert len(list(tmp_path.iterdir())) > 1
    assert sorted((one["writer"], one["number"]) for one in found) == [
        (writer, number) for writer in range(3) for number in range(300)
    ]
