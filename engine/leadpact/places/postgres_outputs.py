"""The tables that a run writes: they appear whole at its end, or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET

from leadpact.batch.output import decision_columns
from leadpact.batch.places import RunError
from leadpact.batch.rejects import Reject
from leadpact.checked import CheckedPolicy
from leadpact.decision import Decision, GradeResult, ScoreResult
from leadpact.places.postgres_readings import literal, name
from leadpact.places.postgres_server import Server, Table

__all__ = ["NewTable", "decision_row", "decisions_from", "decisions_of", "reject_row", "rejects_of"]

_MARK = "Written by Leadpact"
_POINTS = "numeric(18, 2)"
_AT_ONCE = 2_000
_LONGEST_VALUE = 200

Row = Sequence[object]


class NewTable:
    """A table that is filled under a name of its own, and takes its place with ``keep``."""

    def __init__(
        self, server: Server, text: str, columns: dict[str, str], inputs: list[Table], role: str
    ) -> None:
        self._server = server
        self._old = server.find(text)
        self._check(text, inputs)
        schema, self._name = server.schema_of_new(text)
        if self._old is not None:
            schema, self._name = self._old.schema, self._old.name
        self.shown = f"{schema}.{self._name}"
        self.columns = list(columns)
        self._final = f"{name(schema)}.{name(self._name)}"
        # Nobody but this transaction ever sees this name.
        process = server.one("SELECT pg_backend_pid()")
        self.sql = f"{name(schema)}.{name(f'leadpact_{role}_{process}')}"
        types = ", ".join(f"{name(column)} {type_}" for column, type_ in columns.items())
        server.run(f"CREATE TABLE {self.sql} ({types})")
        self._waiting: list[Row] = []

    def _check(self, text: str, inputs: list[Table]) -> None:
        old = self._old
        if old is None:
            return
        if any(old.oid == one.oid for one in inputs):
            raise RunError(
                f"{text}: this table is read in the same run, and would be lost.",
                "Give the output a name of its own.",
            )
        if old.kind != "r" or not old.comment.startswith(_MARK):
            raise RunError(
                f"{text}: this is there already, and Leadpact has not written it.",
                f"Give the output another name, or drop it yourself: DROP "
                f"{'VIEW' if old.kind == 'v' else 'TABLE'} {old.sql}",
            )

    def add(self, row: Row) -> None:
        """Keep a row for later; many are written at once."""
        self._waiting.append(row)
        if len(self._waiting) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            self._server.copy(self.sql, self.columns, self._waiting)
            self._waiting = []

    def keep(self, comment: str) -> None:
        """Put the table in the place of the one that bears its name."""
        self.flush()
        if self._old is not None:
            self._server.run(f"DROP TABLE {self._old.sql}")
        self._server.run(f"ALTER TABLE {self.sql} RENAME TO {name(self._name)}")
        said = literal(f"{_MARK}: {comment}")
        self._server.run(f"COMMENT ON TABLE {self._final} IS {said}")


def decisions_of(policy: CheckedPolicy, explain: bool) -> dict[str, str]:
    """The columns of a table of decisions, with their types."""
    points = [score.name for score in policy.scores]
    points += [f"{grade.name}_points" for grade in policy.grades]
    found = dict.fromkeys(decision_columns(policy, explain=False), "text")
    found |= dict.fromkeys(points, _POINTS)
    found |= {"as_of": "timestamptz", "valid_until": "timestamptz"}
    return found | ({"rows": "jsonb"} if explain else {})


def decisions_from(policy: CheckedPolicy, decided: str, as_of: str, explain: bool) -> str:
    """A query of such rows from what the policy's query has found in ``decided``."""
    cells = ["id", f"timestamptz {literal(as_of)}"]
    cells += [_points(f"score.{score.name}") for score in policy.scores]
    for grade in policy.grades:
        cells += [name(f"letter.{grade.name}"), _points(f"grade.{grade.name}")]
    cells += [name(f"group.{group.name}") for group in policy.groups]
    cells += [name(f"checklist.{checklist.name}") for checklist in policy.checklists]
    cells.append("next_stage" if policy.stages else "NULL")
    # In two parts, because an interval is multiplied as a float, which has 53 bits.
    cells.append(
        "timestamptz '1970-01-01 00:00:00+00' + "
        "(valid_until::bigint / 86400000000) * interval '24 hours' + "
        "(valid_until::bigint % 86400000000) * interval '1 microsecond'"
    )
    if explain:
        cells.append(_rows())
    return f"SELECT {', '.join(cells)} FROM {decided} WHERE NOT odd AND status = 'decided'"


def _rows() -> str:
    each = (
        "jsonb_build_object('rule', r ->> 'rule', 'points', "
        "trim_scale((r ->> 'points')::numeric / 100), 'count', r -> 'count')"
    )
    of = "jsonb_array_elements(to_jsonb(rows)) WITH ORDINALITY AS e(r, n)"
    ordered = f"""jsonb_agg({each} ORDER BY r ->> 'rule' COLLATE "C", n)"""
    return f"coalesce((SELECT {ordered} FROM {of}), '[]')"


def _points(column: str) -> str:
    return f"({name(column)} * 0.01)::{_POINTS}"


def decision_row(policy: CheckedPolicy, decision: Decision, explain: bool) -> Row:
    """A decision of the Python engine as such a row."""
    row: list[Any] = [decision.id, decision.as_of]
    row += [decision.scores[score.name].points for score in policy.scores]
    for grade in policy.grades:
        found = decision.grades[grade.name]
        row += [found.letter, found.points]
    row += [decision.groups[group.name].value for group in policy.groups]
    row += [decision.checklists[checklist.name].result for checklist in policy.checklists]
    row += [decision.stage.next if decision.stage else None, decision.valid_until]
    return [*row, json.dumps(_rows_of(decision))] if explain else row


def _rows_of(decision: Decision) -> list[dict[str, Any]]:
    """What gave or took points: rule, points and count, in the order of the rules' names."""
    results: list[ScoreResult | GradeResult] = [
        *decision.scores.values(),
        *decision.grades.values(),
    ]
    rows = [row for result in results if result.rows is not UNSET for row in result.rows]
    rows.sort(key=lambda row: row.rule)
    return [{"rule": row.rule, "points": row.points, "count": row.count} for row in rows]


def rejects_of() -> dict[str, str]:
    """The columns of a table of rejects; ``input`` is leads or activities."""
    return dict.fromkeys(("id", "field", "value", "reason", "input"), "text")


def reject_row(reject: Reject) -> Row:
    value = reject.value
    if len(value) > _LONGEST_VALUE:
        value = f"{value[: _LONGEST_VALUE - 1]}…"
    texts = (reject.id, reject.field, value, reject.reason, reject.file)
    # No text of Postgres holds the character of the number zero.
    return [text.replace("\0", "\ufffd") for text in texts]
