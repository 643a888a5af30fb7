"""Which of a lead's events a rule looks at, where that is asked for one lead at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leadpact.backends.python.loads import Facts
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.writer import Writer
from leadpact.checked import CheckedPolicy, EventPattern
from leadpact.operators.decimals import exact
from leadpact.operators.text import BLANKS, domain, fold
from leadpact.operators.times import local_day
from leadpact.schema import RecordTypes

__all__ = ["Matcher", "matcher"]

Matcher = Callable[[list[Any], list[Any]], list[Any]]
"""From a lead's activities and actions to those that match, in the order of the record."""


def matcher(events: EventPattern, policy: CheckedPolicy, types: RecordTypes) -> Matcher:
    """The events of a pattern."""
    tests: dict[type[Any], list[Callable[[Any], bool] | None]] = {}
    for part in events.parts:
        kind = next(kind for kind in policy.kinds if kind.name == part.kind)
        test = None
        if part.where is not None:
            writer = Writer()
            with writer.block("def test(e):"):
                facts = Facts("e", "e_", kind.properties)
                spelled = Speller(writer, facts).true(part.where)
                facts.load(writer)
                writer.line(f"return bool({spelled})")
            test = _function(writer, policy)
        tests.setdefault(types.events[part.kind], []).append(test)

    def matches(event: Any) -> bool:
        asked = tests.get(event.__class__)
        return asked is not None and any(test is None or test(event) for test in asked)

    def matching(activities: list[Any], actions: list[Any]) -> list[Any]:
        return [event for event in (actions if events.of_actions else activities) if matches(event)]

    return matching


def _function(writer: Writer, policy: CheckedPolicy) -> Callable[[Any], bool]:
    namespace: dict[str, Any] = {
        "BLANKS": BLANKS,
        "ZONE": policy.zone,
        "domain": domain,
        "exact": exact,
        "fold": fold,
        "local_day": local_day,
        **writer.constants,
    }
    exec(compile(writer.source(), f"<events of {policy.name}>", "exec"), namespace)
    test: Callable[[Any], bool] = namespace["test"]
    return test
