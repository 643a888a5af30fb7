"""Lengths of time: exact ones, and those that count only while a calendar is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, TypeGuard

from leadpact import checked
from leadpact.check.scope import Scope
from leadpact.check.words import alternatives, plain, ticked
from leadpact_dsl import nodes

__all__ = ["exact", "length"]

ExactUnit: TypeAlias = Literal["minute", "hour", "day", "week", "month"]

# A century in each unit.
_LONGEST: Final[dict[ExactUnit, int]] = {
    "minute": 100 * 366 * 24 * 60,
    "hour": 100 * 366 * 24,
    "day": 100 * 366,
    "week": 100 * 53,
    "month": 100 * 12,
}
_BUSINESS: Final[dict[str, Literal["minute", "hour", "day"]]] = {
    "business minute": "minute",
    "business hour": "hour",
    "business day": "day",
}


def exact(
    node: nodes.Duration,
    scope: Scope,
    *,
    least: int = 1,
    units: Sequence[ExactUnit] = ("minute", "hour", "day", "week", "month"),
    why: str = "",
) -> checked.Duration | None:
    """A length of time that no calendar changes, or ``None`` after saying what is wrong.

    Only ``units`` fit the place; ``why`` is a sentence that says so.
    """
    report = scope.report
    unit = node.unit
    # The parser takes business time, and a calendar, only where they can count.
    assert _is_exact(unit)
    assert node.calendar is None
    if not _fits(node, unit, least, scope):
        return None
    if unit not in units:
        report.error(
            "E418",
            f"{ticked(report.words(node.span))} cannot stand here.",
            node.span,
            f"{why} Write it in {alternatives([f'{each}s' for each in units])}.".lstrip(),
            _in_unit(node, unit, units, scope),
        )
        return None
    return checked.Duration(node.amount, unit)


def length(
    node: nodes.Duration, scope: Scope, calendar: str | None = None
) -> checked.Length | None:
    """An exact length of time, or business time of the calendar that is named, or else of
    ``calendar``; ``None`` after saying what is wrong.
    """
    unit = _BUSINESS.get(node.unit)
    if unit is None:
        return exact(node, scope)
    if node.calendar is not None:
        known = scope.names.look_up(node.calendar, "calendar") is not None
        calendar = node.calendar.text
    else:
        known = calendar is not None
        if not known:
            _say_no_calendar(node, scope)
    if not _fits(node, unit, 1, scope) or not known or calendar is None:
        return None
    return checked.BusinessTime(node.amount, unit, calendar)


def _fits(node: nodes.Duration, unit: ExactUnit, least: int, scope: Scope) -> bool:
    """Whether it is some time and less than a century, saying so where it is not."""
    if node.amount < least:
        scope.report.error(
            "E411",
            f"A length of time of {scope.report.words(node.span)} is no time at all.",
            node.span,
            f"Write at least `1 {node.unit}`.",
            scope.report.replaced(node.span, f"1 {node.unit}{_of(node.calendar)}"),
        )
        return False
    if node.amount > _LONGEST[unit]:
        scope.report.error(
            "E411",
            f"{scope.report.words(node.span)} are more than a hundred years.",
            node.span,
            "Write a shorter time, or `ever` if all that happened counts.",
        )
        return False
    return True


def _say_no_calendar(node: nodes.Duration, scope: Scope) -> None:
    calendars = scope.names.of("calendar")
    only = calendars[0] if len(calendars) == 1 else None
    shown = scope.report.words(node.span)
    scope.report.error(
        "E416",
        f"{ticked(shown)}: by which calendar?",
        node.span,
        f"Say whose opening hours count, like `{shown} of {only or 'CALENDAR'}`."
        if calendars
        else "Add a block `calendar office:` with opening hours, and end this in `of office`.",
        scope.report.replaced(node.span, f"{shown} of {only}") if only else None,
    )


def _is_exact(unit: str) -> TypeGuard[ExactUnit]:
    return unit in _LONGEST


def _shown(amount: int, unit: str) -> str:
    return f"{plain(amount)} {unit}{'' if amount == 1 else 's'}"


def _of(calendar: nodes.Word | None) -> str:
    return f" of {calendar.text}" if calendar is not None else ""


def _in_unit(
    node: nodes.Duration, unit: ExactUnit, units: Sequence[ExactUnit], scope: Scope
) -> str | None:
    """The line with the same length in days, where hours make whole days."""
    hours = {"minute": 60 * 24, "hour": 24}.get(unit)
    if hours is None or "day" not in units or node.amount % hours:
        return None
    return scope.report.replaced(node.span, _shown(node.amount // hours, "day"))
