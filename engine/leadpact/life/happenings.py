"""Which of a lead's events mattered in its life: those that let something start, move or stop."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from leadpact.backends.python.matching import matcher
from leadpact.backends.python.runtime import PAST
from leadpact.checked import CheckedPolicy
from leadpact.life.history import Happening, Stay
from leadpact.schema import RecordTypes

__all__ = ["Labels", "with_happenings"]


class Labels:
    """What events are called: as the narrowest kind of the policy that they are of."""

    def __init__(self, policy: CheckedPolicy, types: RecordTypes) -> None:
        self.kinds = {kind.name: kind.label for kind in policy.kinds}
        self.narrower = [
            (one.label, matcher(one.pattern, policy, types))
            for one in policy.derived
            if all(part.where is not None for part in one.pattern.parts)
        ]

    def happening(self, event: Any) -> Happening:
        kind = str(event.__struct_config__.tag)
        narrower = (label for label, matches in self.narrower if matches([event], [event]))
        label = next(narrower, self.kinds[kind])
        return Happening(event.at.astimezone(UTC), kind, label, event.id, event.by)


def with_happenings(
    stays: Sequence[Stay], first: datetime | None, events: list[Any], labels: Labels
) -> tuple[Stay, ...]:
    """The stays with their events: those that mattered, and how many others there were.

    ``events`` happened until the history's end; ``first`` is the instant of the first of them where
    the lead came into being by it. An event that brings the lead from one stage to the next stands
    in the one that it ends.
    """
    events = sorted(events, key=lambda event: event.at)
    enters = [stay.entered or PAST for stay in stays]
    enters[0] = PAST
    turning = [set(_turns(stay)) for stay in stays]
    if first is not None:
        turning[0].add(first)
    mattered: list[list[Happening]] = [[] for _ in stays]
    others = [0] * len(stays)
    for event in events:
        place = bisect_right(enters, event.at) - 1
        matters = [index for index, turns in enumerate(turning) if event.at in turns]
        if matters:
            mattered[matters[0]].append(labels.happening(event))
        else:
            others[place] += 1
    return tuple(
        msgspec.structs.replace(stay, events=tuple(shown), other_events=count)
        for stay, shown, count in zip(stays, mattered, others, strict=True)
    )


def _turns(stay: Stay) -> Iterator[datetime | None]:
    """The instants at which an event made a difference in the stay."""
    out = stay.exit
    handed_back = any(clock.handed_back for clock in stay.targets)
    if out is not None and out.how in ("moves to", "hands back to") and not handed_back:
        yield out.at
    for clock in stay.targets:
        if clock.started != stay.entered:
            yield clock.started
        for pause in clock.pauses:
            yield from (pause.since, pause.until)
        yield from (clock.at, clock.late)
    if stay.sleep is not None:
        yield stay.sleep.woke
