"""Expressions as JavaScript: each gives ``true``, ``false``, or ``null`` for unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from leadpact import checked as c
from leadpact import plan as p
from leadpact.backends.javascript.literals import day, hundredths, length, listed, number, text, yes
from leadpact.backends.javascript.looking import Looking, property_field
from leadpact.certainty import LARGEST, Spelled
from leadpact.checked import (
    ChecklistTest,
    ChoiceTest,
    DateTest,
    Defined,
    DomainFact,
    EventMoment,
    Field,
    FieldFact,
    GainedTest,
    GradeKnown,
    GradeTest,
    GroupTest,
    IncludesTest,
    InstantType,
    KnownTest,
    LastFact,
    NumberTest,
    ScoreTest,
    SinceEntered,
    SinceStage,
    StageMoment,
    StageTest,
    TextTest,
    TextType,
    TimeTest,
    WokenTest,
    YesNoTest,
)
from leadpact.operators.text import fold, words

__all__ = ["Speller"]

_OPS = {"==": "===", "!=": "!=="}


class Speller:
    """Spells expressions over the values in ``owner``, an object that has the ``fields``.

    ``looking`` knows the plan; without it, only conditions on values can be spelled. ``surely``
    makes spellings that hold whatever the unknown facts turn out to be.
    """

    def __init__(
        self,
        owner: str,
        fields: tuple[Field, ...],
        looking: Looking | None = None,
        surely: bool = False,
    ) -> None:
        self.owner = owner
        self.fields: Mapping[str, Field] = {field.name: field for field in fields}
        self._looking = looking
        self.surely = surely
        self.slots: dict[LastFact | EventMoment, int] = dict(looking.plan.facts) if looking else {}
        self.mentioned: set[str] = set()
        """The definitions of which it is asked whether they are settled."""

    @property
    def looking(self) -> Looking:
        assert self._looking is not None
        return self._looking

    def expr(self, expr: Spelled) -> str:
        match expr:
            case p.Not(member) | c.Not(member):
                return f"not({self.expr(member)})"
            case p.All(members) | c.All(members):
                return self._join("all", members)
            case p.Any(members) | c.Any(members):
                return self._join("any", members)
            case p.AtLeast(count, members) | c.AtLeast(count, members):
                return f"atLeast({', '.join((str(count), *map(self.expr, members)))})"
            case p.SlotTest():
                return self._slot(expr)
            case NumberTest(fact, op, value):
                return _compared(self.value(fact), op, number(value))
            case DateTest(fact, op, value):
                return _compared(self.day(fact), op, day(value))
            case TimeTest():
                return self._time(expr)
            case TextTest():
                return self._text(expr)
            case ChoiceTest(fact, values, negated):
                among = f"{_texts(values)}.includes(v)"
                return f"known({self.value(fact)}, (v) => {'!' if negated else ''}{among})"
            case IncludesTest(fact, values):
                test = f"v.some((one) => {_texts(values)}.includes(one))"
                return f"known({self.value(fact)}, (v) => {test})"
            case YesNoTest():
                return self._yes_no(expr)
            case KnownTest():
                return self._known(expr)
            case StageTest(stage, None, False):
                return f"(x.stage === {text(stage)})"
            case StageTest(stage, within, _):
                return f"x.past().wasIn({text(stage)}, {length(within)})"
            case WokenTest():
                return "x.sleep().woken"
            case c.EventTest():
                raise AssertionError("an event test is a slot by now")
            case _:
                return self._result(expr)

    def _join(self, name: str, members: tuple[Spelled, ...]) -> str:
        spelled = [self.expr(member) for member in members]
        return spelled[0] if len(spelled) == 1 else f"{name}({', '.join(spelled)})"

    def _slot(self, test: p.SlotTest) -> str:
        holds = f"c{test.slot}() {_OPS.get(test.op, test.op)} {test.count}"
        window = self.looking.plan.slots[test.slot].window
        if isinstance(window, SinceEntered):
            return f"(x.sinceKnown ? {holds} : null)"
        if isinstance(window, SinceStage):
            return f"x.told({text(window.how)}, {text(window.stage)}, {holds})"
        return f"({holds})"

    # --- facts ---------------------------------------------------------------------------------

    def value(self, fact: FieldFact | LastFact) -> str:
        """The fact's value; ``null`` when unknown."""
        if isinstance(fact, LastFact):
            return f"lastValue(c{self.slots[fact]}(), {text(fact.property)})"
        return f"{self.owner}[{text(fact.name)}]"

    def _field(self, fact: FieldFact | LastFact) -> Field:
        if isinstance(fact, LastFact):
            return property_field(self.looking.plan.policy, fact)
        return self.fields[fact.name]

    def time(self, fact: c.TimeFact) -> str:
        match fact:
            case EventMoment():
                return f"c{self.slots[fact]}()"
            case StageMoment(which, stage):
                return f"x.moment({text(which)}, {text(stage)})"
            case _:
                return self.value(fact)

    def day(self, fact: c.TimeFact) -> str:
        """The day of a time; ``null`` when unknown."""
        match fact:
            case FieldFact() | LastFact() if not isinstance(self._field(fact).type, InstantType):
                return self.value(fact)
            case _:
                return f"dayOf({self.time(fact)})"

    def folded(self, fact: c.TextFact) -> str:
        """The text as it is compared; empty when unknown."""
        if isinstance(fact, DomainFact):
            return f"domain(fold({self.value(FieldFact(fact.field))}))"
        return f"fold({self.value(fact)})"

    def is_known(self, fact: c.TextFact) -> str:
        if isinstance(fact, DomainFact) or isinstance(self._field(fact).type, TextType):
            return f'{self.folded(fact)} !== ""'
        return f"{self.value(fact)} !== null"

    # --- tests ---------------------------------------------------------------------------------

    def _time(self, test: TimeTest) -> str:
        limit = p.time_limit(test, tuple(self.fields.values()))
        longer = test.verb in ("at least", "more than")
        if test.direction == "ago":
            op = "<=" if longer else ">"
        else:
            op = {"at least": ">=", "more than": ">", "less than": "<", "at most": "<="}[test.verb]
        flags = f"{yes(limit.strict)}, {yes(limit.days)}"
        against = f"x.limit({length(limit.duration)}, {text(limit.direction)}, {flags})"
        return _compared(self.day(test.fact) if limit.days else self.time(test.fact), op, against)

    def _text(self, test: TextTest) -> str:
        values = tuple(dict.fromkeys(fold(value) for value in test.values))
        held = {
            "is": f"{_texts(values)}.includes(t)",
            "starts with": f"t.startsWith({text(values[0])})",
            "ends with": f"t.endsWith({text(values[0])})",
            "contains": f"t.includes({text(values[0])})",
            "has a word": f"hasWord(t, {listed(_texts(words(value)) for value in values)})",
        }[test.how]
        return f"textTest({self.folded(test.fact)}, (t) => {held}, {yes(test.negated)})"

    def _yes_no(self, test: YesNoTest) -> str:
        value = self.value(test.fact)
        if not self._field(test.fact).no_when_unknown:
            return f"known({value}, (v) => v === {yes(test.value)})"
        held = f"({value} === true) === {yes(test.value)}"
        if isinstance(test.fact, LastFact):
            # Without any event nothing is known, not even that.
            return f"(c{self.slots[test.fact]}() === null ? null : {held})"
        return f"({held})"

    def _known(self, test: KnownTest) -> str:
        known = self.is_known(test.fact)
        if test.asks or self.surely:
            return f"({known} ? {yes(test.known)} : null)"
        return f"(({known}) === {yes(test.known)})"

    # --- results -------------------------------------------------------------------------------

    def _result(self, test: p.ResultTest) -> str:
        match test:
            case ScoreTest(score, category, op, points):
                sum_ = f"s_{score}()"
                held = f"{sum_}.points" if category is None else f"{sum_}.parts[{text(category)}]"
                return f"({held} {_OPS.get(op, op)} {hundredths(points)})"
            case GainedTest(score, how, stage, op, points):
                gained = f"s_{p.gain_name(score, how, stage)}().points"
                holds = f"{gained} {_OPS.get(op, op)} {hundredths(points)}"
                return f"x.told({text(how)}, {text(stage)}, {holds})"
            case GradeTest(grade, letters, _, negated):
                if (bound := self._grade_bound(grade, letters)) is not None:
                    op = "<" if negated else ">="
                    return f"(g_{grade}().sum.points {op} {hundredths(bound)})"
                among = f"{'!' if negated else ''}{_texts(letters)}.includes(v)"
                return self._settled(grade, f"known(g_{grade}().letter, (v) => {among})")
            case GradeKnown(grade, known):
                spelled = f"(g_{grade}().letter {'!==' if known else '==='} null)"
                return self._settled(grade, spelled)
            case GroupTest(group, rows, negated):
                among = f"{_texts(rows)}.includes(r_{group}().value)"
                return self._settled(group, f"{'!' if negated else ''}{among}")
            case ChecklistTest(checklist, item, state):
                result = f"k_{checklist}()"
                held = f"{result}.result" if item is None else f"{result}.states[{text(item)}]"
                return self._settled(checklist, f"stateIs({held}, {text(state)})")
            case Defined(name):
                if self.surely and self.looking.certainty.sizes[name] <= LARGEST:
                    # Only what stands in it can tell whether it is settled.
                    self.mentioned.add(name)
                    return f"u_{name}()"
                return self._settled(name, f"d_{name}()")
            case _:
                assert_never(test)

    def _grade_bound(self, grade: str, letters: tuple[str, ...]) -> int | None:
        """The points from which a grade has one of its best letters, if that is what is asked."""
        result = self.looking.results[grade]
        if not isinstance(result, p.PlanGrade) or result.needs:
            return None
        best = result.letters[: len(letters)]
        return best[-1].low if {rung.name for rung in best} == set(letters) else None

    def _settled(self, result: str, spelled: str) -> str:
        if not self.surely or not (facts := self.looking.of_result(result)):
            return spelled
        return f"(lacks({_texts(facts)}) ? null : {spelled})"


def _texts(values: tuple[str, ...]) -> str:
    return listed(map(text, values))


def _compared(value: str, op: str, against: str) -> str:
    return f"known({value}, (v) => v {_OPS.get(op, op)} {against})"
