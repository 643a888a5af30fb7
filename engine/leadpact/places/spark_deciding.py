"""Decisions about the leads of a DataFrame: by the query, and of odd leads by Python.

Python gets each odd lead with its rows as JSON, on the machines of Spark (``mapInArrow``), so that
it makes no difference how many they are. Leadpact must be installed there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from leadpact.backends.sql.query import CannotSayError, Query, query
from leadpact.batch.deciding import Policy, decider
from leadpact.batch.lines import BadLine
from leadpact.batch.output import decision_columns, instant
from leadpact.batch.rejects import Reject, Rejects
from leadpact.batch.sources import SourceMapping
from leadpact.batch.tally import Tally
from leadpact.batch.telling import NO_EVENTS, Joined, Telling, reason_of
from leadpact.checked import CheckedPolicy
from leadpact.decision import Decision
from leadpact.places.answers import rows_of
from leadpact.places.columns import event_columns, lead_columns
from leadpact.places.raw_records import RawRecords, TableRows, raw_records
from leadpact.places.spark_readings import literal, name
from leadpact.places.spark_relations import SparkRelations, columns_of_frame

__all__ = ["PROBLEMS", "WARNINGS", "Frames", "decide", "result_columns"]

_POINTS = "decimal(18, 2)"
PROBLEMS = "array<struct<field: string, value: string, reason: string, input: string>>"
WARNINGS = "array<struct<code: string, subject: string, count: bigint>>"
_ROWS = f"array<struct<rule: string, points: {_POINTS}, count: bigint>>"


@dataclass(frozen=True)
class Frames:
    """What was read and what comes of it, all of them DataFrames that nobody has worked out yet.

    ``outcomes`` has one row a lead: id, ``status`` (decided, refused or wrong), the results, and
    what was wrong or odd. ``answers`` is what the query says; ``None`` where it can say nothing,
    and ``why``.
    """

    relations: SparkRelations
    records: RawRecords
    raw_leads: Any
    raw_events: Any
    repeated: Any
    answers: Any
    outcomes: Any
    why: str


def decide(
    policy: Policy,
    session: Any,
    leads: Any,
    events: Any,
    mapping: SourceMapping,
    as_of: datetime,
    explain: bool,
) -> Frames:
    """The outcomes of a policy about two DataFrames (``events`` may be ``None``)."""
    checked = policy.checked
    lead_facts = lead_columns("leads", columns_of_frame(leads), checked, mapping)
    event_facts = None
    if events is not None:
        event_facts = event_columns("activities", columns_of_frame(events), checked)
    relations = SparkRelations(checked, mapping, lead_facts, event_facts)
    records = raw_records(checked, mapping, event_facts)
    raw_leads = relations.raw_leads(leads)
    raw_events = None if events is None else relations.raw_events(events)
    keys = raw_leads.where("key IS NOT NULL").groupBy("key").count()
    repeated = keys.where("count > 1").withColumnRenamed("count", "rows")
    typed = _marked(relations.typed_leads(leads), repeated)
    of_events = relations.no_events(session) if events is None else relations.typed_events(events)
    answers, why = None, ""
    try:
        made = query(checked, as_of, "spark", rows=explain)
        answers = _asked(session, made, typed, of_events)
    except CannotSayError as cannot:
        why = f"All leads were decided in Python: {cannot}"
    odd = typed if answers is None else answers.where("odd")
    fetched = _fetched(raw_leads, raw_events, repeated, odd.select("id"), answers is None)
    columns = result_columns(checked, explain)
    by_python = fetched.mapInArrow(
        _told(policy, records, as_of, explain, columns), _schema(columns)
    )
    outcomes = by_python
    if answers is not None:
        outcomes = _of_query(checked, answers, as_of, explain).unionByName(by_python)
    return Frames(relations, records, raw_leads, raw_events, repeated, answers, outcomes, why)


def _marked(typed: Any, repeated: Any) -> Any:
    """Leads whose id stands in several rows are odd."""
    twice = repeated.selectExpr("key AS `twice.key`")
    joined = typed.join(twice, typed["id"] == twice["`twice.key`"], "left")
    marked = joined.withColumn("odd", joined["odd"] | joined["`twice.key`"].isNotNull())
    return marked.drop("twice.key")


def _asked(session: Any, made: Query, leads: Any, events: Any) -> Any:
    """What the query says about these relations.

    Each of its layers is a view of its own: Spark would put a common table expression in place
    wherever it is mentioned, again and again for every layer, and not come to an end.
    """
    mark = uuid4().hex
    tree: Any = made.tree
    layers = [(layer.alias, layer.this) for layer in tree.ctes]
    views = {name: f"leadpact_{mark}_{i}" for i, (name, _) in enumerate(layers)}
    views |= {"leads": f"leadpact_{mark}_leads", "events": f"leadpact_{mark}_events"}
    last = tree.copy()
    last.set("with_", None)
    try:
        # A view is looked up at once, so none of them is wanted longer than this.
        leads.createOrReplaceTempView(views["leads"])
        events.createOrReplaceTempView(views["events"])
        for layer, select in layers:
            found = session.sql(_renamed(_text(select), views))
            found.createOrReplaceTempView(views[layer])
        return session.sql(_renamed(_text(last), views))
    finally:
        for view in views.values():
            session.catalog.dropTempView(view)


def _text(select: Any) -> str:
    return str(select.sql(dialect="spark", comments=False))


_RELATION = re.compile(r"'(?:[^'\\]|\\.|'')*'|\b(?:FROM|JOIN)\s+`((?:[^`]|``)+)`(?! AS\b)")


def _renamed(sql: str, views: dict[str, str]) -> str:
    """The query with other names for what it reads; texts in it stay as they are."""

    def other(found: re.Match[str]) -> str:
        word = found.group(1)
        if word is None or word not in views:
            return found.group(0)
        return f"{found.group(0)[: -len(word) - 2]}`{views[word]}` AS `{word}`"

    return _RELATION.sub(other, sql)


# --- of the query --------------------------------------------------------------------------------


def result_columns(policy: CheckedPolicy, explain: bool) -> dict[str, str]:
    """The columns of results with their types, named as in a table of decisions."""
    points = [score.name for score in policy.scores]
    points += [f"{grade.name}_points" for grade in policy.grades]
    found = dict.fromkeys(decision_columns(policy, explain=False), "string")
    found |= dict.fromkeys(points, _POINTS)
    found |= {"as_of": "timestamp", "valid_until": "timestamp"}
    return found | ({"rows": _ROWS} if explain else {})


def _schema(columns: dict[str, str]) -> str:
    every = {"id": "string", "status": "string", **columns}
    every |= {"problems": PROBLEMS, "warnings": WARNINGS}
    return ", ".join(f"{name(column)} {type_}" for column, type_ in every.items())


def _of_query(policy: CheckedPolicy, answers: Any, as_of: datetime, explain: bool) -> Any:
    cells = ["id", f"timestamp {literal(instant(as_of))}"]
    cells += [_points(f"score.{score.name}") for score in policy.scores]
    for grade in policy.grades:
        cells += [name(f"letter.{grade.name}"), _points(f"grade.{grade.name}")]
    cells += [name(f"group.{group.name}") for group in policy.groups]
    cells += [name(f"checklist.{checklist.name}") for checklist in policy.checklists]
    cells.append("next_stage" if policy.stages else "CAST(NULL AS string)")
    cells.append("timestamp_micros(valid_until)")
    if explain:
        points = f"CAST(r.points * 0.01 AS {_POINTS})"
        each = f"named_struct('rule', r.rule, 'points', {points}, 'count', r.count)"
        cells.append(f"transform(rows, r -> {each})")
    columns = result_columns(policy, explain)
    selected = ["id", "status"]
    for (column, type_), cell in list(zip(columns.items(), cells, strict=True))[1:]:
        value = f"CASE WHEN status = 'decided' THEN {cell} END"
        selected.append(f"CAST({value} AS {type_}) AS {name(column)}")
    selected.append(f"{_refusals(policy)} AS problems")
    selected.append(f"CAST(array() AS {WARNINGS}) AS warnings")
    return answers.where("NOT odd").selectExpr(*selected)


def _points(column: str) -> str:
    return f"{name(column)} * 0.01"


def _refusals(policy: CheckedPolicy) -> str:
    none = f"CAST(array() AS {PROBLEMS})"
    if not policy.refusals:
        return none
    cases = " ".join(
        f"WHEN {literal(one.rule)} THEN {literal(reason_of(one.rule, one.because))}"
        for one in policy.refusals
    )
    told = (
        "named_struct('field', refused_by, 'value', '', 'reason', "
        f"CASE refused_by {cases} END, 'input', 'leads')"
    )
    return f"CASE WHEN status = 'refused' THEN CAST(array({told}) AS {PROBLEMS}) ELSE {none} END"


# --- of Python -----------------------------------------------------------------------------------


def _fetched(raw_leads: Any, raw_events: Any, repeated: Any, odd: Any, every: bool) -> Any:
    """The rows of odd leads: ``raw``, how many rows have their id, and their events' ``raws``."""
    leads = raw_leads
    if not every:
        keys = odd.where("id IS NOT NULL").selectExpr("id AS key").distinct()
        known = raw_leads.where("key IS NOT NULL").join(keys, "key", "left_semi")
        leads = known.unionByName(raw_leads.where("key IS NULL"))
    leads = leads.join(repeated, "key", "left")
    if raw_events is None:
        return leads.selectExpr("raw", "rows", "CAST(NULL AS array<string>) AS raws")
    events = raw_events.where("lead IS NOT NULL")
    if not every:
        events = events.join(keys.withColumnRenamed("key", "lead"), "lead", "left_semi")
    grouped = events.groupBy("lead").agg({"raw": "collect_list"}).toDF("key", "raws")
    return leads.join(grouped, "key", "left").select("raw", "rows", "raws")


