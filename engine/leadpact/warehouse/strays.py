"""Events that were taken as they stand and found no lead: whose they are in truth."""

from __future__ import annotations

from leadpact.backends.sql import Query
from leadpact.warehouse.duck import Duck
from leadpact.warehouse.inputs import bare_key

__all__ = ["all_joined", "find_strays"]


def all_joined(duck: Duck, query: Query, size: int) -> bool:
    """Whether the query, if it counted, has found the lead of each of so many events."""
    if all(one.name != "events" for one in query.columns):
        return False
    each = "answered"
    if duck.one("SELECT count(*) FROM twice"):
        each = "(SELECT any_value(events) AS events FROM answered GROUP BY id)"
    return bool(duck.one(f"SELECT coalesce(sum(events), 0) FROM {each}") == size)


def find_strays(duck: Duck) -> bool:
    """Make the relations ``strays`` (keys as they stand, and without blanks around them) and, of
    those that have no lead even so, ``nobody``; whether there are any.

    The lead that an event means behind blanks is Python's to decide.
    """
    duck.run(
        f"CREATE TABLE strays AS SELECT lead, {bare_key('lead')} AS owner FROM "
        "(SELECT DISTINCT lead FROM events) ANTI JOIN staged_leads l ON lead = l.id"
    )
    if not duck.one("SELECT count(*) FROM strays"):
        return False
    duck.run(
        "CREATE TABLE padded AS SELECT DISTINCT owner FROM strays "
        "SEMI JOIN staged_leads l ON owner = l.id"
    )
    duck.run("UPDATE answered SET odd = true WHERE id IN (SELECT owner FROM padded)")
    duck.run(
        "CREATE TABLE nobody AS SELECT DISTINCT owner AS lead FROM strays "
        "WHERE owner IS NOT NULL AND owner NOT IN (SELECT owner FROM padded)"
    )
    return True
