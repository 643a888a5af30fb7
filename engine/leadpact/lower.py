"""Lowering: from the checked policy to its plan.

Three things happen here and nowhere else: every mention of an event becomes a slot (equal ones
are shared); results are put into an order in which each needs only earlier ones; and rows that act
independently are put in the order of their rule ids, so that two policies with the same digest,
which does not look at the order in which they were written, give the same bytes.

A plan knows no dates: what is lowered is the policy that is in force in one period
(``leadpact.dated``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from leadpact import checked as c
from leadpact import plan as p
from leadpact.arrivals import arrivals

__all__ = [
    "all_conditions",
    "conditions_of",
    "in_order",
    "lower",
    "results_in",
    "tests_in",
    "the_when",
]


def lower(
    policy: c.CheckedPolicy,
    probes: Sequence[c.Condition] = (),
    whole: c.CheckedPolicy | None = None,
) -> p.Plan:
    """The plan of a policy without dates, a period of the ``whole`` one (``None``: all of it).

    ``probes`` are extra conditions to be judged with it.
    """
    lowering = _Lowering(policy)
    gains = sorted(_gains(policy, probes))
    steps: list[p.Step] = []
    for result in in_order(policy):
        steps.append(lowering.step(result))
        if isinstance(result, c.Score):
            steps += (
                lowering.gain(result, how, stage)
                for score, how, stage in gains
                if score == result.name
            )
    stages = tuple(lowering.stage(stage) for stage in policy.stages)
    refusals = tuple(
        p.PlanRefusal(refusal.rule, refusal.because, lowering.expr(refusal.when))
        for refusal in policy.refusals
    )
    asked = tuple(lowering.expr(probe) for probe in probes)
    slots = tuple(lowering.slots)
    windows = dict.fromkeys(
        slot.window.duration for slot in slots if isinstance(slot.window, c.Within)
    )
    return p.Plan(
        policy,
        policy.fields,
        tuple(windows),
        slots,
        tuple(steps),
        stages,
        refusals,
        asked,
        tuple(lowering.restarts),
        tuple(lowering.facts.items()),
        tuple(lowering.times),
        lowering.activity,
        arrivals(whole or policy),
    )


_Measure = p.Count | p.Different | p.Newest | p.Moment | p.Decayed


class _Lowering:
    """Collects slots, and what else is asked of events, while conditions and rows are lowered."""

    def __init__(self, policy: c.CheckedPolicy) -> None:
        self.policy = policy
        self.slots: dict[p.Slot, int] = {}
        self.restarts: dict[p.PlanRestart, int] = {}
        self.facts: dict[c.LastFact | c.EventMoment, int] = {}
        self.times: dict[tuple[c.TimeFact, p.TimeLimit], None] = {}
        self.activity: int | None = None

    def slot(
        self,
        events: c.EventPattern,
        window: c.Window | p.Gaining,
        measure: _Measure,
        restart: int | None = None,
    ) -> int:
        # The order of the parts does not matter to what is counted; sorting them shares more.
        parts = tuple(sorted(dict.fromkeys(events.parts), key=repr))
        slot = p.Slot(parts, events.of_actions, window, measure, restart)
        return self.slots.setdefault(slot, len(self.slots))

    def fact(self, fact: object) -> None:
        """See that there is a slot for a fact that events tell."""
        match fact:
            case c.LastFact(events, _, _, window):
                self.facts[fact] = self.slot(events, window, p.Newest())
            case c.EventMoment(which, events, window):
                self.facts[fact] = self.slot(events, window, p.Moment(which == "last"))
            case _:
                pass

    def restart(self, restarts: tuple[c.Restart, ...]) -> int | None:
        """The number of the restart after which a row's events count."""
        if not restarts:
            return None
        slots = {
            self.slot(restart.events, c.Ever(), p.Moment(last=True))
            for restart in restarts
            if restart.events is not None
        }
        stages = {restart.stage for restart in restarts if restart.stage is not None}
        made = p.PlanRestart(tuple(sorted(slots)), tuple(sorted(stages)))
        return self.restarts.setdefault(made, len(self.restarts))

    def see_inactivity(self, inactivity: c.Inactivity | None) -> None:
        if inactivity is not None and self.activity is None:
            kinds = [kind for kind in self.policy.kinds if kind.party is None and not kind.signal]
            parts = tuple(c.PatternPart(kind.name, None) for kind in kinds)
            any_activity = c.EventPattern("activity", "", parts, of_actions=False)
            self.activity = self.slot(any_activity, c.Ever(), p.Moment(last=True))

    def expr(self, condition: c.Condition) -> p.Expr:
        match condition:
            case c.Not(member):
                return p.Not(self.expr(member))
            case c.All(members):
                return p.All(tuple(self.expr(member) for member in members))
            case c.Any(members):
                return p.Any(tuple(self.expr(member) for member in members))
            case c.AtLeast(count, members):
                return p.AtLeast(count, tuple(self.expr(member) for member in members))
            case c.EventTest(events, op, count, different, window):
                measure = p.Count() if different is None else p.Different(different)
                return p.SlotTest(self.slot(events, window, measure), op, count)
            case c.TimeTest() | c.DateTest():
                self.fact(condition.fact)
                if isinstance(condition, c.TimeTest):
                    self.times[condition.fact, self.limit(condition)] = None
                return condition
            case c.NumberTest() | c.TextTest() | c.ChoiceTest() | c.IncludesTest():
                self.fact(condition.fact)
                return condition
            case c.YesNoTest() | c.KnownTest():
                self.fact(condition.fact)
                return condition
            case _:
                return condition

    def limit(self, test: c.TimeTest) -> p.TimeLimit:
        return p.time_limit(test, self.policy.fields)

    def step(self, result: _Result) -> p.Step:
        match result:
            case c.Score():
                return p.PlanScore(
                    result.name,
                    result.low,
                    result.high,
                    tuple(self.score_row(row, result) for row in sorted(result.rows, key=_rule)),
                    self.inactivity(result.inactivity),
                )
            case c.Grade():
                return p.PlanGrade(
                    result.name, self.rows(result.rows), result.letters, result.needs
                )
            case c.Definition():
                return p.PlanDefinition(result.name, self.expr(the_when(result)))
            case c.Group():
                rows = (
                    p.PlanGroupRow(
                        row.rule,
                        row.name,
                        row.kind,
                        None if row.when is None else self.expr(row.when),
                    )
                    for row in result.rows
                )
                return p.PlanGroup(result.name, tuple(rows))
            case c.Checklist():
                items = tuple(self.item(item) for item in result.items)
                return p.PlanChecklist(result.name, items, result.needs)
            case _:
                assert_never(result)

    def inactivity(self, inactivity: c.Inactivity | None) -> c.Inactivity | None:
        self.see_inactivity(inactivity)
        return inactivity

    def score_row(
        self, row: c.PointsRow | c.PointsBy | c.Category, score: c.Score
    ) -> p.PlanRow | p.PlanByRows | p.PlanCategory:
        if not isinstance(row, c.Category):
            return self.row(row, self.restart(score.restarts))
        rows = self.rows(row.rows, self.restart((*score.restarts, *row.restarts)))
        inactivity = self.inactivity(row.inactivity)
        return p.PlanCategory(row.rule, row.name, row.at_most, rows, inactivity)

    def gain(self, score: c.Score, how: str, stage: str) -> p.PlanGain:
        """The rows about events that give points, over what happened since."""
        since = p.Gaining(how, stage)
        name = p.gain_name(score.name, how, stage)
        rows: list[p.PlanRow | p.PlanByRows | p.PlanCategory] = []
        for row in sorted(score.rows, key=_rule):
            if isinstance(row, c.Category):
                inner = tuple(self.row(_gaining(one), None, since) for one in _events_in(row.rows))
                rows.append(p.PlanCategory(row.rule, row.name, row.at_most, inner))
            else:
                rows += (self.row(_gaining(one), None, since) for one in _events_in((row,)))
        return p.PlanGain(name, since, p.PlanScore(name, None, None, tuple(rows)))

    def rows(
        self, rows: tuple[c.PointsRow | c.PointsBy, ...], restart: int | None = None
    ) -> tuple[p.PlanRow | p.PlanByRows, ...]:
        return tuple(self.row(row, restart) for row in sorted(rows, key=_rule))

    def row(
        self,
        row: c.PointsRow | c.PointsBy,
        restart: int | None,
        since: p.Gaining | None = None,
    ) -> p.PlanRow | p.PlanByRows:
        """A row of points; with ``since`` in place of its window."""
        if isinstance(row, c.PointsBy):
            return p.PlanByRows(row.field, row.rows)
        when = None if row.when is None else self.expr(row.when)
        match row.what:
            case c.EachEvent(events, once_per, up_to, window, times, most, decay):
                look = (events, since or window)
                if decay is None:
                    slot = self.slot(*look, p.Count(once_per, up_to), restart)
                    return p.PlanRow(row.rule, row.points, slot, None, None, times, most, when)
                decayed = p.Decayed(row.points, decay, once_per, up_to, times)
                share = self.slot(*look, decayed, restart)
                return p.PlanRow(row.rule, row.points, None, None, None, times, most, when, share)
            case c.OnceEvent(events, least, window, decay):
                look = (events, since or window)
                slot = self.slot(*look, p.Count(), restart)
                newest = None
                if decay is not None:
                    once = p.Decayed(row.points, decay, at_most_times=1)
                    newest = self.slot(*look, once, restart)
                return p.PlanRow(row.rule, row.points, slot, least, None, None, None, when, newest)
            case c.ForEvery() as every:
                return p.PlanRow(
                    row.rule, row.points, None, None, every, None, every.at_most_points, when
                )
            case None:
                return p.PlanRow(row.rule, row.points, None, None, None, None, None, when)
            case _:
                assert_never(row.what)

    def item(self, item: c.AskedItem | c.AnsweredItem) -> p.PlanAsked | p.PlanAnswer:
        if isinstance(item, c.AskedItem):
            not_met = None if item.not_met_when is None else self.expr(item.not_met_when)
            return p.PlanAsked(item.name, item.question, self.expr(item.met_when), not_met)
        window: c.Window = c.Ever() if item.good_for is None else c.Within(item.good_for)
        part = c.PatternPart(item.kind, None)
        events = c.EventPattern(item.kind, item.question, (part,), of_actions=True)
        return p.PlanAnswer(item.name, item.question, self.slot(events, window, p.Newest()), item)

    def stage(self, stage: c.Stage) -> p.PlanStage:
        # A move into the present stage is skipped, so it need not be looked at at all.
        everywhere = [
            move
            for block in self.policy.any_stages
            if stage.name not in block.excepted
            for move in block.moves
            if move.to != stage.name
        ]
        own = [move for move in stage.moves if move.to != stage.name]
        return p.PlanStage(
            stage.name,
            stage.owner,
            stage.start,
            tuple(
                self.move(move) if isinstance(move, c.Move) else self.time_out(move)
                for move in everywhere
            ),
            tuple(self.move(move) for move in own if isinstance(move, c.Move)),
            tuple(self.time_out(move) for move in own if isinstance(move, c.TimeOut)),
            tuple(self.target(target) for target in stage.targets),
        )

    def move(self, move: c.Move) -> p.PlanMove:
        self.fact(move.because)
        return p.PlanMove(move.rule, move.to, self.expr(move.when), move)

    def time_out(self, out: c.TimeOut) -> c.TimeOut:
        self.fact(out.because)
        return out

    def target(self, target: c.Target) -> p.PlanTarget:
        when = None if target.when is None else self.expr(target.when)
        starts = target.starts_when
        # Its events are looked at over time, so they are no slots of this plan.
        apart = None if starts is None else _Lowering(self.policy).expr(starts)
        return p.PlanTarget(target, when, apart)


