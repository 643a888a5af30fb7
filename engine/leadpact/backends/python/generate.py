"""From a plan to compiled functions.

Three texts come from one plan: the decision alone, the decision with its reasons, and the
three-valued answers to probes. Each is a function ``bind(now, …)`` that works out what depends on
the instant alone (thresholds of windows, the zone's offsets) and returns a function of the lead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from textwrap import indent
from typing import Any, TypeAlias

from msgspec import UNSET

from leadpact import decision as d
from leadpact import plan as p
from leadpact.backends.python import runtime
from leadpact.backends.python.clocks import FirstTrue
from leadpact.backends.python.decays import inactive, kept
from leadpact.backends.python.history import entered, history_of
from leadpact.backends.python.moves import definitions_in
from leadpact.backends.python.rows import Texts
from leadpact.backends.python.text import Mode, Text
from leadpact.checked import Duration
from leadpact.operators.decimals import exact
from leadpact.operators.text import BLANKS, domain, fold
from leadpact.operators.times import (
    full_periods,
    leaves,
    limit_of,
    local_day,
    local_time,
    next_period,
    threshold,
    transitions,
    turns,
)
from leadpact.schema import RecordTypes
from leadpact.zones import zone

__all__ = ["Compiled", "Decide", "Mode", "compile_plan"]

Decide: TypeAlias = Callable[..., Any]
"""``decide(lead, warnings=())``: a ``Decision`` or ``RefusedRecord``; probes give a tuple."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled plan. ``source`` is the generated text, for people who want to read it."""

    source: str
    make: Callable[..., Decide]
    windows: tuple[Duration, ...]
    limits: tuple[p.TimeLimit, ...]
    zone: str
    local: bool

    def bind(self, as_of: datetime, border: datetime = runtime.FAR) -> Decide:
        """The function of a lead for this instant (aware, in UTC).

        ``border``: when another set of rows comes into force.
        """
        thresholds = tuple(threshold(window, as_of, self.zone) for window in self.windows)
        changes: list[datetime] = []
        offsets: list[timedelta] = []
        if self.local and thresholds:
            changes, offsets = transitions(self.zone, min(thresholds), as_of)
        limits = tuple(
            limit_of(
                limit.duration,
                limit.direction == "ahead",
                limit.strict,
                limit.days,
                as_of,
                self.zone,
            )
            for limit in self.limits
        )
        return self.make(as_of, thresholds, changes, offsets, limits, border)


def compile_plan(
    plan: p.Plan,
    types: RecordTypes,
    ref: d.PolicyRef,
    texts: Texts,
    mode: Mode,
    first_true: FirstTrue,
) -> Compiled:
    """Generate and compile one text of the plan.

    ``first_true`` finds out since when a target's ``starts when`` is true.
    """
    # Which definitions must say whether they are false is known only when all has been written,
    # and saying so may ask the same of those that they mention; so it is written once more.
    asked_false: frozenset[str] = frozenset()
    while True:
        text = Text(plan, types, ref, texts, mode, asked_false, first_true)
        source = text.write()
        if text.asked_false() <= asked_false:
            break
        asked_false = _with_mentioned(plan, asked_false | text.asked_false())
    names: dict[str, Any] = {**_RUNTIME, **text.writer.constants}
    names["PLACE"] = zone(plan.policy.zone)
    names["ZONE"] = plan.policy.zone
    return Compiled(
        source,
        _compile(source, plan.policy.name, names),
        plan.windows,
        text.told.limits,
        plan.policy.zone,
        "bisect_right(" in source,
    )


def _compile(source: str, name: str, names: Mapping[str, Any]) -> Callable[..., Decide]:
    """The function ``make`` of the source.

    What it uses becomes variables of a function around it, not of a module: those are looked up
    faster.
    """
    words = set(re.findall(r"\w+", source))
    used = [each for each in names if each in words]
    wrapped = f"def given({', '.join(used)}):\n{indent(source, '    ')}    return make\n"
    namespace: dict[str, Any] = {}
    exec(compile(wrapped, f"<policy {name}>", "exec"), namespace)
    make: Callable[..., Decide] = namespace["given"](*(names[each] for each in used))
    return make


_RUNTIME: dict[str, Any] = {
    "AT": attrgetter("at"),
    "BLANKS": BLANKS,
    "DAY": timedelta(days=1),
    "NEW": timedelta(microseconds=-1),
    "Checklist": d.ChecklistResult,
    "Decision": d.Decision,
    "FAR": runtime.FAR,
    "Grade": d.GradeResult,
    "Group": d.GroupResult,
    "ID": attrgetter("id"),
    "PAST": runtime.PAST,
    "Refused": d.RefusedRecord,
    "Score": d.ScoreResult,
    "Stage": d.StageResult,
    "UNSET": UNSET,
    "UTC": UTC,
    "bisect_right": bisect_right,
    "domain": domain,
    "entered": entered,
    "exact": exact,
    "first_instant": runtime.first_instant,
    "fold": fold,
    "full_periods": full_periods,
    "history_of": history_of,
    "inactive": inactive,
    "kept": kept,
    "next_period": next_period,
    "turns": turns,
    "leaves": leaves,
    "local_day": local_day,
    "local_time": local_time,
    "newer": runtime.newer,
    "next_move": runtime.next_move,
    "newest_of": runtime.newest_of,
    "rationed": runtime.rationed,
    "rationed_newest": runtime.rationed_newest,
    "without_repeats": runtime.without_repeats,
}


def _with_mentioned(plan: p.Plan, names: frozenset[str]) -> frozenset[str]:
    """The definitions, with all that they mention, directly or through others."""
    found = set(names)
    for step in reversed(plan.steps):
        if isinstance(step, p.PlanDefinition) and step.name in found:
            found.update(definitions_in(step.when))
    return frozenset(found)
