"""Scores, grades, definitions, groups and checklists as JavaScript, and what they ask for."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import assert_never

from leadpact import plan as p
from leadpact.backends.javascript.literals import day, hundredths, listed, number, text, yes
from leadpact.backends.javascript.looking import Looking
from leadpact.backends.javascript.spell import Speller
from leadpact.backends.javascript.writer import Writer
from leadpact.checked import (
    ByRange,
    ByRest,
    ByRow,
    ByValues,
    DateType,
    Field,
    FieldFact,
    Inactivity,
    InstantType,
    NeedsItems,
    NumberType,
    TextType,
)
from leadpact.operators.text import fold

__all__ = ["Asking", "Results"]

# A share of less than half a ten-thousandth is nothing: e to the power of -9.91.
_NOTHING_LEFT = 991


class Asking:
    """Writes which unknown facts could change the outcome."""

    def __init__(self, writer: Writer, looking: Looking, surely: Speller) -> None:
        self.writer = writer
        self.looking = looking
        self.surely = surely

    def facts(self, names: Iterable[str]) -> None:
        """Facts that change the outcome by becoming known, whatever the other facts are."""
        if asked := self.looking.asked(tuple(names)):
            self.writer.line(f"asked.facts({listed(map(text, asked))});")

    def rule(self, expr: p.Expr, reached: str = "") -> None:
        """The facts of a rule, unless it is settled whatever they turn out to be."""
        if facts := self.looking.facts(expr):
            names = listed(map(text, facts))
            self.writer.line(f"{reached}asked.rule({names}, () => {self.surely.expr(expr)});")


class Results:
    """Writes one lazy value a result: ``s_`` scores, ``g_`` grades, ``d_`` definitions, ``r_``
    groups, ``k_`` checklists.
    """

    def __init__(self, writer: Writer, speller: Speller, asking: Asking) -> None:
        self.writer = writer
        self.speller = speller
        self.asking = asking
        self.looking = speller.looking

    def write(self, step: p.Step) -> None:
        match step:
            case p.PlanScore():
                self._score(step)
                self._ask_rows(step.rows)
            case p.PlanGain():
                self._score(step.score)
            case p.PlanGrade():
                self._grade(step)
            case p.PlanDefinition(name, when):
                self.writer.line(f"const d_{name} = lazy(() => {self.speller.expr(when)});")
            case p.PlanGroup():
                self._group(step)
            case p.PlanChecklist():
                self._checklist(step)
            case _:
                assert_never(step)

    # --- points --------------------------------------------------------------------------------

    def _score(self, score: p.PlanScore) -> None:
        line = self.writer.line
        with self.writer.block(f"const s_{score.name} = lazy(() => {{", "});"):
            line("const sum = new Sum();")
            for row in score.rows:
                if not isinstance(row, p.PlanCategory):
                    self._row(row, "sum")
                    continue
                with self.writer.block("{"):
                    line("const part = new Sum();")
                    for inner in row.rows:
                        self._row(inner, "part")
                    self._idle(row.inactivity, "part")
                    if row.at_most is not None:
                        limit = hundredths(row.at_most)
                        line(f"part.atMost({text(f'{row.rule}.at_most')}, {limit});")
                    line(f"sum.category({text(row.name)}, part);")
            self._idle(score.inactivity, "sum")
            if score.low is not None:
                line(f"sum.atLeast({text(f'{score.name}.at_least')}, {hundredths(score.low)});")
            if score.high is not None:
                line(f"sum.atMost({text(f'{score.name}.at_most')}, {hundredths(score.high)});")
            line("return sum;")

    def _idle(self, inactivity: Inactivity | None, name: str) -> None:
        if inactivity is None:
            return
        last = f"c{self.looking.plan.activity}()"
        periods = f"x.idle({text(inactivity.period)}, {last})"
        if inactivity.percent is None:
            left = f"pointsLess({hundredths(inactivity.points or 0)})"
        else:
            kept = 1 - Fraction(inactivity.percent) / 100
            last_period = -(-_NOTHING_LEFT // Fraction(inactivity.percent))
            left = f"percentLess({kept.numerator}n, {kept.denominator}n, {last_period})"
        floor = hundredths(inactivity.never_below)
        self.writer.line(f"{name}.idle({text(inactivity.rule)}, {periods}, {left}, {floor});")

    def _row(self, row: p.PlanRow | p.PlanByRows, name: str) -> None:
        if isinstance(row, p.PlanByRows):
            self._by(row, name)
            return
        acts = "true" if row.when is None else self.speller.expr(row.when)
        head = f"{text(row.rule)}, {hundredths(row.points)}"
        call = f"fixed({head}, {acts})"
        if row.every is not None:
            value, step = f"x.f[{text(row.every.field)}]", number(row.every.step)
            call = f"every({head}, {value}, {step}, {_limits(row)}, {acts})"
        elif row.share is not None:
            counted = None if row.slot is None else (f"c{row.slot}()", row.times or 1)
            call = f"faded({text(row.rule)}, c{row.share}(), {_limits(row, counted)}, {acts})"
        elif row.slot is not None and row.times is not None:
            call = f"once({head}, c{row.slot}(), {row.times}, {acts})"
        elif row.slot is not None:
            call = f"each({head}, c{row.slot}(), {_limits(row)}, {acts})"
        self.writer.line(f"{name}.{call};")

    def _by(self, table: p.PlanByRows, name: str) -> None:
        """A table's rows; `otherwise` comes last, as it takes what the others leave."""
        field = self.looking.fields[table.field]
        ordered = sorted(table.rows, key=lambda row: isinstance(row.match, ByRest))
        unknown = "null"
        tests = []
        for row in ordered:
            test = _matches(field, row)
            if test is None:
                unknown = f"[{text(row.rule)}, {hundredths(row.points)}]"
            else:
                tests.append(f"[{text(row.rule)}, {hundredths(row.points)}, {test}]")
        self.writer.line(f"{name}.by({_matched(field)}, {listed(tests)}, {unknown});")

    def _grade(self, grade: p.PlanGrade) -> None:
        line = self.writer.line
        self._ask_rows(grade.rows)
        enough = []
        for needs in grade.needs:
            self.asking.facts(needs.fields)
            known = ", ".join(self.speller.is_known(FieldFact(name)) for name in needs.fields)
            enough.append(f"count({known}) >= {needs.count}")
        letters = listed(f"[{text(rung.name)}, {hundredths(rung.low)}]" for rung in grade.letters)
        with self.writer.block(f"const g_{grade.name} = lazy(() => {{", "});"):
            line("const sum = new Sum();")
            for row in grade.rows:
                self._row(row, "sum")
            line(f"const letter = letterOf(sum.points, {letters});")
            test = " && ".join(enough)
            line(f"return {{ sum, letter: {f'{test} ? letter : null' if enough else 'letter'} }};")

    def _ask_rows(self, rows: Iterable[p.PlanRow | p.PlanByRows | p.PlanCategory]) -> None:
        for row in rows:
            match row:
                case p.PlanCategory():
                    self._ask_rows(row.rows)
                case p.PlanByRows(name, _):
                    self.asking.facts((name,))
                case p.PlanRow():
                    if row.every is not None:
                        self.asking.facts((row.every.field,))
                    if row.when is not None:
                        self.asking.rule(row.when)
                case _:
                    assert_never(row)

    # --- groups and checklists -----------------------------------------------------------------

    def _group(self, group: p.PlanGroup) -> None:
        certain = all(
            row.when is None or self.looking.certainty.certain(row.when) for row in group.rows
        )
        with self.writer.block(f"const r_{group.name} = lazy(() => chosen([", "]));"):
            for at, row in enumerate(group.rows):
                names = f"{text(row.name)}, {text(row.rule)}, {text(row.kind)}"
                when = "" if row.when is None else f", () => {self.speller.expr(row.when)}"
                self.writer.line(f"[{names}{when}],")
                if row.when is not None:
                    reached = "" if certain else f"if (r_{group.name}().at >= {at}) "
                    self.asking.rule(row.when, reached)

    def _checklist(self, checklist: p.PlanChecklist) -> None:
        items = []
        for item in checklist.items:
            if isinstance(item, p.PlanAnswer):
                self.asking.facts((f"{checklist.name}.{item.name}",))
                state = f'stateOf(lastValue(c{item.slot}(), "answer"))'
            else:
                self.asking.rule(item.met)
                states = [self.speller.expr(item.met)]
                if item.not_met is not None:
                    self.asking.rule(item.not_met)
                    states.append(self.speller.expr(item.not_met))
                state = f"stateOf({', '.join(states)})"
            items.append(f"[{text(item.name)}, {text(item.question)}, {state}]")
        needs = listed(map(_need, checklist.needs))
        with self.writer.block(f"const k_{checklist.name} = lazy(() => checked([", "));"):
            for each in items:
                self.writer.line(f"{each},")
            self.writer.line(f"], {needs}")


