"""Decisions as SQL has them: as lines of text, or as columns of a table."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, assert_never

import msgspec

from leadpact.batch.output import decision_columns, instant
from leadpact.batch.places import TextFormat
from leadpact.checked import CheckedPolicy
from leadpact.decision import Decision, PolicyRef
from leadpact.warehouse.duck import literal, name

__all__ = [
    "ROWS_TYPE",
    "UNUSUAL_IDS",
    "Wording",
    "instant_text",
    "lines_of",
    "points_text",
    "table_columns",
]


def points_text(column: str) -> str:
    """Hundredths of points as people and JSON write them: ``62``, ``76.2``."""
    size = f"abs({column})"
    cents = f"rtrim(lpad(({size} % 100)::VARCHAR, 2, '0'), '0')"
    return (
        f"CASE WHEN {column} % 100 = 0 THEN ({column} // 100)::VARCHAR "
        f"ELSE CASE WHEN {column} < 0 THEN '-' ELSE '' END "
        f"|| ({size} // 100)::VARCHAR || '.' || {cents} END"
    )


def instant_text(column: str) -> str:
    """Microseconds as an instant in UTC: seconds, and what is smaller where it is not none."""
    part = f"lpad(({column} % 1000000)::VARCHAR, 6, '0')"
    return (
        f"strftime(make_timestamp({column}), '%Y-%m-%dT%H:%M:%S') || "
        f"CASE WHEN {column} % 1000000 = 0 THEN 'Z' ELSE '.' || {part} || 'Z' END"
    )


class Wording:
    """How the decisions of one run are written, but for what single leads differ in."""

    def __init__(self, policy: CheckedPolicy, digest: str, as_of: datetime) -> None:
        self.policy = policy
        self.as_of = instant(as_of)
        self.ref = PolicyRef(policy.name, policy.version, digest)
        self.targets = [one.name for stage in policy.stages for one in stage.targets]


def lines_of(format: TextFormat, wording: Wording) -> str:
    """SQL of a decided lead's line of text, its end included."""
    match format:
        case "csv":
            return _row(wording)
        case "json lines":
            return _object(wording)
    assert_never(format)


# --- CSV ---------------------------------------------------------------------------------------


def _row(wording: Wording) -> str:
    policy = wording.policy
    cells = [_cell("id"), literal(wording.as_of)]
    cells += [points_text(name(f"score.{score.name}")) for score in policy.scores]
    for grade in policy.grades:
        cells += [_cell(name(f"letter.{grade.name}")), points_text(name(f"grade.{grade.name}"))]
    cells += [name(f"group.{group.name}") for group in policy.groups]
    cells += [name(f"checklist.{checklist.name}") for checklist in policy.checklists]
    cells.append("coalesce(next_stage, '')" if policy.stages else "''")
    cells.append(f"coalesce({instant_text('valid_until')}, '')")
    return " || ',' || ".join(f"({cell})" for cell in cells) + " || chr(10)"


def _cell(column: str) -> str:
    """A text as a cell: in quotes if it holds what would cut the row."""
    quoted = "'\"' || replace(" + column + ", '\"', '\"\"') || '\"'"
    return f"CASE WHEN regexp_matches({column}, '[,\"\\r\\n]') THEN {quoted} ELSE {column} END"


# --- JSON lines ----------------------------------------------------------------------------------


def _object(wording: Wording) -> str:
    policy = wording.policy
    ref = msgspec.json.encode(wording.ref).decode()
    parts = [
        '{"format":1,"id":',
        _sql(_json_text("id")),
        f',"as_of":"{wording.as_of}","valid_until":',
        _sql(f"coalesce('\"' || {instant_text('valid_until')} || '\"', 'null')"),
        f',"policy":{ref},"status":"decided","scores":' + "{",
        *_joined(_points(f"score.{one.name}", one.name) for one in policy.scores),
        '},"grades":{',
        *_joined(_grade(one.name) for one in policy.grades),
        '},"groups":{',
        *_joined(_labelled(f"group.{one.name}", one.name, "value") for one in policy.groups),
        '},"checklists":{',
        *_joined(
            _labelled(f"checklist.{one.name}", one.name, "result") for one in policy.checklists
        ),
        '},"stage":',
        *_stage(wording),
        ',"warnings":[]}\n',
    ]
    return " || ".join(
        part.sql if isinstance(part, _Sql) else literal(part) for part in parts if part != ""
    )


class _Sql:
    def __init__(self, sql: str) -> None:
        self.sql = f"({sql})"


def _sql(sql: str) -> _Sql:
    return _Sql(sql)


def _joined(members: Any) -> list[Any]:
    parts: list[Any] = []
    for member in members:
        parts += [*([","] if parts else []), *member]
    return parts


