"""From a place to what DuckDB reads: files of text, Parquet, tables."""

from __future__ import annotations

from typing import assert_never

from leadpact.batch.leads import OnBytes
from leadpact.batch.places import Place, Table, files_of, format_of
from leadpact.batch.sources import SourceMapping
from leadpact.checked import CheckedPolicy
from leadpact.warehouse.cells import csv_events, csv_leads
from leadpact.warehouse.databases import table_events, table_leads
from leadpact.warehouse.duck import Duck
from leadpact.warehouse.inputs import EventsIn, LeadsIn
from leadpact.warehouse.json_lines import json_events, json_leads
from leadpact.warehouse.parquet import parquet_events, parquet_leads

__all__ = ["open_events", "open_leads"]


def open_leads(
    duck: Duck, place: Place, policy: CheckedPolicy, mapping: SourceMapping, on_bytes: OnBytes
) -> LeadsIn:
    """Leads of any place; RunError when they cannot be read with the mapping."""
    if isinstance(place, Table):
        return table_leads(duck, place, policy, mapping, on_bytes)
    files = files_of(place)
    match format_of(place):
        case "csv":
            return csv_leads(files, policy, mapping, on_bytes)
        case "json lines":
            return json_leads(files, policy, mapping, on_bytes)
        case "parquet":
            return parquet_leads(duck, files, policy, mapping)
        case other:
            assert_never(other)


def open_events(duck: Duck, place: Place, policy: CheckedPolicy, on_bytes: OnBytes) -> EventsIn:
    """Events of any place."""
    if isinstance(place, Table):
        return table_events(duck, place, policy, on_bytes)
    files = files_of(place)
    match format_of(place):
        case "csv":
            return csv_events(files, policy, on_bytes)
        case "json lines":
            return json_events(files, policy, on_bytes)
        case "parquet":
            return parquet_events(duck, files, policy)
        case other:
            assert_never(other)
