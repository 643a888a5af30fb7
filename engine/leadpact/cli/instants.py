"""Instants on the command line: read in the policy's zone, and shown in it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from leadpact.cli.failing import UseError
from leadpact.operators.times import AsOfError, local_time, settle_instant, supported
from leadpact.zones import zone as zone_of

__all__ = ["as_of_option", "instant", "shown"]

as_of_option = click.option(
    "--as-of",
    metavar="T",
    help="Decide as of this instant, like 2026-11-21T09:00:00Z. Without an offset it is read in "
    "the policy's time zone. Without the option: now.",
)


def instant(text: str | None, zone: str, option: str = "--as-of") -> datetime:
    """The instant of an option in UTC; now (in whole seconds) where nothing is given.

    Raises ``UseError`` for a text that is no instant or lies outside the years 1900 to 2999.
    """
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        help_ = "Write it like 2026-11-21T09:00:00Z, or 2026-11-21T10:00 for local time."
        raise UseError(f"{option}: `{text}` is no instant.", help_) from None
    try:
        if given.tzinfo is None:
            supported(given.replace(tzinfo=UTC))
            given = settle_instant(given, zone)
        return supported(given)
    except AsOfError as wrong:
        raise UseError(f"{option}: {wrong}") from None


def shown(when: datetime, zone: str) -> str:
    """``2026-11-21 10:00 (Europe/Stockholm)``; seconds only where there are any."""
    local = local_time(when, zone_of(zone))
    clock = "%H:%M" if local.second == 0 else "%H:%M:%S"
    return f"{local.strftime(f'%Y-%m-%d {clock}')} ({zone})"
