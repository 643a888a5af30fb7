"""What strangers send: slow, endless, too much, and no HTTP at all."""

from __future__ import annotations

import json
import time

from service_tests import AS_OF, Service, lead

POST = f"POST /v1/policies/first/decide?as_of={AS_OF} HTTP/1.1\r\nhost: localhost\r\n"
JSON = "content-type: application/json\r\n"


def told(service: Service, *pieces: bytes, pause: float = 0.0) -> tuple[int, dict]:
    """Send some pieces; the status and the document of the answer, after which it hangs up."""
    with service.connect() as connection:
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:
                break
            time.sleep(pause)
        answer = b""
        try:
            while piece := connection.recv(65_536):
                answer += piece
        except ConnectionError:
            pass
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def still_answers(service: Service) -> None:
    with service.client() as client:
        answer = client.post(f"/v1/policies/first/decide?as_of={AS_OF}", json=lead())
        assert answer.status_code == 200


def test_a_head_that_never_ends(service: Service):
    status, document = told(service, f"{POST}x: {'y' * 100_000}".encode())
    assert (status, document["type"]) in (
        (431, "/docs#head-too-large"),
        # h11 has a limit of its own.
        (400, "/docs#not-http"),
    )
    still_answers(service)


def test_a_head_that_does_not_come(service: Service):
    waiting = [service.connect() for _ in range(3)]
    for connection, begun in zip(waiting, (b"", b"POST /v1", POST.encode()), strict=True):
        connection.sendall(begun)
    for connection in waiting:
        answer = connection.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b'"type":"/docs#too-slow"' in answer
        connection.close()


def test_a_second_head_that_does_not_come(service: Service):
    body = json.dumps(lead()).encode()
    whole = f"{POST}{JSON}content-length: {len(body)}\r\n\r\n".encode() + body
    with service.connect() as connection:
        connection.sendall(whole)
        answer = connection.recv(65_536)
        connection.sendall(b"POST /v")
        while piece := connection.recv(65_536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


def test_pieces_of_a_request_that_look_like_a_whole_one(service: Service):
    """What begins in one piece is not taken for something else in the next."""
    body = json.dumps(lead()).encode()
    whole = f"{POST}{JSON}content-length: {len(body)}\r\n\r\n".encode() + body
    with service.connect() as connection:
        reader = connection.makefile("rb")
        for data, status in ((whole, 200), (whole + b"GET /x", 200), (whole, 400)):
            connection.sendall(data)
            assert int(reader.readline().split()[1]) == status
            if status == 200:
                size = 0
                while (line := reader.readline()) != b"\r\n":
                    name, _, value = line.partition(b":")
                    size = int(value) if name == b"content-length" else size
                reader.read(size)


def test_a_body_that_does_not_come(service: Service):
    head = f"{POST}{JSON}content-length: 100\r\n\r\n".encode()
    status, document = told(service, head + b'{"id": ')
    assert (status, document["type"]) == (408, "/docs#too-slow")


def test_a_body_that_comes_byte_by_byte(service: Service):
    head = f"{POST}{JSON}content-length: 100\r\n\r\n".encode()
    status, document = told(service, head, *[b" "] * 30, pause=0.15)
    assert (status, document["type"]) == (408, "/docs#too-slow")


def test_a_body_that_says_it_is_huge(service: Service):
    for length in ("200001", "9" * 18, "9" * 19):
        head = f"{POST}{JSON}content-length: {length}\r\nexpect: 100-continue\r\n\r\n"
        status, document = told(service, head.encode())
        assert status in (400, 413)
        assert document["type"] in ("/docs#too-large", "/docs#not-http")


def test_an_endless_body(service: Service):
    head = f"{POST}{JSON}transfer-encoding: chunked\r\n\r\n".encode()
    piece = b"2710\r\n" + b" " * 10_000 + b"\r\n"
    status, document = told(service, head, *[piece] * 3_000)
    assert (status, document["type"]) == (413, "/docs#too-large")
    still_answers(service)


def test_no_http(service: Service):
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"POST / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nhost: localhost\r\n\r\n",
        f"{POST}content-length: x\r\n\r\n".encode(),
        f"{POST}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}x".encode(),
        f"{POST}transfer-encoding: chunked\r\n\r\nzz\r\n".encode(),
    ):
        status, document = told(service, data)
        assert status in (400, 405, 408), data
        assert document["type"] in ("/docs#not-http", "/docs#too-slow", "/docs#not-json"), data
    still_answers(service)


def test_a_record_that_takes_too_long(serve, first):
    service = serve(first, "--max-seconds", "0.05")
    events = [
        {"kind": "pricing_view", "at": f"2026-{month:02}-{day:02}T{hour:02}:00:00Z"}
        for month in range(1, 11)
        for day in range(1, 28)
        for hour in range(24)
    ]
    with service.client() as client:
        answer = client.post(
            f"/v1/policies/first/replay?until={AS_OF}", json=lead(activities=events)
        )
        assert answer.json()["type"] == "/docs#too-long-to-decide"
        assert answer.elapsed.total_seconds() < 5
    still_answers(service)


def test_too_many_connections(serve, first):
    """Not an option of the command: its limit is a thousand for each worker."""
    service = serve(first)
    held = [service.connect() for _ in range(1_001)]
    time.sleep(0.2)
    with service.connect() as late:
        status = int(late.makefile("rb").read().split()[1])
    assert status == 503
    for connection in held:
        connection.close()
    time.sleep(0.2)
    still_answers(service)
