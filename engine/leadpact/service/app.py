"""The application: from a request to the part that answers it.

Plain ASGI: deciding takes some microseconds, and what stands before it must not take more.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter, time_ns
from typing import Any, Final, TypeAlias

from leadpact.service.asking import Asked, asked, present
from leadpact.service.bodies import GoneError, Receive, Send, body_of, json_only
from leadpact.service.catalogue import Shelf, Version
from leadpact.service.counts import Board, Row
from leadpact.service.deciding import Deciding, Question
from leadpact.service.door import Door
from leadpact.service.journal import Journal
from leadpact.service.keys import Key
from leadpact.service.problems import MEDIA_TYPE, ProblemError, document
from leadpact.service.settings import Settings
from leadpact.service.showing import Page, Showing
from leadpact.service.standing import Standing
from leadpact.service.streaming import stream

__all__ = ["App", "Asgi"]

Asgi: TypeAlias = Callable[[Any, Receive, Send], Awaitable[None]]

_UNDER: Final = "/v1/policies/"
_READ: Final = ("GET", "HEAD")
_WRITE: Final = ("POST",)

_DECIDES: Final = {
    "decide": ("as_of", "explain", "version"),
    "decide-many": ("as_of", "explain", "version"),
    "replay": ("until", "version"),
}
_SHOWS: Final = {"": (), "schema": ("version",), "source": ("version",)}


class App:
    """Answers requests for one worker. ``standing`` is replaced when policies or keys change."""

    def __init__(
        self,
        settings: Settings,
        standing: Standing,
        deciding: Deciding,
        board: Board,
        row: Row,
        journal: Journal,
        agreement: Asgi | None,
    ) -> None:
        self.settings = settings
        self.standing = standing
        self.draining = False
        self._deciding = deciding
        self._row = row
        self._journal = journal
        self._agreement = agreement
        self._showing = Showing(settings, board)
        self._decides = _deciding_paths(standing)
        self._door = Door(settings.open_to_all)
        # Unlike those of any other worker, also of one that had this one's place before.
        self._prefix = f"{os.getpid():x}-{time_ns() // 1_000_000:x}"
        self._requests = 0

    def replace(self, standing: Standing) -> None:
        """Take other policies and keys for all requests from now on."""
        self.standing = standing
        self._decides = _deciding_paths(standing)
        self._showing.forget()

    def takes_at_once(self, scope: Any) -> bool:
        """Whether ``at_once`` may be asked about a request when its body is there."""
        return (
            scope["path"] in self._decides
            and scope["method"] == "POST"
            and not self.settings.access_log
        )

    def at_once(self, scope: Any, body: bytes) -> bytes | None:
        """The end of the head and the body of an answer with status 200 to a request for one
        decision, if there is nothing unusual about it; else ``None``, and nothing has happened yet:
        the application answers it in the usual way.
        """
        number = self._requests + 1
        name = self._prefix if self.settings.log is None else self._request(number)
        try:
            headers = dict(scope["headers"])
            key = self._door.key(self.standing, headers)
            if key is not None or self.standing.keys is not None:
                self._door.may(self.standing, key, "decide", "")
            question = asked(scope["query_string"], _DECIDES["decide"])
            json_only(headers, False)
            asks = self._question(self._decides[scope["path"]], question, key, name)
            answer = self._deciding.at_once(asks, body)
        except Exception:
            # Whatever it is will be met again, and told.
            return None
        if answer is None:
            return None
        self._requests = number
        self._row.status(200)
        told = b"" if self.settings.log is None else b"leadpact-request: %b\r\n" % name.encode()
        return _AT_ONCE % (told, len(answer), answer)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        number = self._requests = self._requests + 1
        request = self._request(number)
        begun = perf_counter()
        told = _Told(send)
        name = None
        try:
            headers = dict(scope["headers"])
            key = self._door.key(self.standing, headers)
            name = key.name if key is not None else None
            await self._answer(scope, headers, receive, told, request, key)
            self._row.status(told.status)
        except Exception as failed:
            await self._failed(failed, told, request, scope["method"])
        if self.settings.access_log:
            self._journal.tell(
                "request",
                request=request,
                method=scope["method"] if scope["method"] in _METHODS else "?",
                route=_route(scope["path"], self.standing),
                status=told.status,
                milliseconds=round((perf_counter() - begun) * 1000, 3),
                key=name,
            )

    def _request(self, number: int) -> str:
        """A request's name in answers and logs."""
        return f"{self._prefix}-{number:x}"

    async def _failed(self, failed: Exception, told: _Told, request: str, method: str) -> None:
        """Answer what could not be answered."""
        match failed:
            case GoneError():
                return
            case ProblemError():
                problem = failed
            case _:
                self._journal.fault("fault", failed, request=request)
                detail = "Nothing about the record is known to be wrong."
                problem = ProblemError("fault", detail)
        await self._problem(told, problem, request, method)
        self._row.status(told.status)

    # --- what is asked -------------------------------------------------------------------------

    async def _answer(
        self,
        scope: Any,
        headers: Mapping[bytes, bytes],
        receive: Receive,
        send: _Told,
        request: str,
        key: Key | None,
    ) -> None:
        path: str = scope["path"]
        if path.startswith(_UNDER):
            name, _, what = path[len(_UNDER) :].partition("/")
            if what in _DECIDES:
                _allow(scope["method"], _WRITE)
                self._door.may(self.standing, key, "decide", "")
                await self._decide(scope, headers, receive, send, request, key, name, what)
                return
            if what in _SHOWS:
                _allow(scope["method"], _READ)
                self._door.may(self.standing, key, "read", "")
                asked_for = asked(scope["query_string"], _SHOWS[what])
                shelf = self._shelf(name)
                version = self._version(shelf, asked_for.version) if what else None
                page = self._showing.of_policy(self.standing, shelf, version, what)
                await _page(send, page, scope)
                return
        elif path.startswith("/agreement/") and self._agreement is not None:
            _allow(scope["method"], _READ)
            self._door.may(self.standing, key, "read", "agreement")
            await self._agreement(scope, receive, send)
            return
        await _page(send, self._shown(scope, path, key), scope)

    def _shown(self, scope: Any, path: str, key: Key | None) -> Page:
        """A page that belongs to no single policy."""
        showing, standing = self._showing, self.standing
        match path:
            case "/healthz":
                _allow(scope["method"], _READ)
                return showing.health()
            case "/readyz":
                _allow(scope["method"], _READ)
                trusted = standing.keys is None or (key is not None and "read" in key.rights)
                return showing.ready(standing, self.draining, self._deciding.log_fails, trusted)
            case "/metrics":
                _allow(scope["method"], _READ)
                self._door.may(self.standing, key, "metrics", "metrics")
                return showing.metrics(standing)
            case "/v1/policies" | "/openapi.json" | "/docs" | "/":
                _allow(scope["method"], _READ)
                self._door.may(self.standing, key, "read", "docs" if path != "/v1/policies" else "")
                asked(scope["query_string"], ())
                return showing.whole(standing, path)
            case "/agreement" if self._agreement is not None:
                _allow(scope["method"], _READ)
                self._door.may(self.standing, key, "read", "agreement")
                return Page(307, b"text/plain", b"", ((b"location", b"/agreement/"),))
            case _:
                raise ProblemError("nothing-here", "No part of the service has this address.")

    def _shelf(self, name: str) -> Shelf:
        shelf = self.standing.catalogue.shelves.get(name)
        if shelf is None:
            raise ProblemError("unknown-policy", "The service has no policy of this name.")
        return shelf

    def _version(self, shelf: Shelf, number: int | None) -> Version:
        """The version that is asked for, or else the one in force or the next to be."""
        if number is None:
            now = present()
            version = shelf.at(now) or shelf.after(now)
            assert version is not None
            return version
        found = shelf.numbered(number)
        if found is None:
            there = ", ".join(str(one.policy.version) for one in shelf.versions)
            raise ProblemError("unknown-version", f"{shelf.name} has the versions {there}.")
        return found

    async def _decide(
        self,
        scope: Any,
        headers: Mapping[bytes, bytes],
        receive: Receive,
        send: _Told,
        request: str,
        key: Key | None,
        name: str,
        what: str,
    ) -> None:
        question = asked(scope["query_string"], _DECIDES[what])
        shelf = self._shelf(name)
        json_only(headers, what == "decide-many")
        limits = self.settings.limits
        if what == "decide-many":
            asks = self._question(shelf, question, key, request)
            await stream(self._deciding, asks, receive, send, limits)
            return
        body = await body_of(headers, receive, limits)
        asks = self._question(shelf, question, key, request)
        decide = self._deciding.decide if what == "decide" else self._deciding.replay
        answer = decide(asks, body)
        answered = self._headers(answer, asks.request)
        await send({"type": "http.response.start", "status": 200, "headers": answered})
        await send({"type": "http.response.body", "body": answer})

    def _question(self, shelf: Shelf, question: Asked, key: Key | None, request: str) -> Question:
        """What is asked, as of when, and by which version; made when the record is there, so that
        all that happened before belongs to its past.
        """
        as_of = question.as_of or present()
        if question.version is None:
            version = shelf.at(as_of)
            if version is None:
                raise _not_in_force(shelf)
        else:
            version = self._version(shelf, question.version)
        name = key.name if key is not None else None
        place = self.standing.places[shelf.name]
        return Question(version.policy, place, as_of, question.explain, request, name)

    def _headers(self, answer: bytes, request: str) -> list[tuple[bytes, bytes]]:
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(answer)).encode()),
        ]
        if self.settings.log is not None:
            # Under this name the decision stands in the log.
            headers.append((b"leadpact-request", request.encode()))
        return headers

    async def _problem(self, send: _Told, problem: ProblemError, request: str, method: str) -> None:
        self._row.problem(problem.kind.name)
        if problem.kind.status >= 500:
            self._journal.tell("problem", "error", problem=problem.kind.name, request=request)
        if send.status:
            # An answer has begun: it can only be broken off.
            return
        body = document(problem, request)
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            *problem.headers,
        ]
        status = problem.kind.status
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


