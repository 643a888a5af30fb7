"""Calendars: opening hours of the week, public holidays, special days, time zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field
from datetime import date
from typing import Final

from leadpact import checked
from leadpact.check import amounts, regions
from leadpact.check.coverage import Whole
from leadpact.check.header import zone
from leadpact.check.lists import label, owner
from leadpact.check.parties import say_again, texts
from leadpact.check.report import nearest
from leadpact.check.scope import Scope
from leadpact.check.words import alternatives, ticked
from leadpact_dsl import nodes
from leadpact_dsl.frozen import mutable
from leadpact_dsl.source import Span

__all__ = ["calendar", "minutes"]

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MIDNIGHT: Final = 24 * 60


@mutable
class _Found:
    """What the lines of a calendar said so far; ``wrong`` once one could not be used."""

    week: list[list[tuple[checked.Opening, Span]]] = field(
        default_factory=lambda: [[] for _ in _DAYS]
    )
    special: dict[tuple[date, bool], checked.SpecialDay] = field(default_factory=dict)
    regions: dict[str, Span] = field(default_factory=dict)
    wrong: bool = False


def calendar(block: nodes.CalendarBlock, scope: Scope, *, whole: Whole) -> checked.Calendar | None:
    """The calendar; ``None`` after saying what is wrong."""
    found = _Found()
    say_again("time zone", [each.span for each in block.zones], scope)
    place = zone(block.zones[0], scope.report) if block.zones else scope.zone
    for line in block.lines:
        _read(line, found, scope)
    opens = any(found.week) or any(day.openings for day in found.special.values())
    if not opens and not found.wrong and whole():
        scope.report.error(
            "E553",
            f"The calendar {ticked(block.name.text)} is never open.",
            block.name.span,
            "Add a line such as `open mon to fri 09:00 to 17:00`.",
        )
        return None
    owned_by = owner(block.owner, scope.names)
    if place is None or found.wrong or not opens:
        return None
    return checked.Calendar(
        name=block.name.text,
        label=label(block.label, block.name),
        owner=owned_by,
        zone=place,
        weekly=tuple(tuple(opening for opening, _ in day) for day in found.week),
        regions=tuple(found.regions),
        special=tuple(found.special.values()),
        notes=texts(block.notes),
        span=block.span,
    )


def _read(
    line: nodes.OpenWeekly | nodes.OpenOn | nodes.ClosedOn | nodes.ClosedHolidays,
    found: _Found,
    scope: Scope,
) -> None:
    match line:
        case nodes.OpenWeekly():
            right = _open_weekly(line, found, scope)
        case nodes.OpenOn():
            openings = _openings(line.intervals, scope)
            right = openings is not None and _special(line, openings, found, scope)
        case nodes.ClosedOn():
            right = _special(line, (), found, scope)
        case nodes.ClosedHolidays():
            right = _region(line.region, found, scope)
    found.wrong = found.wrong or not right


# --- the week ------------------------------------------------------------------------------------


def _open_weekly(line: nodes.OpenWeekly, found: _Found, scope: Scope) -> bool:
    days = _weekdays(line, scope)
    openings = _openings(line.intervals, scope)
    if days is None or openings is None:
        return False
    right = True
    for day in days:
        for opening, interval in zip(openings, line.intervals, strict=True):
            other = _meets(opening, found.week[day])
            if other is not None:
                _say_meets(_DAYS[day], interval, other, scope)
                return False
        found.week[day] += [
            (opening, interval.span)
            for opening, interval in zip(openings, line.intervals, strict=True)
        ]
        found.week[day].sort(key=lambda each: each[0].start)
    return right


def _weekdays(line: nodes.OpenWeekly, scope: Scope) -> list[int] | None:
    """The days of a line, Monday being 0; ``fri to mon`` goes over the week's end."""
    found: list[int] = []
    for word in line.days:
        if word.text not in _DAYS:
            near = nearest(word.text[:3], _DAYS)
            scope.report.error(
                "E401",
                f"{ticked(word.text)} is no day of the week.",
                word.span,
                f"Write {ticked(near)}." if near else f"Write {alternatives(_DAYS)}.",
                scope.report.replaced(word.span, near) if near else None,
            )
            return None
        day = _DAYS.index(word.text)
        if day in found:
            scope.report.error(
                "E206",
                f"{ticked(word.text)} stands here twice.",
                word.span,
                "Leave out the second one.",
            )
            return None
        found.append(day)
    if line.through and len(found) == 2:
        first, last = found
        return [day % 7 for day in range(first, last + 1 if last > first else last + 8)]
    return found


def _meets(opening: checked.Opening, others: Sequence[tuple[checked.Opening, Span]]) -> Span | None:
    """Where hours stand that overlap these."""
    return next(
        (span for other, span in others if opening.start < other.end and other.start < opening.end),
        None,
    )


def _say_meets(day: str, interval: nodes.Interval, other: Span, scope: Scope) -> None:
    scope.report.error(
        "E551",
        f"These hours overlap those of line {other.line} on {ticked(day)}.",
        interval.span,
        "Write each hour once. Leave one of the two out.",
    )


