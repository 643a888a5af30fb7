"""A lead's record as it stood at the end of some of its stays, to be decided there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from leadpact.checked import CheckedPolicy
from leadpact.decision import Decision, Outcome, SetAside
from leadpact.life import Stay
from leadpact.schema import RecordTypes

__all__ = ["Policy", "decided", "sleeping", "standing"]


class Policy(Protocol):
    """What work lists need of a policy."""

    checked: CheckedPolicy
    types: RecordTypes

    def take(
        self, record: Mapping[str, object], *, as_of: datetime, explain: bool = False
    ) -> tuple[Outcome, tuple[SetAside, ...]]: ...

    def admit(self, record: Mapping[str, object]) -> object: ...


def standing(record: Mapping[str, object], stays: Sequence[Stay]) -> dict[str, object]:
    """The record of a lead that is in the last of ``stays``, with the moves that led there.

    Of a past of which the record does not tell, or where nobody knows when it entered one of them,
    nothing is told: as of a record with ``stage`` alone.
    """
    last = stays[-1]
    there = {key: held for key, held in record.items() if key not in ("stage", "stage_since")}
    there.pop("moves", None)
    # How the lead leaves the last of them is still to come.
    left = stays[:-1]
    replayed = any(stay.exit is not None and stay.exit.how != "recorded" for stay in left)
    tells = len(stays) == 1 or replayed or record.get("moves") is not None
    if tells and all(stay.entered is not None for stay in stays[1:]):
        there["moves"] = [
            {"to": stay.stage, "at": stay.entered, "rule": before.exit and before.exit.rule}
            for before, stay in pairwise(stays)
        ]
    if len(stays) > 1:
        there["stage"] = last.stage
        if last.entered is not None:
            there["stage_since"] = last.entered
    return there


def decided(
    policy: Policy, record: Mapping[str, object], stays: Sequence[Stay], as_of: datetime
) -> Decision | None:
    """The decision, with its reasons, about a lead in the last of ``stays``; ``None`` where the
    policy refused it then.
    """
    outcome, _ = policy.take(standing(record, stays), as_of=as_of, explain=True)
    return outcome if isinstance(outcome, Decision) else None


def sleeping(stay: Stay) -> tuple[bool, datetime | None]:
    """Whether the lead sleeps at the end of a stay, and until when, if that is known."""
    sleep = stay.sleep
    if sleep is None or sleep.woke is not None:
        return False, None
    return True, sleep.until
