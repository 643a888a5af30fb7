"""A run in Python over what only DuckDB opens: many files, Parquet, tables."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from leadpact.batch.activities import Activities, Event, Filed, homeless
from leadpact.batch.deciding import Policy
from leadpact.batch.doors import FILES, Decisions
from leadpact.batch.leads import Lead, LeadsFile, OnBytes, lead_key
from leadpact.batch.lines import BadLine
from leadpact.batch.numbers import Numbers
from leadpact.batch.options import RunOptions
from leadpact.batch.places import Place, format_of
from leadpact.batch.sources import SourceMapping
from leadpact.batch.store import StoredEvent
from leadpact.checked import CheckedPolicy
from leadpact.decision import Decision
from leadpact.warehouse.duck import Duck, Resources
from leadpact.warehouse.inputs import EventsIn, LeadsIn
from leadpact.warehouse.keeping import Keeping
from leadpact.warehouse.opening import open_events, open_leads
from leadpact.warehouse.results import Wording
from leadpact.warehouse.writing import Writing, writing_to

__all__ = ["DuckDoors"]


class DuckDoors:
    """Doors of every place. Single files of text are read without DuckDB."""

    def __init__(self, resources: Resources, policy: Policy, options: RunOptions) -> None:
        self._resources = resources
        self._policy = policy
        self._options = options
        self._stack = ExitStack()
        self._heard: list[OnBytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def leads(self, place: Place, policy: CheckedPolicy, mapping: SourceMapping) -> LeadsFile:
        if _is_text(place):
            return FILES.leads(place, policy, mapping)
        duck = self._duck()
        return _Leads(duck, open_leads(duck, place, policy, mapping, self._on_bytes), self._heard)

    def activities(self, place: Place, policy: CheckedPolicy) -> Activities:
        if _is_text(place):
            return FILES.activities(place, policy)
        duck = self._duck()
        return _Activities(duck, open_events(duck, place, policy, self._on_bytes), self._heard)

    def decisions(self, place: Place, policy: CheckedPolicy, explain: bool) -> Decisions:
        if _is_text(place):
            return FILES.decisions(place, policy, explain)
        wording = Wording(policy, self._policy.digest, self._options.as_of)
        return _Decisions(self._duck(), place, wording, explain)

    def _duck(self) -> Duck:
        return self._stack.enter_context(Duck.opened(self._resources))

    def _on_bytes(self, count: int) -> None:
        for heard in self._heard:
            heard(count)


def _is_text(place: Place) -> bool:
    return isinstance(place, Path) and format_of(place) != "parquet"


class _Read:
    """Rows of a source, in the order of the input."""

    def __init__(self, duck: Duck, source: LeadsIn | EventsIn, heard: list[OnBytes]) -> None:
        self._duck = duck
        self._heard = heard
        self.unused = source.unused
        self.size = source.size
        self.numbers: Numbers = source.numbers
        self._counts_rows = source.stream is None
        self._sees(source)

    def _sees(self, source: LeadsIn | EventsIn) -> None:
        if source.stream is not None:
            self._duck.register(source.relation, source.stream)

    def _rows(self, sql: str, on_bytes: OnBytes) -> Iterator[tuple[object, ...]]:
        if not self._counts_rows:
            self._heard[:] = [on_bytes]
        # A stream is seen by the connection that it was given to alone.
        self._duck.run(f"CREATE OR REPLACE TABLE read_now AS {sql}")
        for row in self._duck.each("SELECT * FROM read_now ORDER BY number"):
            if self._counts_rows:
                on_bytes(1)
            yield row
        self._duck.run("DROP TABLE read_now")


class _Leads(_Read):
    def __init__(self, duck: Duck, source: LeadsIn, heard: list[OnBytes]) -> None:
        super().__init__(duck, source, heard)
        self._source = source
        raw = ", ".join(f"{sql} AS r{index}" for index, sql in enumerate(source.raw))
        self._sql = f"SELECT number, fault, value, {raw} FROM {source.relation}"

    def keys(self, on_bytes: OnBytes) -> Iterator[tuple[int, str]]:
        for lead in self.leads(on_bytes):
            key = lead_key(lead.record.get("id")) if isinstance(lead, Lead) else None
            if key is not None:
                yield lead.line, key

    def leads(self, on_bytes: OnBytes) -> Iterator[Lead | BadLine]:
        for row in self._rows(self._sql, on_bytes):
            yield self._source.read(row)


class _Activities(_Read):
    def __init__(self, duck: Duck, source: EventsIn, heard: list[OnBytes]) -> None:
        super().__init__(duck, source, heard)
        self._source = source
        raw = ", ".join(f"{sql} AS r{index}" for index, sql in enumerate(source.raw))
        self._sql = (
            f"SELECT number, fault, coalesce(value, {source.text}), {raw}, {source.lead} AS owner "
            f"FROM {source.source or source.relation}"
        )

    def rows(self, on_bytes: OnBytes) -> Iterator[Filed | BadLine]:
        for row in self._rows(self._sql, on_bytes):
            number, fault, value, *_, key = row
            assert isinstance(number, int)
            if fault is not None:
                yield BadLine(number, str(value), str(fault))
            elif key is None:
                yield homeless(number, str(value))
            else:
                yield str(key), number, pickle.dumps((number, None, None, *row[3:-1]))

    def events(self, stored: list[StoredEvent]) -> list[Event]:
        return [self._source.read(pickle.loads(_bytes(one.event))) for one in stored]


def _bytes(event: str | bytes) -> bytes:
    assert isinstance(event, bytes)
    return event


class _Decisions:
    """Decisions that are kept in DuckDB until all are there."""

    def __init__(self, duck: Duck, place: Place, wording: Wording, explain: bool) -> None:
        self._duck = duck
        self._stack = ExitStack()
        self._writing: Writing = self._stack.enter_context(writing_to(place, wording, explain))
        self._keeping = Keeping(duck, self._writing)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def add(self, decision: Decision) -> None:
        self._keeping.pos += 1
        self._keeping.add(decision)

    def keep(self) -> None:
        self._keeping.close()
        self._writing.write(self._duck, queried=False)
        self._writing.keep()
