"""What an opened row, item, move or definition carries below: its clauses, one a line."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from leadpact_dsl import nodes
from leadpact_dsl.building_lines import Clause, ClauseKind
from leadpact_dsl.frozen import frozen
from leadpact_dsl.layout import Line
from leadpact_dsl.reader import Reading

__all__ = ["Clauses", "open_clauses"]


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

    def because(self, said: nodes.Quoted | None) -> nodes.Quoted | None:
        return cast(nodes.Quoted | None, self._one("because", said))

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

    def all(self, kind: ClauseKind) -> tuple[nodes.Quoted, ...]:
        return tuple(
            cast(nodes.Quoted, clause.value) for clause, _ in self.found if clause.kind == kind
        )

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
            found.append((clause, line))
        else:
            message = f"`{clause.kind}` cannot stand here."
            kinds = [f"`{kind}`" for kind in allowed]
            few = f"{', '.join(kinds[:-1])} or {kinds[-1]}" if len(kinds) > 1 else kinds[0]
            reading.tell(line, "E121", message, f"Below the line above, a line begins with {few}.")
            damaged = True
    return Clauses(reading, tuple(found), damaged)
