"""What a run tells at its end, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import get_args

from leadpact.batch.options import RunOptions
from leadpact.batch.output import instant
from leadpact.batch.rejects import Reject
from leadpact.batch.tally import STAYS, Tally
from leadpact.checked import CheckedPolicy
from leadpact.life.history import How

__all__ = ["EventCounts", "Summary", "WarningCount", "summarize", "summary_json"]

INSUFFICIENT = "insufficient data"
_HOWS: tuple[How, ...] = get_args(How)
_RESULTS = ("met", "not met", "unknown")


@dataclass(frozen=True, slots=True)
class EventCounts:
    """``read`` are all events seen; the others were not counted for any lead: of a kind that the
    policy does not have, wrong by themselves, on a line that is no event, of a lead that is not
    there.
    """

    read: int
    ignored: int
    set_aside: int
    wrong_lines: int
    without_lead: int


@dataclass(frozen=True, slots=True)
class WarningCount:
    code: str
    subject: str
    count: int


@dataclass(frozen=True, slots=True)
class ExitCount:
    """How often leads left ``stage`` in this way, for this reason (empty: none is told)."""

    stage: str
    how: How
    to: str
    because: str
    count: int


@dataclass(frozen=True, slots=True)
class Lives:
    """The lives that a run replayed. ``now_in`` are leads, ``stays`` may be several a lead.

    ``targets`` counts clocks by target and by what became of them.
    """

    now_in: Mapping[str, int]
    stays: Mapping[str, int]
    exits: tuple[ExitCount, ...]
    targets: Mapping[str, Mapping[str, int]]


Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a file of leads.

    ``read`` records are ``decided``, ``refused`` by the policy itself, or ``wrong``; ``rejected``
    is the sum of the last two. ``scores`` are sums in points. Of a policy with stages,
    ``next_stages`` counts the leads that move, and ``stays`` those that do not. ``stopped`` is
    true when a strict run met something wrong: then no file was written. A run that replays has
    ``lives`` in place of all results. Where a query decided, ``in_python`` counts the leads that
    it left to the Python engine, and ``verified`` those that both decided, to compare; ``notes``
    are lines for people about the way that the run took.
    """

    policy: str
    version: int
    digest: str
    as_of: str
    leads_file: str
    out: str | None
    rejects_file: str | None
    read: int
    decided: int
    refused: int
    wrong: int
    events: EventCounts
    reject_rows: int
    first_rejects: tuple[Reject, ...]
    warnings: tuple[WarningCount, ...]
    scores: Mapping[str, Decimal]
    letters: Counts
    groups: Counts
    checklists: Counts
    next_stages: Mapping[str, int]
    stays: int
    seconds: float
    stopped: bool
    lives: Lives | None = None
    in_python: int | None = None
    verified: int = 0
    notes: tuple[str, ...] = ()

    @property
    def rejected(self) -> int:
        return self.refused + self.wrong

    @property
    def leads_a_second(self) -> int:
        return round(self.read / self.seconds) if self.seconds > 0 else 0

    @property
    def exit_status(self) -> int:
        """0 when everything was decided, 1 when something went to the rejects."""
        return 1 if self.reject_rows else 0


def summarize(
    tally: Tally,
    options: RunOptions,
    digest: str,
    rejects: tuple[int, list[Reject]],
    seconds: float,
    stopped: bool,
) -> Summary:
    """The summary of what was counted; ``rejects`` are their number and the first of them."""
    policy = tally.policy
    summary = Summary(
        policy=policy.name,
        version=policy.version,
        digest=digest,
        as_of=instant(options.as_of),
        leads_file=str(options.leads),
        out=str(options.out) if options.out and not stopped else None,
        rejects_file=str(options.rejects) if options.rejects and not stopped else None,
        read=tally.read,
        decided=tally.decided,
        refused=tally.refused,
        wrong=tally.rejected,
        events=EventCounts(
            tally.events_read,
            tally.warned("unknown_kind"),
            tally.warned("event_set_aside"),
            tally.events_wrong,
            tally.events_without_lead,
        ),
        reject_rows=rejects[0],
        first_rejects=tuple(rejects[1]),
        warnings=tuple(WarningCount(*key, count) for key, count in sorted(tally.warnings.items())),
        scores={name: Decimal(sum_) / 100 for name, sum_ in tally.hundredths.items()},
        letters=_letters(policy, tally),
        groups={
            group.name: {row.name: tally.groups[group.name][row.name] for row in group.rows}
            for group in policy.groups
        },
        checklists={
            name: {result: counts[result] for result in _RESULTS}
            for name, counts in tally.checklists.items()
        },
        next_stages=_next_stages(policy, tally),
        stays=tally.next_stages[STAYS],
        seconds=seconds,
        stopped=stopped,
    )
    return summary if not options.replay else _of_lives(summary, tally)


