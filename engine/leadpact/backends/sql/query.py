"""From a policy to one query that decides about all leads at one instant.

First what is known of a lead before its events (where it stands), then one pass over the events,
then the results layer by layer, as the plan has them. What the dialect cannot say exactly is
refused by name; a lead that the query cannot tell about comes out ``odd``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.dialects import CannotSayError, Dialect, either
from leadpact.backends.sql.events import Events
from leadpact.backends.sql.expressions import Spelling
from leadpact.backends.sql.frame import write_frame
from leadpact.backends.sql.instants import border as border_of
from leadpact.backends.sql.instants import reach
from leadpact.backends.sql.oddities import see_what_is_odd
from leadpact.backends.sql.relations import OutKind, lead_columns
from leadpact.backends.sql.rendering import render
from leadpact.backends.sql.results import Results
from leadpact.backends.sql.sheet import ConstantTable, Sheet, case, coalesce, column, micros, text
from leadpact.backends.sql.slots import Slots
from leadpact.backends.sql.standing import Standing
from leadpact.backends.sql.targets import add_targets
from leadpact.backends.sql.until import add_until
from leadpact.backends.sql.ways import add_ways
from leadpact.checked import ByRange, CheckedPolicy, DateTest
from leadpact.dated import borders, in_force_on, period_of
from leadpact.lower import lower
from leadpact.operators.times import limit_of, local_day, supported
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import SourceFile, Span

__all__ = ["CannotSayError", "ConstantTable", "OutColumn", "OutKind", "Query", "query"]


@frozen
class OutColumn:
    name: str
    kind: OutKind


@frozen
class Query:
    """``sql`` reads ``leads`` and ``events`` (see ``relations``) and gives one row a lead.

    ``tables`` are constant tables that must be there, too. ``python_only`` says in plain words
    what makes single leads ``odd``, which the Python engine then decides.
    """

    sql: str
    tree: exp.Expression
    columns: tuple[OutColumn, ...]
    tables: tuple[ConstantTable, ...]
    python_only: tuple[str, ...]


def query(
    policy: CheckedPolicy,
    as_of: datetime,
    dialect: str = "duckdb",
    *,
    rows: bool = False,
    event_ids: bool = True,
    counted: bool = False,
) -> Query:
    """The query of a policy at an instant (aware).

    ``rows`` adds what acted. ``event_ids``: events may have ids, and those of one lead may repeat
    each other. ``counted`` adds how many ``events`` each lead has. Raises ``CannotSayError`` where
    the dialect cannot say exactly what the policy means, ``ValueError`` for a dialect that is not
    known, and ``AsOfError`` for an instant without an offset or outside the years 1900 to 2999.
    """
    instant = supported(as_of)
    today = local_day(instant, policy.zone)
    days = borders(policy)
    period = period_of(days, today)
    border = border_of(days[period], policy.zone) if period < len(days) else None
    targets = tuple(target.name for stage in policy.stages for target in stage.targets)
    writing = _Writing(lower(in_force_on(policy, today)), instant, dialect, targets)
    return writing.query(border, rows, event_ids, counted)


class _Writing:
    """One query being written."""

    def __init__(
        self, plan: p.Plan, as_of: datetime, dialect: str, targets: tuple[str, ...]
    ) -> None:
        self.plan = plan
        self.targets = targets
        self.dialect = Dialect(dialect)
        zone = plan.policy.zone
        around = reach(zone, as_of, _days(plan, as_of))
        names = (each.name for each in lead_columns(plan.policy))
        self.before = Sheet("before", "leads", names)
        self.sheet = Sheet("leads", "known", (), under=self.before)
        self.events = Events(plan.policy, self.dialect, around, micros(as_of))
        standing = Standing(plan.policy, self.before)
        self.slots = Slots(plan, as_of, self.sheet, standing, self.events, self.dialect, around)
        self.spelling = Spelling(
            plan, as_of, self.sheet, self.slots, standing, self.dialect, around
        )

    def query(self, border: int | None, rows: bool, event_ids: bool, counted: bool) -> Query:
        spelling, plan = self.spelling, self.plan
        results = Results(spelling)
        for step in plan.steps:
            results.write(step)
        refusals = [(spelling.test(refusal.when), text(refusal.rule)) for refusal in plan.refusals]
        self.sheet.put("refused_by", case(*refusals, otherwise=exp.cast(exp.Null(), "text")))
        bounds = [*add_ways(spelling), *add_targets(spelling)]
        add_until(spelling, border, bounds)
        see_what_is_odd(spelling, event_ids)
        output = self._output(results)
        if rows:
            output.append(("rows", "rows", results.points.told()))
        if counted:
            output.append(("events", "count", self.slots.main.every()))
        select = write_frame(spelling, [(name, value) for name, _, value in output])
        return Query(
            render(select, self.dialect.name),
            select,
            tuple(OutColumn(name, kind) for name, kind, _ in output),
            (),
            tuple(spelling.oddities),
        )

    def _output(self, results: Results) -> list[tuple[str, OutKind, exp.Expression]]:
        """Name, kind and value of each column, in the order in which they are given."""
        oddities = [test for tests in self.spelling.oddities.values() for test in tests]
        odd = coalesce(exp.paren(either(*oddities)), exp.false())
        refused = exp.Not(this=exp.Is(this=column("refused_by"), expression=exp.Null()))
        found: list[tuple[str, OutKind, exp.Expression]] = [
            ("id", "text", column("id")),
            ("pos", "count", column("pos")),
            ("odd", "yes or no", odd),
            ("status", "text", case((refused, text("refused")), otherwise=text("decided"))),
            ("refused_by", "text", column("refused_by")),
            *results.output(),
        ]
        if self.plan.stages:
            found.append(("stage", "text", self.spelling.stage))
            found += [(name, "text", column(name)) for name in ("next_stage", "next_rule")]
        found.append(("valid_until", "instant", column("valid_until")))
        for target in dict.fromkeys(self.targets):
            found.append((f"target.{target}", "text", self._of_target("target", target, "text")))
            for word in ("started", "due", "at"):
                found.append(
                    (f"{word}.{target}", "instant", self._of_target(word, target, "bigint"))
                )
        return found

    def _of_target(self, word: str, target: str, type_: str) -> exp.Expression:
        """NULL for a target that is not in force now."""
        name = f"{word}.{target}"
        return column(name) if name in self.sheet else exp.cast(exp.Null(), type_)


def _days(plan: p.Plan, as_of: datetime) -> Iterator[date]:
    """The days with which local days are compared."""
    for part in _parts((plan.policy.scores, plan.policy.grades, plan.slots, tuple(plan.tests()))):
        match part:
            case DateTest():
                yield part.value
            case ByRange():
                yield from (end for end in (part.low, part.high) if isinstance(end, date))
            case _:
                pass
    for _, limit in plan.times:
        ahead = limit.direction == "ahead"
        if limit.days:
            found = limit_of(limit.duration, ahead, limit.strict, True, as_of, plan.policy.zone)
            assert not isinstance(found, datetime)
            yield found


def _parts(part: object) -> Iterator[object]:
    """A part of a plan, and all that it is made of."""
    if isinstance(part, tuple):
        for member in part:
            yield from _parts(member)
    elif is_dataclass(part) and not isinstance(part, Span | SourceFile | type):
        yield part
        for field in fields(part):
            yield from _parts(getattr(part, field.name))