# --- hours ---------------------------------------------------------------------------------------


def _openings(
    intervals: Sequence[nodes.Interval], scope: Scope
) -> tuple[checked.Opening, ...] | None:
    """The hours of a line, in order of time."""
    found: list[checked.Opening] = []
    for interval in intervals:
        opening = _opening(interval, scope)
        if opening is None:
            return None
        if found and opening.start < found[-1].end:
            scope.report.error(
                "E551",
                "These hours begin before the ones in front of them end.",
                interval.span,
                "Write the hours of a day in order of time, and each once.",
            )
            return None
        found.append(opening)
    return tuple(found)


def _opening(interval: nodes.Interval, scope: Scope) -> checked.Opening | None:
    start, end = minutes(interval.start, scope), minutes(interval.end, scope, ends=True)
    if start is None or end is None:
        return None
    if start < end:
        return checked.Opening(start, end)
    if start == end:
        scope.report.error(
            "E551",
            "These hours end when they begin.",
            interval.span,
            "For a whole day write `00:00 to 24:00`.",
        )
        return None
    begins, stops = interval.start.text, interval.end.text
    help_ = f"Hours end at midnight. Write `{begins} to 24:00` here"
    scope.report.error(
        "E551",
        "These hours run over midnight.",
        interval.span,
        f"{help_}."
        if end == 0
        else f"{help_}, and `00:00 to {stops}` on a line `open` of the day after.",
        scope.report.replaced(interval.span, f"{begins} to 24:00"),
    )
    return None


_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})")


def minutes(node: nodes.TimeOfDay, scope: Scope, *, ends: bool = False) -> int | None:
    """Minutes since midnight, or ``None`` after saying that there is no such time.

    ``24:00`` is the end of a day, and only ``ends`` may be it.
    """
    found = _TIME.fullmatch(node.text)
    if found is not None and int(found[2]) <= 59:
        since = int(found[1]) * 60 + int(found[2])
        if since < _MIDNIGHT or (ends and since == _MIDNIGHT):
            return since
    is_end = found is not None and (found[1], found[2]) == ("24", "00")
    scope.report.error(
        "E409",
        "`24:00` is the end of a day." if is_end else f"There is no time {ticked(node.text)}.",
        node.span,
        "A day begins at `00:00`; hours may end at `24:00`."
        if is_end
        else "Write the hour from 00 to 23 and the minute from 00 to 59, like `09:30`.",
    )
    return None


# --- special days --------------------------------------------------------------------------------


def _special(
    line: nodes.OpenOn | nodes.ClosedOn,
    openings: tuple[checked.Opening, ...],
    found: _Found,
    scope: Scope,
) -> bool:
    yearly = isinstance(line.day, nodes.MonthDay)
    day = _day(line.day, scope)
    if day is None:
        return False
    key = (day, yearly)
    made = checked.SpecialDay(
        key[0], yearly, openings, line.because.text if line.because else None, line.span
    )
    other = found.special.setdefault(key, made)
    if other is made:
        return True
    differs = bool(other.openings) != bool(openings)
    scope.report.error(
        "E552" if differs else "E206",
        "This day is both closed and open." if differs else "This day stands here twice.",
        line.day.span,
        f"The other line is line {other.span.line}. Leave one of them out."
        if differs or not openings
        else f"Put its hours into line {other.span.line}, one after the other with a comma.",
    )
    return False


def _day(node: nodes.Day | nodes.MonthDay, scope: Scope) -> date | None:
    """The day; of one of every year that of a year which has all days."""
    if isinstance(node, nodes.Day):
        return amounts.day(scope.report, node)
    if node.text.endswith("-02-29"):
        return date(2000, 2, 29)
    at = node.span
    written = Span(at.file, at.line, at.column, at.line, at.column + len(node.text))
    found = amounts.day(scope.report, nodes.Day(node.text, written))
    return found.replace(year=2000) if found is not None else None


def _region(word: nodes.Word, found: _Found, scope: Scope) -> bool:
    first = found.regions.setdefault(word.text, word.span)
    if first is not word.span:
        scope.report.error(
            "E206",
            f"{ticked(word.text)} stands here twice.",
            word.span,
            f"It already stands in line {first.line}. Leave one of them out.",
        )
        return False
    if regions.known(word.text):
        return True
    if not scope.report.mended(word):
        _say_no_region(word, scope)
    return False


def _say_no_region(word: nodes.Word, scope: Scope) -> None:
    # Holidays take long to load, so they are only asked when something is wrong.
    from leadpact.public_holidays import near

    meant = near(word.text)
    scope.report.error(
        "E550",
        f"No public holidays of {ticked(word.text)} are known.",
        word.span,
        f"Did you mean {alternatives(meant)}?"
        if meant
        else "Write a country or a part of one in its two-letter code, like `SE` or `US-NY`.",
        scope.report.replaced(word.span, meant[0]) if len(meant) == 1 else None,
    )
