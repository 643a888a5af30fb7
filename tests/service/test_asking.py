"""Every question that a service answers, and every wrong one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from service_tests import AS_OF, FIRST, KONTOR, Service, lead, problem

import leadpact
from leadpact.service.problems import KINDS

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DECIDE = f"/v1/policies/first/decide?as_of={AS_OF}"


@pytest.fixture(scope="module")
def policy() -> leadpact.Policy:
    return leadpact.load_text(FIRST)


def test_a_decision_is_the_engines_own_byte_for_byte(ask: httpx.Client, policy: leadpact.Policy):
    for number in range(20):
        record = json.dumps(lead(number, employees=number * 7)).encode()
        for query, explain in (("", False), ("&explain=true", True)):
            answer = ask.post(
                DECIDE + query, content=record, headers={"content-type": "application/json"}
            )
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "application/json"
            assert answer.content == policy.decide_json(record, as_of=NOW, explain=explain)


def test_the_same_through_every_way_of_sending(service: Service, policy: leadpact.Policy):
    """In one piece and in many, with a length and chunked, several on one connection."""
    record = json.dumps(lead()).encode()
    wanted = policy.decide_json(record, as_of=NOW)
    head = f"POST {DECIDE} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    whole = f"{head}content-length: {len(record)}\r\n\r\n".encode() + record
    size = f"{len(record):x}".encode()
    chunked = f"{head}transfer-encoding: chunked\r\n\r\n".encode()
    chunked += size + b"\r\n" + record + b"\r\n0\r\n\r\n"
    java = whole.replace(b"host:", b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhost:")
    with service.connect() as connection:
        reader = connection.makefile("rb")
        for data in (whole, whole, chunked, whole, whole * 3, java, whole):
            times = 3 if len(data) == 3 * len(whole) else 1
            connection.sendall(data)
            for _ in range(times):
                assert read_answer(reader) == (200, wanted)
        for cut in range(1, len(whole), 97):
            connection.sendall(whole[:cut])
            connection.sendall(whole[cut:])
            assert read_answer(reader) == (200, wanted)


def read_answer(reader) -> tuple[int, bytes]:
    status = int(reader.readline().split()[1])
    size = 0
    while (line := reader.readline()) != b"\r\n":
        name, _, value = line.partition(b":")
        size = int(value) if name.lower() == b"content-length" else size
    return status, reader.read(size)


def test_without_an_instant_it_is_now_and_what_just_happened_counts(ask: httpx.Client):
    just = datetime.now(UTC)
    events = [
        {"kind": "pricing_view", "at": (just - timedelta(days=days)).isoformat()} for days in (0, 1)
    ]
    decided = ask.post("/v1/policies/first/decide", json=lead(activities=events)).json()
    assert decided["scores"]["interest"]["points"] == 40
    as_of = datetime.fromisoformat(decided["as_of"])
    assert just <= as_of < just + timedelta(seconds=5)


def test_replay_is_the_engines_own(ask: httpx.Client, policy: leadpact.Policy):
    from leadpact.life import encode

    answer = ask.post(f"/v1/policies/first/replay?until={AS_OF}", json=lead())
    assert answer.content == encode(policy.replay(lead(), until=NOW))


def test_a_sign_in_an_instant_needs_no_escape(ask: httpx.Client):
    answer = ask.post("/v1/policies/first/decide?as_of=2026-11-21T10:00:00+01:00", json=lead())
    assert answer.json()["as_of"] == AS_OF


def test_the_list_of_policies(ask: httpx.Client, policy: leadpact.Policy):
    listed = {one["name"]: one for one in ask.get("/v1/policies").json()["policies"]}
    assert set(listed) == {"first", "kontor"}
    assert listed["first"] == ask.get("/v1/policies/first").json()
    version = {
        "version": 1,
        "digest": policy.digest,
        "in_force_from": None,
        "in_force_since": None,
    }
    assert listed["first"]["in_force"] == version
    assert listed["first"]["versions"] == [version]
    assert listed["kontor"]["in_force"]["in_force_since"] == "2026-09-30T22:00:00Z"


def test_schema_and_source(ask: httpx.Client, policy: leadpact.Policy):
    schema = ask.get("/v1/policies/first/schema?version=1")
    assert schema.json() == policy.schema
    assert schema.headers["leadpact-digest"] == policy.digest
    source = ask.get("/v1/policies/first/source").json()
    assert source["files"] == [{"name": "policy.leadpact", "text": FIRST}]
    assert source["digest"] == policy.digest


def test_health(ask: httpx.Client):
    assert ask.get("/healthz").json() == {"status": "alive"}
    ready = ask.get("/readyz").json()
    assert ready["status"] == "ready"
    assert [one["name"] for one in ready["policies"]] == ["first", "kontor"]


def test_head_is_get_without_a_body(ask: httpx.Client):
    for path in ("/healthz", "/v1/policies", "/docs"):
        got, head = ask.get(path), ask.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == got.headers["content-length"]


def test_the_documentation_needs_no_network(ask: httpx.Client):
    page = ask.get("/docs")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "src=" not in page.text
    assert "<script" not in page.text
    assert "@import" not in page.text
    for name, kind in KINDS.items():
        assert f'<tr id="{name}">' in page.text
        assert kind.title.replace("'", "&#x27;") in page.text
    assert "curl" in page.text


def test_the_metrics_tell_what_happened(ask: httpx.Client):
    def count(name: str, **labels: str) -> float:
        for family in text_string_to_metric_families(ask.get("/metrics").text):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        raise AssertionError(name)

    labels = {"policy": "first", "question": "decide", "outcome": "decided"}
    before = count("leadpact_decisions_total", **labels)
    wrong = count("leadpact_problems_total", problem="wrong-record")
    fine = count("leadpact_responses_total", status="200")
    for _ in range(3):
        assert ask.post(DECIDE, json=lead()).status_code == 200
    assert ask.post(DECIDE, json={"id": 1, "employees": "many"}).status_code == 422
    assert count("leadpact_decisions_total", **labels) == before + 3
    assert count("leadpact_problems_total", problem="wrong-record") == wrong + 1
    assert count("leadpact_responses_total", status="200") >= fine + 3
    seconds = {"policy": "first", "question": "decide"}
    buckets = count("leadpact_request_seconds_bucket", **seconds, le="+Inf")
    assert buckets == count("leadpact_request_seconds_count", **seconds) >= 4
    assert count("leadpact_policy_info", policy="kontor", version="1") == 1


# --- wrong questions -----------------------------------------------------------------------------


def test_all_wrong_fields_are_named_at_once(ask: httpx.Client):
    record = {"id": "L-1", "employees": "many", "stage": "won", "email": 5}
    found = problem(ask.post(DECIDE, json=record), 422, "wrong-record")
    assert {one["field"] for one in found["problems"]} == {"employees", "stage", "email"}
    assert found["id"] == "L-1"
    assert found["policy"]["name"] == "first"


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/nothing", 404, "nothing-here"),
        ("GET", "/v1", 404, "nothing-here"),
        ("GET", "/v1/policies/first/rows", 404, "nothing-here"),
        ("GET", "/v1/policies/other", 404, "unknown-policy"),
        ("GET", "/v1/policies/../../etc/passwd", 404, "nothing-here"),
        ("GET", "/v1/policies/%2e%2e%2f%2e%2e/source", 404, "nothing-here"),
        ("GET", "/agreement/index.html", 404, "nothing-here"),
        ("POST", "/v1/policies/other/decide", 404, "unknown-policy"),
        ("POST", "/v1/policies/first/decide?version=7", 404, "unknown-version"),
        ("GET", "/v1/policies/first/schema?version=7", 404, "unknown-version"),
        ("GET", "/v1/policies/first/decide", 405, "wrong-method"),
        ("PUT", "/v1/policies/first/decide", 405, "wrong-method"),
        ("DELETE", "/v1/policies/first", 405, "wrong-method"),
        ("OPTIONS", "/docs", 405, "wrong-method"),
        ("POST", "/healthz", 405, "wrong-method"),
        ("POST", "/v1/policies/first/decide?as_of=yesterday", 400, "wrong-question"),
        ("POST", "/v1/policies/first/decide?as_of=2026-11-21T09:00:00", 400, "wrong-question"),
        ("POST", "/v1/policies/first/decide?as_of=1800-11-21T09:00:00Z", 400, "wrong-question"),
        ("POST", "/v1/policies/first/decide?explain=1", 400, "wrong-question"),
        ("POST", "/v1/policies/first/decide?version=x", 400, "wrong-question"),
        ("POST", "/v1/policies/first/decide?asof=x&asof=y", 400, "wrong-question"),
        ("POST", "/v1/policies/kontor/decide?as_of=2026-09-30T21:59:59Z", 409, "not-in-force"),
        ("GET", "/v1/policies?x=1", 400, "wrong-question"),
    ],
)
def test_wrong_addresses(ask: httpx.Client, method: str, path: str, status: int, name: str):
    request = ask.build_request(method, path, json=lead() if method == "POST" else None)
    if ".." in path:
        request.url = request.url.copy_with(raw_path=path.encode())
    answer = ask.send(request)
    problem(answer, status, name)
    if status == 405:
        assert answer.headers["allow"]


def test_all_that_is_wrong_in_a_question_is_named(ask: httpx.Client):
    answer = ask.post("/v1/policies/first/decide?as_of=now&explain=maybe&colour=red", json=lead())
    found = problem(answer, 400, "wrong-question")
    assert [one["field"] for one in found["problems"]] == ["as_of", "explain", "colour"]


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"", 400, "not-json"),
        (b"{", 400, "not-json"),
        (b'{"id": "\xff"}', 400, "not-json"),
        ('{"id": "L-1"}'.encode("utf-16"), 400, "not-json"),
        (b'{"id": NaN}', 400, "not-json"),
        (b'{"id": 1}{"id": 2}', 400, "not-json"),
        (b'{"id": "\\ud800"}', 400, "not-json"),
        (b"[]", 422, "wrong-record"),
        (b'"L-1"', 422, "wrong-record"),
        (b"{}", 422, "wrong-record"),
        (b'{"id": 1, "employees": 1e999}', 400, "not-json"),
        (b'{"id": 1, "employees": ' + b"9" * 5_000 + b"}", 400, "not-json"),
        (b"[" * 100_000, 400, "too-deep"),
        (b'{"id": 1, "more": ' + b"[" * 30 + b"]" * 30 + b"}", 400, "too-deep"),
        (b'{"id": 1, "more": ' + b'{"a":' * 30_000, 400, "too-deep"),
        (b'{"id": 1, "activities": [' + b"{}," * 2_001 + b"{}]}", 422, "too-many-events"),
        (b'{"id": 1, "more": "' + b"x" * 200_000 + b'"}', 413, "too-large"),
    ],
)
def test_wrong_bodies(ask: httpx.Client, body: bytes, status: int, name: str):
    headers = {"content-type": "application/json"}
    problem(ask.post(DECIDE, content=body, headers=headers), status, name)


def test_a_byte_order_mark_is_passed_over(ask: httpx.Client):
    body = json.dumps(lead()).encode("utf-8-sig")
    assert (
        ask.post(DECIDE, content=body, headers={"content-type": "application/json"}).json()["id"]
        == "L-17"
    )


def test_nested_as_deep_as_allowed_is_only_warned_of(ask: httpx.Client):
    body = b'{"id": 1, "more": ' + b"[" * 19 + b"]" * 19 + b"}"
    answer = ask.post(DECIDE, content=body, headers={"content-type": "application/json"})
    assert answer.json()["warnings"] == [{"code": "unknown_key", "subject": "more", "count": 1}]


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_other_kinds_of_bodies(ask: httpx.Client, headers: dict[str, str]):
    body = json.dumps(lead()).encode()
    problem(ask.post(DECIDE, content=body, headers=headers), 415, "wrong-media-type")


def test_other_ways_to_say_json(ask: httpx.Client):
    body = json.dumps(lead()).encode()
    for kind in ("application/json; charset=UTF-8", "Application/JSON", ""):
        headers = {"content-type": kind} if kind else {}
        assert ask.post(DECIDE, content=body, headers=headers).status_code == 200, kind


def test_without_keys_it_answers_as_localhost_alone(ask: httpx.Client):
    """Or a page that a browser here shows could ask it."""
    for host in ("evil.example", "evil.example:8080", "127.0.0.1.evil.example"):
        answer = ask.post(DECIDE, json=lead(), headers={"host": host})
        problem(answer, 421, "wrong-host")
    for host in ("localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:80"):
        assert ask.post(DECIDE, json=lead(), headers={"host": host}).status_code == 200


def test_a_policy_without_stages_is_not_replayed(serve, tmp_path):
    from service_tests import write_policy

    text = FIRST.partition("stage lead")[0]
    with serve(write_policy(tmp_path / "first", text)).client() as client:
        problem(client.post("/v1/policies/first/replay", json=lead()), 409, "no-stages")


def test_kontor_decides_its_sample(ask: httpx.Client):
    record = (KONTOR / "sample" / "lead.json").read_bytes()
    answer = ask.post(
        f"/v1/policies/kontor/decide?as_of={AS_OF}",
        content=record,
        headers={"content-type": "application/json"},
    )
    assert answer.content == leadpact.load(KONTOR).decide_json(record, as_of=NOW)
