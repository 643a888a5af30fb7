"""What the conditions and results of a policy mean, as formulas over atoms."""

from __future__ import annotations

from typing import Final

from leadpact import checked as c
from leadpact.analysis.judging import Scale
from leadpact.analysis.logic import FALSE, TRUE, Formula
from leadpact.analysis.mentions import results
from leadpact.analysis.table import Table
from leadpact_dsl.frozen import frozen

__all__ = ["Formulas", "SumAtom"]

_GROUPS: Final = ("scores", "grades", "definitions", "groups", "checklists", "stages")


@frozen
class SumAtom:
    """A sum against hundredths of points."""

    sum: str
    op: c.Comparison
    value: int


class Formulas(Table):
    """``dead_letters`` and ``dead_rows`` were said never to be the outcome: they are none."""

    def __init__(self, policy: c.CheckedPolicy, scale: Scale, *, wide: bool) -> None:
        super().__init__(policy, scale, wide=wide)
        self.sum_atoms: dict[int, SumAtom] = {}
        self.dead_letters: dict[str, set[str]] = {}
        self.dead_rows: dict[str, set[str]] = {}
        self._meant: dict[str, Formula] = {}
        self._by_name: dict[str, dict[str, object]] = {
            group: {one.name: one for one in getattr(policy, group)} for group in _GROUPS
        }

    def true(self, condition: c.Condition) -> Formula:
        """The condition is true (not unknown)."""
        return self.logic.is_true(self.meaning(condition))

    def meaning(self, condition: c.Condition) -> Formula:
        logic = self.logic
        match condition:
            case c.Not(member):
                return logic.negated(self.meaning(member))
            case c.All(members):
                return logic.all_of(self.meaning(member) for member in members)
            case c.Any(members):
                return logic.any_of(self.meaning(member) for member in members)
            case c.AtLeast(count, members):
                return logic.at_least(count, [self.meaning(member) for member in members])
            case c.Defined(name):
                return self.definition(name)
            case c.ScoreTest(score, category, op, hundredths):
                name = score if category is None else f"{score}.{category}"
                if ("beyond", condition) in self._atoms:
                    return self.free(("beyond", condition))
                return self.compared(name, op, hundredths)
            case c.GradeTest(grade, letters, _, negated):
                if set(letters) <= self.dead_letters.get(grade, set()):
                    return self.free(condition)
                said = logic.any_of(self.letter(grade, letter) for letter in letters)
                said = logic.negated(said) if negated else said
                return logic.either(
                    logic.all_of((self.enough(grade), said)),
                    logic.all_of((self.enough(grade), logic.negated(said))),
                )
            case c.GradeKnown(grade, known):
                return self.enough(grade) if known else logic.negated(self.enough(grade))
            case c.GroupTest(group, rows, negated):
                if set(rows) <= self.dead_rows.get(group, set()):
                    return self.free(condition)
                said = logic.any_of(self.wins(group, row) for row in rows)
                return logic.negated(said) if negated else said
            case c.ChecklistTest(checklist, item, state):
                said = self.checklist(checklist) if item is None else self.item(checklist, item)
                if state == "unknown":
                    return logic.is_unknown(said)
                return said if state == "met" else logic.negated(said)
            case c.StageTest(stage, None, False):
                return self.in_stage(stage)
            case _:
                number = self._atoms.get(condition)
                if number is None or number not in self.fact_of:
                    return self.free(condition)
                if not isinstance(condition, c.EventTest):
                    return logic.atom(number, sure=False)
                said = logic.atom(number, sure=True)
                if self.wide and isinstance(condition.window, c.SinceEntered):
                    # Nobody need have written down when the lead entered its stage.
                    told = logic.atom(self._atoms["entry told"], sure=True)
                    return logic.either(
                        logic.all_of((told, said)), logic.all_of((told, logic.negated(said)))
                    )
                return said

    def forget(self, name: str) -> None:
        """Let a result be anything from now on: something wrong was said of it already."""
        self._meant[name] = self.free(name)

    def beyond(self, test: c.ScoreTest) -> None:
        """Let a test of a score be anything: that it never holds was said already."""
        self._atom(("beyond", test), sure=False)

    def definition(self, name: str) -> Formula:
        if name not in self._meant:
            found = self._by_name["definitions"][name]
            assert isinstance(found, c.Definition)
            whens = found.whens
            self._meant[name] = self.meaning(whens[0].when) if whens else self.free(name)
        return self._meant[name]

    def compared(self, name: str, op: c.Comparison, hundredths: int) -> Formula:
        if name not in self._sum_names():
            return self.free((name, op, hundredths))
        number = self._atom(SumAtom(name, op, hundredths), sure=True)
        self.sum_atoms[number] = SumAtom(name, op, hundredths)
        return self.logic.atom(number, sure=True)

    def _sum_names(self) -> set[str]:
        found = {one.name for one in results(self.policy)}
        return found | {
            f"{score.name}.{row.name}"
            for score in self.policy.scores
            for row in score.rows
            if isinstance(row, c.Category)
        }

    def letter(self, name: str, letter: str) -> Formula:
        """The points are those of this letter (whether or not enough is known)."""
        grade = self._by_name["grades"][name]
        assert isinstance(grade, c.Grade)
        if letter in self.dead_letters.get(name, set()):
            return FALSE
        above: list[Formula] = []
        for one in grade.letters:
            reached = TRUE if one.low is None else self.compared(name, ">=", one.low)
            if one.name == letter:
                return self.logic.all_of((*map(self.logic.negated, above), reached))
            above.append(reached)
        return FALSE

    def enough(self, name: str) -> Formula:
        """The grade's ``needs`` are met: it has a letter."""
        grade = self._by_name["grades"][name]
        assert isinstance(grade, c.Grade)
        return self.logic.all_of(
            self.logic.at_least(needs.count, [self.known_field(one) for one in needs.fields])
            for needs in grade.needs
        )

    def wins(self, name: str, row_name: str) -> Formula:
        """The group's row is the one that wins."""
        logic, group = self.logic, self._by_name["groups"][name]
        assert isinstance(group, c.Group)
        above: list[Formula] = []
        for row in group.rows:
            none = logic.all_of(logic.negated(logic.is_true(one)) for one in above)
            if row.kind == "when":
                assert row.when is not None
                # A row that cannot win was said to be so already.
                dead = row.name in self.dead_rows.get(name, set())
                now = FALSE if dead else self.meaning(row.when)
            elif row.kind == "unknown":
                now = logic.any_of(logic.is_unknown(one) for one in above)
            else:
                now = TRUE
            if row.name == row_name:
                return logic.all_of((none, logic.is_true(now)))
            above.append(now)
        return FALSE

    def checklist(self, name: str) -> Formula:
        if name not in self._meant:
            checklist = self._by_name["checklists"][name]
            assert isinstance(checklist, c.Checklist)
            self._meant[name] = self.logic.all_of(
                self.need(checklist, needs) for needs in checklist.needs
            )
        return self._meant[name]

    def need(self, checklist: c.Checklist, needs: c.NeedsItems) -> Formula:
        items = [self.item(checklist.name, item) for item in needs.items]
        if needs.state == "not met":
            items = [self.logic.negated(item) for item in items]
        if needs.quantifier == "at least":
            return self.logic.at_least(needs.count, items)
        return self.logic.all_of(self.logic.negated(self.logic.is_true(item)) for item in items)

    def item(self, checklist: str, name: str) -> Formula:
        """True while met, false while not met."""
        key = f"{checklist}.{name}"
        if key in self._meant:
            return self._meant[key]
        found = self._by_name["checklists"][checklist]
        assert isinstance(found, c.Checklist)
        item = next(one for one in found.items if one.name == name)
        if isinstance(item, c.AnsweredItem):
            return self.logic.atom(self._atoms["answer", item.kind], sure=False)
        met = self.meaning(item.met_when)
        if item.not_met_when is not None:
            met = self.logic.either(met, self.meaning(item.not_met_when))
        self._meant[key] = met
        return met
