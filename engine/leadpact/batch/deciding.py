"""The one place where a run meets the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias

from leadpact.checked import CheckedPolicy
from leadpact.decision import Outcome, RefusedRecord, RejectedRecord, SetAside
from leadpact.life import History

__all__ = ["Decide", "Policy", "Ruling", "decider"]

Ruling: TypeAlias = tuple[Outcome | History, tuple[SetAside, ...]]
"""What became of a record, and the events that were left out of it."""

Decide: TypeAlias = Callable[[Mapping[str, object]], Ruling]


class Policy(Protocol):
    """What a run needs of a policy."""

    checked: CheckedPolicy
    digest: str
    folder: Path | None
    """Where the policy's ``sources`` are; ``None`` for a policy that was not read from files."""

    def take(
        self, record: Mapping[str, object], *, as_of: datetime, explain: bool = False
    ) -> tuple[Outcome, tuple[SetAside, ...]]: ...

    def replay_raw(
        self, record: Mapping[str, object], *, until: datetime
    ) -> tuple[History | RefusedRecord | RejectedRecord, tuple[SetAside, ...]]: ...


def decider(policy: Policy, as_of: datetime, explain: bool, replay: bool) -> Decide:
    """What decides one record after the other at the same instant, or replays it until then."""
    if replay:
        return lambda record: policy.replay_raw(record, until=as_of)

    def decide(record: Mapping[str, object]) -> Ruling:
        return policy.take(record, as_of=as_of, explain=explain)

    return decide
