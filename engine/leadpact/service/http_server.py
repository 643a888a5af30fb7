"""The HTTP server. The one place that knows uvicorn.

uvicorn waits for ever for the head of a request, and for a client to take its answer. So open
connections are looked through once a second, and those that stand still too long are closed.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from uvicorn import Config, Server
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.http.h11_impl import H11Protocol

from leadpact.service.app import App
from leadpact.service.problems import MEDIA_TYPE, ProblemError, document
from leadpact.service.settings import Settings
from leadpact.service.streaming import STREAMS

__all__ = ["LOGGERS", "HttpServer", "listen"]

LOGGERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio")

_BACKLOG: Final = 2048

if TYPE_CHECKING:

    class _Protocol(H11Protocol):
        """What httptools' protocol has, and h11's has not."""

        def _start_asgi_task(self, cycle: Any, app: Any) -> None: ...

        def on_message_complete(self) -> None: ...

        def _unset_keepalive_if_required(self) -> None: ...

        def on_response_complete(self) -> None: ...

else:
    # httptools where it is installed (three times as fast), else h11.
    _Protocol = AutoHTTPProtocol


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ``OSError``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    listening.setblocking(False)
    return listening


class _Guarded(_Protocol):
    """A connection with limits: of the head's size, and of the time to send it."""

    settings: Settings

    def connection_made(self, transport: Any) -> None:
        self.head_since = self.loop.time()
        self.head_size = 0
        self.closing_since = 0.0
        self.body_since = 0.0
        super().connection_made(transport)
        if len(self.connections) > self.settings.limits.connections:
            said = f"{self.settings.limits.connections:,} are open already."
            self._refuse(ProblemError("too-busy", said))

    def data_received(self, data: bytes) -> None:
        cycle = self.cycle
        in_head = cycle is None or cycle.response_complete
        if in_head:
            self.head_size += len(data)
            data = _UPGRADE.sub(_NO_UPGRADE, data)
        super().data_received(data)
        if self.cycle is not cycle:
            self.head_size, self.head_since, self.body_since = 0, 0.0, 0.0
        elif in_head and self.head_size > self.settings.limits.head:
            most = self.settings.limits.head
            self._refuse(ProblemError("head-too-large", f"It has more than {most:,} bytes."))

    def send_400_response(self, msg: str) -> None:
        self._refuse(ProblemError("not-http", "The request is not HTTP/1.1 as it should be."))

    def look(self, now: float) -> None:
        """Close the connection if it has stood still too long."""
        patience = self.settings.limits.patience
        if self.transport.is_closing():
            self.closing_since = self.closing_since or now
            if now - self.closing_since > patience:
                self.transport.abort()
        elif self.head_size and not self.head_since:
            self.head_since = now
        elif self.head_since and now - self.head_since > patience:
            said = f"The head did not arrive within {patience:g} seconds."
            self._refuse(ProblemError("too-slow", said))
        elif self._waits_for_body():
            self.body_since = self.body_since or now
            if now - self.body_since > patience:
                said = f"The body did not arrive within {patience:g} seconds."
                self._refuse(ProblemError("too-slow", said))

    def _waits_for_body(self) -> bool:
        """As long as they run, streams look after themselves."""
        cycle = self.cycle
        if cycle is None or not cycle.more_body:
            return False
        if cycle.response_complete:
            return True
        return not cycle.response_started and not str(cycle.scope["path"]).endswith(STREAMS)

    def _refuse(self, problem: ProblemError) -> None:
        """Answer without the application, and hang up."""
        if self.transport.is_closing():
            return
        body = document(problem)
        head = (
            f"HTTP/1.1 {problem.kind.status} {_PHRASES[problem.kind.status]}\r\n"
            f"content-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\n"
            "connection: close\r\n\r\n"
        )
        cycle = self.cycle
        answered = cycle is not None and cycle.response_started
        if not answered or (cycle.response_complete and not cycle.more_body):
            self.transport.write(head.encode() + body)
            if cycle is not None and not cycle.response_complete:
                # The application hears that nobody waits for it any more.
                cycle.disconnected = True
                cycle.message_event.set()
        self.transport.close()


