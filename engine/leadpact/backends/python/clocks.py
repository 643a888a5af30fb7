"""The clocks of a lead's present stage: its time-outs and its targets.

All this concerns one stage of one lead, and needs a calendar more often than not. So it is not
generated but called, and only for leads in a stage that has clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from leadpact import plan as p
from leadpact.backends.python.matching import matcher
from leadpact.backends.python.runtime import FAR
from leadpact.checked import (
    CheckedPolicy,
    Condition,
    LastFact,
    Target,
    TargetEvery,
    TimeOut,
)
from leadpact.decision import TargetResult, TimeOutResult
from leadpact.operators.business import OpenTime, open_times
from leadpact.operators.clocks import add, done, state
from leadpact.operators.text import fold
from leadpact.operators.times import day_start
from leadpact.schema import RecordTypes, attribute

__all__ = [
    "FirstTrue",
    "Found",
    "StageClocks",
    "first_true",
    "has_clocks",
    "remembering",
]

FirstTrue = Callable[[Condition, Any, datetime, datetime], tuple[datetime | None, datetime | None]]
"""``(condition, lead, start, now)`` → the first instant from ``start`` on at which it was true, and
until when that answer holds."""


Found: TypeAlias = dict[tuple[int, datetime], tuple[datetime | None, datetime]]
"""Of a condition (its identity) and a start: since when it was true, or until when it was not."""

_FOUND: ContextVar[Found | None] = ContextVar("found", default=None)


@contextmanager
def remembering(found: Found) -> Iterator[None]:
    """While one stay of one lead is followed from instant to instant: what was found is kept.

    What was true before does not change when later events become known.
    """
    token = _FOUND.set(found)
    try:
        yield
    finally:
        _FOUND.reset(token)


def first_true(
    condition: Condition,
    watching: Callable[[datetime], Callable[[Any], Any]],
    lead: Any,
    start: datetime,
    now: datetime,
) -> tuple[datetime | None, datetime | None]:
    """What ``FirstTrue`` gives, from the function of each instant that judges the condition.

    Nothing changes between an answer and the instant until which it holds, so these are all the
    instants to look at. Events count from when they happened; a field's present value is taken to
    have always held.
    """
    found, key = _FOUND.get(), (id(condition), start)
    instant: datetime | None = start
    if found is not None and key in found:
        since, instant = found[key]
        if since is not None:
            return since, None
    while instant is not None and instant <= now:
        answers, until = watching(instant)(lead)
        if answers[0]:
            if found is not None:
                found[key] = instant, now
            return instant, None
        # An answer that would end before it began would be asked for ever.
        assert until is None or until > instant, f"what holds at {instant} holds until {until}"
        instant = until
    if found is not None:
        found[key] = None, now
    return None, instant


def has_clocks(stage: p.PlanStage) -> bool:
    return bool(stage.all_time_outs() or stage.targets)


@dataclass(frozen=True, slots=True)
class Clocks:
    """``outs`` says of each time-out whether it is due, ``backs`` of each hand-back of a target."""

    outs: tuple[bool, ...]
    backs: tuple[bool, ...]
    targets: tuple[TargetResult, ...]
    pending: tuple[TimeOutResult, ...]
    until: datetime


class StageClocks:
    """The clocks of one stage, ready to be asked about a lead in it."""

    def __init__(
        self, plan: p.Plan, stage: p.PlanStage, types: RecordTypes, first_true: FirstTrue
    ) -> None:
        policy = plan.policy
        self.zone = policy.zone
        self.open_times: Mapping[str, OpenTime] = open_times(policy.calendars)
        self.first_true = first_true
        self.time_outs = [
            (out, matcher(out.without, policy, types)) for out in stage.all_time_outs()
        ]
        self.targets = [_Target(each.target, policy, types) for each in stage.targets]

    def __call__(
        self,
        lead: Any,
        activities: list[Any],
        actions: list[Any],
        now: datetime,
        entered: datetime | None,
        woke: datetime | None,
        applies: tuple[Any, ...],
    ) -> Clocks:
        """``entered``: since when the lead is in the stage (``None``: nobody can tell); ``woke``:
        when it woke up there; ``applies``: of each target, whether its ``when`` is true.
        """
        began = entered if woke is None else woke
        until = FAR
        outs = []
        pending = []
        for out, events in self.time_outs:
            taken, falls_due = self._time_out(out, events(activities, actions), now, began)
            outs.append(taken)
            if falls_due is not None and not taken:
                pending.append(TimeOutResult(out.rule, falls_due))
                until = min(until, falls_due)
        told = []
        backs: list[bool] = []
        for target, wanted in zip(self.targets, applies, strict=True):
            if not wanted or began is None or entered is None:
                backs += [False] * len(target.target.hands_back)
                if wanted:
                    told.append(TargetResult(target.target.name, "waiting", None, None, None))
                continue
            pauses = tuple(target.pauses(activities, actions, now, entered, self.zone))
            result, handed, turn = self._target(
                target, lead, activities, actions, now, began, pauses
            )
            told.append(result)
            for back, at in zip(target.target.hands_back, handed, strict=True):
                backs.append(at is not None and at <= now)
                if at is not None and at > now:
                    pending.append(TimeOutResult(back.rule, at))
            until = min(until, turn)
        return Clocks(tuple(outs), tuple(backs), tuple(told), tuple(pending), until)

    def asleep(self) -> Clocks:
        """They stand still while the lead sleeps."""
        backs = sum(len(target.target.hands_back) for target in self.targets)
        return Clocks((False,) * len(self.time_outs), (False,) * backs, (), (), FAR)

    def _time_out(
        self, out: TimeOut, events: list[Any], now: datetime, began: datetime | None
    ) -> tuple[bool, datetime | None]:
        """Whether it is taken, and when it is due (``None``: it is not to come)."""
        if began is None:
            return False, None
        falls_due = add(out.after, began, self.zone, self.open_times)
        if falls_due is None:
            return False, None
        last = min(falls_due, now)
        if any(began <= event.at <= last for event in events):
            return False, None
        return falls_due <= now, falls_due

    def _target(
        self,
        target: _Target,
        lead: Any,
        activities: list[Any],
        actions: list[Any],
        now: datetime,
        began: datetime,
        pauses: tuple[tuple[datetime, datetime | None], ...],
    ) -> tuple[TargetResult, list[datetime | None], datetime]:
        """What stands of it, when it hands back, and until when that holds."""
        asked = target.target
        if asked.in_force is not None and asked.in_force.first is not None:
            # Nobody can break a promise before it was made.
            began = max(began, day_start(asked.in_force.first, self.zone))
        start: datetime | None = began
        until: datetime | None = None
        if asked.starts_when is not None:
            start, until = self.first_true(asked.starts_when, lead, began, now)
        acts, values = target.acts(activities, actions, start or now, now)
        clock = state(
            asked.limit,
            start,
            now,
            self.zone,
            self.open_times,
            acts=acts,
            values=values,
            at_least=asked.at_least,
            different=asked.different[0] if asked.different else 0,
            pauses=pauses,
        )
        turns = [until] if start is None else [ends for _, ends in pauses]
        if clock.state == "running":
            turns.append(clock.due)
        backs = [
            self._hand_back(target, clock, back.after, acts, values) for back in asked.hands_back
        ]
        turns += backs
        turn = min((each for each in turns if each is not None and each > now), default=FAR)
        told = TargetResult(asked.name, clock.state, clock.started, clock.due, clock.at)
        return told, backs, turn

    def _hand_back(
        self, target: _Target, clock: Any, after: Any, acts: list[datetime], values: Any
    ) -> datetime | None:
        """When the lead is handed back, if the target was missed and is not done until then."""
        if clock.state != "missed" or clock.due is None:
            return None
        at = clock.due if after is None else add(after, clock.due, self.zone, self.open_times)
        asked = target.target
        if at is None or isinstance(asked.limit, TargetEvery):
            return at
        different = asked.different[0] if asked.different else 0
        late = done(acts, values, asked.at_least, different, clock.started, at)
        return None if late is not None else at


class _Target:
    """A target with its events found in a record."""

    def __init__(self, target: Target, policy: CheckedPolicy, types: RecordTypes) -> None:
        self.target = target
        events = target.events
        self.events = None if events is None else matcher(events, policy, types)
        self.stops = [
            (
                pause,
                matcher(pause.start, policy, types),
                None if isinstance(pause.until, LastFact) else matcher(pause.until, policy, types),
            )
            for pause in target.pauses
        ]

    def acts(
        self, activities: list[Any], actions: list[Any], start: datetime, now: datetime
    ) -> tuple[list[datetime], list[object] | None]:
        """The instants of its events since the clock started, and what each says of the property
        of which there must be different values.
        """
        if self.events is None:
            return [], None
        found = [event for event in self.events(activities, actions) if start <= event.at <= now]
        found.sort(key=lambda event: event.at)
        instants = [event.at.astimezone(UTC) for event in found]
        if self.target.different is None:
            return instants, None
        name = attribute(self.target.different[1])
        return instants, [_compared(getattr(event, name)) for event in found]

    def pauses(
        self,
        activities: list[Any],
        actions: list[Any],
        now: datetime,
        entered: datetime,
        zone: str,
    ) -> Iterator[tuple[datetime, datetime | None]]:
        """From when until when the clock stands still, of what began in this stay.

        An event that does not name its day begins no pause.
        """
        for pause, starts, ends in self.stops:
            ending = [] if ends is None else [end.at for end in ends(activities, actions)]
            for event in starts(activities, actions):
                if not entered <= event.at <= now:
                    continue
                begins = event.at.astimezone(UTC)
                if isinstance(pause.until, LastFact):
                    named = getattr(event, attribute(pause.until.property))
                    if named is not None:
                        yield begins, _begins(named, zone)
                else:
                    later = [end.astimezone(UTC) for end in ending if begins < end <= now]
                    yield begins, min(later, default=None)


def _compared(value: Any) -> object:
    """A property's value as different ones are told apart; ``None`` for an unknown one."""
    if isinstance(value, str):
        return fold(value) or None
    return frozenset(value) if isinstance(value, list) else value


def _begins(day: date | datetime, zone: str) -> datetime:
    return day.astimezone(UTC) if isinstance(day, datetime) else day_start(day, zone)
