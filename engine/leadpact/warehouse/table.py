"""Arrow in, Arrow out: for those who hold leads in pyarrow, Polars, pandas or DuckDB."""

from __future__ import annotations

import warnings
from datetime import datetime
from typing import Any

import pyarrow as pa

from leadpact.backends.sql import CannotSayError, query
from leadpact.batch.deciding import Policy, decider
from leadpact.batch.numbers import Numbers
from leadpact.batch.rejects import Reject, Rejects
from leadpact.batch.sources import NO_MAPPING
from leadpact.batch.tally import Tally
from leadpact.batch.telling import Telling
from leadpact.operators.times import supported
from leadpact.warehouse.arrays import numbers, texts_or_null
from leadpact.warehouse.duck import Duck, Resources, name
from leadpact.warehouse.parquet import typed_events, typed_leads
from leadpact.warehouse.results import Wording
from leadpact.warehouse.work import Work
from leadpact.warehouse.writing import Typed

__all__ = ["decide_table"]


def decide_table(
    policy: Policy, leads: object, activities: object | None, as_of: datetime, explain: bool
) -> pa.Table:
    """One row a lead, in the order of ``leads``; see ``Policy.table``."""
    checked = policy.checked
    as_of = supported(as_of)
    with Duck.opened(Resources()) as duck:
        columns = _relation(duck, "raw_leads", leads)
        source = typed_leads(duck, "leads", columns, Numbers("leads"), checked, NO_MAPPING)
        events = None
        if activities is not None:
            columns = _relation(duck, "raw_events", activities)
            numbered = Numbers("activities")
            events = typed_events(duck, "activities", columns, numbered, checked)
        work = Work(duck, checked, source, events)
        work.stage(each_warning=False)
        try:
            ids = work.has_event_ids()
            found = query(checked, as_of, rows=explain, event_ids=ids)
            work.decide(found, None)
        except CannotSayError:
            work.leave_all_to_python()
        typed = Typed(Wording(checked, policy.digest, as_of), explain)
        turned = _Turned()
        telling = Telling(
            decider(policy, as_of, explain, False),
            Tally(checked),
            turned,
            source.numbers,
            Numbers("activities"),
        )
        work.tell(telling, typed)
        if telling.tally.events_without_lead or telling.tally.events_wrong:
            count = telling.tally.events_without_lead + telling.tally.events_wrong
            belong = "activity belongs" if count == 1 else "activities belong"
            warnings.warn(f"{count:,} {belong} to no lead of the table.", stacklevel=3)
        turned.keep(duck)
        return duck.reader(_answer(typed)).read_all()


def _relation(duck: Duck, relation: str, given: object) -> dict[str, str]:
    """Let an Arrow stream be a relation whose rows are numbered; its columns with their types."""
    if not hasattr(given, "__arrow_c_stream__"):
        raise TypeError(
            "A table is something with an Arrow stream: of pyarrow, Polars, pandas 2.2 or DuckDB. "
            f"This is {type(given).__name__}."
        )
    table = pa.RecordBatchReader.from_stream(given).read_all()
    duck.register(f"{relation}_given", table)
    columns = duck.columns(f"{relation}_given")
    places = numbers(range(1, table.num_rows + 1))
    duck.register(f"{relation}_given", table.append_column("number", places))
    none = "NULL::VARCHAR AS fault, NULL::VARCHAR AS value"
    # Where one connection registers, another sees nothing, so the rows are taken in.
    duck.run(f"CREATE TABLE {relation} AS SELECT *, {none} FROM {relation}_given")
    return columns


def _answer(typed: Typed) -> str:
    columns = ", ".join(name(key) for key in typed.columns)
    nothing = ", ".join(
        "t.id" if key == "id" else f"NULL::{type_} AS {name(key)}"
        for key, type_ in typed.columns.items()
    )
    return (
        f"SELECT {columns}, status, reason FROM ("
        f"SELECT pos, {columns}, 'decided' AS status, s.reason FROM ({typed.each(True)}) "
        "LEFT JOIN set_aside s USING (pos) UNION ALL "
        f"SELECT pos, {nothing}, status, reason FROM turned t) ORDER BY pos"
    )


class _Turned(Rejects):
    """Rejects by the row of their lead; of events that were left out, by its id."""

    def __init__(self) -> None:
        super().__init__(None, strict=False)
        self.by_row: dict[int, list[Reject]] = {}
        self.refused: set[int] = set()
        self.decided_with: dict[str, list[str]] = {}

    def add(self, reject: Reject, wrong: bool = True) -> None:
        super().add(reject, wrong)
        if reject.file == "activities":
            self.decided_with.setdefault(reject.id, []).append(f"{reject.field}: {reject.reason}")
            return
        self.by_row.setdefault(reject.line, []).append(reject)
        if not wrong:
            self.refused.add(reject.line)

    def keep(self, duck: Duck) -> None:
        """Make the relations ``turned`` (leads that were not decided) and ``set_aside``."""
        rows = [
            (row, found[0].id or None, "refused" if row in self.refused else "wrong", found)
            for row, found in sorted(self.by_row.items())
        ]
        columns: list[Any] = [
            numbers(row[0] for row in rows),
            texts_or_null([row[1] for row in rows]),
            texts_or_null([row[2] for row in rows]),
            texts_or_null([_reasons(row[3]) for row in rows]),
        ]
        names = ["pos", "id", "status", "reason"]
        duck.register("turned_rows", pa.Table.from_arrays(columns, names=names))
        duck.run("CREATE TABLE turned AS SELECT * FROM turned_rows")
        ids = list(self.decided_with)
        told = ["; ".join(self.decided_with[one]) for one in ids]
        aside = pa.Table.from_arrays(
            [texts_or_null(ids), texts_or_null(told)], names=["id", "reason"]
        )
        duck.register("aside_rows", aside)
        duck.run(
            "CREATE TABLE set_aside AS SELECT l.pos, a.reason FROM aside_rows a "
            "JOIN staged_leads l USING (id)"
        )


def _reasons(found: list[Reject]) -> str:
    return "; ".join(_reason(one) for one in found)


def _reason(one: Reject) -> str:
    is_told = one.field.startswith("refused.") or f"`{one.field}`" in one.reason
    is_named = is_told or one.field in ("", "id")
    return one.reason if is_named else f"{one.field}: {one.reason}"
