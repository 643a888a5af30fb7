"""Leads and events as DuckDB reads them: which relation, which facts, and what Python sees of it.

The relation has ``number`` (the place in the input), ``fault`` and ``value`` (for a line that is
none: why, and its text), and columns of its own. Leads that SQL leaves to Python come out of
``raw`` and become records there, the same as those of a run in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from leadpact.batch.activities import Event
from leadpact.batch.leads import Lead
from leadpact.batch.lines import BadLine
from leadpact.batch.numbers import Numbers
from leadpact.batch.sources import ColumnRule
from leadpact.checked import CheckedPolicy, Field, Kind
from leadpact.warehouse.duck import list_of, literal, name
from leadpact.warehouse.readings import Reading, layered, nothing, trimmed
from leadpact.warehouse.streams import Stream

__all__ = [
    "AsWritten",
    "EventsIn",
    "LeadsIn",
    "RawRow",
    "Seen",
    "bare_key",
    "is_given",
    "property_rules",
    "unless_blank",
]

RawRow: TypeAlias = tuple[Any, ...]
"""``number``, ``fault``, ``value`` and the columns of ``raw``."""
Seen: TypeAlias = Callable[[int, str], "BadLine | str | None"]
"""The key of a lead that Python finds in a line of such a number and text, or why it is no line."""


@dataclass(frozen=True, slots=True)
class AsWritten:
    """An event's columns just as they stand: ``lead``, ``kind``, and ``event`` if there is one.

    ``given`` is SQL by column: whether there can be anything in it.
    """

    lead: str
    kind: str
    event: str | None
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LeadsIn:
    """``relation`` is its name in SQL; with a ``stream`` it is read anew whenever it is asked for.

    ``id`` is SQL of the lead's id without blanks around it, NULL without one. ``odd`` is SQL of
    what makes a lead Python's beside its facts. ``source`` is what is staged, if it is not the
    relation itself; ``held`` are events that the leads' own rows hold. ``seen`` looks at the text
    of an odd lead: what id Python finds there, or why its line is none. ``bare_id`` is the id just
    as it stands, where it can be read again at no price.
    """

    relation: str
    stream: Stream | None
    id: str
    facts: Mapping[str, Reading]
    raw: tuple[str, ...]
    read: Callable[[RawRow], Lead | BadLine]
    numbers: Numbers
    size: int
    odd: str = "false"
    unused: tuple[str, ...] = ()
    source: str = ""
    held: EventsIn | None = None
    seen: Seen | None = None
    bare_id: str | None = None

    def staged(self, policy: CheckedPolicy) -> str:
        """A query of the columns that a policy's query reads of leads."""
        facts = {one.name: self.facts.get(one.name) or nothing(one.type) for one in policy.fields}
        stage, since = self.facts.get("stage"), self.facts.get("stage_since")
        readings = [*facts.values(), *(one for one in (stage, since) if one is not None)]
        odd = [one.odd for one in readings if one.odd != "false"]
        columns = [
            f"{self.id} AS id",
            "number AS pos",
            f"({' OR '.join(['fault IS NOT NULL', f'{self.id} IS NULL', self.odd, *odd])}) AS odd",
            *(f"{one.value} AS {name(f'f.{field}')}" for field, one in facts.items()),
            f"{'NULL::VARCHAR' if stage is None else stage.value} AS stage",
            f"{'NULL::BIGINT' if since is None else since.value} AS stage_since",
            *self.naive_columns(),
        ]
        return layered(self.source or self.relation, readings, columns)

    def naive_columns(self) -> list[str]:
        """For each fact that may be an instant without offset, whether it is: ``naive.NAME``."""
        return [
            f"({one.naive}) AS {name(f'naive.{field}')}"
            for field, one in self.facts.items()
            if one.naive != "false"
        ]

    def naive_names(self) -> list[str]:
        return [field for field, one in self.facts.items() if one.naive != "false"]


