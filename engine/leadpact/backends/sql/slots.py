"""What a lead's events come to: one pass over them, grouped by lead.

Every slot is a column, made when it is first asked for. Counts, first and last instants and plain
decay are aggregates of the one pass; what keeps only some of the events (the newest of each group,
so many a period) and what the newest event says are small queries of their own beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_never

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.decays import fades_after, points_table
from leadpact.backends.sql.dialects import Dialect, both, call, either
from leadpact.backends.sql.events import Events
from leadpact.backends.sql.instants import DAY, Reach, day_number, full_periods
from leadpact.backends.sql.matching import compared, total
from leadpact.backends.sql.passes import Pass, Selection
from leadpact.backends.sql.sheet import Sheet, case, coalesce, column, micros, text, whole
from leadpact.backends.sql.standing import PAST, Standing
from leadpact.checked import (
    Ever,
    LastFact,
    OncePerPeriod,
    OncePerProperty,
    SinceEntered,
    SinceStage,
    Within,
)
from leadpact.operators.times import exact_length, local_day, threshold

__all__ = ["Slots"]

_TICK = timedelta(microseconds=1)


class Slots:
    """The slots of a plan (and others that are asked for) as columns of a lead.

    ``sheet`` is the sheet of the lead that the columns are for; ``standing`` what is known of it
    before the pass.
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
        self.thresholds = {
            window: micros(threshold(window, as_of, plan.policy.zone)) for window in plan.windows
        }
        self.as_of = as_of
        events.widest = self._widest()
        self.early = Pass("early", standing.sheet)
        self.main = Pass("facts", sheet, packs=dialect.name == "duckdb")
        self.selections: dict[int, Selection] = {}
        self.looks_far_back = False
        # Of what is said besides answers the events themselves are needed.
        self.read = {slot for fact, slot in plan.facts if isinstance(fact, LastFact)}
        self.answers = {
            item.slot
            for step in plan.steps
            if isinstance(step, p.PlanChecklist)
            for item in step.items
            if isinstance(item, p.PlanAnswer)
        }
        self.coded: set[int] = set()
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
            since = self._since(slot)
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
                since = self._since(slot)
                tests = self.events.by_kind(slot.parts, self._counts(slot), since)
                return self.main.count_by_kind(f"count {number}", tests, self._is_past())
            case p.Count(OncePerPeriod("day"), None) if self._is_short(slot):
                return self._few_days(number, slot)
            case p.Count(OncePerPeriod(period), None):
                return self._different(
                    number, slot, self.events.period(period, self._since(slot)), alone=False
                )
            case p.Count(OncePerProperty(name), None):
                return self._different(
                    number, slot, self.events.key(slot, name, self._since(slot)), alone=True
                )
            case p.Different(name):
                return self._different(
                    number, slot, self.events.key(slot, name, self._since(slot)), alone=False
                )
            case p.Moment(last):
                return self.main.extreme(
                    f"instant {number}", "max" if last else "min", column("at"), self.when(slot)
                )
            case p.Decayed(_, _, None, None, None):
                kept = case((self.when(slot), self._share(slot.measure)))
                return self.main.sum(f"points {number}", kept)
            case p.Count() | p.Decayed():
                return self._rationed(number, slot).ask("points" if _decays(slot) else "count")
            case p.Newest():
                raise AssertionError("a newest event has no value of its own")
            case _:
                assert_never(slot.measure)

    def _is_short(self, slot: p.Slot) -> bool:
        """Whether the days of its window fit into some words of bits."""
        since = self._since(slot)
        return self.main.packs and since is not None and self.now - since < 120 * DAY

    def _few_days(self, number: int, slot: p.Slot) -> exp.Column:
        """On how many days something happened: a bit for each."""
        since = self._since(slot)
        assert since is not None
        zone = self.plan.policy.zone
        today = day_number(local_day(self.as_of, zone))
        day = self.events.period("day", since)
        words = self.main.different_days(
            f"days {number}", day, today, (self.now - since) // DAY + 2, self.when(slot)
        )
        counted = total([call("BIT_COUNT", word) for word in words])
        return self.sheet.add(f"count {number}", self.dialect.bigint(counted))

    def _any_since(self, number: int, slot: p.Slot) -> exp.Column:
        """1 if anything happened since, else 0: the last such event tells."""
        # Since when is known of the lead, not of the event: this way nothing need be joined.
        matches = both(self._is_past(), self.events.matches(slot.parts))
        last = self.main.extreme(f"last {number}", "max", column("at"), matches)
        found = compared(last, ">=", self.standing.since)
        return self.sheet.add(f"count {number}", case((found, whole(1)), otherwise=whole(0)))

    def decayed_count(self, number: int) -> exp.Column:
        """How many events a decayed sum is of."""
        slot = self.slots[number]
        match slot.measure:
            case p.Decayed(_, _, None, None, None):
                return self.main.count(f"count {number}", self.when(slot))
            case _:
                return self._rationed(number, slot).ask("count")

    def answer(self, number: int) -> exp.Expression:
        """The newest answer, yes or no; NULL without one, or when it says neither."""
        if number in self.read:
            return self.newest_property(number, "answer")
        newest, at = self._coded(number)
        without = exp.Sub(this=newest, expression=exp.Mul(this=at, expression=whole(4)))
        code = self.sheet.once(f"answer {number}", lambda: without)
        yes, no = compared(code, "==", whole(2)), compared(code, "==", whole(1))
        return case((yes, exp.true()), (no, exp.false()))

    def _coded(self, number: int) -> tuple[exp.Column, exp.Column]:
        """The greatest ``instant * 4 + answer``, and the instant in it."""
        self.coded.add(number)
        slot = self.slots[number]
        newest = self._extreme_code(number, slot, up=True)
        at = self.sheet.once(f"answered {number}", lambda: self.dialect.floored(newest, 4))
        return newest, at

    def _extreme_code(self, number: int, slot: p.Slot, up: bool) -> exp.Column:
        said = self.events.property(slot, "answer")
        codes = (2, 1, 0) if up else (1, 2, 3)
        code = case(
            (said, whole(codes[0])),
            (exp.Not(this=said.copy()), whole(codes[1])),
            otherwise=whole(codes[2]),
        )
        packed = exp.Add(this=exp.Mul(this=column("at"), expression=whole(4)), expression=code)
        name = f"newest answer {number}" if up else f"newest answer {number}, no first"
        return self.main.extreme(name, "max", packed, self.when(slot))

    def newest_at(self, number: int) -> exp.Column:
        """The instant of the newest event; NULL without one."""
        if number in self.answers and number not in self.read:
            return self._coded(number)[1]
        return self._newest(number).ask("at")

    def newest_property(self, number: int, name: str) -> exp.Column:
        """What the newest event says; NULL without one."""
        slot = self.slots[number]
        return self._newest(number).property(name, self.events.property(slot, name))

    def no_when_unknown(self, number: int, name: str) -> bool:
        """Whether the property is a no when it is unknown."""
        return self.events.field(self.slots[number].parts[0].kind, name).no_when_unknown

    def tied(self) -> tuple[exp.Expression, ...]:
        """Whether two newest events are equally new (and, of answers, not the same)."""
        return *self._tied_answers(), *self._tied_events()

    def _tied_answers(self) -> Iterator[exp.Expression]:
        for number in sorted(self.coded):
            newest, at = self._coded(number)
            other = self._extreme_code(number, self.slots[number], up=False)
            both_codes = exp.Add(this=newest, expression=other)
            same = exp.Add(this=exp.Mul(this=at, expression=whole(8)), expression=whole(3))
            yield compared(both_codes, "!=", same)

    def _tied_events(self) -> tuple[exp.Column, ...]:
        return tuple(
            selection.ask("tied")
            for number, selection in self.selections.items()
            if isinstance(self.slots[number].measure, p.Newest)
        )

    # --- for `valid until`, and where the lead stands -------------------------------------------

    def first(self) -> exp.Column:
        """The lead's first event; NULL without one."""
        return self.main.extreme("first event", "min", column("at"), self._is_past())

    def early_first(self) -> exp.Column:
        """The same, known before the pass."""
        return self.early.extreme("early first event", "min", column("at"), self._is_past())

    def later(self) -> exp.Column:
        """The first event that is still to come; NULL without one."""
        to_come = compared(column("at"), ">", whole(self.now))
        return self.main.extreme("later event", "min", column("at"), to_come)

    def window_first(self, number: int) -> exp.Column:
        """The earliest event in a window of the kinds that its counting slots look at."""
        window = Within(self.plan.windows[number])
        kinds = {
            part.kind
            for slot in self.plan.slots
            if slot.window == window and not isinstance(slot.measure, p.Newest)
            for part in slot.parts
        }
        held = both(self._window(window), self.events.is_one_of(kinds))
        return self.main.extreme(f"window {number}", "min", column("at"), held)

    def first_end(self) -> exp.Column | None:
        """When the first event leaves a window of an exact length; ``None``: there are none.

        Of an event in several windows the end of the shortest comes first. Events count by their
        kind, as in ``window_first``.
        """
        windows: dict[str, dict[int, int]] = {}
        for slot in self.plan.slots:
            if not isinstance(slot.window, Within) or isinstance(slot.measure, p.Newest):
                continue
            length = exact_length(slot.window.duration)
            if length is not None:
                for part in slot.parts:
                    ends = windows.setdefault(part.kind, {})
                    ends[length // _TICK] = self.thresholds[slot.window.duration]
        if not windows:
            return None
        at, of_kinds = column("at"), []
        for kind, ends in windows.items():
            inside = [
                (compared(at, ">", whole(after)), exp.Add(this=at.copy(), expression=whole(length)))
                for length, after in sorted(ends.items())
            ]
            of_kinds.append((self.events.is_one_of({kind}), case(*inside)))
        return self.main.extreme("first end", "min", case(*of_kinds), self._is_past())

    def aged(self) -> exp.Column:
        """How long ago the next event that turns a day older turned the last; NULL: none will."""
        tests: list[exp.Expression] = []
        by_kind: dict[tuple[str, object], int] = {}
        for slot in self.plan.slots:
            if isinstance(slot.measure, p.Decayed):
                last = fades_after(slot.measure.decay)
                for part in slot.parts:
                    key = part.kind, slot.window
                    by_kind[key] = max(last, by_kind.get(key, 0))
        for (kind, window), last in by_kind.items():
            age = self._age()
            since = self._window(window) if isinstance(window, Within | SinceEntered) else (
                self._is_past()
            )  # fmt: skip
            young = compared(age, "<", whole(last))
            tests.append(exp.paren(both(since, self.events.is_one_of({kind}), young)))
        into = exp.Mod(this=exp.paren(self._behind()), expression=whole(DAY))
        return self.main.extreme("aged", "max", into, exp.paren(either(*tests)))

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

    # --- conditions ----------------------------------------------------------------------------

    def when(self, slot: p.Slot) -> exp.Expression:
        """Whether an event counts for the slot."""
        tests = [self._window(slot.window)]
        if slot.restart is not None:
            tests.append(compared(column("at"), ">", self.restart(slot.restart)))
        return both(*tests, self.events.matches(slot.parts, self._since(slot)))

    def restart(self, number: int) -> exp.Column:
        """The instant after which events count again."""
        restart = self.plan.restarts[number]
        held: list[exp.Expression] = [
            self.early.extreme(
                f"early instant {slot}", "max", column("at"), self.when(self.plan.slots[slot])
            )
            for slot in restart.slots
        ]
        if restart.stages:
            first = self.early_first() if self.standing.start in restart.stages else None
            entries = self.standing.entries(restart.stages, first)
            held.append(self.standing.sheet.add(f"entries {number}", entries))
        newest = coalesce(self.dialect.greatest(*held), whole(PAST))
        return self.standing.sheet.add(f"restart {number}", newest)

    def _counts(self, slot: p.Slot) -> list[exp.Expression]:
        """When an event of the past counts for the slot, its kind and properties aside."""
        tests = [] if isinstance(slot.window, Ever) else [self._window(slot.window, past=True)]
        if slot.restart is not None:
            tests.append(compared(column("at"), ">", self.restart(slot.restart)))
        return tests

    def _is_past(self) -> exp.Expression:
        return compared(column("at"), "<=", whole(self.now))

    def _window(self, window: object, past: bool = False) -> exp.Expression:
        """``past``: that the event has happened is known already."""
        if not past:
            return both(self._window(window, past=True), self._is_past())
        at = column("at")
        match window:
            case Within(duration):
                return compared(at, ">", whole(self.thresholds[duration]))
            case Ever():
                return exp.true()
            case SinceEntered():
                return compared(at, ">=", self.standing.since)
            case SinceStage(how, stage) | p.Gaining(how, stage):
                gaining = isinstance(window, p.Gaining)
                since = self.standing.since_stage(how, stage, gaining)
                name = f"since {how} {stage}{' gaining' if gaining else ''}"
                return compared(at, ">=", self.standing.sheet.add(name, since))
            case _:
                raise AssertionError(window)

    def _since(self, slot: p.Slot) -> int | None:
        """After which instant all events lie that count for the slot; ``None``: after none."""
        window = slot.window
        return self.thresholds[window.duration] if isinstance(window, Within) else None

    # --- measures ------------------------------------------------------------------------------

    def _different(
        self, number: int, slot: p.Slot, key: exp.Expression | None, alone: bool
    ) -> exp.Column:
        """How many different keys; ``alone``: and every event without one."""
        if key is None:
            return self.main.count(f"count {number}", self.when(slot) if alone else exp.false())
        when = self.when(slot)
        keys = self.main.different(f"different {number}", key, when)
        if not alone:
            return keys
        without = both(when, exp.Is(this=exp.paren(key, copy=True), expression=exp.Null()))
        others = self.main.count(f"without key {number}", without)
        return self.sheet.add(f"count {number}", exp.Add(this=keys, expression=others))

    def _behind(self) -> exp.Expression:
        """How long ago the event happened."""
        return exp.Sub(this=whole(self.now), expression=column("at"))

    def _age(self) -> exp.Expression:
        """Its age in whole days."""
        return self.dialect.divided(self._behind(), DAY)

    def _share(self, measure: p.Decayed) -> exp.Expression:
        table = points_table(measure)
        age = self.dialect.least(self._age(), whole(len(table) - 1))
        return self.dialect.looked_up(table, age)

    def _rationed(self, number: int, slot: p.Slot) -> Selection:
        """Of the events only those that ``once per``, ``up to`` and ``at most`` leave."""
        if number in self.selections:
            return self.selections[number]
        measure = slot.measure
        assert isinstance(measure, p.Count | p.Decayed)
        made = Selection(f"slot {number}", self.sheet, self.when(slot))
        once_per, up_to = measure.once_per, measure.up_to
        since = self._since(slot)
        group = None if once_per is None else self.events.group(slot, once_per, since)
        if group is not None:
            made.keep_newest_of("group", group, 1, or_without=True)
        if up_to is not None:
            made.keep_newest_of("part", self.events.period(up_to.period, since), up_to.amount)
        if isinstance(measure, p.Decayed) and measure.at_most_times is not None:
            made.keep_newest(measure.at_most_times)
        made.total("count", exp.Count(this=exp.Star()))
        if isinstance(measure, p.Decayed):
            made.total("points", exp.Sum(this=self._share(measure)))
        self.selections[number] = made
        return made

    def _newest(self, number: int) -> Selection:
        if number in self.selections:
            return self.selections[number]
        made = Selection(f"slot {number}", self.sheet, self.when(self.slots[number]))
        made.newest_only(coalesce(column("event"), text("")))
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
