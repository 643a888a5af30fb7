"""All parts of a policy, in the order in which people are told about them."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact.changes.part import Order, Part
from leadpact.changes.parts_facts import fact_parts
from leadpact.changes.parts_people import agreement_parts, people_parts
from leadpact.changes.parts_points import point_orders, point_parts
from leadpact.changes.parts_results import result_orders, result_parts
from leadpact.changes.parts_stages import stage_orders, stage_parts
from leadpact.english.names import Names

__all__ = ["orders", "parts"]


def parts(names: Names) -> Iterator[Part]:
    """Every part of the policy, with all its dates; examples are no part of what it means."""
    yield from people_parts(names)
    yield from fact_parts(names)
    yield from point_parts(names)
    yield from result_parts(names)
    yield from stage_parts(names)
    yield from agreement_parts(names)


def orders(names: Names) -> Iterator[Order]:
    """Where the order of parts counts."""
    yield from point_orders(names)
    yield from result_orders(names)
    yield from stage_orders(names)