def _told(
    policy: Policy, records: RawRecords, as_of: datetime, explain: bool, columns: dict[str, str]
) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """What Spark calls with batches of odd leads."""

    def tell(batches: Iterable[Any]) -> Iterator[Any]:
        from leadpact.places.arrow import batch_of, rows_of_batch

        decide_one = decider(policy, as_of, explain, False)
        for batch in batches:
            rows = [
                _outcome(policy.checked, records, decide_one, explain, *row)
                for row in rows_of_batch(batch)
            ]
            yield batch_of(rows, columns)

    return tell


def _outcome(
    policy: CheckedPolicy,
    records: RawRecords,
    decide_one: Any,
    explain: bool,
    raw: str,
    times: int | None,
    raws: list[str] | None,
) -> dict[str, Any]:
    """One lead as a row of outcomes."""
    tally = Tally(policy)
    rejects: list[Reject] = []
    decisions: list[Decision] = []
    telling = Telling(
        decide_one,
        tally,
        Rejects(rejects.append, strict=False),
        TableRows("leads"),
        TableRows("activities"),
        decisions.append,
    )
    lead = records.lead(raw)
    if isinstance(lead, BadLine):
        telling.bad_line(lead)
    else:
        found = records.events(raws or ())
        joined = Joined(found, [0] * len(found)) if found else NO_EVENTS
        telling.lead(lead, [times] if times else [], joined)
    status = "decided" if decisions else "refused" if tally.refused else "wrong"
    row: dict[str, Any] = {"id": None if isinstance(lead, BadLine) else lead.record.get("id")}
    row["status"] = status
    if decisions:
        row |= _results(policy, decisions[0], explain)
    elif rejects and not row["id"]:
        row["id"] = None
    row["problems"] = [
        {"field": one.field, "value": one.value, "reason": one.reason, "input": one.file}
        for one in rejects
    ]
    row["warnings"] = [
        {"code": code, "subject": subject, "count": count}
        for (code, subject), count in sorted(tally.warnings.items())
    ]
    return row


def _results(policy: CheckedPolicy, decision: Decision, explain: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"as_of": decision.as_of}
    row |= {score.name: decision.scores[score.name].points for score in policy.scores}
    for grade in policy.grades:
        found = decision.grades[grade.name]
        row |= {grade.name: found.letter, f"{grade.name}_points": found.points}
    row |= {group.name: decision.groups[group.name].value for group in policy.groups}
    row |= {one.name: decision.checklists[one.name].result for one in policy.checklists}
    row["next_stage"] = decision.stage.next if decision.stage else None
    row["valid_until"] = decision.valid_until
    if explain:
        row["rows"] = rows_of(decision)
    return row
