"""The straight-line code after the pass over the events: one function a kind of result.

The decision alone and the decision with its reasons are two texts: ``Sums`` and ``Rows`` write
their points. Groups, checklists and definitions are much the same in both.
"""

from __future__ import annotations

from typing import assert_never

from leadpact import plan as p
from leadpact.backends.python.idle import Idle
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.rows import Rows, Texts
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.sums import Sums
from leadpact.backends.python.unknowns import Unknowns
from leadpact.backends.python.writer import Writer
from leadpact.checked import NeedsItems, NumberTest

__all__ = ["Results"]


class Results:
    """Writes the results of a plan. With ``unknowns`` the decision carries its reasons."""

    def __init__(
        self,
        writer: Writer,
        facts: Facts,
        speller: Speller,
        texts: Texts,
        unknowns: Unknowns | None,
        asked_false: frozenset[str],
        idle: Idle,
    ) -> None:
        self.writer = writer
        self.facts = facts
        self.speller = speller
        self.unknowns = unknowns
        self.explains = unknowns is not None
        self.asked_false = asked_false
        self.sums = Sums(writer, facts, speller, idle)
        self.points: Sums | Rows = (
            self.sums if unknowns is None else Rows(writer, facts, speller, texts, unknowns, idle)
        )

    def write(self, step: p.Step) -> None:
        match step:
            case p.PlanScore():
                self.points.score(step)
            case p.PlanGain():
                self.sums.score(step.score)
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

    def _grade(self, grade: p.PlanGrade) -> None:
        self.points.grade(grade)
        letter = f"l_{grade.name}"
        choice = ""
        for rung in grade.letters:
            name = self.writer.constant(rung.name)
            choice += name if rung.low is None else f"{name} if s_{grade.name} >= {rung.low} else "
        enough = []
        for needs in grade.needs:
            if self.unknowns is not None:
                self.unknowns.facts(needs.fields)
            known = " + ".join(f"({self.speller.known_field(name)})" for name in needs.fields)
            enough.append(f"{known} >= {needs.count}")
        # One line, which can go as a whole where nobody asks for the letter.
        if enough:
            choice = f"({choice}) if {' and '.join(enough)} else None"
        self.writer.line(f"{letter} = {choice}")

    def _group(self, group: p.PlanGroup) -> None:
        watched = any(row.kind == "unknown" for row in group.rows)
        doubtful = any(
            row.when is not None and not self.speller.certainty.certain(row.when)
            for row in group.rows
        )
        if doubtful and (watched or self.explains):
            self._watched_group(group, watched)
            return
        if self.explains:
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
        if self.explains:
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
                if self.speller.certainty.certain(row.when):
                    continue
                with self.writer.block(f"elif not {self.speller.false(row.when)}:"):
                    if watched:
                        line("waits = True")
                    if self.explains:
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
                assert isinstance(item.met, NumberTest)
                lost = f"{self.speller.raw(item.met.fact)} is not None"
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
