"""What lies in a table as records: leads that the query leaves to Python come this way."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from leadpact.batch.activities import Event
from leadpact.batch.columns import Column, columns_of, read_keys
from leadpact.batch.json_records import NotARecordError, parse_object
from leadpact.batch.leads import Lead
from leadpact.batch.lines import BadLine
from leadpact.batch.numbers import Numbers
from leadpact.batch.sources import SourceMapping
from leadpact.batch.values import Read, WrongValueError, typed_reader
from leadpact.checked import CheckedPolicy
from leadpact.operators.text import BLANKS
from leadpact.places.columns import EventColumns

__all__ = ["RawRecords", "TableRows", "raw_records"]


class TableRows(Numbers):
    """Rows of a table have no numbers: places are not told, and repeated ids are counted."""

    __slots__ = ()

    def place(self, number: int) -> tuple[int, str]:
        return 0, self.what

    def listed(self, numbers: list[int], most: int) -> str:
        return f"{numbers[0]:,} rows"


@dataclass(frozen=True, slots=True)
class RawRecords:
    """Turns rows, written as JSON objects by the names of their columns, into records."""

    columns: tuple[Column, ...]
    mapping: SourceMapping
    readers: dict[tuple[str, str], Read]
    own_columns: dict[str, tuple[str, str]]

    def lead(self, raw: str) -> Lead | BadLine:
        try:
            found = parse_object(raw)
        except NotARecordError as wrong:
            return BadLine(0, raw, str(wrong))
        return Lead(0, *read_keys(self.columns, self.mapping, found))

    def events(self, raw: Sequence[str]) -> list[Event]:
        return [self._event(one) for one in raw]

    def _event(self, raw: str) -> Event:
        """The event of one row. What is no value of its property stays as it is: the engine
        judges.
        """
        try:
            found = parse_object(raw)
        except NotARecordError:
            # A number too long to be one is shown as it is written.
            found = json.loads(raw, parse_float=str, parse_int=str)
        kind = found.pop("kind", None)
        kind = kind.strip(BLANKS) if isinstance(kind, str) else kind
        event: Event = {"kind": kind}
        for name, value in found.items():
            of_kind, word = self.own_columns.get(name, (kind, name))
            if value is None or (isinstance(value, str) and not value.strip(BLANKS)):
                continue
            key = word if of_kind == kind else name
            read = self.readers.get((str(kind), word))
            if isinstance(value, str) and read is not None:
                with contextlib.suppress(WrongValueError):
                    value = read(value)
            event[key] = value
        return event


def raw_records(
    policy: CheckedPolicy, mapping: SourceMapping, events: EventColumns | None
) -> RawRecords:
    """What makes records of rows of these tables."""
    readers = {
        (kind.name, one.name): typed_reader(one.type)
        for kind in policy.kinds
        for one in kind.properties
    }
    facts = {} if events is None else events.facts
    return RawRecords(
        columns_of(policy, mapping),
        mapping,
        readers,
        {
            fact.column.name: key
            for key, fact in facts.items()
            if fact.column.name == f"{key[0]}.{key[1]}"
        },
    )
