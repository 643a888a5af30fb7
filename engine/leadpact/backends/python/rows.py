"""Points with reasons: every row that acts is told, and the rows add up to the sum.

A row's ``Row`` depends on one number (how many events, how many steps, how much too much), so it
is made once for each such number and shared by all leads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from msgspec.structs import replace

from leadpact import plan as p
from leadpact.backends.python.idle import Idle
from leadpact.backends.python.loads import Facts, literal
from leadpact.backends.python.memo import Memo
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.tables import has_ranges, lookup, range_tests, ranged, valued
from leadpact.backends.python.unknowns import Unknowns
from leadpact.backends.python.writer import Writer
from leadpact.checked import ByRow, Field, Inactivity
from leadpact.decision import Row
from leadpact.operators.decimals import points

__all__ = ["Rows", "Texts"]

RowOf: TypeAlias = Callable[[Any], tuple[int, int | None, bool]]
"""From a key to a row's points (hundredths), count and "capped"."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What people are told about a rule: its sentence, its reason, its place (``file:line``)."""

    says: Mapping[str, str]
    because: Mapping[str, str | None]
    at: Mapping[str, str]

    def row(self, rule: str, hundredths: int) -> Row:
        """A row about fields, which always gives the same points."""
        return Row(
            rule,
            points(hundredths),
            None,
            False,
            self.says.get(rule, ""),
            self.because.get(rule),
            self.at.get(rule, ""),
        )


