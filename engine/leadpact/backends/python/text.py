"""One text of a plan being written: the frame around facts, results, moves and the outcome."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from leadpact import decision as d
from leadpact import plan as p
from leadpact.backends.python.facts import write_facts
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.moves import Moves
from leadpact.backends.python.outcome import Outcome
from leadpact.backends.python.results import Results
from leadpact.backends.python.rows import Texts
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.unknowns import Unknowns
from leadpact.backends.python.writer import Writer, without_dead
from leadpact.checked import SinceEntered
from leadpact.schema import RecordTypes

__all__ = ["Mode", "Text"]

Mode: TypeAlias = Literal["decide", "explain", "probe"]
"""The decision alone, the decision with its reasons, or answers to the plan's probes."""


class Text:
    """One text of a plan being written."""

    def __init__(
        self,
        plan: p.Plan,
        types: RecordTypes,
        ref: d.PolicyRef,
        texts: Texts,
        mode: Mode,
        asked_false: frozenset[str],
    ) -> None:
        self.plan = plan
        self.types = types
        self.ref = ref
        self.texts = texts
        self.mode = mode
        self.writer = Writer()
        self.facts = Facts("lead", "f_", plan.fields)
        self.body = self.writer.sibling(depth=2)
        results = {step.name: step for step in plan.steps}
        self.speller = Speller(self.body, self.facts, plan.slots, results=results)
        self.unknowns: Unknowns | None = None
        self.surely = Speller(self.body, self.facts, plan.slots, surely=True, results=results)
        if mode == "explain":
            self.unknowns = Unknowns(self.body, plan, self.surely)
            self.surely.unsettled = self.unknowns.unsettled
        self.results = Results(
            self.body,
            self.facts,
            self.speller,
            texts,
            self.unknowns,
            asked_false,
        )

    def asked_false(self) -> set[str]:
        """The definitions whose being false is asked about somewhere, once all is written."""
        return self.speller.asked_false | self.surely.asked_false

    def write(self) -> str:
        # Results first: they say which fields are used and which facts are worth asking for.
        refusals = self.body.sibling()
        self.speller.writer = refusals
        for refusal in self.plan.refusals:
            self._refusal(refusals, refusal)
        self.speller.writer = self.body
        moves = Moves(self.plan, self.body, self.facts, self.speller, self.texts, self.unknowns)
        late = moves.late_definitions() if self.mode == "decide" else {}
        for step in self.plan.steps:
            if step.name not in late:
                self.results.write(step)
        if self.mode == "probe":
            states = "".join(f"{self.speller.state(probe)}, " for probe in self.plan.probes)
            self.body.line(f"return ({states})")
        else:
            moves.write(late)
            Outcome(self.plan, self.body, self.ref, self.texts, self.unknowns).write()
        self.body.lines = without_dead(self.body.lines)
        self._write_frame(refusals)
        return self.writer.source()

    # --- the frame -----------------------------------------------------------------------------

    def _write_frame(self, refusals: Writer) -> None:
        writer = self.writer
        with writer.block("def make(now, thresholds, changes, offsets):"):
            if self.plan.windows:
                names = "".join(f"w{number}, " for number in range(len(self.plan.windows)))
                writer.line(f"({names}) = thresholds")
            header = len(writer.lines)
            with writer.block("def decide(lead, warnings=()):"):
                self._write_start(refusals)
                first_result = len(writer.lines)
                writer.add(self.body)
            writer.lines[header] = self._header(writer.lines[header:first_result])
            writer.line("return decide")

    def _header(self, lines: list[str]) -> str:
        """``def decide(…)`` with what the pass over the events asks for at each event as defaults.

        A parameter is looked up faster than a variable of the function around.
        """
        words = set(re.findall(r"\w+", "\n".join(lines)))
        windows = [f"w{number}" for number in range(len(self.plan.windows))]
        asked = ["now", "UTC", "FAR", *windows, *self.writer.constants]
        local = [f"{name}={name}" for name in asked if name in words]
        return lines[0].replace("warnings=()", ", ".join(["warnings=()", *local]))

    def _write_start(self, refusals: Writer) -> None:
        writer = self.writer
        entering = any(isinstance(slot.window, SinceEntered) for slot in self.plan.slots)
        # Every fact that is missing must be loaded too, so the masks come before the loads.
        lacks = writer.sibling()
        if self.unknowns is not None:
            self.unknowns.write_lacks(lacks)
        loads = writer.sibling()
        self.facts.load(loads)
        writer.add(loads)
        writer.add(refusals)
        writer.line("activities = lead.activities")
        writer.line("actions = lead.actions")
        writer.line("ids = set(map(ID, activities))")
        with writer.block("if actions:"):
            writer.line("ids.update(map(ID, actions))")
        with writer.block("if len(ids) != len(activities) + len(actions):"):
            writer.line("activities, actions = without_repeats(activities, actions)")
        writer.line("later = FAR")
        if self.plan.stages:
            self._write_stage_start(entering)
        write_facts(writer, self.plan, self.types, flags=self.mode != "explain")
        writer.add(lacks)

    def _write_stage_start(self, entering: bool) -> None:
        writer = self.writer
        start = next(stage.name for stage in self.plan.stages if stage.start)
        name = writer.constant(start)
        writer.line("stage = lead.stage")
        if not entering and self.mode != "explain":
            with writer.block("if stage is None:"):
                writer.line(f"stage = {name}")
            with writer.block("elif lead.stage_since is None:"):
                writer.line("later = next_move(lead, now)")
            return
        writer.line("since = lead.stage_since")
        writer.line("since_known = True")
        with writer.block("if stage is None:"):
            writer.line(f"stage = {name}")
            writer.line("since = PAST")
        with writer.block("elif since is None:"):
            writer.line("later = next_move(lead, now)")
            writer.line(f"since = entered(lead, {name}, now)")
            with writer.block("if since is None:"):
                writer.line("since_known = False")
                writer.line("since = FAR")

    def _refusal(self, writer: Writer, refusal: p.PlanRefusal) -> None:
        ref = writer.constant(self.ref)
        said = writer.constant(d.Refusal(refusal.rule, refusal.because))
        with writer.block(f"if {self.speller.true(refusal.when)}:"):
            writer.line(
                "return None"
                if self.mode == "probe"
                else f'return Refused(1, lead.id, now, {ref}, "refused", {said}, warnings)'
            )