class _Told:
    """What is sent, and with which status it began; 0 before it did."""

    __slots__ = ("_send", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    def __call__(self, message: Any) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        return self._send(message)


_AT_ONCE: Final = b"content-type: application/json\r\n%bcontent-length: %d\r\n\r\n%b"

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _deciding_paths(standing: Standing) -> dict[str, Shelf]:
    return {f"{_UNDER}{shelf.name}/decide": shelf for shelf in standing.catalogue}


def _allow(method: str, methods: tuple[str, ...]) -> None:
    if method not in methods:
        listed = ", ".join(methods)
        allow = ((b"allow", listed.encode()),)
        raise ProblemError("wrong-method", f"Here you can {listed}.", headers=allow)


def _not_in_force(shelf: Shelf) -> ProblemError:
    first = shelf.versions[0]
    day = first.policy.checked.in_force_from
    detail = f"{shelf.name} is in force from {day}. Ask for a version to decide before that."
    return ProblemError("not-in-force", detail)


async def _page(send: _Told, page: Page, scope: Any) -> None:
    headers = [
        (b"content-type", page.media_type),
        (b"content-length", str(len(page.body)).encode()),
        *page.headers,
    ]
    await send({"type": "http.response.start", "status": page.status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else page.body
    await send({"type": "http.response.body", "body": body})


def _route(path: str, standing: Standing) -> str:
    """The path without what a stranger made up."""
    if path in ("/", "/healthz", "/readyz", "/metrics", "/v1/policies", "/openapi.json", "/docs"):
        return path
    if path.startswith("/agreement/"):
        return "/agreement/"
    if path.startswith(_UNDER):
        name, _, what = path[len(_UNDER) :].partition("/")
        if name in standing.catalogue.shelves and (what in _DECIDES or what in _SHOWS):
            return path
    return "?"