class _AtOnce(_Guarded):
    """A connection that answers the usual request for a decision as soon as its body is there.

    The usual way makes a task for each request, which takes longer than the decision. This one is
    for httptools alone, and for requests with nothing unusual about them; all others go the usual
    way, whatever was tried before.

    Programs send the same head again and again. A head that is the same, byte for byte, as one that
    was parsed and answered in this way is not parsed again.
    """

    application: App
    known: dict[bytes, tuple[Any, int]]
    _waiting: Any = None
    _answered: Any = None
    _clean: bool = True
    """Whether all that came so far were whole requests, each in a piece, so that the parser holds
    nothing of another.
    """

    def data_received(self, data: bytes) -> None:
        between = self._clean and self._is_between_requests()
        end = data.find(b"\r\n\r\n") + 4 if between else 0
        if end > 3:
            scope, size = self.known.get(data[:end], _UNKNOWN)
            if len(data) - end == size:
                answer = self.application.at_once(scope, data[end:])
                if answer is not None:
                    self.head_since = 0.0
                    self._unset_keepalive_if_required()
                    self._write(answer, self.server_state.default_headers, True)
                    self.on_response_complete()
                    return
        super().data_received(data)
        cycle, self._answered = self._answered, None
        size = len(data) - end
        if end > 3 and cycle is not None and cycle.keep_alive:
            self._clean = size == int(dict(cycle.scope["headers"])[b"content-length"])
        else:
            self._clean = False
        if self._clean and end <= _LONGEST_KNOWN:
            if len(self.known) >= _MOST_KNOWN:
                self.known.clear()
            self.known[data[:end]] = (cycle.scope, size)

    def _is_between_requests(self) -> bool:
        """Whether the parser has read a request to its end, and nothing of the next."""
        cycle = self.cycle
        return (
            not self.head_size
            and (cycle is None or (cycle.response_complete and not cycle.more_body))
            and not self.flow.write_paused
        )

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if (
            cycle.more_body
            and not cycle.waiting_for_100_continue
            and not self.flow.write_paused
            and self.application.takes_at_once(cycle.scope)
            and _is_short(cycle.scope["headers"])
        ):
            self._waiting = cycle
        else:
            super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        cycle, self._waiting = self._waiting, None
        if cycle is None or cycle.disconnected:
            return
        answer = self.application.at_once(cycle.scope, bytes(cycle.body))
        if answer is None:
            super()._start_asgi_task(cycle, self.app)
            return
        self._write(answer, cycle.default_headers, cycle.keep_alive)
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            self.transport.close()
        self._answered = cycle
        cycle.on_response()

    def _write(self, answer: bytes, headers: list[tuple[bytes, bytes]], keep_alive: bool) -> None:
        parts = [b"HTTP/1.1 200 OK\r\n"]
        for name, value in headers:
            parts += (name, b": ", value, b"\r\n")
        if not keep_alive:
            parts.append(b"connection: close\r\n")
        parts.append(answer)
        self.transport.write(b"".join(parts))


_UNKNOWN: Final = (None, -1)
_LONGEST_KNOWN: Final = 2_048
_MOST_KNOWN: Final = 4_096


def _is_short(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a body is so short that the server reads all of it without being asked to."""
    for name, value in headers:
        if name == b"content-length":
            return len(value) < 5
    return False


# Some programs offer HTTP/2 with each request. Who does not take the offer may pass it over, but
# httptools then reads no body.
_UPGRADE: Final = re.compile(rb"(?i)(?<=\n)upgrade(?=:)")
_NO_UPGRADE: Final = b"offered"

_PHRASES: Final = {
    400: "Bad Request",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


class HttpServer:
    """Serves an application on a listening socket until ``stop`` is called."""

    def __init__(self, app: App, settings: Settings, every_second: Callable[[int], None]) -> None:
        kind = _AtOnce if hasattr(_Guarded, "_start_asgi_task") else _Guarded
        members = {"settings": settings, "application": app, "known": {}}
        connection = type("_Connection", (kind,), members)
        config = Config(
            app,
            http=connection,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=max(1, int(2 * settings.limits.patience)),
            timeout_graceful_shutdown=settings.drain,
            backlog=_BACKLOG,
        )
        self._server = _Server(config, every_second)

    def run(self, listening: socket.socket, begin: Callable[[], None]) -> None:
        """Serve until stopped. ``begin`` is called once the event loop runs."""
        self._server.begin = begin
        self._server.run(sockets=[listening])

    def stop(self) -> None:
        """Take no more connections, end what was begun, then return from ``run``."""
        self._server.should_exit = True


class _Server(Server):
    def __init__(self, config: Config, every_second: Callable[[int], None]) -> None:
        super().__init__(config)
        self.begin: Callable[[], None] = _nothing
        self._every_second = every_second

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The worker itself listens to signals.
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.begin()

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, _Guarded):
                    connection.look(now)
            self._every_second(len(self.server_state.connections))
        return await super().on_tick(counter)


def _nothing() -> None:
    return None
