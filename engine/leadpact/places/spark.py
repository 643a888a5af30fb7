"""A run in Spark: over paths that Spark reads, or over DataFrames that somebody has."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from leadpact.batch.deciding import Policy
from leadpact.batch.options import RunOptions
from leadpact.batch.places import Pattern, RunError
from leadpact.batch.rejects import Reject
from leadpact.batch.runner import Listener
from leadpact.batch.sources import NO_MAPPING, read_mapping
from leadpact.batch.summary import summarize
from leadpact.batch.tally import Tally
from leadpact.decision import Warning
from leadpact.operators.times import supported
from leadpact.places.options import PlaceOptions, PlaceOutcome, check_options, compared
from leadpact.places.spark_counts import Counted, summed
from leadpact.places.spark_deciding import Asked, asked, outcomes
from leadpact.places.spark_files import Read, read_place, written
from leadpact.places.spark_inputs import name
from leadpact.places.spark_session import opened, session_of, settled, told

__all__ = ["decided_frame", "run_on_spark"]

_FIRST = 3


def decided_frame(
    policy: Policy,
    leads: Any,
    activities: Any = None,
    *,
    as_of: datetime | None = None,
    explain: bool = False,
) -> Any:
    """The outcomes about the leads of a DataFrame as another one; see ``Policy.spark``."""
    now = supported(datetime.now(UTC) if as_of is None else as_of)
    session = session_of(leads)
    with told(), settled(session):
        events = None if activities is None else Read(activities)
        wanted = asked(policy, Read(leads), events, NO_MAPPING, now, explain)
        columns = [one for one in wanted.columns if one != "id"]
        return outcomes(wanted, False).select("id", "status", "reason", *map(name, columns))


def run_on_spark(
    policy: Policy, options: PlaceOptions, *, progress: Listener = None
) -> PlaceOutcome:
    """Decide every lead of what Spark reads, with the outcome of a run in Python.

    Raises RunError for mistakes of use and for what Spark cannot do; then nothing was changed.
    """
    started = time.monotonic()
    check_options(options)
    mapping = NO_MAPPING
    if options.source is not None:
        mapping = read_mapping(policy.folder, options.source, policy.checked)
    with opened(options.on) as session:
        leads = read_place(session, options.leads)
        events = None if options.activities is None else read_place(session, options.activities)
        wanted = asked(policy, leads, events, mapping, options.as_of, options.explain)
        share = 0.0
        if options.verify_sample and wanted.query is not None:
            share = min(options.verify_sample / max(leads.frame.count(), 1), 1.0)
        # Worked out once, for all that is asked of it.
        frame = outcomes(wanted, True, share).persist()
        try:
            run = _Run(session, options, wanted, frame)
            run.go()
        finally:
            frame.unpersist()
    seconds = time.monotonic() - started
    found = (run.problems, run.first)
    summary = summarize(
        run.counted.tally, _as_told(options), policy.digest, found, seconds, run.stopped
    )
    return PlaceOutcome(summary, run.notes())


def _as_told(options: PlaceOptions) -> RunOptions:
    def place(text: str | None) -> Pattern | None:
        return None if text is None else Pattern(text)

    told = RunOptions(
        Pattern(options.leads),
        place(options.activities),
        options.source,
        options.as_of,
        place(options.out),
        None,
        options.explain,
        options.strict,
    )
    return replace(told, rejects=place(options.rejects))  # type: ignore[arg-type]


class _Run:
    """One run at work. ``stopped``: it was strict, and something was wrong."""

    def __init__(self, session: Any, options: PlaceOptions, wanted: Asked, frame: Any) -> None:
        self.session = session
        self.options = options
        self.wanted = wanted
        self.frame = frame
        self.counted = Counted(Tally(wanted.policy.checked))
        self.problems = 0
        self.first: list[Reject] = []
        self.stopped = False

    def go(self) -> None:
        self._count()
        self._look_at_problems()
        if not self.stopped:
            self._write()

    def _count(self) -> None:
        texts = self._part("counts").select("`#counts`").collect()
        self.counted = summed(self.counted.tally, [row[0] for row in texts])
        if self.counted.differs:
            raise RunError(
                self.counted.differs,
                "Nothing was changed. Please report it, and decide in Python meanwhile.",
            )
        tally, events = self.counted.tally, self.wanted.events
        for column in self.wanted.leads.unused:
            tally.warn([Warning("unknown_key", column, tally.read)])
        for column in () if events is None else events.unused:
            tally.warn([Warning("unknown_key", f"activities.{column}", tally.events_read)])

    def _look_at_problems(self) -> None:
        problems = self._part("problem")
        self.problems = problems.count()
        if self.options.strict:
            wrong = problems.where("status = 'wrong'")
            self.first = _first(wrong, 1)
            if self.first:
                self.stopped, self.problems = True, 1
                return
        self.first = _first(problems, _FIRST) if self.problems else []

    def _write(self) -> None:
        wanted = []
        if self.options.out is not None:
            decided = self._part("lead").where("status = 'decided'")
            wanted.append((self.options.out, decided.select(*map(name, self.wanted.columns))))
        if self.options.rejects is not None:
            columns_of_rejects = ("id", "`#field` AS field", "`#value` AS value", "reason")
            rejects = self._part("problem").selectExpr(*columns_of_rejects, "`#input` AS input")
            wanted.append((self.options.rejects, rejects))
        written(self.session, wanted)

    def _part(self, part: str) -> Any:
        return self.frame.where(f"coalesce(`#part`, 'lead') = '{part}'")

    def notes(self) -> tuple[str, ...]:
        """What people are told about the way."""
        counted = self.counted
        if self.wanted.query is None:
            return (f"All leads were decided in Python: {self.wanted.why}",)
        told = []
        if counted.in_python:
            read = counted.tally.read
            told.append(f"{counted.in_python:,} of {read:,} leads were decided in Python.")
        if self.options.verify_sample:
            told.append(compared(counted.verified))
        return tuple(told)


def _first(problems: Any, most: int) -> list[Reject]:
    rows = problems.orderBy("#input", "id", "#field", ascending=[False, True, True]).limit(most)
    return [
        Reject(0, row["id"], row["#field"], row["#value"], row["reason"], row["#input"])
        for row in rows.collect()
    ]
