"""Decisions of the Python engine, kept in DuckDB beside those of the query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from leadpact.batch.output import instant
from leadpact.decision import Decision
from leadpact.warehouse.arrays import arrow_table, numbers, texts_or_null
from leadpact.warehouse.duck import Duck, literal, name
from leadpact.warehouse.results import ROWS_TYPE

__all__ = ["Keeping", "Told"]

_AT_ONCE = 10_000


class Told(Protocol):
    """How decisions of the Python engine are kept beside those of the query: a row each."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Names, with types of DuckDB."""

    def row(self, decision: Decision) -> dict[str, Any]: ...


class Keeping:
    """Takes what Python decided into the relation ``told``, some thousand rows at once."""

    def __init__(self, duck: Duck, told: Told | None) -> None:
        self._duck = duck
        self._told = told
        self._rows: list[dict[str, Any]] = []
        self.pos = 0
        if told is not None:
            columns = ", ".join(f"{name(one)} {type_}" for one, type_ in told.columns.items())
            duck.run(f"CREATE TABLE told (pos BIGINT, {columns})")

    def add(self, decision: Decision) -> None:
        assert self._told is not None
        self._rows.append({"pos": self.pos, **self._told.row(decision)})
        if len(self._rows) >= _AT_ONCE:
            self.close()

    def close(self) -> None:
        """Take in what waits."""
        if not self._rows:
            return
        assert self._told is not None
        keys = list(self._told.columns)
        columns = [texts_or_null([_text(row[key]) for row in self._rows]) for key in keys]
        places = numbers(row["pos"] for row in self._rows)
        self._duck.register("told_rows", arrow_table(["pos", *keys], [places, *columns]))
        typed = ", ".join(_typed(key, type_) for key, type_ in self._told.columns.items())
        self._duck.run(f"INSERT INTO told SELECT pos, {typed} FROM told_rows")
        self._rows = []


def _text(value: object) -> str | None:
    """A value as a text that DuckDB makes the same value of."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return instant(value)
    return json.dumps(value) if isinstance(value, list) else str(value)


def _typed(key: str, type_: str) -> str:
    if type_.endswith("[]"):
        return f"from_json({name(key)}, {literal(_SHAPES[type_])})"
    return f"{name(key)}::{type_}"


_SHAPES = {ROWS_TYPE: '[{"rule":"VARCHAR","points":"DECIMAL(18,2)","count":"BIGINT"}]'}
