"""All static checks, over every period of a policy."""

from __future__ import annotations

from leadpact import checked as c
from leadpact.analysis.conditions import look_at_results, look_at_rows
from leadpact.analysis.days import day_in, scale_on
from leadpact.analysis.deadlines import look_at_deadlines
from leadpact.analysis.findings import Findings, Period
from leadpact.analysis.model import Model
from leadpact.analysis.places import Places
from leadpact.analysis.search import Search
from leadpact.analysis.thresholds import look_at_points
from leadpact.analysis.waiting import look_at_contact
from leadpact.analysis.ways import look_at_moves, look_at_stages
from leadpact.dated import in_force_on, periods
from leadpact_dsl.diagnostics import Diagnostic

__all__ = ["all_findings"]


def all_findings(policy: c.CheckedPolicy) -> tuple[Diagnostic, ...]:
    """In the order of files and lines."""
    findings = Findings()
    places = Places(policy.sources)
    for first, last in periods(policy):
        # What was before the policy came into force is nobody's business any more.
        if last is not None and policy.in_force_from is not None and last < policy.in_force_from:
            continue
        day = day_in((first, last))
        plain = in_force_on(policy, day)
        search = Search(Model(plain, scale_on(plain, day), wide=True))
        period = Period(search, policy, places, findings)
        look_at_stages(period)
        look_at_points(period)
        look_at_results(period)
        look_at_rows(period)
        look_at_moves(period)
        look_at_contact(period)
        look_at_deadlines(period, first, last)
    return tuple(sorted(findings.all(), key=lambda found: found.span))
