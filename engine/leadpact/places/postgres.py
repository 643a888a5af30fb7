"""A run on a Postgres server: the query decides there, and only the odd leads come to Python.

Everything happens in one transaction. Leads and events become temporary views that the query reads;
what is not plainly clean is marked ``odd``, and those leads go, with their rows as they are, the
way of a run in Python, so that rejects and reasons are the same.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

from leadpact.backends.sql.query import CannotSayError, Query, query
from leadpact.batch.deciding import Policy
from leadpact.batch.options import RunOptions
from leadpact.batch.output import instant
from leadpact.batch.places import RunError
from leadpact.batch.places import Table as TablePlace
from leadpact.batch.rejects import Rejects, StoppedError
from leadpact.batch.runner import Listener
from leadpact.batch.sources import NO_MAPPING, read_mapping
from leadpact.batch.summary import summarize
from leadpact.batch.tally import Tally
from leadpact.decision import Decision
from leadpact.places.columns import event_columns, lead_columns
from leadpact.places.options import PlaceOptions, PlaceOutcome, check_options
from leadpact.places.postgres_counts import Counts, Whose
from leadpact.places.postgres_odd import OddLeads
from leadpact.places.postgres_outputs import (
    NewTable,
    decision_row,
    decisions_from,
    decisions_of,
    reject_row,
    rejects_of,
)
from leadpact.places.postgres_relations import Relations
from leadpact.places.postgres_server import Server, Table, opened
from leadpact.places.raw_records import raw_records

__all__ = ["run_on_postgres"]

DECIDED = "leadpact_decided"


def run_on_postgres(
    policy: Policy, options: PlaceOptions, *, progress: Listener = None
) -> PlaceOutcome:
    """Decide every lead of a table where it lies, with the outcome of a run in Python.

    Raises RunError for mistakes of use and for what the server cannot do; then nothing was
    changed.
    """
    started = time.monotonic()
    check_options(options)
    with opened(options.on) as server:
        run = _Run(server, policy, options, progress)
        stopped = False
        try:
            run.go()
        except StoppedError:
            stopped = True
        found = (run.rejects.rows, run.rejects.first)
        told = _told(server, options)
    seconds = time.monotonic() - started
    summary = summarize(run.tally, told, policy.digest, found, seconds, stopped)
    return PlaceOutcome(summary, tuple(run.notes))


def _told(server: Server, options: PlaceOptions) -> RunOptions:
    """The options as the summary tells them."""

    def table(text: str | None) -> TablePlace | None:
        return None if text is None else TablePlace(server.shown, text)

    leads = TablePlace(server.shown, options.leads)
    told = RunOptions(
        leads,
        table(options.activities),
        options.source,
        options.as_of,
        table(options.out),
        None,
        options.explain,
        options.strict,
    )
    return replace(told, rejects=table(options.rejects))  # type: ignore[arg-type]


class _Run:
    """One run at work, in the order of its methods."""

    def __init__(
        self, server: Server, policy: Policy, options: PlaceOptions, listener: Listener
    ) -> None:
        self.server = server
        self.policy = policy
        self.options = options
        self.listener = listener
        self.tally = Tally(policy.checked)
        self.notes: list[str] = []
        self.rejects = Rejects(None, options.strict)
        self.whose = Counter[Whose]()
        self._find()

    def _find(self) -> None:
        """The tables and their columns; RunError for what is not there."""
        server, policy, options = self.server, self.policy, self.options
        mapping = NO_MAPPING
        if options.source is not None:
            mapping = read_mapping(policy.folder, options.source, policy.checked)
        self.leads = server.table(options.leads)
        columns = server.columns(self.leads)
        lead_facts = lead_columns(self.leads.shown, columns, policy.checked, mapping)
        self.events: Table | None = None
        event_facts = None
        if options.activities is not None:
            self.events = server.table(options.activities)
            columns = server.columns(self.events)
            event_facts = event_columns(self.events.shown, columns, policy.checked)
        self.relations = Relations(policy.checked, mapping, lead_facts, event_facts)
        self.records = raw_records(policy.checked, mapping, event_facts)

    def go(self) -> None:
        decisions, rejects = self._outputs()
        if rejects is not None:
            self.rejects = Rejects(lambda one: rejects.add(reject_row(one)), self.options.strict)
        self._make_relations()
        columns = self._decide()
        if decisions is not None and columns:
            as_of, explain = instant(self.options.as_of), self.options.explain
            rows = decisions_from(self.policy.checked, DECIDED, as_of, explain)
            self.server.run(f"INSERT INTO {decisions.sql} {rows}")
        self._count(bool(columns))
        self._tell(decisions, columns)
        self._keep(decisions, rejects)

    def _outputs(self) -> tuple[NewTable | None, NewTable | None]:
        inputs = [one for one in (self.leads, self.events) if one is not None]
        out, rejects = self.options.out, self.options.rejects
        decisions = problems = None
        if out is not None:
            wanted = decisions_of(self.policy.checked, self.options.explain)
            decisions = NewTable(self.server, out, wanted, inputs, "decisions")
        if rejects is not None:
            problems = NewTable(self.server, rejects, rejects_of(), inputs, "rejects")
            if decisions is not None and decisions.shown == problems.shown:
                raise RunError(
                    f"{out}: the decisions and the rejects cannot go to the same table.",
                    "Give the rejects a name of their own.",
                )
        return decisions, problems

    def _make_relations(self) -> None:
        events = None if self.events is None else self.events.sql
        for statement in self.relations.statements(self.leads.sql, events):
            self.server.run(statement)

    def _decide(self) -> list[str]:
        """Make the table of what the query says; its columns, none if it can say nothing."""
        made: Query | None = None
        try:
            made = query(
                self.policy.checked, self.options.as_of, "postgres", rows=self.options.explain
            )
        except CannotSayError as cannot:
            self.notes.append(f"All leads were decided in Python: {cannot}")
        wanted = "SELECT id, true AS odd FROM leads" if made is None else made.sql
        self.server.run(f"CREATE TEMPORARY TABLE {DECIDED} ON COMMIT DROP AS {wanted}")
        self.server.run(f"ANALYZE {DECIDED}")
        return [] if made is None else [column.name for column in made.columns]

    def _count(self, queried: bool) -> None:
        counts = Counts(self.server, self.relations, self.tally, DECIDED)
        odd = counts.leads()
        if queried:
            counts.decided()
            counts.naive_leads(self.leads.sql)
            if odd:
                self.notes.append(f"{odd:,} of {self.tally.read:,} leads were decided in Python.")
        if self.events is not None:
            self.whose = counts.events(self.events.sql)

    def _tell(self, decisions: NewTable | None, columns: list[str]) -> None:
        events = self.events is not None
        odd = OddLeads(
            self.server, self.policy, self.options, self.records, DECIDED, columns, events
        )
        checked, explain = self.policy.checked, self.options.explain

        def write(decision: Decision) -> None:
            if decisions is not None:
                decisions.add(decision_row(checked, decision, explain))

        odd.tell(self.tally, self.rejects, write, self.whose, self.listener)
        if self.options.verify_sample:
            self.notes.append(odd.verify(self.options.verify_sample))

    def _keep(self, decisions: NewTable | None, rejects: NewTable | None) -> None:
        comment = f"{self.policy.digest}, as of {instant(self.options.as_of)}"
        written = [table for table in (decisions, rejects) if table is not None]
        for table in written:
            table.keep(comment)
        if written:
            self.server.keep()
