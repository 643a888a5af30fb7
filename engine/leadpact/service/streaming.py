"""Many records in one request: JSON lines in, JSON lines out, in their order.

Answers go out while lines still come in. The log gets its lines of a batch before the client gets
the answers. A bad line is answered in its place; blank lines are passed over.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Final

from leadpact.service.bodies import GoneError, Receive, Send, chunks_of
from leadpact.service.deciding import Deciding, Question
from leadpact.service.log_lines import Writer
from leadpact.service.problems import ProblemError, document
from leadpact.service.settings import Limits

__all__ = ["MEDIA_TYPE", "STREAMS", "stream"]

STREAMS: Final = "/decide-many"
"""How the addresses of streams end."""

MEDIA_TYPE: Final = b"application/x-ndjson"

_TURN: Final = 0.01
"""Seconds of computing after which other requests get their turn."""


async def stream(
    deciding: Deciding, question: Question, receive: Receive, send: Send, limits: Limits
) -> None:
    """Answer a stream of records. Raises ``ProblemError`` as long as nothing was sent; later, the
    problem is the last line.
    """
    begun = perf_counter()
    answering = _Answering(deciding, question, send, limits)
    try:
        async for piece in chunks_of(receive, limits):
            await answering.take(piece)
        await answering.end()
    except ProblemError as problem:
        if not answering.has_begun:
            raise
        await answering.out(document(problem, question.request) + b"\n", last=True)
    finally:
        deciding.took(question, begun)


class _Answering:
    """The state of one stream: what is left of the last line, and answers not yet sent."""

    def __init__(self, deciding: Deciding, question: Question, send: Send, limits: Limits) -> None:
        self.has_begun = False
        self._deciding = deciding
        self._question = question
        self._send = send
        self._limits = limits
        self._writer: Writer | None = deciding.writer(question)
        self._left = b""
        self._skips = False
        self._number = 0
        self._answers: list[bytes] = []
        self._lines: list[bytes] = []

    async def take(self, piece: bytes) -> None:
        """Answer the lines that are whole with this piece."""
        *lines, self._left = (self._left + piece).split(b"\n")
        turn = perf_counter() + _TURN
        for line in lines:
            if self._skips:
                self._skips = False
                continue
            self._line(line)
            if perf_counter() > turn:
                await self._flush()
                turn = perf_counter() + _TURN
        if len(self._left) > self._limits.body:
            if not self._skips:
                self._too_long()
            self._skips, self._left = True, b""
        await self._flush()

    async def end(self) -> None:
        """Answer the last line, which may have no end, and finish."""
        if not self._skips:
            self._line(self._left)
        await self._flush()
        await self.out(b"", last=True)

    def _line(self, line: bytes) -> None:
        self._number += 1
        if len(line) > self._limits.body:
            self._number -= 1
            self._too_long()
        elif line and not line.isspace():
            self._keep(self._deciding.line(self._question, line, self._number, self._writer))

    def _too_long(self) -> None:
        self._number += 1
        reason = f"A line of more than {self._limits.body:,} bytes is not read."
        self._keep(self._deciding.bad_line(self._question, self._number, self._writer, reason))

    def _keep(self, made: tuple[bytes, bytes]) -> None:
        answer, line = made
        self._answers += (answer, b"\n")
        self._lines.append(line)

    async def _flush(self) -> None:
        """Log, then send; then let others have their turn."""
        if self._answers:
            answers, lines = b"".join(self._answers), b"".join(self._lines)
            self._answers, self._lines = [], []
            self._deciding.write(lines)
            await self.out(answers)
        await asyncio.sleep(0)

    async def out(self, data: bytes, last: bool = False) -> None:
        """Send; a client that does not read is left."""
        try:
            async with asyncio.timeout(self._limits.patience):
                if not self.has_begun:
                    self.has_begun = True
                    headers = [
                        (b"content-type", MEDIA_TYPE),
                        (b"cache-control", b"no-store"),
                        (b"leadpact-request", self._question.request.encode()),
                    ]
                    await self._send(
                        {"type": "http.response.start", "status": 200, "headers": headers}
                    )
                message = {"type": "http.response.body", "body": data, "more_body": not last}
                await self._send(message)
        except TimeoutError:
            raise GoneError from None
