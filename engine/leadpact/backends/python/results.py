"""The straight-line code after the pass over the events: one function a kind of result.

The decision alone and the decision with its reasons are two texts; ``Texts`` is what the second
one says. Points are whole hundredths all the way and are divided when they leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias, assert_never

from msgspec.structs import replace

from leadpact import plan as p
from leadpact.backends.python.memo import Memo
from leadpact.backends.python.spell import Facts, Speller, literal
from leadpact.backends.python.unknowns import Unknowns
from leadpact.backends.python.writer import Writer
from leadpact.checked import (
    ByRange,
    ByRest,
    ByRow,
    ByValues,
    Field,
    NeedsItems,
    NumberTest,
    NumberType,
    TextType,
)
from leadpact.decision import Row
from leadpact.operators.decimals import points
from leadpact.operators.text import fold

__all__ = ["Results", "Texts"]


RowOf: TypeAlias = Callable[[int], tuple[int, int | None, bool]]
"""From a number to a row's points (hundredths), count and "capped"."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What people are told about a rule: its sentence, its reason, its place (``file:line``)."""

    says: Mapping[str, str]
    because: Mapping[str, str | None]
    at: Mapping[str, str]

    def row(self, rule: str, hundredths: int) -> Row:
        """A row that always gives the same points."""
        return Row(
            rule,
            points(hundredths),
            None,
            False,
            self.says.get(rule, ""),
            self.because.get(rule),
            self.at.get(rule, ""),
        )


