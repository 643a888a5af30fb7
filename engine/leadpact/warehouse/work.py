"""One run through DuckDB: the query decides the plain leads, Python the odd ones.

Leads and events become the relations that the query reads. What is not plainly clean is marked
``odd`` there; those leads go, with their raw rows, the way of a run in Python. So rejects, reasons
and warnings are the same, and both results are put together in the order of the input.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from itertools import groupby, islice
from typing import Any, TypeVar

from leadpact.backends.sql import Query
from leadpact.batch.activities import homeless
from leadpact.batch.leads import Lead
from leadpact.batch.lines import BadLine
from leadpact.batch.rejects import Reject
from leadpact.batch.telling import NO_EVENTS, Joined, Telling, reason_of
from leadpact.checked import CheckedPolicy
from leadpact.warehouse.arrays import arrow_table, numbers, texts, texts_or_null
from leadpact.warehouse.duck import Duck, name
from leadpact.warehouse.ids import find_repeated, taken_as_they_stand
from leadpact.warehouse.inputs import EventsIn, LeadsIn, Seen
from leadpact.warehouse.keeping import Keeping, Told
from leadpact.warehouse.readings import is_bare, sql_type
from leadpact.warehouse.results import UNUSUAL_IDS
from leadpact.warehouse.slicing import cuts, decide_in_slices
from leadpact.warehouse.strays import all_joined, find_strays

__all__ = ["Work"]

_T = TypeVar("_T")
_TOLD_AT_ONCE = 10_000
_LOOKED_AT = 50_000


class Work:
    """The relations of one run, in the order in which they are made."""

    def __init__(
        self, duck: Duck, policy: CheckedPolicy, leads: LeadsIn, events: EventsIn | None
    ) -> None:
        self.duck = duck
        self.policy = policy
        self.leads = leads
        self.events = events
        self.counts_warnings = False
        self.thin: str | None = None
        self._strays = False
        self._ascending = False

    # --- what the query reads -------------------------------------------------------------------

    def stage(self, each_warning: bool) -> None:
        """Make the relations ``leads`` and ``events``.

        ``each_warning``: the decisions list their warnings, so that leads with any are odd.
        """
        duck = self.duck
        if self.events is not None:
            self._made("staged_events", self.events.staged(self.policy), self.events)
            duck.run("CREATE TABLE bad_events (number BIGINT, value VARCHAR, fault VARCHAR)")
            duck.run('CREATE TABLE owners ("#number" BIGINT, "#key" VARCHAR)')
            self.thin = self._thin(self.events)
            if self.thin is None:
                self._set_bad_lines_apart(self.events)
        if self.leads.held is not None:
            self._made("staged_held", self.leads.held.staged(self.policy), self.leads)
        self.leads, self._ascending = taken_as_they_stand(duck, self.leads)
        self._made("staged_leads", self.leads.staged(self.policy), self.leads)
        if self.leads.seen is not None:
            self._take_ids_as_seen(self.leads.seen)
        odd = ["odd"]
        if find_repeated(duck, self._ascending):
            odd.append("coalesce(id IN (SELECT id FROM twice), false)")
        self.counts_warnings = not each_warning and self._has_warnings()
        if each_warning:
            odd.append(f"coalesce(regexp_matches(id, '{UNUSUAL_IDS}'), false)")
        if not self.counts_warnings:
            odd += [f"coalesce({name(f'naive.{one}')}, false)" for one in self.leads.naive_names()]
        duck.run(
            f"CREATE VIEW leads AS SELECT * REPLACE (({' OR '.join(odd)}) AS odd) FROM staged_leads"
        )
        duck.run(f"CREATE VIEW events AS {self._events()}")

    def _thin(self, events: EventsIn) -> str | None:
        """What reads the events as they stand; ``None`` if the first of them are not clean."""
        thin = None if events.stream is not None else events.thin(self.policy)
        if thin is None:
            return None
        looked = f"SELECT odd OR ({is_bare('lead')}) IS NOT TRUE AS odd FROM ({thin})"
        unclean = f"SELECT count(*) FROM ({looked} LIMIT {_LOOKED_AT}) WHERE odd"
        return None if self.duck.one(unclean) else thin

    def _made(self, relation: str, query: str, source: LeadsIn | EventsIn) -> None:
        """A view of what can be read again at no price, a table of all else."""
        kind = "VIEW" if source.stream is None else "TABLE"
        self.duck.run(f"CREATE {kind} {relation} AS {query}")

    def _take_ids_as_seen(self, seen: Seen) -> None:
        """The id that SQL finds in an odd record may be another for Python, or none."""
        if not self.duck.rows("SELECT 1 FROM staged_leads WHERE odd AND id IS NOT NULL LIMIT 1"):
            return
        self.duck.run(
            f"CREATE TABLE doubtful_leads AS SELECT number, text, id FROM {self.leads.relation} "
            "JOIN staged_leads ON pos = number WHERE odd AND id IS NOT NULL"
        )
        doubtful = self.duck.each("SELECT number, text, id FROM doubtful_leads")
        for some in _in_groups(_differently(seen, doubtful)):
            self._register_keys(some)
            self.duck.run("UPDATE staged_leads SET id = key FROM keys_now WHERE pos = number")
            if self.leads.held is not None:
                self.duck.run(
                    "UPDATE staged_held h SET lead = key FROM keys_now k "
                    "WHERE h.number = k.number AND key IS NOT NULL"
                )

    def _take_owners_as_seen(self, seen: Seen) -> None:
        """The same of odd events, and of whose they are."""
        doubtful = self.duck.each(
            "SELECT number, value, owner FROM doubtful WHERE fault IS NULL AND owner IS NOT NULL"
        )
        for some in _in_groups(_differently(seen, doubtful)):
            self._register_keys(some)
            self.duck.run("INSERT INTO owners FROM keys_now WHERE key IS NOT NULL")
        self.duck.run('UPDATE staged_events SET lead = "#key" FROM owners WHERE number = "#number"')

    def _register_keys(self, some: list[tuple[int, str | None]]) -> None:
        keys = texts_or_null([key for _, key in some])
        self.duck.register(
            "keys_now", arrow_table(["number", "key"], [numbers(one for one, _ in some), keys])
        )

    def _set_bad_lines_apart(self, events: EventsIn) -> None:
        """Lines that are no events become the relation ``bad_events``."""
        duck = self.duck
        doubtful = "lead IS NULL" if events.seen is None else "lead IS NULL OR odd"
        if not duck.rows(f"SELECT 1 FROM staged_events WHERE {doubtful} LIMIT 1"):
            return
        duck.run(
            "CREATE TABLE doubtful AS SELECT number, fault, "
            f"coalesce(value, {events.text}) AS value, {events.lead} AS owner FROM {events.rows()} "
            f"WHERE number IN (SELECT number FROM staged_events WHERE {doubtful})"
        )
        for some in _in_groups(self._doubtful(events)):
            columns = [texts([str(line[at]) for line in some]) for at in (1, 2)]
            numbered = numbers(line.line for line in some)
            duck.register(
                "bad_now", arrow_table(["number", "value", "fault"], [numbered, *columns])
            )
            duck.run("INSERT INTO bad_events SELECT * FROM bad_now")
        if events.stream is not None:
            duck.run("DELETE FROM staged_events WHERE number IN (SELECT number FROM bad_events)")
        if events.seen is not None:
            self._take_owners_as_seen(events.seen)

    def _doubtful(self, events: EventsIn) -> Iterator[BadLine]:
        for number, fault, value, owner in self.duck.each("SELECT * FROM doubtful"):
            line = None if fault is None else BadLine(number, value, fault)
            if line is None and events.seen is not None:
                found = events.seen(number, value)
                line, owner = (found, owner) if isinstance(found, BadLine) else (None, found)
            if line is None and owner is None:
                line = homeless(number, value)
            if line is not None:
                yield line

    def _has_warnings(self) -> bool:
        """Whether warnings are so many that they are to be counted in SQL."""
        if self.leads.stream is not None or (self.events and self.events.stream is not None):
            return True
        if self.events is None or self.thin is not None or self.leads.naive_names():
            return bool(self.leads.naive_names())
        looked = f"SELECT warned FROM staged_events LIMIT {_LOOKED_AT}"
        return bool(self.duck.one(f"SELECT count(*) FROM ({looked}) WHERE warned IS NOT NULL"))

    def staged_events(self) -> list[str]:
        """The relations of events that there are."""
        held = ["staged_held"] if self.leads.held is not None else []
        return [*held, *(["staged_events"] if self.events is not None else [])]

    def _events(self) -> str:
        if not self.staged_events():
            return self._no_events()
        if self.thin is not None:
            return self.thin
        if self.counts_warnings:
            # An unknown kind alone is warned about, and no event of the policy.
            each = "SELECT * FROM {} WHERE lead IS NOT NULL AND (odd OR warned IS NULL "
            each += "OR warned[1][1] <> 'unknown_kind')"
        else:
            each = "SELECT * REPLACE ((odd OR warned IS NOT NULL) AS odd) FROM {} "
            each += "WHERE lead IS NOT NULL"
        return " UNION ALL ".join(each.format(one) for one in self.staged_events())

    def _no_events(self) -> str:
        own = [
            f"NULL::{sql_type(one.type)} AS {name(f'{kind.name}.{one.name}')}"
            for kind in self.policy.kinds
            for one in kind.properties
        ]
        columns = [
            "NULL::VARCHAR AS lead",
            "NULL::VARCHAR AS kind",
            'NULL::BIGINT AS "at"',
            "NULL::VARCHAR AS event",
            "false AS odd",
            *own,
        ]
        return f"SELECT {', '.join(columns)} WHERE false"

    def has_event_ids(self) -> bool:
        """Whether any event has an id of its own."""
        sources = [one for one in (self.events, self.leads.held) if one is not None]
        if not any(one.event for one in sources):
            return False
        return bool(self.duck.rows("SELECT 1 FROM events WHERE event IS NOT NULL LIMIT 1"))

    # --- deciding -------------------------------------------------------------------------------

    def decide(self, query: Query, heard: Callable[[float], None] | None) -> None:
        """Run the query; its rows are the relation ``decided``, without the odd ones."""
        duck = self.duck
        found = self._cuts()
        if found:
            decide_in_slices(duck, query.sql, found, heard)
        else:
            duck.run(f"CREATE TABLE answered AS {query.sql}", heard=heard)
        if not all_joined(duck, query, 0 if self.events is None else self.events.size):
            self._find_strays()
        duck.run("CREATE TABLE odd AS SELECT pos, id FROM answered WHERE odd")
        duck.run(
            "CREATE VIEW decided AS SELECT * FROM answered WHERE NOT odd AND status = 'decided'"
        )

    def _cuts(self) -> list[str]:
        """Where leads and events are cut into slices, if both lie in the order of the ids."""
        if self.thin is None or self.events is None or not self._ascending:
            return []
        return cuts(self.duck, self.events.files) if self.events.files else []

    def _find_strays(self) -> None:
        """Where events were taken as they stand: which of them found no lead, and why not."""
        if self.thin is None or self.events is None:
            return
        self._strays = find_strays(self.duck)
        if self._strays:
            self._set_bad_lines_apart(self.events)

    def leave_all_to_python(self) -> None:
        """No query can say the policy: every lead is odd."""
        duck = self.duck
        columns = "id, pos, odd, 'decided' AS status, NULL::VARCHAR AS refused_by"
        duck.run(f"CREATE TABLE answered AS SELECT {columns} FROM leads WHERE false")
        self._find_strays()
        duck.run("CREATE TABLE odd AS SELECT pos, id FROM leads")
        duck.run("CREATE VIEW decided AS SELECT * FROM answered")

    # --- the odd ones ---------------------------------------------------------------------------

    def tell(self, telling: Telling, told: Told | None) -> None:
        """Decide the odd leads in Python, and tell the rejects in their order.

        What they come to is kept in the relation ``told``, with ``pos``.
        """
        self._bad_events(telling)
        keeping = Keeping(self.duck, told)
        refused = ((pos, None, key, rule) for pos, key, rule in self._refused())
        odd = (
            (lead.line, (lead, twice, joined), "", "") for lead, twice, joined in self.raw("odd")
        )
        because = {one.rule: one.because for one in self.policy.refusals}
        telling.write = keeping.add if told is not None else None
        for pos, one, key, rule in heapq.merge(refused, odd, key=lambda row: row[0]):
            if one is None:
                line, file = telling.leads.place(pos)
                _refuse(telling, (line, file), key, rule, because.get(rule))
                continue
            keeping.pos = pos
            lead, twice, joined = one
            if isinstance(lead, BadLine):
                telling.bad_line(lead)
            else:
                telling.lead(lead, twice, joined)
        keeping.close()
        self._without_lead(telling)

    def _refused(self) -> Iterator[tuple[int, str, str]]:
        for row in self.duck.each(
            "SELECT pos, id, refused_by FROM answered "
            "WHERE NOT odd AND status = 'refused' ORDER BY pos"
        ):
            yield row[0], row[1], row[2]

    def raw(self, chosen: str) -> Iterator[tuple[Lead | BadLine, list[int], Joined]]:
        """The leads of the relation ``chosen`` as Python reads them, in the order of the input.

        With each the places of its id, if there are several, and its events.
        """
        duck = self.duck
        if not duck.one(f"SELECT count(*) FROM {chosen}"):
            return
        raw = ", ".join(f"{sql} AS r{index}" for index, sql in enumerate(self.leads.raw))
        duck.run(
            f"CREATE TABLE {chosen}_rows AS SELECT number, fault, value, {raw} "
            f"FROM {self.leads.relation} WHERE number IN (SELECT pos FROM {chosen})"
        )
        events = self._raw_events(chosen)
        waiting = next(events, None)
        for places, *row in duck.each(
            f"SELECT t.numbers, r.* FROM {chosen}_rows r JOIN {chosen} o ON r.number = o.pos "
            "LEFT JOIN twice t ON o.id = t.id ORDER BY r.number"
        ):
            joined = NO_EVENTS
            if waiting is not None and waiting[0] == row[0]:
                joined, waiting = waiting[1], next(events, None)
            yield self.leads.read(tuple(row)), places or [], joined

    def _raw_events(self, chosen: str) -> Iterator[tuple[int, Joined]]:
        events = self.events
        if events is None:
            return
        raw = ", ".join(f"{sql} AS r{index}" for index, sql in enumerate(events.raw))
        self.duck.run(
            f'CREATE TABLE {chosen}_events AS SELECT o."#pos" AS pos, number, fault, value, {raw} '
            f'FROM {events.rows()} LEFT JOIN owners ON number = "#number" JOIN '
            f'(SELECT pos AS "#pos", id AS "#id" FROM {chosen} '
            "WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM twice)) o "
            f'ON coalesce("#key", {events.lead}) = o."#id" WHERE fault IS NULL '
            "AND number NOT IN (SELECT number FROM bad_events)"
        )
        rows = self.duck.each(f"SELECT * FROM {chosen}_events ORDER BY pos, number")
        for pos, group in groupby(rows, key=lambda row: row[0]):
            listed = [row[1:] for row in group]
            yield pos, Joined([events.read(row) for row in listed], [row[0] for row in listed])

    def _bad_events(self, telling: Telling) -> None:
        if self.events is None:
            return
        for row in self.duck.each("SELECT * FROM bad_events ORDER BY number"):
            telling.bad_event_line(BadLine(*row))

    def _without_lead(self, telling: Telling) -> None:
        if self.events is None:
            return
        if self.thin is None:
            self.duck.run(
                "CREATE TABLE nobody AS SELECT lead FROM (SELECT DISTINCT lead FROM staged_events "
                "WHERE lead IS NOT NULL) ANTI JOIN staged_leads l ON lead = l.id"
            )
        elif not self._strays:
            return
        if not self.duck.one("SELECT count(*) FROM nobody"):
            return
        for key, number in self.duck.each(
            "SELECT lead, number FROM staged_events SEMI JOIN nobody USING (lead) "
            "ORDER BY lead, number"
        ):
            telling.without_lead(key, number)


def _differently(
    seen: Seen, doubtful: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[int, str | None]]:
    """The numbers of rows of which Python says another key than SQL, with Python's."""
    for number, text, key in doubtful:
        found = seen(number, text)
        own = None if isinstance(found, BadLine) else found
        if own != key:
            yield number, own


def _in_groups(lines: Iterator[_T]) -> Iterator[list[_T]]:
    while some := list(islice(lines, _TOLD_AT_ONCE)):
        yield some


def _refuse(
    telling: Telling, place: tuple[int, str], key: str, rule: str, because: str | None
) -> None:
    """A lead that the policy turned away; the query has counted it."""
    line, file = place
    telling.rejects.add(Reject(line, key, rule, "", reason_of(rule, because), file), wrong=False)
