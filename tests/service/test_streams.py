"""`decide-many`: JSON lines in, JSON lines out, in order, while they come."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
from service_tests import AS_OF, FIRST, Service, lead, problem

import leadpact

MANY = f"/v1/policies/first/decide-many?as_of={AS_OF}"
LINES = {"content-type": "application/x-ndjson"}


def test_each_line_has_the_engines_own_answer_in_order(ask: httpx.Client):
    policy = leadpact.load_text(FIRST)
    records = [json.dumps(lead(number, employees=number)).encode() for number in range(3_000)]
    answer = ask.post(MANY, content=b"\n".join(records), headers=LINES)
    assert answer.headers["content-type"] == "application/x-ndjson"
    as_of = datetime(2026, 11, 21, 9, tzinfo=UTC)
    wanted = [policy.decide_json(record, as_of=as_of) for record in records]
    assert answer.content.split(b"\n") == [*wanted, b""]


def test_bad_lines_are_answered_in_their_place_and_blank_ones_passed_over(ask: httpx.Client):
    long = b'{"id": "' + b"x" * 200_000 + b'"}'
    lines = [
        json.dumps(lead(1)).encode(),
        b"not json",
        b"",
        b"  \r",
        b'{"id": "\xff"}',
        b"[" * 50_000,
        long,
        b'{"id": 5, "employees": "many"}',
        b'{"id": 6, "more": ' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"id": 7, "activities": [' + b"{}," * 2_001 + b"{}]}",
        json.dumps(lead(8)).encode() + b"\r",
    ]
    got = ask.post(MANY, content=b"\n".join(lines), headers=LINES).content.splitlines()
    answers = [json.loads(line) for line in got]
    assert [answer["status"] for answer in answers] == [
        "decided",
        *["rejected"] * 7,
        "decided",
    ]
    assert [answer["id"] for answer in answers] == ["L-1", *[None] * 4, "5", None, None, "L-8"]
    reasons = [answer["problems"][0]["reason"] for answer in answers[1:-1]]
    assert reasons[3] == "A line of more than 200,000 bytes is not read."
    assert "nested" in reasons[5]
    assert "too many events" in reasons[6]
    assert all(answer["policy"]["digest"] for answer in answers)


def test_an_endless_line_is_answered_once_and_left(ask: httpx.Client):
    def body():
        yield json.dumps(lead(1)).encode() + b"\n"
        for _ in range(50):
            yield b"x" * 50_000
        yield b"\n" + json.dumps(lead(3)).encode()

    got = ask.post(MANY, content=body(), headers=LINES).content.splitlines()
    assert [json.loads(line)["status"] for line in got] == ["decided", "rejected", "decided"]


def test_nothing_in_nothing_out(ask: httpx.Client):
    assert ask.post(MANY, content=b"", headers=LINES).content == b""
    assert ask.post(MANY, content=b"\n\n", headers=LINES).content == b""


def test_answers_come_while_lines_are_still_to_come(service: Service):
    with service.connect() as connection:
        connection.sendall(_head())
        reader = connection.makefile("rb")
        for number in range(3):
            line = json.dumps(lead(number)).encode() + b"\n"
            connection.sendall(f"{len(line):x}\r\n".encode() + line + b"\r\n")
            if number == 0:
                while reader.readline() != b"\r\n":
                    pass
            size = int(reader.readline(), 16)
            assert json.loads(reader.read(size))["id"] == f"L-{number}"
            reader.readline()
        connection.sendall(b"0\r\n\r\n")
        assert reader.readline() == b"0\r\n"


def test_a_stream_that_stops_ends_in_a_problem(service: Service):
    line = json.dumps(lead()).encode() + b"\n"
    with service.connect() as connection:
        connection.sendall(_head() + f"{len(line):x}\r\n".encode() + line + b"\r\n")
        answer = connection.makefile("rb").read()
    last = answer.split(b"\r\n")[-4]
    assert json.loads(last)["type"] == "/docs#too-slow"


def test_a_reader_that_does_not_read_is_left(service: Service):
    """Its answers would have to be kept for ever."""
    body = (json.dumps(lead()).encode() + b"\n") * 300
    with service.connect() as connection:
        connection.settimeout(10)
        connection.sendall(_head())
        try:
            for _ in range(2_000):
                connection.sendall(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        except OSError:
            return
    raise AssertionError("The service took everything and was never read.")


def test_wrong_streams(ask: httpx.Client):
    table = ask.post(MANY, content=b"{}", headers={"content-type": "text/csv"})
    problem(table, 415, "wrong-media-type")
    problem(ask.post(f"{MANY}&x=1", content=b"{}", headers=LINES), 400, "wrong-question")
    problem(ask.get(MANY), 405, "wrong-method")


def _head() -> bytes:
    return (
        f"POST {MANY} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\n"
        "transfer-encoding: chunked\r\n\r\n"
    ).encode()
