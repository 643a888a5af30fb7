"""One text of a plan being written: the frame around facts, results, moves and the outcome."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from leadpact import decision as d
from leadpact import plan as p
from leadpact.arrivals import can_sleep
from leadpact.backends.python.clocks import FirstTrue, StageClocks, has_clocks
from leadpact.backends.python.facts import write_facts, write_restarts
from leadpact.backends.python.idle import Idle
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.moves import Moves
from leadpact.backends.python.outcome import Outcome
from leadpact.backends.python.results import Results
from leadpact.backends.python.rows import Texts
from leadpact.backends.python.sleeping import sleeps, worklists
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.told import Told
from leadpact.backends.python.unknowns import Unknowns
from leadpact.backends.python.writer import Writer, without_dead
from leadpact.checked import SinceEntered, WokenTest
from leadpact.schema import RecordTypes

__all__ = ["Mode", "Text"]

Mode: TypeAlias = Literal["decide", "explain", "probe", "watch", "trial"]
"""The decision alone, the decision with its reasons, or answers to the plan's probes: alone, with
the instant until which they hold (``watch``), or with where the lead goes by which rule
(``trial``)."""


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
        first_true: FirstTrue,
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
        self.told = told = Told(plan)
        self.idle = Idle(self.writer, plan.activity)
        self.speller = Speller(self.body, self.facts, plan.slots, results=results, told=told)
        self.unknowns: Unknowns | None = None
        self.surely = Speller(
            self.body, self.facts, plan.slots, surely=True, results=results, told=told
        )
        decides = mode in ("decide", "explain", "trial")
        self.clocks = {
            stage.name: StageClocks(plan, stage, types, first_true)
            for stage in plan.stages
            if decides and has_clocks(stage)
        }
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
            self.idle,
        )

    def asked_false(self) -> set[str]:
        """The definitions whose being false is asked about somewhere, once all is written."""
        return self.speller.asked_false | self.surely.asked_false

    def write(self) -> str:
        # Results first: they say which fields are used and which facts are worth asking for.
        refusals = self.body.sibling()
        self.speller.writer = refusals
        # What was true before hangs on no refusal: the lead is not refused now.
        for refusal in self.plan.refusals if self.mode != "watch" else ():
            self._refusal(refusals, refusal)
        self.speller.writer = self.body
        moves = Moves(
            self.plan,
            self.body,
            self.facts,
            self.speller,
            self.texts,
            self.unknowns,
            self.clocks,
            can_sleep(self.plan.arrivals),
            tells_rule=self.mode == "trial",
        )
        late = moves.late_definitions() if self.mode == "decide" else {}
        for step in self.plan.steps:
            if step.name not in late:
                self.results.write(step)
        outcome = Outcome(
            self.plan,
            self.body,
            self.facts,
            self.told,
            self.ref,
            self.texts,
            self.unknowns,
            self.idle.used,
        )
        if self.mode in ("probe", "watch", "trial"):
            states = "".join(f"{self.speller.state(probe)}, " for probe in self.plan.probes)
            told = ""
            if self.mode == "watch":
                outcome.write_until(self._needs_sleep())
                told = ", until"
            elif self.mode == "trial":
                self.body.line("move = None")
                moves.write({})
                told = ", move"
            self.body.line(f"return ({states}){told}")
        else:
            moves.write(late)
            outcome.write(self._needs_sleep(), bool(self.clocks))
        self.body.lines = without_dead(self.body.lines)
        self._write_frame(refusals)
        return self.writer.source()

    # --- the frame -----------------------------------------------------------------------------

    def _write_frame(self, refusals: Writer) -> None:
        writer = self.writer
        with writer.block("def make(now, thresholds, changes, offsets, limits, border):"):
            if self.plan.windows:
                names = "".join(f"w{number}, " for number in range(len(self.plan.windows)))
                writer.line(f"({names}) = thresholds")
            if self.told.limits:
                names = "".join(f"q{number}, " for number in range(len(self.told.limits)))
                writer.line(f"({names}) = limits")
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
        writer.line("later = border")
        # What stands first asks for what the pass over the events uses, so that is written before.
        facts = writer.sibling()
        write_restarts(facts, self.plan, self.types, self.told)
        explains = self.mode == "explain"
        write_facts(facts, self.plan, self.types, self.told, flags=not explains)
        self.told.write_after_events(facts)
        self.idle.write(facts)
        if self.plan.stages:
            self._write_stage_start()
            start = next(stage.name for stage in self.plan.stages if stage.start)
            self.told.write_history(writer, start)
        writer.add(facts)
        writer.add(lacks)

    def _needs_sleep(self) -> bool:
        """Whether it matters if the lead sleeps, or slept."""
        return bool(self.plan.stages) and (
            can_sleep(self.plan.arrivals)
            or any(isinstance(e, WokenTest) for e in self.plan.tests())
        )

    def _write_stage_start(self) -> None:
        writer = self.writer
        start = next(stage.name for stage in self.plan.stages if stage.start)
        name = writer.constant(start)
        self._write_since(writer, name)
        if self._needs_sleep():
            asks = sleeps(self.plan.policy, self.plan.arrivals, self.types)
            asleep = writer.constant(asks, "Sleeps")
            writer.line(f"sleep = {asleep}(lead, activities, actions, now)")
            writer.line("woken = sleep.woken")
            writer.line("asleep = sleep.until is not None")
        if self.mode == "explain":
            writer.line("because = None")
            if self.clocks:
                writer.line("pending = ()")
        if not self.clocks:
            return
        writer.line("bound = FAR")
        writer.line("targets = ()")
        writer.line(
            "entered_at = None if not since_known else first_instant(lead, now) if since is PAST "
            "else since.astimezone(UTC)"
        )

    def _write_since(self, writer: Writer, name: str) -> None:
        """Which stage the lead is in, and since when."""
        writer.line("stage = lead.stage")
        lists = worklists(self.plan.policy, self.plan.arrivals) is not None
        looks = self.told.needs_history() or self._needs_sleep() or lists
        moved = (
            "lead.moves" if looks else "lead.moves and (stage is None or lead.stage_since is None)"
        )
        with writer.block(f"if {moved}:"):
            writer.line("later = min(later, next_move(lead, now))")
        entering = any(isinstance(slot.window, SinceEntered) for slot in self.plan.slots)
        if not entering and not self.clocks and self.mode != "explain":
            with writer.block("if stage is None:"):
                writer.line(f"stage = {name}")
            return
        writer.line("since = None if stage is None else lead.stage_since")
        writer.line("since_known = True")
        with writer.block("if stage is None and not lead.moves:"):
            writer.line("since = PAST")
        with writer.block("elif since is None or stage is None:"):
            writer.line(f"since = entered(lead, {name}, now)")
            with writer.block("if since is None:"):
                writer.line("since_known = False")
                writer.line("since = FAR")
        with writer.block("if stage is None:"):
            writer.line(f"stage = {name}")

    def _refusal(self, writer: Writer, refusal: p.PlanRefusal) -> None:
        ref = writer.constant(self.ref)
        said = writer.constant(d.Refusal(refusal.rule, refusal.because))
        with writer.block(f"if {self.speller.true(refusal.when)}:"):
            if self.mode in ("probe", "trial"):
                writer.line("return None")
            else:
                writer.line(f'return Refused(1, lead.id, now, {ref}, "refused", {said}, warnings)')
