"""From a plan to compiled functions.

Three texts come from one plan: the decision alone, the decision with its reasons, and the
three-valued answers to probes. Each is a function ``bind(now, …)`` that works out what depends on
the instant alone (thresholds of windows, the zone's offsets) and returns a function of the lead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from textwrap import indent
from typing import Any, Literal, TypeAlias

from msgspec import UNSET

from leadpact import decision as d
from leadpact import plan as p
from leadpact.backends.python import runtime
from leadpact.backends.python.facts import write_facts
from leadpact.backends.python.memo import Memo
from leadpact.backends.python.results import Results
from leadpact.backends.python.rows import Texts
from leadpact.backends.python.spell import Facts, Speller
from leadpact.backends.python.unknowns import Unknowns
from leadpact.backends.python.writer import Writer, inline, without_dead
from leadpact.checked import Defined, Duration, NeedsItems, SinceEntered, Within
from leadpact.operators.decimals import exact, points
from leadpact.operators.text import BLANKS, domain, fold
from leadpact.operators.times import exact_length, leaves, local_day, threshold, transitions
from leadpact.schema import RecordTypes
from leadpact.zones import zone

__all__ = ["Compiled", "Decide", "Mode", "compile_plan"]

Mode: TypeAlias = Literal["decide", "explain", "probe"]

Decide: TypeAlias = Callable[..., Any]
"""``decide(lead, warnings=())``: a ``Decision`` or ``RefusedRecord``; probes give a tuple."""

_STATES = {1: "met", -1: "not met", 0: "unknown"}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled plan. ``source`` is the generated text, for people who want to read it."""

    source: str
    make: Callable[..., Decide]
    windows: tuple[Duration, ...]
    zone: str
    local: bool

    def bind(self, as_of: datetime) -> Decide:
        """The function of a lead for this instant (aware, in UTC)."""
        thresholds = tuple(threshold(window, as_of, self.zone) for window in self.windows)
        changes: list[datetime] = []
        offsets: list[timedelta] = []
        if self.local and thresholds:
            changes, offsets = transitions(self.zone, min(thresholds), as_of)
        return self.make(as_of, thresholds, changes, offsets)


def compile_plan(
    plan: p.Plan, types: RecordTypes, ref: d.PolicyRef, texts: Texts, mode: Mode
) -> Compiled:
    """Generate and compile one text of the plan."""
    # Which definitions must say whether they are false is known only when all has been written,
    # and saying so may ask the same of those that they mention; so it is written once more.
    asked_false: frozenset[str] = frozenset()
    while True:
        text = _Text(plan, types, ref, texts, mode, asked_false)
        source = text.write()
        if text.asked_false() <= asked_false:
            break
        asked_false = _with_mentioned(plan, asked_false | text.asked_false())
    names: dict[str, Any] = {**_RUNTIME, **text.writer.constants}
    names["PLACE"] = zone(plan.policy.zone)
    names["ZONE"] = plan.policy.zone
    return Compiled(
        source,
        _compile(source, plan.policy.name, names),
        plan.windows,
        plan.policy.zone,
        "bisect_right(" in source,
    )


def _compile(source: str, name: str, names: Mapping[str, Any]) -> Callable[..., Decide]:
    """The function ``make`` of the source.

    What it uses becomes variables of a function around it, not of a module: those are looked up
    faster.
    """
    words = set(re.findall(r"\w+", source))
    used = [each for each in names if each in words]
    wrapped = f"def given({', '.join(used)}):\n{indent(source, '    ')}    return make\n"
    namespace: dict[str, Any] = {}
    exec(compile(wrapped, f"<policy {name}>", "exec"), namespace)
    make: Callable[..., Decide] = namespace["given"](*(names[each] for each in used))
    return make


_RUNTIME: dict[str, Any] = {
    "AT": attrgetter("at"),
    "BLANKS": BLANKS,
    "Checklist": d.ChecklistResult,
    "Decision": d.Decision,
    "FAR": runtime.FAR,
    "Grade": d.GradeResult,
    "Group": d.GroupResult,
    "ID": attrgetter("id"),
    "PAST": runtime.PAST,
    "Refused": d.RefusedRecord,
    "Score": d.ScoreResult,
    "Stage": d.StageResult,
    "UNSET": UNSET,
    "UTC": UTC,
    "bisect_right": bisect_right,
    "domain": domain,
    "entered": runtime.entered,
    "exact": exact,
    "first_instant": runtime.first_instant,
    "fold": fold,
    "leaves": leaves,
    "local_day": local_day,
    "local_time": runtime.local_time,
    "newer": runtime.newer,
    "next_move": runtime.next_move,
    "newest_of": runtime.newest_of,
    "rationed": runtime.rationed,
    "rationed_newest": runtime.rationed_newest,
    "without_repeats": runtime.without_repeats,
}


