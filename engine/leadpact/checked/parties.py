"""Parties, roles, calendars, lists, and records that are turned away."""

from __future__ import annotations

from datetime import date

from leadpact.checked.conditions import Condition
from leadpact.checked.times import InForce
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = ["Calendar", "Opening", "Party", "Refusal", "Role", "SpecialDay", "TextList"]


@frozen
class Party:
    name: str
    label: str
    contacts: tuple[str, ...]
    duties: tuple[str, ...]
    span: Span
    stand_ins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class Role:
    """Somebody of a party: who is told, who stands in."""

    name: str
    label: str
    party: str
    contacts: tuple[str, ...]
    duties: tuple[str, ...]
    stand_ins: tuple[str, ...]
    notes: tuple[str, ...]
    span: Span


@frozen
class Opening:
    """Open from ``start`` until ``end``, minutes since local midnight; ``end`` is at most 1,440."""

    start: int
    end: int


@frozen
class SpecialDay:
    """A day (``every_year``: its month and day of any year) with its own openings; none: closed."""

    day: date
    every_year: bool
    openings: tuple[Opening, ...]
    because: str | None
    span: Span


@frozen
class Calendar:
    """When somebody works. ``weekly`` has the openings of Monday to Sunday, in order of time.

    A special day counts before a public holiday, that before the week; of special days one of
    that very date before one of every year. ``regions`` are as ``SE``, ``US-NY``. ``zone`` is the
    policy's where the calendar names none.
    """

    name: str
    label: str
    owner: str | None
    zone: str
    weekly: tuple[tuple[Opening, ...], ...]
    regions: tuple[str, ...]
    special: tuple[SpecialDay, ...]
    notes: tuple[str, ...]
    span: Span


@frozen
class TextList:
    name: str
    label: str
    owner: str | None
    members: tuple[str, ...]
    span: Span


@frozen
class Refusal:
    """A record is turned away when ``when`` (over fields alone) is true."""

    rule: str
    when: Condition
    because: str | None
    span: Span
    in_force: InForce | None = None
