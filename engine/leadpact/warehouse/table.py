"""Arrow in, Arrow out: for those who hold leads in pyarrow, Polars, pandas, DuckDB or Spark."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, assert_never

import pyarrow as pa

from leadpact.backends.sql import CannotSayError, Query, query
from leadpact.batch.deciding import Policy, decider
from leadpact.batch.numbers import Numbers
from leadpact.batch.rejects import Reject, Rejects
from leadpact.batch.sources import NO_MAPPING, SourceMapping
from leadpact.batch.tally import Tally
from leadpact.batch.telling import Telling
from leadpact.checked import CheckedPolicy
from leadpact.operators.times import supported
from leadpact.warehouse.arrays import numbers, texts_or_null
from leadpact.warehouse.counting import count
from leadpact.warehouse.duck import Duck, Resources, name
from leadpact.warehouse.inputs import EventsIn, LeadsIn
from leadpact.warehouse.json_lines import json_events, json_leads
from leadpact.warehouse.parquet import typed_events, typed_leads
from leadpact.warehouse.results import Wording
from leadpact.warehouse.streams import Stream
from leadpact.warehouse.typed import all_held
from leadpact.warehouse.verifying import verify
from leadpact.warehouse.work import Work
from leadpact.warehouse.writing import Typed

__all__ = ["Asked", "Decided", "Given", "check_columns", "decide", "decide_table"]

_NUMBER = "#number"
_CHECKED = ("#fault", "#value")


@dataclass(frozen=True)
class Given:
    """Leads or events as they are handed over, and what their rows are called in messages.

    ``stream`` is something with an Arrow stream. Its columns tell the facts (``columns``); or
    ``#fault`` and ``#value`` say beside them of a row why it is none, and its text (``checked``);
    or beside these two ``text`` holds each row as a line of JSON (``lines``).
    """

    stream: object
    numbers: Numbers
    shape: Literal["columns", "checked", "lines"] = "columns"


@dataclass(frozen=True)
class Asked:
    """What is to be decided, with a ``mapping`` of the leads' columns.

    ``query`` is the policy's, where it is made already; it may be that there is ``none``. Of
    ``sample`` leads it is made sure that Python decides the same. ``counted``: the tally is wanted.
    """

    policy: Policy
    as_of: datetime
    explain: bool
    mapping: SourceMapping = NO_MAPPING
    resources: Resources | None = None
    query: Query | Literal["to be made", "none"] = "to be made"
    counted: bool = False
    sample: int = 0


@dataclass(frozen=True)
class Decided:
    """One row a lead, in their order; and what is said of the whole.

    ``rejects`` has each problem and whether it is a mistake: the policy's own refusals are none.
    ``in_python`` are the leads that the query left to Python, ``verified`` those that both decided,
    to compare.
    """

    answers: pa.Table
    tally: Tally
    rejects: list[tuple[Reject, bool]]
    in_python: int
    verified: int


def decide_table(
    policy: Policy, leads: object, activities: object | None, as_of: datetime, explain: bool
) -> pa.Table:
    """One row a lead, in the order of ``leads``; see ``Policy.table``."""
    events = None if activities is None else Given(activities, Numbers("activities"))
    asked = Asked(policy, supported(as_of), explain)
    found = decide(asked, Given(leads, Numbers("leads")), events)
    lost = found.tally.events_without_lead + found.tally.events_wrong
    if lost:
        belong = "activity belongs" if lost == 1 else "activities belong"
        warnings.warn(f"{lost:,} {belong} to no lead of the table.", stacklevel=3)
    return found.answers


def decide(asked: Asked, leads: Given, events: Given | None) -> Decided:
    """Decide about leads and their events, both in memory.

    Raises RunError for columns that cannot be what they are named after, and DifferenceError where
    a lead of the sample is not decided the same twice.
    """
    policy, checked = asked.policy, asked.policy.checked
    with Duck.opened(asked.resources or Resources()) as duck:
        source = _leads(duck, leads, checked, asked.mapping)
        found_events = None if events is None else _events(duck, events, checked)
        work = Work(duck, checked, source, found_events)
        work.stage(each_warning=False)
        found = _query(asked, work)
        if found is None:
            work.leave_all_to_python()
        else:
            work.decide(found, None)
        one = decider(policy, asked.as_of, asked.explain, False)
        verified = verify(work, one, asked.sample) if asked.sample else 0
        typed = Typed(Wording(checked, policy.digest, asked.as_of), asked.explain)
        turned = _Turned()
        nobody = Numbers("activities") if events is None else events.numbers
        telling = Telling(one, Tally(checked), turned, leads.numbers, nobody)
        work.tell(telling, typed)
        if asked.counted:
            count(work, telling.tally)
        turned.keep(duck)
        answers = duck.reader(_answer(typed)).read_all()
        in_python = duck.one("SELECT count(*) FROM odd")
    return Decided(answers, telling.tally, turned.every, in_python, verified)


def _query(asked: Asked, work: Work) -> Query | None:
    if asked.query == "none":
        return None
    if isinstance(asked.query, Query):
        return asked.query
    checked, ids = asked.policy.checked, work.has_event_ids()
    try:
        return query(checked, asked.as_of, rows=asked.explain, event_ids=ids)
    except CannotSayError:
        return None


def check_columns(
    policy: CheckedPolicy, mapping: SourceMapping, leads: Given | None, events: Given | None
) -> None:
    """RunError for columns that cannot be what they are named after, whatever is in them."""
    with Duck.opened(Resources(threads=1)) as duck:
        if leads is not None:
            _leads(duck, leads, policy, mapping)
        if events is not None:
            _events(duck, events, policy)


# --- what is handed over -------------------------------------------------------------------------


def _leads(duck: Duck, given: Given, policy: CheckedPolicy, mapping: SourceMapping) -> LeadsIn:
    match given.shape:
        case "lines":
            found = json_leads((), policy, mapping, _nobody)
            stream = _lines(duck, "raw_leads", given)
            return replace(found, stream=stream, numbers=given.numbers)
        case "columns" | "checked":
            columns = _relation(duck, "raw_leads", given)
            return typed_leads(duck, "leads", columns, given.numbers, policy, mapping)
    assert_never(given.shape)


def _events(duck: Duck, given: Given, policy: CheckedPolicy) -> EventsIn:
    match given.shape:
        case "lines":
            found = json_events((), policy, _nobody)
            stream = _lines(duck, "raw_events", given)
            return replace(found, stream=stream, numbers=given.numbers)
        case "columns" | "checked":
            columns = _relation(duck, "raw_events", given)
            return typed_events(duck, "activities", columns, given.numbers, policy)
    assert_never(given.shape)


def _nobody(_: int) -> None:
    pass


def _read(stream: object) -> pa.Table:
    """What is in the stream, its rows numbered."""
    if not hasattr(stream, "__arrow_c_stream__"):
        raise TypeError(
            "A table is something with an Arrow stream: of pyarrow, Polars, pandas 2.2 or DuckDB. "
            f"This is {type(stream).__name__}."
        )
    table = pa.RecordBatchReader.from_stream(stream).read_all()
    return table.append_column(_NUMBER, numbers(range(1, table.num_rows + 1)))


def _lines(duck: Duck, relation: str, given: Given) -> Stream:
    table = _read(given.stream).select([_NUMBER, *_CHECKED, "text"])
    table = table.rename_columns(["number", "fault", "value", "text"])
    stream = Stream(table.schema, lambda: iter(table.to_batches()))
    duck.register(relation, stream)
    return stream


def _relation(duck: Duck, relation: str, given: Given) -> dict[str, str]:
    """Let an Arrow stream be a relation whose rows are numbered; its columns with their types."""
    duck.register(f"{relation}_given", _read(given.stream))
    columns = duck.columns(f"{relation}_given")
    checked = given.shape == "checked"
    own = [_NUMBER, *(_CHECKED if checked else ())]
    for one in own:
        del columns[one]
    theirs = f"* EXCLUDE ({', '.join(map(name, own))}){all_held(columns)}"
    fault, value = map(name, _CHECKED) if checked else ("NULL::VARCHAR", "NULL::VARCHAR")
    # Where one connection registers, another sees nothing, so the rows are taken in.
    duck.run(
        f"CREATE TABLE {relation} AS SELECT {theirs}, {name(_NUMBER)} AS number, "
        f"{fault} AS fault, {value} AS value FROM {relation}_given"
    )
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
        self.every: list[tuple[Reject, bool]] = []
        self.by_row: dict[int, list[Reject]] = {}
        self.refused: set[int] = set()
        self.decided_with: dict[str, list[str]] = {}

    def add(self, reject: Reject, wrong: bool = True) -> None:
        super().add(reject, wrong)
        self.every.append((reject, wrong))
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
