"""How a service runs: where it listens, what it limits, what it writes down. Plain data."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Final

from leadpact_dsl.frozen import frozen

__all__ = ["ANY_KEY_MAY", "Limits", "Logging", "Settings", "is_loopback"]

ANY_KEY_MAY: Final = ("docs", "metrics", "agreement")
"""What ``open_to_all`` may name: parts that answer without a key although the service has keys."""


@frozen
class Limits:
    """What one client may ask for. Sizes in bytes, times in seconds."""

    body: int = 1_000_000
    """The longest body of one record, and the longest line of many."""
    stream: int = 1_000_000_000
    """The longest body of many records, all lines together."""
    depth: int = 20
    """How deep objects and lists of a record may stand in each other."""
    events: int = 10_000
    """Activities, actions and moves of one record together."""
    seconds: float = 5.0
    """The time to work on one record."""
    patience: float = 15.0
    """The time to send a head or a body, and the longest pause in a stream, either way."""
    head: int = 32_768
    """The longest head of a request."""
    connections: int = 1_000
    """Open connections of one worker."""


@frozen
class Logging:
    """What the decision log holds, and when a new file is begun."""

    path: Path
    ids: bool = False
    """Write the leads' ids as they came."""
    records: bool = False
    """Write the records, without what is personal in them."""
    personal: bool = False
    """Write what is personal in the records, too."""
    redact: tuple[str, ...] = ()
    """Facts (``email``) and properties (``web_visit.url``) that are never written."""
    size: int = 100_000_000
    keep: int | None = None
    """How many full files are kept; ``None``: all."""


@frozen
class Settings:
    """Everything that ``leadpact serve`` is told."""

    policies: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    keys: Path | None = None
    log: Logging | None = None
    agreement: Path | None = None
    """The folder of a built site, published under ``/agreement/``."""
    open_to_all: tuple[str, ...] = ()
    watch: bool = True
    """Look for changed files by itself, besides SIGHUP."""
    access_log: bool = False
    drain: int = 30
    """Seconds that requests get to end when the service is stopped."""
    metrics: bool = True
    limits: Limits = Limits()


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a service that listens there."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
