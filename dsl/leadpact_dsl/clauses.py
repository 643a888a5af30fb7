"""What stands below a line: plain rows, texts, and the clauses of an opened row, item, move,
definition or target.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TypeVar, cast

from leadpact_dsl import nodes
from leadpact_dsl.building_lines import Clause, ClauseKind
from leadpact_dsl.building_parties import TextLine
from leadpact_dsl.frozen import frozen
from leadpact_dsl.grammar import Start
from leadpact_dsl.layout import Line
from leadpact_dsl.reader import Reading

__all__ = ["Clauses", "open_clauses", "opened", "plain_rows", "texts"]

_Block = TypeVar("_Block", bound=nodes.Block)
_Value = TypeVar("_Value")


def opened(
    reading: Reading, line: Line, start: Start, block: type[_Block]
) -> tuple[_Block | None, tuple[Line, ...]]:
    """The block of a header; the lines below it even if the header is beyond reading."""
    read = reading.read(line, start, keep_beginning=True)
    if read is None:
        return None, line.children
    assert isinstance(read.node, block)
    return read.node, read.rest


def plain_rows(reading: Reading, lines: tuple[Line, ...], start: Start) -> Iterator[object]:
    """Rows below which nothing can stand."""
    for line in lines:
        read = reading.read(line, start)
        if read is not None:
            reading.refuse(read.rest)
            yield read.node


def texts(rows: Collection[object], word: str) -> tuple[nodes.Quoted, ...]:
    """The texts of those rows that begin with a word."""
    return tuple(row.text for row in rows if isinstance(row, TextLine) and row.word == word)


@frozen
class Clauses:
    """The clauses below one line. ``damaged`` says that some could not be read."""

    reading: Reading
    found: tuple[tuple[Clause, Line], ...]
    damaged: bool

    def condition(self, kind: ClauseKind, said: nodes.Condition | None) -> nodes.Condition | None:
        """The condition of a kind, said on the row's own line (``said``) or below."""
        return cast(nodes.Condition | None, self._one(kind, said))

    def name(self, said: nodes.Word | None) -> nodes.Word | None:
        return cast(nodes.Word | None, self._one("as", said))

    def in_force(self, said: nodes.InForce | None) -> nodes.InForce | None:
        return cast(nodes.InForce | None, self._one("in force", said))

    def reason(
        self, said: nodes.Quoted | nodes.LastOf | None
    ) -> nodes.Quoted | nodes.LastOf | None:
        """The reason of a move, which an action may tell."""
        return cast(nodes.Quoted | nodes.LastOf | None, self._one("because", said))

    def because(self, said: nodes.Quoted | None) -> nodes.Quoted | None:
        """The reason of what is no move: a text."""
        texts_only = [
            (clause, line)
            for clause, line in self.found
            if clause.kind != "because" or isinstance(clause.value, nodes.Quoted)
        ]
        for clause, line in self.found:
            if (clause, line) not in texts_only:
                message = "Only a move takes its reason from what somebody did."
                self.reading.tell(line, "E121", message, "Write the reason as a text in quotes.")
        only = Clauses(self.reading, tuple(texts_only), self.damaged)
        return cast(nodes.Quoted | None, only._one("because", said))

    def answered(self, said: nodes.Word | None) -> tuple[nodes.Word, nodes.Duration | None] | None:
        """Who answers, and for how long it is good, if a line below says so."""
        found = self._one("answered by", (said, None) if said else None)
        return cast(tuple[nodes.Word, nodes.Duration | None] | None, found)

    def _one(self, kind: ClauseKind, said: object) -> object:
        value = said
        for clause, line in self.found:
            if clause.kind != kind:
                continue
            if value is not None:
                message = f"This is the second `{kind}`; one is all there can be."
                both = " Join two conditions with `and`." if kind.endswith("when") else ""
                self.reading.tell(line, "E122", message, f"Keep one of them.{both}")
            else:
                value = clause.value
        return value

    def texts(self, kind: ClauseKind) -> tuple[nodes.Quoted, ...]:
        return self.all(kind, nodes.Quoted)

    def all(self, kind: ClauseKind, what: type[_Value]) -> tuple[_Value, ...]:
        """All that the clauses of a kind say, in order."""
        found = [clause.value for clause, _ in self.found if clause.kind == kind]
        return tuple(value for value in found if isinstance(value, what))

    def miss(self, line: Line, message: str, help: str) -> None:
        """Report that a clause is missing, unless a line below could not be read."""
        if not self.damaged:
            self.reading.tell(line, "E123", message, help)


def open_clauses(
    reading: Reading, lines: tuple[Line, ...], allowed: Collection[ClauseKind]
) -> Clauses:
    """Read the lines below a row as clauses; those of a kind that is not allowed are told."""
    found: list[tuple[Clause, Line]] = []
    damaged = False
    for line in lines:
        read = reading.read(line, "clause_line")
        if read is None:
            damaged = True
            continue
        clause = cast(Clause, read.node)
        reading.refuse(read.rest)
        if clause.kind in allowed:
            found += [(each, line) for each in _parted(clause, "in force" in allowed)]
        else:
            message = f"`{clause.kind}` cannot stand here."
            kinds = [f"`{kind}`" for kind in allowed]
            few = f"{', '.join(kinds[:-1])} or {kinds[-1]}" if len(kinds) > 1 else kinds[0]
            help_ = f"Below the line above, a line begins with {few}."
            if clause.kind == "in force":
                # Of a definition each `when` has its own dates, and items have none.
                help_ = "Date a definition: write it behind its `when`, on the same line."
            reading.tell(line, "E121", message, help_)
            damaged = True
    return Clauses(reading, tuple(found), damaged)


def _parted(clause: Clause, dates_rows: bool) -> Iterator[Clause]:
    """``when C in force …`` as two clauses, but in a definition, whose conditions have dates."""
    match clause.value:
        case nodes.DatedWhen() as dated if dates_rows:
            yield replace(clause, value=dated.when)
            if dated.in_force is not None:
                yield Clause("in force", dated.in_force, dated.in_force.span)
        case _:
            yield clause