def _events_in(
    rows: tuple[c.PointsRow | c.PointsBy, ...],
) -> Iterator[c.PointsRow]:
    """The rows about events that give points, in the order of their rule ids."""
    for row in sorted(rows, key=_rule):
        if isinstance(row, c.PointsBy) or row.points <= 0:
            continue
        if isinstance(row.what, (c.EachEvent, c.OnceEvent)):
            yield row


def _gaining(row: c.PointsRow) -> c.PointsRow:
    """The row without its decay: what was gained is not lost again."""
    assert isinstance(row.what, (c.EachEvent, c.OnceEvent))
    return replace(row, what=replace(row.what, decay=None))


def _gains(
    policy: c.CheckedPolicy, probes: Sequence[c.Condition]
) -> frozenset[tuple[str, str, str]]:
    """Which gains are asked for, wherever."""
    found: set[c.GainedTest] = set()
    for condition in (*all_conditions(policy), *probes):
        found.update(test for test in tests_in(condition) if isinstance(test, c.GainedTest))
    return frozenset((test.score, test.how, test.stage) for test in found)


def _rule(row: c.PointsRow | c.PointsBy | c.Category) -> tuple[str, str]:
    """Where a row stands among those that act independently; categories by themselves."""
    match row:
        case c.PointsBy():
            return "", row.rows[0].rule
        case c.Category():
            return "category", row.rule
        case _:
            return "", row.rule


