"""A policy without one of its rows, for each row in turn.

Left out are rows of points, of groups and of checklists, letters, moves, refusals and what a
grade or checklist needs. Rows that give ``+0`` and last rows (``otherwise``) are not: the first
only say something, the second must be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from leadpact import checked as c
from leadpact import english
from leadpact.mutation.tree import every, rewritten
from leadpact_dsl import Span

__all__ = ["left_out"]

Without: TypeAlias = tuple[c.CheckedPolicy, str, str, Span]
"""The policy, what was left out in words, its rule, its place."""

T = TypeVar("T")


def left_out(policy: c.CheckedPolicy) -> Iterator[Without]:
    """Every valid policy with one row less."""
    said = english.sentences(policy)
    for changed, row in _each(policy):
        rule = getattr(row, "rule", "")
        yield changed, f"left out: {said.get(rule) or _needs(policy, row)}", rule, row.span


def _needs(policy: c.CheckedPolicy, row: Any) -> str:
    if isinstance(row, c.NeedsKnown):
        return english.needs_known_says(policy, row)
    checklist = next(one for one in policy.checklists if row in one.needs)
    return english.needs_items_says(policy, checklist.name, row)


def _each(policy: c.CheckedPolicy) -> Iterator[tuple[c.CheckedPolicy, Any]]:
    for rest, refusal in _without(policy.refusals):
        yield replace(policy, refusals=rest), refusal
    for score in policy.scores:
        for changed_score, row in _of_score(score):
            yield _with(policy, "scores", score, changed_score), row
    for grade in policy.grades:
        for changed, row in _of_grade(policy, grade):
            without = _with(policy, "grades", grade, changed)
            yield _naming_only(without, changed) if isinstance(row, c.Letter) else without, row
    for group in policy.groups:
        for remaining, group_row in _without(group.rows):
            if group_row.kind != "otherwise" and not _mentions_row(policy, group, group_row):
                yield _with(policy, "groups", group, replace(group, rows=remaining)), group_row
    for checklist in policy.checklists:
        for changed_list, row in _of_checklist(policy, checklist):
            yield _with(policy, "checklists", checklist, changed_list), row
    for anywhere in policy.any_stages:
        for moves, move in _without(anywhere.moves):
            yield _with(policy, "any_stages", anywhere, replace(anywhere, moves=moves)), move
    for stage in policy.stages:
        for moves, move in _without(stage.moves):
            yield _with(policy, "stages", stage, replace(stage, moves=moves)), move
        for target in stage.targets:
            for backs, back in _without(target.hands_back):
                changed_target = replace(target, hands_back=backs)
                targets = tuple(changed_target if one is target else one for one in stage.targets)
                yield _with(policy, "stages", stage, replace(stage, targets=targets)), back


def _without(rows: tuple[T, ...]) -> Iterator[tuple[tuple[T, ...], T]]:
    for index, row in enumerate(rows):
        yield rows[:index] + rows[index + 1 :], row


def _with(policy: c.CheckedPolicy, name: str, old: object, new: object) -> c.CheckedPolicy:
    members = tuple(new if one is old else one for one in getattr(policy, name))
    changes: dict[str, Any] = {name: members}
    return replace(policy, **changes)


def _of_score(score: c.Score) -> Iterator[tuple[c.Score, Any]]:
    """A score without a row, or without what makes it (or a category) start again or fade."""
    for rows, row in _points(score.rows):
        yield replace(score, rows=rows), row
    for index, row in enumerate(score.rows):
        if isinstance(row, c.Category):
            for changed, gone in _without_losses(row):
                rows = (*score.rows[:index], changed, *score.rows[index + 1 :])
                yield replace(score, rows=rows), gone
    yield from _without_losses(score)


L = TypeVar("L", c.Score, c.Category)


def _without_losses(owner: L) -> Iterator[tuple[L, Any]]:
    if owner.inactivity is not None:
        yield replace(owner, inactivity=None), owner.inactivity
    for restarts, restart in _without(owner.restarts):
        yield replace(owner, restarts=restarts), restart


def _points(rows: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    for index, row in enumerate(rows):
        before, after = rows[:index], rows[index + 1 :]
        if isinstance(row, c.Category):
            for inner, gone in _points(row.rows):
                yield (*before, replace(row, rows=inner), *after), gone
        elif isinstance(row, c.PointsBy):
            for by_rows, by_row in _without(row.rows):
                if by_row.points:
                    yield (*before, replace(row, rows=by_rows), *after), by_row
        elif row.points:
            # A row without points does nothing, and an emptied block needs no special care.
            yield (*before, replace(row, points=0), *after), row


def _of_grade(policy: c.CheckedPolicy, grade: c.Grade) -> Iterator[tuple[c.Grade, Any]]:
    for rows, row in _points(grade.rows):
        yield replace(grade, rows=rows), row
    for needs, need in _without(grade.needs):
        yield replace(grade, needs=needs), need
    for letters, letter in _without(grade.letters):
        if letter.low is not None and not _mentions_letter(policy, grade, letter):
            yield replace(grade, letters=letters), letter


def _naming_only(policy: c.CheckedPolicy, grade: c.Grade) -> c.CheckedPolicy:
    """The policy with "B or better" meaning only letters that the grade still has."""
    left = {letter.name for letter in grade.letters}

    def without(test: c.GradeTest) -> c.GradeTest:
        if test.grade != grade.name or not test.or_better or test.letters[-1] not in left:
            return test
        return replace(test, letters=tuple(name for name in test.letters if name in left))

    changed: c.CheckedPolicy = rewritten(policy, c.GradeTest, without)
    return changed


def _of_checklist(
    policy: c.CheckedPolicy, checklist: c.Checklist
) -> Iterator[tuple[c.Checklist, Any]]:
    for items, item in _without(checklist.items):
        needs = tuple(_needs_without(need, item.name) for need in checklist.needs)
        enough = all(need.items and need.count <= len(need.items) for need in needs)
        if items and enough and not _mentions_item(policy, checklist, item):
            yield replace(checklist, items=items, needs=needs), item
    if len(checklist.needs) > 1:
        for rest, need in _without(checklist.needs):
            yield replace(checklist, needs=rest), need


def _needs_without(need: c.NeedsItems, name: str) -> c.NeedsItems:
    items = tuple(item for item in need.items if item != name)
    everything = need.quantifier == "at least" and need.count == len(need.items)
    return replace(need, items=items, count=len(items) if everything else need.count)


# --- what still names the row makes the policy invalid -----------------------------------------


def _mentions_row(policy: c.CheckedPolicy, group: c.Group, row: c.GroupRow) -> bool:
    return any(
        test.group == group.name and row.name in test.rows
        for test in every(_rules(policy), c.GroupTest)
    )


def _mentions_letter(policy: c.CheckedPolicy, grade: c.Grade, letter: c.Letter) -> bool:
    """Whether a rule names the letter; "B or better" names only B, the last of its letters."""
    return any(
        test.grade == grade.name
        and (test.letters[-1:] if test.or_better else test.letters).count(letter.name)
        for test in every(_rules(policy), c.GradeTest)
    )


def _mentions_item(policy: c.CheckedPolicy, checklist: c.Checklist, item: Any) -> bool:
    return any(
        test.checklist == checklist.name and test.item == item.name
        for test in every(_rules(policy), c.ChecklistTest)
    )


def _rules(policy: c.CheckedPolicy) -> tuple[object, ...]:
    """All that has conditions but the examples: those notice what is gone."""
    return (
        policy.scores,
        policy.grades,
        policy.definitions,
        policy.groups,
        policy.checklists,
        policy.any_stages,
        policy.stages,
    )
