"""From leads and events in Spark to outcomes: Spark brings them together, its workers decide."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from leadpact.backends.sql import CannotSayError, Query, query
from leadpact.batch.deciding import Policy
from leadpact.batch.sources import SourceMapping
from leadpact.places.spark_files import Read
from leadpact.places.spark_inputs import Input, event_input, lead_input, name
from leadpact.places.spark_worker import Deciding
from leadpact.warehouse.results import Wording
from leadpact.warehouse.writing import Typed

__all__ = ["Asked", "asked", "outcomes"]

_TYPES = {"VARCHAR": "string", "TIMESTAMPTZ": "timestamp", "DECIMAL(18, 2)": "decimal(18, 2)"}
_ROWS = "array<struct<rule: string, points: decimal(18, 2), count: bigint>>"
_OUTCOME = ("#part", "id", "status", "reason", "#field", "#value", "#input", "#counts")


@dataclass(frozen=True)
class Asked:
    """What is to be decided, and of whom. ``query`` is ``None`` where ``why`` says why."""

    policy: Policy
    leads: Input
    events: Input | None
    mapping: SourceMapping
    as_of: datetime
    explain: bool
    query: Query | None
    why: str

    @property
    def columns(self) -> dict[str, str]:
        """The columns of a table of decisions, with Spark's type of each."""
        wording = Wording(self.policy.checked, self.policy.digest, self.as_of)
        typed = Typed(wording, self.explain)
        return {column: _TYPES.get(type_, _ROWS) for column, type_ in typed.columns.items()}


def asked(
    policy: Policy,
    leads: Read,
    events: Read | None,
    mapping: SourceMapping,
    as_of: datetime,
    explain: bool,
) -> Asked:
    """RunError for columns that are missing, or that cannot be what they are used for."""
    checked = policy.checked
    of_leads = lead_input(leads, checked, mapping)
    of_events = None if events is None else event_input(events, checked)
    found, why = None, ""
    ids = of_leads.event_ids or (of_events is not None and of_events.event_ids)
    try:
        made = query(checked, as_of, rows=explain, event_ids=ids)
        # The workers want its text alone: the tree is large.
        found = replace(made, tree=type(made.tree)())
    except CannotSayError as cannot:
        why = str(cannot)
    return Asked(policy, of_leads, of_events, mapping, as_of, explain, found, why)


def outcomes(asked: Asked, counted: bool, share: float = 0.0) -> Any:
    """A DataFrame of what becomes of leads and events; nobody has worked it out yet.

    There is one row a lead: ``id``, ``status``, ``reason`` and the results. With ``counted`` there
    are others, as ``#part`` says: ``problem`` and ``counts``. Of ``share`` of the leads it is made
    sure that Python decides the same.
    """
    both = asked.leads.frame.withColumnRenamed("row", "lead")
    if asked.events is not None:
        others = asked.events.frame.withColumnRenamed("row", "event")
        both = both.unionByName(others, allowMissingColumns=True)
    columns = dict.fromkeys(_OUTCOME, "string") | asked.columns
    deciding = Deciding(
        pickle.dumps(asked.policy),
        asked.query,
        asked.mapping,
        asked.as_of,
        asked.explain,
        asked.leads.rows,
        None if asked.events is None else asked.events.rows,
        columns,
        counted,
        share,
    )
    schema = ", ".join(f"{name(column)} {type_}" for column, type_ in columns.items())
    # A partition has all rows of its keys, in their order: so a worker may cut between two keys
    # what is too much for its memory.
    together = both.repartition("key").sortWithinPartitions("key")
    return together.mapInArrow(deciding, schema)
