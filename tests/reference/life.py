"""The life of a lead, slowly: every instant at which something could change is looked at.

A move is taken at the first of them at which the decision tells one. Nothing is kept from one
instant to the next but where the lead was and what stood of its promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from tests.reference.admission import Lead, Rejected, admit
from tests.reference.evaluate import results
from tests.reference.events import Situation
from tests.reference.in_force import on_day
from tests.reference.instants import local_day, zone_named
from tests.reference.judge import holds
from tests.reference.life_clocks import Answer, Left, Promises, written
from tests.reference.life_instants import deadlines, instants_until
from tests.reference.life_record import (
    Past,
    goes_on_at,
    is_allowed,
    own_words,
    past_of,
    told_way,
    ways_on,
)
from tests.reference.sleep import WayOut, waking
from tests.reference.targets import targets_now
from tests.reference.values import is_blank
from tests.reference.ways_out import Taken, coming, reason, way_out

from leadpact.checked import CheckedPolicy, Move, TargetHandBack, TimeOut

MOST_MOVES = 100
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
"""Between which instants decisions are made; events may be older."""


class TooManyInstantsError(Exception):
    """There are more instants to look at than one has time for."""


@dataclass(frozen=True)
class OnceMoved(Situation):
    """By the rows of the ``day`` on which the lead came: a rule that moved it then may be gone."""

    day: date

    @property
    def policy(self) -> CheckedPolicy:  # type: ignore[override]
        return on_day(self.whole, self.day)


@dataclass
class Staying:
    """A stay so far: by which way the lead came, and what it looked like then."""

    entered: datetime | None
    stage: str
    promises: Promises
    came: WayOut | None = None
    by: Answer | None = None
    slept: Answer | None = None


def life_of(
    policy: CheckedPolicy, record: Mapping[str, object], until: datetime, most: int | None = None
) -> Answer:
    """The history of a lead as JSON-like data, without what is only for people to read.

    ``status`` is ``rejected`` for a wrong record, ``circle`` for a lead that would move more than
    100 times at one instant (``at``), ``refused``, or ``replayed``. Raises
    ``TooManyInstantsError`` when more than ``most`` would have to be looked at.
    """
    lead = admit(policy, record, until)
    if isinstance(lead, Rejected):
        return {"status": "rejected"}
    walk = Walk(policy, record, lead, until, most)
    if walk.is_refused(walk.case(until)):
        return {"status": "refused"}
    return walk.told()


@dataclass
class Walk:
    policy: CheckedPolicy
    record: Mapping[str, object]
    lead: Lead
    until: datetime
    most: int | None
    stays: list[Answer] = field(default_factory=list)
    warnings: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        start = next(stage.name for stage in self.policy.stages if stage.start)
        tells_since = not is_blank(self.record.get("stage")) and not is_blank(
            self.record.get("stage_since")
        )
        self.zone = zone_named(self.policy.zone)
        self.past: Past = past_of(self.lead, start, self._first_event(self.until), tells_since)
        self.looked = 0
        self.instants: list[datetime] = []
        self.staying = Staying(None, start, Promises(None))

    # --- what a decision knows -------------------------------------------------------------------

    def _first_event(self, now: datetime) -> datetime:
        return min((event.at for event in self.lead.events if event.at <= now), default=now)

    def case(self, now: datetime) -> Situation:
        """The lead as it is known at an instant: with what has happened, and where it was."""
        events = tuple(event for event in self.lead.events if event.at <= now)
        history = self.past.at(self._first_event(now))
        lead = replace(self.lead, events=events, history=history)
        return Situation(self.policy, lead, now, self.zone)

    def is_refused(self, case: Situation) -> bool:
        return any(holds(case, one.when) is True for one in case.policy.refusals)

    # --- the walk --------------------------------------------------------------------------------

    def told(self) -> Answer:
        for warning in self.lead.warnings:
            self.warns(str(warning["code"]), str(warning["subject"]), int(str(warning["count"])))
        self.remember()
        now = max(FIRST, goes_on_at(self.past, self.until))
        while True:
            caught, soon = self.look(now)
            if caught:
                return {"status": "circle", "at": written(now)}
            ahead = [at for at in (*self.to_come(now), *soon) if now < at <= self.until]
            if not ahead:
                break
            now = min(ahead)
        return self.end()

    def to_come(self, now: datetime) -> list[datetime]:
        case = self.case(now)
        if not self.instants:
            # Of the events that are to come too, each stay's anew.
            known = replace(case, lead=replace(case.lead, events=self.lead.events))
            self.instants = [*instants_until(known, self.until), self.until]
        self.instants = [at for at in self.instants if at > now]
        if self.most is not None and self.looked + len(self.instants) > self.most:
            raise TooManyInstantsError
        return [*self.instants[:1], *deadlines(case)]

    def look(self, now: datetime) -> tuple[bool, list[datetime]]:
        """Take the moves of one instant; whether they never end, and when to look again."""
        for _ in range(MOST_MOVES + 1):
            case = self.case(now)
            self.looked += 1
            if self.is_refused(case):
                return False, []
            way = way_out(case)
            soon = list(self.staying.promises.look(case, None if way is None else way.rule))
            if way is None:
                return False, soon
            self.move(case, way)
        return True, []

    def move(self, case: Situation, way: Taken) -> None:
        now = case.as_of
        if not self.past.known:
            self.warns("past_unknown", self.past.present.stage)
        looks = looks_like(case)
        out = {"to": way.to, "at": written(now), "how": how(way), "rule": way.rule}
        out |= {"because": reason(case, way), **looks}
        self.leave(case, out, Left(now, way.rule))
        self.past = self.past.moves(way.to, now, way.rule)
        self.instants = []
        self.enter(now, way.to, way, out)

    def enter(
        self, entered: datetime | None, stage: str, came: WayOut | None, by: Answer | None
    ) -> None:
        owner = next((one.owner for one in self.policy.stages if one.name == stage), None)
        self.staying = Staying(entered, stage, Promises(owner), came, by)

    def leave(self, case: Situation | None, out: Answer | None, left: Left | None) -> None:
        """Tell of the stay that is over, or (without ``out``) of the one where the lead is."""
        stay, at = self.staying, None if out is None else out["at"]
        by = stay.by or {}
        lists = [] if stay.came is None or by.get("at") is None else worklists(stay.came)
        self.stays.append(
            {
                "stage": stay.stage,
                "owner": stay.promises.owner,
                "entered": written(stay.entered),
                "left": at,
                "exit": out,
                "targets": [] if case is None else stay.promises.stories(case, left),
                "worklists": [
                    {
                        "worklist": name,
                        "since": by["at"],
                        "until": at,
                        "scores": by["scores"],
                        "grades": by["grades"],
                    }
                    for name in lists
                ],
                "sleep": None if case is None else self.sleep(case),
            }
        )

    def sleep(self, case: Situation) -> Answer | None:
        moved = case.lead.history.stays[-1].by if case.lead.history else None
        if moved is None:
            return None
        day = local_day(case.lead.entered or self.until, self.zone)
        sleep = waking(OnceMoved(case.whole, case.lead, case.as_of, case.zone, day))
        if sleep is None:
            return None
        if sleep.woke == moved.at:
            self.warns("woke_at_once", str(moved.rule))
        until = sleep.due if sleep.woke is None else sleep.woke
        return {"since": written(moved.at), "until": written(until), "woke": written(sleep.woke)}

    # --- what the record tells -------------------------------------------------------------------

    def remember(self) -> None:
        """The stays that are told already; the walk goes on in the last of them."""
        came: WayOut | None = None
        out: Answer | None = None
        for index, stay in enumerate(self.past.stays):
            entered = stay.entered
            if entered is not None and stay.left is not None and entered > stay.left:
                # The first event is later than the first move: nobody knows since when.
                entered = None
            self.enter(entered, stay.stage, came, out)
            if not stay.over:
                break
            following = self.past.stays[index + 1]
            day = local_day(stay.left or self.until, self.zone)
            rule = following.by.rule if following.by else None
            came = told_way(self.policy, day, rule, following.stage)
            if not is_allowed(self.policy, day, stay.stage, following.stage, rule):
                self.warnings["move_not_allowed", f"{stay.stage} to {following.stage}"] = 1
            out = {"to": following.stage, "at": written(stay.left), "how": "recorded", "rule": rule}
            out |= {"because": own_words(came), "scores": {}, "grades": {}}
            self.leave(None, out, None)
        if self.past.present.entered is None:
            self.warns("since_unknown", self.past.present.stage)

    def warns(self, code: str, subject: str, count: int = 1) -> None:
        self.warnings[code, subject] = self.warnings.get((code, subject), 0) + count

    # --- the end ---------------------------------------------------------------------------------

    def end(self) -> Answer:
        case = self.case(self.until)
        self.leave(case, None, None)
        # What is still to come is told of the record as it will be.
        whole = admit(self.policy, without_since(self.record), LAST)
        assert isinstance(whole, Lead)
        return {
            "status": "replayed",
            "stays": self.stays,
            **looks_like(case),
            "coming": ahead(case),
            "later_events": len(whole.events) - len(self.lead.events),
            "events": len(self.lead.events),
            "warnings": [
                {"code": code, "subject": subject, "count": count}
                for (code, subject), count in sorted(self.warnings.items())
            ],
        }


def without_since(record: Mapping[str, object]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != "stage_since"}


def how(way: Taken) -> str:
    match way:
        case Move():
            return way.how
        case TimeOut():
            return "times out to"
        case TargetHandBack():
            return "hands back to"


def worklists(way: WayOut) -> list[str]:
    return [] if isinstance(way, TargetHandBack) else [one.name for one in way.worklists]


def looks_like(case: Situation) -> dict[str, object]:
    """The points of each score and the letter of each grade."""
    found: dict[str, Any] = results(case)
    return {
        "scores": {name: one["points"] for name, one in found["scores"].items()},
        "grades": {name: one["letter"] for name, one in found["grades"].items()},
    }


def ahead(case: Situation) -> list[Answer]:
    """What comes next if nothing happens, the next first."""
    ways = {
        way.rule: way
        for way in ways_on(case.whole, local_day(case.as_of, case.zone), str(case.lead.stage))
    }
    found: list[tuple[datetime, str, str, str | None]] = []
    for rule, due in coming(case):
        what = "time out" if isinstance(ways[rule], TimeOut) else "hand back"
        found.append((due, what, rule, ways[rule].to))
    for target, clock in targets_now(case):
        if clock.state == "running" and clock.due is not None:
            found.append((clock.due, "target", target.name, None))
    sleep = waking(case)
    if sleep is not None and sleep.woke is None and sleep.due is not None:
        found.append((sleep.due, "wake up", str(case.lead.stage), None))
    return [
        {"at": written(at), "what": what, "name": name, "to": to}
        for at, what, name, to in sorted(found, key=lambda one: (one[0], one[1], one[2]))
    ]