def _need(need: NeedsItems) -> str:
    wanted = 1 if need.state == "met" else -1
    names = listed(map(text, need.items))
    return f"[{text(need.quantifier)}, {need.count}, {names}, {wanted}]"


def _limits(row: p.PlanRow, counted: tuple[str, int] | None = None) -> str:
    found = []
    if row.at_most_times is not None:
        found.append(f"times: {row.at_most_times}")
    if row.at_most_points is not None:
        found.append(f"most: {hundredths(row.at_most_points)}")
    if counted is not None:
        found.append(f"counted: {counted[0]}, least: {counted[1]}")
    return f"{{ {', '.join(found)} }}"


def _matched(field: Field) -> str:
    """The field's value as the rows of a table compare it; ``null`` when unknown."""
    value = f"x.f[{text(field.name)}]"
    match field.type:
        case TextType():
            return f"(fold({value}) || null)"
        case InstantType():
            return f"dayOf({value})"
        case _ if field.no_when_unknown:
            return f"({value} === true)"
        case _:
            return value


def _matches(field: Field, row: ByRow) -> str | None:
    """The test of a row; ``None`` for the row of what is unknown."""
    match row.match:
        case ByRest("unknown"):
            return None
        case ByRest():
            return "() => true"
        case ByValues(values):
            folds = isinstance(field.type, TextType)
            spelled = (
                yes(value) if isinstance(value, bool) else text(fold(value) if folds else value)
                for value in values
            )
            return f"among({listed(spelled)})"
        case ByRange(low, high, high_open):
            bounds = ", ".join(_bound(field, bound) for bound in (low, high))
            return f"inRange({bounds}, {yes(high_open)})"
        case _:
            assert_never(row.match)


def _bound(field: Field, bound: object) -> str:
    if bound is None:
        return "null"
    if isinstance(field.type, NumberType):
        return number(bound)  # type: ignore[arg-type]
    assert isinstance(field.type, DateType | InstantType)
    return day(bound)  # type: ignore[arg-type]
