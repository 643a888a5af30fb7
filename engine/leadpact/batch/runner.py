"""One run: every lead of a file decided, and what cannot be decided told apart.

The separate events come first and are put aside on disk, then the ids, then the leads are read
again and decided one by one. Nothing that grows with the files stays in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TypeAlias

from leadpact.batch.activities import Activities, Event, Filed, join, open_activities
from leadpact.batch.deciding import Decide, Policy, decider
from leadpact.batch.leads import Lead, LeadsFile, lead_key, open_leads
from leadpact.batch.lines import BadLine
from leadpact.batch.meter import Meter
from leadpact.batch.options import Progress, RunError, RunOptions, check_files, format_of
from leadpact.batch.output import Output, decision_format
from leadpact.batch.rejects import Reject, Rejects, StoppedError, reject_format
from leadpact.batch.sources import NO_MAPPING, read_mapping
from leadpact.batch.stays import history_format
from leadpact.batch.store import Store, StoredEvent
from leadpact.batch.summary import Summary, summarize
from leadpact.batch.tally import Tally
from leadpact.decision import (
    Decision,
    Problem,
    RefusedRecord,
    RejectedRecord,
    SetAside,
    Warning,
)
from leadpact.life import History
from leadpact.record import shown

__all__ = ["run"]

Listener: TypeAlias = Callable[[Progress], None] | None
Heard: TypeAlias = Callable[[dict[str, object], History], None]
"""What hears each life that was replayed, with the lead's record: its events are joined."""

_LINES_NAMED = 10


def run(
    policy: Policy,
    options: RunOptions,
    *,
    progress: Listener = None,
    heard: Heard | None = None,
) -> Summary:
    """Decide every lead of a file, write decisions and rejects, and say what happened.

    Output files appear only when the run ends; ``progress`` hears a few times a second how far it
    is. With ``replay`` it tells each lead's life instead, and ``heard`` gets each of them. Raises
    RunError for mistakes of use, with nothing written.
    """
    started = time.monotonic()
    check_files(options)
    if options.replay and not policy.checked.stages:
        raise RunError(
            f"The policy {policy.checked.name} has no stages to replay.",
            "Leave out --replay to decide about the leads.",
        )
    mapping = (
        NO_MAPPING
        if options.source is None
        else read_mapping(policy.folder, options.source, policy.checked)
    )
    leads = open_leads(options.leads, policy.checked, mapping)
    activities = (
        None if options.activities is None else open_activities(options.activities, policy.checked)
    )
    with ExitStack() as stack:
        store = stack.enter_context(Store())
        outputs = [
            stack.enter_context(Output(path))
            for path in (options.out, options.rejects)
            if path is not None
        ]
        working = _Run(policy, options, store, outputs, progress, heard)
        stopped = False
        try:
            working.go(leads, activities)
            for output in outputs:
                output.keep()
        except StoppedError:
            stopped = True
        except OSError as error:
            raise RunError(f"A file could not be read to its end: {error.strerror}.") from error
    rejects = (working.rejects.rows, working.rejects.first)
    seconds = time.monotonic() - started
    return summarize(working.tally, options, policy.digest, rejects, seconds, stopped)


