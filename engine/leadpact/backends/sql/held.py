"""Which events count for a slot: those of its window, and those after something began again."""

from __future__ import annotations

from datetime import datetime

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.dialects import Dialect, both
from leadpact.backends.sql.events import Events
from leadpact.backends.sql.matching import compared
from leadpact.backends.sql.passes import Pass
from leadpact.backends.sql.sheet import coalesce, column, micros, whole
from leadpact.backends.sql.standing import PAST, Standing
from leadpact.checked import Ever, SinceEntered, SinceStage, Within
from leadpact.operators.times import threshold

__all__ = ["Held"]


class Held:
    """When events count, at one instant.

    ``standing`` is what is known of the lead before the pass over its events, ``early`` a pass that
    comes before it: that of the events after which others count again.
    """

    def __init__(
        self, plan: p.Plan, as_of: datetime, standing: Standing, events: Events, dialect: Dialect
    ) -> None:
        self.plan = plan
        self.now = micros(as_of)
        self.standing = standing
        self.events = events
        self.dialect = dialect
        self.early = Pass("early", standing.sheet)
        self.thresholds = {
            window: micros(threshold(window, as_of, plan.policy.zone)) for window in plan.windows
        }

    def when(self, slot: p.Slot) -> exp.Expression:
        """Whether an event counts for the slot."""
        tests = [self.window(slot.window)]
        if slot.restart is not None:
            tests.append(compared(column("at"), ">", self.restart(slot.restart)))
        return both(*tests, self.events.matches(slot.parts, self.since(slot)))

    def counts(self, slot: p.Slot) -> list[exp.Expression]:
        """When an event of the past counts for the slot, its kind and properties aside."""
        tests = [] if isinstance(slot.window, Ever) else [self.window(slot.window, past=True)]
        if slot.restart is not None:
            tests.append(compared(column("at"), ">", self.restart(slot.restart)))
        return tests

    def is_past(self) -> exp.Expression:
        return compared(column("at"), "<=", whole(self.now))

    def window(self, window: object, past: bool = False) -> exp.Expression:
        """``past``: that the event has happened is known already."""
        if not past:
            return both(self.window(window, past=True), self.is_past())
        at = column("at")
        match window:
            case Within(duration):
                return compared(at, ">", whole(self.thresholds[duration]))
            case Ever():
                return exp.true()
            case SinceEntered():
                return compared(at, ">=", self.standing.since)
            case SinceStage(how, stage) | p.Gaining(how, stage):
                gaining = isinstance(window, p.Gaining)
                since = self.standing.since_stage(how, stage, gaining)
                name = f"since {how} {stage}{' gaining' if gaining else ''}"
                return compared(at, ">=", self.standing.sheet.add(name, since))
            case _:
                raise AssertionError(window)

    def since(self, slot: p.Slot) -> int | None:
        """After which instant all events lie that count for the slot; ``None``: after none."""
        window = slot.window
        return self.thresholds[window.duration] if isinstance(window, Within) else None

    def restart(self, number: int) -> exp.Column:
        """The instant after which events count again."""
        restart = self.plan.restarts[number]
        held: list[exp.Expression] = [
            self.early.extreme(
                f"early instant {slot}", "max", column("at"), self.when(self.plan.slots[slot])
            )
            for slot in restart.slots
        ]
        if restart.stages:
            first = self.first() if self.standing.start in restart.stages else None
            entries = self.standing.entries(restart.stages, first)
            held.append(self.standing.sheet.add(f"entries {number}", entries))
        newest = coalesce(self.dialect.greatest(*held), whole(PAST))
        return self.standing.sheet.add(f"restart {number}", newest)

    def first(self) -> exp.Column:
        """The lead's first event, known before the pass; NULL without one."""
        return self.early.extreme("early first event", "min", column("at"), self.is_past())
