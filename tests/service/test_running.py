"""Starting, stopping, reloading, and workers that die."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from service_tests import AS_OF, FIRST, PATIENCE, lead, problem, write_policy

from leadpact.cli import cmd_serve, main

DECIDE = f"/v1/policies/first/decide?as_of={AS_OF}"


def until(true, seconds: float = PATIENCE) -> None:
    latest = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < latest
        time.sleep(0.05)


def version(number: int, since: str | None = None, points: int = 20) -> str:
    text = FIRST.replace("version 1", f"version {number}").replace("+20", f"+{points}")
    dated = f"    in force from {since}\n    time zone"
    return text.replace("    time zone", dated) if since else text


# --- versions ------------------------------------------------------------------------------------


def test_the_version_in_force_decides_unless_one_is_named(serve, tmp_path):
    coming = (date.today() + timedelta(days=400)).isoformat()
    folders = [
        write_policy(tmp_path / f"v{number}", version(number, since, 20 + number))
        for number, since in ((3, coming), (1, "2026-01-01"), (2, "2026-11-21"))
    ]
    with serve(*folders).client() as client:

        def decided(query: str) -> tuple[int, int]:
            answer = client.post(f"/v1/policies/first/decide?{query}", json=lead()).json()
            return answer["policy"]["version"], answer["scores"]["interest"]["points"]

        assert decided("as_of=2026-11-20T22:59:59Z") == (1, 42)
        assert decided("as_of=2026-11-20T23:00:00Z") == (2, 44)
        assert decided("version=1&as_of=2026-11-21T09:00:00Z") == (1, 42)
        assert decided("version=3&as_of=2026-11-21T09:00:00Z") == (3, 46)
        told = client.get("/v1/policies/first").json()
        assert told["next"]["version"] == 3
        assert [one["version"] for one in told["versions"]] == [1, 2, 3]
        early = client.post("/v1/policies/first/decide?as_of=2025-12-31T22:59:59Z", json=lead())
        assert "2026-01-01" in problem(early, 409, "not-in-force")["detail"]
        schemas = client.get("/openapi.json").json()["components"]["schemas"]
        assert {"first.1.lead", "first.2.lead", "first.3.lead"} <= set(schemas)


# --- reload --------------------------------------------------------------------------------------


def test_a_broken_policy_is_not_taken_and_the_old_one_goes_on(serve, first):
    service = serve(first, "--no-watch", "--workers", 2)
    with service.client() as client:
        before = client.post(DECIDE, json=lead()).content
        write_policy(first, FIRST.replace("is at least 40", ">= 40"))
        service.signal(signal.SIGHUP)
        kept = service.hear("reload kept the old")
        assert "E131" in kept["because"]
        until(lambda: "reload" in client.get("/readyz").json())
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert ready.json()["reload"]["policies"] == "kept"
        assert "`>=` is not used here" in ready.json()["reload"]["because"]
        assert client.post(DECIDE, json=lead()).content == before
        # A worker that is new gets the old policy, whatever stands on the disk.
        for worker in service.workers():
            os.kill(worker, signal.SIGKILL)
            service.hear("worker ended")
        until(lambda: len(service.workers()) == 2)
    with service.client() as client:
        until(lambda: _answers(client, lambda: client.post(DECIDE, json=lead()).content == before))
        write_policy(first, version(2, points=50))
        service.signal(signal.SIGHUP)
        service.hear("reload")
        until(lambda: client.post(DECIDE, json=lead()).json()["policy"]["version"] == 2)
        assert 'result="taken"} 1' in client.get("/metrics").text


def _answers(client: httpx.Client, ask) -> bool:
    try:
        return bool(ask())
    except httpx.TransportError:
        return False


def test_changed_files_are_seen(serve, first):
    service = serve(first)
    with service.client() as client:
        write_policy(first, version(2))
        service.hear("reload")
        until(lambda: client.get("/v1/policies/first").json()["in_force"]["version"] == 2)
        for entry in first.iterdir():
            entry.unlink()
        service.hear("reload kept the old")
        assert client.post(DECIDE, json=lead()).json()["policy"]["version"] == 2


# --- stopping ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_was_begun_is_ended(serve, first, number):
    """A stream that is half sent when the service is told to stop."""
    service = serve(first, "--workers", 2)
    with service.connect() as connection:
        line = json.dumps(lead()).encode() + b"\n"
        piece = f"{len(line):x}\r\n".encode() + line + b"\r\n"
        connection.sendall(
            b"POST /v1/policies/first/decide-many HTTP/1.1\r\nhost: localhost\r\n"
            b"content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n" + piece
        )
        reader = connection.makefile("rb")
        assert b" 200 " in reader.readline()
        service.signal(number)
        service.hear("draining")
        time.sleep(0.3)
        with pytest.raises(OSError):  # noqa: PT011
            service.connect().close()
        connection.sendall(piece + b"0\r\n\r\n")
        answers = reader.read()
    assert answers.count(b'"decided"') == 2
    assert answers.endswith(b"0\r\n\r\n")
    assert service.process.wait(PATIENCE) == 0


def test_what_does_not_end_is_cut_off(serve, first):
    service = serve(first, "--drain", 1)
    with service.connect() as connection:
        connection.sendall(b"POST /v1/policies/first/decide HTTP/1.1\r\nhost: localhost\r\n")
        connection.sendall(b"content-type: application/json\r\ncontent-length: 10\r\n\r\n{")
        time.sleep(0.2)
        begun = time.monotonic()
        service.stop()
        assert time.monotonic() - begun < 10


def test_workers_end_when_their_supervisor_is_gone(serve, first):
    service = serve(first, "--workers", 2)
    workers = service.workers()
    service.process.kill()
    service.process.wait()
    until(lambda: not any(_runs(worker) for worker in workers))


def _runs(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


# --- the log and workers that are killed ---------------------------------------------------------


def test_a_killed_worker_loses_nothing_that_was_answered(serve, first, tmp_path):
    log = tmp_path / "log.jsonl"
    service = serve(first, "--workers", 3, "--log", log, "--log-ids", "--log-size", 1)
    answered: list[str] = []
    broken: list[int] = []
    over = threading.Event()

    def ask(thread: int) -> None:
        client = service.client()
        number = 0
        while not over.is_set():
            number += 1
            name = thread * 1_000_000 + number
            try:
                answer = client.post(DECIDE, json=lead(name))
            except httpx.TransportError:
                broken.append(name)
                client = service.client()
                continue
            assert answer.status_code == 200
            answered.append(answer.headers["leadpact-request"])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for kill in range(3):
        before = len(answered)
        until(lambda: len(answered) > before + 25)  # noqa: B023
        os.kill(service.workers()[kill % 2], signal.SIGKILL)
        service.hear("worker ended")
    before = len(answered)
    until(lambda: len(answered) > before + 25)
    over.set()
    for thread in threads:
        thread.join()
    assert service.stop() == 0
    lines = [line for file in tmp_path.glob("log.jsonl*") for line in file.read_text().splitlines()]
    logged = Counter(json.loads(line)["request"] for line in lines)
    assert len(answered) > 100
    assert set(answered) <= logged.keys()
    assert set(logged.values()) == {1}
    # Only what was on the way to a killed worker broke off.
    assert len(broken) <= 3 * 4


# --- wrong use -----------------------------------------------------------------------------------


def test_wrong_use_is_told(first, tmp_path, capsys):
    def run(*options: object) -> tuple[object, str]:
        with pytest.raises(SystemExit) as left:
            main(["serve", *map(str, options)])
        return left.value.code, capsys.readouterr().err

    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, said = run(first, "--port", taken.getsockname()[1])
        assert (status, "address already in use" in said) == (2, True)
    keys = tmp_path / "keys.txt"
    keys.write_text("crm decide sha256:12\n")
    broken = write_policy(tmp_path / "broken", FIRST.replace("is at least 40", ">= 40"))
    other = write_policy(tmp_path / "other", FIRST)
    later = write_policy(tmp_path / "later", version(1, "2026-01-01"))
    for options, status, words in (
        ((first, "--host", "0.0.0.0"), 2, "without keys the service listens to this machine alone"),
        ((first, "--keys", tmp_path / "none"), 1, "the keys cannot be read: no such file"),
        ((first, "--keys", keys), 1, "keys.txt:1: a hash is `sha256:` and 64 digits"),
        ((tmp_path / "none",), 2, "there is no such file or folder"),
        ((broken,), 1, "error E131"),
        ((first, other), 1, "from the same day"),
        ((first, later), 1, "is version 1, too"),
        ((first, "--log", tmp_path / "none" / "log"), 2, "no such file or directory"),
        ((first, "--log-ids"), 2, "there is no log"),
        ((first, "--log", tmp_path / "log", "--log-redact", "mail"), 2, "no policy has this fact"),
    ):
        got, said = run(*options)
        assert (got, words in said) == (status, True), said


def test_what_is_not_installed_is_told(first, monkeypatch, capsys):
    monkeypatch.setattr(cmd_serve, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as left:
        main(["serve", str(first)])
    assert left.value.code == 2
    assert "pip install 'leadpact[serve]'" in capsys.readouterr().err


def test_nothing_is_told_about_records_in_the_service_s_own_log(serve, first):
    service = serve(first, "--access-log")
    with service.client() as client:
        client.post(f"{DECIDE}&secret=dana@buyer.example", json=lead(email="dana@buyer.example"))
        client.post(DECIDE, json=lead(email=["dana@buyer.example"]))
        client.get("/dana@buyer.example")
    last = service.hear("request")
    assert last["route"] == "/v1/policies/first/decide"
    service.stop()
    time.sleep(0.2)
    while not service.events.empty():
        service.told.append(service.events.get())
    text = json.dumps(service.told)
    assert "buyer.example" not in text
    assert "L-17" not in text
    assert [one["status"] for one in service.told if one["event"] == "request"] == [400, 422, 404]