class _Text:
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
        self.body = Writer(2)
        self.body.constants = self.writer.constants
        self.body._names = self.writer._names
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
        late = self._late_definitions()
        for step in self.plan.steps:
            if step.name not in late:
                self.results.write(step)
        if self.mode == "probe":
            states = "".join(f"{self.speller.state(probe)}, " for probe in self.plan.probes)
            self.body.line(f"return ({states})")
        else:
            self._stage(late)
            self._return()
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
            with writer.block("def decide(lead, warnings=()):"):
                self._write_start(refusals)
                writer.add(self.body)
            writer.line("return decide")

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

    # --- the stage and what is returned ---------------------------------------------------------

    def _late_definitions(self) -> dict[str, p.PlanDefinition]:
        """Definitions that only moves mention: they are worked out in the stages that ask."""
        if self.mode != "decide":
            return {}
        late = {step.name: step for step in self.plan.steps if isinstance(step, p.PlanDefinition)}
        for step in reversed(self.plan.steps):
            if step.name not in late:
                for name in mentioned(step):
                    late.pop(name, None)
        # What an early definition mentions is early too; steps stand after what they mention.
        for step in reversed(self.plan.steps):
            if isinstance(step, p.PlanDefinition) and step.name not in late:
                for name in mentioned(step):
                    late.pop(name, None)
        return late

    def _stage(self, late: dict[str, p.PlanDefinition]) -> None:
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
        if self.mode != "explain":
            return d.StageResult(stage.name, to)
        rule = None if move is None else move.rule
        says = None if rule is None else self.texts.says.get(rule)
        return (stage.name, to), (stage.owner, rule, says)

    def _moves(self, stage: p.PlanStage, late: dict[str, p.PlanDefinition]) -> None:
        if self.mode != "decide":
            for move in stage.moves:
                if self.unknowns is not None:
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

    def _return(self) -> None:
        line = self.body.line
        line("until = later")
        for number, window in enumerate(self.plan.windows):
            self._bound(f"m{number} is not FAR", f"m{number}", window)
        for number, slot in enumerate(self.plan.slots):
            # Only the newest answer counts, so only its end does.
            if isinstance(slot.measure, p.Newest) and isinstance(slot.window, Within):
                self._bound(
                    f"x{number} is not None", f"x{number}.at.astimezone(UTC)", slot.window.duration
                )
        with self.body.block("if until is FAR:"):
            line("until = None")
        parts = [
            self._mapping(p.PlanScore, self._score),
            self._mapping(p.PlanGrade, self._grade),
            self._mapping(p.PlanGroup, self._group),
            self._mapping(p.PlanChecklist, self._checklist),
        ]
        ref = self.body.constant(self.ref)
        unknown = "UNSET"
        if self.unknowns is not None:
            names = self.unknowns.bits
            memo = Memo(
                lambda mask: tuple(sorted(name for name, bit in names.items() if mask & bit))
            )
            unknown = f"{self.body.constant(memo, 'Names')}[ask]"
        line(
            f'return Decision(1, lead.id, now, until, {ref}, "decided", {", ".join(parts)}, '
            f"{self._stage_result()}, {unknown}, warnings)"
        )

    def _bound(self, held: str, instant: str, window: Duration) -> None:
        """``until`` is at most the instant at which the event leaves the window."""
        length = exact_length(window)
        if length is None:
            name = self.body.constant(window, "Window")
            end = f"leaves({name}, {instant}, {self.body.constant(self.plan.policy.zone)})"
        else:
            end = f"{instant} + {self.body.constant(length)}"
        with self.body.block(f"if {held}:"):
            self.body.line(f"end = {end}")
            with self.body.block("if end < until:"):
                self.body.line("until = end")

    def _mapping(self, kind: type[Any], spell: Callable[[Any], str]) -> str:
        members = sorted(
            (step for step in self.plan.steps if isinstance(step, kind)),
            key=lambda step: step.name,
        )
        inner = ", ".join(f"{self.body.constant(step.name)}: {spell(step)}" for step in members)
        return f"{{{inner}}}"

    def _score(self, score: p.PlanScore) -> str:
        if self.mode == "explain":
            return f"Score({self._points()}[s_{score.name}], rows_{score.name})"
        made = Memo(lambda hundredths: d.ScoreResult(points(hundredths)))
        return self._shared(score.name, "Scores", made, f"s_{score.name}")

    def _shared(self, name: str, hint: str, memo: Memo, key: str) -> str:
        """A result that many leads share: found in a plain table, else made.

        A table that makes what it lacks is slower to look into than a plain one.
        """
        table = self.body.constant(memo.made, hint)
        with self.body.block("try:"):
            self.body.line(f"out_{name} = {table}[{key}]")
        with self.body.block("except KeyError:"):
            self.body.line(f"out_{name} = {self.body.constant(memo, 'Make')}[{key}]")
        return f"out_{name}"

    def _points(self) -> str:
        return self.body.constant(Memo(points), "Points")

    def _grade(self, grade: p.PlanGrade) -> str:
        total, letter = f"s_{grade.name}", f"l_{grade.name}"
        if self.mode == "explain":
            lacking = self.body.constant(INSUFFICIENT)
            spelled = f"{letter} or {lacking}" if grade.needs else letter
            return f"Grade({self._points()}[{total}], {spelled}, rows_{grade.name})"
        if not grade.needs:
            known = Memo(lambda key: d.GradeResult(points(key), _letter(grade, key)))
            return self._shared(grade.name, "Grades", known, total)
        memo = Memo(lambda key: d.GradeResult(points(key[0]), key[1] or INSUFFICIENT))
        return f"{self.body.constant(memo, 'Grades')}[{total}, {letter}]"

    def _group(self, group: p.PlanGroup) -> str:
        if self.mode != "explain":
            table = {row.name: d.GroupResult(row.name) for row in group.rows}
            return f"{self.body.constant(table, 'Groups')}[r_{group.name}]"
        says = self.texts.says
        told = {row.name: (row.rule, says.get(row.rule, "")) for row in group.rows}
        memo = Memo(lambda key: d.GroupResult(key[0], *told[key[0]], key[1]))
        return f"{self.body.constant(memo, 'Groups')}[r_{group.name}, over_{group.name}]"

    def _checklist(self, checklist: p.PlanChecklist) -> str:
        if self.mode != "explain":
            table = {key: d.ChecklistResult(state) for key, state in _STATES.items()}  # type: ignore[arg-type]
            return f"{self.body.constant(table, 'Checklists')}[k_{checklist.name}]"
        items = checklist.items

        def result(key: tuple[int, ...]) -> d.ChecklistResult:
            found = dict(zip((item.name for item in items), key[1:], strict=True))
            waited_for = {
                item
                for need in checklist.needs
                if key[0] == 0 and _waits(need, found)
                for item in need.items
            }
            asks = tuple(
                item.question for item in items if item.name in waited_for and found[item.name] == 0
            )
            states = {name: _STATES[state] for name, state in found.items()}
            return d.ChecklistResult(_STATES[key[0]], states, asks)  # type: ignore[arg-type]

        states = "".join(f", i_{checklist.name}_ITEM_{item.name}" for item in items)
        memo = self.body.constant(Memo(result), "Checklists")
        return f"{memo}[(k_{checklist.name}{states},)]"

    def _stage_result(self) -> str:
        if not self.plan.stages:
            return "None"
        if self.mode != "explain":
            return "move"
        with self.body.block("if since is PAST:"):
            # Without events to come, the first instant is simply the least.
            with self.body.block("if activities and not actions and later is FAR:"):
                self.body.line("since = min(map(AT, activities)).astimezone(UTC)")
            with self.body.block("else:"):
                self.body.line("since = first_instant(lead, now)")
        with self.body.block("elif since is FAR:"):
            self.body.line("since = None")
        with self.body.block("elif since.tzinfo is not UTC:"):
            self.body.line("since = since.astimezone(UTC)")
        return "Stage(*move[0], since, *move[1])"


INSUFFICIENT = "insufficient data"


def _with_mentioned(plan: p.Plan, names: frozenset[str]) -> frozenset[str]:
    """The definitions, with all that they mention, directly or through others."""
    found = set(names)
    for step in reversed(plan.steps):
        if isinstance(step, p.PlanDefinition) and step.name in found:
            found.update(definitions_in(step.when))
    return frozenset(found)


def _waits(need: NeedsItems, states: Mapping[str, int]) -> bool:
    """Whether a line's result hangs on items that are unknown."""
    if need.quantifier == "none":
        return False
    wanted = 1 if need.state == "met" else -1
    so_far = sum(states[item] == wanted for item in need.items)
    possible = sum(states[item] != -wanted for item in need.items)
    return bool(so_far < need.count <= possible)


def _letter(grade: p.PlanGrade, hundredths: int) -> str:
    """The letter of so many points."""
    return next(rung.name for rung in grade.letters if rung.low is None or hundredths >= rung.low)


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


def mentioned(step: p.Step) -> list[str]:
    """The definitions that a result mentions."""
    return [name for expr in p.expressions(step) for name in definitions_in(expr)]