def _of_lives(summary: Summary, tally: Tally) -> Summary:
    stages = [stage.name for stage in tally.policy.stages]
    exits = [ExitCount(*key, count) for key, count in tally.exits.items()]
    targets: dict[str, dict[str, int]] = {}
    for (target, state), count in sorted(tally.targets.items()):
        targets.setdefault(target, {})[state] = count
    lives = Lives(
        {name: tally.now_in[name] for name in stages},
        {name: tally.stays[name] for name in stages},
        tuple(sorted(exits, key=lambda one: _place(one, stages))),
        targets,
    )
    return replace(
        summary,
        scores={},
        letters={},
        groups={},
        checklists={},
        next_stages={},
        stays=0,
        lives=lives,
    )


def _place(one: ExitCount, stages: list[str]) -> tuple[int, int, int, str, str]:
    """By the stage that was left, by how, the most frequent first."""
    return stages.index(one.stage), _HOWS.index(one.how), -one.count, one.to, one.because


def _letters(policy: CheckedPolicy, tally: Tally) -> dict[str, dict[str, int]]:
    letters = {}
    for grade in policy.grades:
        counts = tally.letters[grade.name]
        names = [letter.name for letter in grade.letters] + [INSUFFICIENT] * bool(grade.needs)
        letters[grade.name] = {name: counts[name] for name in names}
    return letters


def _next_stages(policy: CheckedPolicy, tally: Tally) -> dict[str, int]:
    entered = {move.to for stage in policy.stages for move in stage.moves}
    entered |= {move.to for anywhere in policy.any_stages for move in anywhere.moves}
    targets = [target for stage in policy.stages for target in stage.targets]
    entered |= {back.to for target in targets for back in target.hands_back}
    names = [stage.name for stage in policy.stages if stage.name in entered]
    return {name: tally.next_stages[name] for name in names}


def summary_json(summary: Summary) -> str:
    """The summary as one JSON object; sums of points are numbers with at most two decimals."""
    events = summary.events
    whole = {
        "format": 1,
        "policy": {
            "name": summary.policy,
            "version": summary.version,
            "digest": summary.digest,
        },
        "as_of": summary.as_of,
        "leads": summary.leads_file,
        "out": summary.out,
        "rejects": summary.rejects_file,
        "read": summary.read,
        "decided": summary.decided,
        "rejected": summary.rejected,
        "refused": summary.refused,
        "events": {
            "read": events.read,
            "ignored": events.ignored,
            "set_aside": events.set_aside,
            "wrong_lines": events.wrong_lines,
            "without_lead": events.without_lead,
        },
        "reject_rows": summary.reject_rows,
        "scores": {name: points_number(points) for name, points in summary.scores.items()},
        "grades": summary.letters,
        "groups": summary.groups,
        "checklists": summary.checklists,
        "next_stages": summary.next_stages,
        "stays": summary.stays,
        "warnings": [
            {"code": one.code, "subject": one.subject, "count": one.count}
            for one in summary.warnings
        ],
        "seconds": round(summary.seconds, 3),
        "leads_a_second": summary.leads_a_second,
        "stopped": summary.stopped,
        "in_python": summary.in_python,
        "verified": summary.verified,
        "notes": list(summary.notes),
        "exit_status": summary.exit_status,
    }
    if summary.lives is not None:
        for name in ("scores", "grades", "groups", "checklists", "next_stages", "stays"):
            del whole[name]
        whole["lives"] = asdict(summary.lives)
    return json.dumps(whole, ensure_ascii=False)


def points_number(points: Decimal) -> int | float:
    """Points for JSON: whole numbers stay whole."""
    return int(points) if points == points.to_integral_value() else float(points)
