"""The policy block: language, version, first day, time zone, currency."""

from __future__ import annotations

import re
from datetime import date

from leadpact import zones
from leadpact.check import amounts
from leadpact.check.coverage import Coverage
from leadpact.check.report import Report, nearest
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.frozen import mutable
from leadpact_dsl.source import Span

__all__ = ["LANGUAGE", "Header", "header", "zone"]

LANGUAGE = 1
"""The version of the language that this checker knows."""

_NEEDED = {
    "language": "language 1",
    "version": "version 1",
    "time zone": 'time zone "Europe/Stockholm"',
}


@mutable
class Header:
    """What the policy block says; what is missing or wrong has a value that harms nobody."""

    version: int = 0
    in_force_from: date | None = None
    zone: str = "UTC"
    currency: str | None = None
    currency_wrong: bool = False


def header(
    document: nodes.Document, report: Report, coverage: Coverage
) -> tuple[nodes.PolicyBlock | None, Header]:
    """The policy's block, the first where there are several, and what it says."""
    blocks = [block for block in document.blocks if isinstance(block, nodes.PolicyBlock)]
    if not blocks:
        if coverage.all_headers():
            _say_no_policy(document, report)
        return None, Header(currency_wrong=True)
    for block in blocks[1:]:
        report.error(
            "E502",
            f"There is a second policy block, {ticked(block.name.text)}.",
            block.name.span,
            f"A policy has one block `policy`, and {ticked(blocks[0].name.text)} stands in "
            f"{blocks[0].span.file}:{blocks[0].span.line}. Leave one of them out.",
        )
    found = Header()
    seen: dict[str, Span] = {}
    for line in blocks[0].lines:
        if line.key in seen:
            _say_twice(line, seen[line.key], report)
            continue
        seen[line.key] = line.span
        _read(line, found, report)
    if "currency" not in seen and not coverage.whole(blocks[0]):
        found.currency_wrong = True
    missing = [line for key, line in _NEEDED.items() if key not in seen]
    if missing and coverage.whole(blocks[0]):
        _say_missing(blocks[0], missing, report)
    return blocks[0], found


def _say_no_policy(document: nodes.Document, report: Report) -> None:
    file = report.files[0].name if report.files else "policy.leadpact"
    first = document.blocks[0].span if document.blocks else Span(file, 1, 1, 1, 1)
    report.error(
        "E501",
        "There is no block `policy`.",
        first,
        'Begin with `policy NAME "Label":` and below it `language 1`, `version 1` and '
        '`time zone "Europe/Stockholm"`.',
    )


def _say_twice(line: nodes.PolicyLine, first: Span, report: Report) -> None:
    report.error(
        "E504",
        f"{ticked(line.key)} stands twice in the policy block.",
        line.span,
        f"It already stands in line {first.line}. Leave one of them out.",
    )


def _say_missing(block: nodes.PolicyBlock, missing: list[str], report: Report) -> None:
    lines = ", ".join(ticked(line) for line in missing)
    report.error(
        "E503",
        f"The policy block lacks {'a line' if len(missing) == 1 else 'lines'}: {lines}.",
        block.name.span,
        f"Add below it: {lines}.",
    )


def _read(line: nodes.PolicyLine, found: Header, report: Report) -> None:
    value = line.value
    match line.key:
        case "language":
            _read_language(value, report)
        case "version":
            if isinstance(value, nodes.Number) and _counts(value):
                found.version = int(value.value)
            else:
                _say_value(value, "The version is a whole number from 1 on", "version 1", report)
        case "in force from":
            if isinstance(value, nodes.Day):
                found.in_force_from = amounts.day(report, value)
            else:
                example = "in force from 2026-10-01"
                _say_value(value, "A policy is in force from a day", example, report)
        case "time zone":
            _read_zone(value, found, report)
        case "currency":
            if isinstance(value, nodes.Word) and re.fullmatch("[A-Z]{3}", value.text):
                found.currency = value.text
            else:
                found.currency_wrong = True
                _say_currency(value, report)


def _counts(number: nodes.Number) -> bool:
    """Whether it is 1, 2, 3 and so on, up to what every database holds."""
    return 1 <= number.value < 2**31 and number.value == number.value.to_integral_value()


def _read_language(
    value: nodes.Word | nodes.Quoted | nodes.Number | nodes.Day, report: Report
) -> None:
    if isinstance(value, nodes.Number) and value.value == LANGUAGE:
        return
    report.error(
        "E505",
        f"This Leadpact reads language {LANGUAGE}, not {report.words(value.span)}.",
        value.span,
        f"Write `language {LANGUAGE}`, or use the Leadpact that knows the other version.",
        report.replaced(value.span, str(LANGUAGE)),
    )


def _read_zone(
    value: nodes.Word | nodes.Quoted | nodes.Number | nodes.Day, found: Header, report: Report
) -> None:
    if isinstance(value, nodes.Quoted):
        found.zone = zone(value, report) or found.zone
    else:
        _say_value(value, "A time zone stands in quotes", 'time zone "Europe/Stockholm"', report)


def zone(value: nodes.Quoted, report: Report) -> str | None:
    """The IANA name of a time zone, or ``None`` after saying that there is none such."""
    if zones.known(value.text):
        return value.text
    if not report.mended(value):
        near = _zone_like(value.text)
        report.error(
            "E410",
            f'There is no time zone "{value.text}".',
            value.span,
            f'Did you mean "{near}"?'
            if near
            else 'Time zones are named by continent and city, like "Europe/Stockholm".',
            report.replaced(value.span, f'"{near}"') if near else None,
        )
    return None


def _zone_like(name: str) -> str | None:
    """The zone that was probably meant: spelled nearly so, or the city alone."""
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(zones.names(), reverse=True)}
    city = nearest(name.rpartition("/")[2].strip().replace(" ", "_"), cities)
    return nearest(name, sorted(zones.names())) or (cities[city] if city else None)


def _say_currency(
    value: nodes.Word | nodes.Quoted | nodes.Number | nodes.Day, report: Report
) -> None:
    written = value.text if isinstance(value, nodes.Word | nodes.Quoted) else ""
    meant = written.strip().upper()
    if not re.fullmatch("[A-Z]{3}", meant):
        _say_value(value, "A currency is three capital letters", "currency EUR", report)
        return
    report.error(
        "E312",
        "A currency is three capital letters without quotes.",
        value.span,
        f"Write `{meant}`.",
        report.replaced(value.span, meant),
    )


def _say_value(
    value: nodes.Word | nodes.Quoted | nodes.Number | nodes.Day,
    what: str,
    example: str,
    report: Report,
) -> None:
    report.error("E312", f"{what}.", value.span, f"Write a line like `{example}`.")
