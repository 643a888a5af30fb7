"""The facts and atoms of a policy, numbered as they come.

``wide`` models let what they cannot look into be anything, so what is impossible in them is
impossible. Narrow models leave it out, so what is possible in them has a lead that shows it.
"""

from __future__ import annotations

from leadpact import checked as c
from leadpact.analysis import facts as f
from leadpact.analysis.judging import Scale
from leadpact.analysis.logic import Formula, Logic, Truth

__all__ = ["Table"]


class Table:
    """Facts are numbers in ``facts``, atoms those of ``logic``."""

    def __init__(self, policy: c.CheckedPolicy, scale: Scale, *, wide: bool) -> None:
        self.policy = policy
        self.scale = scale
        self.wide = wide
        self.logic = Logic()
        self.facts: list[f.Fact] = []
        self.fact_of: dict[int, int] = {}
        """The fact that an atom is about."""
        self.free_atoms: set[int] = set()
        self._atoms: dict[object, int] = {}
        self._sources: dict[f.Amount, int] = {}

    def _add(self, fact: f.Fact) -> int:
        number = len(self.facts)
        self.facts.append(fact)
        for atom in fact.truths:
            self.fact_of[atom] = number
        for amount in fact.amounts:
            self._sources[amount] = number
        return number

    def _atom(self, key: object, *, sure: bool) -> int:
        number = self._atoms.setdefault(key, len(self._atoms))
        self.logic.atom(number, sure=sure)
        return number

    def _source(self, amount: f.Amount) -> int:
        return self._sources[amount]

    def truth(self, atom: int, value: int) -> Truth:
        """What the class says of the atom of its fact."""
        return self.facts[self.fact_of[atom]].truths[atom][value]

    def free(self, name: object) -> Formula:
        """A new atom that may be anything."""
        known = ("free", name) in self._atoms
        number = self._atom(("free", name), sure=False)
        if not known:
            self.free_atoms.add(number)
            self._add(f.free(str(name), number))
        return self.logic.atom(number, sure=False)

    def known_field(self, name: str) -> Formula:
        return self.logic.atom(self._atoms["known", name], sure=True)

    def unknown_field(self, about: c.Field) -> Formula:
        return self.logic.negated(self.known_field(about.name))

    def in_stage(self, name: str) -> Formula:
        return self.logic.atom(self._atoms["in", name], sure=True)
