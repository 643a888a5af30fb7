"""The engine's history in the reference's shape, and where the two differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tests.reference.life import life_of

from leadpact import Policy
from leadpact.decision import encode as encode_decision
from leadpact.life import History, encode

Answer = dict[str, Any]
MOST_INSTANTS = 400
"""How many instants the slow evaluator looks at before it gives up on a life."""


def slow_life(policy: Policy, record: Mapping[str, object], until: datetime) -> Answer:
    return life_of(policy.checked, record, until, MOST_INSTANTS)


def engine_life(policy: Policy, record: Mapping[str, object], until: datetime) -> Answer:
    """The engine's history, without the words and labels that are only for people to read."""
    told, _ = policy.replay_raw(record, until=until)
    if not isinstance(told, History):
        answer: Answer = json.loads(encode_decision(told))
        return _no_life(answer)
    found: Answer = json.loads(encode(told))
    for key in ("format", "id", "until", "policy"):
        del found[key]
    happened = 0
    for stay in found["stays"]:
        happened += len(stay.pop("events")) + stay.pop("other_events")
        if stay["exit"] is not None:
            del stay["exit"]["says"]
    found["events"] = happened
    found["coming"] = sorted(found["coming"], key=lambda one: (one["at"], one["what"], one["name"]))
    return found


def _no_life(answer: Answer) -> Answer:
    if answer["status"] == "refused":
        return {"status": "refused"}
    problems = answer["problems"]
    circle = [one for one in problems if "in a circle" in one["reason"]]
    return {"status": "circle", "at": circle[0]["value"]} if circle else {"status": "rejected"}


def differences(slow: Any, engine: Any, where: str = "") -> Iterator[str]:
    """Where two histories differ, by path; nothing where they agree."""
    if isinstance(slow, dict) and isinstance(engine, dict):
        for key in slow | engine:
            if key in slow and key in engine:
                yield from differences(slow[key], engine[key], f"{where}/{key}")
            else:
                yield f"{where}/{key}: only by the {'engine' if key in engine else 'reference'}"
    elif isinstance(slow, list) and isinstance(engine, list) and len(slow) == len(engine):
        for index, (one, other) in enumerate(zip(slow, engine, strict=True)):
            yield from differences(one, other, f"{where}/{index}")
    elif slow != engine:
        yield f"{where}: {slow!r} by the reference, {engine!r} by the engine"
