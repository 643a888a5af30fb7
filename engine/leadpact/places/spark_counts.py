"""Counting, in Spark, what a run has decided."""

from __future__ import annotations

from typing import Any

from leadpact.batch.tally import STAYS, Tally
from leadpact.decision import Warning
from leadpact.places.spark_deciding import Frames
from leadpact.places.spark_readings import name

__all__ = ["count_outcomes", "count_read", "count_warnings"]


def count_outcomes(tally: Tally, outcomes: Any) -> None:
    """Count leads and results, and the warnings about those that Python has decided."""
    policy = tally.policy
    for row in outcomes.groupBy("status").count().collect():
        tally.read += row["count"]
        match row["status"]:
            case "decided":
                tally.decided += row["count"]
            case "refused":
                tally.refused += row["count"]
            case _:
                tally.rejected += row["count"]
    decided = outcomes.where("status = 'decided'")
    if policy.scores:
        sums = [f"sum({name(one.name)}) AS s{i}" for i, one in enumerate(policy.scores)]
        row = decided.selectExpr(*sums).collect()[0]
        for score, points in zip(policy.scores, row, strict=True):
            tally.hundredths[score.name] += int((points or 0) * 100)
    counted = [(one.name, tally.letters[one.name]) for one in policy.grades]
    counted += [(one.name, tally.groups[one.name]) for one in policy.groups]
    counted += [(one.name, tally.checklists[one.name]) for one in policy.checklists]
    if policy.stages:
        counted.append(("next_stage", tally.next_stages))
    for column, counter in counted:
        for value, count in decided.groupBy(name(column)).count().collect():
            counter[STAYS if value is None else value] += count
    warned = outcomes.selectExpr("explode(warnings) AS w").selectExpr("w.*")
    for code, subject, count in warned.groupBy("code", "subject").sum("count").collect():
        tally.warn([Warning(code, subject, count)])


def count_warnings(tally: Tally, frames: Frames, leads: Any, events: Any) -> None:
    """Count what is odd about the leads that the query has decided, but no mistake."""
    told = frames.answers.where("NOT odd").select("id")
    relations = frames.relations
    naive, fields = relations.naive_leads(leads)
    if fields:
        known = naive.join(told.withColumnRenamed("id", "key"), "key", "left_semi")
        sums = [f"count_if(n{i}) AS n{i}" for i in range(len(fields))]
        for field, count in zip(fields, known.selectExpr(*sums).collect()[0], strict=True):
            _warn(tally, "naive_instant", field, count)
    if events is None:
        return
    noted, notes = relations.noted_events(events)
    own = noted.join(told.withColumnRenamed("id", "lead"), "lead", "left_semi")
    own.createOrReplaceTempView("leadpact_noted")
    counts = "".join(f", count_if(n{i})" for i in range(len(notes)))
    session = own.sparkSession
    rows = session.sql(
        f"SELECT kind, known, count(*){counts} FROM leadpact_noted GROUP BY kind, known"
    ).collect()
    session.catalog.dropTempView("leadpact_noted")
    for kind, known, count, *times in rows:
        if not known:
            _warn(tally, "unknown_kind", kind, count)
        for (code, about), number in zip(notes, times, strict=True):
            _warn(tally, code, f"{kind}.{about}" if code == "unknown_key" else about, number)


def count_read(tally: Tally, frames: Frames) -> None:
    """Count the events, and warn about columns that tell nothing."""
    for column in frames.relations.leads.unused:
        tally.warn([Warning("unknown_key", column, tally.read)])
    if frames.raw_events is None or frames.relations.events is None:
        return
    tally.events_read = frames.raw_events.where("lead IS NOT NULL").count()
    for column in frames.relations.events.unused:
        tally.warn([Warning("unknown_key", f"activities.{column}", tally.events_read)])


def _warn(tally: Tally, code: str, subject: str, count: int) -> None:
    if count:
        tally.warn([Warning(code, subject, count)])
