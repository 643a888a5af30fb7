"""Groups, checklists and conditions of one lead at one instant.

Everything is worked out again wherever it is mentioned: slow, and with nothing to get wrong.
"""

from __future__ import annotations

from typing import Literal, assert_never

from tests.reference.admission import order_of_last
from tests.reference.conditions import (
    FIELD_TESTS,
    NESTED,
    Truth,
    all_of,
    at_least,
    field_test,
    negate,
    nested,
)
from tests.reference.events import Situation, event_test, fact, time_test
from tests.reference.history import stage_test
from tests.reference.instants import is_within
from tests.reference.scores import gained_test, letter_of, score_test
from tests.reference.sleep import woken

from leadpact.checked import (
    AnsweredItem,
    AskedItem,
    Checklist,
    ChecklistTest,
    Condition,
    Defined,
    EventTest,
    GainedTest,
    GradeKnown,
    GradeTest,
    Group,
    GroupRow,
    GroupTest,
    NeedsItems,
    ScoreTest,
    StageTest,
    TimeTest,
    WokenTest,
)

ItemState = Literal["met", "not met", "unknown"]

# --- groups ------------------------------------------------------------------------------------


def group_row(case: Situation, group: Group) -> tuple[GroupRow, list[str]]:
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
                truth = holds(case, row.when)
                if truth is True:
                    return row, passed_over
                if truth is None:
                    passed_over.append(row.rule)
            case _:
                assert_never(row.kind)
    raise ValueError(f"no row of {group.name} wins")


# --- checklists --------------------------------------------------------------------------------


def item_state(case: Situation, item: AskedItem | AnsweredItem) -> ItemState:
    if isinstance(item, AnsweredItem):
        return answer(case, item)
    met = holds(case, item.met_when)
    if met is True:
        return "met"
    not_met = negate(met) if item.not_met_when is None else holds(case, item.not_met_when)
    return "not met" if not_met is True else "unknown"


def answer(case: Situation, item: AnsweredItem) -> ItemState:
    """What the newest answer says, as long as it is good."""
    answers = [
        event for event in case.lead.events if event.kind == item.kind and event.at <= case.as_of
    ]
    if not answers:
        return "unknown"
    newest = max(answers, key=order_of_last)
    if item.good_for is not None and not is_within(newest.at, item.good_for, case.as_of, case.zone):
        return "unknown"
    return "met" if newest.values["answer"] is True else "not met"


def need_holds(case: Situation, checklist: Checklist, needs: NeedsItems) -> Truth:
    states = [item_state(case, item) for item in checklist.items if item.name in needs.items]
    truths: list[Truth] = [None if state == "unknown" else state == needs.state for state in states]
    match needs.quantifier:
        case "at least":
            return at_least(needs.count, truths)
        case "none":
            return True not in truths
        case _:
            assert_never(needs.quantifier)


def checklist_state(case: Situation, checklist: Checklist) -> ItemState:
    truth = all_of([need_holds(case, checklist, needs) for needs in checklist.needs])
    return "unknown" if truth is None else "met" if truth else "not met"


# --- conditions --------------------------------------------------------------------------------


def holds(case: Situation, condition: Condition) -> Truth:
    """Whether a condition holds: ``None`` when that is unknown."""
    policy, history = case.policy, case.lead.history

    def judge(member: Condition) -> Truth:
        return holds(case, member)

    if isinstance(condition, FIELD_TESTS):
        return field_test(condition, fact(case, condition.fact), case.zone)
    if isinstance(condition, NESTED):
        return nested(condition, judge)
    match condition:
        case EventTest():
            return event_test(case, condition)
        case TimeTest():
            return time_test(case, condition)
        case StageTest():
            assert history is not None
            return stage_test(history, condition, case.as_of, case.zone)
        case WokenTest():
            return woken(case)
        case GainedTest():
            return gained_test(case, condition, judge)
        case ScoreTest():
            return score_test(case, condition, judge)
        case GradeTest():
            grade = next(one for one in policy.grades if one.name == condition.grade)
            letter = letter_of(case, grade, judge)
            return None if letter is None else (letter in condition.letters) != condition.negated
        case GradeKnown():
            grade = next(one for one in policy.grades if one.name == condition.grade)
            return (letter_of(case, grade, judge) is not None) == condition.known
        case GroupTest():
            group = next(one for one in policy.groups if one.name == condition.group)
            return (group_row(case, group)[0].name in condition.rows) != condition.negated
        case ChecklistTest():
            return checklist_test(case, condition)
        case Defined(name):
            definition = next(one for one in policy.definitions if one.name == name)
            return judge(definition.whens[0].when)
        case _:
            assert_never(condition)


def checklist_test(case: Situation, test: ChecklistTest) -> Truth:
    checklist = next(one for one in case.policy.checklists if one.name == test.checklist)
    if test.item is None:
        state = checklist_state(case, checklist)
    else:
        item = next(one for one in checklist.items if one.name == test.item)
        state = item_state(case, item)
    if test.state == "unknown":
        return state == "unknown"
    return None if state == "unknown" else state == test.state
