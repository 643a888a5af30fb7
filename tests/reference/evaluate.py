"""The reference evaluator: one plain function for each thing that a policy can say.

It walks the checked policy for every decision, shares nothing with the engine's own way from
policy to decision, and is written to be compared with the meaning of the language line by line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tests.reference.admission import Rejected, admit
from tests.reference.conditions import Truth
from tests.reference.events import Situation
from tests.reference.instants import write_instant, zone_named
from tests.reference.judge import checklist_state, group_row, holds, item_state
from tests.reference.points import Row
from tests.reference.scores import grade_rows, letter_of, score_rows, total
from tests.reference.sleep import brought_by, waking
from tests.reference.targets import targets_now
from tests.reference.ways_out import coming, present_stage, reason, way_out

from leadpact.checked import CheckedPolicy, Condition, Group, TargetHandBack

INSUFFICIENT = "insufficient data"


def evaluate(
    policy: CheckedPolicy, record: Mapping[str, object], as_of: datetime
) -> dict[str, object]:
    """The decision about a record as JSON-like data, without ``digest`` and ``valid_until``.

    A decided record has, beside what a lean decision holds, ``explained``: the rows of every
    score and grade, the rule of every group, the items of every checklist, the worklists, and the
    stage's owner, instant of entering, rule, reason, time-outs and wake-up. ``targets`` is always
    there. A record that is wrong gives ``status`` ``rejected`` and its ``problems``. ``as_of`` has
    an offset.
    """
    lead = admit(policy, record, as_of)
    if isinstance(lead, Rejected):
        problems = [{"field": field, "problem": problem} for field, problem in lead.problems]
        return {"status": "rejected", "problems": problems}
    decision: dict[str, object] = {
        "format": 1,
        "id": lead.id,
        "as_of": write_instant(as_of),
        "policy": {"name": policy.name, "version": policy.version},
        "warnings": list(lead.warnings),
    }
    zone = zone_named(policy.zone)
    case = Situation(policy, lead, as_of, zone)
    for refusal in case.policy.refusals:
        if holds(case, refusal.when) is True:
            decision["status"] = "refused"
            decision["refusal"] = {"rule": refusal.rule, "because": refusal.because}
            return decision
    decision["status"] = "decided"
    decision.update(results(case))
    decision["targets"] = targets(case)
    decision["explained"] = explained(case)
    return decision


def results(case: Situation) -> dict[str, object]:
    policy = case.policy

    def judge(condition: Condition) -> Truth:
        return holds(case, condition)

    return {
        "scores": {
            score.name: {"points": shown(total(score_rows(case, score, judge)))}
            for score in policy.scores
        },
        "grades": {
            grade.name: {
                "points": shown(total(grade_rows(case, grade, judge))),
                "letter": letter_of(case, grade, judge) or INSUFFICIENT,
            }
            for grade in policy.grades
        },
        "groups": {
            group.name: {"value": group_row(case, group)[0].name} for group in policy.groups
        },
        "checklists": {
            checklist.name: {"result": checklist_state(case, checklist)}
            for checklist in policy.checklists
        },
        "stage": stage_result(case),
    }


def explained(case: Situation) -> dict[str, object]:
    policy = case.policy

    def judge(condition: Condition) -> Truth:
        return holds(case, condition)

    return {
        "scores": {
            score.name: [written(row) for row in score_rows(case, score, judge)]
            for score in policy.scores
        },
        "grades": {
            grade.name: [written(row) for row in grade_rows(case, grade, judge)]
            for grade in policy.grades
        },
        "groups": {group.name: group_explained(case, group) for group in policy.groups},
        "items": {
            checklist.name: {item.name: item_state(case, item) for item in checklist.items}
            for checklist in policy.checklists
        },
        "stage": stage_explained(case),
        "worklists": worklists(case),
    }


def shown(hundredths: int) -> int | float:
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100


def written(row: Row) -> dict[str, object]:
    return {
        "rule": row.rule,
        "points": shown(row.points),
        "count": row.count,
        "capped": row.capped,
        "because": row.because,
        "at": row.line and f"{row.line[0]}:{row.line[1]}",
    }


def group_explained(case: Situation, group: Group) -> dict[str, object]:
    row, passed_over = group_row(case, group)
    return {"rule": row.rule, "passed_over": passed_over}


def stage_result(case: Situation) -> dict[str, object] | None:
    if case.lead.stage is None:
        return None
    way = way_out(case)
    return {"current": case.lead.stage, "next": way.to if way else None}


def stage_explained(case: Situation) -> dict[str, object] | None:
    stage = present_stage(case)
    if stage is None:
        return None
    way, sleep = way_out(case), waking(case)
    asleep_until = sleep.due if sleep is not None and sleep.woke is None else None
    return {
        "since": instant(case.lead.entered),
        "owner": stage.owner,
        "rule": way.rule if way else None,
        "because": reason(case, way) if way else None,
        "time_outs": [{"rule": rule, "due": instant(due)} for rule, due in coming(case)],
        "asleep_until": instant(asleep_until),
    }


def targets(case: Situation) -> list[dict[str, object]]:
    return [
        {
            "target": target.name,
            "state": clock.state,
            "started": instant(clock.started),
            "due": instant(clock.due),
            "at": instant(clock.at),
        }
        for target, clock in targets_now(case)
    ]


def worklists(case: Situation) -> list[dict[str, object]]:
    """Where the move that brought the lead to its present stage put it."""
    brought = brought_by(case)
    if brought is None:
        return []
    rule, move = brought
    if isinstance(rule, TargetHandBack):
        return []
    return [{"worklist": one.name, "since": instant(move.at)} for one in rule.worklists]


def instant(at: datetime | None) -> str | None:
    return None if at is None else write_instant(at)
