"""DataFrames as the relations that a policy's query reads, and their rows as they are, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from leadpact.batch.sources import SourceMapping
from leadpact.checked import CheckedPolicy, DateType
from leadpact.places.columns import Column, EventColumns, Fact, Holds, LeadColumns
from leadpact.places.postgres_readings import Reading
from leadpact.places.spark_readings import listed, literal, name, nothing, reading, trimmed

__all__ = ["SparkRelations", "columns_of_frame"]

_HOLDS: dict[str, Holds] = {
    "string": "text",
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), "whole"),
    **dict.fromkeys(("float", "double"), "float"),
    "boolean": "yes or no",
    "date": "date",
    "timestamp": "instant",
    "timestamp_ntz": "local time",
    "array<string>": "texts",
}
_LOCAL = literal("yyyy-MM-dd'T'HH:mm:ss.SSSSSS")
_UTC = literal("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")


def columns_of_frame(frame: Any) -> list[Column]:
    """The columns of a DataFrame, with what they hold."""
    return [_column(field.name, field.dataType.simpleString()) for field in frame.schema.fields]


def _column(column: str, type_: str) -> Column:
    holds = _HOLDS.get(type_, "other")
    sql = name(column)
    if type_.startswith(("varchar", "char")):
        holds, sql = "text", f"CAST({sql} AS string)"
    elif type_.startswith("decimal"):
        holds = "number"
    elif holds == "other" and type_.startswith(("array<", "struct<", "map<", "variant")):
        holds = "structure"
    elif type_ == "void":
        # A column in which nothing was found: Spark could not tell its type.
        holds, sql = "text", f"CAST({sql} AS string)"
    return Column(column, type_, holds, sql)


class SparkRelations:
    """What a query reads of two DataFrames. ``events`` may be ``None``."""

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

    def _reading(self, tag: str, fact: Fact, unknown: frozenset[str]) -> Reading:
        return reading(tag, fact.column, fact.rule, unknown, self.policy.zone)

    # --- leads -----------------------------------------------------------------------------------

    def raw_leads(self, frame: Any) -> Any:
        """``key`` and ``raw`` of every lead."""
        held = [self.leads.id, *(fact.column for fact in self.leads.facts.values())]
        columns = _shown(held, _days(self.leads.facts.values()))
        columns += [f"{column.sql} AS {name(key)}" for key, column in self.leads.lists.items()]
        return frame.selectExpr(f"{_key(self.leads.id)} AS key", f"{_json(columns)} AS raw")

    def typed_leads(self, frame: Any) -> Any:
        """The relation ``leads``, but that repeated ids are not marked in it."""
        fields = self.policy.fields
        facts = {one.name: self._facts.get(one.name) or nothing(one.type) for one in fields}
        stage, since = self._facts.get("stage"), self._facts.get("stage_since")
        readings = [*facts.values(), *(one for one in (stage, since) if one is not None)]
        odd = [f"{_key(self.leads.id)} IS NULL"]
        odd += [f"{column.sql} IS NOT NULL" for column in self.leads.lists.values()]
        odd += [one.odd for one in readings if one.odd != "false"]
        columns = [
            f"{_key(self.leads.id)} AS id",
            "CAST(0 AS bigint) AS pos",
            f"coalesce({' OR '.join(f'({test})' for test in odd)}, false) AS odd",
            *(f"{one.value} AS {name(f'f.{field}')}" for field, one in facts.items()),
            f"{'CAST(NULL AS string)' if stage is None else stage.value} AS stage",
            f"{'CAST(NULL AS bigint)' if since is None else since.value} AS stage_since",
        ]
        return _selected(frame, readings, columns)

    # --- events ----------------------------------------------------------------------------------

    def raw_events(self, frame: Any) -> Any:
        """``lead`` and ``raw`` of every event."""
        events = self.events
        assert events is not None
        held = [events.kind, events.at.column, events.id, events.by]
        held += [fact.column for fact in events.facts.values()]
        columns = _shown(held, _days(events.facts.values()))
        return frame.selectExpr(f"{_key(events.lead)} AS lead", f"{_json(columns)} AS raw")

    def typed_events(self, frame: Any) -> Any:
        """The relation ``events``."""
        events = self.events
        assert events is not None
        at = self._reading("at", events.at, frozenset())
        kind = trimmed(_as_text(events.kind))
        columns = [
            f"{_key(events.lead)} AS lead",
            f"{kind} AS kind",
            f"{at.value} AS at",
            f"{'CAST(NULL AS string)' if events.id is None else _unless_blank(events.id)} AS event",
            f"coalesce({self._odd(kind, at)}, false) AS odd",
            *(self._property(*one) for one in self._names()),
        ]
        known = listed(one.name for one in self.policy.kinds)
        wanted = f"kind IN ({known}) OR kind IS NULL" if known else "kind IS NULL"
        selected = _selected(frame, [at, *self._properties.values()], columns)
        return selected.where(f"lead IS NOT NULL AND ({wanted})")

    def no_events(self, session: Any) -> Any:
        columns = [
            "CAST(NULL AS string) AS lead",
            "CAST(NULL AS string) AS kind",
            "CAST(NULL AS bigint) AS at",
            "CAST(NULL AS string) AS event",
            "false AS odd",
            *(f"{self._nothing(*one).value} AS {name('.'.join(one))}" for one in self._names()),
        ]
        return session.range(0).selectExpr(*columns)

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

    # --- warnings --------------------------------------------------------------------------------

    def naive_leads(self, frame: Any) -> tuple[Any, list[str]]:
        """The key, and of each of the fields whether it is an instant without offset (``n0`` …)."""
        naive = {field: one for field, one in self._facts.items() if one.naive != "false"}
        columns = [f"{_key(self.leads.id)} AS key"]
        columns += [f"({one.naive}) AS n{i}" for i, one in enumerate(naive.values())]
        return _selected(frame, list(naive.values()), columns), list(naive)

    def noted_events(self, frame: Any) -> tuple[Any, list[tuple[str, str]]]:
        """The lead, the kind, whether it is ``known``, and of each of the notes whether it is to
        be made (``n0`` …). A note is the code of a warning and its subject.
        """
        events = self.events
        assert events is not None
        at = self._reading("at", events.at, frozenset())
        kind = trimmed(_as_text(events.kind))
        known = [one.name for one in self.policy.kinds]
        is_known = f"({kind} IN ({listed(known)}))" if known else "false"
        tests: list[tuple[str, str, str]] = []
        if at.naive != "false":
            tests.append(("naive_instant", "at", f"{is_known} AND {at.naive}"))
        held = {fact.column.name: fact.column for fact in events.facts.values()}
        for column, where in held.items():
            owners = [of for of, one in self._names() if column in (one, f"{of}.{one}")]
            foreign = f"{is_known} AND {kind} NOT IN ({listed(owners)})"
            tests.append(("unknown_key", column, f"{foreign} AND {_given(where)}"))
        readings = [at]
        for (of, one), found in self._properties.items():
            if found.naive != "false":
                readings.append(found)
                test = f"{kind} = {literal(of)} AND {found.naive}"
                tests.append(("naive_instant", one, test))
        columns = [f"{_key(events.lead)} AS lead", f"{kind} AS kind", f"{is_known} AS known"]
        columns += [f"({test}) AS n{i}" for i, (_, _, test) in enumerate(tests)]
        return _selected(frame, readings, columns), [(code, about) for code, about, _ in tests]


def _selected(frame: Any, readings: Sequence[Reading], columns: Sequence[str]) -> Any:
    """The columns over the frame, with what the readings work out before."""
    for step in ("texts", "values"):
        added = [f"{sql} AS {alias}" for one in readings for alias, sql in getattr(one, step)]
        frame = frame.selectExpr("*", *added)
    return frame.selectExpr(*columns)


def _key(column: Column) -> str:
    return f"nullif({trimmed(_as_text(column))}, '')"


def _days(facts: Iterable[Fact]) -> set[str]:
    return {fact.column.name for fact in facts if isinstance(fact.rule.kind, DateType)}


def _json(columns: Sequence[str]) -> str:
    return f"to_json(struct({', '.join(columns)}))"


def _shown(columns: Sequence[Column | None], days: set[str]) -> list[str]:
    """The columns, each once, as Python gets to see them: times as texts."""
    each = {column.name: column for column in columns if column is not None}
    return [
        f"{_told(column, column.name in days)} AS {name(column.name)}" for column in each.values()
    ]


def _told(column: Column, as_day: bool) -> str:
    sql = column.sql
    match column.holds:
        case "instant":
            return f"date_format({sql}, {_UTC})"
        case "local time":
            text = f"date_format(CAST({sql} AS timestamp), {_LOCAL})"
            if as_day:
                whole = f"{sql} = date_trunc('day', {sql})"
                return f"CASE WHEN {whole} THEN CAST(CAST({sql} AS date) AS string) ELSE {text} END"
            return text
        case "date":
            return f"CAST({sql} AS string)"
        case _:
            return sql


def _as_text(column: Column) -> str:
    return column.sql if column.holds == "text" else f"CAST({column.sql} AS string)"


def _unless_blank(column: Column) -> str:
    text = _as_text(column)
    return f"CASE WHEN {trimmed(text)} <> '' THEN {text} END"


def _given(column: Column) -> str:
    """Whether there is anything in a column."""
    if column.holds == "text":
        return f"coalesce({trimmed(column.sql)} <> '', false)"
    return f"{column.sql} IS NOT NULL"
