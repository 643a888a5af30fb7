"""What has to happen with a lead in its present stage, the next first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

from leadpact.checked import AnyStage, CheckedPolicy, Stage, TimeOut
from leadpact.life import Clock, Coming, History
from leadpact.waiting.told import Deadline

__all__ = ["deadlines"]


def deadlines(policy: CheckedPolicy, history: History) -> tuple[Deadline, ...]:
    """Those of the stage that the lead is in: what is late, what is due, then what has no due."""
    found = [*_targets(policy, history), *_outs(policy, history)]
    return tuple(sorted(found, key=_when))


def _when(deadline: Deadline) -> tuple[bool, datetime | int]:
    return deadline.due is None, 0 if deadline.due is None else deadline.due


def _targets(policy: CheckedPolicy, history: History) -> Iterator[Deadline]:
    labels = {target.name: target.label for stage in policy.stages for target in stage.targets}
    # A target that comes again and again has a clock a round: the last one tells.
    newest: Mapping[str, Clock] = {clock.target: clock for clock in history.stays[-1].targets}
    for clock in newest.values():
        state = clock.state
        if state == "met" or state == "stopped" or clock.late is not None:
            continue
        due = clock.due if state in ("running", "missed") else None
        yield Deadline("target", clock.target, labels[clock.target], state, due, None)


def _outs(policy: CheckedPolicy, history: History) -> Iterator[Deadline]:
    """Time-outs and hand-backs of missed targets: what must happen before, and where it goes."""
    labels = {
        back.rule: target.label
        for stage in policy.stages
        for target in stage.targets
        for back in target.hands_back
    }
    holders: tuple[AnyStage | Stage, ...] = (*policy.any_stages, *policy.stages)
    for holder in holders:
        for move in holder.moves:
            if isinstance(move, TimeOut):
                labels[move.rule] = move.without.label
    for coming in history.coming:
        if coming.what in ("time out", "hand back"):
            yield _out(coming, labels)


def _out(coming: Coming, labels: Mapping[str, str]) -> Deadline:
    what: Literal["time out", "hand back"] = (
        "time out" if coming.what == "time out" else "hand back"
    )
    return Deadline(what, coming.name, labels[coming.name], "running", coming.at, coming.to)
