"""Expressions as Python: each is spelled twice, as "is true" and as "is false".

Most uses ask only whether something is true, and then unknown costs nothing: ``not`` swaps the
two spellings, ``and`` and ``or`` join them, and no third value is ever made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from leadpact import checked as c
from leadpact import plan as p
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.memo import Memo
from leadpact.backends.python.told import Told
from leadpact.backends.python.writer import Writer
from leadpact.certainty import LARGEST, Certainty, Spelled
from leadpact.checked import (
    ChecklistTest,
    ChoiceTest,
    DateTest,
    Defined,
    DomainFact,
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
    StageTest,
    TextTest,
    TextType,
    TimeTest,
    WokenTest,
    YesNoTest,
)
from leadpact.operators.text import fold, has_word, words

__all__ = ["Speller"]


_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class Speller:
    """Spells expressions over the facts of a lead (or, with ``event`` facts, of an event).

    ``surely`` makes spellings that hold whatever the unknown facts turn out to be: then
    ``phone is known`` is not surely false while the phone is unknown. ``unsettled`` gives, for a
    named result, the code that says whether its present value may still change that way.
    """

    def __init__(
        self,
        writer: Writer,
        facts: Facts,
        slots: tuple[p.Slot, ...] = (),
        surely: bool = False,
        unsettled: Callable[[str], str | None] = lambda name: None,
        results: Mapping[str, p.Step] | None = None,
        told: Told | None = None,
    ) -> None:
        self.told = told or Told()
        self.writer = writer
        self.facts = facts
        self.slots = slots
        self.surely = surely
        self.unsettled = unsettled
        self.results = results or {}
        self.certainty = Certainty(facts.fields, slots, self.results)
        self.asked_false: set[str] = set()

    def true(self, expr: Spelled) -> str:
        """Python that is truthy exactly when the expression is true."""
        return self._spell(expr, True)

    def false(self, expr: Spelled) -> str:
        """Python that is truthy exactly when the expression is false."""
        return self._spell(expr, False)

    def state(self, expr: Spelled) -> str:
        """Python that gives ``True``, ``False`` or ``None`` (unknown)."""
        return f"(True if {self.true(expr)} else False if {self.false(expr)} else None)"

    def _spell(self, expr: Spelled, want: bool) -> str:
        match expr:
            case p.Not(member) | c.Not(member):
                return self._spell(member, not want)
            case p.All(members) | c.All(members):
                return self._join(members, want, "and" if want else "or")
            case p.Any(members) | c.Any(members):
                return self._join(members, want, "or" if want else "and")
            case p.AtLeast(count, members) | c.AtLeast(count, members):
                return self._at_least(count, members, want)
            case p.SlotTest():
                return self._slot(expr, want)
            case NumberTest() | DateTest():
                return self._ordered(expr, want)
            case TimeTest():
                return self._time(expr, want)
            case TextTest():
                return self._text(expr, want)
            case ChoiceTest(fact, values, negated):
                facts, name = self._of(fact)
                return self._among(facts.raw(name), values, want != negated, None)
            case IncludesTest(fact, values):
                facts, name = self._of(fact)
                raw, members_ = facts.raw(name), self.writer.constant(frozenset(values))
                negation = "not " if want else ""
                return f"({raw} is not None and {negation}{members_}.isdisjoint({raw}))"
            case YesNoTest():
                return self._yes_no(expr, want)
            case KnownTest():
                return self._known(expr, want)
            case StageTest():
                return f"{self.told.stage(expr)} is {want}"
            case WokenTest():
                return f"woken is {want}"
            case c.EventTest():
                raise AssertionError("an event test is a slot by now")
            case _:
                return self._result(expr, want)

    def _join(self, members: tuple[Spelled, ...], want: bool, word: str) -> str:
        if not members:
            return "True" if word == "and" else "False"
        spelled = [self._spell(member, want) for member in members]
        return spelled[0] if len(spelled) == 1 else f"({f' {word} '.join(spelled)})"

    def _at_least(self, count: int, members: tuple[Spelled, ...], want: bool) -> str:
        if want:
            ones = [f"(1 if {self.true(member)} else 0)" for member in members]
            return f"({' + '.join(ones)} >= {count})"
        ones = [f"(0 if {self.false(member)} else 1)" for member in members]
        return f"({' + '.join(ones)} < {count})"

    def _slot(self, test: p.SlotTest, want: bool) -> str:
        op = test.op if want else _OPPOSITE[test.op]
        spelled = f"c{test.slot} {op} {test.count}"
        if (op, test.count) in ((">=", 1), (">", 0)):
            spelled = f"c{test.slot}"
        elif (op, test.count) in (("==", 0), ("<=", 0), ("<", 1)):
            spelled = f"not c{test.slot}"
        window = self.slots[test.slot].window
        if isinstance(window, SinceEntered):
            return f"(since_known and {spelled})"
        if isinstance(window, SinceStage):
            return f"({self.told.start(window.how, window.stage)} is not None and {spelled})"
        return spelled

    def _of(self, fact: FieldFact | LastFact) -> tuple[Facts, str]:
        """The struct in which a fact stands, and its name there."""
        if isinstance(fact, LastFact):
            return self.told.lasts[fact], fact.property
        return self.facts, fact.name

    def raw(self, fact: FieldFact | LastFact) -> str:
        """The fact's value; ``None`` when unknown."""
        facts, name = self._of(fact)
        return facts.raw(name)

    def _ordered(self, test: NumberTest | DateTest, want: bool) -> str:
        if isinstance(test, NumberTest):
            facts, name = self._of(test.fact)
            left, right = facts.number(name, test.value, self.writer)
        else:
            left, right = self._day(test.fact), self.writer.constant(test.value)
        op = test.op if want else _OPPOSITE[test.op]
        return f"({left} is not None and {left} {op} {right})"

    def _day(self, fact: c.TimeFact) -> str:
        """The day of a time; ``None`` when unknown."""
        if isinstance(fact, FieldFact | LastFact):
            facts, name = self._of(fact)
            return facts.day(name)
        return self.told.day(fact)

    def _time(self, test: TimeTest, want: bool) -> str:
        """A time against what the instant of evaluation fixes for it."""
        limit = p.time_limit(test, tuple(self.facts.fields.values()))
        if limit.days:
            time = self._day(test.fact)
        elif isinstance(test.fact, FieldFact | LastFact):
            facts, name = self._of(test.fact)
            time = facts.raw(name)
        else:
            time = self.told.moment(test.fact)
        longer = test.verb in ("at least", "more than")
        if test.direction == "ago":
            op = "<=" if longer else ">"
        else:
            op = {"at least": ">=", "more than": ">", "less than": "<", "at most": "<="}[test.verb]
        op = op if want else _OPPOSITE[op]
        return f"({time} is not None and {time} {op} {self.told.limit(limit)})"

    def _text(self, test: TextTest, want: bool) -> str:
        values = tuple(dict.fromkeys(fold(value) for value in test.values))
        if isinstance(test.fact, DomainFact):
            text = self.facts.domain(test.fact.field)
        else:
            facts, name = self._of(test.fact)
            alike = all(_lowers_alike(value, test.how) for value in values)
            text = facts.lowered(name) if alike else facts.folded(name)
        want = want != test.negated
        if test.how == "is":
            return self._among(text, values, want, "")
        if test.how == "has a word":
            runs = tuple(words(value) for value in values)
            memo = self.writer.constant(Memo(lambda text: has_word(text, runs)), "Words")
            return f"{memo}[{text}]" if want else f'({text} != "" and not {memo}[{text}])'
        constant = self.writer.constant(values[0])
        spelled = {
            "starts with": f"{text}.startswith({constant})",
            "ends with": f"{text}.endswith({constant})",
            "contains": f"{constant} in {text}",
        }[test.how]
        return spelled if want else f'({text} != "" and not {spelled})'

    def _among(self, value: str, values: tuple[str, ...], want: bool, unknown: str | None) -> str:
        # Unknown is never among the values, so "true" needs no look at it; for "false" it is
        # put among them.
        if want and len(values) == 1:
            return f"{value} == {self.writer.constant(values[0])}"
        if want:
            return f"{value} in {self.writer.among(values)}"
        return f"{value} not in {self.writer.among({*values, unknown})}"

    def _yes_no(self, test: YesNoTest, want: bool) -> str:
        facts, name = self._of(test.fact)
        raw = facts.raw(name)
        value = test.value == want
        if facts.fields[name].no_when_unknown:
            # Without any event nothing is known, not even that.
            held = f"{facts.owner} is not None and " if facts.optional else ""
            return f"{raw} is True" if value else f"({held}{raw} is not True)"
        return f"{raw} is {value}"

    def _known(self, test: KnownTest, want: bool) -> str:
        known = self.known(test.fact)
        if test.asks or self.surely:
            return known if test.known == want else "False"
        return known if test.known == want else f"not {known}"

    def known(self, fact: c.TextFact) -> str:
        """Python that is truthy when the fact is known."""
        if isinstance(fact, DomainFact):
            return f'({self.facts.domain(fact.field)} != "")'
        facts, name = self._of(fact)
        raw = facts.raw(name)
        if isinstance(facts.fields[name].type, TextType):
            return f'({raw} is not None and {raw}.strip(BLANKS) != "")'
        return f"({raw} is not None)"

    def known_field(self, name: str) -> str:
        """Python that is ``True`` or ``False``: whether the field is known."""
        return self.known(FieldFact(name))

    def missing(self, fact: FieldFact) -> str:
        """Python that is truthy when the fact is unknown."""
        if isinstance(self.facts.fields[fact.name].type, TextType):
            return f"not {self.known(fact)}"
        return f"{self.facts.raw(fact.name)} is None"

    def _result(self, test: p.ResultTest, want: bool) -> str:
        match test:
            case ScoreTest(score, category, op, hundredths):
                variable = f"s_{score}" if category is None else f"s_{score}_CAT_{category}"
                return f"{variable} {op if want else _OPPOSITE[op]} {hundredths}"
            case GainedTest(score, how, stage, op, hundredths):
                variable = f"s_{p.gain_name(score, how, stage)}"
                held = f"{variable} {op if want else _OPPOSITE[op]} {hundredths}"
                return f"({self.told.start(how, stage)} is not None and {held})"
            case GradeTest(grade, letters, _, negated):
                if (bound := self._grade_bound(grade, letters)) is not None:
                    return f"s_{grade} {'>=' if want != negated else '<'} {bound}"
                spelled = self._among(f"l_{grade}", letters, want != negated, None)
                return self._settled(grade, spelled)
            case GradeKnown(grade, known_):
                spelled = f"l_{grade} is {'not ' if known_ == want else ''}None"
                return self._settled(grade, spelled)
            case GroupTest(group, rows, negated):
                spelled = self._among(f"r_{group}", rows, want != negated, None)
                return self._settled(group, spelled)
            case ChecklistTest(checklist, item, state):
                variable = f"k_{checklist}" if item is None else f"i_{checklist}_ITEM_{item}"
                return self._settled(checklist, _state_test(variable, state, want))
            case Defined(name):
                definition = self.results.get(name)
                if (
                    self.surely
                    and isinstance(definition, p.PlanDefinition)
                    and self.certainty.sizes[name] <= LARGEST
                ):
                    # Only what stands in it can tell whether it is settled.
                    return self._spell(definition.when, want)
                if want:
                    return self._settled(name, f"d_{name}")
                self.asked_false.add(name)
                return self._settled(name, f"n_{name}")
            case _:
                assert_never(test)

    def _grade_bound(self, grade: str, letters: tuple[str, ...]) -> int | None:
        """The points from which a grade has one of its best letters, if that is what is asked."""
        result = self.results.get(grade)
        if not isinstance(result, p.PlanGrade) or result.needs:
            return None
        best = result.letters[: len(letters)]
        return best[-1].low if {rung.name for rung in best} == set(letters) else None

    def _settled(self, result: str, spelled: str) -> str:
        if not self.surely or (unsettled := self.unsettled(result)) is None:
            return spelled
        return f"({spelled} and not {unsettled})"


def _lowers_alike(value: str, how: str) -> bool:
    """Whether ``str.lower``, which is faster, finds ``value`` in the same texts as folding does.

    Only two letters beyond ASCII become ASCII ones: the Kelvin sign a ``k``, and the dotted
    capital I an ``i`` with a combining dot behind it.
    """
    if not value.isascii() or "k" in value or how == "has a word":
        return False
    return how in ("is", "ends with") or not value.endswith("i")


def _state_test(variable: str, state: str, want: bool) -> str:
    """Checklists and items are 1 (met), -1 (not met) or 0 (unknown)."""
    if state == "unknown":
        return f"{variable} {'==' if want else '!='} 0"
    return f"{variable} == {1 if (state == 'met') == want else -1}"
