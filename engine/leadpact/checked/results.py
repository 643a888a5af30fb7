"""Definitions, groups and checklists."""

from __future__ import annotations

from typing import Literal

from leadpact.checked.conditions import Condition
from leadpact.checked.times import Duration, InForce
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = [
    "AnsweredItem",
    "AskedItem",
    "Checklist",
    "DatedWhen",
    "Definition",
    "Group",
    "GroupRow",
    "NeedsItems",
]


@frozen
class DatedWhen:
    when: Condition
    in_force: InForce | None
    span: Span


@frozen
class Definition:
    """Of ``whens`` exactly one is in force on any day."""

    name: str
    label: str
    owner: str | None
    whens: tuple[DatedWhen, ...]
    because: str | None
    span: Span
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class GroupRow:
    """``when`` is ``None`` for ``otherwise`` and ``unknown`` rows; ``kind`` tells them apart."""

    rule: str
    name: str
    label: str
    kind: Literal["when", "unknown", "otherwise"]
    when: Condition | None
    because: str | None
    does: tuple[str, ...]
    means: tuple[str, ...]
    span: Span
    in_force: InForce | None = None
    notes: tuple[str, ...] = ()


@frozen
class Group:
    """The first row that is true wins. An ``unknown`` row wins when none above it is true and
    one of them is unknown; ``otherwise`` is the last and takes the rest.
    """

    name: str
    label: str
    owner: str | None
    rows: tuple[GroupRow, ...]
    span: Span


@frozen
class AskedItem:
    """Met when ``met_when`` is true; else not met when ``not_met_when`` (or, where that is not
    given, the opposite of ``met_when``) is true; else unknown.
    """

    rule: str
    name: str
    question: str
    met_when: Condition
    not_met_when: Condition | None
    because: str | None
    span: Span
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class AnsweredItem:
    """The newest action ``kind`` (``bant.believes``) says yes or no; unknown without one, or
    when it is older than ``good_for``.
    """

    rule: str
    name: str
    question: str
    kind: str
    party: str
    good_for: Duration | None
    because: str | None
    span: Span
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class NeedsItems:
    """``count`` of ``items`` must be in ``state``; ``none`` holds while items are unknown.

    ``all`` is ``at least`` with the number of items.
    """

    quantifier: Literal["at least", "none"]
    count: int
    items: tuple[str, ...]
    state: Literal["met", "not met"]
    span: Span


@frozen
class Checklist:
    """All ``needs`` must hold (three-valued)."""

    name: str
    label: str
    owner: str | None
    items: tuple[AskedItem | AnsweredItem, ...]
    needs: tuple[NeedsItems, ...]
    span: Span
