"""What becomes of one lead after the other: decided, refused or told apart, counted and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from leadpact.batch.activities import Event, join
from leadpact.batch.deciding import Decide
from leadpact.batch.leads import Lead, lead_key
from leadpact.batch.lines import BadLine
from leadpact.batch.numbers import Numbers
from leadpact.batch.rejects import Reject, Rejects
from leadpact.batch.tally import Tally
from leadpact.decision import Decision, Problem, RefusedRecord, RejectedRecord, SetAside
from leadpact.life import History
from leadpact.record import shown

__all__ = ["LINES_NAMED", "NO_EVENTS", "Heard", "Joined", "Telling", "reason_of"]

Heard: TypeAlias = Callable[[dict[str, object], History], None]
"""What hears each life that was replayed, with the lead's record: its events are joined."""

LINES_NAMED = 10


@dataclass(frozen=True, slots=True)
class Joined:
    """Events of one lead from elsewhere, and the number of the line on which each stands."""

    events: list[Event]
    numbers: Sequence[int]


NO_EVENTS = Joined([], ())


@dataclass
class Telling:
    """Takes leads in their order. ``actions`` are the kinds that stand among a lead's actions."""

    decide: Decide
    tally: Tally
    rejects: Rejects
    leads: Numbers
    activities: Numbers
    write: Callable[[Decision], None] | None = None
    write_history: Callable[[History], None] | None = None
    heard: Heard | None = None

    def __post_init__(self) -> None:
        kinds = self.tally.policy.kinds
        self.actions = frozenset(kind.name for kind in kinds if kind.party is not None)

    def bad_line(self, line: BadLine) -> None:
        """A line that is no record."""
        self.tally.rejected += 1
        at, file = self.leads.place(line.line)
        self.rejects.add(Reject(at, "", "", line.value, line.reason, file))

    def bad_event_line(self, line: BadLine) -> None:
        """A line of the separate events that is no event."""
        self.tally.events_wrong += 1
        at, file = self.activities.place(line.line)
        self.rejects.add(Reject(at, "", "", line.value, line.reason, file))

    def without_lead(self, key: str, number: int) -> None:
        """An event whose lead is not there."""
        self.tally.events_without_lead += 1
        line, file = self.activities.place(number)
        reason = "No lead with this id was read."
        self.rejects.add(Reject(line, key, "lead", key, reason, file))

    def lead(self, lead: Lead, twice: list[int], joined: Joined = NO_EVENTS) -> None:
        """One lead; ``twice`` are the numbers at which its id stands, if there are several."""
        key = lead_key(lead.record.get("id"))
        self.tally.events_read += _events_held(lead.record)
        if key is not None:
            # Joined, compared and written as the same text, whether it came as text or number.
            lead.record["id"] = key
        if key is not None and twice:
            listed = self.leads.listed(twice, LINES_NAMED)
            self._problems(lead, [Problem("id", key, f"Several leads have this id: {listed}.")])
            return
        if joined.events:
            join(lead.record, joined.events, self.actions)
        try:
            outcome, aside = self.decide(lead.record)
        except RecursionError:
            self._problems(lead, [Problem("", "", "The record is nested too deep.")])
            return
        if lead.problems or isinstance(outcome, RejectedRecord):
            self._problems(lead, _all_problems(lead, outcome))
            return
        for one in aside:
            self._set_aside(lead, one, joined)
        self._decided(lead, outcome)

    def _decided(self, lead: Lead, outcome: Decision | History | RefusedRecord) -> None:
        match outcome:
            case History():
                self.tally.add_history(outcome)
                if self.write_history is not None:
                    self.write_history(outcome)
                if self.heard is not None:
                    self.heard(lead.record, outcome)
            case Decision():
                self.tally.add(outcome)
                if self.write is not None:
                    self.write(outcome)
            case RefusedRecord():
                self.tally.refuse(outcome)
                reason = reason_of(outcome.refusal.rule, outcome.refusal.because)
                at, file = self.leads.place(lead.line)
                reject = Reject(at, outcome.id, outcome.refusal.rule, "", reason, file)
                self.rejects.add(reject, wrong=False)

    def _problems(self, lead: Lead, problems: list[Problem]) -> None:
        self.tally.rejected += 1
        key = lead_key(lead.record.get("id")) or ""
        at, file = self.leads.place(lead.line)
        for one in problems:
            self.rejects.add(Reject(at, key, one.field, one.value, one.reason, file))

    def _set_aside(self, lead: Lead, aside: SetAside, joined: Joined) -> None:
        """An event that was left out: it goes to the rejects with its lead's id."""
        key = lead_key(lead.record.get("id")) or ""
        at = _place_of(aside, joined.events)
        if at is None:
            line, file = self.leads.place(lead.line)
        else:
            line, file = self.activities.place(joined.numbers[at])
        for one in aside.problems:
            field = f"{aside.kind}.{one.field}" if aside.kind else one.field
            self.rejects.add(Reject(line, key, field, one.value, one.reason, file))


def reason_of(rule: str, because: str | None) -> str:
    """Why the policy turned a lead away, in the words of the rejects."""
    return because or f"Refused by {rule}."


def _events_held(record: dict[str, object]) -> int:
    lists = (record.get("activities"), record.get("actions"))
    return sum(len(held) for held in lists if isinstance(held, list))


def _all_problems(lead: Lead, outcome: object) -> list[Problem]:
    """What reading found, and what the engine found in the other fields."""
    found = list(lead.problems)
    fields = {one.field for one in found}
    if isinstance(outcome, RejectedRecord):
        found += [one for one in outcome.problems if one.field not in fields]
    return found


def _place_of(aside: SetAside, joined: list[Event]) -> int | None:
    """Which of the joined events was left out; ``None`` when it came with the lead's record."""
    for index, event in enumerate(joined):
        kind = event.get("kind")
        if (kind if isinstance(kind, str) else "") != aside.kind:
            continue
        if all(shown(event.get(one.field)) == one.value for one in aside.problems):
            joined[index] = {}
            return index
    return None
