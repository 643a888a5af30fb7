"""Grades' letters, groups, checklists and definitions, and the scores through ``Points``."""

from __future__ import annotations

from typing import assert_never

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.dialects import both, either
from leadpact.backends.sql.expressions import Spelling, gain_column, item_column
from leadpact.backends.sql.matching import compared, total
from leadpact.backends.sql.relations import OutKind
from leadpact.backends.sql.scores import Points
from leadpact.backends.sql.sheet import case, coalesce, column, text, whole
from leadpact.checked import FieldFact, NeedsItems

__all__ = ["INSUFFICIENT", "Results"]

INSUFFICIENT = "insufficient data"


class Results:
    """Writes the results of a plan as columns, each after those that it needs."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.points = Points(spelling)

    def write(self, step: p.Step) -> None:
        match step:
            case p.PlanScore():
                self.points.score(step, f"score.{step.name}")
            case p.PlanGain():
                self.points.score(step.score, gain_column(step.name))
            case p.PlanGrade():
                self._grade(step)
            case p.PlanDefinition(name, when):
                self._named(f"defined {name}", self.spelling.test(when))
            case p.PlanGroup():
                self._group(step)
            case p.PlanChecklist():
                self._checklist(step)
            case _:
                assert_never(step)

    def _named(self, name: str, value: exp.Expression) -> exp.Column:
        return self.spelling.sheet.put(name, value)

    def _grade(self, grade: p.PlanGrade) -> None:
        points = self.points.grade(grade, f"grade.{grade.name}")
        rungs = [rung for rung in grade.letters if rung.low is not None]
        last = next((rung for rung in grade.letters if rung.low is None), None)
        letter = case(
            *((compared(points, ">=", whole(rung.low or 0)), text(rung.name)) for rung in rungs),
            otherwise=None if last is None else text(last.name),
        )
        enough = []
        for needs in grade.needs:
            known = [
                case((self.spelling.value(FieldFact(name)).known(), whole(1)), otherwise=whole(0))
                for name in needs.fields
            ]
            enough.append(compared(total(known), ">=", whole(needs.count)))
        if enough:
            letter = case((both(*enough), letter))
        self._named(f"letter {grade.name}", letter)

    def _group(self, group: p.PlanGroup) -> None:
        branches: list[tuple[exp.Expression, exp.Expression]] = []
        otherwise: exp.Expression | None = None
        above: list[exp.Expression] = []
        watched = any(row.kind == "unknown" for row in group.rows)
        for row in group.rows:
            if row.when is not None:
                test = self.spelling.test(row.when)
                if watched:
                    test = self.spelling.sheet.add(row.rule, test)
                    above.append(exp.Is(this=test.copy(), expression=exp.Null()))
                branches.append((test, text(row.name)))
            elif row.kind == "unknown":
                if above:
                    branches.append((either(*above), text(row.name)))
            else:
                otherwise = text(row.name)
        self._named(f"group.{group.name}", case(*branches, otherwise=otherwise))

    # --- checklists ----------------------------------------------------------------------------

    def _checklist(self, checklist: p.PlanChecklist) -> None:
        """Items and the checklist are yes (met), no (not met) or NULL."""
        items: dict[str, exp.Expression] = {}
        for item in checklist.items:
            name = item_column(checklist.name, item.name)
            items[item.name] = self._named(name, self._item(item))
        needs = [self._need(need, items) for need in checklist.needs]
        self._named(f"met {checklist.name}", both(*needs))

    def _item(self, item: p.PlanAsked | p.PlanAnswer) -> exp.Expression:
        if isinstance(item, p.PlanAnswer):
            return self.spelling.slots.newest.answer(item.slot)
        met = self.spelling.test(item.met)
        if item.not_met is None:
            return met
        return case((met, exp.true()), (self.spelling.test(item.not_met), exp.false()))

    def _need(self, need: NeedsItems, items: dict[str, exp.Expression]) -> exp.Expression:
        wanted = need.state == "met"
        states = [items[name] for name in need.items]
        held = [state if wanted else exp.Not(this=state.copy()) for state in states]
        so_far = total([case((each.copy(), whole(1)), otherwise=whole(0)) for each in held])
        if need.quantifier == "none":
            return compared(so_far, "==", whole(0))
        other = [exp.Not(this=state.copy()) if wanted else state for state in states]
        possible = total([case((each.copy(), whole(0)), otherwise=whole(1)) for each in other])
        return case(
            (compared(so_far, ">=", whole(need.count)), exp.true()),
            (compared(possible, "<", whole(need.count)), exp.false()),
        )

    def output(self) -> list[tuple[str, OutKind, exp.Expression]]:
        """Name, kind and value of each result's columns, in the order of the policy."""
        policy = self.spelling.plan.policy
        found: list[tuple[str, OutKind, exp.Expression]] = []
        for score in policy.scores:
            name = f"score.{score.name}"
            found.append((name, "hundredths", column(name)))
        for grade in policy.grades:
            name = f"grade.{grade.name}"
            found.append((name, "hundredths", column(name)))
            letter = coalesce(column(f"letter {grade.name}"), text(INSUFFICIENT))
            found.append((f"letter.{grade.name}", "text", letter))
        for group in policy.groups:
            name = f"group.{group.name}"
            found.append((name, "text", column(name)))
        for checklist in policy.checklists:
            met = column(f"met {checklist.name}")
            state = case(
                (met, text("met")),
                (exp.Not(this=met.copy()), text("not met")),
                otherwise=text("unknown"),
            )
            found.append((f"checklist.{checklist.name}", "text", state))
        return found
