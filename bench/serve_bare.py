"""The yardstick of the service: an endpoint that only decodes and encodes the same bytes.

The same server as `leadpact serve` runs on (uvicorn, with httptools and uvloop where they are
installed), nothing between it and the endpoint. A POST to any path decodes the body to the policy's
typed record and encodes a decision that was made beforehand. No policy is asked, nothing is
checked, no limit is kept, nothing is logged or counted.

    python bench/serve_bare.py [--port 0]     prints its address, and serves until it is stopped
"""

from __future__ import annotations

import argparse
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import leads
import msgspec
import uvicorn

import leadpact

KONTOR = Path(__file__).resolve().parent / "kontor"

App = Callable[[Any, Any, Any], Awaitable[None]]


def bare() -> App:
    """The ASGI application."""
    policy = leadpact.load(KONTOR)
    decode = policy.types.decoder.decode
    encode = msgspec.json.Encoder().encode
    decision = policy.decide(msgspec.json.decode(leads.draw(1)[0]), as_of=leads.AS_OF)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        body = message["body"]
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        decode(body)
        answer = encode(decision)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(answer)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return app


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the bare endpoint.")
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    listening = socket.create_server(("127.0.0.1", asked.port), backlog=2048)
    config = uvicorn.Config(
        bare(),
        lifespan="off",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
