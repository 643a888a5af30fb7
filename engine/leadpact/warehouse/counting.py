"""Counting in SQL what a query decided: the summary's part beside what Python counted."""

from __future__ import annotations

from leadpact.batch.tally import STAYS, Tally
from leadpact.decision import Warning
from leadpact.warehouse.duck import name
from leadpact.warehouse.work import Work

__all__ = ["count"]


def count(work: Work, tally: Tally) -> None:
    """Add what the query decided to what Python counted."""
    duck = work.duck
    leads = work.leads
    tally.read = (
        leads.size if leads.stream is None else duck.one("SELECT count(*) FROM staged_leads")
    )
    _count_results(work, tally)
    tally.refused += duck.one("SELECT count(*) FROM answered WHERE NOT odd AND status = 'refused'")
    if work.events is not None:
        if work.events.stream is None:
            tally.events_read += work.events.size - duck.one("SELECT count(*) FROM bad_events")
        else:
            tally.events_read += duck.one("SELECT count(*) FROM staged_events")
    if work.leads.held is not None:
        # Those of the odd leads were counted in Python.
        tally.events_read += duck.one(
            "SELECT count(*) FROM staged_held SEMI JOIN "
            "(SELECT id FROM answered WHERE NOT odd) f ON lead = f.id"
        )
    if work.counts_warnings:
        _count_warnings(work, tally)
    for column in work.leads.unused:
        tally.warn([Warning("unknown_key", column, tally.read)])
    for column in work.events.unused if work.events is not None else ():
        tally.warn([Warning("unknown_key", f"activities.{column}", tally.events_read)])


def _count_results(work: Work, tally: Tally) -> None:
    sums = ["count(*)", *(f"sum({name(f'score.{one}')})" for one in tally.hundredths)]
    decided, *totals = work.duck.rows(f"SELECT {', '.join(sums)} FROM decided")[0]
    tally.decided += decided
    for score, total in zip(tally.hundredths, totals, strict=True):
        tally.hundredths[score] += int(total or 0)
    for block, prefix in (
        (tally.letters, "letter"),
        (tally.groups, "group"),
        (tally.checklists, "checklist"),
    ):
        for key, counter in block.items():
            counter.update(_by(work, name(f"{prefix}.{key}")))
    if work.policy.stages:
        tally.next_stages.update(_by(work, f"coalesce(next_stage, '{STAYS}')"))


def _by(work: Work, value: str) -> dict[str, int]:
    return dict(work.duck.rows(f"SELECT {value} AS v, count(*) FROM decided GROUP BY v"))


def _count_warnings(work: Work, tally: Tally) -> None:
    """The warnings of the leads that the query decided or refused."""
    fine = "(SELECT id, pos FROM answered WHERE NOT odd)"
    for field in work.leads.naive_names():
        count = work.duck.one(
            f"SELECT count(*) FROM staged_leads SEMI JOIN {fine} f USING (pos) "
            f"WHERE {name(f'naive.{field}')}"
        )
        if count:
            tally.warn([Warning("naive_instant", field, count)])
    if work.thin is not None:
        # What might be warned about made its lead odd.
        return
    for staged in work.staged_events():
        for (code, subject), count in work.duck.rows(
            f"SELECT unnest(warned) AS w, count(*) FROM {staged} "
            f"SEMI JOIN {fine} f ON lead = f.id WHERE warned IS NOT NULL GROUP BY w ORDER BY w"
        ):
            tally.warn([Warning(code, subject, count)])
