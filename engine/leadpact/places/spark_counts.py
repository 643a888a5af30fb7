"""What Spark's workers counted, as texts that travel, and summed up again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leadpact.batch.tally import Tally
from leadpact.decision import Warning

__all__ = ["Counted", "packed", "summed"]

_NUMBERS = (
    "read",
    "decided",
    "refused",
    "rejected",
    "events_read",
    "events_wrong",
    "events_without_lead",
)
_BLOCKS = ("letters", "groups", "checklists")


@dataclass
class Counted:
    """The sums. ``differs`` says where the query and Python do not agree, if they do not."""

    tally: Tally
    in_python: int = 0
    verified: int = 0
    differs: str = ""


def packed(counted: Counted) -> str:
    """What one worker counted."""
    tally = counted.tally
    found: dict[str, Any] = {name: getattr(tally, name) for name in _NUMBERS}
    found |= {name: getattr(tally, name) for name in _BLOCKS}
    found["hundredths"] = tally.hundredths
    found["next_stages"] = tally.next_stages
    found["warnings"] = [[*key, count] for key, count in tally.warnings.items()]
    found |= {"in_python": counted.in_python, "verified": counted.verified}
    return json.dumps(found | {"differs": counted.differs})


def summed(tally: Tally, texts: Iterable[str]) -> Counted:
    """What all of them counted, in ``tally``."""
    whole = Counted(tally)
    for text in texts:
        found = json.loads(text)
        _add(tally, found)
        whole.in_python += found["in_python"]
        whole.verified += found["verified"]
        whole.differs = whole.differs or found["differs"]
    return whole


def _add(tally: Tally, found: Mapping[str, Any]) -> None:
    for name in _NUMBERS:
        setattr(tally, name, getattr(tally, name) + found[name])
    for score, points in found["hundredths"].items():
        tally.hundredths[score] += points
    for block in _BLOCKS:
        counters = getattr(tally, block)
        for name, counts in found[block].items():
            counters[name].update(counts)
    tally.next_stages.update(found["next_stages"])
    tally.warn(Warning(*warning) for warning in found["warnings"])
