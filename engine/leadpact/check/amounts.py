"""Numbers, points, counts and days, each checked as it is read."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from leadpact.check.report import Report
from leadpact.check.words import plain, ticked
from leadpact.operators.decimals import MOST_DECIMALS
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["count", "day", "exact", "hundredths", "local_time", "points", "settled"]

# Sums of points stay far inside what JSON and databases hold exactly.
_BIGGEST = Decimal(10) ** 15
_BIGGEST_POINTS = Decimal(10) ** 9
_BIGGEST_COUNT = 1_000_000


def decimals(value: Decimal) -> int:
    """How many digits after the point matter."""
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if places <= 0:
        return 0
    digits = "".join(map(str, value.as_tuple().digits)).rjust(places, "0")[-places:]
    return len(digits.rstrip("0"))


def exact(report: Report, node: nodes.Number | nodes.Money, *, whole: bool) -> Decimal | None:
    """The number of a comparison or a range, or ``None`` after saying what is wrong."""
    value, shown = node.value, report.words(node.span)
    if abs(value) >= _BIGGEST:
        report.error(
            "E306",
            f"{shown} is too large.",
            node.span,
            f"Numbers stay below {plain(_BIGGEST)}.",
        )
    elif whole and decimals(value) > 0:
        report.error(
            "E307",
            f"{shown} is not a whole number.",
            node.span,
            "Leave out what stands after the decimal point.",
            report.replaced(node.span, plain(int(value))),
        )
    elif decimals(value) > MOST_DECIMALS:
        report.error(
            "E306",
            f"{shown} has more than {MOST_DECIMALS} decimals.",
            node.span,
            f"Numbers have at most {MOST_DECIMALS} digits after the decimal point.",
            _with_number(report, node, round(value, MOST_DECIMALS)),
        )
    else:
        return value
    return None


def _with_number(report: Report, node: nodes.Number | nodes.Money, value: Decimal) -> str | None:
    unit = f" {node.currency}" if isinstance(node, nodes.Money) else ""
    return report.replaced(node.span, plain(value) + unit)


def hundredths(value: Decimal) -> int:
    """Points as whole hundredths."""
    return int(value * 100)


def points(report: Report, node: nodes.Points | nodes.Number) -> int | None:
    """Points in hundredths, or ``None`` after saying what is wrong."""
    shown = report.words(node.span)
    if abs(node.value) >= _BIGGEST_POINTS:
        report.error(
            "E305",
            f"{shown} points are too many.",
            node.span,
            f"Points stay below {plain(_BIGGEST_POINTS)}.",
        )
        return None
    if decimals(node.value) > 2:
        rounded = round(node.value, 2)
        sign = "+" if isinstance(node, nodes.Points) and rounded >= 0 else ""
        report.error(
            "E305",
            f"{shown} has more than two decimals.",
            node.span,
            "Points have at most two digits after the decimal point.",
            report.replaced(node.span, sign + plain(rounded)),
        )
        return None
    return hundredths(node.value)


def count(report: Report, node: nodes.Number, *, least: int, what: str) -> int | None:
    """A whole number of times, items and the like; ``what`` says of what, for people."""
    if decimals(node.value) > 0:
        report.error(
            "E307",
            f"{report.words(node.span)} is not a whole number.",
            node.span,
            f"A number of {what} is whole.",
        )
        return None
    if not least <= node.value <= _BIGGEST_COUNT:
        bound = f"at least {least}" if node.value < least else f"at most {plain(_BIGGEST_COUNT)}"
        report.error(
            "E413",
            f"{report.words(node.span)} is no number of {what}.",
            node.span,
            f"Write a number of {bound}.",
        )
        return None
    return int(node.value)


_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(\d{1,2}):(\d{2})")


def _settle_day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def day(report: Report, node: nodes.Day) -> date | None:
    """A day that exists, or ``None`` after saying that it does not."""
    found = _settle_day(node.text)
    if found is None or not 1900 <= found.year <= 2999:
        _say_no_day(report, node.text, node.span)
        return None
    return found


def local_time(report: Report, node: nodes.Clock) -> datetime | None:
    """A local time without a zone, or ``None`` after saying that there is none such."""
    found = _CLOCK.fullmatch(node.text)
    if found is not None:
        on = _settle_day(found[1])
        if on is None or not 1900 <= on.year <= 2999:
            _say_no_day(report, found[1], _first_word(node.span, found[1]))
            return None
        if int(found[2]) <= 23 and int(found[3]) <= 59:
            return datetime(on.year, on.month, on.day, int(found[2]), int(found[3]))
    report.error(
        "E409",
        f"There is no time {ticked(node.text)}.",
        node.span,
        "Write the hour from 00 to 23 and the minute from 00 to 59, like `09:30`.",
    )
    return None


def _first_word(span: Span, word: str) -> Span:
    return Span(span.file, span.line, span.column, span.line, span.column + len(word))


def _say_no_day(report: Report, text: str, span: Span) -> None:
    last = _last_day(text)
    report.error(
        "E409",
        f"There is no day {text}.",
        span,
        f"That month ends on {last}."
        if last
        else "Days are written year-month-day, like `2026-10-01`, with a year from 1900 to 2999.",
        report.replaced(span, last) if last else None,
    )


def _last_day(text: str) -> str | None:
    """The last day of the month that the text names, where only the day is too high."""
    year, month, number = text.split("-")
    if not (1 <= int(month) <= 12 and 1900 <= int(year) <= 2999 and int(number) > 28):
        return None
    for last in (31, 30, 29, 28):
        found = _settle_day(f"{year}-{month}-{last}")
        if found is not None:
            return found.isoformat()
    return None


def settled(value: Decimal) -> int | Decimal:
    """A number as a record holds it."""
    return int(value) if decimals(value) == 0 else value
