"""What became of the promises of one stay, from what stood of them at every instant looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import TypeAlias

from tests.reference.business import after, named, open_since, used_up, without
from tests.reference.events import Situation, matching
from tests.reference.instants import later, write_instant
from tests.reference.starting import MICROSECOND
from tests.reference.targets import Clock, done_at, stops, targets_now

from leadpact.checked import (
    BusinessTime,
    Duration,
    InForce,
    Target,
    TargetBy,
    TargetEvery,
    Tell,
)

Key: TypeAlias = tuple[str, InForce | None]
Answer: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Left:
    """How the stay ended: when, and by which rule."""

    at: datetime
    rule: str


@dataclass
class Promises:
    """What was seen of the targets of one stay. ``owner`` is the stage's."""

    owner: str | None
    targets: dict[Key, Target] = field(default_factory=dict)
    seen: list[tuple[datetime, dict[Key, Clock]]] = field(default_factory=list)
    told: dict[tuple[Key, datetime, int], datetime] = field(default_factory=dict)

    def look(self, case: Situation, leaves_by: str | None) -> Iterator[datetime]:
        """Note how the clocks stand; gives the instants at which somebody is to be told.

        ``leaves_by`` is the rule by which the lead leaves at this very instant.
        """
        now: dict[Key, Clock] = {}
        for target, clock in targets_now(case):
            key = target.name, target.in_force
            self.targets[key] = target
            now[key] = clock
            if clock.started is None or _is_done(case, target, clock, leaves_by):
                continue
            begun = _begun(case, target, clock.started, case.as_of)[-1]
            for number, tell in enumerate(target.tells):
                at = _when_to_tell(case, target, tell, clock, begun)
                if at is None or (key, begun, number) in self.told:
                    continue
                if at <= case.as_of:
                    self.told[key, begun, number] = case.as_of
                else:
                    yield at
        self.seen.append((case.as_of, now))

    def stories(self, case: Situation, left: Left | None) -> list[Answer]:
        """What is told of them in the end, at ``as_of``."""
        return [
            story
            for key, target in self.targets.items()
            for story in self._stories(case, key, target, left)
        ]

    def _stories(
        self, case: Situation, key: Key, target: Target, left: Left | None
    ) -> Iterator[Answer]:
        every = [(at, clocks.get(key)) for at, clocks in self.seen]
        started = next((clock.started for _, clock in every if clock and clock.started), None)
        if started is None or not isinstance(target.limit, TargetEvery):
            done = None if started is None else done_at(case, target, started)
            yield from self._story(key, target, every, started, done, None, left)
            return
        begun = _begun(case, target, started, case.as_of)
        for index, begins in enumerate(begun):
            following = begun[index + 1] if index + 1 < len(begun) else None
            mine = [
                (at, clock)
                for at, clock in every
                if (index == 0 or begins <= at) and (following is None or at < following)
            ]
            out = left if following is None else None
            yield from self._story(key, target, mine, begins, following, following, out)

    def _story(
        self,
        key: Key,
        target: Target,
        seen: Sequence[tuple[datetime, Clock | None]],
        begun: datetime | None,
        done: datetime | None,
        round_ends: datetime | None,
        left: Left | None,
    ) -> Iterator[Answer]:
        shown = [(at, clock) for at, clock in seen if clock is not None]
        if not shown:
            return
        last = shown[-1][1]
        # From when on it no longer applied, if it did not apply in the end.
        gone = next((at for at, _ in seen if at > shown[-1][0]), None)
        own = left is not None and left.rule in {back.rule for back in target.hands_back}
        if target.events is None:
            done = None if left is None or own else left.at
        state, at, late, stopped = last.state, last.at, None, None
        if last.state == "missed":
            if target.events is None and done is not None and done == last.due:
                state, at = "met", done
            else:
                late = done
        elif last.state == "met":
            pass
        elif gone is not None:
            state, stopped = "stopped", gone
        elif round_ends is not None:
            state, at = "met", round_ends
        elif left is not None and target.events is None and done and last.state != "waiting":
            state, at = "met", done
        elif left is not None:
            state, stopped = "stopped", left.at
        ends = round_ends or (None if left is None else left.at)
        yield {
            "target": target.name,
            "state": state,
            "started": written(None if last.started is None else begun),
            "due": written(last.due),
            "at": written(at),
            "late": written(late),
            "stopped": written(stopped),
            "pauses": list(_pauses(seen, ends)),
            "told": list(self._told(key, target, begun)),
            "handed_back": written(left.at if left is not None and own else None),
        }

    def _told(self, key: Key, target: Target, begun: datetime | None) -> Iterator[Answer]:
        found = [
            (at, number)
            for (of, since, number), at in self.told.items()
            if (of, since) == (key, begun)
        ]
        for at, number in sorted(found):
            tell = target.tells[number]
            yield {
                "at": written(at),
                "to": (self.owner or "owner") if tell.kind == "owner" else tell.to,
                "percent": None if tell.percent is None else float(tell.percent),
                "late": tell.after is not None,
            }