def _points(column: str, key: str) -> list[Any]:
    return [f'"{key}":{{"points":', _sql(points_text(name(column))), "}"]


def _grade(key: str) -> list[Any]:
    return [
        f'"{key}":{{"points":',
        _sql(points_text(name(f"grade.{key}"))),
        ',"letter":',
        _sql(_json_text(name(f"letter.{key}"))),
        "}",
    ]


def _labelled(column: str, key: str, what: str) -> list[Any]:
    return [f'"{key}":{{"{what}":"', _sql(name(column)), '"}']


def _stage(wording: Wording) -> list[Any]:
    if not wording.policy.stages:
        return ["null"]
    found: list[Any] = [
        '{"current":"',
        _sql("stage"),
        '","next":',
        _sql("coalesce('\"' || next_stage || '\"', 'null')"),
        "}",
    ]
    if wording.targets:
        each = ", ".join(_target(one) for one in wording.targets)
        found += [',"targets":[', _sql(f"concat_ws(',', {each})"), "]"]
    return found


def _target(target: str) -> str:
    state = name(f"target.{target}")
    moments = "".join(
        f" || ',\"{key}\":' || "
        f"coalesce('\"' || {instant_text(name(f'{key}.{target}'))} || '\"', 'null')"
        for key in ("started", "due", "at")
    )
    start = literal(f'{{"target":"{target}","state":"')
    return f"CASE WHEN {state} IS NOT NULL THEN {start} || {state} || '\"'{moments} || '}}' END"


def _json_text(column: str) -> str:
    """A text as JSON; what would need an escape beyond the usual two is left to Python."""
    escaped = f"replace(replace({column}, chr(92), chr(92) || chr(92)), '\"', chr(92) || '\"')"
    return f"'\"' || {escaped} || '\"'"


UNUSUAL_IDS = "[\\x00-\\x1f]"
"""Ids with such characters are left to Python."""


# --- tables --------------------------------------------------------------------------------------

_POINTS = "DECIMAL(18, 2)"
ROWS_TYPE = f"STRUCT(rule VARCHAR, points {_POINTS}, count BIGINT)[]"
"""What acted, in a table of decisions with reasons."""


def table_columns(wording: Wording, rows: bool) -> list[tuple[str, str, str]]:
    """For each column of a table of decisions its name, its type, and SQL of it."""
    policy = wording.policy
    decision_columns(policy, explain=False)
    points = _POINTS
    found = [
        ("id", "VARCHAR", "id"),
        ("as_of", "TIMESTAMPTZ", f"TIMESTAMPTZ {literal(wording.as_of)}"),
    ]
    for score in policy.scores:
        found.append((score.name, points, _points_number(f"score.{score.name}")))
    for grade in policy.grades:
        found.append((grade.name, "VARCHAR", name(f"letter.{grade.name}")))
        found.append((f"{grade.name}_points", points, _points_number(f"grade.{grade.name}")))
    found += [(one.name, "VARCHAR", name(f"group.{one.name}")) for one in policy.groups]
    found += [(one.name, "VARCHAR", name(f"checklist.{one.name}")) for one in policy.checklists]
    found.append(("next_stage", "VARCHAR", "next_stage" if policy.stages else "NULL"))
    until = "make_timestamptz(valid_until)"
    found.append(("valid_until", "TIMESTAMPTZ", until))
    if rows:
        each = (
            "{'rule': r.rule, 'points': (r.points::DECIMAL(20, 0) * 0.01)::"
            + points
            + ", 'count': r.count}"
        )
        found.append(("rows", ROWS_TYPE, f"list_transform(rows, lambda r: {each})"))
    return found


def _points_number(column: str) -> str:
    return f"({name(column)}::DECIMAL(20, 0) * 0.01)::DECIMAL(18, 2)"


def table_row(wording: Wording, decision: Decision, rows: bool) -> dict[str, Any]:
    """A decision of the Python engine as such a row."""
    row: dict[str, Any] = {"id": decision.id, "as_of": decision.as_of}
    for score, result in decision.scores.items():
        row[score] = result.points
    for grade, graded in decision.grades.items():
        row[grade], row[f"{grade}_points"] = graded.letter, graded.points
    row |= {group: result.value for group, result in decision.groups.items()}
    row |= {checklist: result.result for checklist, result in decision.checklists.items()}
    row["next_stage"] = decision.stage.next if decision.stage else None
    row["valid_until"] = decision.valid_until
    if rows:
        whole = json.loads(msgspec.json.encode(decision))
        row["rows"] = [
            {"rule": one["rule"], "points": one["points"], "count": one["count"]}
            for block in ("scores", "grades")
            for result in whole[block].values()
            for one in result["rows"]
        ]
    return row
