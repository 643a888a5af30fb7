"""Who may ask for what: keys and their rights, and without keys this machine alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from leadpact.service.keys import Key
from leadpact.service.problems import ProblemError
from leadpact.service.standing import Standing

__all__ = ["Door"]

_LOCAL: Final = (b"localhost", b"127.0.0.1", b"[::1]")
_CHALLENGE: Final = ((b"www-authenticate", b'Bearer realm="leadpact"'),)


class Door:
    """Lets requests in. ``open_to_all`` names the parts that need no key."""

    def __init__(self, open_to_all: tuple[str, ...]) -> None:
        self._open_to_all = open_to_all
        self._host = b"localhost"

    def key(self, standing: Standing, headers: Mapping[bytes, bytes]) -> Key | None:
        """The key of a request, if it has a valid one. Raises ``ProblemError`` for a wrong one."""
        keys = standing.keys
        if keys is None:
            host = headers.get(b"host", b"localhost")
            if host != self._host and _without_port(host) not in _LOCAL:
                # Or a page from somewhere could let a browser here ask (DNS rebinding).
                detail = "Without keys the service answers as localhost alone."
                raise ProblemError("wrong-host", detail)
            self._host = host
            return None
        given = headers.get(b"authorization")
        if given is None:
            return None
        kind, _, token = given.partition(b" ")
        key = keys.find(token.strip()) if kind.lower() == b"bearer" else None
        if key is None:
            raise ProblemError("no-key", "The key is not valid.", headers=_CHALLENGE)
        return key

    def may(self, standing: Standing, key: Key | None, right: str, part: str = "") -> None:
        """Whether a key may do what needs a right. Raises ``ProblemError``."""
        if standing.keys is None or part in self._open_to_all:
            return
        if key is None:
            detail = f"This needs a key with the right `{right}`."
            raise ProblemError("no-key", detail, headers=_CHALLENGE)
        if right not in key.rights:
            raise ProblemError("not-allowed", f"The key `{key.name}` lacks the right `{right}`.")


def _without_port(host: bytes) -> bytes:
    name, colon, port = host.rpartition(b":")
    return (name if colon and port.isdigit() else host).lower()
