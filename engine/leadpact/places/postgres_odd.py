"""What is left to Python: the odd leads of a run on a server, the rejects, and the comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from leadpact.batch.activities import homeless, join
from leadpact.batch.comparing import differences
from leadpact.batch.deciding import Policy, decider
from leadpact.batch.leads import Lead, lead_key
from leadpact.batch.lines import BadLine
from leadpact.batch.meter import Meter
from leadpact.batch.places import RunError
from leadpact.batch.rejects import Reject, Rejects
from leadpact.batch.runner import Listener
from leadpact.batch.tally import Tally
from leadpact.batch.telling import NO_EVENTS, Joined, Telling, reason_of
from leadpact.decision import Decision
from leadpact.places.options import PlaceOptions, compared
from leadpact.places.postgres_counts import Whose
from leadpact.places.postgres_relations import RAW_EVENTS, RAW_LEADS, TWICE
from leadpact.places.postgres_server import Server
from leadpact.places.raw_records import RawRecords, TableRows

__all__ = ["OddLeads"]

_ODD, _SAMPLE = "leadpact_odd", "leadpact_sample"
_LONGEST_ROW = 1_000


class _Fetched(NamedTuple):
    """A lead, how many rows have its id (0: one), and its events."""

    lead: Lead | BadLine
    rows: int
    joined: Joined


class OddLeads:
    """Leads that are fetched with their rows as they are.

    ``decided`` is the table of what the query says, ``columns`` are the query's own names of its
    columns (empty: nothing was queried); ``events``: whether there is a table of them.
    """

    def __init__(
        self,
        server: Server,
        policy: Policy,
        options: PlaceOptions,
        records: RawRecords,
        decided: str,
        columns: Sequence[str],
        events: bool,
    ) -> None:
        self._server = server
        self._policy = policy
        self._options = options
        self._records = records
        self._decided = decided
        self._columns = columns
        self._has_events = events

    def tell(
        self,
        tally: Tally,
        rejects: Rejects,
        write: Callable[[Decision], None],
        whose: Counter[Whose],
        listener: Listener,
    ) -> None:
        """Decide the odd leads, and tell everything that is to be rejected. Events of nobody are
        looked for only if ``whose`` has counted some.
        """
        server, decided = self._server, self._decided
        server.run(
            f"CREATE TEMPORARY TABLE {_ODD} ON COMMIT DROP AS "
            f"SELECT DISTINCT id AS key FROM {decided} WHERE odd AND id IS NOT NULL"
        )
        server.run(f"ANALYZE {_ODD}")
        telling = Telling(
            decider(self._policy, self._options.as_of, self._options.explain, False),
            tally,
            rejects,
            TableRows("leads"),
            TableRows("activities"),
            write,
        )
        if whose["nobody"]:
            self._homeless(telling)
        self._refused(telling)
        meter = Meter(listener, "deciding", server.one(f"SELECT count(*) FROM {_ODD}"))
        for fetched in self._fetch(_ODD, with_keyless=True):
            meter.on_record()
            meter.on_bytes(1)
            if isinstance(fetched.lead, BadLine):
                telling.bad_line(fetched.lead)
            else:
                twice = [fetched.rows] if fetched.rows else []
                telling.lead(fetched.lead, twice, fetched.joined)
        meter.tell()
        if whose["not there"]:
            self._without_lead(telling)

    def _homeless(self, telling: Telling) -> None:
        sql = f"SELECT left(raw, {_LONGEST_ROW}) FROM {RAW_EVENTS} WHERE lead IS NULL"
        for rows in self._server.each(sql):
            for (raw,) in rows:
                telling.bad_event_line(homeless(0, raw))

    def _refused(self, telling: Telling) -> None:
        because = {one.rule: one.because for one in self._policy.checked.refusals}
        if not self._columns:
            return
        sql = (
            f"SELECT id, refused_by FROM {self._decided} WHERE NOT odd AND status = 'refused' "
            "ORDER BY id"
        )
        for rows in self._server.each(sql):
            for key, rule in rows:
                telling.tally.refused += 1
                reason = reason_of(rule, because.get(rule))
                telling.rejects.add(Reject(0, key, rule, "", reason), wrong=False)

    def _without_lead(self, telling: Telling) -> None:
        sql = (
            f"SELECT e.lead FROM {RAW_EVENTS} AS e WHERE e.lead IS NOT NULL AND NOT EXISTS "
            f"(SELECT FROM {RAW_LEADS} AS l WHERE l.key = e.lead) ORDER BY e.lead"
        )
        for rows in self._server.each(sql):
            for (key,) in rows:
                telling.without_lead(key, 0)

    def _fetch(self, keys: str, with_keyless: bool = False) -> Iterator[_Fetched]:
        """The leads whose keys stand in a table, and those without any, in order of the keys."""
        held = "NULL::text[]"
        joined = ""
        if self._has_events:
            held = "e.raws"
            joined = (
                f"LEFT JOIN (SELECT lead, array_agg(raw) AS raws FROM {RAW_EVENTS} "
                f"WHERE lead IN (SELECT key FROM {keys}) GROUP BY lead) AS e ON e.lead = l.key"
            )
        wanted = f"l.key IN (SELECT key FROM {keys})"
        if with_keyless:
            wanted += " OR l.key IS NULL"
        sql = (
            f"SELECT l.raw, coalesce(t.rows, 0), {held} FROM {RAW_LEADS} AS l "
            f"LEFT JOIN {TWICE} AS t ON t.key = l.key {joined} WHERE {wanted} ORDER BY l.key"
        )
        for rows in self._server.each(sql):
            for raw, times, raws in rows:
                found = self._records.events(raws or ())
                joined_to = Joined(found, [0] * len(found)) if found else NO_EVENTS
                yield _Fetched(self._records.lead(raw), times, joined_to)

    # --- comparing -------------------------------------------------------------------------------

    def verify(self, leads: int) -> str:
        """Decide some leads in Python, too; what to tell. RunError unless both say the same."""
        server = self._server
        # Which ones is left to chance, but the same chance for the same leads.
        server.run(
            f"CREATE TEMPORARY TABLE {_SAMPLE} ON COMMIT DROP AS SELECT id AS key "
            f"FROM {self._decided} WHERE NOT odd ORDER BY md5(id), id LIMIT {leads}"
        )
        server.run(f"ANALYZE {_SAMPLE}")
        rows = server.rows(
            f"SELECT * FROM {self._decided} WHERE id IN (SELECT key FROM {_SAMPLE}) AND NOT odd"
        )
        # By the names of the query: the server cuts long ones.
        named = (dict(zip(self._columns, row, strict=True)) for row in rows)
        found = {str(row["id"]): row for row in named}
        checked = self._policy.checked
        actions = frozenset(kind.name for kind in checked.kinds if kind.party is not None)
        for fetched in self._fetch(_SAMPLE):
            assert isinstance(fetched.lead, Lead)
            record = fetched.lead.record
            key = lead_key(record["id"]) or ""
            record["id"] = key
            join(record, fetched.joined.events, actions)
            outcome, _ = self._policy.take(record, as_of=self._options.as_of, explain=True)
            wrong = differences(found[key], outcome)
            if wrong:
                one = wrong[0]
                raise RunError(
                    f"The query and Python do not agree about the lead `{key}`: {one.what} is "
                    f"{one.by_query}, but {one.by_python} in Python.",
                    "Nothing was changed. Please report it, and decide in Python meanwhile.",
                )
        return compared(len(found))
