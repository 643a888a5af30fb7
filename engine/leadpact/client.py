"""Asking a running service (``leadpact serve``) from Python.

    from leadpact.client import Client
    with Client("http://127.0.0.1:8080", key=key) as service:
        decision = service.decide("kontor", {"id": "L-17", "email": "dana@buyer.example"})

``AsyncClient`` has the same calls to ``await``. Answers are the engine's own types. A decision
changes nothing, so a request that breaks off is simply sent again.

Needs the extra ``leadpact[serve]``. The one place that knows httpx.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from datetime import date, datetime
from types import TracebackType
from typing import Any, Final, TypeAlias

import httpx
import msgspec
from msgspec import UNSET, Struct

from leadpact.api import RecordError
from leadpact.decision import Decision, Outcome, Problem, RefusedRecord, RejectedRecord
from leadpact.life import History

__all__ = [
    "AsyncClient",
    "Client",
    "PolicyInfo",
    "RecordError",
    "ServiceError",
    "SourceText",
    "VersionInfo",
]

Record: TypeAlias = Mapping[str, object]

_AT_ONCE: Final = 256
_BYTES_AT_ONCE: Final = 200_000
_PAUSES: Final = (0.05, 0.2, 0.5)
_MAY_MISS: Final = ("targets", "worklists", "unknown")


class ServiceError(Exception):
    """The service did not answer the question.

    ``name`` is the kind of problem (``unknown-policy``), ``status`` that of HTTP, ``request`` the
    request's name in the service's own log. When nothing could be asked at all, ``status`` is 0.
    """

    def __init__(self, name: str, status: int, detail: str, request: str | None = None) -> None:
        super().__init__(detail)
        self.name = name
        self.status = status
        self.request = request


class VersionInfo(Struct, frozen=True):
    """A version of a policy that the service has."""

    version: int
    digest: str
    in_force_from: date | None
    in_force_since: datetime | None


class PolicyInfo(Struct, frozen=True):
    """A policy that the service answers for."""

    name: str
    label: str
    time_zone: str
    has_stages: bool
    in_force: VersionInfo | None
    next: VersionInfo | None
    versions: tuple[VersionInfo, ...]


class SourceText(Struct, frozen=True):
    """A file of a policy."""

    name: str
    text: str


class _Policies(Struct):
    policies: list[PolicyInfo]


class _Source(Struct):
    files: list[SourceText]


class _Problem(Struct):
    type: str
    detail: str
    request: str | None = None
    problems: tuple[Problem, ...] = ()


class _Status(Struct):
    status: str | int


class Client:
    """A service at an address. ``timeout`` is in seconds, ``retries`` counts broken requests.

    Every call raises ``ServiceError`` when the service does not answer the question.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout: float = 30.0,
        retries: int = 2,
    ) -> None:
        self._retries = retries
        self._http = httpx.Client(base_url=url, headers=_key(key), timeout=timeout)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def policies(self) -> tuple[PolicyInfo, ...]:
        """All policies of the service."""
        return _policies(self._ask(_get("/v1/policies")))

    def policy(self, name: str) -> PolicyInfo:
        """A policy and its versions."""
        return _policy(self._ask(_get(_path(name))))

    def schema(self, name: str, *, version: int | None = None) -> dict[str, Any]:
        """What a record looks like, as a JSON Schema."""
        return _schema(self._ask(_get(_path(name, "schema"), _query(None, False, version))))

    def source(self, name: str, *, version: int | None = None) -> tuple[SourceText, ...]:
        """The files of a policy."""
        return _source(self._ask(_get(_path(name, "source"), _query(None, False, version))))

    def decide(
        self,
        name: str,
        record: Record,
        *,
        as_of: datetime | None = None,
        explain: bool = False,
        version: int | None = None,
    ) -> Decision | RefusedRecord:
        """What a policy says about a record; without ``as_of``, now.

        Raises ``RecordError`` when the record is wrong.
        """
        query = _query(as_of, explain, version)
        return _decided(self._ask(_post(_path(name, "decide"), query, _encode(record))))

    def decide_many(
        self,
        name: str,
        records: Iterable[Record],
        *,
        as_of: datetime | None = None,
        explain: bool = False,
        version: int | None = None,
    ) -> Iterator[Outcome]:
        """One outcome a record, in order, lazily. A wrong record gives a ``RejectedRecord``.

        Records are sent some hundred at a time. Without ``as_of``, each of these is decided as of
        when it is sent.
        """
        query = _query(as_of, explain, version)
        for count, lines in _batches(records):
            yield from _outcomes(self._ask(_many(name, query, lines)), count)

    def replay(
        self,
        name: str,
        record: Record,
        *,
        until: datetime | None = None,
        version: int | None = None,
    ) -> History | RefusedRecord:
        """The whole life of a lead; without ``until``, until now.

        Raises ``RecordError`` when the record is wrong or its lead moves in a circle.
        """
        query = _query(until, False, version, "until")
        return _told(self._ask(_post(_path(name, "replay"), query, _encode(record))))

    def _ask(self, request: dict[str, Any]) -> bytes:
        for pause in (*_PAUSES[: self._retries], None):
            try:
                return _body(self._http.request(**request))
            except _BROKEN as broken:
                if pause is None:
                    raise _unreached(broken) from None
            time.sleep(pause)
        raise AssertionError("The last try ends the loop.")


