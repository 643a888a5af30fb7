"""Deciding whole files of leads: the work of ``leadpact run``."""

from __future__ import annotations

from leadpact.batch.options import Progress, RunOptions
from leadpact.batch.places import Pattern, Place, RunError, Table, place_of
from leadpact.batch.rejects import Reject
from leadpact.batch.runner import run
from leadpact.batch.summary import EventCounts, Summary, WarningCount, summary_json
from leadpact.batch.summary_text import reject_lines, summary_text

__all__ = [
    "EventCounts",
    "Pattern",
    "Place",
    "Progress",
    "Reject",
    "RunError",
    "RunOptions",
    "Summary",
    "Table",
    "WarningCount",
    "place_of",
    "reject_lines",
    "run",
    "summary_json",
    "summary_text",
]
