"""One event as columns: what kind it is, what its properties say, which patterns it matches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from sqlglot import exp

from leadpact import checked as c
from leadpact import plan as p
from leadpact.backends.sql.dialects import Dialect, both, either
from leadpact.backends.sql.instants import Reach, calendar_period, local_day
from leadpact.backends.sql.matching import Value, compared, fields_value, value_test
from leadpact.backends.sql.relations import event_columns, kind_of, property_column
from leadpact.backends.sql.sheet import Sheet, case, column, text, whole
from leadpact.checked import CheckedPolicy, Field, FieldFact, OncePerPeriod, OncePerProperty

__all__ = ["Events"]


class Events:
    """The events' own sheet, and what is spelled over it."""

    def __init__(self, policy: CheckedPolicy, dialect: Dialect, reach: Reach, now: int) -> None:
        self.dialect = dialect
        self.now = now
        self.reach = reach
        names = (each.name for each in event_columns(policy))
        self.sheet = Sheet("events", "events", names)
        self.fields = {
            (kind.name, one.name): one for kind in policy.kinds for one in kind.properties
        }
        self.asks_days = False
        self.widest: dict[str, int] = {}
        """Kind → after which instant its events lie of which a slot looks at a property."""

    def field(self, kind: str, name: str) -> Field:
        return self.fields[kind, name]

    def of_kind(self, kind: str, since: int | None = None) -> _OfKind:
        """``since``: only events after that instant, and not ahead, are looked at."""
        widest = self.widest.get(kind)
        return _OfKind(self, kind, None if since is None or widest is None else min(since, widest))

    def is_one_of(self, kinds: Iterable[str]) -> exp.Expression:
        listed = sorted(set(kinds))
        if not listed:
            return exp.false()
        if len(listed) == 1:
            return compared(column("kind"), "==", text(listed[0]))
        return exp.In(this=column("kind"), expressions=[text(kind) for kind in listed])

    def matches(self, parts: Iterable[c.PatternPart], since: int | None = None) -> exp.Expression:
        """Whether an event fits at least one of the parts (NULL counts as no)."""
        wheres: dict[str, list[c.Condition | None]] = {}
        for part in parts:
            wheres.setdefault(part.kind, []).append(part.where)
        plain = [kind for kind, tests in wheres.items() if None in tests]
        members = [self.is_one_of(plain)] if plain else []
        for kind, tests in wheres.items():
            if kind not in plain:
                values = self.of_kind(kind, since)
                spelled = [value_test(test, values) for test in tests if test is not None]
                members.append(both(self.is_one_of({kind}), exp.paren(either(*spelled))))
        return members[0] if len(members) == 1 else exp.paren(either(*members))

    def by_kind(
        self, parts: Iterable[c.PatternPart], tests: list[exp.Expression], since: int | None
    ) -> dict[str, exp.Expression]:
        """Kind → when an event of the kind fits one of the parts, and all ``tests``."""
        wheres: dict[str, list[c.Condition | None]] = {}
        for part in parts:
            wheres.setdefault(part.kind, []).append(part.where)
        found = {}
        for kind, listed in wheres.items():
            values = self.of_kind(kind, since)
            spelled = [value_test(test, values) for test in listed if test is not None]
            fits = [] if None in listed else [exp.paren(either(*spelled))]
            found[kind] = both(*tests, *fits)
        return found

    # --- properties ----------------------------------------------------------------------------

    def property(self, slot: p.Slot, name: str) -> exp.Expression:
        """The property as it stands, of whichever of the slot's kinds the event is."""
        found = {
            kind: column(property_column(kind, name))
            for kind in _kinds(slot)
            if (kind, name) in self.fields
        }
        return self._by_kind(found)

    def key(self, slot: p.Slot, name: str, since: int | None = None) -> exp.Expression | None:
        """The property as it is told apart from others; NULL when unknown.

        ``None``: none of the slot's kinds has it.
        """
        kinds = [kind for kind in _kinds(slot) if (kind, name) in self.fields]
        if not kinds:
            return None
        held = {kind_of(self.fields[kind, name].type) for kind in kinds}
        if len(held - {"whole"} | ({"decimal"} if "whole" in held else set())) > 1:
            raise self.dialect.cannot(f"`{name}` of kinds that hold it in different types")
        found = {kind: self.of_kind(kind, since).value(FieldFact(name)).key() for kind in kinds}
        return self.sheet.add(f"{' '.join(kinds)} {name} key", self._by_kind(found))

    def group(
        self, slot: p.Slot, once_per: OncePerPeriod | OncePerProperty, since: int | None
    ) -> exp.Expression | None:
        """Of which group only the newest event counts; NULL: it counts by itself."""
        if isinstance(once_per, OncePerPeriod):
            return self.period(once_per.period, since)
        return self.key(slot, once_per.property, since)

    def period(self, period: str, since: int | None) -> exp.Column:
        """The number of the local day, week, month or quarter, of events after ``since``."""
        if since is None or since < self.reach.low:
            self.asks_days = True
            since, reach = None, self.reach
        else:
            reach = _cut(self.reach, since, self.now)
        name = "local" if since is None else f"local since {since}"
        day = self.sheet.once(f"{name} day", lambda: local_day(column("at"), reach))
        if period == "day":
            return day
        return self.sheet.once(f"{name} {period}", lambda: calendar_period(period, day))

    def _by_kind(self, found: Mapping[str, exp.Expression]) -> exp.Expression:
        if len(found) == 1:
            return next(iter(found.values()))
        return case(*((self.is_one_of({kind}), value) for kind, value in found.items()))


def _cut(reach: Reach, low: int, high: int) -> Reach:
    """Only the offsets between two instants: fewer to tell apart, event by event."""
    first, last = bisect_right(reach.changes, low), bisect_right(reach.changes, high)
    changes, offsets = reach.changes[first:last], reach.offsets[first : last + 1]
    return Reach(reach.zone, low, high, changes, offsets)


class _OfKind:
    """The values of an event's properties, as one kind has them."""

    def __init__(self, events: Events, kind: str, since: int | None) -> None:
        self.events = events
        self.kind = kind
        self.since = since
        self.dialect = events.dialect

    def value(self, fact: c.ValueFact) -> Value:
        assert isinstance(fact, FieldFact)
        events = self.events
        field = events.field(self.kind, fact.name)
        raw = property_column(self.kind, fact.name)
        only = events.is_one_of({self.kind})
        if self.since is not None:
            at = column("at")
            recent = compared(at, ">", whole(self.since)), compared(at, "<=", whole(events.now))
            only = both(only, *recent)
        of = "" if self.since is None else f" since {self.since}"
        return fields_value(field, raw, events.sheet, events.dialect, events.reach, only, of)


def _kinds(slot: p.Slot) -> list[str]:
    return sorted({part.kind for part in slot.parts})
