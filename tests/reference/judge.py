"""Scores, grades, groups, checklists, moves and conditions of one lead at one instant.

Everything is worked out again wherever it is mentioned: slow, and with nothing to get wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from tests.reference.admission import Event, properties_as_text
from tests.reference.conditions import (
    FIELD_TESTS,
    NESTED,
    Truth,
    all_of,
    at_least,
    compare_numbers,
    field_test,
    is_known,
    negate,
    nested,
)
from tests.reference.instants import is_within
from tests.reference.points import Row, Situation, event_test, points_by, points_row

from leadpact.checked import (
    AnsweredItem,
    AskedItem,
    Category,
    CheckedPolicy,
    Checklist,
    ChecklistTest,
    Condition,
    Defined,
    EventTest,
    Grade,
    GradeKnown,
    GradeTest,
    Group,
    GroupRow,
    GroupTest,
    Move,
    NeedsItems,
    PointsBy,
    PointsRow,
    Score,
    ScoreTest,
)

ItemState = Literal["met", "not met", "unknown"]


@dataclass(frozen=True)
class Judged:
    policy: CheckedPolicy
    case: Situation


# --- scores and grades -------------------------------------------------------------------------


def total(rows: Sequence[Row]) -> int:
    return sum(row.points for row in rows)


def plain_rows(judged: Judged, rows: Sequence[PointsRow | PointsBy]) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        acted = (
            points_by(judged.case, row)
            if isinstance(row, PointsBy)
            else points_row(judged.case, row, lambda when: holds(judged, when))
        )
        if acted is not None:
            found.append(acted)
    return found


def correction(rule: str, points: int) -> list[Row]:
    """The row for what a cap or a clamp takes or gives; none where it changes nothing."""
    return [Row(rule, points, None, True, None, None)] if points != 0 else []


def category_rows(judged: Judged, category: Category) -> list[Row]:
    rows = plain_rows(judged, category.rows)
    if category.at_most is not None and total(rows) > category.at_most:
        rows += correction(f"{category.rule}.at_most", category.at_most - total(rows))
    return rows


def score_rows(judged: Judged, score: Score) -> list[Row]:
    rows: list[Row] = []
    for row in score.rows:
        if isinstance(row, Category):
            rows += category_rows(judged, row)
        else:
            rows += plain_rows(judged, [row])
    if score.high is not None and total(rows) > score.high:
        rows += correction(f"{score.name}.at_most", score.high - total(rows))
    if score.low is not None and total(rows) < score.low:
        rows += correction(f"{score.name}.at_least", score.low - total(rows))
    return rows


def grade_rows(judged: Judged, grade: Grade) -> list[Row]:
    return plain_rows(judged, grade.rows)


def letter_of(judged: Judged, grade: Grade) -> str | None:
    """The grade's letter; ``None`` while too few of the facts that it needs are known."""
    values = judged.case.lead.values
    for needs in grade.needs:
        if len([field for field in needs.fields if is_known(values[field])]) < needs.count:
            return None
    points = total(grade_rows(judged, grade))
    for letter in grade.letters:
        if letter.low is None or points >= letter.low:
            return letter.name
    return None


# --- groups ------------------------------------------------------------------------------------


def group_row(judged: Judged, group: Group) -> tuple[GroupRow, list[str]]:
    """The row that wins, and the rules of those above it that are unknown."""
    passed_over: list[str] = []
    for row in group.rows:
        match row.kind:
            case "otherwise":
                return row, passed_over
            case "unknown":
                if passed_over:
                    return row, passed_over
            case "when":
                assert row.when is not None
                truth = holds(judged, row.when)
                if truth is True:
                    return row, passed_over
                if truth is None:
                    passed_over.append(row.rule)
            case _:
                assert_never(row.kind)
    raise ValueError(f"no row of {group.name} wins")


# --- checklists --------------------------------------------------------------------------------


