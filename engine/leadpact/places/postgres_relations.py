"""The tables of a run as views: those that the query reads, and the rows as they are, as JSON.

The views are temporary, so nobody else sees them, and they are gone with the connection.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from leadpact.batch.sources import SourceMapping
from leadpact.checked import CheckedPolicy, DateType
from leadpact.places.columns import Column, EventColumns, Fact, LeadColumns
from leadpact.places.postgres_readings import (
    Reading,
    listed,
    literal,
    name,
    nothing,
    reading,
    selected,
    trimmed,
)

__all__ = [
    "RAW_EVENTS",
    "RAW_LEADS",
    "TWICE",
    "Note",
    "Relations",
]

RAW_LEADS, RAW_EVENTS = "leadpact_raw_leads", "leadpact_raw_events"
TWICE = "leadpact_twice"


class Note(NamedTuple):
    """A warning about events of the ``kinds``: its code, and what it is about, which is for
    ``unknown_key`` the column alone.
    """

    code: str
    about: str
    kinds: frozenset[str]


class Relations:
    """Views of one run, as statements. ``events`` is ``None`` where there is no such table."""

    def __init__(
        self,
        policy: CheckedPolicy,
        mapping: SourceMapping,
        leads: LeadColumns,
        events: EventColumns | None,
    ) -> None:
        self.policy = policy
        self.leads = leads
        self.events = events
        self._facts = {
            field: self._reading(field, fact, mapping.unknown)
            for field, fact in leads.facts.items()
        }
        own = {} if events is None else events.facts
        self._properties = {
            (kind, one): self._reading(f"{kind}.{one}", fact, frozenset())
            for (kind, one), fact in own.items()
        }
        self._at = None if events is None else self._reading("at", events.at, frozenset())
        self._key = _worked_out("key", _key(leads.id))
        if events is not None:
            self._whose = _worked_out("lead", _key(events.lead))
            self._kind = _worked_out("kind", trimmed(_as_text(events.kind)))

    def _reading(self, tag: str, fact: Fact, unknown: frozenset[str]) -> Reading:
        return reading(tag, fact.column, fact.rule, unknown, self.policy.zone)

    def statements(self, leads: str, events: str | None) -> Iterator[str]:
        """What makes the views over the two tables (quoted names), and that of repeated ids."""
        yield _view(RAW_LEADS, self._raw_leads(leads))
        yield (
            f"CREATE TEMPORARY TABLE {TWICE} ON COMMIT DROP AS SELECT key, count(*) AS rows "
            f"FROM {RAW_LEADS} WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1"
        )
        yield _view("leads", self._leads(leads))
        if events is not None:
            yield _view(RAW_EVENTS, self._raw_events(events))
            yield _view("events", self._events(events))
        else:
            yield _view("events", self._no_events())

    # --- leads -----------------------------------------------------------------------------------

    def _raw_leads(self, table: str) -> str:
        held = [self.leads.id, *(fact.column for fact in self.leads.facts.values())]
        days = {
            fact.column.name
            for field, fact in self.leads.facts.items()
            if isinstance(fact.rule.kind, DateType)
        }
        columns = [_shown(column, column.name in days) for column in _each(held)]
        columns += [f"{column.sql} AS {name(key)}" for key, column in self.leads.lists.items()]
        return _raw(table, f"{_key(self.leads.id)} AS key", columns)

    def _leads(self, table: str) -> str:
        fields = self.policy.fields
        facts = {one.name: self._facts.get(one.name) or nothing(one.type) for one in fields}
        stage, since = self._facts.get("stage"), self._facts.get("stage_since")
        readings = [*facts.values(), *(one for one in (stage, since) if one is not None)]
        key = self._key.value
        odd = [f"{key} IS NULL", f"EXISTS (SELECT FROM {TWICE} AS t WHERE t.key = {key})"]
        odd += [f"{column.sql} IS NOT NULL" for column in self.leads.lists.values()]
        odd += [one.odd for one in readings if one.odd != "false"]
        columns = [
            f"{key} AS id",
            "0::bigint AS pos",
            f"({' OR '.join(f'({test})' for test in odd)}) AS odd",
            *(f"{one.value} AS {name(f'f.{field}')}" for field, one in facts.items()),
            f"{'NULL::text' if stage is None else stage.value} AS stage",
            f"{'NULL::bigint' if since is None else since.value} AS stage_since",
        ]
        return selected(table, [self._key, *readings], columns)

    # --- events ----------------------------------------------------------------------------------

    def _raw_events(self, table: str) -> str:
        events = self.events
        assert events is not None
        held = [events.kind, events.at.column, events.id, events.by]
        held += [fact.column for fact in events.facts.values()]
        days = {
            fact.column.name
            for fact in events.facts.values()
            if isinstance(fact.rule.kind, DateType)
        }
        columns = [_shown(column, column.name in days) for column in _each(held)]
        return _raw(table, f"{_key(events.lead)} AS lead", columns)

    def _events(self, table: str) -> str:
        events, at = self.events, self._at
        assert events is not None
        assert at is not None
        whose, kind = self._whose.value, self._kind.value
        known = listed(one.name for one in self.policy.kinds)
        columns = [
            f"{whose} AS lead",
            f"{kind} AS kind",
            f'{at.value} AS "at"',
            f"{'NULL::text' if events.id is None else _unless_blank(events.id)} AS event",
            f"({self._odd(kind, at)}) AS odd",
            *(self._property(kind, one) for kind, one in self._names()),
        ]
        readings = [self._whose, self._kind, at, *self._properties.values()]
        wanted = f"{kind} IN ({known}) OR {kind} IS NULL" if known else f"{kind} IS NULL"
        return f"{selected(table, readings, columns)} WHERE {whose} IS NOT NULL AND ({wanted})"

    def _names(self) -> Iterator[tuple[str, str]]:
        for kind in self.policy.kinds:
            for one in kind.properties:
                yield kind.name, one.name

    def _property(self, kind: str, one: str) -> str:
        found = self._properties.get((kind, one)) or self._nothing(kind, one)
        return f"{found.value} AS {name(f'{kind}.{one}')}"

    def _nothing(self, kind: str, one: str) -> Reading:
        types = {
            (each.name, its.name): its.type for each in self.policy.kinds for its in each.properties
        }
        return nothing(types[kind, one])

    def _odd(self, kind: str, at: Reading) -> str:
        """Whether an event is not plainly right."""
        by_kind: dict[str, list[str]] = {}
        for (of_kind, _), found in self._properties.items():
            if found.odd != "false":
                by_kind.setdefault(of_kind, []).append(f"({found.odd})")
        cases = " ".join(
            f"WHEN {literal(of_kind)} THEN {' OR '.join(odd)}" for of_kind, odd in by_kind.items()
        )
        tests = [f"{kind} IS NULL", f"({at.value}) IS NULL"]
        if cases:
            tests.append(f"CASE {kind} {cases} ELSE false END")
        return " OR ".join(tests)

    def _no_events(self) -> str:
        columns = [
            "NULL::text AS lead",
            "NULL::text AS kind",
            'NULL::bigint AS "at"',
            "NULL::text AS event",
            "false AS odd",
            *(f"{self._nothing(*one).value} AS {name('.'.join(one))}" for one in self._names()),
        ]
        return f"SELECT {', '.join(columns)} WHERE false"

    # --- warnings --------------------------------------------------------------------------------

    def naive_leads(self, table: str) -> tuple[str, list[str]]:
        """A query of the key, and of each of the fields whether it is an instant without offset."""
        naive = {field: one for field, one in self._facts.items() if one.naive != "false"}
        columns = [f"{self._key.value} AS key"]
        columns += [f"({one.naive}) AS {name(field)}" for field, one in naive.items()]
        return selected(table, [self._key, *naive.values()], columns), list(naive)

    def noted_events(self, table: str) -> tuple[str, list[Note]]:
        """A query of the lead, the kind and of each note whether it is so; and the notes."""
        events, at = self.events, self._at
        assert events is not None
        assert at is not None
        kinds = frozenset(one.name for one in self.policy.kinds)
        notes: list[tuple[Note, str]] = []
        if at.naive != "false":
            notes.append((Note("naive_instant", "at", kinds), at.naive))
        held = {fact.column.name: fact.column for fact in events.facts.values()}
        for column, its in held.items():
            owners = {of for of, one in self._names() if column in (one, f"{of}.{one}")}
            notes.append((Note("unknown_key", column, kinds - owners), _given(its)))
        readings = [self._whose, self._kind, at]
        for (of, one), found in self._properties.items():
            if found.naive != "false":
                readings.append(found)
                notes.append((Note("naive_instant", one, frozenset({of})), found.naive))
        columns = [f"{self._whose.value} AS lead", f"{self._kind.value} AS kind"]
        columns += [f"({test}) AS {name(f'n{i}')}" for i, (_, test) in enumerate(notes)]
        return selected(table, readings, columns), [note for note, _ in notes]


def _view(view: str, query: str) -> str:
    return f"CREATE TEMPORARY VIEW {view} AS {query}"


def _raw(table: str, key: str, columns: Sequence[str]) -> str:
    row = f"(SELECT row_to_json(r) FROM (SELECT {', '.join(columns)}) AS r)"
    return f"SELECT {key}, {row}::text AS raw FROM {table} AS s0"


def _each(columns: Sequence[Column | None]) -> list[Column]:
    """The columns, each once."""
    return list({column.name: column for column in columns if column is not None}.values())


def _shown(column: Column, as_day: bool) -> str:
    """A column as Python gets to see it."""
    sql = column.sql
    if column.holds == "local time" and as_day:
        whole = f"{sql} = date_trunc('day', {sql})"
        sql = f"CASE WHEN {whole} THEN {sql}::date::text ELSE {sql}::text END"
    return f"{sql} AS {name(column.name)}"


def _as_text(column: Column) -> str:
    return column.sql if column.holds == "text" else f'({column.sql}::text COLLATE "C")'


def _key(column: Column) -> str:
    return f"nullif({trimmed(_as_text(column))}, '')"


def _worked_out(tag: str, sql: str) -> Reading:
    """A text that is mentioned often."""
    alias = name(f"t.{tag}")
    return Reading(alias, texts=((alias, sql),))


def _unless_blank(column: Column) -> str:
    text = _as_text(column)
    return f"CASE WHEN {trimmed(text)} <> '' THEN {text} END"


def _given(column: Column) -> str:
    """Whether there is anything in a column."""
    if column.holds == "text":
        return f"{trimmed(column.sql)} <> ''"
    return f"{column.sql} IS NOT NULL"