class _Run:
    """A run at work: where it writes, and what it has counted."""

    def __init__(
        self,
        policy: Policy,
        options: RunOptions,
        store: Store,
        outputs: list[Output],
        listener: Listener,
        heard: Heard | None,
    ) -> None:
        self.options = options
        self.store = store
        self.listener = listener
        self.heard = heard
        self.tally = Tally(policy.checked)
        self.actions = frozenset(
            kind.name for kind in policy.checked.kinds if kind.party is not None
        )
        self.decide: Decide = decider(policy, options.as_of, options.explain, options.replay)
        by_path = {output.path: output.write for output in outputs}
        self.write: Callable[[Decision], None] | None = None
        self.write_history: Callable[[History], None] | None = None
        if options.out is not None and options.replay:
            self.write_history = history_format(
                format_of(options.out), by_path[options.out], policy.checked
            )
        elif options.out is not None:
            self.write = decision_format(
                format_of(options.out), by_path[options.out], policy.checked, options.explain
            )
        rejecting = None
        if options.rejects is not None:
            rejecting = reject_format(format_of(options.rejects), by_path[options.rejects])
        self.rejects = Rejects(rejecting, options.strict)

    def go(self, leads: LeadsFile, activities: Activities | None) -> None:
        if activities is not None:
            self._store_events(activities)
        self._store_ids(leads)
        meter = Meter(self.listener, "deciding", self.options.leads)
        for lead in leads.leads(meter.on_bytes):
            if not self._asked_for(lead):
                continue
            self.tally.read += 1
            meter.on_record()
            if isinstance(lead, BadLine):
                self._bad_line(lead)
            else:
                self._lead(lead, activities)
        meter.tell()
        for column in leads.unused:
            self.tally.warn([Warning("unknown_key", column, self.tally.read)])
        for key, line in self.store.events_without_lead():
            if self.options.only not in (None, key):
                continue
            self.tally.events_without_lead += 1
            reason = "No lead with this id was read."
            self.rejects.add(Reject(line, key, "lead", key, reason, "activities"))

    def _asked_for(self, lead: Lead | BadLine) -> bool:
        only = self.options.only
        return only is None or (isinstance(lead, Lead) and lead_key(lead.record.get("id")) == only)

    # --- first the events and the ids ----------------------------------------------------------

    def _store_events(self, activities: Activities) -> None:
        assert self.options.activities is not None
        meter = Meter(self.listener, "reading activities", self.options.activities)

        def good() -> Iterator[Filed]:
            for row in activities.rows(meter.on_bytes):
                meter.on_record()
                if isinstance(row, BadLine):
                    self.tally.events_wrong += 1
                    self.rejects.add(Reject(row.line, "", "", row.value, row.reason, "activities"))
                else:
                    self.tally.events_read += 1
                    yield row

        self.store.add_events(good())
        meter.tell()
        for column in activities.unused:
            subject = f"activities.{column}"
            self.tally.warn([Warning("unknown_key", subject, self.tally.events_read)])

    def _store_ids(self, leads: LeadsFile) -> None:
        meter = Meter(self.listener, "looking for duplicates", self.options.leads)

        def each() -> Iterator[tuple[int, str]]:
            for row in leads.keys(meter.on_bytes):
                meter.on_record()
                yield row

        self.store.add_ids(each())
        meter.tell()

    # --- then one lead after the other ---------------------------------------------------------

    def _bad_line(self, line: BadLine) -> None:
        self.tally.rejected += 1
        self.rejects.add(Reject(line.line, "", "", line.value, line.reason))

    def _lead(self, lead: Lead, activities: Activities | None) -> None:
        key = lead_key(lead.record.get("id"))
        self.tally.events_read += _events_held(lead.record)
        if key is not None:
            # Joined, compared and written as the same text, whether it came as text or number.
            lead.record["id"] = key
        if key is not None and (lines := self.store.lines_if_twice(key, _LINES_NAMED + 1)):
            self._problems(lead, [Problem("id", key, _twice(lines))])
            return
        stored = self.store.events_of(key) if activities is not None and key is not None else []
        joined = activities.events(stored) if activities is not None and stored else []
        if joined:
            join(lead.record, joined, self.actions)
        try:
            outcome, aside = self.decide(lead.record)
        except RecursionError:
            self._problems(lead, [Problem("", "", "The record is nested too deep.")])
            return
        if lead.problems or isinstance(outcome, RejectedRecord):
            self._problems(lead, _all_problems(lead, outcome))
            return
        for one in aside:
            self._set_aside(lead, one, stored, joined)
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
                reason = outcome.refusal.because or f"Refused by {outcome.refusal.rule}."
                reject = Reject(lead.line, outcome.id, outcome.refusal.rule, "", reason)
                self.rejects.add(reject, wrong=False)

    def _problems(self, lead: Lead, problems: list[Problem]) -> None:
        self.tally.rejected += 1
        key = lead_key(lead.record.get("id")) or ""
        for one in problems:
            self.rejects.add(Reject(lead.line, key, one.field, one.value, one.reason))

    def _set_aside(
        self, lead: Lead, aside: SetAside, stored: list[StoredEvent], joined: list[Event]
    ) -> None:
        """An event that was left out: it goes to the rejects with its lead's id."""
        key = lead_key(lead.record.get("id")) or ""
        at = _place_of(aside, joined)
        for one in aside.problems:
            field = f"{aside.kind}.{one.field}" if aside.kind else one.field
            reject = Reject(lead.line, key, field, one.value, one.reason)
            if at is not None:
                reject = replace(reject, line=stored[at].line, file="activities")
            self.rejects.add(reject)


def _events_held(record: dict[str, object]) -> int:
    lists = (record.get("activities"), record.get("actions"))
    return sum(len(held) for held in lists if isinstance(held, list))


def _twice(lines: list[int]) -> str:
    named = ", ".join(str(line) for line in lines[:_LINES_NAMED])
    more = " and more" if len(lines) > _LINES_NAMED else ""
    return f"Several leads have this id: lines {named}{more}."


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
