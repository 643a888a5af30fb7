"""Expressions of a plan over what is known of a lead: its fields, its slots, its results.

``Spelling`` is what everything else about a lead is spelled with. Each test is a boolean that is
NULL when unknown; each time is microseconds or a local day; what is used twice is a column.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.dialects import Dialect, both, either
from leadpact.backends.sql.instants import Reach, day_number, local_day
from leadpact.backends.sql.matching import (
    Condition,
    Value,
    at_least,
    compared,
    fields_value,
    is_known,
    value_test,
)
from leadpact.backends.sql.relations import field_column
from leadpact.backends.sql.sheet import Sheet, case, coalesce, column, micros, text, whole
from leadpact.backends.sql.slots import Slots
from leadpact.backends.sql.standing import Standing
from leadpact.checked import (
    ChecklistTest,
    ChoiceTest,
    DateTest,
    Defined,
    EventMoment,
    FieldFact,
    GainedTest,
    GradeKnown,
    GradeTest,
    GroupTest,
    IncludesTest,
    KnownTest,
    LastFact,
    NumberTest,
    ScoreTest,
    SinceEntered,
    SinceStage,
    StageMoment,
    StageTest,
    TextTest,
    TimeFact,
    TimeTest,
    ValueFact,
    WokenTest,
    YesNoTest,
)
from leadpact.operators.times import limit_of

__all__ = ["Spelling", "category_column", "gain_column", "item_column"]


def category_column(score: str, category: str) -> str:
    return f"score.{score} part {category}"


def gain_column(name: str) -> str:
    return f"gained {name}"


def item_column(checklist: str, item: str) -> str:
    return f"item.{checklist}.{item}"


class Spelling:
    """Spells a plan's expressions as columns of ``sheet``.

    ``before`` is the sheet of what is known of a lead before the pass over its events (its columns
    are columns of ``sheet``, too); ``standing`` says where the lead stands, ``slots`` what its
    events tell. ``odd`` collects what makes single leads the Python engine's.
    """

    def __init__(
        self,
        plan: p.Plan,
        as_of: datetime,
        sheet: Sheet,
        slots: Slots,
        standing: Standing,
        dialect: Dialect,
        reach: Reach,
    ) -> None:
        self.plan = plan
        self.as_of = as_of
        self.now = micros(as_of)
        self.zone = plan.policy.zone
        self.sheet = sheet
        self.slots = slots
        self.standing = standing
        self.before = standing.sheet
        self.dialect = dialect
        self.reach = reach
        self.fields = {field.name: field for field in plan.fields}
        self.facts = dict(plan.facts)
        self.oddities: dict[str, list[exp.Expression]] = {}

    # --- what is known of the lead -------------------------------------------------------------

    @property
    def stage(self) -> exp.Column:
        """The present stage; never NULL."""
        return self.standing.stage

    @property
    def since(self) -> exp.Column:
        """From which instant on events count for the present stage; NULL while nobody can tell."""
        return self.standing.since

    @property
    def entered(self) -> exp.Column:
        """When the lead entered its stage; NULL while nobody can tell."""
        known = self.standing.entered
        started = coalesce(self.slots.first(), whole(self.now))
        in_start = self.standing.is_in_start
        return self.sheet.add("entered", case((is_known(known), known), (in_start, started)))

    def field(self, name: str) -> exp.Column:
        return column(field_column(name))

    def folded(self, name: str) -> exp.Column:
        return self.value(FieldFact(name)).folded()

    def value(self, fact: ValueFact) -> Value:
        """A field, or a property of the newest event."""
        if isinstance(fact, FieldFact):
            field = self.fields[fact.name]
            raw = field_column(fact.name)
            return fields_value(field, raw, self.sheet, self.dialect, self.reach)
        slot = self.facts[fact]
        raw_column = self.slots.newest.property(slot, fact.property)
        held = is_known(self.slots.newest.at(slot))
        no = self.slots.newest.no_when_unknown(slot, fact.property)
        return Value(raw_column, fact.type, no, self.sheet, self.dialect, self.reach, held)

    def slot(self, number: int) -> exp.Column:
        """A count, a sum of hundredths, or an instant (NULL without an event)."""
        return self.slots.value(number)

    def moment(self, fact: EventMoment | StageMoment) -> exp.Expression:
        """An instant; NULL when unknown."""
        if isinstance(fact, EventMoment):
            return self.slots.value(self.facts[fact])
        if fact.which == "exit":
            # Without its moves a record never tells when a stage was left.
            return exp.cast(exp.Null(), "bigint")
        return case((self.standing.is_in(fact.stage), self.entered))

    def time(self, fact: TimeFact, days: bool) -> exp.Expression:
        """A time in microseconds, or as its local day; NULL when unknown."""
        if isinstance(fact, FieldFact | LastFact):
            value = self.value(fact)
            return value.day() if days else value.raw.copy()
        moment = self.sheet.add(f"moment of {type(fact).__name__}", self.moment(fact))
        if not days:
            return moment
        return self.sheet.once(f"{moment.name} day", lambda: local_day(moment, self.reach))

    def day(self, fact: TimeFact) -> exp.Expression:
        """The local day of a time; NULL when unknown."""
        return self.time(fact, days=True)

    def limit(self, limit: p.TimeLimit) -> int:
        """What a time is compared with, in microseconds or as a day's number."""
        ahead = limit.direction == "ahead"
        found = limit_of(limit.duration, ahead, limit.strict, limit.days, self.as_of, self.zone)
        return micros(found) if isinstance(found, datetime) else day_number(found)

    def idle(self, period: str) -> exp.Column:
        """Full periods without activity; 0 for a lead that never did anything."""
        assert self.plan.activity is not None
        return self.slots.idle(period, self.plan.activity, self.sheet)

    def odd(self, test: exp.Expression, why: str) -> None:
        """Leads of which ``test`` is true are left to the Python engine; ``why`` in plain words."""
        self.oddities.setdefault(why, []).append(test)

    # --- expressions ---------------------------------------------------------------------------

    def test(self, expr: Condition) -> exp.Expression:
        """An expression as a boolean, NULL when unknown."""
        match expr:
            case p.Not(member):
                return exp.Not(this=exp.paren(self.test(member)))
            case p.All(members):
                return exp.paren(both(*(self.test(each) for each in members)))
            case p.Any(members):
                return exp.paren(either(*(self.test(each) for each in members)))
            case p.AtLeast(count, members):
                return at_least(count, [self.test(each) for each in members])
            case p.SlotTest():
                return self._slot_test(expr)
            case TimeTest():
                return self._time_test(expr)
            case DateTest(EventMoment() | StageMoment() as fact, op, day):
                return compared(self.day(fact), op, whole(day_number(day)))
            case StageTest():
                return self._stage_test(expr)
            case WokenTest():
                # A lead without moves never slept; where it came from may be unknown.
                return case((self.standing.is_told, exp.false()))
            case (
                NumberTest() | TextTest() | ChoiceTest() | IncludesTest() | YesNoTest()
                | DateTest() | KnownTest()
            ):  # fmt: skip
                return value_test(expr, self)
            case _:
                return self._result(expr)  # type: ignore[arg-type]

    def state(self, name: str, expr: Condition) -> exp.Column:
        """The same as a column of its own."""
        return self.sheet.add(name, self.test(expr))

    def _slot_test(self, test: p.SlotTest) -> exp.Expression:
        held = compared(self.slot(test.slot), test.op, whole(test.count))
        match self.slots.slots[test.slot].window:
            case SinceEntered():
                return case((is_known(self.since), held))
            case SinceStage(how, stage):
                return case((self.standing.knows_since(how, stage), held))
            case _:
                return held

    def _time_test(self, test: TimeTest) -> exp.Expression:
        limit = p.time_limit(test, self.plan.fields)
        longer = test.verb in ("at least", "more than")
        if test.direction == "ago":
            op = "<=" if longer else ">"
        else:
            op = {"at least": ">=", "more than": ">", "less than": "<", "at most": "<="}[test.verb]
        return compared(self.time(test.fact, limit.days), op, whole(self.limit(limit)))

    def _stage_test(self, test: StageTest) -> exp.Expression:
        here = self.standing.is_in(test.stage)
        if test.within is None and not test.ever:
            return here
        return case((here, exp.true()), (self.standing.is_told, exp.false()))

    def _result(self, test: p.ResultTest) -> exp.Expression:
        match test:
            case ScoreTest(score, category, op, hundredths):
                name = f"score.{score}"
                if category is not None:
                    name = category_column(score, category)
                return compared(column(name), op, whole(hundredths))
            case GainedTest(score, how, stage, op, hundredths):
                name = gain_column(p.gain_name(score, how, stage))
                held = compared(column(name), op, whole(hundredths))
                return case((self.standing.knows_since(how, stage), held))
            case GradeTest(grade, letters, _, negated):
                return _listed(column(f"letter {grade}"), letters, negated)
            case GradeKnown(grade, known):
                letter = is_known(column(f"letter {grade}"))
                return letter if known else exp.Not(this=letter)
            case GroupTest(group, rows, negated):
                return _listed(column(f"group.{group}"), rows, negated)
            case ChecklistTest(checklist, item, state):
                name = f"met {checklist}" if item is None else item_column(checklist, item)
                match state:
                    case "met":
                        return column(name)
                    case "not met":
                        return exp.Not(this=column(name))
                    case _:
                        return exp.Is(this=column(name), expression=exp.Null())
            case Defined(name):
                return column(f"defined {name}")
            case _:
                assert_never(test)


def _listed(value: exp.Column, members: tuple[str, ...], negated: bool) -> exp.Expression:
    found = exp.In(this=value, expressions=[text(member) for member in members])
    return exp.Not(this=found) if negated else found
