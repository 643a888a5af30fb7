"""Walking through a lead's life: from one instant at which something can change to the next.

At each the decision is asked. A move that it tells is taken at that instant, and the decision is
asked again; where it tells none, nothing changes until it ends (``valid_until``), or until the next
event.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Literal, Protocol, TypeAlias

import msgspec

from leadpact.arrivals import arrivals
from leadpact.backends.python.clocks import Found, remembering
from leadpact.backends.python.history import entered
from leadpact.backends.python.runtime import without_repeats
from leadpact.checked import CheckedPolicy
from leadpact.dated import borders, in_force_on, period_of
from leadpact.decision import Decision, PolicyRef, Problem, RefusedRecord, Warning
from leadpact.life.happenings import Labels, with_happenings
from leadpact.life.history import Coming, Exit, History, Stay
from leadpact.life.recorded import Recorded, recorded, taken
from leadpact.life.standing import Standing
from leadpact.life.staying import Rules, Staying, looks
from leadpact.operators.times import day_start, local_day, supported
from leadpact.schema import RecordTypes

__all__ = ["MOST_MOVES", "NoStagesError", "Policy", "Replaying"]

MOST_MOVES = 100
"""How many moves a lead may make at one instant."""

_Out: TypeAlias = Literal["time out", "hand back"]

_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""The first instant at which decisions are made; events may be older."""


class NoStagesError(ValueError):
    """The policy has no stages, so a lead has no life in it."""


class Policy(Protocol):
    """What replay needs of a policy."""

    checked: CheckedPolicy
    types: RecordTypes

    def bind(self, as_of: datetime, *, explain: bool = False) -> Callable[..., Any]: ...


class Replaying:
    """Replays leads of one policy. Raises ``NoStagesError`` for a policy without stages."""

    def __init__(self, policy: Policy, ref: PolicyRef) -> None:
        checked = policy.checked
        if not checked.stages:
            raise NoStagesError(f"The policy {checked.name} has no stages.")
        self.policy = policy
        self.ref = ref
        self.start = next(stage.name for stage in checked.stages if stage.start)
        self.stages: Mapping[str, str] = {stage.name: stage.label for stage in checked.stages}
        self.labels = Labels(checked, policy.types)
        self.days = borders(checked)
        self.borders = [day_start(day, checked.zone) for day in self.days]
        self._rules: dict[int, Rules] = {}

    def rules(self, instant: datetime) -> Rules:
        """The rules about leads in stages that are in force at an instant."""
        checked = self.policy.checked
        if not self.days and self._rules:
            return self._rules[0]
        day = local_day(instant, checked.zone)
        period = period_of(self.days, day)
        if period not in self._rules:
            self._rules[period] = Rules(
                in_force_on(checked, day), arrivals(checked), self.policy.types
            )
        return self._rules[period]

    def __call__(
        self, lead: Any, until: datetime, warnings: tuple[Warning, ...] = ()
    ) -> History | RefusedRecord | tuple[Problem, ...]:
        """The life of a typed lead until an instant, or what is wrong with it.

        A record that the policy refuses at that instant has no life.
        """
        until = supported(until)
        if lead.stage_since is not None and lead.stage_since > until:
            reason = "The lead enters its stage after the instant until which it is replayed."
            return (Problem("stage_since", lead.stage_since.isoformat(), reason),)
        refused = self.policy.bind(until)(lead, warnings)
        if isinstance(refused, RefusedRecord):
            return refused
        walk = _Walk(self, lead, until)
        problem = walk.go()
        return (problem,) if problem is not None else walk.history(warnings)

    def onward(
        self, lead: Any, begin: datetime, instants: Sequence[datetime]
    ) -> Iterator[Standing | Problem]:
        """How a typed lead stands at each of some later ``instants``, in their order.

        The walk begins at ``begin``, in the stage where the record has the lead then, or in the
        start stage: moves that could have been taken before were not. Where the lead is caught in a
        loop, that problem is the last that comes.
        """
        begin = supported(begin)
        if lead.stage is None:
            # A first event that is still to come must not move the beginning of the stay.
            since = entered(lead, self.start, begin)
            lead = msgspec.structs.replace(lead, stage=self.start, stage_since=since, moves=[])
        walk = _Walk(self, lead, begin, begin)
        for instant in instants:
            walk.until = supported(instant)
            problem = walk.go()
            yield problem if problem is not None else walk.standing()
            if problem is not None:
                return


