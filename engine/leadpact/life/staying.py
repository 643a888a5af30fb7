"""One stay of a lead in a stage, while replay walks through it, and what is told of it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leadpact.arrivals import Arrival
from leadpact.backends.python.history import brought
from leadpact.backends.python.runtime import FAR
from leadpact.backends.python.sleeping import Sleep, sleeps
from leadpact.checked import CheckedPolicy, InForce
from leadpact.decision import Decision, Points, Warning
from leadpact.life.history import Clock, Exit, Listed, Slept, Stay
from leadpact.life.promises import Promise, Seen
from leadpact.life.ways import Way, ways_of
from leadpact.operators.business import open_times
from leadpact.schema import RecordTypes

__all__ = ["Rules", "Staying", "looks"]

_Events = tuple[list[Any], list[Any]]
"""Activities and actions, each event once."""


class Rules:
    """What one day's policy says about leads in stages; ``arrivals`` are those of all days."""

    def __init__(
        self, policy: CheckedPolicy, arrivals: tuple[Arrival, ...], types: RecordTypes
    ) -> None:
        self.owners = {stage.name: stage.owner for stage in policy.stages}
        self.start = next(stage.name for stage in policy.stages if stage.start)
        self.ways = ways_of(policy)
        self.sleep = sleeps(policy, arrivals, types)
        calendars = open_times(policy.calendars)
        self.promises = {
            (stage.name, target.name): Promise(target, stage.owner, policy, types, calendars)
            for stage in policy.stages
            for target in stage.targets
        }

    def way(self, stage: str, rule: str) -> Way:
        """The way out of a stage that a rule makes."""
        return next(way for way in self.ways if way.stage == stage and way.rule == rule)


def looks(decision: Decision) -> tuple[Mapping[str, Points], Mapping[str, str]]:
    """How the lead looks: the points of each score, the letter of each grade."""
    return (
        {name: score.points for name, score in decision.scores.items()},
        {name: grade.letter for name, grade in decision.grades.items()},
    )


@dataclass
class Staying:
    """A stay so far. ``came`` is the way by which the lead came, ``by`` how it looked then."""

    rules: Rules
    stage: str
    entered: datetime | None
    came: Way | None
    by: Exit | None
    seen: dict[tuple[str, InForce | None], tuple[Promise, Seen]] = field(default_factory=dict)

    def look(self, rules: Rules, decision: Decision) -> None:
        """Note what a decision says of the stage's targets, where that is news."""
        now = decision.as_of
        left = dict(self.seen)
        for result in decision.targets if isinstance(decision.targets, tuple) else ():
            promise = rules.promises[self.stage, result.target]
            # Another version of the target, of later dates, is another promise.
            key = result.target, promise.target.in_force
            left.pop(key, None)
            seen = self.seen.setdefault(key, (promise, []))[1]
            if not seen or seen[-1][1] != result:
                seen.append((now, result))
        for _, seen in left.values():
            if seen[-1][1] is not None:
                seen.append((now, None))

    def told(
        self, lead: Any, events: _Events, end: datetime | None, exit: Exit | None
    ) -> tuple[Stay, tuple[Warning, ...]]:
        """The stay until ``end``; ``None``: nobody can tell when it ended.

        ``lead`` is still in the stage; ``None`` for a past stay of which only the record tells.
        """
        sleep, warnings = self._sleep(lead, events, end)
        clocks: list[Clock] = []
        if end is not None:
            for promise, seen in self.seen.values():
                clocks += promise.clocks(seen, end, exit, *events)
        left = None if exit is None else exit.at
        stay = Stay(
            stage=self.stage,
            owner=self.rules.owners.get(self.stage),
            entered=self.entered,
            left=left,
            exit=exit,
            targets=tuple(clocks),
            worklists=tuple(self._worklists(left)),
            sleep=sleep,
            events=(),
            other_events=0,
        )
        return stay, warnings

    def _worklists(self, left: datetime | None) -> list[Listed]:
        if self.came is None or self.by is None or self.by.at is None:
            return []
        by, at = self.by, self.by.at
        return [Listed(one.name, at, left, by.scores, by.grades) for one in self.came.worklists]

    def _sleep(
        self, lead: Any, events: _Events, end: datetime | None
    ) -> tuple[Slept | None, tuple[Warning, ...]]:
        if lead is None or end is None:
            return None, ()
        came = brought(lead, self.rules.start, end)
        sleep: Sleep = self.rules.sleep(lead, *events, end)
        if came.at is None or came.rule is None:
            return None, ()
        if sleep.woke is not None:
            at_once = sleep.woke == came.at
            warnings = (Warning("woke_at_once", came.rule, 1),) if at_once else ()
            return Slept(came.at, sleep.woke, sleep.woke), warnings
        if sleep.until is None:
            return None, ()
        return Slept(came.at, None if sleep.until is FAR else sleep.until, None), ()
