"""One run: every lead of a file decided, and what cannot be decided told apart.

The separate events come first and are put aside on disk, then the ids, then the leads are read
again and decided one by one. Nothing that grows with the files stays in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

from leadpact.batch.activities import Activities, Filed
from leadpact.batch.deciding import Policy, decider
from leadpact.batch.doors import FILES, Decisions, Doors
from leadpact.batch.leads import Lead, LeadsFile, lead_key
from leadpact.batch.lines import BadLine
from leadpact.batch.meter import Meter
from leadpact.batch.numbers import Numbers
from leadpact.batch.options import Progress, RunOptions, check_places
from leadpact.batch.output import Output
from leadpact.batch.places import RunError, text_format
from leadpact.batch.rejects import Rejects, StoppedError, reject_format
from leadpact.batch.sources import NO_MAPPING, SourceMapping, read_mapping
from leadpact.batch.stays import history_format
from leadpact.batch.store import Store
from leadpact.batch.summary import Summary, summarize
from leadpact.batch.tally import Tally
from leadpact.batch.telling import LINES_NAMED, NO_EVENTS, Heard, Joined, Telling
from leadpact.decision import Warning
from leadpact.life import History

__all__ = ["Listener", "begin", "rejects_file", "run"]

Listener: TypeAlias = Callable[[Progress], None] | None


def run(
    policy: Policy,
    options: RunOptions,
    *,
    progress: Listener = None,
    heard: Heard | None = None,
    doors: Doors = FILES,
) -> Summary:
    """Decide every lead of a file, write decisions and rejects, and say what happened.

    Output files appear only when the run ends; ``progress`` hears a few times a second how far it
    is. With ``replay`` it tells each lead's life instead, and ``heard`` gets each of them.
    ``doors`` open what is more than a file of text. Raises RunError for mistakes of use, with
    nothing written.
    """
    started = time.monotonic()
    mapping = begin(policy, options)
    leads = doors.leads(options.leads, policy.checked, mapping)
    activities = (
        None if options.activities is None else doors.activities(options.activities, policy.checked)
    )
    with ExitStack() as stack:
        store = stack.enter_context(Store())
        histories: Output | None = None
        decisions: Decisions | None = None
        if options.out is not None and options.replay:
            histories = stack.enter_context(Output(Path(str(options.out))))
        elif options.out is not None:
            decisions = stack.enter_context(
                doors.decisions(options.out, policy.checked, options.explain)
            )
        rejects, keep_rejects = stack.enter_context(rejects_file(options))
        told = Telling(
            decider(policy, options.as_of, options.explain, options.replay),
            Tally(policy.checked),
            rejects,
            leads.numbers,
            Numbers("activities") if activities is None else activities.numbers,
            None if decisions is None else decisions.add,
            None if histories is None else _history_writer(histories, policy),
            heard,
        )
        working = _Run(options, store, told, progress)
        stopped = False
        try:
            working.go(leads, activities)
            for output in (histories, decisions):
                if output is not None:
                    output.keep()
            keep_rejects()
        except StoppedError:
            stopped = True
        except OSError as error:
            raise RunError(f"A file could not be read to its end: {error.strerror}.") from error
    seconds = time.monotonic() - started
    found = (rejects.rows, rejects.first)
    return summarize(told.tally, options, policy.digest, found, seconds, stopped)


def begin(policy: Policy, options: RunOptions) -> SourceMapping:
    """Check what a run is asked to do, and read its mapping; RunError for mistakes of use."""
    check_places(options)
    if options.replay and not policy.checked.stages:
        raise RunError(
            f"The policy {policy.checked.name} has no stages to replay.",
            "Leave out --replay to decide about the leads.",
        )
    if options.source is None:
        return NO_MAPPING
    return read_mapping(policy.folder, options.source, policy.checked)


def _history_writer(output: Output, policy: Policy) -> Callable[[History], None]:
    return history_format(text_format(output.path), output.write, policy.checked)


@contextmanager
def rejects_file(options: RunOptions) -> Iterator[tuple[Rejects, Callable[[], None]]]:
    """What takes the rejects of a run, and what keeps their file, if there is to be one."""
    if options.rejects is None:
        yield Rejects(None, options.strict), _nothing
        return
    with Output(options.rejects) as output:
        format = text_format(options.rejects)
        yield Rejects(reject_format(format, output.write), options.strict), output.keep


def _nothing() -> None:
    pass


class _Run:
    """A run at work: what it has put aside, and whom it tells."""

    def __init__(
        self, options: RunOptions, store: Store, told: Telling, listener: Listener
    ) -> None:
        self.only = options.only
        self.store = store
        self.told = told
        self.tally = told.tally
        self.listener = listener

    def go(self, leads: LeadsFile, activities: Activities | None) -> None:
        if activities is not None:
            self._store_events(activities)
        self._store_ids(leads)
        meter = Meter(self.listener, "deciding", leads.size)
        for lead in leads.leads(meter.on_bytes):
            if not self._asked_for(lead):
                continue
            self.tally.read += 1
            meter.on_record()
            if isinstance(lead, BadLine):
                self.told.bad_line(lead)
            else:
                self._lead(lead, activities)
        meter.tell()
        for column in leads.unused:
            self.tally.warn([Warning("unknown_key", column, self.tally.read)])
        for key, number in self.store.events_without_lead():
            if self.only in (None, key):
                self.told.without_lead(key, number)

    def _asked_for(self, lead: Lead | BadLine) -> bool:
        return self.only is None or (
            isinstance(lead, Lead) and lead_key(lead.record.get("id")) == self.only
        )

    # --- first the events and the ids ----------------------------------------------------------

    def _store_events(self, activities: Activities) -> None:
        meter = Meter(self.listener, "reading activities", activities.size)

        def good() -> Iterator[Filed]:
            for row in activities.rows(meter.on_bytes):
                meter.on_record()
                if isinstance(row, BadLine):
                    self.told.bad_event_line(row)
                else:
                    self.tally.events_read += 1
                    yield row

        self.store.add_events(good())
        meter.tell()
        for column in activities.unused:
            subject = f"activities.{column}"
            self.tally.warn([Warning("unknown_key", subject, self.tally.events_read)])

    def _store_ids(self, leads: LeadsFile) -> None:
        meter = Meter(self.listener, "looking for duplicates", leads.size)

        def each() -> Iterator[tuple[int, str]]:
            for row in leads.keys(meter.on_bytes):
                meter.on_record()
                yield row

        self.store.add_ids(each())
        meter.tell()

    # --- then one lead after the other ---------------------------------------------------------

    def _lead(self, lead: Lead, activities: Activities | None) -> None:
        key = lead_key(lead.record.get("id"))
        twice = [] if key is None else self.store.lines_if_twice(key, LINES_NAMED + 1)
        joined = NO_EVENTS
        if activities is not None and key is not None and not twice:
            stored = self.store.events_of(key)
            if stored:
                joined = Joined(activities.events(stored), [one.line for one in stored])
        self.told.lead(lead, twice, joined)