class Results:
    """Writes the results of a plan. ``texts`` is ``None`` for decisions without reasons."""

    def __init__(
        self,
        writer: Writer,
        plan: p.Plan,
        facts: Facts,
        speller: Speller,
        texts: Texts | None,
        unknowns: Unknowns | None,
        asked_false: frozenset[str],
    ) -> None:
        self.writer = writer
        self.plan = plan
        self.facts = facts
        self.speller = speller
        self.texts = texts
        self.unknowns = unknowns
        self.asked_false = asked_false

    def write(self, step: p.Step) -> None:
        match step:
            case p.PlanScore():
                self._score(step)
            case p.PlanGrade():
                self._grade(step)
            case p.PlanDefinition(name, when):
                self.writer.line(f"d_{name} = {self.speller.true(when)}")
                if name in self.asked_false:
                    self.writer.line(f"n_{name} = {self.speller.false(when)}")
            case p.PlanGroup():
                self._group(step)
            case p.PlanChecklist():
                self._checklist(step)
            case _:
                assert_never(step)

    # --- points --------------------------------------------------------------------------------

    def _score(self, score: p.PlanScore) -> None:
        line, total = self.writer.line, f"s_{score.name}"
        rows = f"rows_{score.name}"
        if self.texts is not None:
            line(f"{rows} = []")
        line(f"{total} = 0")
        for row in score.rows:
            if isinstance(row, p.PlanCategory):
                part = f"{total}_CAT_{row.name}"
                line(f"{part} = 0")
                for inner in row.rows:
                    self._row(inner, part, rows)
                if row.at_most is not None:
                    self._limit(part, ">", row.at_most, f"{row.rule}.at_most", rows)
                line(f"{total} += {part}")
            else:
                self._row(row, total, rows)
        word = "if"
        if score.low is not None:
            self._limit(total, "<", score.low, f"{score.name}.at_least", rows)
            word = "elif"
        if score.high is not None:
            self._limit(total, ">", score.high, f"{score.name}.at_most", rows, word)

    def _limit(
        self, total: str, op: str, limit: int, rule: str, rows: str, word: str = "if"
    ) -> None:
        """A cap or clamp: what it takes or gives is a row of its own."""
        with self.writer.block(f"{word} {total} {op} {limit}:"):
            if self.texts is not None:
                self._append(rows, rule, total, lambda reached: (limit - reached, None, True))
            self.writer.line(f"{total} = {limit}")

    def _append(self, rows: str, rule: str, key: str, make: RowOf) -> None:
        """A row that depends on one number (``key``) is made once for each such number."""
        assert self.texts is not None
        row = self.texts.row(rule, 0)

        def made(number: int) -> Row:
            hundredths, count, capped = make(number)
            return replace(row, points=points(hundredths), count=count, capped=capped)

        self.writer.line(f"{rows}.append({self.writer.constant(Memo(made), 'Rows')}[{key}])")

    def _row(self, row: p.PlanRow | p.PlanByRows, total: str, rows: str) -> None:
        if isinstance(row, p.PlanByRows):
            self._by_rows(row, total, rows)
            return
        if self.unknowns is not None:
            self.unknowns.facts(() if row.every is None else (row.every.field,))
            if row.when is not None:
                self.unknowns.rule(row.when)
        if self.texts is None and row.points == 0:
            return
        conditions = []
        if row.slot is not None:
            many = row.times is not None and row.times > 1
            conditions.append(f"c{row.slot} >= {row.times}" if many else f"c{row.slot}")
        if row.every is not None:
            value = self.facts.exact(row.every.field)
            conditions.append(f"{value} is not None and {value} > 0")
        if row.when is not None:
            conditions.append(self.speller.true(row.when))
        with self.writer.block(f"if {' and '.join(conditions)}:"):
            self._row_points(row, total, rows)

    def _row_points(self, row: p.PlanRow, total: str, rows: str) -> None:
        if row.every is not None or (row.slot is not None and row.times is None):
            self._counted_row(row, total, rows)
            return
        if row.points:
            self.writer.line(f"{total} += {row.points}")
        if self.texts is None:
            return
        if row.slot is None:
            fixed = self.writer.constant(self.texts.row(row.rule, row.points))
            self.writer.line(f"{rows}.append({fixed})")
        else:
            self._append(rows, row.rule, f"c{row.slot}", lambda n: (row.points, n, False))

    def _counted_row(self, row: p.PlanRow, total: str, rows: str) -> None:
        line, count = self.writer.line, f"c{row.slot}"
        if row.every is not None:
            value = self.facts.exact(row.every.field)
            step = literal(row.every.step) or self.writer.constant(row.every.step)
            line(f"n = int({value} // {step})")
            count = "n"
        given = count
        if row.at_most_times is not None:
            most = row.at_most_times
            given = f"({count} if {count} < {most} else {most})"
        if row.at_most_points is None:
            line(f"{total} += {given} * {row.points}")
        else:
            op = "<" if row.points >= 0 else ">"
            limit = row.at_most_points if row.points >= 0 else -row.at_most_points
            line(f"g = {given} * {row.points}")
            line(f"{total} += g if g {op} {limit} else {limit}")
        if self.texts is None:
            return
        if row.every is None:
            self._append(rows, row.rule, count, lambda n: _counted(row, n))
            return
        # A whole step that was not reached gave nothing, and is not a row that acted.
        with self.writer.block(f"if {count}:"):
            self._append(rows, row.rule, count, lambda n: _counted(row, n))

    # --- points by -----------------------------------------------------------------------------

    def _by_rows(self, table: p.PlanByRows, total: str, rows: str) -> None:
        field = self.facts.fields[table.field]
        if self.unknowns is not None:
            self.unknowns.facts((table.field,))
        if any(isinstance(row.match, ByRange) for row in table.rows):
            self._by_ranges(field, table.rows, total, rows)
            return
        is_text = isinstance(field.type, TextType)
        value = self.facts.folded(field.name) if is_text else self.facts.raw(field.name)
        lookup, rest = self._table(field, table.rows)
        name = self.writer.constant(lookup, "Table")
        if self.texts is None:
            self.writer.line(f"{total} += {name}.get({value}, {rest})")
            return
        self.writer.line(f"b = {name}.get({value}, {self.writer.constant(rest)})")
        with self.writer.block("if b is not None:"):
            self.writer.line(f"{total} += b[0]")
            self.writer.line(f"{rows}.append(b[1])")

    def _table(self, field: Field, rows: tuple[ByRow, ...]) -> tuple[dict[Any, Any], Any]:
        """Value → points (or points with row), and what holds for every other value."""
        is_text = isinstance(field.type, TextType)
        nothing: Any = 0 if self.texts is None else None
        unknown, rest = nothing, nothing
        table: dict[Any, Any] = {}
        for row in rows:
            entry = self._entry(row)
            match row.match:
                case ByValues(values):
                    for value in values:
                        key = fold(value) if is_text and isinstance(value, str) else value
                        table.setdefault(key, entry)
                case ByRest("unknown"):
                    unknown = entry
                case ByRest():
                    rest = entry
                case ByRange():
                    pass
        table["" if is_text else None] = unknown
        if field.no_when_unknown:
            table[None] = table.get(False, rest)
        return table, rest

    def _entry(self, row: ByRow) -> Any:
        if self.texts is None:
            return row.points
        return (row.points, self.texts.row(row.rule, row.points))

    def _by_ranges(self, field: Field, rows: tuple[ByRow, ...], total: str, acted: str) -> None:
        value = self._ranged(field, rows)
        unknown = [row for row in rows if _is_rest(row, "unknown")]
        word = "if"
        for row, test in [
            *((row, f"{value} is None") for row in unknown),
            *self._range_tests(value, field, rows),
        ]:
            if not unknown and word == "if":
                with self.writer.block(f"if {value} is None:"):
                    self.writer.line("pass")
                word = "elif"
            with self.writer.block(f"{word} {test}:" if test else "else:"):
                if row.points:
                    self.writer.line(f"{total} += {row.points}")
                if self.texts is not None:
                    row_constant = self.writer.constant(self.texts.row(row.rule, row.points))
                    self.writer.line(f"{acted}.append({row_constant})")
            word = "elif"

    def _ranged(self, field: Field, rows: tuple[ByRow, ...]) -> str:
        if not isinstance(field.type, NumberType):
            return self.facts.day(field.name)
        bounds = [
            bound
            for row in rows
            if isinstance(row.match, ByRange)
            for bound in (row.match.low, row.match.high)
        ]
        if any(isinstance(bound, Decimal) and literal(bound) is None for bound in bounds):
            return self.facts.exact(field.name)
        return self.facts.raw(field.name)

    def _range_tests(
        self, value: str, field: Field, rows: tuple[ByRow, ...]
    ) -> Iterator[tuple[ByRow, str]]:
        whole = isinstance(field.type, NumberType) and field.type.whole
        below: Any = None
        for row in rows:
            if _is_rest(row, "unknown"):
                continue
            yield row, self._range_test(value, row, below)
            if isinstance(row.match, ByRange) and row.match.low is not None and whole:
                # What the rows above took need not be left out once more.
                taken = row.match.high is None or row.match.high + 1 == below  # type: ignore[operator]
                below = row.match.low if taken else below

    def _range_test(self, value: str, row: ByRow, below: Any) -> str:
        match row.match:
            case ByRange(low, high, high_open):
                bounds = []
                if low is not None:
                    bounds.append(f"{value} >= {self._bound(low)}")
                if high is not None and not (below is not None and _reaches(row.match, below)):
                    bounds.append(f"{value} {'<' if high_open else '<='} {self._bound(high)}")
                return " and ".join(bounds) or "True"
            case ByValues(values):
                return f"{value} in {self.writer.constant(frozenset(values))}"
            case ByRest():
                return ""
            case _:
                assert_never(row.match)

    def _bound(self, bound: Any) -> str:
        spelled = literal(bound) if isinstance(bound, Decimal) else None
        return spelled or self.writer.constant(bound)

    # --- grades, groups, checklists ------------------------------------------------------------

    def _grade(self, grade: p.PlanGrade) -> None:
        line, total, letter = self.writer.line, f"s_{grade.name}", f"l_{grade.name}"
        rows = f"rows_{grade.name}"
        if self.texts is not None:
            line(f"{rows} = []")
        line(f"{total} = 0")
        for row in grade.rows:
            self._row(row, total, rows)
        choice = ""
        for rung in grade.letters:
            name = self.writer.constant(rung.name)
            choice += name if rung.low is None else f"{name} if {total} >= {rung.low} else "
        line(f"{letter} = {choice}")
        for needs in grade.needs:
            if self.unknowns is not None:
                self.unknowns.facts(needs.fields)
            with self.writer.block(f"if {self._known_count(needs.fields)} < {needs.count}:"):
                line(f"{letter} = None")

    def _known_count(self, fields: tuple[str, ...]) -> str:
        counted = []
        for name in fields:
            field = self.facts.fields[name]
            if isinstance(field.type, TextType):
                counted.append(f'({self.facts.folded(name)} != "")')
            else:
                counted.append(f"({self.facts.raw(name)} is not None)")
        return " + ".join(counted)

    def _group(self, group: p.PlanGroup) -> None:
        watched = any(row.kind == "unknown" for row in group.rows)
        doubtful = any(
            row.when is not None and not self.speller.certain(row.when) for row in group.rows
        )
        if doubtful and (watched or self.texts is not None):
            self._watched_group(group, watched)
            return
        if self.texts is not None:
            self.writer.line(f"over_{group.name} = ()")
        if self.unknowns is not None:
            for row in group.rows:
                if row.when is not None:
                    self.unknowns.rule(row.when)
        word = "if"
        for row in group.rows:
            if row.kind == "unknown":
                continue
            test = "" if row.when is None else f" {self.speller.true(row.when)}"
            header = f"{word}{test}:" if test else "if True:" if word == "if" else "else:"
            with self.writer.block(header):
                self.writer.line(f"r_{group.name} = {self.writer.constant(row.name)}")
            word = "elif"

    def _watched_group(self, group: p.PlanGroup, watched: bool) -> None:
        """A group that needs to know which rows above the winner are unknown."""
        line, result = self.writer.line, f"r_{group.name}"
        line(f"{result} = None")
        if watched:
            line("waits = False")
        if self.texts is not None:
            line(f"over_{group.name} = ()")
        for row in group.rows:
            name = self.writer.constant(row.name)
            if row.when is None:
                test = f"{result} is None" + (" and waits" if row.kind == "unknown" else "")
                with self.writer.block(f"if {test}:"):
                    line(f"{result} = {name}")
                continue
            if self.unknowns is not None:
                self.unknowns.rule(row.when, f"{result} is None")
            with self.writer.block(f"if {result} is None:"):
                with self.writer.block(f"if {self.speller.true(row.when)}:"):
                    line(f"{result} = {name}")
                if self.speller.certain(row.when):
                    continue
                with self.writer.block(f"elif not {self.speller.false(row.when)}:"):
                    if watched:
                        line("waits = True")
                    if self.texts is not None:
                        rule = self.writer.constant(row.rule)
                        line(f"over_{group.name} += ({rule},)")

    def _checklist(self, checklist: p.PlanChecklist) -> None:
        name, line = checklist.name, self.writer.line
        line(f"met_{name} = lost_{name} = 0")
        for item in checklist.items:
            state = f"i_{name}_ITEM_{item.name}"
            line(f"{state} = 0")
            if isinstance(item, p.PlanAnswer):
                answer = f"c{item.slot}"
                met, lost = answer, f"{answer} is not None"
                if self.unknowns is not None:
                    self.unknowns.facts((f"{name}.{item.name}",))
            else:
                met = self.speller.true(item.met)
                lost = (
                    self.speller.false(item.met)
                    if item.not_met is None
                    else self.speller.true(item.not_met)
                )
                if self.unknowns is not None:
                    self.unknowns.rule(item.met)
                    if item.not_met is not None:
                        self.unknowns.rule(item.not_met)
            with self.writer.block(f"if {met}:"):
                line(f"{state} = 1")
                line(f"met_{name} += 1")
            if isinstance(item, p.PlanAsked) and self._is_number_test(item):
                # Neither met nor unknown is all that is left to a comparison.
                lost = f"{self.facts.raw(item.met.fact.name)} is not None"  # type: ignore[union-attr]
            if lost != "False":
                with self.writer.block(f"elif {lost}:"):
                    line(f"{state} = -1")
                    line(f"lost_{name} += 1")
        met = " and ".join(self._need(checklist, need, True) for need in checklist.needs)
        lost = " or ".join(self._need(checklist, need, False) for need in checklist.needs)
        line(f"k_{name} = 1 if {met} else -1 if {lost} else 0")

    @staticmethod
    def _is_number_test(item: p.PlanAsked) -> bool:
        return item.not_met is None and isinstance(item.met, NumberTest)

    def _need(self, checklist: p.PlanChecklist, need: NeedsItems, want: bool) -> str:
        asked, other = ("met", "lost") if need.state == "met" else ("lost", "met")
        so_far = self._count(checklist, need, asked)
        if need.quantifier == "none":
            return f"{so_far} {'==' if want else '>'} 0"
        if want:
            return f"{so_far} >= {need.count}"
        return f"{len(need.items)} - ({self._count(checklist, need, other)}) < {need.count}"

    def _count(self, checklist: p.PlanChecklist, need: NeedsItems, state: str) -> str:
        """How many of the items are met (or not met: ``lost``)."""
        if set(need.items) == {item.name for item in checklist.items}:
            return f"{state}_{checklist.name}"
        number = 1 if state == "met" else -1
        return " + ".join(f"(i_{checklist.name}_ITEM_{item} == {number})" for item in need.items)


def _counted(row: p.PlanRow, number: int) -> tuple[int, int | None, bool]:
    """Points, count and "a limit was reached" of a row with so many events or steps."""
    capped = False
    if row.at_most_times is not None and number >= row.at_most_times:
        number, capped = row.at_most_times, True
    given = number * row.points
    if row.at_most_points is not None and abs(given) >= row.at_most_points:
        given, capped = (row.at_most_points if given > 0 else -row.at_most_points), True
    return given, None if row.every is not None else number, capped


def _reaches(match: ByRange, below: Any) -> bool:
    """Whether the range's upper end is where the rows above begin (``below`` is excluded)."""
    end: Any = match.high
    return bool(end == below if match.high_open else end + 1 == below)


def _is_rest(row: ByRow, what: str) -> bool:
    return isinstance(row.match, ByRest) and row.match.what == what
