"""Leadpact: the agreement between marketing and sales about leads, as code.

    import leadpact
    policy = leadpact.load("policies/kontor")
    decision = policy.decide({"id": "L-17", "email": "dana@buyer.example"}, as_of=now)

What is named here is the public interface; it is imported when it is first asked for, so that a
command which needs only a part of it starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadpact.api import Policy, PolicyError, RecordError, load, load_text
    from leadpact.decision import Decision, RefusedRecord, RejectedRecord
    from leadpact.life import History, NoStagesError
    from leadpact.operators.times import AsOfError

__all__ = [
    "AsOfError",
    "Decision",
    "History",
    "NoStagesError",
    "Policy",
    "PolicyError",
    "RecordError",
    "RefusedRecord",
    "RejectedRecord",
    "load",
    "load_text",
]

_HOMES = {
    "AsOfError": "leadpact.operators.times",
    "Decision": "leadpact.decision",
    "History": "leadpact.life",
    "NoStagesError": "leadpact.life",
    "Policy": "leadpact.api",
    "PolicyError": "leadpact.api",
    "RecordError": "leadpact.api",
    "RefusedRecord": "leadpact.decision",
    "RejectedRecord": "leadpact.decision",
    "load": "leadpact.api",
    "load_text": "leadpact.api",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'leadpact' has no attribute {name!r}")
    return getattr(import_module(home), name)
