"""From when until when a row is in force, and what is wrong only in some of these periods.

A mistake of coverage (a value without a row, two letters of one name) is a mistake of a day's
rows. So such checks look at each period between the borders in turn; what they find is said once,
with its period where it is not there on all days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.measures import say_ends
from leadpact.check.scope import Scope
from leadpact.dated import is_in_force
from leadpact_dsl import nodes
from leadpact_dsl.diagnostics import Diagnostic

__all__ = ["Days", "in_each_period", "in_force", "on_days", "wrong_dates"]

Days: TypeAlias = tuple[date | None, date | None]
"""A first and a last day, both included; ``None``: without end."""


def in_force(node: nodes.InForce | None, scope: Scope) -> checked.InForce | None:
    """The days; ``None`` where nothing is said of days, or after saying what is wrong."""
    if node is None:
        return None
    first = amounts.day(scope.report, node.first) if node.first is not None else None
    last = amounts.day(scope.report, node.last) if node.last is not None else None
    if (node.first is not None and first is None) or (node.last is not None and last is None):
        return None
    if first is not None and last is not None and first > last:
        assert node.first is not None
        assert node.last is not None
        say_ends(node.first.span, node.last.span, scope.report)
        return None
    return checked.InForce(first, last)


def wrong_dates(node: nodes.InForce | None, found: checked.InForce | None) -> bool:
    """Whether days were written and nothing came of them: then coverage is not judged."""
    return node is not None and found is None


def _periods(spans: Sequence[checked.InForce | None]) -> list[Days]:
    """The periods between the borders of some rows, in order."""
    borders = {span.first for span in spans if span is not None and span.first is not None}
    borders |= {
        span.last + timedelta(days=1)
        for span in spans
        if span is not None and span.last is not None
    }
    ends: list[date | None] = [None, *sorted(borders), None]
    return [
        (first, last - timedelta(days=1) if last is not None else None)
        for first, last in pairwise(ends)
    ]


def in_each_period(
    spans: Sequence[checked.InForce | None], judge: Callable[[Sequence[int]], None], scope: Scope
) -> None:
    """Let ``judge`` look at the rows of each period: it gets the indexes of those in force.

    What it says of the same words with the same code in several periods is said once. What is not
    there on all days gets the days of the first periods in a row that have it.
    """
    report = scope.report
    if all(span is None for span in spans):
        judge(range(len(spans)))
        return
    periods = _periods(spans)
    kept = report.found
    found: dict[tuple[object, ...], tuple[Diagnostic, list[int]]] = {}
    for number, (first, last) in enumerate(periods):
        day = first or last or date.min
        report.found = []
        judge([index for index, span in enumerate(spans) if is_in_force(span, day)])
        for each in report.found:
            found.setdefault((each.code, each.span), (each, []))[1].append(number)
    report.found = kept
    for each, numbers in found.values():
        if len(numbers) == len(periods):
            kept.append(each)
            continue
        run = [number for index, number in enumerate(numbers) if number == numbers[0] + index]
        days = on_days((periods[run[0]][0], periods[run[-1]][1]))
        kept.append(replace(each, message=f"{each.message.removesuffix('.')}, {days}."))


def on_days(days: Days) -> str:
    """``from 2027-01-01 on``, ``until 2026-12-31``, ``from … until …``, ``on …``; one of the two
    days must be given.
    """
    first, last = days
    if first is not None and first == last:
        return f"on {first}"
    if first is not None and last is not None:
        return f"from {first} until {last}"
    if first is not None:
        return f"from {first} on"
    return f"until {last}"