class Rows:
    """Writes ``s_NAME`` like ``Sums``, and ``rows_NAME`` with what acted."""

    def __init__(
        self,
        writer: Writer,
        facts: Facts,
        speller: Speller,
        texts: Texts,
        unknowns: Unknowns,
        idle: Idle,
    ) -> None:
        self.idle = idle
        self.writer = writer
        self.facts = facts
        self.speller = speller
        self.texts = texts
        self.unknowns = unknowns

    def score(self, score: p.PlanScore) -> None:
        line, total, rows = self.writer.line, f"s_{score.name}", f"rows_{score.name}"
        line(f"{rows} = []")
        line(f"{total} = 0")
        for row in score.rows:
            if isinstance(row, p.PlanCategory):
                part = f"{total}_CAT_{row.name}"
                line(f"{part} = 0")
                for inner in row.rows:
                    self._row(inner, part, rows)
                self._inactive(row.inactivity, part, rows)
                if row.at_most is not None:
                    self._limit("if", part, ">", row.at_most, f"{row.rule}.at_most", rows)
                line(f"{total} += {part}")
            else:
                self._row(row, total, rows)
        self._inactive(score.inactivity, total, rows)
        word = "if"
        if score.low is not None:
            self._limit(word, total, "<", score.low, f"{score.name}.at_least", rows)
            word = "elif"
        if score.high is not None:
            self._limit(word, total, ">", score.high, f"{score.name}.at_most", rows)

    def grade(self, grade: p.PlanGrade) -> None:
        total, rows = f"s_{grade.name}", f"rows_{grade.name}"
        self.writer.line(f"{rows} = []")
        self.writer.line(f"{total} = 0")
        for row in grade.rows:
            self._row(row, total, rows)

    def _inactive(self, inactivity: Inactivity | None, total: str, rows: str) -> None:
        """What is lost without activity is a row of its own, like what a cap takes."""
        if inactivity is None:
            return
        with self.writer.block(f"if {self.idle.periods(inactivity)}:"):
            self.writer.line(f"less = {self.idle.less(inactivity, total)}")
            with self.writer.block(f"if less != {total}:"):
                floor = inactivity.never_below
                held = "False" if floor is None else f"less == {floor}"
                key = f"(less - {total}, {held})"
                self._append(rows, inactivity.rule, key, lambda lost: (lost[0], None, lost[1]))
                self.writer.line(f"{total} = less")

    def _limit(self, word: str, total: str, op: str, limit: int, rule: str, rows: str) -> None:
        """A cap or clamp: what it takes or gives is a row of its own."""
        with self.writer.block(f"{word} {total} {op} {limit}:"):
            self._append(rows, rule, total, lambda reached: (limit - reached, None, True))
            self.writer.line(f"{total} = {limit}")

    def _append(self, rows: str, rule: str, key: str, make: RowOf) -> None:
        row = self.texts.row(rule, 0)

        def made(key: Any) -> Row:
            hundredths, count, capped = make(key)
            return replace(row, points=points(hundredths), count=count, capped=capped)

        self.writer.line(f"{rows}.append({self.writer.constant(Memo(made), 'Rows')}[{key}])")

    def _row(self, row: p.PlanRow | p.PlanByRows, total: str, rows: str) -> None:
        if isinstance(row, p.PlanByRows):
            self.unknowns.facts((row.field,))
            self._by_rows(self.facts.fields[row.field], row.rows, total, rows)
            return
        conditions = []
        if row.slot is not None:
            conditions.append(f"c{row.slot} >= {row.times or 1}")
        elif row.share is not None:
            conditions.append(f"n{row.share}")
        if row.every is not None:
            self.unknowns.facts((row.every.field,))
            value = self.facts.exact(row.every.field)
            conditions.append(f"{value} is not None and {value} > 0")
        if row.when is not None:
            self.unknowns.rule(row.when)
            conditions.append(self.speller.true(row.when))
        with self.writer.block(f"if {' and '.join(conditions)}:"):
            self._acting(row, total, rows)

    def _acting(self, row: p.PlanRow, total: str, rows: str) -> None:
        line = self.writer.line
        if row.every is not None:
            value = self.facts.exact(row.every.field)
            step = literal(row.every.step) or self.writer.constant(row.every.step)
            line(f"n = int({value} // {step})")
            # A whole step that was not reached gave nothing, and is not a row that acted.
            with self.writer.block("if n:"):
                self._counted(row, "n", total, rows)
        elif row.share is not None:
            self._decayed(row, total, rows)
        elif row.slot is None:
            line(f"{total} += {row.points}")
            fixed = self.writer.constant(self.texts.row(row.rule, row.points))
            line(f"{rows}.append({fixed})")
        elif row.times is not None:
            line(f"{total} += {row.points}")
            self._append(rows, row.rule, f"c{row.slot}", lambda n: (row.points, n, False))
        else:
            self._counted(row, f"c{row.slot}", total, rows)

    def _decayed(self, row: p.PlanRow, total: str, rows: str) -> None:
        """Points whose shares fell with age: known only once the ages are."""
        count = f"n{row.share}" if row.slot is None else f"c{row.slot}"
        told = self.texts.row(row.rule, 0)

        def made(key: tuple[int, int]) -> tuple[int, Row]:
            given, number = key
            most = row.at_most_points
            capped = most is not None and abs(given) >= most
            if capped and most is not None:
                given = most if given > 0 else -most
            full = row.at_most_times is not None and number >= row.at_most_times
            made_row = replace(told, points=points(given), count=number, capped=capped or full)
            return given, made_row

        memo = self.writer.constant(Memo(made), "Decayed")
        self.writer.line(f"b = {memo}[c{row.share}, {count}]")
        self.writer.line(f"{total} += b[0]")
        self.writer.line(f"{rows}.append(b[1])")

    def _counted(self, row: p.PlanRow, count: str, total: str, rows: str) -> None:
        if row.at_most_times is None and row.at_most_points is None:
            self.writer.line(f"{total} += {count} * {row.points}")
        else:
            given = self.writer.constant(Memo(lambda n: _limited(row, n)[0]), "Given")
            self.writer.line(f"{total} += {given}[{count}]")
        self._append(rows, row.rule, count, lambda n: _limited(row, n))

    def _by_rows(self, field: Field, rows: tuple[ByRow, ...], total: str, acted: str) -> None:
        if has_ranges(rows):
            self._by_ranges(field, rows, total, acted)
            return
        entries, rest = lookup(
            field, rows, lambda row: (row.points, self.texts.row(row.rule, row.points)), None
        )
        name = self.writer.constant(entries, "Table")
        other = self.writer.constant(rest)
        self.writer.line(f"b = {name}.get({valued(self.facts, field)}, {other})")
        with self.writer.block("if b is not None:"):
            self.writer.line(f"{total} += b[0]")
            self.writer.line(f"{acted}.append(b[1])")

    def _by_ranges(self, field: Field, rows: tuple[ByRow, ...], total: str, acted: str) -> None:
        value = ranged(self.facts, field, rows)
        word = "if"
        for row, test in range_tests(self.writer, value, field, rows):
            with self.writer.block(f"{word} {test}:"):
                if row is not None:
                    fixed = self.writer.constant(self.texts.row(row.rule, row.points))
                    self.writer.line(f"{total} += {row.points}")
                    self.writer.line(f"{acted}.append({fixed})")
            word = "elif"


def _limited(row: p.PlanRow, number: int) -> tuple[int, int | None, bool]:
    """Points, count and "a limit was reached" of a row with so many events or steps."""
    capped = False
    if row.at_most_times is not None and number >= row.at_most_times:
        number, capped = row.at_most_times, True
    given = number * row.points
    if row.at_most_points is not None and abs(given) >= row.at_most_points:
        given, capped = (row.at_most_points if given > 0 else -row.at_most_points), True
    return given, None if row.every is not None else number, capped
