"""What the service answers when it cannot do what it is asked: problem documents (RFC 9457).

Every kind of problem stands in ``KINDS``, with what it means: the pages of the service and its
OpenAPI document are made from it. A document holds words of ours and what the client itself sent,
never the text of an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from leadpact_dsl.frozen import frozen

__all__ = ["KINDS", "MEDIA_TYPE", "Kind", "ProblemError", "document"]

MEDIA_TYPE: Final = "application/problem+json"


@frozen
class Kind:
    """A kind of problem: its name in the document's ``type``, its status, and what to do."""

    name: str
    status: int
    title: str
    meaning: str


_ALL: Final = (
    Kind("not-http", 400, "This is not HTTP", "The request cannot be read."),
    Kind(
        "wrong-question",
        400,
        "The question cannot be understood",
        "Something after the `?` is unknown or wrong. `problems` names all of it.",
    ),
    Kind(
        "not-json",
        400,
        "The body is not JSON",
        "Send one JSON object in UTF-8. `detail` says where reading stopped.",
    ),
    Kind("too-deep", 400, "The record is nested too deep", "Send the record flat, as it is."),
    Kind("no-key", 401, "A key is needed", "Send `Authorization: Bearer KEY` with a valid key."),
    Kind(
        "not-allowed", 403, "The key does not allow this", "Ask for a key with the right it names."
    ),
    Kind("nothing-here", 404, "There is nothing here", "`/docs` lists what there is."),
    Kind("unknown-policy", 404, "There is no such policy", "`/v1/policies` lists the policies."),
    Kind(
        "unknown-version",
        404,
        "The policy has no such version",
        "`/v1/policies/NAME` lists its versions.",
    ),
    Kind("wrong-method", 405, "This cannot be done here", "The header `Allow` says what can."),
    Kind("too-slow", 408, "The request came too slowly", "Send the body without long pauses."),
    Kind(
        "not-in-force",
        409,
        "No version is in force then",
        "Ask for a later `as_of`, or name the `version`.",
    ),
    Kind(
        "no-stages",
        409,
        "The policy has no stages",
        "Only policies with stages can be replayed. Ask for a decision instead.",
    ),
    Kind("too-large", 413, "The body is too large", "`detail` says how large it may be."),
    Kind(
        "wrong-media-type",
        415,
        "The body is not sent as JSON",
        "Send `Content-Type: application/json`, in UTF-8 and not compressed.",
    ),
    Kind(
        "wrong-host",
        421,
        "The request is for somebody else",
        "A service without keys answers requests to this machine by its loopback name alone.",
    ),
    Kind(
        "wrong-record",
        422,
        "The record cannot be decided",
        "`problems` names every wrong field, its value and what is wanted.",
    ),
    Kind(
        "too-many-events",
        422,
        "The record has too many events",
        "Leave out activities, actions and moves that lie before every window of the policy.",
    ),
    Kind(
        "too-long-to-decide",
        422,
        "The record takes too long",
        "Send a record with fewer events, or replay it with `leadpact replay`.",
    ),
    Kind("head-too-large", 431, "The head is too large", "Send fewer or shorter headers."),
    Kind(
        "fault",
        500,
        "A fault in the service itself",
        "This should not happen. The service's own log has it under the same `request`.",
    ),
    Kind("too-busy", 503, "Too many connections", "Try again in a moment."),
    Kind(
        "log-unwritable",
        503,
        "The decision log cannot be written",
        "No decision is answered that was not logged. Whoever runs the service must mend it.",
    ),
)

KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in _ALL}


class ProblemError(Exception):
    """Ends a request with a problem document. ``more`` are further members of it."""

    def __init__(
        self,
        name: str,
        detail: str,
        more: Mapping[str, Any] | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(name)
        self.kind = KINDS[name]
        self.detail = detail
        self.more = more or {}
        self.headers = headers


def document(problem: ProblemError, request: str | None = None) -> bytes:
    """The problem as JSON."""
    kind = problem.kind
    members: dict[str, Any] = {
        "type": f"/docs#{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
    }
    if request is not None:
        members["request"] = request
    return msgspec.json.encode(members | dict(problem.more))
