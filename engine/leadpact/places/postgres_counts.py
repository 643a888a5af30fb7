"""Counting, in SQL, what the query has decided: the leads that Python decides count themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, TypeAlias

from leadpact.batch.tally import STAYS, Tally
from leadpact.decision import Warning
from leadpact.places.postgres_readings import name
from leadpact.places.postgres_relations import Relations
from leadpact.places.postgres_server import Server

__all__ = ["Counts", "Whose"]

Whose: TypeAlias = Literal["nobody", "not there", "odd", "told"]
"""Of which leads an event is: of none, of one that no row tells, of an odd one, of one that the
query has decided.
"""


class Counts:
    """Adds to a tally. ``decided`` is the table of what the query says."""

    def __init__(self, server: Server, relations: Relations, tally: Tally, decided: str) -> None:
        self._server = server
        self._relations = relations
        self._tally = tally
        self._table = decided
        self._where = f"FROM {decided} WHERE NOT odd AND status = 'decided'"

    def leads(self) -> int:
        """Count the leads, and warn about columns that tell nothing; how many are odd."""
        tally = self._tally
        sql = f"SELECT count(*), count(*) FILTER (WHERE odd) FROM {self._table}"
        tally.read, odd = self._server.rows(sql)[0]
        for column in self._relations.leads.unused:
            tally.warn([Warning("unknown_key", column, tally.read)])
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

    def naive_leads(self, leads: str) -> None:
        """Warn about instants without an offset among the leads that the query has decided."""
        naive, fields = self._relations.naive_leads(leads)
        if fields:
            counts = ", ".join(f"count(*) FILTER (WHERE {name(field)})" for field in fields)
            told = f"SELECT id FROM {self._table} WHERE NOT odd"
            found = self._server.rows(f"SELECT {counts} FROM ({naive}) AS n WHERE key IN ({told})")
            self._warn(zip(("naive_instant",) * len(fields), fields, found[0], strict=True))

    def events(self, events: str) -> Counter[Whose]:
        """Count the events in one look at them all, and warn about what is odd about those of
        leads that the query has decided; how many are whose.
        """
        tally = self._tally
        noted, notes = self._relations.noted_events(events)
        sums = "".join(f", count(*) FILTER (WHERE n{i})" for i in range(len(notes)))
        # Of leads that have the same id, all are odd.
        leads = f"SELECT id, bool_or(odd) AS odd FROM {self._table} GROUP BY id"
        whose = (
            "CASE WHEN lead IS NULL THEN 'nobody' WHEN d.id IS NULL THEN 'not there' "
            "WHEN d.odd THEN 'odd' ELSE 'told' END"
        )
        rows = self._server.rows(
            f"SELECT {whose} AS whose, kind, count(*){sums} FROM ({noted}) AS n "
            f"LEFT JOIN ({leads}) AS d ON d.id = n.lead GROUP BY whose, kind ORDER BY kind"
        )
        known = {one.name for one in tally.policy.kinds}
        found = Counter[Whose]()
        for whose, kind, count, *times in rows:
            found[whose] += count
            if whose != "told":
                continue
            if kind not in known:
                self._warn([("unknown_kind", kind, count)])
            for note, number in zip(notes, times, strict=True):
                if kind in note.kinds:
                    foreign = note.code == "unknown_key"
                    subject = f"{kind}.{note.about}" if foreign else note.about
                    self._warn([(note.code, subject, number)])
        tally.events_read = found.total() - found["nobody"]
        assert self._relations.events is not None
        for column in self._relations.events.unused:
            tally.warn([Warning("unknown_key", f"activities.{column}", tally.events_read)])
        return found

    def _warn(self, found: Iterable[tuple[str, str, int]]) -> None:
        self._tally.warn(Warning(*one) for one in found if one[2])
