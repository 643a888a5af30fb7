"""The block ``calendar``."""

from __future__ import annotations

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.words import Day, MonthDay, Quoted, TimeOfDay, Word
from leadpact_dsl.source import Span

__all__ = ["CalendarBlock", "ClosedHolidays", "ClosedOn", "Interval", "OpenOn", "OpenWeekly"]


@frozen
class Interval:
    """``09:00 to 12:00``"""

    start: TimeOfDay
    end: TimeOfDay
    span: Span


@frozen
class OpenWeekly:
    """``open mon to fri 09:00 to 12:00, 13:00 to 17:00``

    ``days`` are as written, ``mon`` … ``sun``; ``through`` is true for ``mon to fri`` (two words),
    false for a list.
    """

    days: tuple[Word, ...]
    through: bool
    intervals: tuple[Interval, ...]
    span: Span


@frozen
class OpenOn:
    """``open on 2026-06-18 09:00 to 12:00`` or ``open on 2026-12-23 every year 09:00 to 12:00``"""

    day: Day | MonthDay
    intervals: tuple[Interval, ...]
    because: Quoted | None
    span: Span


@frozen
class ClosedOn:
    """``closed on 2026-12-23``, ``closed on 2026-12-24 every year``"""

    day: Day | MonthDay
    because: Quoted | None
    span: Span


@frozen
class ClosedHolidays:
    """``closed on public holidays of SE`` (or ``US-NY``); ``region`` as written."""

    region: Word
    span: Span


@frozen
class CalendarBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    zones: tuple[Quoted, ...]
    lines: tuple[OpenWeekly | OpenOn | ClosedOn | ClosedHolidays, ...]
    notes: tuple[Quoted, ...]
    span: Span
