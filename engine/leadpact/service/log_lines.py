"""The lines of the decision log.

A line has what is needed to find a decision again and to prove it: who asked, the policy's digest,
the instant, the hash of the record as it came, and the results. Reasons follow from these: a
decision is a function of policy, record and instant. Of a wrong record it names the wrong fields,
but not their values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from leadpact.api import Policy
from leadpact.decision import (
    Decision,
    GradeResult,
    Outcome,
    Points,
    PolicyRef,
    RefusedRecord,
    RejectedRecord,
    ScoreResult,
    TargetResult,
)
from leadpact.life import History
from leadpact.service.redaction import Redaction
from leadpact.service.settings import Logging

__all__ = ["LogLine", "Stage", "Writer"]


class Stage(Struct, frozen=True):
    """Where the lead is and where it moves; ``rule`` only when reasons were asked for."""

    current: str
    next: str | None
    rule: str | UnsetType | None = UNSET


class LogLine(Struct, frozen=True, omit_defaults=True):
    """One decision, as it stands in the log."""

    format: int
    at: datetime
    request: str
    asked: str
    key: str | None
    policy: PolicyRef
    as_of: datetime
    record_hash: str
    status: str
    line: int | UnsetType = UNSET
    id: str | UnsetType | None = UNSET
    valid_until: datetime | UnsetType | None = UNSET
    scores: Mapping[str, Points] | UnsetType = UNSET
    grades: Mapping[str, str] | UnsetType = UNSET
    groups: Mapping[str, str] | UnsetType = UNSET
    checklists: Mapping[str, str] | UnsetType = UNSET
    stage: Stage | UnsetType | None = UNSET
    targets: tuple[TargetResult, ...] | UnsetType = UNSET
    refusal: str | UnsetType = UNSET
    wrong: tuple[str, ...] | UnsetType = UNSET
    warnings: Mapping[str, int] | UnsetType = UNSET
    answer_hash: str | UnsetType = UNSET
    record: Any = UNSET


_ENCODE = msgspec.json.Encoder().encode


class Writer:
    """Makes the lines of one request. ``key`` is the name of the key that asked."""

    def __init__(self, settings: Logging, request: str, asked: str, key: str | None) -> None:
        self._settings = settings
        self._request = request
        self._asked = asked
        self._key = key

    def line(
        self,
        policy: Policy,
        body: bytes,
        outcome: Outcome | History,
        answer: bytes,
        number: int | None = None,
    ) -> bytes:
        """The line for one record, with its end. ``number`` is the record's among many."""
        as_of = outcome.until if isinstance(outcome, History) else outcome.as_of
        more: dict[str, Any] = {} if number is None else {"line": number}
        if self._settings.ids:
            more["id"] = outcome.id
        if isinstance(outcome, History):
            more["answer_hash"] = _hash(answer)
            more["stage"] = Stage(outcome.stays[-1].stage, None)
        else:
            more |= _results(outcome)
        if self._settings.records:
            more["record"] = self._record(policy, body, outcome)
        line = LogLine(
            1,
            datetime.now(UTC),
            self._request,
            self._asked,
            self._key,
            outcome.policy,
            as_of,
            _hash(body),
            outcome.status,
            **more,
        )
        return _ENCODE(line) + b"\n"

    def _record(self, policy: Policy, body: bytes, outcome: Outcome | History) -> Any:
        # In a wrong record a person's data may stand anywhere.
        if isinstance(outcome, RejectedRecord) and not self._settings.personal:
            return UNSET
        try:
            record = msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError):
            return UNSET
        if not isinstance(record, dict):
            return UNSET
        return Redaction(policy.checked, self._settings)(record)


def _results(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Decision():
            stage = outcome.stage
            return {
                "valid_until": outcome.valid_until,
                "scores": {name: _points(score) for name, score in outcome.scores.items()},
                "grades": {name: grade.letter for name, grade in outcome.grades.items()},
                "groups": {name: group.value for name, group in outcome.groups.items()},
                "checklists": {name: one.result for name, one in outcome.checklists.items()},
                "stage": stage and Stage(stage.current, stage.next, stage.rule),
                "targets": outcome.targets,
                "warnings": _counted(outcome.warnings),
            }
        case RefusedRecord():
            return {"refusal": outcome.refusal.rule, "warnings": _counted(outcome.warnings)}
        case RejectedRecord():
            return {"wrong": tuple(problem.field for problem in outcome.problems)}


def _points(result: ScoreResult | GradeResult) -> Points:
    return result.points


def _counted(warnings: tuple[Any, ...]) -> dict[str, int] | UnsetType:
    """How many of each code. Their subjects are words of the record."""
    counts: dict[str, int] = {}
    for warning in warnings:
        counts[warning.code] = counts.get(warning.code, 0) + warning.count
    return counts or UNSET


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
