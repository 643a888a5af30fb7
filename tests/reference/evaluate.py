"""The reference evaluator: one plain function for each thing that a policy can say.

It walks the checked policy for every decision, shares nothing with the engine's own way from
policy to decision, and is written to be compared with the meaning of the language line by line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tests.reference.admission import Rejected, admit
from tests.reference.instants import write_instant, zone_named
from tests.reference.judge import (
    Judged,
    checklist_state,
    grade_rows,
    group_row,
    holds,
    item_state,
    letter_of,
    move_taken,
    score_rows,
    total,
)
from tests.reference.points import Row, Situation

from leadpact.checked import (
    CheckedPolicy,
    Group,
)

INSUFFICIENT = "insufficient data"


def evaluate(
    policy: CheckedPolicy, record: Mapping[str, object], as_of: datetime
) -> dict[str, object]:
    """The decision about a record as JSON-like data, without ``digest`` and ``valid_until``.

    A decided record has, beside what a lean decision holds, ``explained``: the rows of every
    score and grade, the rule of every group, the items of every checklist, and the stage's
    owner, instant of entering and rule. A record that is wrong gives ``status`` ``rejected``
    and its ``problems``. ``as_of`` has an offset.
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
    judged = Judged(policy, Situation(lead, as_of, zone_named(policy.zone)))
    for refusal in policy.refusals:
        if holds(judged, refusal.when) is True:
            decision["status"] = "refused"
            decision["refusal"] = {"rule": refusal.rule, "because": refusal.because}
            return decision
    decision["status"] = "decided"
    decision.update(results(judged))
    decision["explained"] = explained(judged)
    return decision


def results(judged: Judged) -> dict[str, object]:
    policy = judged.policy
    return {
        "scores": {
            score.name: {"points": shown(total(score_rows(judged, score)))}
            for score in policy.scores
        },
        "grades": {
            grade.name: {
                "points": shown(total(grade_rows(judged, grade))),
                "letter": letter_of(judged, grade) or INSUFFICIENT,
            }
            for grade in policy.grades
        },
        "groups": {
            group.name: {"value": group_row(judged, group)[0].name} for group in policy.groups
        },
        "checklists": {
            checklist.name: {"result": checklist_state(judged, checklist)}
            for checklist in policy.checklists
        },
        "stage": stage_result(judged),
    }


def explained(judged: Judged) -> dict[str, object]:
    policy = judged.policy
    return {
        "scores": {
            score.name: [written(row) for row in score_rows(judged, score)]
            for score in policy.scores
        },
        "grades": {
            grade.name: [written(row) for row in grade_rows(judged, grade)]
            for grade in policy.grades
        },
        "groups": {group.name: group_explained(judged, group) for group in policy.groups},
        "items": {
            checklist.name: {item.name: item_state(judged, item) for item in checklist.items}
            for checklist in policy.checklists
        },
        "stage": stage_explained(judged),
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


def group_explained(judged: Judged, group: Group) -> dict[str, object]:
    row, passed_over = group_row(judged, group)
    return {"rule": row.rule, "passed_over": passed_over}


def stage_result(judged: Judged) -> dict[str, object] | None:
    if judged.case.lead.stage is None:
        return None
    move = move_taken(judged)
    return {"current": judged.case.lead.stage, "next": move.to if move else None}


def stage_explained(judged: Judged) -> dict[str, object] | None:
    lead = judged.case.lead
    for stage in judged.policy.stages:
        if stage.name == lead.stage:
            move = move_taken(judged)
            return {
                "since": write_instant(lead.entered) if lead.entered else None,
                "owner": stage.owner,
                "rule": move.rule if move else None,
            }
    return None
