"""Who stands on a worklist: since when, put there by what, and how it looked then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from leadpact.arrivals import all_moves
from leadpact.checked import CheckedPolicy
from leadpact.life import History, Listed
from leadpact.waiting.dossier import Dossiers, reasons
from leadpact.waiting.standing import decided, sleeping
from leadpact.waiting.told import OnList

__all__ = ["listed_in_order", "on_list"]


def on_list(
    name: str, dossiers: Dossiers, record: Mapping[str, object], history: History
) -> OnList | None:
    """The lead as it stands on a worklist when its history ends; ``None`` where it does not."""
    now = history.stays[-1]
    listed = next((one for one in now.worklists if one.worklist == name), None)
    if listed is None or listed.until is not None:
        return None
    return _entry(listed, dossiers, record, history)


def _entry(
    listed: Listed, dossiers: Dossiers, record: Mapping[str, object], history: History
) -> OnList:
    stays = history.stays
    now, before = stays[-1], stays[-2]
    out = before.exit
    assert out is not None
    # It is decided again at the moment of its return: a recorded move does not tell its points.
    then = decided(dossiers.policy, record, stays[:-1], listed.since)
    present = decided(dossiers.policy, record, stays, history.until)
    asleep, until = sleeping(now)
    do = tuple(_deeds(dossiers.checked, out.rule))
    scores, grades, groups = (
        ({}, {}, {}) if then is None else (then.scores, then.grades, then.groups)
    )
    return OnList(
        format=1,
        id=history.id,
        as_of=history.until,
        policy=history.policy,
        worklist=listed.worklist,
        since=listed.since,
        came_from=before.stage,
        how=out.how,
        rule=out.rule,
        says=out.says,
        because=out.because,
        do=do,
        scores={score: result.points for score, result in scores.items()},
        grades={grade: result.letter for grade, result in grades.items()},
        groups={group: result.value for group, result in groups.items()},
        reasons={} if then is None else reasons(then),
        stage=now.stage,
        owner=now.owner,
        asleep=asleep,
        asleep_until=until,
        scores_now=history.scores,
        grades_now=history.grades,
        dossier=dossiers(record, stays, present, history.until, do),
    )


def listed_in_order(found: Iterable[OnList]) -> list[OnList]:
    """Who stands there longest comes first."""
    return sorted(found, key=lambda one: (one.since, one.id))


def _deeds(policy: CheckedPolicy, rule: str | None) -> Iterator[str]:
    for move in all_moves(policy):
        if move.rule == rule:
            yield from move.does