class AsyncClient:
    """The same as ``Client``, to ``await``."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout: float = 30.0,
        retries: int = 2,
    ) -> None:
        self._retries = retries
        self._http = httpx.AsyncClient(base_url=url, headers=_key(key), timeout=timeout)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def policies(self) -> tuple[PolicyInfo, ...]:
        """All policies of the service."""
        return _policies(await self._ask(_get("/v1/policies")))

    async def policy(self, name: str) -> PolicyInfo:
        """A policy and its versions."""
        return _policy(await self._ask(_get(_path(name))))

    async def schema(self, name: str, *, version: int | None = None) -> dict[str, Any]:
        """What a record looks like, as a JSON Schema."""
        return _schema(await self._ask(_get(_path(name, "schema"), _query(None, False, version))))

    async def source(self, name: str, *, version: int | None = None) -> tuple[SourceText, ...]:
        """The files of a policy."""
        return _source(await self._ask(_get(_path(name, "source"), _query(None, False, version))))

    async def decide(
        self,
        name: str,
        record: Record,
        *,
        as_of: datetime | None = None,
        explain: bool = False,
        version: int | None = None,
    ) -> Decision | RefusedRecord:
        """See ``Client.decide``."""
        query = _query(as_of, explain, version)
        return _decided(await self._ask(_post(_path(name, "decide"), query, _encode(record))))

    async def decide_many(
        self,
        name: str,
        records: Iterable[Record] | AsyncIterable[Record],
        *,
        as_of: datetime | None = None,
        explain: bool = False,
        version: int | None = None,
    ) -> AsyncIterator[Outcome]:
        """See ``Client.decide_many``. Records may come asynchronously, too."""
        query = _query(as_of, explain, version)
        if isinstance(records, AsyncIterable):
            async for count, lines in _async_batches(records):
                for outcome in _outcomes(await self._ask(_many(name, query, lines)), count):
                    yield outcome
            return
        for count, lines in _batches(records):
            for outcome in _outcomes(await self._ask(_many(name, query, lines)), count):
                yield outcome

    async def replay(
        self,
        name: str,
        record: Record,
        *,
        until: datetime | None = None,
        version: int | None = None,
    ) -> History | RefusedRecord:
        """See ``Client.replay``."""
        query = _query(until, False, version, "until")
        return _told(await self._ask(_post(_path(name, "replay"), query, _encode(record))))

    async def _ask(self, request: dict[str, Any]) -> bytes:
        for pause in (*_PAUSES[: self._retries], None):
            try:
                return _body(await self._http.request(**request))
            except _BROKEN as broken:
                if pause is None:
                    raise _unreached(broken) from None
            await asyncio.sleep(pause)
        raise AssertionError("The last try ends the loop.")


# --- what is sent --------------------------------------------------------------------------------

_BROKEN: Final = (httpx.TransportError, httpx.InvalidURL)


def _key(key: str | None) -> dict[str, str]:
    return {} if key is None else {"authorization": f"Bearer {key}"}


def _path(name: str, what: str = "") -> str:
    if not name.isidentifier():
        raise ServiceError("unknown-policy", 404, f"No policy can be named `{name}`.")
    return f"/v1/policies/{name}/{what}" if what else f"/v1/policies/{name}"


def _query(
    instant: datetime | None, explain: bool, version: int | None, word: str = "as_of"
) -> dict[str, str]:
    query = {}
    if instant is not None:
        query[word] = instant.isoformat()
    if explain:
        query["explain"] = "true"
    if version is not None:
        query["version"] = str(version)
    return query


def _get(path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
    return {"method": "GET", "url": path, "params": query or {}}


def _post(path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    return {"method": "POST", "url": path, "params": query, "content": body, "headers": headers}


def _many(name: str, query: dict[str, str], lines: bytes) -> dict[str, Any]:
    request = _post(_path(name, "decide-many"), query, lines)
    return {**request, "headers": {"content-type": "application/x-ndjson"}}


_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode


def _encode(record: Record) -> bytes:
    return _ENCODE(record)


def _batches(records: Iterable[Record]) -> Iterator[tuple[int, bytes]]:
    """Records as lines, some at a time: a client that sent them all first would wait for a service
    that waits for it to read.
    """
    lines: list[bytes] = []
    size = 0
    for record in records:
        lines.append(_encode(record))
        size += len(lines[-1])
        if len(lines) >= _AT_ONCE or size >= _BYTES_AT_ONCE:
            yield len(lines), b"\n".join(lines)
            lines, size = [], 0
    if lines:
        yield len(lines), b"\n".join(lines)


async def _async_batches(records: AsyncIterable[Record]) -> AsyncIterator[tuple[int, bytes]]:
    waiting: list[Record] = []
    async for record in records:
        waiting.append(record)
        if len(waiting) >= _AT_ONCE:
            for batch in _batches(waiting):
                yield batch
            waiting = []
    for batch in _batches(waiting):
        yield batch


# --- what comes back -----------------------------------------------------------------------------


def _body(response: httpx.Response) -> bytes:
    if response.status_code == 200:
        return response.content
    try:
        problem = msgspec.json.decode(response.content, type=_Problem)
    except msgspec.DecodeError:
        said = f"The answer has status {response.status_code} and is no problem document."
        raise ServiceError("", response.status_code, said) from None
    name = problem.type.rpartition("#")[2]
    if name == "wrong-record":
        raise RecordError(problem.problems)
    raise ServiceError(name, response.status_code, problem.detail, problem.request)


def _unreached(broken: Exception) -> ServiceError:
    return ServiceError("unreached", 0, f"The service cannot be reached: {broken}.")


def _policies(data: bytes) -> tuple[PolicyInfo, ...]:
    return tuple(msgspec.json.decode(data, type=_Policies).policies)


def _policy(data: bytes) -> PolicyInfo:
    return msgspec.json.decode(data, type=PolicyInfo)


def _schema(data: bytes) -> dict[str, Any]:
    return msgspec.json.decode(data, type=dict[str, Any])


def _source(data: bytes) -> tuple[SourceText, ...]:
    return tuple(msgspec.json.decode(data, type=_Source).files)


def _decided(data: bytes) -> Decision | RefusedRecord:
    outcome = _outcome(data)
    if isinstance(outcome, RejectedRecord):
        raise RecordError(outcome.problems)
    return outcome


def _outcomes(data: bytes, count: int) -> Iterator[Outcome]:
    """The outcomes of a batch; a last line that is a problem document is raised."""
    lines = data.splitlines()
    for line in lines:
        yield _outcome(line)
    if len(lines) != count:
        raise ServiceError("broken", 200, f"{len(lines)} answers came to {count} records.")


def _outcome(data: bytes) -> Outcome:
    match msgspec.json.decode(data, type=_Status).status:
        case "decided":
            return _decision(data)
        case "refused":
            return msgspec.json.decode(data, type=RefusedRecord)
        case "rejected":
            return msgspec.json.decode(data, type=RejectedRecord)
        case status:
            problem = msgspec.json.decode(data, type=_Problem)
            name = problem.type.rpartition("#")[2]
            number = status if isinstance(status, int) else 200
            raise ServiceError(name, number, problem.detail, problem.request)


def _decision(data: bytes) -> Decision:
    """A decision; what one without reasons leaves out is ``UNSET``, as the engine has it."""
    given = msgspec.json.decode(data, type=dict[str, Any])
    missing = [key for key in _MAY_MISS if key not in given]
    decision = msgspec.convert(given | dict.fromkeys(missing, ()), Decision)
    return msgspec.structs.replace(decision, **dict.fromkeys(missing, UNSET))


def _told(data: bytes) -> History | RefusedRecord:
    if msgspec.json.decode(data, type=_Status).status == "replayed":
        return msgspec.json.decode(data, type=History)
    return msgspec.json.decode(data, type=RefusedRecord)