class _Walk:
    """One lead on its way to ``until``, from ``begin`` on or from where its record ends."""

    def __init__(
        self, replaying: Replaying, lead: Any, until: datetime, begin: datetime = _EARLIEST
    ) -> None:
        self.replaying = replaying
        self.until = until
        rules = replaying.rules
        activities, actions = without_repeats(lead.activities, lead.actions)
        self.events = _in_order(activities), _in_order(actions)
        self.instants = sorted(event.at for listed in self.events for event in listed)
        self.told: Recorded = recorded(
            lead, replaying.start, until, lambda instant: rules(max(instant, _EARLIEST)).ways
        )
        self.first: Recorded | None = self.told
        self.lead = self.told.lead
        self.now = max(self.told.at, begin, _EARLIEST)
        self._learn()
        self.warned = list(self.told.warnings)
        self.stays: list[Stay] = []
        self.staying: Staying
        self.found: Found = {}
        self._remember()
        self.remembered = len(self.stays)

    def _remember(self) -> None:
        """The stays of which the record tells; replay goes on in the last of them."""
        for stay in self.told.stays:
            rules = self.replaying.rules(max(stay.entered or self.now, _EARLIEST))
            before = self.stays[-1].exit if self.stays else None
            self.staying = Staying(rules, stay.stage, stay.entered, stay.came, before)
            if stay.exit is not None:
                self._leave(stay.exit, None)

    def _learn(self) -> None:
        """The lead gets its events until now; those to come would only be passed over."""
        activities, actions = (
            listed[: bisect_right(listed, self.now, key=attrgetter("at"))] for listed in self.events
        )
        self.lead = msgspec.structs.replace(self.lead, activities=activities, actions=actions)

    def go(self) -> Problem | None:
        """Walk until the end; the loop in which the lead is caught, if it is."""
        with remembering(self.found):
            return self._go()

    def _go(self) -> Problem | None:
        here: list[str] = [self.staying.stage]
        while True:
            decision = self.policy.bind(self.now)(self.lead)
            if isinstance(decision, Decision):
                self.staying.look(self.replaying.rules(self.now), decision)
                assert decision.stage is not None
                if decision.stage.next is not None:
                    if len(here) > MOST_MOVES:
                        return self._loop(here)
                    self._move()
                    here.append(self.staying.stage)
                    continue
            following = self._following(decision)
            if following is None or following > self.until:
                return None
            assert following > self.now
            self.now = following
            self._learn()
            here = [self.staying.stage]

    @property
    def policy(self) -> Policy:
        return self.replaying.policy

    def _following(self, decision: Decision | RefusedRecord) -> datetime | None:
        """The next instant at which something can change."""
        coming = []
        after = bisect_right(self.instants, self.now)
        coming += self.instants[after : after + 1]
        if isinstance(decision, Decision):
            coming += [] if decision.valid_until is None else [decision.valid_until]
        else:
            # Which rules turn records away changes with the rules' dates alone.
            after = bisect_right(self.replaying.borders, self.now)
            coming += self.replaying.borders[after : after + 1]
        return min(coming, default=None)

    def _move(self) -> None:
        decision = self.policy.bind(self.now, explain=True)(self.lead)
        stage = decision.stage
        rules = self.replaying.rules(self.now)
        way = rules.way(stage.current, stage.rule)
        scores, grades = looks(decision)
        exit = Exit(
            stage.next, self.now, way.how, stage.rule, stage.says, stage.because, scores, grades
        )
        self._leave(exit, self.lead)
        if self.first is not None and self.lead.stage is not None and self.lead.moves is None:
            self.warned.append(Warning("past_unknown", stage.current, 1))
        start = self.replaying.start
        self.lead = taken(self.lead, self.first, self.now, stage.next, stage.rule, start)
        self.first = None
        self.staying = Staying(rules, stage.next, self.now, way, exit)
        self.found.clear()

    def _leave(self, exit: Exit, lead: Any) -> None:
        stay, warned = self.staying.told(lead, self.events, exit.at, exit)
        self.stays.append(stay)
        self.warned += warned

    def _loop(self, here: list[str]) -> Problem:
        """The shortest way from the last stage back to it."""
        last = here[-1]
        back = len(here) - 2 - here[-2::-1].index(last) if last in here[:-1] else 0
        labels = " → ".join(f"“{self.replaying.stages[name]}”" for name in here[back:])
        exits = [stay.exit for stay in self.stays[len(self.stays) - (len(here) - 1 - back) :]]
        circle = [out for out in exits if out is not None]
        waits = next((out for out in circle if out.how == "moves to"), circle[0])
        reason = (
            f"The policy moves this lead in a circle, {MOST_MOVES} times at one instant: {labels}. "
            f"Let one of these moves wait: `{waits.rule}` could also ask for "
            f"`not in {waits.to} within 1 day`."
        )
        return Problem("stage", self.now.isoformat().replace("+00:00", "Z"), reason)

    def standing(self) -> Standing:
        """How the lead stands, once the walk is at its end; it may go on from there."""
        stay, _ = self._arrive()
        return Standing(self.until, self.lead, (*self.stays[self.remembered :], stay))

    def _arrive(self) -> tuple[Stay, tuple[Warning, ...]]:
        """The present stay as it is at the end of the walk."""
        self.now = self.until
        self._learn()
        return self.staying.told(self.lead, self.events, self.until, None)

    def history(self, warnings: tuple[Warning, ...]) -> History:
        """The history, once the walk is at its end."""
        stay, warned = self._arrive()
        decision = self.policy.bind(self.until, explain=True)(self.lead)
        scores, grades = looks(decision)
        events = [*self.events[0], *self.events[1]]
        past = [event for event in events if event.at <= self.until]
        # A lead that its record puts into a stage may have come into being without an event.
        born = self.told.stays[0].entered
        return History(
            format=1,
            id=self.lead.id,
            until=self.until,
            policy=self.replaying.ref,
            status="replayed",
            stays=with_happenings([*self.stays, stay], born, past, self.replaying.labels),
            scores=scores,
            grades=grades,
            coming=self._coming(decision),
            later_events=len(events) - len(past),
            warnings=_counted((*warnings, *self.warned, *warned)),
        )

    def _coming(self, decision: Decision) -> tuple[Coming, ...]:
        """What is to come if nothing happens, the next first."""
        stage = decision.stage
        assert stage is not None
        rules = self.replaying.rules(self.until)
        coming = []
        for out in stage.time_outs if isinstance(stage.time_outs, tuple) else ():
            way = rules.way(stage.current, out.rule)
            what: _Out = "time out" if way.how == "times out to" else "hand back"
            coming.append(Coming(out.due, what, out.rule, way.to))
        for target in decision.targets if isinstance(decision.targets, tuple) else ():
            if target.state == "running" and target.due is not None:
                coming.append(Coming(target.due, "target", target.target, None))
        if isinstance(stage.asleep_until, datetime):
            coming.append(Coming(stage.asleep_until, "wake up", stage.current, None))
        return tuple(sorted(coming, key=lambda one: one.at))


def _counted(warnings: tuple[Warning, ...]) -> tuple[Warning, ...]:
    """The warnings in order, each once with how often it was given."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in warnings:
        counts[one.code, one.subject] += one.count
    return tuple(sorted(Warning(code, subject, n) for (code, subject), n in counts.items()))


def _in_order(events: list[Any]) -> list[Any]:
    """The events in the order in which they happened, their instants in UTC."""
    settled = [msgspec.structs.replace(event, at=event.at.astimezone(UTC)) for event in events]
    return sorted(settled, key=attrgetter("at"))
