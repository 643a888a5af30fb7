"""Millions of leads: files, tables and Arrow through DuckDB, with the Python engine for the odd."""

from __future__ import annotations

from leadpact.batch.comparing import DifferenceError
from leadpact.warehouse.duck import Resources
from leadpact.warehouse.running import Engine, run

__all__ = ["DifferenceError", "Engine", "Resources", "run"]
