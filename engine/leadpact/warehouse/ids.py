"""The ids of leads: whether they can be taken as they stand, and which are there twice."""

from __future__ import annotations

from dataclasses import replace

from leadpact.batch.telling import LINES_NAMED
from leadpact.warehouse.duck import Duck
from leadpact.warehouse.inputs import LeadsIn
from leadpact.warehouse.readings import is_bare

__all__ = ["find_repeated", "taken_as_they_stand"]


def taken_as_they_stand(duck: Duck, leads: LeadsIn) -> tuple[LeadsIn, bool]:
    """The leads, with their bare ids if none has blanks around it; and whether the ids ascend, so
    that none is there twice.
    """
    bare = leads.bare_id
    if bare is None or leads.stream is not None:
        return leads, False
    # Whatever the order in which rows come: what ascends all the way holds nothing twice.
    each = f"SELECT {bare} AS id, lag({bare}) OVER () AS before FROM {leads.relation}"
    unclean, steps = duck.rows(
        f"SELECT count(*) FILTER (WHERE NOT ({is_bare('id')})), "
        f"count(*) FILTER (WHERE (id > before) IS NOT TRUE) FROM ({each})"
    )[0]
    if unclean:
        return leads, False
    return replace(leads, id=bare), bool(steps <= 1)


def find_repeated(duck: Duck, ascending: bool) -> bool:
    """Whether ids are there twice; the relation ``twice`` says where."""
    duck.run("CREATE TABLE twice (id VARCHAR, numbers BIGINT[])")
    if ascending:
        return False
    duck.run(
        "CREATE TABLE repeated AS SELECT id FROM staged_leads WHERE id IS NOT NULL "
        "GROUP BY id HAVING count(*) > 1"
    )
    if not duck.one("SELECT count(*) FROM repeated"):
        return False
    duck.run(
        f"INSERT INTO twice SELECT id, list_sort(list(pos))[:{LINES_NAMED + 1}] AS numbers "
        "FROM staged_leads SEMI JOIN repeated USING (id) GROUP BY id"
    )
    return True
