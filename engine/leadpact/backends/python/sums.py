"""Points without reasons: each score, category and grade is one sum of terms.

Whole hundredths all the way. A term is an expression that is 0 when its row does not act.
"""

from __future__ import annotations

from leadpact import plan as p
from leadpact.backends.python.idle import Idle
from leadpact.backends.python.loads import Facts, literal
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.tables import has_ranges, lookup, range_tests, ranged, valued
from leadpact.backends.python.writer import Writer
from leadpact.checked import Inactivity, OneOfType

__all__ = ["Sums"]


class Sums:
    """Writes ``s_NAME`` for scores and grades, ``s_NAME_CAT_CATEGORY`` for categories."""

    def __init__(self, writer: Writer, facts: Facts, speller: Speller, idle: Idle) -> None:
        self.idle = idle
        self.writer = writer
        self.facts = facts
        self.speller = speller

    def score(self, score: p.PlanScore) -> None:
        total = f"s_{score.name}"
        terms = []
        for row in score.rows:
            if isinstance(row, p.PlanCategory):
                part = f"{total}_CAT_{row.name}"
                self.writer.line(f"{part} = {self._sum(row.rows)}")
                self._inactive(row.inactivity, part)
                if row.at_most is not None:
                    self._limit("if", part, ">", row.at_most)
                terms.append(part)
            else:
                terms += self._term(row)
        self.writer.line(f"{total} = {' + '.join(terms) or '0'}")
        self._inactive(score.inactivity, total)
        word = "if"
        if score.low is not None:
            self._limit(word, total, "<", score.low)
            word = "elif"
        if score.high is not None:
            self._limit(word, total, ">", score.high)

    def grade(self, grade: p.PlanGrade) -> None:
        self.writer.line(f"s_{grade.name} = {self._sum(grade.rows)}")

    def _inactive(self, inactivity: Inactivity | None, total: str) -> None:
        if inactivity is not None:
            with self.writer.block(f"if {self.idle.periods(inactivity)}:"):
                self.writer.line(f"{total} = {self.idle.less(inactivity, total)}")

    def _limit(self, word: str, total: str, op: str, limit: int) -> None:
        with self.writer.block(f"{word} {total} {op} {limit}:"):
            self.writer.line(f"{total} = {limit}")

    def _sum(self, rows: tuple[p.PlanRow | p.PlanByRows, ...]) -> str:
        return " + ".join(term for row in rows for term in self._term(row)) or "0"

    def _term(self, row: p.PlanRow | p.PlanByRows) -> list[str]:
        if isinstance(row, p.PlanByRows):
            return [self._by_rows(row)]
        if row.points == 0:
            return []
        conditions = [] if row.when is None else [self.speller.true(row.when)]
        if row.every is not None:
            value = self.facts.exact(row.every.field)
            step = literal(row.every.step) or self.writer.constant(row.every.step)
            conditions.insert(0, f"{value} is not None and {value} > 0")
            given = self._counted(row, f"int({value} // {step})", simple=False)
        elif row.share is not None:
            given = self._decayed(row)
            if row.slot is not None:
                conditions.insert(0, f"c{row.slot} >= {row.times}")
        elif row.slot is not None and row.times is None:
            given = self._counted(row, f"c{row.slot}", simple=True)
        else:
            given = str(row.points)
            if row.slot is not None:
                many = row.times is not None and row.times > 1
                conditions.insert(0, f"c{row.slot} >= {row.times}" if many else f"c{row.slot}")
        if not conditions:
            return [given]
        return [f"({given} if {' and '.join(conditions)} else 0)"]

    def _counted(self, row: p.PlanRow, count: str, simple: bool) -> str:
        """Points for each of ``count``, within the row's limits."""
        most = row.at_most_times
        limit = row.at_most_points
        if most is None and limit is None:
            return f"{count} * {row.points}"
        # Both limits are one: the number from which the points no longer grow.
        size = abs(row.points)
        reached = [] if most is None else [(most, most * size)]
        reached += [] if limit is None else [(-(-limit // size), limit)]
        number, full = min(reached, key=lambda each: (each[1], each[0]))
        if row.points < 0:
            full = -full
        if simple:
            return f"({count} * {row.points} if {count} < {number} else {full})"
        return f"(n * {row.points} if (n := {count}) < {number} else {full})"

    @staticmethod
    def _decayed(row: p.PlanRow) -> str:
        if row.at_most_points is None:
            return f"c{row.share}"
        if row.points > 0:
            return f"min(c{row.share}, {row.at_most_points})"
        return f"max(c{row.share}, {-row.at_most_points})"

    def _by_rows(self, table: p.PlanByRows) -> str:
        field = self.facts.fields[table.field]
        if not has_ranges(table.rows):
            entries, rest = lookup(field, table.rows, lambda row: row.points, 0)
            value = valued(self.facts, field)
            if isinstance(field.type, OneOfType):
                # Every value that the field can have is known, so the table can be whole.
                whole = {choice: entries.get(choice, rest) for choice in (*field.type.values, None)}
                return f"{self.writer.constant(whole, 'Table')}[{value}]"
            return f"{self.writer.constant(entries, 'Table')}.get({value}, {rest})"
        value = ranged(self.facts, field, table.rows)
        chain = ""
        for row, test in range_tests(self.writer, value, field, table.rows):
            points = 0 if row is None else row.points
            if test == "True":
                return f"({chain}{points})"
            chain += f"{points} if {test} else "
        return f"({chain}0)"
