"""Lowering: from the checked policy to its plan.

Three things happen here and nowhere else: every mention of an event becomes a slot (equal ones
are shared); results are put into an order in which each needs only earlier ones; and rows that act
independently are put in the order of their rule ids, so that two policies with the same digest,
which does not look at the order in which they were written, give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from leadpact import checked as c
from leadpact import plan as p

__all__ = ["lower"]


def lower(policy: c.CheckedPolicy, probes: Sequence[c.Condition] = ()) -> p.Plan:
    """The plan of a checked policy; ``probes`` are extra conditions to be judged with it."""
    lowering = _Lowering()
    steps = tuple(lowering.step(result) for result in in_order(policy))
    stages = tuple(
        p.PlanStage(
            stage.name,
            stage.owner,
            stage.start,
            # A move into the present stage is skipped, so it need not be looked at at all.
            tuple(
                p.PlanMove(move.rule, move.to, lowering.expr(move.when))
                for move in stage.moves
                if move.to != stage.name
            ),
        )
        for stage in policy.stages
    )
    refusals = tuple(
        p.PlanRefusal(refusal.rule, refusal.because, lowering.expr(refusal.when))
        for refusal in policy.refusals
    )
    asked = tuple(lowering.expr(probe) for probe in probes)
    slots = tuple(lowering.slots)
    windows = dict.fromkeys(
        slot.window.duration for slot in slots if isinstance(slot.window, c.Within)
    )
    return p.Plan(policy, policy.fields, tuple(windows), slots, steps, stages, refusals, asked)


class _Lowering:
    """Collects slots while conditions and rows are lowered."""

    def __init__(self) -> None:
        self.slots: dict[p.Slot, int] = {}

    def slot(
        self,
        events: c.EventPattern,
        window: c.Window,
        measure: p.Count | p.Different | p.Newest,
    ) -> int:
        # The order of the parts does not matter to what is counted; sorting them shares more.
        parts = tuple(sorted(dict.fromkeys(events.parts), key=repr))
        slot = p.Slot(parts, events.of_actions, window, measure)
        return self.slots.setdefault(slot, len(self.slots))

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
            case _:
                return condition

    def step(self, result: _Result) -> p.Step:
        match result:
            case c.Score():
                return p.PlanScore(
                    result.name,
                    result.low,
                    result.high,
                    tuple(
                        p.PlanCategory(row.rule, row.name, row.at_most, self.rows(row.rows))
                        if isinstance(row, c.Category)
                        else self.row(row)
                        for row in sorted(result.rows, key=_rule)
                    ),
                )
            case c.Grade():
                return p.PlanGrade(
                    result.name, self.rows(result.rows), result.letters, result.needs
                )
            case c.Definition():
                return p.PlanDefinition(result.name, self.expr(result.when))
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

    def rows(
        self, rows: tuple[c.PointsRow | c.PointsBy, ...]
    ) -> tuple[p.PlanRow | p.PlanByRows, ...]:
        return tuple(self.row(row) for row in sorted(rows, key=_rule))

    def row(self, row: c.PointsRow | c.PointsBy) -> p.PlanRow | p.PlanByRows:
        if isinstance(row, c.PointsBy):
            return p.PlanByRows(row.field, row.rows)
        when = None if row.when is None else self.expr(row.when)
        match row.what:
            case c.EachEvent() as each:
                slot = self.slot(each.events, each.window, p.Count(each.once_per, each.up_to))
                return p.PlanRow(
                    row.rule,
                    row.points,
                    slot,
                    None,
                    None,
                    each.at_most_times,
                    each.at_most_points,
                    when,
                )
            case c.OnceEvent() as once:
                slot = self.slot(once.events, once.window, p.Count())
                return p.PlanRow(row.rule, row.points, slot, once.at_least, None, None, None, when)
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
        return p.PlanAnswer(
            item.name, item.question, self.slot(events, window, p.Newest("answer")), item
        )


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
            yield result.when
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


def results_in(condition: c.Condition) -> Iterator[str]:
    """The names of the results that a condition mentions."""
    match condition:
        case c.Not(member):
            yield from results_in(member)
        case c.All(members) | c.Any(members) | c.AtLeast(_, members):
            for member in members:
                yield from results_in(member)
        case c.ScoreTest(score):
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
            return
