"""The blocks about who and when: policy, parties and roles, calendars; and lists of texts."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from leadpact_dsl import nodes
from leadpact_dsl.clauses import opened, plain_rows, texts
from leadpact_dsl.layout import Line
from leadpact_dsl.reader import Reading

__all__ = ["read_calendar", "read_list", "read_party", "read_policy", "read_role"]


def read_policy(reading: Reading, line: Line) -> nodes.PolicyBlock | None:
    """The block `policy`; ``None``, here and below, if its header could not be read."""
    block, below = opened(reading, line, "policy_header", nodes.PolicyBlock)
    rows = [*plain_rows(reading, below, "policy_line")]
    lines = tuple(row for row in rows if isinstance(row, nodes.PolicyLine))
    return replace(block, lines=lines, notes=texts(rows, "note")) if block else None


def read_party(reading: Reading, line: Line) -> nodes.PartyBlock | None:
    """A block `party` with its texts."""
    block, below = opened(reading, line, "party_header", nodes.PartyBlock)
    rows = [*plain_rows(reading, below, "party_line")]
    if block is None:
        return None
    return replace(
        block,
        contacts=texts(rows, "contact"),
        duties=texts(rows, "duty"),
        stand_ins=texts(rows, "stand-in"),
        notes=texts(rows, "note"),
    )


def read_role(reading: Reading, line: Line) -> nodes.RoleBlock | None:
    """A block `role` with its texts."""
    block, below = opened(reading, line, "role_header", nodes.RoleBlock)
    rows = [*plain_rows(reading, below, "party_line")]
    if block is None:
        return None
    return replace(
        block,
        contacts=texts(rows, "contact"),
        duties=texts(rows, "duty"),
        stand_ins=texts(rows, "stand-in"),
        notes=texts(rows, "note"),
    )


def read_calendar(reading: Reading, line: Line) -> nodes.CalendarBlock | None:
    """A block `calendar`, its lines in the order written."""
    block, below = opened(reading, line, "calendar_header", nodes.CalendarBlock)
    rows = [*plain_rows(reading, below, "calendar_line")]
    if block is None:
        return None
    sorts = nodes.OpenWeekly | nodes.OpenOn | nodes.ClosedOn | nodes.ClosedHolidays
    return replace(
        block,
        zones=texts(rows, "time zone"),
        lines=tuple(row for row in rows if isinstance(row, sorts)),
        notes=texts(rows, "note"),
    )


def read_list(reading: Reading, line: Line) -> nodes.ListBlock | None:
    """A block `list`, with the members of its header and those below."""
    block, below = opened(reading, line, "list_header", nodes.ListBlock)
    rows = [
        cast(tuple[nodes.Quoted, ...], row) for row in plain_rows(reading, below, "list_member")
    ]
    if block is None:
        return None
    return replace(block, members=block.members + tuple(text for row in rows for text in row))
