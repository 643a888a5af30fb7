"""Who waits for whom in a stage, and what has to happen next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from leadpact.life import History
from leadpact.waiting.deadlines import deadlines
from leadpact.waiting.dossier import Dossiers
from leadpact.waiting.standing import decided, sleeping
from leadpact.waiting.told import Waiting

__all__ = ["in_order", "waiting_in"]

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def waiting_in(
    stages: Collection[str], dossiers: Dossiers, record: Mapping[str, object], history: History
) -> Waiting | None:
    """The lead as it waits in one of ``stages`` when its history ends; ``None`` where it is in
    another.
    """
    stays = history.stays
    now, before = stays[-1], stays[-2] if len(stays) > 1 else None
    if now.stage not in stages:
        return None
    decision = decided(dossiers.policy, record, stays, history.until)
    asleep, until = sleeping(now)
    woke = None if now.sleep is None else now.sleep.woke
    groups = {} if decision is None else decision.groups
    return Waiting(
        format=1,
        id=history.id,
        as_of=history.until,
        policy=history.policy,
        stage=now.stage,
        owner=now.owner,
        entered=now.entered,
        waits_since=woke or now.entered,
        asleep=asleep,
        asleep_until=until,
        because=None if before is None or before.exit is None else before.exit.because,
        deadlines=deadlines(dossiers.checked, history),
        scores=history.scores,
        grades=history.grades,
        groups={name: result.value for name, result in groups.items()},
        worklists=tuple(listed.worklist for listed in now.worklists if listed.until is None),
        dossier=dossiers(record, stays, decision, history.until),
    )


def in_order(found: Iterable[Waiting]) -> list[Waiting]:
    """Who waits longest comes first: before all, those of whom nobody knows since when.

    Who sleeps comes last, by when it wakes up.
    """
    return sorted(found, key=_place)


def _place(one: Waiting) -> tuple[bool, datetime, str]:
    if one.asleep:
        unknown = datetime.max.replace(tzinfo=UTC)
        return True, one.asleep_until or unknown, one.id
    return False, one.waits_since or _LONG_AGO, one.id
