"""``leadpact.client`` against a real service: its answers are the engine's own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from service_tests import FIRST, KONTOR, Service, lead

import leadpact
from leadpact.client import AsyncClient, Client, RecordError, ServiceError
from leadpact.decision import RejectedRecord
from leadpact.service.keys import new_key

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy() -> leadpact.Policy:
    return leadpact.load_text(FIRST)


@pytest.fixture
def client(service: Service):
    with Client(service.url) as found:
        yield found


@pytest.mark.parametrize("explain", [False, True])
def test_decisions(client: Client, policy: leadpact.Policy, explain: bool):
    answer = client.decide("first", lead(), as_of=NOW, explain=explain)
    assert answer == policy.decide(lead(), as_of=NOW, explain=explain)


def test_refused_and_rejected(client: Client):
    refused = {"id": "K-1", "email": "test@kontor.example"}
    local = leadpact.load(KONTOR)
    assert client.decide("kontor", refused, as_of=NOW) == local.decide(refused, as_of=NOW)
    with pytest.raises(RecordError) as told:
        client.decide("first", lead(employees="many"), as_of=NOW)
    assert [problem.field for problem in told.value.problems] == ["employees"]


def test_many_decisions(client: Client, policy: leadpact.Policy):
    def records():
        for number in range(1_000):
            yield lead(number, employees=number if number != 500 else "many")

    got = list(client.decide_many("first", records(), as_of=NOW, explain=True))
    assert got == list(policy.decide_many(records(), as_of=NOW, explain=True))
    assert isinstance(got[500], RejectedRecord)
    assert list(client.decide_many("first", [])) == []


def test_replay(client: Client, policy: leadpact.Policy):
    assert client.replay("first", lead(), until=NOW) == policy.replay(lead(), until=NOW)


def test_what_the_service_has(client: Client, policy: leadpact.Policy):
    first, kontor = client.policies()
    assert client.policy("first") == first
    assert (first.name, first.in_force.digest) == ("first", policy.digest)
    assert kontor.in_force.in_force_from == date(2026, 10, 1)
    assert client.schema("first", version=1) == policy.schema
    assert [source.text for source in client.source("first")] == [FIRST]


def test_what_cannot_be_answered(client: Client):
    for ask, name, status in (
        (lambda: client.policy("other"), "unknown-policy", 404),
        (lambda: client.policy("../x"), "unknown-policy", 404),
        (lambda: client.schema("first", version=9), "unknown-version", 404),
        (lambda: list(client.decide_many("other", [lead()])), "unknown-policy", 404),
    ):
        with pytest.raises(ServiceError) as told:
            ask()
        assert (told.value.name, told.value.status) == (name, status)
    with Client("http://127.0.0.1:9", retries=0) as nobody, pytest.raises(ServiceError) as told:
        nobody.policies()
    assert (told.value.name, told.value.status) == ("unreached", 0)


def test_the_same_to_await(service: Service, policy: leadpact.Policy):
    async def ask() -> None:
        async with AsyncClient(service.url) as client:
            decisions = await asyncio.gather(
                *(client.decide("first", lead(number), as_of=NOW) for number in range(20))
            )
            assert [one.id for one in decisions] == [f"L-{number}" for number in range(20)]
            records = [lead(number) for number in range(600)]

            async def coming():
                for record in records:
                    yield record

            for given in (records, coming()):
                many = [one async for one in client.decide_many("first", given, as_of=NOW)]
                assert many == list(policy.decide_many(records, as_of=NOW))
            assert await client.replay("first", lead(), until=NOW) == policy.replay(
                lead(), until=NOW
            )
            assert [one.name for one in await client.policies()] == ["first", "kontor"]
            assert (await client.policy("first")).label == "Our first policy"
            assert (await client.schema("first"))["type"] == "object"
            assert len(await client.source("kontor")) > 5
            with pytest.raises(RecordError):
                await client.decide("first", {})

    # In a thread of its own: a browser's driver may have left a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, ask()).result()


def test_a_key(serve, first, tmp_path):
    keys = tmp_path / "keys.txt"
    key = new_key(keys, "crm", ("decide",))
    service = serve(first, "--keys", keys)
    with Client(service.url, key=key) as client:
        assert client.decide("first", lead(), as_of=NOW).stage.next == "mql"
        with pytest.raises(ServiceError, match="lacks the right `read`"):
            client.policies()
    with Client(service.url) as client, pytest.raises(ServiceError) as told:
        client.decide("first", lead())
    assert told.value.status == 401
