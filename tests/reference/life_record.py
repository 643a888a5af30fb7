"""What a record itself tells of a lead's life, and which of it the policy could not have done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from tests.reference.admission import Lead
from tests.reference.history import History, RecordedMove, Stay
from tests.reference.in_force import on_day
from tests.reference.sleep import WayOut

from leadpact.checked import CheckedPolicy, LastFact


@dataclass(frozen=True)
class Past:
    """The stays of a lead until now, the present one last; ``known`` as in a ``History``.

    ``floats``: the first of them begins with the lead's first event, whenever that is.
    """

    stays: tuple[Stay, ...]
    known: bool
    moved: bool | None
    floats: bool

    @property
    def present(self) -> Stay:
        return self.stays[-1]

    def at(self, first_event: datetime) -> History:
        """The history as a decision knows it, at which the first event was that one."""
        stays = list(self.stays)
        if self.floats:
            stays[0] = replace(stays[0], entered=first_event)
        return History(tuple(stays) if self.known else (stays[-1],), self.known, self.moved)

    def moves(self, to: str, at: datetime, rule: str) -> Past:
        """After a move; from the first on, the moves are taken for all that ever were.

        No move tells since when the lead was in the start stage: it began with its first event. A
        stay that began nobody knows when is taken to have begun where replay went on.
        """
        before = [replace(stay, left=stay.left or at) for stay in self.stays[:-1]]
        left = replace(self.present, entered=self.present.entered or at, left=at, over=True)
        by = RecordedMove(to, at, rule)
        stays = (*before, left, Stay(to, at, None, over=False, by=by))
        return Past(stays, known=True, moved=True, floats=True)


def past_of(lead: Lead, start: str, first_event: datetime, tells_since: bool) -> Past:
    """The past that the record tells. ``tells_since``: it says since when, in ``stage_since``.

    A record with a stage and without moves tells no more than where the lead is; what it says of
    earlier stages is that the lead began where all leads do.
    """
    assert lead.history is not None
    stays, present = lead.history.stays, lead.history.stays[-1]
    if not lead.history.known and present.stage != start:
        stays = (Stay(start, first_event, present.entered, over=True, by=None), present)
    floats = len(stays) > 1 or not tells_since
    return Past(stays, lead.history.known, lead.history.moved, floats)


def goes_on_at(past: Past, until: datetime) -> datetime:
    """From when on the policy moves the lead: since it is in its stage, after all that is told.

    While nobody knows since when, that is the end.
    """
    if past.present.entered is None:
        return until
    return max([past.present.entered, *(stay.by.at for stay in past.stays if stay.by)])


# --- ways out ----------------------------------------------------------------------------------


def ways_on(policy: CheckedPolicy, day: date, stage: str) -> Iterator[WayOut]:
    """All ways by which leads leave a stage, on one day; people's ways too."""
    then = on_day(policy, day)
    for block in then.any_stages:
        if stage not in block.excepted:
            yield from (way for way in (*block.moves, *block.by_hand) if way.to != stage)
    for one in then.stages:
        if one.name == stage:
            yield from (*one.moves, *one.by_hand)
            for target in one.targets:
                yield from target.hands_back


def told_way(policy: CheckedPolicy, day: date, rule: str | None, to: str) -> WayOut | None:
    """The way that a recorded move names, wherever the lead was before."""
    ways = [way for one in policy.stages for way in ways_on(policy, day, one.name)]
    return next((way for way in ways if way.rule == rule and way.to == to), None)


def is_allowed(policy: CheckedPolicy, day: date, stage: str, to: str, rule: str | None) -> bool:
    """Whether the policy has a way from one stage to the other: that one, if it has the rule."""
    out = [way for way in ways_on(policy, day, stage) if way.to == to]
    everywhere = {way.rule for one in policy.stages for way in ways_on(policy, day, one.name)}
    return (
        any(rule in (way.rule, None) for way in out) if rule in {*everywhere, None} else bool(out)
    )


def own_words(way: WayOut | None) -> str | None:
    """The reason that the policy itself gives."""
    return way.because if way is not None and not isinstance(way.because, LastFact) else None
