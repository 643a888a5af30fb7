"""A stage's ways out: which of them is the first that is true.

First come the moves of ``any stage``, then the stage's own moves and hand-backs as written, then
its time-outs, then the hand-backs of its targets. While the lead sleeps only the first act.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadpact import decision as d
from leadpact import plan as p
from leadpact.backends.python.clocks import StageClocks
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.rows import Texts
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.unknowns import Unknowns
from leadpact.backends.python.writer import Writer, inline
from leadpact.checked import Defined, LastFact, TextType
from leadpact_dsl.frozen import frozen

__all__ = ["Moves", "definitions_in"]


@frozen
class _Way:
    """A way out: where it leads, why, and when it is taken, as code."""

    rule: str
    to: str
    because: str | LastFact | None
    test: str


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
        clocks: Mapping[str, StageClocks],
        can_sleep: bool,
        tells_rule: bool = False,
    ) -> None:
        self.tells_rule = tells_rule
        self.clocks = clocks
        self.can_sleep = can_sleep
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
            if not (stage.always or stage.moves or stage.name in self.clocks):
                continue
            with self.body.block(f"{word} stage == {self.body.constant(stage.name)}:"):
                self._moves(stage, late)
            word = "elif"

    def _at(self, stage: p.PlanStage, way: _Way | None) -> Any:
        """The stage's result, as far as it is known before the lead."""
        to = None if way is None else way.to
        if self.tells_rule:
            return None if way is None else (to, way.rule)
        if self.unknowns is None:
            return d.StageResult(stage.name, to)
        rule = None if way is None else way.rule
        says = None if rule is None else self.texts.says.get(rule)
        return (stage.name, to), (stage.owner, rule, says)

    def _moves(self, stage: p.PlanStage, late: dict[str, p.PlanDefinition]) -> None:
        if self.unknowns is not None:
            for way in stage.always:
                if isinstance(way, p.PlanMove):
                    self.unknowns.rule(way.when)
            awake = "not asleep" if self.can_sleep else None
            for move in stage.moves:
                self.unknowns.rule(move.when, awake)
            for target in stage.targets:
                if target.when is not None:
                    self.unknowns.rule(target.when, awake)
                if target.starts_when is not None:
                    self.unknowns.looked_at(target.starts_when)
            self._ask_when_it_wakes(stage)
            self._choose_move(stage, self.body, self.speller)
            return
        # Facts and definitions that only this stage's moves need are worked out when they are
        # reached. They come before the moves, so the moves are written first.
        facts = Facts("lead", "f_", self.plan.fields)
        moves = self.body.sibling()
        speller = Speller(
            moves, facts, self.plan.slots, results=self.speller.results, told=self.speller.told
        )
        self._choose_move(stage, moves, speller)
        moves_here = (*stage.always, *stage.moves)
        whens = [move.when for move in moves_here if isinstance(move, p.PlanMove)]
        whens += [target.when for target in stage.targets if target.when is not None]
        asked = [name for when in whens for name in definitions_in(when)]
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
        clocks = self.clocks.get(stage.name)
        if clocks is not None:
            self._write_clocks(stage, clocks, writer, speller)
        word = "if"
        for way in self._ways(stage, speller):
            with writer.block(f"{word} {way.test}:"):
                writer.line(f"move = {writer.constant(self._at(stage, way))}")
                if self.unknowns is not None and way.because is not None:
                    writer.line(f"because = {self._reason(way.because, writer)}")
            word = "elif"

    def _ask_when_it_wakes(self, stage: p.PlanStage) -> None:
        """A field that would have let the lead sleep longer, had it been known."""
        assert self.unknowns is not None
        wake_ups = [way.wake_up for way in self.plan.arrivals if way.to == stage.name]
        fields = {each.field for each in wake_ups if each is not None and each.field is not None}
        if fields:
            with self.body.block("if woken:"):
                self.unknowns.facts(sorted(fields))

    def _ways(self, stage: p.PlanStage, speller: Speller) -> Iterator[_Way]:
        """The ways out in the order in which they act, each with when it is taken."""
        outs = iter(range(len(stage.all_time_outs())))
        for way in stage.always:
            if isinstance(way, p.PlanMove):
                yield _Way(way.rule, way.to, way.move.because, speller.true(way.when))
            else:
                yield _Way(way.rule, way.to, way.because, f"clocks.outs[{next(outs)}]")
        awake = "not asleep and " if self.can_sleep else ""
        for move in stage.moves:
            test = f"{awake}{speller.true(move.when)}"
            yield _Way(move.rule, move.to, move.move.because, test)
        for out in stage.time_outs:
            yield _Way(out.rule, out.to, out.because, f"clocks.outs[{next(outs)}]")
        backs = [back for target in stage.targets for back in target.target.hands_back]
        for number, back in enumerate(backs):
            yield _Way(back.rule, back.to, back.because, f"clocks.backs[{number}]")

    def _reason(self, because: str | LastFact, writer: Writer) -> str:
        if isinstance(because, str):
            return writer.constant(because)
        facts = self.speller.told.lasts[because]
        raw = facts.raw(because.property)
        if isinstance(because.type, TextType):
            # A text of blanks says nothing.
            return f"{raw} if {facts.folded(because.property)} else None"
        return raw

    def _write_clocks(
        self, stage: p.PlanStage, clocks: StageClocks, writer: Writer, speller: Speller
    ) -> None:
        """Ask the stage's clocks; they stand still while the lead sleeps."""
        applies = "".join(
            "True, " if target.when is None else f"bool({speller.true(target.when)}), "
            for target in stage.targets
        )
        name = writer.constant(clocks, "Clocks")
        woke = "sleep.woke" if self.can_sleep else "None"
        asleep = writer.constant(clocks.asleep(), "Asleep")
        asked = f"{name}(lead, activities, actions, now, entered_at, {woke}, ({applies}))"
        writer.line(f"clocks = {f'{asleep} if asleep else ' if self.can_sleep else ''}{asked}")
        writer.line("bound = clocks.until")
        if self.plan.has_targets():
            writer.line("targets = clocks.targets")
        if self.unknowns is not None:
            writer.line("pending = clocks.pending")


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
