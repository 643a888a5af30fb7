"""What a lead's events come to: one pass over them, grouped by lead.

Every slot is a column, made when it is first asked for. Counts, first and last instants and plain
decay are aggregates of the one pass; what keeps only some of the events (the newest of each group,
so many a period) and what the newest event says are small queries of their own beside it.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.decays import share
from leadpact.backends.sql.dialects import Dialect, both, call
from leadpact.backends.sql.ends import Ends
from leadpact.backends.sql.events import Events
from leadpact.backends.sql.held import Held
from leadpact.backends.sql.instants import DAY, Reach, day_number, full_periods
from leadpact.backends.sql.matching import compared, total
from leadpact.backends.sql.newest import Newest
from leadpact.backends.sql.passes import Pass, Selection
from leadpact.backends.sql.sheet import Sheet, case, coalesce, column, micros, whole
from leadpact.backends.sql.standing import Standing
from leadpact.checked import OncePerPeriod, OncePerProperty, SinceEntered
from leadpact.operators.times import local_day

__all__ = ["Slots"]


class Slots:
    """The slots of a plan (and others that are asked for) as columns of a lead.

    ``sheet`` is the sheet of the lead that the columns are for; ``standing`` what is known of it
    before the pass. ``held`` says which events count, ``newest`` what the newest say, and ``ends``
    which of them end what was decided.
    """

    def __init__(
        self,
        plan: p.Plan,
        as_of: datetime,
        sheet: Sheet,
        standing: Standing,
        events: Events,
        dialect: Dialect,
        reach: Reach,
    ) -> None:
        self.plan = plan
        self.slots = list(plan.slots)
        self.now = micros(as_of)
        self.sheet = sheet
        self.standing = standing
        self.events = events
        self.dialect = dialect
        self.reach = reach
        self.as_of = as_of
        self.held = Held(plan, as_of, standing, events, dialect)
        events.widest = self._widest()
        self.main = Pass("facts", sheet, packs=dialect.name == "duckdb")
        self.selections: dict[int, Selection] = {}
        self.newest = Newest(
            plan, self.slots, self.held, events, sheet, self.main, self.selections, dialect
        )
        self.ends = Ends(plan, self.now, self.held, events, self.main, dialect)
        self.looks_far_back = False
        self.flags = _flags(plan)

    def ask(self, slot: p.Slot) -> int:
        """The number of a slot, one of the plan's or another."""
        if slot not in self.slots:
            self.slots.append(slot)
        return self.slots.index(slot)

    def _widest(self) -> dict[str, int]:
        """See ``Events.widest``."""
        found: dict[str, int | None] = {}
        for slot in self.plan.slots:
            since = self.held.since(slot)
            told = isinstance(slot.measure, p.Newest | p.Different) or (
                isinstance(slot.measure, p.Count | p.Decayed)
                and isinstance(slot.measure.once_per, OncePerProperty)
            )
            for part in slot.parts:
                if part.where is None and not told:
                    continue
                known = found.get(part.kind, since)
                found[part.kind] = None if since is None or known is None else min(known, since)
        return {kind: since for kind, since in found.items() if since is not None}

    # --- values --------------------------------------------------------------------------------

    def value(self, number: int) -> exp.Column:
        """A count, a sum of hundredths, or an instant (NULL without an event)."""
        slot = self.slots[number]
        match slot.measure:
            case p.Count(None, None) if number in self.flags and _since_entered(slot):
                return self._any_since(number, slot)
            case p.Count(None, None):
                since = self.held.since(slot)
                tests = self.events.by_kind(slot.parts, self.held.counts(slot), since)
                return self.main.count_by_kind(f"count {number}", tests, self.held.is_past())
            case p.Count(OncePerPeriod("day"), None) if self._is_short(slot):
                return self._few_days(number, slot)
            case p.Count(OncePerPeriod(period), None):
                return self._different(
                    number, slot, self.events.period(period, self.held.since(slot)), alone=False
                )
            case p.Count(OncePerProperty(name), None):
                return self._different(
                    number, slot, self.events.key(slot, name, self.held.since(slot)), alone=True
                )
            case p.Different(name):
                return self._different(
                    number, slot, self.events.key(slot, name, self.held.since(slot)), alone=False
                )
            case p.Moment(last):
                return self.main.extreme(
                    f"instant {number}",
                    "max" if last else "min",
                    column("at"),
                    self.held.when(slot),
                )
            case p.Decayed(_, _, None, None, None):
                kept = case((self.held.when(slot), share(slot.measure, self.dialect, self.now)))
                return self.main.sum(f"points {number}", kept)
            case p.Count() | p.Decayed():
                return self._rationed(number, slot).ask("points" if _decays(slot) else "count")
            case p.Newest():
                raise AssertionError("a newest event has no value of its own")
            case _:
                assert_never(slot.measure)

    def _is_short(self, slot: p.Slot) -> bool:
        """Whether the days of its window fit into some words of bits."""
        since = self.held.since(slot)
        return self.main.packs and since is not None and self.now - since < 120 * DAY

    def _few_days(self, number: int, slot: p.Slot) -> exp.Column:
        """On how many days something happened: a bit for each."""
        since = self.held.since(slot)
        assert since is not None
        zone = self.plan.policy.zone
        today = day_number(local_day(self.as_of, zone))
        day = self.events.period("day", since)
        words = self.main.different_days(
            f"days {number}", day, today, (self.now - since) // DAY + 2, self.held.when(slot)
        )
        counted = total([call("BIT_COUNT", word) for word in words])
        return self.sheet.add(f"count {number}", self.dialect.bigint(counted))

    def _any_since(self, number: int, slot: p.Slot) -> exp.Column:
        """1 if anything happened since, else 0: the last such event tells."""
        # Since when is known of the lead, not of the event: this way nothing need be joined.
        matches = both(self.held.is_past(), self.events.matches(slot.parts))
        last = self.main.extreme(f"last {number}", "max", column("at"), matches)
        found = compared(last, ">=", self.standing.since)
        return self.sheet.add(f"count {number}", case((found, whole(1)), otherwise=whole(0)))

    def decayed_count(self, number: int) -> exp.Column:
        """How many events a decayed sum is of."""
        slot = self.slots[number]
        match slot.measure:
            case p.Decayed(_, _, None, None, None):
                return self.main.count(f"count {number}", self.held.when(slot))
            case _:
                return self._rationed(number, slot).ask("count")

    def first(self) -> exp.Column:
        """The lead's first event; NULL without one."""
        return self.main.extreme("first event", "min", column("at"), self.held.is_past())

    def idle(self, period: str, slot: int, sheet: Sheet) -> exp.Column:
        """Full periods since the instant in ``slot``; 0 without one."""
        self.looks_far_back = self.looks_far_back or period == "month"

        def counted() -> exp.Expression:
            full = full_periods(
                period,
                self.value(slot),
                self.as_of,
                self.reach,
                keep=lambda inner: sheet.add(f"idle {period} so far", inner),
            )
            return coalesce(full, whole(0))

        return sheet.once(f"idle {period}", counted)

    # --- measures ------------------------------------------------------------------------------

    def _different(
        self, number: int, slot: p.Slot, key: exp.Expression | None, alone: bool
    ) -> exp.Column:
        """How many different keys; ``alone``: and every event without one."""
        if key is None:
            return self.main.count(
                f"count {number}", self.held.when(slot) if alone else exp.false()
            )
        when = self.held.when(slot)
        keys = self.main.different(f"different {number}", key, when)
        if not alone:
            return keys
        without = both(when, exp.Is(this=exp.paren(key, copy=True), expression=exp.Null()))
        others = self.main.count(f"without key {number}", without)
        return self.sheet.add(f"count {number}", exp.Add(this=keys, expression=others))

    def _rationed(self, number: int, slot: p.Slot) -> Selection:
        """Of the events only those that ``once per``, ``up to`` and ``at most`` leave."""
        if number in self.selections:
            return self.selections[number]
        measure = slot.measure
        assert isinstance(measure, p.Count | p.Decayed)
        made = Selection(f"slot {number}", self.sheet, self.held.when(slot))
        once_per, up_to = measure.once_per, measure.up_to
        since = self.held.since(slot)
        group = None if once_per is None else self.events.group(slot, once_per, since)
        if group is not None:
            made.keep_newest_of("group", group, 1, or_without=True)
        if up_to is not None:
            made.keep_newest_of("part", self.events.period(up_to.period, since), up_to.amount)
        if isinstance(measure, p.Decayed) and measure.at_most_times is not None:
            made.keep_newest(measure.at_most_times)
        made.total("count", exp.Count(this=exp.Star()))
        if isinstance(measure, p.Decayed):
            made.total("points", exp.Sum(this=share(measure, self.dialect, self.now)))
        self.selections[number] = made
        return made


def _flags(plan: p.Plan) -> set[int]:
    """The counts of which nothing but "at least one" or "none" is asked."""
    asked: dict[int, set[tuple[str, int]]] = {}
    for test in plan.slot_tests():
        asked.setdefault(test.slot, set()).add((test.op, test.count))
    rows = {row.slot for row in plan.rows()}
    plain = {(">=", 1), ("==", 0), ("<=", 0)}
    return {slot for slot, uses in asked.items() if uses <= plain and slot not in rows}


def _since_entered(slot: p.Slot) -> bool:
    return isinstance(slot.window, SinceEntered) and slot.restart is None


def _decays(slot: p.Slot) -> bool:
    return isinstance(slot.measure, p.Decayed)
