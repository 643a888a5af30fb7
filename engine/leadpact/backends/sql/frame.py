"""The whole query: what is known before, the pass over the events, the layers, the columns."""

from __future__ import annotations

from sqlglot import exp

from leadpact.backends.sql.expressions import Spelling
from leadpact.backends.sql.passes import Ground, Pass, Selection, relation
from leadpact.backends.sql.sheet import ConstantTable, column, named
from leadpact.backends.sql.tables import constant

__all__ = ["write_frame"]


def write_frame(spelling: Spelling, output: list[tuple[str, exp.Expression]]) -> exp.Select:
    """One row a lead, with these columns."""
    slots, before = spelling.slots, spelling.before

    def given(table: ConstantTable) -> exp.Select:
        return constant(table, spelling.dialect)

    layers, events_name = slots.events.sheet.layers(given)
    of_events = {name for name, _ in layers}
    events = events_name, slots.events.sheet
    if slots.held.early.aggregates:
        layers.append(("early", slots.held.early.select(Ground(events, None))))
        layers.append(("early leads", _joined("leads", [slots.held.early])))
        before.source = "early leads"
    more, before_name = before.layers(given)
    layers += more
    ground = Ground(events, (before_name, before))
    joined: list[Pass | Selection] = [slots.main] if slots.main.aggregates else []
    joined += slots.selections.values()
    layers += [(one.name, one.select(ground)) for one in joined]
    layers.append((spelling.sheet.source, _joined(before_name, joined)))
    more, last = spelling.sheet.layers(given)
    layers += more
    columns = [named(value.copy(), name) for name, value in output]
    select = exp.Select(expressions=columns).from_(relation(last))
    for name, each in layers:
        alias = exp.TableAlias(this=exp.to_identifier(name, quoted=True))
        # DuckDB would keep every event in memory where two passes read them.
        again = False if name in of_events and spelling.dialect.name == "duckdb" else None
        select = select.with_(alias, as_=each, materialized=again, copy=False)
    return select


def _joined(leads: str, passes: list[Pass | Selection]) -> exp.Select:
    """The leads with what was found about their events, whether they have any or not."""
    star = exp.Column(this=exp.Star(), table=exp.to_identifier(leads, quoted=True))
    select = exp.Select(expressions=[star]).from_(relation(leads))
    for one in passes:
        key = exp.Column(
            this=exp.to_identifier("lead", quoted=True),
            table=exp.to_identifier(one.name, quoted=True),
        )
        owner = column("id")
        owner.set("table", exp.to_identifier(leads, quoted=True))
        on = exp.EQ(this=key, expression=owner)
        select = select.select(*one.columns(), copy=False)
        select = select.join(relation(one.name), on=on, join_type="left", copy=False)
    return select
