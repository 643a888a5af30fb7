"""Decisions by a query in DuckDB, and where they differ from the Python engine's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa
from tests.sql.inputs import Inputs, inputs_of, micros

from leadpact import Policy
from leadpact.backends.sql import Query, query
from leadpact.backends.sql.relations import InColumn
from leadpact.decision import encode

Answer = dict[str, Any]
Record = Mapping[str, object]

_TYPES = {
    "text": pa.string(),
    "whole": pa.int64(),
    "decimal": pa.decimal128(38, 6),
    "yes or no": pa.bool_(),
    "texts": pa.list_(pa.string()),
    "date": pa.date32(),
    "instant": pa.int64(),
}


@dataclass(frozen=True)
class Found:
    """What a query said about leads: ``odd`` of them it left alone, the others it decided."""

    odd: int
    decided: int
    complaints: list[str]


def answers(made: Query, inputs: Inputs) -> list[Answer]:
    """The rows of a query, in the order of the leads."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.register("leads", _table(inputs.lead_columns, inputs.leads))
        connection.register("events", _table(inputs.event_columns, inputs.events))
        cursor = connection.execute(made.sql)
        names = [column[0] for column in cursor.description]
        assert names == [column.name for column in made.columns]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return sorted(found, key=lambda answer: int(answer["pos"]))


def _table(columns: tuple[InColumn, ...], rows: list[tuple[Any, ...]]) -> pa.Table:
    arrays = [
        pa.array([row[place] for row in rows], type=_TYPES[column.kind])
        for place, column in enumerate(columns)
    ]
    return pa.Table.from_arrays(arrays, names=[column.name for column in columns])


def compare(
    policy: Policy, records: Sequence[Record], as_of: datetime, *, rows: bool = False
) -> Found:
    """What a query says about records of one policy, beside what the Python engine says."""
    made = query(policy.checked, as_of, rows=rows)
    found = answers(made, inputs_of(policy, records))
    assert len(found) == len(records)
    complaints: list[str] = []
    odd = 0
    for record, answer in zip(records, found, strict=True):
        if answer["odd"]:
            odd += 1
            continue
        wanted = engine(policy, record, as_of, rows=rows)
        wrong = list(differences(wanted, answer))
        if wrong:
            complaints.append("\n".join((json.dumps(record), f"as of {as_of.isoformat()}", *wrong)))
    return Found(odd, len(records) - odd, complaints)


def engine(policy: Policy, record: Record, as_of: datetime, *, rows: bool = False) -> Answer:
    """The Python engine's decision, by the columns of a query."""
    answer: Answer = json.loads(encode(policy.decide_raw(record, as_of=as_of, explain=True)))
    if answer["status"] != "decided":
        rule = answer["refusal"]["rule"] if answer["status"] == "refused" else None
        return {"status": answer["status"], "refused_by": rule}
    found: Answer = {"status": "decided", "refused_by": None}
    for name, score in answer["scores"].items():
        found[f"score.{name}"] = round(score["points"] * 100)
    for name, grade in answer["grades"].items():
        found[f"grade.{name}"] = round(grade["points"] * 100)
        found[f"letter.{name}"] = grade["letter"]
    found |= {f"group.{name}": group["value"] for name, group in answer["groups"].items()}
    found |= {f"checklist.{name}": one["result"] for name, one in answer["checklists"].items()}
    if answer["stage"] is not None:
        stage = answer["stage"]
        found |= {"stage": stage["current"], "next_stage": stage["next"]}
        found["next_rule"] = stage["rule"]
    found["valid_until"] = _micros(answer["valid_until"])
    for stage_ in policy.checked.stages:
        for target in stage_.targets:
            found |= {f"{word}.{target.name}": None for word in ("target", "started", "due", "at")}
    for target in answer["targets"]:
        found[f"target.{target['target']}"] = target["state"]
        for word in ("started", "due", "at"):
            found[f"{word}.{target['target']}"] = _micros(target[word])
    if rows:
        results = (answer["scores"] | answer["grades"]).values()
        found["rows"] = sorted(
            (row["rule"], round(row["points"] * 100), row["count"] or -1)
            for result in results
            for row in result["rows"]
        )
    return found


def _micros(text: str | None) -> int | None:
    return None if text is None else micros(datetime.fromisoformat(text))


def differences(wanted: Answer, found: Answer) -> Iterator[str]:
    """Where a query's row differs from the engine's decision; nothing when they agree."""
    if wanted["status"] != "decided":
        # Of who is turned away nothing else is said.
        found = {key: found[key] for key in wanted}
    if "rows" in found:
        listed = [(row["rule"], row["points"], row["count"]) for row in found["rows"]]
        told = sorted(
            (rule, points, -1 if count is None else count) for rule, points, count in listed
        )
        found = {**found, "rows": told}
    left_out = ("id", "pos", "odd")
    found = {key: value for key, value in found.items() if key not in left_out}
    for key in wanted | found:
        if key not in wanted or key not in found:
            yield f"{key}: only by {'the engine' if key in wanted else 'the query'}"
        elif wanted[key] != found[key]:
            yield f"{key}: {wanted[key]!r} by the engine, {found[key]!r} by the query"
