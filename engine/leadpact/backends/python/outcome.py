"""The end of the generated code: until when the decision holds, and the decision itself.

Results that many leads share are made once each and handed out; they are frozen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

from leadpact import decision as d
from leadpact import plan as p
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.memo import Memo
from leadpact.backends.python.rows import Texts
from leadpact.backends.python.sleeping import worklists
from leadpact.backends.python.told import Told
from leadpact.backends.python.unknowns import Unknowns
from leadpact.backends.python.writer import Writer
from leadpact.checked import (
    DateTest,
    Duration,
    NeedsItems,
    StageMoment,
    StageTest,
    TimeFact,
    Within,
)
from leadpact.operators.decimals import points
from leadpact.operators.times import day_start, exact_length

__all__ = ["Outcome"]

_STATES = {1: "met", -1: "not met", 0: "unknown"}
INSUFFICIENT = "insufficient data"


class Outcome:
    """Writes what is returned about a lead that was not refused."""

    def __init__(
        self,
        plan: p.Plan,
        body: Writer,
        facts: Facts,
        told: Told,
        ref: d.PolicyRef,
        texts: Texts,
        unknowns: Unknowns | None,
        idle_periods: Collection[str],
    ) -> None:
        self.idle_periods = idle_periods
        self.plan = plan
        self.body = body
        self.facts = facts
        self.told = told
        self.ref = ref
        self.texts = texts
        self.unknowns = unknowns
        self.explains = unknowns is not None

    def write_until(self, sleeps: bool, clocks: bool = False) -> None:
        """Write ``until``: when the decision may change though nothing new has happened."""
        line = self.body.line
        line("until = later if later < bound else bound" if clocks else "until = later")
        if sleeps:
            with self.body.block("if asleep and sleep.until < until:"):
                line("until = sleep.until")
        for number, window in enumerate(self.plan.windows):
            self._bound(f"m{number} is not FAR", f"m{number}", window)
        for number, slot in enumerate(self.plan.slots):
            # Only the newest answer counts, so only its end does.
            if isinstance(slot.measure, p.Newest) and isinstance(slot.window, Within):
                self._bound(
                    f"x{number} is not None", f"x{number}.at.astimezone(UTC)", slot.window.duration
                )
        if any(isinstance(slot.measure, p.Decayed) for slot in self.plan.slots):
            with self.body.block("if aged is not NEW:"):
                self._least("now + DAY - aged")
        for fact, limit in self.plan.times:
            self._turns(fact, limit)
        for test in dict.fromkeys(self.plan.tests()):
            if isinstance(test, StageTest) and test.within is not None:
                self._leaves(test, self.told.stage(test))
            elif isinstance(test, DateTest) and isinstance(test.fact, StageMoment):
                self._floats(test, test.fact)
        for period in self.idle_periods:
            self._next_period(period)
        with self.body.block("if until is FAR:"):
            line("until = None")

    def write(self, sleeps: bool, clocks: bool) -> None:
        """Write ``until`` and the ``return``."""
        self.write_until(sleeps, clocks)
        line = self.body.line
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
        stage = self._stage_result(sleeps, clocks)
        targets, listed = self._targets(clocks), self._worklists()
        line(
            f'return Decision(1, lead.id, now, until, {ref}, "decided", {", ".join(parts)}, '
            f"{stage}, {targets}, {listed}, {unknown}, warnings)"
        )

    def _targets(self, clocks: bool) -> str:
        has = any(stage.targets for stage in self.plan.policy.stages)
        if not self.explains and not has:
            return "UNSET"
        return "targets" if clocks else "()"

    def _worklists(self) -> str:
        if not self.explains:
            return "UNSET"
        listed = worklists(self.plan.policy, self.plan.arrivals) if self.plan.stages else None
        if listed is None:
            return "()"
        return f"({self.body.constant(listed, 'Worklists')}(lead, now) if lead.moves else ())"

    def _least(self, instant: str) -> None:
        self.body.line(f"end = {instant}")
        with self.body.block("if end < until:"):
            self.body.line("until = end")

    def _turns(self, fact: TimeFact, limit: p.TimeLimit) -> None:
        """When a comparison of a time with the present changes its outcome."""
        time = self.told.time(fact, limit.days, self.facts)
        length = self.body.constant(limit.duration, "Length")
        ahead = limit.direction == "ahead"
        with self.body.block(f"if {time} is not None:"):
            self.body.line(
                f"end = turns({length}, {ahead}, {limit.strict}, {limit.days}, {time}, ZONE)"
            )
            with self.body.block("if end is not None and now < end < until:"):
                self.body.line("until = end.astimezone(UTC)")

    def _leaves(self, test: StageTest, name: str) -> None:
        """When a stage that the lead left some time ago is no longer within reach."""
        length = self.body.constant(test.within, "Length")
        with self.body.block(f"if {name} and stage != {self.body.constant(test.stage)}:"):
            self._least(f"history.reaches({self.body.constant(test.stage)}, {length}, ZONE)")

    def _floats(self, test: DateTest, fact: StageMoment) -> None:
        """When a lead without events, which is in its start stage since the very instant of each
        decision, has come there on another side of a day.
        """
        zone = self.plan.policy.zone
        days = (test.value, test.value + timedelta(days=1))
        with self.body.block(f"if {self.told.moment(fact)} == now:"):
            for day in days:
                border = self.body.constant(day_start(day, zone))
                with self.body.block(f"if now < {border} < until:"):
                    self.body.line(f"until = {border}")

    def _next_period(self, period: str) -> None:
        """When another full period without activity is over."""
        last = f"c{self.plan.activity}"
        with self.body.block(f"if {last} is not None:"):
            self._least(f"next_period({period!r}, {last}, idle_{period}, ZONE)")

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
        if self.explains:
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
        if self.explains:
            lacking = self.body.constant(INSUFFICIENT)
            spelled = f"{letter} or {lacking}" if grade.needs else letter
            return f"Grade({self._points()}[{total}], {spelled}, rows_{grade.name})"
        if not grade.needs:
            known = Memo(lambda key: d.GradeResult(points(key), _letter(grade, key)))
            return self._shared(grade.name, "Grades", known, total)
        memo = Memo(lambda key: d.GradeResult(points(key[0]), key[1] or INSUFFICIENT))
        return f"{self.body.constant(memo, 'Grades')}[{total}, {letter}]"

    def _group(self, group: p.PlanGroup) -> str:
        if not self.explains:
            table = {row.name: d.GroupResult(row.name) for row in group.rows}
            return f"{self.body.constant(table, 'Groups')}[r_{group.name}]"
        says = self.texts.says
        told = {row.name: (row.rule, says.get(row.rule, "")) for row in group.rows}
        memo = Memo(lambda key: d.GroupResult(key[0], *told[key[0]], key[1]))
        return f"{self.body.constant(memo, 'Groups')}[r_{group.name}, over_{group.name}]"

    def _checklist(self, checklist: p.PlanChecklist) -> str:
        if not self.explains:
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

    def _stage_result(self, sleeps: bool, clocks: bool) -> str:
        if not self.plan.stages:
            return "None"
        if not self.explains:
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
        pending = "pending" if clocks else "()"
        asleep = "None if sleep.until is FAR else sleep.until" if sleeps else "None"
        return f"Stage(*move[0], since, *move[1], because, {pending}, {asleep})"


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
