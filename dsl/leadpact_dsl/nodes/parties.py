"""The blocks ``policy``, ``party``, ``role`` and ``list``."""

from __future__ import annotations

from typing import Literal

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.words import Day, Number, Quoted, Word
from leadpact_dsl.source import Span

__all__ = ["ListBlock", "PartyBlock", "PolicyBlock", "PolicyLine", "RoleBlock"]


@frozen
class PolicyLine:
    """``KEY value`` of the policy block; ``key`` as written: ``version``, ``in force from``, …"""

    key: Literal["language", "version", "in force from", "time zone", "currency"]
    value: Word | Quoted | Number | Day
    span: Span


@frozen
class PolicyBlock:
    name: Word
    label: Quoted | None
    lines: tuple[PolicyLine, ...]
    span: Span
    notes: tuple[Quoted, ...] = ()


@frozen
class PartyBlock:
    """``stand_ins`` and ``contacts`` hold every such line; a second one is the checker's to refuse
    where only one makes sense.
    """

    name: Word
    label: Quoted | None
    contacts: tuple[Quoted, ...]
    duties: tuple[Quoted, ...]
    span: Span
    stand_ins: tuple[Quoted, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class RoleBlock:
    """``role sales_manager "Sales manager" of sales``, with the same lines as a party."""

    name: Word
    label: Quoted | None
    party: Word | None
    contacts: tuple[Quoted, ...]
    duties: tuple[Quoted, ...]
    stand_ins: tuple[Quoted, ...]
    notes: tuple[Quoted, ...]
    span: Span


@frozen
class ListBlock:
    """Named texts: inline or one a line below (``members``), or from a file beside the policy."""

    name: Word
    label: Quoted | None
    owner: Word | None
    members: tuple[Quoted, ...]
    file: Quoted | None
    span: Span
