"""From classes to a record: a lead of which something is true, as JSON has it.

Only what the narrow model can vouch for becomes a witness. Where a rule goes by more than the
model looks into (decay, restarts, history), the witness must not depend on it, or there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Final, TypeAlias

from leadpact import checked as c
from leadpact.analysis.happenings import Cell, Family
from leadpact.analysis.judging import Scale, Value, holds
from leadpact.analysis.logic import FALSE, TRUE, UNKNOWN, Formula, Truth
from leadpact.analysis.mentions import atoms_in, conditions, results, rows_of
from leadpact.analysis.model import Model
from leadpact.analysis.search import Assignment, Found, Search
from leadpact.analysis.sums import Row, fades
from leadpact.operators.text import fold

__all__ = ["Record", "witness"]

Record = dict[str, object]

_MOST_FREE: Final = 4
_SECOND: Final = timedelta(seconds=1)
_SPACING: Final = {"day": 1, "week": 7, "month": 31, "quarter": 92}


def witness(
    search: Search,
    goal: Formula,
    found: Found,
    admitted: bool = True,
    row: c.PointsRow | None = None,
) -> Record | None:
    """The record of a lead that a narrow search found; ``None`` where the model cannot vouch for
    it. ``row``: the goal is that this row of points acts.
    """
    model = search.model
    classes = _completed(search, found.classes, admitted)
    if classes is None:
        return None
    events = _Events(model, classes)
    if not events.placed() or not _counts_agree(model, classes, events.cells):
        return None
    if not _certain(model, goal, classes, events, row):
        return None
    return _record(model, classes, events)


def _completed(search: Search, some: Assignment, admitted: bool) -> Assignment | None:
    """Classes for all facts: those given, and else as little as possible."""
    model = search.model
    classes = {at: _least(fact.source, fact.values) for at, fact in enumerate(model.facts)}
    asked = (*model.complete, *(model.admitted if admitted else ()))
    if asked:
        usual = search.find(model.logic.all_of(asked), admitted)
        if usual is None:
            return None
        classes |= usual.classes
    return classes | some


def _least(source: object, values: tuple[object, ...]) -> int:
    if isinstance(source, c.Field) and None in values:
        return values.index(None)
    return 0


# --- events --------------------------------------------------------------------------------------


_Event: TypeAlias = tuple[Cell, datetime, dict[str, Value]]


def _matches(events: c.EventPattern, event: _Event, scale: Scale) -> bool:
    cell, _, properties = event
    fields = {one.name: one for one in cell.kind.properties}
    return any(
        part.kind == cell.kind.name
        and (part.where is None or holds(part.where, properties, fields, scale) is True)
        for part in events.parts
    )


class _Events:
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
        self.found: list[_Event] = []
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
            first = _any_value(fields[name].type, model.scale.as_of)
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


def _counts_agree(model: Model, classes: Assignment, cells: Mapping[int, int]) -> bool:
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


# --- vouching ------------------------------------------------------------------------------------


def _certain(
    model: Model, goal: Formula, classes: Assignment, events: _Events, row: c.PointsRow | None
) -> bool:
    """Whether the goal is true of the lead, whatever the atoms are that may be anything."""
    judge = _Judge(model, classes)
    free = sorted(judge.closure(goal) & model.free_atoms)
    if len(free) > _MOST_FREE or not judge.plain(goal, events, row):
        return False
    return all(
        judge.truth(goal, dict(zip(free, values, strict=True))) == TRUE
        for values in product((UNKNOWN, TRUE, FALSE), repeat=len(free))
    )


class _Judge:
    """Works out formulas and sums of one lead, one after the other."""

    def __init__(self, model: Model, classes: Assignment) -> None:
        self.model = model
        self.classes = classes

    def _rows(self, name: str) -> Iterator[tuple[int, Row]]:
        for part in self.model.sums[name].parts:
            for row in self.model.parts[part].rows:
                yield part, row

    def closure(self, formula: Formula) -> set[int]:
        """All atoms that matter, also through the conditions of rows."""
        found: set[int] = set()
        waiting = [formula]
        sums: set[str] = set()
        while waiting:
            atoms = self.model.logic.atoms(waiting.pop())
            found |= atoms
            for atom in atoms & self.model.sum_atoms.keys():
                name = self.model.sum_atoms[atom].sum
                if name not in sums:
                    sums.add(name)
                    waiting += [row.when for _, row in self._rows(name)]
        return found

    def plain(self, goal: Formula, events: _Events, own: c.PointsRow | None) -> bool:
        """Whether the sums that matter are as the rows say: nothing faded or started again.

        ``own`` is the row of points that is to act.
        """
        model = self.model
        names = {model.sum_atoms[atom].sum for atom in self.closure(goal) & model.sum_atoms.keys()}
        fresh = events.fresh()
        for name in names:
            whole = model.sums[name]
            weak = whole.fades or any(model.parts[part].fades for part in whole.parts)
            if weak and not fresh:
                return False
            for _, row in self._rows(name):
                if row.unknown or (row.fades and self._amount(row) and not fresh):
                    return False
        if own is not None and fades(own) and not fresh:
            return False
        return not any(events.restarted(one) for one in _restarts(model.policy, names, own))

    def _amount(self, row: Row) -> int:
        return row.amounts[0 if row.fact is None else self.classes[row.fact]]

    def truth(self, formula: Formula, free: Mapping[int, Truth]) -> Truth:
        model = self.model
        values: dict[int, Truth] = {}
        for atom in model.logic.atoms(formula):
            if atom in free:
                values[atom] = free[atom]
            elif atom in model.sum_atoms:
                test = model.sum_atoms[atom]
                total = self.total(test.sum, free) * model.sums[test.sum].step
                values[atom] = TRUE if _fits(total, test.op, test.value) else FALSE
            else:
                values[atom] = model.truth(atom, self.classes[model.fact_of[atom]])
        return model.logic.given(formula, values)

    def total(self, name: str, free: Mapping[int, Truth]) -> int:
        whole = self.model.sums[name]
        total = 0
        for number in whole.parts:
            part = self.model.parts[number]
            points = sum(
                self._amount(row)
                for row in part.rows
                if self._amount(row) and self.truth(row.when, free) == TRUE
            )
            total += points if part.at_most is None else min(points, part.at_most)
        total = total if whole.high is None else min(total, whole.high)
        return total if whole.low is None else max(total, whole.low)


def _restarts(
    policy: c.CheckedPolicy, names: set[str], own: c.PointsRow | None
) -> Iterator[c.Restart]:
    """What makes the counting of these sums, or of this row, start again."""
    for score in policy.scores:
        asked = {
            each.name if each is not None else ""
            for each, row in rows_of(score)
            if row is own or score.name in names or (each and f"{score.name}.{each.name}" in names)
        }
        if asked:
            yield from score.restarts
        for row in score.rows:
            if isinstance(row, c.Category) and row.name in asked:
                yield from row.restarts


def _fits(value: int, op: c.Comparison, other: int) -> bool:
    match op:
        case "<":
            return value < other
        case "<=":
            return value <= other
        case ">":
            return value > other
        case ">=":
            return value >= other
        case "==":
            return value == other
        case _:
            return value != other


# --- the record ----------------------------------------------------------------------------------


def _record(model: Model, classes: Assignment, events: _Events) -> Record:
    record: Record = {"id": "witness"}
    seen: set[str] = set()
    actions: list[Record] = []
    for at, fact in enumerate(model.facts):
        value = fact.values[classes[at]]
        match fact.source:
            case c.Field():
                seen.add(fact.source.name)
                if value is not None:
                    record[fact.source.name] = _json(value)
            case "stage":
                record["stage"] = value
                record["stage_since"] = _json(events.since)
            case str() as name if name.startswith("answer ") and value is not None:
                kind = name.removeprefix("answer ")
                now = _json(model.scale.as_of)
                actions.append({"kind": kind, "at": now, "answer": value})
            case _:
                pass
    for field in model.policy.fields:
        if field.required and field.name not in seen:
            record[field.name] = _json(_any_value(field.type, model.scale.as_of))
    listed: dict[str, list[Record]] = {"activities": [], "actions": actions}
    for cell, instant, properties in events.found:
        event: Record = {"kind": cell.kind.name, "at": _json(instant)}
        event |= {name: _json(value) for name, value in properties.items() if value is not None}
        listed["activities" if cell.kind.party is None else "actions"].append(event)
    return record | {key: some for key, some in listed.items() if some}


def _any_value(kind: c.FieldType, now: datetime) -> Value:
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


def _json(value: object) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case frozenset():
            return sorted(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            return value
