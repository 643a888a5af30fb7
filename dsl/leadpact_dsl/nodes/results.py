"""The blocks ``define``, ``group`` and ``checklist``."""

from __future__ import annotations

from typing import Literal

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.conditions import Condition
from leadpact_dsl.nodes.words import Duration, InForce, Number, Quoted, Word
from leadpact_dsl.source import Span

__all__ = [
    "ChecklistBlock",
    "DatedWhen",
    "DefineBlock",
    "GroupBlock",
    "GroupRow",
    "ItemLine",
    "NeedsItems",
]


@frozen
class DatedWhen:
    """One of a definition's ``when … in force …`` lines."""

    when: Condition
    in_force: InForce | None
    span: Span


@frozen
class DefineBlock:
    """``whens`` are all its ``when`` lines, in order; without one it is the checker's to refuse."""

    name: Word
    label: Quoted | None
    owner: Word | None
    whens: tuple[DatedWhen, ...]
    because: Quoted | None
    span: Span
    means: tuple[Quoted, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class GroupRow:
    """``NAME "label" when C | unknown | otherwise``; ``kind`` says which."""

    name: Word
    label: Quoted | None
    kind: Literal["when", "unknown", "otherwise"]
    when: Condition | None
    because: Quoted | None
    does: tuple[Quoted, ...]
    means: tuple[Quoted, ...]
    span: Span
    in_force: InForce | None = None
    notes: tuple[Quoted, ...] = ()


@frozen
class GroupBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    rows: tuple[GroupRow, ...]
    span: Span


@frozen
class ItemLine:
    """An item of a checklist: ``met when …`` or ``answered by PARTY [, good for D]``."""

    name: Word
    question: Quoted | None
    met_when: Condition | None
    not_met_when: Condition | None
    answered_by: Word | None
    good_for: Duration | None
    because: Quoted | None
    span: Span
    means: tuple[Quoted, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class NeedsItems:
    """``needs at least 3 met``, ``needs none not met``, ``needs all of a, b met``.

    ``count`` is set for ``at least``; ``items`` is empty for all items.
    """

    quantifier: Literal["at least", "all", "none"]
    count: Number | None
    items: tuple[Word, ...]
    state: Literal["met", "not met"]
    span: Span


@frozen
class ChecklistBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    items: tuple[ItemLine, ...]
    needs: tuple[NeedsItems, ...]
    span: Span