def written(at: datetime | None) -> str | None:
    return None if at is None else write_instant(at)


def _pauses(
    seen: Sequence[tuple[datetime, Clock | None]], ends: datetime | None
) -> Iterator[Answer]:
    since: datetime | None = None
    for at, clock in seen:
        paused = clock is not None and clock.state == "paused"
        if paused and since is None:
            since = at
        if not paused and since is not None:
            yield {"since": written(since), "until": written(at)}
            since = None
    if since is not None:
        yield {"since": written(since), "until": written(ends)}


def _begun(case: Situation, target: Target, started: datetime, until: datetime) -> list[datetime]:
    """When each round of a target ``every D`` began; of any other there is one."""
    if target.events is None or not isinstance(target.limit, TargetEvery):
        return [started]
    acts = {event.at for event in matching(case, target.events) if started <= event.at <= until}
    return sorted({started, *acts})


# --- who is told -------------------------------------------------------------------------------


def _is_done(case: Situation, target: Target, clock: Clock, leaves_by: str | None) -> bool:
    """Whether there is nobody to be told any more: what was promised has happened."""
    if target.events is None:
        own = {back.rule for back in target.hands_back}
        return leaves_by is not None and leaves_by not in own
    assert clock.started is not None
    return done_at(case, target, clock.started) is not None


def _when_to_tell(
    case: Situation, target: Target, tell: Tell, clock: Clock, begun: datetime
) -> datetime | None:
    """From when on, as far as one knows now; ``None`` while it is not to be told."""
    if tell.percent is not None:
        if clock.state != "running":
            return None
        return _part_used(case, target, tell.percent, clock.due, begun)
    if clock.state != "missed" or clock.due is None:
        return None
    return clock.due if tell.after is None else after(case, clock.due, tell.after)


def _part_used(
    case: Situation, target: Target, percent: Decimal, due: datetime | None, begun: datetime
) -> datetime | None:
    """When so much of its time is used up, given the pauses that one knows of."""
    paused = stops(case, target)
    length = None if isinstance(target.limit, TargetBy) else target.limit.length
    if isinstance(length, Duration):
        end = later(begun, length, case.zone)
        whole = None if end is None else end - begun
        return (
            None
            if whole is None
            else used_up(
                without([(begun, datetime.max.replace(tzinfo=UTC))], paused), _share(whole, percent)
            )
        )
    calendar = named(
        case, target.limit.calendar if isinstance(target.limit, TargetBy) else length.calendar
    )
    if isinstance(length, BusinessTime) and length.unit != "day":
        minutes = length.amount * (60 if length.unit == "hour" else 1)
        whole = timedelta(minutes=minutes)
    elif due is not None:
        whole = timedelta()
        for start, end in without(open_since(calendar, begun), paused):
            if start >= due:
                break
            whole += min(end, due) - start
    else:
        return None
    part = _share(whole, percent)
    return begun if not part else used_up(without(open_since(calendar, begun), paused), part)


def _share(whole: timedelta, percent: Decimal) -> timedelta:
    part = Decimal(whole // MICROSECOND) * percent / 100
    return int(part.to_integral_value(ROUND_CEILING)) * MICROSECOND
