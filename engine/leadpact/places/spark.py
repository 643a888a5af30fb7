"""A run in Spark: over paths that Spark reads, or over DataFrames that somebody has."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from leadpact.batch.activities import homeless, join
from leadpact.batch.deciding import Policy
from leadpact.batch.leads import Lead, lead_key
from leadpact.batch.options import RunOptions
from leadpact.batch.places import Pattern, RunError
from leadpact.batch.rejects import Reject, Rejects, StoppedError
from leadpact.batch.runner import Listener
from leadpact.batch.sources import NO_MAPPING, read_mapping
from leadpact.batch.summary import summarize
from leadpact.batch.tally import Tally
from leadpact.operators.times import supported
from leadpact.places.answers import columns_of, differences
from leadpact.places.options import PlaceOptions, PlaceOutcome, check_options, compared
from leadpact.places.spark_counts import count_outcomes, count_read, count_warnings
from leadpact.places.spark_deciding import Frames, decide, result_columns
from leadpact.places.spark_files import read_frame, written
from leadpact.places.spark_readings import literal
from leadpact.places.spark_session import opened, session_of, settled, told

__all__ = ["decided_frame", "run_on_spark"]


_REASON = (
    "CASE WHEN status <> 'decided' THEN array_join(transform(filter(problems, "
    "p -> p.input = 'leads'), p -> p.reason), ' ') END AS reason"
)


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
        frames = decide(policy, session, leads, activities, NO_MAPPING, now, explain)
        columns = list(result_columns(policy.checked, explain))[1:]
        return frames.outcomes.selectExpr(
            "id", "status", _REASON, *(f"`{column}`" for column in columns)
        )


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
        leads = read_frame(session, options.leads)
        events = None if options.activities is None else read_frame(session, options.activities)
        frames = decide(policy, session, leads, events, mapping, options.as_of, options.explain)
        run = _Run(session, policy, options, frames, leads, events)
        stopped = False
        try:
            run.go()
        except StoppedError:
            stopped = True
        found = (run.rejects.rows, run.rejects.first)
    seconds = time.monotonic() - started
    summary = summarize(run.tally, _as_told(options), policy.digest, found, seconds, stopped)
    return PlaceOutcome(summary, tuple(run.notes))


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
    """One run at work."""

    def __init__(
        self,
        session: Any,
        policy: Policy,
        options: PlaceOptions,
        frames: Frames,
        leads: Any,
        events: Any,
    ) -> None:
        self.session = session
        self.policy = policy
        self.options = options
        self.frames = frames
        self.leads = leads
        self.events = events
        self.tally = Tally(policy.checked)
        self.rejects = Rejects(None, options.strict)
        self.notes: list[str] = [frames.why] if frames.why else []

    def go(self) -> None:
        frames = self.frames
        # Worked out once, for all that is asked of it.
        answers = None if frames.answers is None else frames.answers.persist()
        outcomes = frames.outcomes.persist()
        try:
            self._count(outcomes)
            if self.options.verify_sample and answers is not None:
                self.notes.append(self._verify(answers))
            self._write(outcomes)
        finally:
            outcomes.unpersist()
            if answers is not None:
                answers.unpersist()

    def _count(self, outcomes: Any) -> None:
        frames, tally = self.frames, self.tally
        count_outcomes(tally, outcomes)
        count_read(tally, frames)
        if frames.answers is not None:
            odd = frames.answers.where("odd").count()
            count_warnings(tally, frames, self.leads, self.events)
            if odd:
                self.notes.append(f"{odd:,} of {tally.read:,} leads were decided in Python.")
        for row in self._problems(outcomes).toLocalIterator():
            wrong = row["status"] != "refused"
            self.rejects.add(
                Reject(0, row["id"] or "", row["field"], row["value"], row["reason"], row["input"]),
                wrong=wrong,
            )

    def _problems(self, outcomes: Any) -> Any:
        """Every problem with its lead, those of events of nobody among them."""
        found = outcomes.selectExpr("id", "status", "explode(problems) AS p").selectExpr(
            "id", "status", "p.field", "p.value", "p.reason", "p.input"
        )
        if self.events is None:
            return found
        raw = self.frames.raw_events
        reason = homeless(0, "").reason
        nobody = raw.where("lead IS NULL").selectExpr(
            "'' AS id",
            "'wrong' AS status",
            "'' AS field",
            "left(raw, 1000) AS value",
            f"{literal(reason)} AS reason",
            "'activities' AS input",
        )
        keys = self.frames.raw_leads.selectExpr("key AS lead")
        lost = raw.where("lead IS NOT NULL").join(keys, "lead", "left_anti")
        lost = lost.selectExpr(
            "lead AS id",
            "'wrong' AS status",
            "'lead' AS field",
            "lead AS value",
            "'No lead with this id was read.' AS reason",
            "'activities' AS input",
        )
        self.tally.events_wrong = nobody.count()
        self.tally.events_without_lead = lost.count()
        return found.unionByName(nobody).unionByName(lost)

    def _write(self, outcomes: Any) -> None:
        columns = list(result_columns(self.policy.checked, self.options.explain))
        wanted = []
        if self.options.out is not None:
            decided = outcomes.where("status = 'decided'")
            wanted.append((self.options.out, decided.select(*(f"`{one}`" for one in columns))))
        if self.options.rejects is not None:
            rejects = self._problems(outcomes).drop("status")
            wanted.append((self.options.rejects, rejects))
        written(self.session, wanted)

    def _verify(self, answers: Any) -> str:
        """Decide some leads in Python, too; what to tell. RunError unless both say the same."""
        frames, checked = self.frames, self.policy.checked
        plain = answers.where("NOT odd").orderBy("id").selectExpr("*", "md5(id) AS `by chance`")
        sample = plain.orderBy("by chance", "id").limit(self.options.verify_sample)
        found = {row["id"]: row.asDict() for row in sample.collect()}
        keys = self.session.createDataFrame([(key,) for key in found], "key string")
        leads = frames.raw_leads.join(keys, "key", "left_semi").collect()
        events: dict[str, list[str]] = {}
        if frames.raw_events is not None:
            own = frames.raw_events.join(keys.withColumnRenamed("key", "lead"), "lead", "left_semi")
            for row in own.toLocalIterator():
                events.setdefault(row["lead"], []).append(row["raw"])
        actions = frozenset(kind.name for kind in checked.kinds if kind.party is not None)
        for row in leads:
            lead = frames.records.lead(row["raw"])
            assert isinstance(lead, Lead)
            record = lead.record
            record["id"] = key = lead_key(record["id"]) or ""
            join(record, frames.records.events(events.get(key, [])), actions)
            outcome, _ = self.policy.take(record, as_of=self.options.as_of, explain=True)
            wrong = list(differences(columns_of(checked, outcome), found[key]))
            if wrong:
                raise RunError(
                    f"The query and Python do not agree about the lead `{key}`: {wrong[0]}.",
                    "Nothing was changed. Please report it, and decide in Python meanwhile.",
                )
        return compared(len(found))
