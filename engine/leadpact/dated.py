"""Dated rows: which policy is in force on a day.

A row that is not in force is absent. So the borders of all dated rows cut time into periods, and in
each the policy is a plain one without dates: ``in_force_on`` makes it, and everything after it
(checks of coverage, plans, pages) knows no dates at all. A day is a local day of the policy's zone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from leadpact.checked import CheckedPolicy, InForce

__all__ = ["borders", "in_force_on", "is_in_force", "period_of", "periods"]


_NOT_DATED = ("sources", "span", "examples")


def borders(policy: CheckedPolicy) -> tuple[date, ...]:
    """The days on which another set of rows comes into force, in order, each once."""
    # A policy is asked again and again, and looking through all of it takes a while. Held by
    # identity, with the policy itself, so that no other can take its place.
    known = _KNOWN.get(id(policy))
    if known is None:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[id(policy)] = (policy, _borders(policy))
    return known[1]


_KNOWN: dict[int, tuple[CheckedPolicy, tuple[date, ...]]] = {}
_MOST_KNOWN = 32


def _borders(policy: CheckedPolicy) -> tuple[date, ...]:
    days: set[date] = set()
    for span in _dates(policy):
        if span.first is not None:
            days.add(span.first)
        if span.last is not None and span.last < date.max:
            days.add(span.last + timedelta(days=1))
    return tuple(sorted(days))


def periods(policy: CheckedPolicy) -> tuple[tuple[date | None, date | None], ...]:
    """The periods between the borders, first and last day included; ``None``: without end."""
    days = borders(policy)
    firsts: tuple[date | None, ...] = (None, *days)
    lasts: tuple[date | None, ...] = (*(day - timedelta(days=1) for day in days), None)
    return tuple(zip(firsts, lasts, strict=True))


def period_of(days: tuple[date, ...], day: date) -> int:
    """Which of the periods between these ``borders`` the day lies in."""
    return bisect_right(days, day)


def in_force_on(policy: CheckedPolicy, day: date) -> CheckedPolicy:
    """The policy without the rows, moves, targets, letters and lines that are not in force.

    Every definition has exactly one ``when``. The same object when nothing is dated.
    """
    if not borders(policy):
        return policy
    return replace(
        policy,
        **{
            field.name: _kept(getattr(policy, field.name), day)
            for field in fields(policy)
            if field.name not in _NOT_DATED
        },
    )


def is_in_force(span: InForce | None, day: date) -> bool:
    if span is None:
        return True
    return (span.first is None or span.first <= day) and (span.last is None or day <= span.last)


def _dates(value: Any) -> Iterator[InForce]:
    if isinstance(value, InForce):
        yield value
    elif isinstance(value, tuple):
        for member in value:
            yield from _dates(member)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in _NOT_DATED:
                yield from _dates(getattr(value, field.name))


def _kept(value: Any, day: date) -> Any:
    """``value`` without the members of its tuples that are not in force; itself if all are."""
    if isinstance(value, tuple):
        kept = tuple(
            _kept(member, day)
            for member in value
            if is_in_force(getattr(member, "in_force", None), day)
        )
        same = len(kept) == len(value) and all(a is b for a, b in zip(kept, value, strict=True))
        return value if same else kept
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {
        field.name: new
        for field in fields(value)
        if (new := _kept(old := getattr(value, field.name), day)) is not old
    }
    return replace(value, **changed) if changed else value
