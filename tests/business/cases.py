"""Reads the cases of ``tests/corpus/business``: calendars as in a policy, and tables below them.

A table's columns are ``from`` and ``within`` (a length, or ``by HH:MM``), perhaps ``paused``, then
``due`` and perhaps ``75%``; or ``from``, ``until`` and ``open for`` (hours and minutes). Times are
those of the calendar's zone; the second of two equal ones ends in ``again``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from leadpact.check import check
from leadpact.checked import (
    BusinessTime,
    Calendar,
    Duration,
    TargetBy,
    TargetWithin,
)
from leadpact_dsl import SourceFile, parse

CORPUS = Path(__file__).parents[1] / "corpus" / "business"

_HEADER = """policy corpus "Corpus":
    language 1
    version 1
    time zone "UTC"

"""


@dataclass(frozen=True)
class Case:
    """A row of a table, with the calendar above it."""

    where: str
    calendar: Calendar
    cells: dict[str, str]

    def time(self, text: str) -> datetime:
        """A local time in UTC; its weekday must be right."""
        plain = text.removesuffix(" again")
        form = "%a %d %b %Y %H:%M" + ":%S" * (plain.count(":") > 1) + ".%f" * ("." in plain)
        local = datetime.strptime(plain, form)
        assert local.strftime("%a") == plain[:3], f"{text} is a {local:%A}"
        zone = ZoneInfo(self.calendar.zone)
        return local.replace(tzinfo=zone, fold=int(plain != text)).astimezone(UTC)

    def outcome(self, column: str) -> datetime | str:
        text = self.cells[column]
        return text if text in ("never", "not known") else self.time(text)

    def pauses(self) -> list[tuple[datetime, datetime | None]]:
        found: list[tuple[datetime, datetime | None]] = []
        for text in filter(None, self.cells.get("paused", "").split("; ")):
            begins, _, ends = text.removesuffix(" on").partition(" to ")
            assert ends or text.endswith(" on"), text
            found.append((self.time(begins), self.time(ends) if ends else None))
        return found

    def limit(self) -> TargetWithin | TargetBy:
        text = self.cells["within"]
        if by := re.fullmatch(r"by (\d\d):(\d\d)", text):
            return TargetBy(int(by[1]) * 60 + int(by[2]), self.calendar.name)
        found = re.fullmatch(r"(\d+) (business )?(minute|hour|day|week|month)s?", text)
        assert found is not None, text
        amount, unit = int(found[1]), found[3]
        if not found[2]:
            return TargetWithin(Duration(amount, unit))  # type: ignore[arg-type]
        return TargetWithin(BusinessTime(amount, unit, self.calendar.name))  # type: ignore[arg-type]

    def open_for(self) -> timedelta:
        hours, minutes, *seconds = self.cells["open for"].split(":")
        return timedelta(
            hours=int(hours),
            minutes=int(minutes),
            microseconds=round(float(seconds[0]) * 1_000_000) if seconds else 0,
        )


def cases() -> Iterator[Case]:
    for path in sorted(CORPUS.glob("*.md")):
        yield from _of_file(path)


def _of_file(path: Path) -> Iterator[Case]:
    calendar: Calendar | None = None
    written: list[str] | None = None
    header: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.startswith("```"):
            if written is None:
                written = []
            else:
                calendar, written = read_calendar("\n".join(written) + "\n"), None
        elif written is not None:
            written.append(line)
        elif not line.startswith("|"):
            header = []
        elif not header:
            header = _cells(line)
        elif not line.startswith("|--"):
            assert calendar is not None, f"{path.name}:{number}: no calendar above the table"
            row = _cells(line)
            assert len(row) == len(header), f"{path.name}:{number}: cells are missing"
            yield Case(f"{path.stem}:{number}", calendar, dict(zip(header, row, strict=True)))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def read_calendar(text: str) -> Calendar:
    """The one calendar of the text, as the checker gives it."""
    files = [SourceFile("corpus.leadpact", _HEADER + text)]
    document, unread = parse(files)
    policy, wrong = check(document, files, CORPUS)
    assert policy is not None, [*unread, *wrong]
    assert not unread, unread
    return policy.calendars[0]
