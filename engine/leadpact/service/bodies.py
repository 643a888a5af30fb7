"""Reading what a client sends, within limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from leadpact.service.problems import ProblemError
from leadpact.service.settings import Limits

__all__ = ["GoneError", "Receive", "Send", "body_of", "chunks_of", "json_only"]

Receive: TypeAlias = Callable[[], Awaitable[Any]]
Send: TypeAlias = Callable[[Any], Awaitable[None]]

_CLOSE = ((b"connection", b"close"),)


class GoneError(Exception):
    """The client has left, so nobody waits for an answer."""


def json_only(headers: Mapping[bytes, bytes], lines: bool) -> None:
    """Turn away bodies that say they are something else. Raises ``ProblemError``."""
    kind = headers.get(b"content-type", _USUAL)
    if kind != _USUAL:
        kind, _, more = kind.lower().partition(b";")
        charset = more.replace(b" ", b"").replace(b'"', b"")
        if kind.strip() not in (_LINES if lines else _OBJECT) or charset not in _CHARSETS:
            usual = "Say `Content-Type: application/json` (with curl: `--json @lead.json`)."
            detail = "Say `Content-Type: application/x-ndjson`." if lines else usual
            raise ProblemError("wrong-media-type", detail, headers=_CLOSE)
    if b"content-encoding" in headers and headers[b"content-encoding"].lower() != b"identity":
        detail = "Bodies are not taken compressed."
        raise ProblemError("wrong-media-type", detail, headers=_CLOSE)


_USUAL = b"application/json"
_OBJECT = (_USUAL,)
_LINES = (b"application/x-ndjson", b"application/jsonl", b"application/jsonlines", _USUAL)
_CHARSETS = (b"", b"charset=utf-8", b"charset=utf8")


async def body_of(headers: Mapping[bytes, bytes], receive: Receive, limits: Limits) -> bytes:
    """The whole body. Raises ``ProblemError`` for one that is too large. The server hangs up on one
    that comes too slowly, and then this raises ``GoneError``.
    """
    length = headers.get(b"content-length", b"0")
    # Longer numbers than this cannot be right, and chunked bodies do not say.
    if len(length) > 18 or int(length) > limits.body:
        # Who asks before sending (`Expect`) has not begun.
        if b"expect" not in headers:
            await _linger(receive, limits)
        raise _too_large(limits.body)
    message = await receive()
    if message["type"] != "http.request":
        raise GoneError
    whole: bytes = message["body"]
    if message["more_body"]:
        whole = await _rest(whole, receive, limits)
    if len(whole) > limits.body:
        raise _too_large(limits.body)
    return whole


async def _rest(begun: bytes, receive: Receive, limits: Limits) -> bytes:
    parts, size = [begun], len(begun)
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise GoneError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limits.body:
            await _linger(receive, limits)
            raise _too_large(limits.body)
        if not message.get("more_body"):
            return b"".join(parts)


async def _linger(receive: Receive, limits: Limits) -> None:
    """Read on for a while: a client that is cut off while it sends never sees the answer."""
    left = 4 * limits.body
    try:
        async with asyncio.timeout(min(2.0, limits.patience)):
            while left > 0:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
                left -= len(message.get("body", b""))
    except TimeoutError:
        return


def _too_large(most: int) -> ProblemError:
    detail = f"A body of more than {most:,} bytes is not read."
    return ProblemError("too-large", detail, headers=_CLOSE)


async def chunks_of(receive: Receive, limits: Limits) -> AsyncIterator[bytes]:
    """The pieces of a long body as they come. Raises ``ProblemError`` when they stop coming, or
    are too many.
    """
    size = 0
    while True:
        try:
            async with asyncio.timeout(limits.patience):
                message = await receive()
        except TimeoutError:
            detail = f"Nothing arrived for {limits.patience:g} seconds."
            raise ProblemError("too-slow", detail, headers=_CLOSE) from None
        if message["type"] != "http.request":
            raise GoneError
        piece: bytes = message.get("body", b"")
        size += len(piece)
        if size > limits.stream:
            detail = f"A body of more than {limits.stream:,} bytes is not read."
            raise ProblemError("too-large", detail, headers=_CLOSE)
        if piece:
            yield piece
        if not message.get("more_body"):
            return
