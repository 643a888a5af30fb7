"""The effect of a change on leads as the command line tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from leadpact.cli.painting import dim, strong

if TYPE_CHECKING:
    from leadpact.changes.effect import Effect, Facet

__all__ = ["effect_json", "effect_text"]

_MOST_SHIFTS: Final = 12


def effect_text(told: Effect) -> str:
    """How many leads are decided otherwise, a table for each outcome, and the first few leads."""
    return "\n".join(_lines(told))


def _lines(told: Effect) -> Iterator[str]:
    many = "lead is" if told.changed == 1 else "leads are"
    of = f"of {told.leads:,}" if told.changed else f"of the {told.leads:,}"
    yield strong(f"{told.changed:,} {many} decided otherwise, {of}.")
    for facet in told.facets:
        yield ""
        yield f"{facet.title}: {facet.changed:,} differ"
        yield from _table(facet)
    if told.first:
        yield ""
        yield strong("The first of them")
    for lead in told.first:
        changes = "; ".join(f"{title} {was} → {now}" for title, was, now in lead.changes)
        yield f"  {lead.id}: {changes}"
        for why in lead.why:
            yield f"      {dim(why)}"


def _table(facet: Facet) -> Iterator[str]:
    shown = facet.shifts[:_MOST_SHIFTS]
    rows = [
        (f"{shift.before} → {shift.after}" if shift.after else shift.before, f"{shift.count:,}")
        for shift in shown
    ]
    widest = max(len(text) for text, _ in rows)
    digits = max(len(count) for _, count in rows)
    for text, count in rows:
        yield f"  {text:<{widest}}  {count:>{digits}}"
    rest = sum(shift.count for shift in facet.shifts[_MOST_SHIFTS:])
    if rest:
        yield f"  {'others':<{widest}}  {rest:>{digits},}"


def effect_json(told: Effect) -> dict[str, object]:
    """The same as an object."""
    return {
        "leads": told.leads,
        "changed": told.changed,
        "outcomes": [
            {
                "sort": facet.sort,
                "name": facet.name,
                "title": facet.title,
                "changed": facet.changed,
                "shifts": [
                    {"before": one.before, "after": one.after or None, "count": one.count}
                    for one in facet.shifts
                ],
            }
            for facet in told.facets
        ],
        "first": [
            {
                "id": lead.id,
                "changes": [
                    {"what": title, "before": was, "after": now} for title, was, now in lead.changes
                ],
                "why": list(lead.why),
            }
            for lead in told.first
        ],
    }
