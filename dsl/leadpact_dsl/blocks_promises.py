"""The blocks of what is promised: `agreement` and `guarantee`."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from leadpact_dsl import nodes
from leadpact_dsl.clauses import opened, plain_rows, texts
from leadpact_dsl.layout import Line
from leadpact_dsl.reader import Reading

__all__ = ["read_agreement", "read_guarantee"]


def read_agreement(reading: Reading, line: Line) -> nodes.AgreementBlock | None:
    """The block `agreement`; ``None`` if its header could not be read."""
    block, below = opened(reading, line, "agreement_header", nodes.AgreementBlock)
    rows = [*plain_rows(reading, below, "agreement_line")]
    if block is None:
        return None
    return replace(
        block,
        goals=texts(rows, "goal"),
        lines=tuple(row for row in rows if isinstance(row, get_args(nodes.AgreementLine))),
        notes=texts(rows, "note"),
    )


def read_guarantee(reading: Reading, line: Line) -> nodes.GuaranteeBlock | None:
    """A block `guarantee`; ``None`` if its header could not be read."""
    block, below = opened(reading, line, "guarantee_header", nodes.GuaranteeBlock)
    rows: list[object] = []
    reasons: list[tuple[Line, nodes.Quoted]] = []
    for row_line in below:
        for row in plain_rows(reading, (row_line,), "guarantee_line"):
            rows.append(row)
            reasons += [(row_line, text) for text in texts([row], "because")]
    for row_line, _ in reasons[1:]:
        message = "This is the second `because`; one is all there can be."
        reading.tell(row_line, "E122", message, "Keep one of them.")
    if block is None:
        return None
    promises = nodes.NeverStage | nodes.NeverLowers
    return replace(
        block,
        promises=tuple(row for row in rows if isinstance(row, promises)),
        because=reasons[0][1] if reasons else None,
        notes=texts(rows, "note"),
    )
