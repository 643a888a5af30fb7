"""From classes of events to events: each with its instant and properties.

Several events of one class must differ where rules count different days or values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeAlias

from leadpact import checked as c
from leadpact.analysis.components import Assignment
from leadpact.analysis.happenings import Cell, Family
from leadpact.analysis.judging import Scale, Value, holds
from leadpact.analysis.mentions import atoms_in, conditions, results, rows_of
from leadpact.analysis.model import Model
from leadpact.operators.text import fold

__all__ = ["Events", "any_value", "counts_agree"]

_SECOND: Final = timedelta(seconds=1)
_SPACING: Final = {"day": 1, "week": 7, "month": 31, "quarter": 92}

Event: TypeAlias = tuple[Cell, datetime, dict[str, Value]]


def _matches(events: c.EventPattern, event: Event, scale: Scale) -> bool:
    cell, _, properties = event
    fields = {one.name: one for one in cell.kind.properties}
    return any(
        part.kind == cell.kind.name
        and (part.where is None or holds(part.where, properties, fields, scale) is True)
        for part in events.parts
    )


class Events:
    """The events of the chosen cells, each with its instant and properties."""

    def __init__(self, model: Model, classes: Assignment) -> None:
        self.model = model
        self.cells: dict[int, int] = {}
        self.stage: object = None
        for at, fact in enumerate(model.facts):
            if isinstance(fact.source, Family):
                for cell, count in fact.source.ways[classes[at]]:
                    self.cells[cell] = max(self.cells.get(cell, 0), count)
            elif fact.source == "stage":
                self.stage = fact.values[classes[at]]
        self.found: list[Event] = []
        self.since: datetime = model.scale.as_of

    def placed(self) -> bool:
        """Whether all events find their instant, apart as far as the rules ask for it."""
        rules = _Rules(self.model.policy)
        before: datetime | None = None
        for number, count in self.cells.items():
            cell = self.model.cells[number]
            if cell.newest is None or cell.oldest is None:
                return False
            apart = rules.apart(cell.kind.name)
            for at in range(count):
                instant = cell.newest - at * apart
                if cell.since is False:
                    instant = cell.oldest + at * apart
                    before = instant if before is None else max(before, instant)
                if not cell.oldest <= instant <= cell.newest:
                    return False
                if cell.since:
                    self.since = min(self.since, instant)
                properties = _variation(self.model, cell, rules, len(self.found))
                if properties is None:
                    return False
                self.found.append((cell, instant, properties))
        return self._differ(rules) and self._entered(before)

    def _differ(self, rules: _Rules) -> bool:
        """Whether what must differ between events does, whatever their kinds and cells."""
        seen: set[tuple[str, object]] = set()
        for cell, _, properties in self.found:
            for name in rules.varied(cell.kind.name) & properties.keys():
                value = properties[name]
                key = name, fold(value) if isinstance(value, str) else value
                if value is not None and key in seen:
                    return False
                seen.add(key)
        return True

    def _entered(self, before: datetime | None) -> bool:
        """Settle when the lead entered its stage: earlier than the events that need not be
        before that, so that counting which starts again on entering still counts them.
        """
        since = [instant for cell, instant, _ in self.found if cell.since]
        latest = min(since, default=self.model.scale.as_of)
        other = [instant for cell, instant, _ in self.found if cell.since is not False]
        self.since = min(other, default=latest) - _SECOND
        if before is not None and before >= self.since:
            self.since = latest - (latest - before) / 2
        return before is None or before < self.since

    def restarted(self, restart: c.Restart) -> bool:
        """Whether counting may have started again after some of the events."""
        if restart.stage is not None:
            late = any(instant <= self.since for _, instant, _ in self.found)
            return restart.stage == self.stage and late
        assert restart.events is not None
        return any(_matches(restart.events, found, self.model.scale) for found in self.found)

    def fresh(self) -> bool:
        """Whether nothing happened but now."""
        now = self.model.scale.as_of
        return all(instant == now for _, instant, _ in self.found)


class _Rules:
    """What the rules ask of several events of a kind to count each: other days, other values."""

    def __init__(self, policy: c.CheckedPolicy) -> None:
        self._days: dict[str, int] = {}
        self._properties: dict[str, set[str]] = {}
        self._known: dict[str, set[str]] = {}
        for result in results(policy):
            for _, row in rows_of(result):
                what = row.what if isinstance(row, c.PointsRow) else None
                if isinstance(what, c.EachEvent):
                    self._each(what)
        for condition in conditions(policy):
            for test in atoms_in(condition):
                if isinstance(test, c.EventTest) and test.different is not None:
                    self._vary(test.events, test.different)
                    for part in test.events.parts:
                        self._known.setdefault(part.kind, set()).add(test.different)

    def _each(self, what: c.EachEvent) -> None:
        if isinstance(what.once_per, c.OncePerPeriod):
            self._space(what.events, what.once_per.period)
        if isinstance(what.once_per, c.OncePerProperty):
            self._vary(what.events, what.once_per.property)
        if what.up_to is not None:
            self._space(what.events, what.up_to.period)

    def _space(self, events: c.EventPattern, period: str) -> None:
        for part in events.parts:
            self._days[part.kind] = max(self._days.get(part.kind, 0), _SPACING[period])

    def _vary(self, events: c.EventPattern, name: str) -> None:
        for part in events.parts:
            self._properties.setdefault(part.kind, set()).add(name)

    def apart(self, kind: str) -> timedelta:
        return timedelta(days=self._days.get(kind, 0))

    def known(self, kind: str) -> set[str]:
        """The properties of which other values are counted: unknown ones are none."""
        return self._known.get(kind, set())

    def varied(self, kind: str) -> set[str]:
        return self._properties.get(kind, set())


def _variation(model: Model, cell: Cell, rules: _Rules, number: int) -> dict[str, Value] | None:
    """The cell's properties, for each number other values of those that must vary; ``None`` if
    there are none that the policy does not tell apart.
    """
    found = dict(cell.properties)
    fields = {one.name: one for one in cell.kind.properties}
    parts = {p for pair in model.pairs for p in pair.parts if p.kind == cell.kind.name}
    wheres = [part.where for part in parts if part.where is not None]
    wanted = [holds(where, found, fields, model.scale) is True for where in wheres]
    for name in sorted(rules.varied(cell.kind.name) & fields.keys()):
        first = found[name]
        if first is None and name in rules.known(cell.kind.name):
            first = any_value(fields[name].type, model.scale.as_of)
        for value in _others(first, fields[name], number):
            tried = {**found, name: value}
            if [holds(w, tried, fields, model.scale) is True for w in wheres] == wanted:
                found = tried
                break
        else:
            return None
    return found


def _others(value: Value, field: c.Field, number: int) -> Iterator[Value]:
    """Values of a property, others for each number."""
    match value:
        case str() if isinstance(field.type, c.TextType):
            yield from (f"{value}~{number}", f"~{number}{value}", f"~{number}")
        case str() if isinstance(field.type, c.OneOfType):
            values = field.type.values
            if number < len(values):
                yield values[(values.index(value) + number) % len(values)]
        case Decimal() if isinstance(field.type, c.NumberType):
            low, high = field.type.low, field.type.high
            step = Decimal(number) if field.type.whole else Decimal(number) / 1_000_000
            for other in (value + step, value - step):
                if (low is None or other >= low) and (high is None or other <= high):
                    yield other
        case date():
            yield value - timedelta(days=number)
            yield value + timedelta(days=number)
        case _ if number == 0 or value is None:
            yield value
        case _:
            return


def counts_agree(model: Model, classes: Assignment, cells: Mapping[int, int]) -> bool:
    """Whether all events together give each pair the count that was found for it alone."""
    counts = [0] * len(model.pairs)
    for number, count in cells.items():
        for pair in model.cells[number].counts:
            counts[pair] += count
    for at, fact in enumerate(model.facts):
        if isinstance(fact.source, Family):
            row = fact.source.rows[classes[at]]
            for pair, count in zip(fact.source.pairs, row, strict=True):
                if min(counts[pair], model.pairs[pair].most) != count:
                    return False
    return True


def any_value(kind: c.FieldType, now: datetime) -> Value:
    match kind:
        case c.TextType():
            return "x"
        case c.NumberType(_, _, low, high):
            return low if low is not None else high if high is not None else Decimal(1)
        case c.YesNoType():
            return False
        case c.OneOfType(values) | c.AnyNumberOfType(values):
            return values[0] if isinstance(kind, c.OneOfType) else frozenset(values[:1])
        case c.DateType():
            return now.date()
        case c.InstantType():
            return now
