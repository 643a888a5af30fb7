"""Rule ids: stable names of rows, moves and items that do not depend on their order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from leadpact.check.amounts import settled
from leadpact.check.report import Report
from leadpact.check.words import ticked
from leadpact_dsl import nodes
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


@dataclass(slots=True)
class Rules:
    """The rule ids below one name: ``interest.…``."""

    prefix: str
    report: Report
    taken: dict[str, Span] = field(default_factory=dict)

    def claim(
        self,
        subject: nodes.Word | str | None,
        row: nodes.PointsRow | nodes.PointsByRow | nodes.RefusedLine | nodes.MoveLine,
        said: Span | None = None,
    ) -> str | None:
        """The id ``prefix.subject``; ``None`` after saying that another row has it.

        ``said`` is what to underline where the subject is no word of the row.
        """
        if subject is None:
            return None
        name = subject if isinstance(subject, str) else subject.text
        span = said or (row.span if isinstance(subject, str) else subject.span)
        first = self.taken.setdefault(name, span)
        if first is span:
            return f"{self.prefix}.{name}"
        self._say_taken(name, first, span, row)
        return None

    def reserve(self, name: str, span: Span) -> str:
        """An id of the language's own, such as ``at_most``."""
        self.taken[name] = span
        return f"{self.prefix}.{name}"

    def _say_taken(
        self,
        name: str,
        first: Span,
        span: Span,
        row: nodes.PointsRow | nodes.PointsByRow | nodes.RefusedLine | nodes.MoveLine,
    ) -> None:
        other = f"{'' if first.file == span.file else f'{first.file}, '}line {first.line}"
        self.report.error(
            "E509",
            f"Another row is already named `{self.prefix}.{name}` ({other}).",
            span,
            f"Rows are named after what they speak of. Give this one a name of its own: end it in "
            f"{ticked('as NAME')}.",
            self._named(name, row),
        )

    def _named(
        self,
        name: str,
        row: nodes.PointsRow | nodes.PointsByRow | nodes.RefusedLine | nodes.MoveLine,
    ) -> str | None:
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