# --- the order of results ----------------------------------------------------------------------

_Result = c.Score | c.Grade | c.Definition | c.Group | c.Checklist


def in_order(policy: c.CheckedPolicy) -> tuple[_Result, ...]:
    """All results, each after those that it mentions. The checker has ruled out circles."""
    results: dict[str, _Result] = {
        result.name: result
        for results in (
            policy.scores,
            policy.grades,
            policy.definitions,
            policy.groups,
            policy.checklists,
        )
        for result in results
    }
    done: dict[str, _Result] = {}
    waiting = [(name, False) for name in sorted(results, reverse=True)]
    # A stack of our own: definitions can be nested deeper than Python's.
    while waiting:
        name, expanded = waiting.pop()
        if name in done:
            continue
        if expanded:
            done[name] = results[name]
            continue
        waiting.append((name, True))
        mentions = {
            mention
            for condition in conditions_of(results[name])
            for mention in results_in(condition)
        }
        waiting.extend((mention, False) for mention in sorted(mentions - done.keys()))
    return tuple(done.values())


def conditions_of(result: _Result) -> Iterator[c.Condition]:
    """Every condition that stands in a result."""
    match result:
        case c.Score() | c.Grade():
            for row in result.rows:
                rows = row.rows if isinstance(row, c.Category) else (row,)
                for inner in rows:
                    if isinstance(inner, c.PointsRow) and inner.when is not None:
                        yield inner.when
        case c.Definition():
            yield from (dated.when for dated in result.whens)
        case c.Group():
            yield from (row.when for row in result.rows if row.when is not None)
        case c.Checklist():
            for item in result.items:
                if isinstance(item, c.AskedItem):
                    yield item.met_when
                    if item.not_met_when is not None:
                        yield item.not_met_when
        case _:
            assert_never(result)


