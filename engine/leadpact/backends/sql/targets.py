"""The targets of a lead's present stage: what stands of each, and when it hands the lead back.

A clock starts on entering the stage, or with the first event that ``starts when`` asks for. What
else would have to be followed through time is left to the Python engine: other ``starts when``,
leads whose clock was paused, and the instant of the second event and later ones of several.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.deadlines import TOO_OLD, Deadline, after, by, is_unknown
from leadpact.backends.sql.dialects import both, either
from leadpact.backends.sql.expressions import Spelling
from leadpact.backends.sql.instants import border
from leadpact.backends.sql.matching import compared, is_known
from leadpact.backends.sql.sheet import case, column, text, whole
from leadpact.checked import (
    Condition,
    EventPattern,
    EventTest,
    LastFact,
    SinceEntered,
    Target,
    TargetBy,
    TargetEvery,
    TargetHandBack,
)

__all__ = ["Clock", "add_targets", "clocks_of"]

_PAUSED = "a target whose clock was paused"
_STARTS = "a target that starts on more than an event"
_SEVERAL = "a target that asks for several events, of which there are more"


@dataclass(frozen=True, slots=True)
class Clock:
    """A target as columns: ``state`` (NULL while it is no target of the lead) and instants.

    ``backs`` says of each hand-back whether it is taken; ``turns`` are instants to come at which
    something changes.
    """

    state: exp.Column
    started: exp.Column
    due: exp.Column
    at: exp.Column
    backs: tuple[tuple[TargetHandBack, exp.Column], ...]
    turns: tuple[exp.Expression, ...]


def add_targets(spelling: Spelling) -> list[exp.Expression]:
    """Adds ``target.NAME``, ``started.NAME``, ``due.NAME`` and ``at.NAME`` of all targets.

    The instants to come at which they change are among those of ``add_ways``, which see to the
    hand-backs; so there are none to give here.
    """
    for stage in spelling.plan.stages:
        for target, clock in zip(stage.targets, clocks_of(spelling, stage), strict=True):
            name = target.target.name
            spelling.sheet.put(f"target.{name}", _alias(clock.state))
            spelling.sheet.put(f"started.{name}", _alias(clock.started))
            spelling.sheet.put(f"due.{name}", _alias(clock.due))
            spelling.sheet.put(f"at.{name}", _alias(clock.at))
    return []


def _alias(value: exp.Column) -> exp.Expression:
    return exp.Paren(this=value.copy())


def clocks_of(spelling: Spelling, stage: p.PlanStage) -> tuple[Clock, ...]:
    """The clocks of a stage, in order. Asked again, they are the same columns."""
    return tuple(_Reading(spelling, stage, each).clock() for each in stage.targets)


class _Reading:
    """One target being read."""

    def __init__(self, spelling: Spelling, stage: p.PlanStage, planned: p.PlanTarget) -> None:
        self.spelling = spelling
        self.sheet = spelling.sheet
        self.target: Target = planned.target
        self.name = planned.target.name
        here = spelling.standing.is_in(stage.name)
        # While ``when`` is unknown it is no target of the lead.
        when = [] if planned.when is None else [spelling.test(planned.when)]
        self.wanted = self.add("applies", both(here, *when))

    def add(self, name: str, expression: exp.Expression) -> exp.Column:
        return self.sheet.add(f"{self.name} {name}", expression)

    def odd(self, test: exp.Expression, why: str) -> None:
        """Leave the lead to the Python engine, if it is a target of it."""
        found = both(self.wanted, test)
        if found not in self.spelling.oddities.get(why, ()):
            self.spelling.odd(found, why)

    def clock(self) -> Clock:
        now = whole(self.spelling.now)
        started = self.add("started", case((self.wanted, self._start())))
        at, counts_from = self._done(started)
        due = self._due(counts_from)
        self._see_pauses(due, at)
        in_time = both(is_known(at), exp.paren(either(is_unknown(due), compared(at, "<=", due))))
        state = self.add(
            "state",
            case(
                (both(self.wanted, is_unknown(started)), text("waiting")),
                (both(self.wanted, in_time), text("met")),
                (both(self.wanted, compared(due, "<=", now)), text("missed")),
                (self.wanted, text("running")),
            ),
        )
        backs, turns = self._backs(state, due, at)
        to_come = both(compared(state, "==", text("running")), compared(due, ">", now))
        turns.append(self.add("turns", case((to_come, due.copy()))))
        met = self.add("met at", case((compared(state, "==", text("met")), at.copy())))
        return Clock(state, started, due, met, tuple(backs), tuple(turns))

    # --- when it starts --------------------------------------------------------------------------

    def _first(self) -> int | None:
        """When the target came into force: nobody can break a promise before it was made."""
        dates = self.target.in_force
        if dates is None or dates.first is None:
            return None
        return border(dates.first, self.spelling.zone)

    def _start(self) -> exp.Expression:
        """When the clock started; NULL if it has not, or nobody can tell."""
        began: exp.Expression = self.spelling.entered
        wanted, first = self.target.starts_when, self._first()
        if wanted is not None and (events := _single(wanted)) is not None:
            began = self._moment(events, last=False)
        elif wanted is not None:
            self.odd(is_known(began), _STARTS)
        if first is None:
            return began
        late = compared(began, "<", whole(first))
        return case((late, whole(first)), otherwise=began.copy())

    def _slot(self, events: EventPattern, measure: p.Count | p.Moment | p.Different) -> int:
        """Of such events since the lead entered its stage."""
        parts = tuple(sorted(dict.fromkeys(events.parts), key=repr))
        slot = p.Slot(parts, events.of_actions, SinceEntered(), measure)
        return self.spelling.slots.ask(slot)

    def _moment(self, events: EventPattern, last: bool) -> exp.Column:
        return self.spelling.slot(self._slot(events, p.Moment(last)))

    def _see_pauses(self, due: exp.Column, done: exp.Column) -> None:
        """Leave leads alone whose clock was paused before it ran out or stopped."""
        for pause in self.target.pauses:
            began = self._moment(pause.start, last=False)
            if isinstance(pause.until, LastFact):
                # Its end may be to come, and be something to wait for even then.
                self.odd(is_known(began), _PAUSED)
                continue
            too_late = exp.paren(either(compared(began, ">", due), compared(began, ">=", done)))
            harmless = exp.func("COALESCE", too_late, exp.false())
            self.odd(both(is_known(began), exp.Not(this=harmless)), _PAUSED)

    # --- when it is done -------------------------------------------------------------------------

    def _done(self, started: exp.Column) -> tuple[exp.Column, exp.Column]:
        """When what it asks for was done (NULL: not yet), and from when its time counts."""
        events, never = self.target.events, exp.cast(exp.Null(), "bigint")
        if events is None:
            return self.add("left", never), started
        newest = self._moment(events, last=True)
        since = compared(newest, ">=", started)
        if isinstance(self.target.limit, TargetEvery):
            latest = case((since, newest.copy()), otherwise=started.copy())
            return self.add("left", never), self.add("counts from", latest)
        done = self._all_done(events)
        if self.target.starts_when is None and self._first() is None:
            return done, started
        # Of the events between the first and the newest nobody knows which came after the start.
        shifted = compared(started, ">", self.spelling.entered)
        oldest = self._moment(events, last=False)
        is_several = self.target.at_least > 1 or self.target.different is not None
        unsure = [] if is_several else [compared(oldest, "<", started)]
        self.odd(both(shifted, since, *unsure), _SEVERAL)
        from_start = case((compared(oldest, ">=", started), oldest.copy()))
        return self.add("done", case((shifted, from_start), otherwise=done.copy())), started

    def _all_done(self, events: EventPattern) -> exp.Column:
        """When there were first so many events, of so many different values, since entering.

        Of several the last one is the newest, as long as there are no more than were asked for.
        """
        at_least, different = self.target.at_least, self.target.different
        parts: list[exp.Expression] = [self._moment(events, last=at_least > 1)]
        enough: list[exp.Expression] = []
        too_many: list[exp.Expression] = []
        if at_least > 1:
            count = self.spelling.slot(self._slot(events, p.Count()))
            enough.append(compared(count, ">=", whole(at_least)))
            too_many.append(compared(count, ">", whole(at_least)))
        if different is not None and (tells := self._tells(events, different[1])) is not None:
            wanted, name = different
            main, of = self.spelling.slots.main, f"{self.name} {name}"
            values = self.spelling.slot(self._slot(events, p.Different(name)))
            enough.append(compared(values, ">=", whole(wanted)))
            which = "max" if wanted > 1 else "min"
            parts.append(main.extreme(f"{of} known", which, column("at"), tells))
            if wanted > 1:
                too_many.append(compared(main.count(f"{of} told", tells), ">", whole(wanted)))
        elif different is not None:
            enough.append(exp.false())
        if too_many:
            self.odd(both(*enough, exp.paren(either(*too_many))), _SEVERAL)
        return self.add("done", case((both(*enough), self.spelling.dialect.greatest(*parts))))

    def _tells(self, events: EventPattern, name: str) -> exp.Expression | None:
        """Whether an event is one of them and tells the property; ``None``: none has it."""
        slots = self.spelling.slots
        slot = slots.slots[self._slot(events, p.Different(name))]
        key = slots.events.key(slot, name)
        return None if key is None else both(slots.held.when(slot), is_known(key))

    # --- when it is due --------------------------------------------------------------------------

    def _due(self, counts_from: exp.Column) -> exp.Column:
        limit = self.target.limit
        if isinstance(limit, TargetBy):
            due = by(limit, counts_from, self.spelling)
        else:
            due = after(limit.length, counts_from, self.spelling)
        self._see_told(due, is_known(counts_from))
        return self.add("due", due.at)

    def _see_told(self, deadline: Deadline, asked: exp.Expression) -> None:
        if deadline.told is not None:
            self.odd(both(asked, exp.Not(this=exp.paren(deadline.told))), TOO_OLD)

    def _backs(
        self, state: exp.Column, due: exp.Column, done: exp.Column
    ) -> tuple[list[tuple[TargetHandBack, exp.Column]], list[exp.Expression]]:
        """Of each hand-back whether it is taken, and when it is to come."""
        now = whole(self.spelling.now)
        backs: list[tuple[TargetHandBack, exp.Column]] = []
        turns: list[exp.Expression] = []
        missed = self.add("missed at", case((compared(state, "==", text("missed")), due.copy())))
        for back in self.target.hands_back:
            at: exp.Expression = missed
            if back.after is not None:
                late = after(back.after, missed, self.spelling)
                self._see_told(late, is_known(missed))
                at = late.at
            not_done = exp.paren(either(is_unknown(done), compared(done, ">", at)))
            taken = both(compared(at, "<=", now), not_done)
            backs.append((back, self.add(f"{back.rule} true", taken)))
            to_come = both(compared(at, ">", now), not_done)
            turns.append(self.add(f"{back.rule} to come", case((to_come, at.copy()))))
        return backs, turns


def _single(condition: Condition) -> EventPattern | None:
    """The events of which one, since the lead entered its stage, is all that is asked."""
    match condition:
        case EventTest(events, ">=", 1, None, SinceEntered()):
            return events
        case _:
            return None
