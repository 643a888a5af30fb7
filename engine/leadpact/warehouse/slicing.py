"""Leads in slices, where the events lie in the order of their leads: a slice needs room at a time.

Any text cuts leads and events in the same place. So what Parquet says of its groups of rows decides
how fast the slices are read, and never what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from leadpact.warehouse.duck import Duck, list_of, literal

__all__ = ["cuts", "decide_in_slices"]

AT_ONCE = 2_000_000
"""Events of a slice."""


def cuts(duck: Duck, files: Sequence[str]) -> list[str]:
    """The first lead of each slice but the first; none where events do not lie in order."""
    groups = duck.rows(
        "SELECT row_group_num_rows, stats_min_value, stats_max_value "
        f"FROM parquet_metadata([{list_of(files)}]) WHERE path_in_schema = 'lead' "
        f"ORDER BY list_position([{list_of(files)}], file_name), row_group_id"
    )
    found: list[str] = []
    held, newest = 0, ""
    for rows, first, last in groups:
        if first is None or last is None or first < newest:
            return []
        # All events of the lead that lies on both sides of a cut come after it.
        if held >= AT_ONCE and first > (found[-1] if found else ""):
            found.append(first)
            held = 0
        held, newest = held + rows, last
    return found


def decide_in_slices(
    duck: Duck, query: str, found: Sequence[str], heard: Callable[[float], None] | None
) -> None:
    """Run the query over one slice of ``leads`` and ``events`` after the other."""
    whole = {"leads": "id", "events": "lead"}
    for relation in whole:
        duck.run(f"ALTER VIEW {relation} RENAME TO all_{relation}")
    for number in range(len(found) + 1):
        for relation, key in whole.items():
            own = f"SELECT * FROM all_{relation} WHERE {_within(key, found, number)}"
            duck.run(f"CREATE OR REPLACE VIEW {relation} AS {own}")
        into = "INSERT INTO answered" if number else "CREATE TABLE answered AS"
        told = None if heard is None else _share_of(heard, number, len(found) + 1)
        duck.run(f"{into} {query}", heard=told)
    for relation in whole:
        duck.run(f"CREATE OR REPLACE VIEW {relation} AS SELECT * FROM all_{relation}")


def _within(key: str, found: Sequence[str], number: int) -> str:
    """What a key fulfils that belongs to a slice."""
    ends = []
    if number > 0:
        ends.append(f"{key} >= {literal(found[number - 1])}")
    if number < len(found):
        ends.append(f"{key} < {literal(found[number])}")
    return " AND ".join(ends)


def _share_of(heard: Callable[[float], None], number: int, count: int) -> Callable[[float], None]:
    """What hears of one slice of several."""
    return lambda share: heard((number + share) / count)
