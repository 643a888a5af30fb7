"""Three-valued formulas over atoms, as numbers in one table.

Equal formulas have equal numbers, and what is settled is simplified away: putting values in for
atoms one fact after the other leaves what still matters, mostly very little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

__all__ = ["FALSE", "TRUE", "UNKNOWN", "Formula", "Logic", "Truth", "truth_of"]

Formula: TypeAlias = int
Truth: TypeAlias = int
"""``TRUE``, ``FALSE`` or ``UNKNOWN``: the first three formulas."""

TRUE: Final = 0
FALSE: Final = 1
UNKNOWN: Final = 2


def truth_of(value: bool | None) -> Truth:
    return UNKNOWN if value is None else TRUE if value else FALSE


class Logic:
    """The table. Formulas are made by its methods, from those made before."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, tuple[int, ...]]] = [("", ())] * 3
        self._numbers: dict[tuple[str, tuple[int, ...]], Formula] = {}
        self._sure = [True, True, False]
        self._atoms: list[frozenset[int]] = [frozenset()] * 3

    # --- making --------------------------------------------------------------------------------

    def atom(self, number: int, *, sure: bool) -> Formula:
        """An atom by its number; ``sure`` ones are never unknown."""
        return self._made("atom", (number,), sure, frozenset((number,)))

    def negated(self, member: Formula) -> Formula:
        if member <= UNKNOWN:
            return (FALSE, TRUE, UNKNOWN)[member]
        kind, parts = self._parts[member]
        if kind == "not":
            return parts[0]
        return self._made("not", (member,), self._sure[member], self._atoms[member])

    def all_of(self, members: Iterable[Formula]) -> Formula:
        left: set[Formula] = set()
        for member in members:
            if member == FALSE:
                return FALSE
            if self._parts[member][0] == "all":
                left.update(self._parts[member][1])
            elif member != TRUE:
                left.add(member)
        if any(self.negated(one) in left for one in left if self._sure[one]):
            return FALSE
        return self._several("all", left, TRUE)

    def any_of(self, members: Iterable[Formula]) -> Formula:
        return self.negated(self.all_of(self.negated(member) for member in members))

    def at_least(self, count: int, members: Sequence[Formula]) -> Formula:
        count -= sum(member == TRUE for member in members)
        left = [member for member in members if member not in (TRUE, FALSE)]
        if count <= 0:
            return TRUE
        if count > len(left):
            return FALSE
        if all(member == UNKNOWN for member in left):
            return UNKNOWN
        if count == len(left):
            return self.all_of(left)
        if count == 1:
            return self.any_of(left)
        sure = all(self._sure[member] for member in left)
        atoms = frozenset().union(*(self._atoms[member] for member in left))
        return self._made("at least", (count, *sorted(left)), sure, atoms)

    def either(self, yes: Formula, no: Formula) -> Formula:
        """True when ``yes`` is true, else false when ``no`` is true, else unknown."""
        yes, no = self.is_true(yes), self.is_true(no)
        if yes == TRUE:
            return TRUE
        if yes == FALSE and no <= UNKNOWN:
            return FALSE if no == TRUE else UNKNOWN
        return self._made("either", (yes, no), False, self._atoms[yes] | self._atoms[no])

    def is_true(self, member: Formula) -> Formula:
        """True when the member is true, else false: never unknown."""
        if self._sure[member]:
            return member
        if member == UNKNOWN:
            return FALSE
        kind, parts = self._parts[member]
        match kind:
            case "all":
                return self.all_of(self.is_true(part) for part in parts)
            case "at least":
                return self.at_least(parts[0], [self.is_true(part) for part in parts[1:]])
            case "either":
                return parts[0]
            case "not":
                inner, below = self._parts[parts[0]]
                if inner == "all":
                    return self.any_of(self.is_true(self.negated(part)) for part in below)
                if inner == "at least":
                    most = len(below) - 1 - below[0] + 1
                    return self.at_least(
                        most, [self.is_true(self.negated(part)) for part in below[1:]]
                    )
                if inner == "either":
                    return self.all_of((self.negated(below[0]), below[1]))
            case _:
                pass
        return self._made("is true", (member,), True, self._atoms[member])

    def is_unknown(self, member: Formula) -> Formula:
        yes, no = self.is_true(member), self.is_true(self.negated(member))
        return self.all_of((self.negated(yes), self.negated(no)))

    def _several(self, kind: str, members: set[Formula], empty: Formula) -> Formula:
        if not members:
            return empty
        if len(members) == 1:
            return next(iter(members))
        sure = all(self._sure[member] for member in members)
        atoms = frozenset().union(*(self._atoms[member] for member in members))
        return self._made(kind, tuple(sorted(members)), sure, atoms)

    def _made(
        self, kind: str, parts: tuple[int, ...], sure: bool, atoms: frozenset[int]
    ) -> Formula:
        key = (kind, parts)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._parts)
            self._parts.append(key)
            self._sure.append(sure)
            self._atoms.append(atoms)
        return number

    # --- reading -------------------------------------------------------------------------------

    def atoms(self, formula: Formula) -> frozenset[int]:
        """The numbers of the atoms that the formula depends on."""
        return self._atoms[formula]

    def members(self, formula: Formula) -> tuple[Formula, ...]:
        """The formulas that must all be true for this one to be true."""
        kind, parts = self._parts[formula]
        return parts if kind == "all" else (formula,)

    def given(self, formula: Formula, values: Mapping[int, Truth]) -> Formula:
        """The formula with values in place of atoms."""
        return self._given(formula, values, {})

    def _given(
        self, formula: Formula, values: Mapping[int, Truth], done: dict[Formula, Formula]
    ) -> Formula:
        if self._atoms[formula].isdisjoint(values):
            return formula
        found = done.get(formula)
        if found is not None:
            return found
        kind, parts = self._parts[formula]
        match kind:
            case "atom":
                made = values[parts[0]]
            case "not":
                made = self.negated(self._given(parts[0], values, done))
            case "all":
                made = self.all_of(self._given(part, values, done) for part in parts)
            case "at least":
                made = self.at_least(
                    parts[0], [self._given(part, values, done) for part in parts[1:]]
                )
            case "either":
                made = self.either(*(self._given(part, values, done) for part in parts))
            case _:
                made = self.is_true(self._given(parts[0], values, done))
        done[formula] = made
        return made