def the_when(definition: c.Definition) -> c.Condition:
    """The condition of a definition of a policy without dates."""
    return definition.whens[0].when


def all_conditions(policy: c.CheckedPolicy) -> Iterator[c.Condition]:
    """Every condition of a policy, wherever it stands (but those of examples and guarantees)."""
    for result in in_order(policy):
        yield from conditions_of(result)
    yield from (refusal.when for refusal in policy.refusals)
    moves = [move for anywhere in policy.any_stages for move in anywhere.moves]
    moves += [move for stage in policy.stages for move in stage.moves]
    yield from (move.when for move in moves if isinstance(move, c.Move))
    for stage in policy.stages:
        for target in stage.targets:
            if target.when is not None:
                yield target.when
            if target.starts_when is not None:
                yield target.starts_when


def tests_in(condition: c.Condition) -> Iterator[c.Condition]:
    """The tests of which a condition is made."""
    waiting = [condition]
    while waiting:
        match waiting.pop():
            case c.Not(member):
                waiting.append(member)
            case c.All(members) | c.Any(members) | c.AtLeast(_, members):
                waiting.extend(members)
            case test:
                yield test


def results_in(condition: c.Condition) -> Iterator[str]:
    """The names of the results that a condition mentions."""
    for test in tests_in(condition):
        match test:
            case c.ScoreTest(score) | c.GainedTest(score):
                yield score
            case c.GradeTest(grade) | c.GradeKnown(grade):
                yield grade
            case c.GroupTest(group):
                yield group
            case c.ChecklistTest(checklist):
                yield checklist
            case c.Defined(name):
                yield name
            case _:
                pass
