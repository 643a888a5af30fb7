"""Comparing what a query says of a lead with what the Python engine says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from msgspec import UNSET

from leadpact.decision import Decision, Outcome, RefusedRecord
from leadpact.operators.decimals import points

__all__ = ["Difference", "DifferenceError", "differences"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers about one thing: ``what`` is the column of the query's output."""

    what: str
    by_query: str
    by_python: str


class DifferenceError(Exception):
    """A query and the Python engine do not say the same of a lead; the text tells whom and what."""

    def __init__(self, lead: str, found: list[Difference]) -> None:
        lines = [
            f"  {one.what}: the query says {one.by_query}, Python says {one.by_python}"
            for one in found
        ]
        super().__init__(
            "\n".join(
                [
                    f"the lead `{lead}` is decided differently by the query and by Python.",
                    *lines,
                    "  No file was written. Run it with --on python, and please report this.",
                ]
            )
        )
        self.lead = lead
        self.found = found


def differences(row: Mapping[str, object], outcome: Outcome) -> list[Difference]:
    """All in which a row of a query's output (by the names of its columns) is not the outcome."""
    told = dict(_as_row(outcome))
    if isinstance(outcome, Decision):
        # Of stages where the lead is not, nothing is promised.
        told |= {what: None for what in row if what.startswith("target.") and what not in told}
    return [
        Difference(what, _shown(what, row.get(what)), _shown(what, value))
        for what, value in told.items()
        if row.get(what) != value
    ]


def _as_row(outcome: Outcome) -> Iterator[tuple[str, object]]:
    """The outcome as the query's output would have it."""
    yield "status", outcome.status
    if isinstance(outcome, RefusedRecord):
        yield "refused_by", outcome.refusal.rule
    if not isinstance(outcome, Decision):
        return
    for name, score in outcome.scores.items():
        yield f"score.{name}", round(score.points * 100)
    for name, grade in outcome.grades.items():
        yield f"grade.{name}", round(grade.points * 100)
        yield f"letter.{name}", grade.letter
    for name, group in outcome.groups.items():
        yield f"group.{name}", group.value
    for name, checklist in outcome.checklists.items():
        yield f"checklist.{name}", checklist.result
    if outcome.stage is not None:
        yield "stage", outcome.stage.current
        yield "next_stage", outcome.stage.next
        if outcome.stage.rule is not UNSET:
            yield "next_rule", outcome.stage.rule
    yield "valid_until", _micros(outcome.valid_until)
    for target in outcome.targets or ():
        yield f"target.{target.target}", target.state
        yield f"started.{target.target}", _micros(target.started)
        yield f"due.{target.target}", _micros(target.due)
        yield f"at.{target.target}", _micros(target.at)


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def _shown(what: str, value: object) -> str:
    """A value of a column as people read it."""
    kind = what.partition(".")[0]
    if value is None:
        return "nothing"
    if isinstance(value, int) and kind in ("score", "grade"):
        return str(points(value))
    if isinstance(value, int):
        moment = _EPOCH + timedelta(microseconds=value)
        return moment.isoformat().replace("+00:00", "Z")
    return f"`{value}`"
