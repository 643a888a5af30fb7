"""Deciding where the data lies: on a Postgres server, or in Spark.

Nothing here is imported before it is needed: neither of the two comes with Leadpact itself.
"""

from __future__ import annotations

from leadpact.batch.deciding import Policy
from leadpact.batch.runner import Listener
from leadpact.places.options import PlaceOptions, PlaceOutcome, is_place, where

__all__ = ["PlaceOptions", "PlaceOutcome", "is_place", "run_in_place"]


def run_in_place(
    policy: Policy, options: PlaceOptions, *, progress: Listener = None
) -> PlaceOutcome:
    """Decide every lead of a table where it lies; see ``PlaceOptions``.

    Raises ``RunError`` for mistakes of use, and for what the place cannot do.
    """
    match where(options.on):
        case "postgres":
            from leadpact.places.postgres import run_on_postgres

            return run_on_postgres(policy, options, progress=progress)
        case "spark":
            from leadpact.places.spark import run_on_spark

            return run_on_spark(policy, options, progress=progress)
        case None:
            raise ValueError(f"{options.on} is no place of this room.")
