"""Counting, in SQL, what the query has decided: the leads that Python decides count themselves."""

from __future__ import annotations

from collections.abc import Iterable

from leadpact.batch.tally import STAYS, Tally
from leadpact.decision import Warning
from leadpact.places.postgres_readings import name
from leadpact.places.postgres_relations import RAW_EVENTS, Relations
from leadpact.places.postgres_server import Server

__all__ = ["Counts"]


class Counts:
    """Adds to a tally. ``decided`` is the table of what the query says."""

    def __init__(self, server: Server, relations: Relations, tally: Tally, decided: str) -> None:
        self._server = server
        self._relations = relations
        self._tally = tally
        self._table = decided
        self._where = f"FROM {decided} WHERE NOT odd AND status = 'decided'"

    def read(self, events: bool) -> int:
        """Count what was read, and warn about columns that tell nothing; how many are odd."""
        tally = self._tally
        sql = f"SELECT count(*), count(*) FILTER (WHERE odd) FROM {self._table}"
        tally.read, odd = self._server.rows(sql)[0]
        for column in self._relations.leads.unused:
            tally.warn([Warning("unknown_key", column, tally.read)])
        if events and self._relations.events is not None:
            read = f"SELECT count(*) FROM {RAW_EVENTS} WHERE lead IS NOT NULL"
            tally.events_read = self._server.one(read)
            for column in self._relations.events.unused:
                tally.warn([Warning("unknown_key", f"activities.{column}", tally.events_read)])
        return int(odd)

    def decided(self) -> None:
        """Count the results of the leads that the query has decided."""
        tally, policy = self._tally, self._tally.policy
        scores = [score.name for score in policy.scores]
        sums = "".join(f", coalesce(sum({name(f'score.{one}')}), 0)" for one in scores)
        decided, *points = self._server.rows(f"SELECT count(*){sums} {self._where}")[0]
        tally.decided += decided
        for score, hundredths in zip(scores, points, strict=True):
            tally.hundredths[score] += int(hundredths)
        counted = [(f"letter.{one.name}", tally.letters[one.name]) for one in policy.grades]
        counted += [(f"group.{one.name}", tally.groups[one.name]) for one in policy.groups]
        counted += [
            (f"checklist.{one.name}", tally.checklists[one.name]) for one in policy.checklists
        ]
        if policy.stages:
            counted.append(("next_stage", tally.next_stages))
        for column, counter in counted:
            sql = f"SELECT {name(column)}, count(*) {self._where} GROUP BY 1"
            for value, count in self._server.rows(sql):
                counter[STAYS if value is None else value] += count

    def warnings(self, leads: str, events: str | None) -> None:
        """Count what is odd about these leads, but no mistake."""
        told = f"SELECT id FROM {self._table} WHERE NOT odd"
        naive, fields = self._relations.naive_leads(leads)
        if fields:
            counts = ", ".join(f"count(*) FILTER (WHERE {name(field)})" for field in fields)
            found = self._server.rows(f"SELECT {counts} FROM ({naive}) AS n WHERE key IN ({told})")
            self._warn(zip(("naive_instant",) * len(fields), fields, found[0], strict=True))
        if events is not None:
            self._event_warnings(events, told)

    def _event_warnings(self, events: str, told: str) -> None:
        noted, notes = self._relations.noted_events(events)
        sums = "".join(f", count(*) FILTER (WHERE n{i})" for i in range(len(notes)))
        rows = self._server.rows(
            f"SELECT kind, known, count(*){sums} FROM ({noted}) AS n "
            f"WHERE lead IN ({told}) GROUP BY kind, known ORDER BY kind"
        )
        for kind, known, count, *times in rows:
            if not known:
                self._warn([("unknown_kind", kind, count)])
            for (code, about), number in zip(notes, times, strict=True):
                subject = f"{kind}.{about}" if code == "unknown_key" else about
                self._warn([(code, subject, number)])

    def _warn(self, found: Iterable[tuple[str, str, int]]) -> None:
        self._tally.warn(Warning(*one) for one in found if one[2])