def item_state(judged: Judged, item: AskedItem | AnsweredItem) -> ItemState:
    if isinstance(item, AnsweredItem):
        return answer(judged, item)
    met = holds(judged, item.met_when)
    if met is True:
        return "met"
    not_met = negate(met) if item.not_met_when is None else holds(judged, item.not_met_when)
    return "not met" if not_met is True else "unknown"


def answer(judged: Judged, item: AnsweredItem) -> ItemState:
    """What the newest answer says, as long as it is good."""
    answers = [event for event in judged.case.lead.events if event.kind == item.kind]
    if not answers:
        return "unknown"
    newest = max(answers, key=_order_of_last)
    case = judged.case
    if item.good_for is not None and not is_within(newest.at, item.good_for, case.as_of, case.zone):
        return "unknown"
    return "met" if newest.values["answer"] is True else "not met"


def _order_of_last(event: Event) -> tuple[datetime, str, str]:
    return event.at, event.id or "", properties_as_text(event)


def need_holds(judged: Judged, checklist: Checklist, needs: NeedsItems) -> Truth:
    states = [item_state(judged, item) for item in checklist.items if item.name in needs.items]
    truths: list[Truth] = [None if state == "unknown" else state == needs.state for state in states]
    match needs.quantifier:
        case "at least":
            return at_least(needs.count, truths)
        case "none":
            return True not in truths
        case _:
            assert_never(needs.quantifier)


def checklist_state(judged: Judged, checklist: Checklist) -> ItemState:
    truth = all_of([need_holds(judged, checklist, needs) for needs in checklist.needs])
    return "unknown" if truth is None else "met" if truth else "not met"


# --- stages ------------------------------------------------------------------------------------


def move_taken(judged: Judged) -> Move | None:
    """The first of the present stage's moves that is true."""
    for stage in judged.policy.stages:
        if stage.name == judged.case.lead.stage:
            for move in stage.moves:
                if move.to != stage.name and holds(judged, move.when) is True:
                    return move
    return None


# --- conditions --------------------------------------------------------------------------------


def holds(judged: Judged, condition: Condition) -> Truth:
    """Whether a condition holds: ``None`` when that is unknown."""
    policy, case = judged.policy, judged.case
    if isinstance(condition, FIELD_TESTS):
        return field_test(condition, case.lead.values, case.zone)
    if isinstance(condition, NESTED):
        return nested(condition, lambda member: holds(judged, member))
    match condition:
        case EventTest():
            return event_test(case, condition)
        case ScoreTest():
            return score_test(judged, condition)
        case GradeTest():
            grade = next(one for one in policy.grades if one.name == condition.grade)
            letter = letter_of(judged, grade)
            return None if letter is None else (letter in condition.letters) != condition.negated
        case GradeKnown():
            grade = next(one for one in policy.grades if one.name == condition.grade)
            return (letter_of(judged, grade) is not None) == condition.known
        case GroupTest():
            group = next(one for one in policy.groups if one.name == condition.group)
            return (group_row(judged, group)[0].name in condition.rows) != condition.negated
        case ChecklistTest():
            return checklist_test(judged, condition)
        case Defined(name):
            definition = next(one for one in policy.definitions if one.name == name)
            return holds(judged, definition.when)
        case _:
            assert_never(condition)


def score_test(judged: Judged, test: ScoreTest) -> bool:
    score = next(one for one in judged.policy.scores if one.name == test.score)
    if test.category is None:
        points = total(score_rows(judged, score))
    else:
        points = sum(
            total(category_rows(judged, row))
            for row in score.rows
            if isinstance(row, Category) and row.name == test.category
        )
    return compare_numbers(points, test.op, test.hundredths)


def checklist_test(judged: Judged, test: ChecklistTest) -> Truth:
    checklist = next(one for one in judged.policy.checklists if one.name == test.checklist)
    if test.item is None:
        state = checklist_state(judged, checklist)
    else:
        item = next(one for one in checklist.items if one.name == test.item)
        state = item_state(judged, item)
    if test.state == "unknown":
        return state == "unknown"
    return None if state == "unknown" else state == test.state
