"""Rule ids: stable names of rows, moves and items that do not depend on their order."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Protocol

from leadpact.check.amounts import settled
from leadpact.check.report import Report
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.frozen import mutable
from leadpact_dsl.source import Span

__all__ = ["Rules", "slug"]


def slug(value: str | bool | Decimal | date) -> str:
    """A value as a part of a rule id: ``c_level``, ``landing_page``, ``2_5``, ``minus_3``."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return str(settled(value)).replace("-", "minus_").replace(".", "_")
        case date():
            return value.isoformat().replace("-", "_")
        case str():
            return re.sub(r"\W+", "_", value.lower()).strip("_") or "blank"


class Row(Protocol):
    """What has a rule id: a row of points, a move, a promise, …"""

    @property
    def as_name(self) -> nodes.Word | None: ...

    @property
    def because(self) -> nodes.Quoted | nodes.LastOf | None: ...

    @property
    def in_force(self) -> nodes.InForce | None: ...

    @property
    def span(self) -> Span: ...


@mutable
class Rules:
    """The rule ids below one name: ``interest.…``.

    Rows of which at most one is in force on any day may share an id: ``versions`` has the days of
    those that do.
    """

    prefix: str
    report: Report
    taken: dict[str, Span] = field(default_factory=dict)
    versions: dict[str, list[tuple[Span, str, str]]] = field(default_factory=dict)

    def claim(
        self,
        subject: nodes.Word | str | None,
        row: Row,
        said: Span | None = None,
    ) -> str | None:
        """The id ``prefix.subject``; ``None`` after saying that another row has it.

        ``said`` is what to underline where the subject is no word of the row.
        """
        if subject is None:
            return None
        name = subject if isinstance(subject, str) else subject.text
        span = said or (row.span if isinstance(subject, str) else subject.span)
        other = self._other(name, span, row.in_force)
        if other is None:
            return f"{self.prefix}.{name}"
        self._say_taken(name, other, span, row)
        return None

    def claim_version(self, word: nodes.Word, in_force: nodes.InForce | None) -> str | None:
        """The id of what bears its own name and may have it again on other days."""
        other = self._other(word.text, word.span, in_force)
        if other is None:
            return f"{self.prefix}.{word.text}"
        self.report.error(
            "E202",
            f"{ticked(word.text)} is declared twice.",
            word.span,
            f"The other one stands in line {other.line}. Give one of them another name, or let one "
            "begin after the other has ended: `in force until …`, `in force from …`.",
        )
        return None

    def _other(self, name: str, span: Span, in_force: nodes.InForce | None) -> Span | None:
        """Who has the id on one of these days; enters it where nobody has."""
        first, last = _days(in_force)
        self.taken.setdefault(name, span)
        versions = self.versions.setdefault(name, [])
        for other, begins, ends in versions or [(self.taken[name], "", _NEVER)]:
            if other is not span and begins <= last and first <= ends:
                return other
        versions.append((span, first, last))
        return None

    def reserve(self, name: str, span: Span) -> str:
        """An id of the language's own, such as ``at_most``."""
        self.taken[name] = span
        return f"{self.prefix}.{name}"

    def _say_taken(self, name: str, first: Span, span: Span, row: Row) -> None:
        other = f"{'' if first.file == span.file else f'{first.file}, '}line {first.line}"
        self.report.error(
            "E509",
            f"Another row is already named `{self.prefix}.{name}` ({other}).",
            span,
            f"Rows are named after what they speak of. Give this one a name of its own: end it in "
            f"{ticked('as NAME')}.",
            self._named(name, row),
        )

    def _named(self, name: str, row: Row) -> str | None:
        """The row's line with a name, where it stands on one line and has none yet."""
        parts = name.rpartition(".")[2]
        number = 2
        while f"{parts}_{number}" in self.taken:
            number += 1
        line = self.report.line(row.span)
        if row.as_name is not None or line.rstrip().endswith(":"):
            return None
        if row.because is not None and row.because.span.line == row.span.line:
            head = line[: row.because.span.column - 1].rstrip().removesuffix("because").rstrip()
            return f"{head} as {parts}_{number} because {line[row.because.span.column - 1 :]}"
        end = row.span.end_column - 1 if row.span.end_line == row.span.line else len(line)
        return f"{line[:end].rstrip()} as {parts}_{number}{line[end:]}"


_NEVER = "9999-99-99"


def _days(in_force: nodes.InForce | None) -> tuple[str, str]:
    """The first and last day as written: years first, so that they compare as days do."""
    first = in_force.first.text if in_force is not None and in_force.first is not None else ""
    last = in_force.last.text if in_force is not None and in_force.last is not None else _NEVER
    return first, last