@dataclass(frozen=True, slots=True)
class EventsIn:
    """The same of separate events. ``lead`` is NULL where an event does not say whose it is.

    ``facts`` are by kind and property; ``keys`` is SQL by column: whether an event has something
    in it. Events with a column that their kind does not have are warned about. ``text`` is SQL of
    the whole event as it stands in the input. ``foreign`` is SQL of a list of warnings about keys,
    and ``misplaced`` of whether an event stands in the list where its kind does not belong.
    ``seen`` looks at the text of an odd event: whose it is for Python, or why its line is none.
    ``as_written`` is there where what is clean can be taken as it stands. ``files`` are Parquet.
    """

    relation: str
    stream: Stream | None
    lead: str
    kind: str
    at: Reading
    event: str | None
    facts: Mapping[tuple[str, str], Reading]
    keys: Mapping[str, str]
    raw: tuple[str, ...]
    read: Callable[[RawRow], Event]
    numbers: Numbers
    size: int
    odd: str = "false"
    text: str = "value"
    unused: tuple[str, ...] = ()
    source: str = ""
    foreign: str = ""
    misplaced: str = "false"
    seen: Seen | None = None
    as_written: AsWritten | None = None
    files: tuple[str, ...] = ()

    def staged(self, policy: CheckedPolicy) -> str:
        """A query of the columns that a policy's query reads of events.

        ``warned`` lists what is odd about an event but no error: code and subject of warnings.
        """
        readings = [self.at, *self.facts.values()]
        columns = [
            f"{self.lead} AS lead",
            f"{self.kind} AS kind",
            f'{self.at.value} AS "at"',
            f"{self.event or 'NULL::VARCHAR'} AS event",
            f"({self._odd(policy)}) AS odd",
            *(self._fact(kind, one) for kind in policy.kinds for one in kind.properties),
            f"({self._warned(policy)}) AS warned",
            "number",
        ]
        return layered(self.source or self.relation, readings, columns)

    def thin(self, policy: CheckedPolicy) -> str | None:
        """The same query at a fraction of the price, for events that are clean.

        ``lead`` is as it stands: with blanks around it, or none but blanks, it finds no lead.
        Whatever else is not plainly clean, or to be warned about, is ``odd``. ``None`` where some
        column must be looked at more closely.
        """
        written, at = self.as_written, self.at.plain
        if written is None or at is None:
            return None
        known = list_of(kind.name for kind in policy.kinds)
        if not known:
            return None
        doubts = [
            "fault IS NOT NULL",
            f"({written.kind} IN ({known})) IS NOT TRUE",
            f"{at[0]} IS NULL",
            at[1],
        ]
        if written.event is not None:
            doubts.append(f"{written.event} < '!'")
        for column, given in written.given.items():
            owners = list_of(kind.name for kind in policy.kinds if _has(kind, column))
            foreign = f" AND {written.kind} NOT IN ({owners})" if owners else ""
            doubts.append(f"{given}{foreign}")
        columns = []
        for kind in policy.kinds:
            for one in kind.properties:
                reading = self.facts.get((kind.name, one.name)) or nothing(one.type)
                if reading.plain is None:
                    return None
                value, doubt = reading.plain
                columns.append(f"{value} AS {name(f'{kind.name}.{one.name}')}")
                if doubt != "false":
                    doubts.append(f"{written.kind} = {literal(kind.name)} AND ({doubt})")
        odd = " OR ".join(f"({doubt})" for doubt in doubts)
        columns = [
            f"{written.lead} AS lead",
            f"{written.kind} AS kind",
            f'{at[0]} AS "at"',
            f"{written.event or 'NULL::VARCHAR'} AS event",
            f"coalesce({odd}, false) AS odd",
            *columns,
        ]
        return f"SELECT {', '.join(columns)} FROM {self.relation}"

    def rows(self) -> str:
        """What ``lead``, ``text`` and the columns of ``raw`` are of, as a relation."""
        return self.source or self.relation

    def _fact(self, kind: Kind, one: Field) -> str:
        reading = self.facts.get((kind.name, one.name)) or nothing(one.type)
        return f"{reading.value} AS {name(f'{kind.name}.{one.name}')}"

    def _odd(self, policy: CheckedPolicy) -> str:
        """Whether an event of a known kind is not plainly right."""
        cases = []
        for kind in policy.kinds:
            odd = [
                self.facts[kind.name, one.name].odd
                for one in kind.properties
                if (kind.name, one.name) in self.facts
            ]
            odd = [sql for sql in odd if sql != "false"]
            if odd:
                cases.append(f"WHEN {literal(kind.name)} THEN {' OR '.join(odd)}")
        by_kind = f"CASE {self.kind} {' '.join(cases)} ELSE false END" if cases else "false"
        names = list_of(kind.name for kind in policy.kinds)
        known = f"{self.kind} IN ({names}) AND NOT ({self.misplaced})" if names else "false"
        wrong = f"({self.at.value}) IS NULL OR {by_kind}"
        return f"fault IS NOT NULL OR {self.odd} OR ({known} AND ({wrong}))"

    def _warned(self, policy: CheckedPolicy) -> str:
        known = list_of(kind.name for kind in policy.kinds)
        unknown = f"{self.kind} NOT IN ({known}) OR {self.misplaced}" if known else "true"
        parts = []
        if self.at.naive != "false":
            parts.append((self.at.naive, "['naive_instant', 'at']"))
        for column, given in self.keys.items():
            owners = list_of(kind.name for kind in policy.kinds if _has(kind, column))
            foreign = f"{self.kind} NOT IN ({owners}) AND {given}" if owners else given
            parts.append((foreign, f"['unknown_key', {self.kind} || {literal('.' + column)}]"))
        for (kind, fact), reading in self.facts.items():
            if reading.naive != "false":
                naive = f"{self.kind} = {literal(kind)} AND {reading.naive}"
                parts.append((naive, f"['naive_instant', {literal(fact)}]"))
        warned = f"WHEN {unknown} THEN [['unknown_kind', {self.kind}]] "
        if parts:
            any_ = " OR ".join(f"({test})" for test, _ in parts)
            each = ", ".join(f"CASE WHEN {test} THEN {one} END" for test, one in parts)
            listed = f"list_filter([{each}], lambda w: w IS NOT NULL)"
            if self.foreign:
                any_, listed = f"{any_} OR len({self.foreign}) > 0", f"{listed} || {self.foreign}"
            warned += f"WHEN {any_} THEN {listed} "
        return f"CASE {warned}END"


def _has(kind: Kind, column: str) -> bool:
    return any(one.name == column for one in kind.properties)


def property_rules(policy: CheckedPolicy) -> dict[tuple[str, str], ColumnRule]:
    """How the properties of events are read: by their own names, without a mapping."""
    return {
        (kind.name, one.name): ColumnRule(one.name, one.type)
        for kind in policy.kinds
        for one in kind.properties
    }


# A text whose first byte is above that of a blank is not blank, which is seen at once.


def unless_blank(column: str) -> str:
    """A text, NULL if it is blank."""
    return f"CASE WHEN {column} >= '!' THEN {column} WHEN {trimmed(column)} <> '' THEN {column} END"


def bare_key(column: str) -> str:
    """An id without blanks around it, NULL if there is none."""
    return f"nullif({trimmed(column)}, '')"


def is_given(column: str) -> str:
    """Whether there is anything in a column of texts."""
    return f"coalesce({column} >= '!' OR {trimmed(column)} <> '', false)"
