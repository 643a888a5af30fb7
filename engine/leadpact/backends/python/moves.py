"""A stage's moves: which of them, in the order written, is the first that is true."""

from __future__ import annotations

from typing import Any

from leadpact import decision as d
from leadpact import plan as p
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.rows import Texts
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.unknowns import Unknowns
from leadpact.backends.python.writer import Writer, inline
from leadpact.checked import Defined

__all__ = ["Moves", "definitions_in"]


class Moves:
    """Writes ``move``: the stage's result, as far as it does not depend on the lead.

    Without reasons (``unknowns``), the facts and definitions that only one stage's moves need are
    worked out in that stage, and there only when they are reached.
    """

    def __init__(
        self,
        plan: p.Plan,
        body: Writer,
        facts: Facts,
        speller: Speller,
        texts: Texts,
        unknowns: Unknowns | None,
    ) -> None:
        self.plan = plan
        self.body = body
        self.facts = facts
        self.speller = speller
        self.texts = texts
        self.unknowns = unknowns

    def late_definitions(self) -> dict[str, p.PlanDefinition]:
        """Definitions that only moves mention: they are worked out in the stages that ask."""
        late = {step.name: step for step in self.plan.steps if isinstance(step, p.PlanDefinition)}
        for step in reversed(self.plan.steps):
            if step.name not in late:
                for name in _mentioned(step):
                    late.pop(name, None)
        # What an early definition mentions is early too; steps stand after what they mention.
        for step in reversed(self.plan.steps):
            if isinstance(step, p.PlanDefinition) and step.name not in late:
                for name in _mentioned(step):
                    late.pop(name, None)
        return late

    def write(self, late: dict[str, p.PlanDefinition]) -> None:
        """Write the choice; ``late`` are the definitions that were not written before."""
        if not self.plan.stages:
            return
        stays = {stage.name: self._at(stage, None) for stage in self.plan.stages}
        self.body.line(f"move = {self.body.constant(stays, 'Stays')}[stage]")
        word = "if"
        for stage in self.plan.stages:
            if not stage.moves:
                continue
            with self.body.block(f"{word} stage == {self.body.constant(stage.name)}:"):
                self._moves(stage, late)
            word = "elif"

    def _at(self, stage: p.PlanStage, move: p.PlanMove | None) -> Any:
        """The stage's result, as far as it is known before the lead."""
        to = None if move is None else move.to
        if self.unknowns is None:
            return d.StageResult(stage.name, to)
        rule = None if move is None else move.rule
        says = None if rule is None else self.texts.says.get(rule)
        return (stage.name, to), (stage.owner, rule, says)

    def _moves(self, stage: p.PlanStage, late: dict[str, p.PlanDefinition]) -> None:
        if self.unknowns is not None:
            for move in stage.moves:
                self.unknowns.rule(move.when)
            self._choose_move(stage, self.body, self.speller)
            return
        # Facts and definitions that only this stage's moves need are worked out when they are
        # reached. They come before the moves, so the moves are written first.
        facts = Facts("lead", "f_", self.plan.fields)
        moves = self.body.sibling()
        speller = Speller(moves, facts, self.plan.slots, results=self.speller.results)
        self._choose_move(stage, moves, speller)
        asked = [name for move in stage.moves for name in definitions_in(move.when)]
        wanted = {name for name in asked if name in late}
        definitions: list[str] = []
        for name in reversed(late):
            if name in wanted:
                own = self.body.sibling()
                speller.writer = own
                own.line(f"d_{name} = {speller.true(late[name].when)}")
                if name in speller.asked_false:
                    own.line(f"n_{name} = {speller.false(late[name].when)}")
                definitions[:0] = own.lines
                wanted |= {inner for inner in definitions_in(late[name].when) if inner in late}
        self.speller.asked_false |= speller.asked_false
        loads = self.body.sibling()
        facts.used = {name: None for name in facts.used if name not in self.facts.used}
        facts.load(loads)
        self.body.lines += inline([*loads.lines, *definitions, *moves.lines])

    def _choose_move(self, stage: p.PlanStage, writer: Writer, speller: Speller) -> None:
        word = "if"
        for move in stage.moves:
            with writer.block(f"{word} {speller.true(move.when)}:"):
                writer.line(f"move = {writer.constant(self._at(stage, move))}")
            word = "elif"


def definitions_in(expr: p.Expr) -> list[str]:
    """The definitions that an expression itself mentions."""
    match expr:
        case p.Not(member):
            return definitions_in(member)
        case p.All(members) | p.Any(members) | p.AtLeast(_, members):
            return [name for member in members for name in definitions_in(member)]
        case Defined(name):
            return [name]
        case _:
            return []


def _mentioned(step: p.Step) -> list[str]:
    """The definitions that a result mentions."""
    return [name for expr in p.expressions(step) for name in definitions_in(expr)]
