"""A policy as one JavaScript text, for the published page on which people try a lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from leadpact.backends.javascript import NotSayableError, Period, compile_plans
from leadpact.checked import CheckedPolicy, Condition
from leadpact.dated import borders, in_force_on
from leadpact.lower import lower

__all__ = ["NotSayableError", "compile_javascript", "period_policies"]


def period_policies(
    policy: CheckedPolicy,
) -> tuple[tuple[date | None, CheckedPolicy], ...]:
    """The policy of each period between the dated borders, with the period's first local day."""
    days = borders(policy)
    before = days[0] - timedelta(days=1) if days else date.min
    return tuple((first, in_force_on(policy, first or before)) for first in (None, *days))


def compile_javascript(
    policy: CheckedPolicy,
    probes: Callable[[CheckedPolicy], Sequence[Condition]] = lambda policy: (),
) -> str:
    """A script (ES2020, without imports) that defines ``decide(record, asOf, options)``.

    ``record`` is as JSON has it; ``asOf`` an ISO text with an offset, or microseconds since 1970.
    The decision is what ``Policy.decide(…, explain=True)`` tells, without sentences, places and
    ``valid_until``; ``period`` is the number of its period, and ``probes`` are the answers
    (``true``, ``false``, ``null``) to the conditions that ``probes`` gives for that period's
    policy. Its status may also be ``not known here``. With ``{partial: true}`` required fields
    may be missing. Raises ``NotSayableError`` for a policy that the script could not judge exactly.
    """
    periods = period_policies(policy)
    watched = tuple(
        dict.fromkeys(
            target.starts_when
            for _, each in periods
            for stage in each.stages
            for target in stage.targets
            if target.starts_when is not None
        )
    )
    return compile_plans(
        policy,
        [Period(first, lower(each, (*watched, *probes(each)), policy)) for first, each in periods],
        watched,
    )
