"""The next version: what every rule says now, and from a day to come on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from leadpact.checked import CheckedPolicy
from leadpact.dated import borders, in_force_on
from leadpact.english import day, sentences
from leadpact_sla.model_pages import ChangedDoc, ComingDoc
from leadpact_sla.writing import Writer

__all__ = ["coming"]


def coming(writer: Writer) -> tuple[ComingDoc, ...]:
    """One for each day after today on which other rows come into force; none without a today."""
    if writer.today is None:
        return ()
    days = [one for one in borders(writer.policy) if one > writer.today]
    made = (
        ComingDoc(f"from-{one.isoformat()}", day(one), tuple(_changed(writer, one))) for one in days
    )
    return tuple(one for one in made if one.changes)


def _changed(writer: Writer, first: date) -> Iterator[ChangedDoc]:
    before = _said(writer.policy, first - timedelta(days=1))
    after = _said(writer.policy, first)
    for rule in dict.fromkeys((*before, *after)):
        if before.get(rule) != after.get(rule):
            yield ChangedDoc(rule, writer.places.rule(rule), before.get(rule), after.get(rule))


def _said(policy: CheckedPolicy, on: date) -> Mapping[str, str]:
    return sentences(in_force_on(policy, on), policy)
