"""What a lead's events and its history tell besides counts: newest events, instants, stays.

Each such fact is one local variable of the generated code. Which of them are used is known only
when all expressions have been spelled, so they are written last and stand first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from leadpact import plan as p
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.writer import Writer
from leadpact.checked import (
    EventMoment,
    Field,
    LastFact,
    SinceStage,
    StageMoment,
    StageTest,
    TimeFact,
)

__all__ = ["Told"]

_FORMS: Final = {SinceStage: "SINCE", p.Gaining: "GAINING"}


class Told:
    """The variables of one text of a plan."""

    def __init__(self, plan: p.Plan | None = None) -> None:
        self.plan = plan
        self.lasts: dict[LastFact, Facts] = {}
        self.slots: dict[LastFact | EventMoment, int] = dict(plan.facts) if plan else {}
        self.starts: dict[tuple[str, str], str] = {}
        self.stages: dict[StageTest, str] = {}
        self.moments: dict[StageMoment, str] = {}
        self.days: dict[str, None] = {}
        self.sinces: dict[str, SinceStage | p.Gaining] = {}
        self.limits = tuple(dict.fromkeys(limit for _, limit in plan.times)) if plan else ()
        if plan is not None:
            self._take_lasts(plan)

    def _take_lasts(self, plan: p.Plan) -> None:
        properties: dict[int, dict[str, Field]] = {}
        for fact, slot in plan.facts:
            if isinstance(fact, LastFact):
                field = _property(plan, fact)
                properties.setdefault(slot, {})[field.name] = field
        facts = {
            slot: Facts(f"x{slot}", f"v{slot}_", tuple(fields.values()), optional=True)
            for slot, fields in properties.items()
        }
        for fact, slot in plan.facts:
            if isinstance(fact, LastFact):
                self.lasts[fact] = facts[slot]

    # --- variables -----------------------------------------------------------------------------

    def start(self, how: str, stage: str) -> str:
        """The instant of the last entry or exit; ``FAR``: never, ``None``: nobody can tell."""
        return self.starts.setdefault((how, stage), f"z{len(self.starts)}")

    def since(self, window: SinceStage | p.Gaining) -> str:
        """From which instant on events count; ``FAR`` while nobody can tell."""
        name = f"{self.start(window.how, window.stage)}_{_FORMS[type(window)]}"
        self.sinces[name] = window
        return name

    def stage(self, test: StageTest) -> str:
        """Whether the lead is (or was) in the stage: ``True``, ``False`` or ``None``."""
        if test.within is None and not test.ever:
            return f"(stage == {test.stage!r})"
        return self.stages.setdefault(test, f"in{len(self.stages)}")

    def moment(self, fact: EventMoment | StageMoment) -> str:
        """An instant, or ``None``."""
        if isinstance(fact, EventMoment):
            return f"c{self.slots[fact]}"
        return self.moments.setdefault(fact, f"h{len(self.moments)}")

    def day(self, fact: EventMoment | StageMoment) -> str:
        """The instant's local day, or ``None``."""
        moment = self.moment(fact)
        self.days[moment] = None
        return f"{moment}_DAY"

    def limit(self, limit: p.TimeLimit) -> str:
        return f"q{self.limits.index(limit)}"

    def time(self, fact: TimeFact, days: bool, facts: Facts) -> str:
        """A time as it is compared with a limit; ``facts`` are those of the lead."""
        if isinstance(fact, EventMoment | StageMoment):
            return self.day(fact) if days else self.moment(fact)
        owner, name = facts, ""
        if isinstance(fact, LastFact):
            owner, name = self.lasts[fact], fact.property
        else:
            name = fact.name
        return owner.day(name) if days else owner.raw(name)

    # --- writing -------------------------------------------------------------------------------

    def needs_history(self) -> bool:
        assert self.plan is not None
        restarts = any(restart.stages for restart in self.plan.restarts)
        return bool(self.starts or self.stages or self.moments or restarts)

    def write_history(self, writer: Writer, start: str) -> None:
        """Before the pass over the events; ``start`` is the start stage."""
        if not self.needs_history():
            return
        for fact in self.moments:
            self.start("entering" if fact.which == "entry" else "leaving", fact.stage)
        writer.line(f"history = history_of(lead, {writer.constant(start)}, now)")
        for (how, stage), name in self.starts.items():
            asked = "last_entry" if how == "entering" else "last_exit"
            writer.line(f"{name} = history.{asked}({writer.constant(stage)})")
        for name, window in self.sinces.items():
            at = self.start(window.how, window.stage)
            never = f"PAST if {at} is FAR else {at}" if isinstance(window, p.Gaining) else at
            writer.line(f"{name} = FAR if {at} is None else {never}")
        for fact, name in self.moments.items():
            at = self.start("entering" if fact.which == "entry" else "leaving", fact.stage)
            writer.line(f"{name} = None if {at} is FAR else {at}")
        for test, name in self.stages.items():
            within = "None" if test.within is None else writer.constant(test.within, "Length")
            writer.line(
                f"{name} = history.was_in({writer.constant(test.stage)}, {within}, now, ZONE)"
            )

    def write_after_events(self, writer: Writer) -> None:
        """After the pass over the events: what the newest of them say."""
        for facts in dict.fromkeys(self.lasts.values()):
            facts.load(writer)
        for moment in self.days:
            writer.line(f"{moment}_DAY = None if {moment} is None else local_day({moment}, ZONE)")


def _property(plan: p.Plan, fact: LastFact) -> Field:
    """The property as a field, which is never required: there may be no event."""
    kind = next(kind for kind in plan.policy.kinds if kind.name == fact.events.parts[0].kind)
    field = next(field for field in kind.properties if field.name == fact.property)
    return replace(field, required=False, required_when=None, type=fact.type)
