"""The life of one lead: the whole history that a policy gives it, from its own events.

``Replaying`` walks from one instant at which something can change to the next, and asks the
decision at each. What it tells is plain data (``history``); nothing here stores or prints.
"""

from __future__ import annotations

from leadpact.life.history import (
    Clock,
    Coming,
    Exit,
    Happening,
    History,
    Listed,
    Slept,
    Stay,
    Stopped,
    Told,
    encode,
)
from leadpact.life.replaying import NoStagesError, Policy, Replaying
from leadpact.life.standing import Standing

__all__ = [
    "Clock",
    "Coming",
    "Exit",
    "Happening",
    "History",
    "Listed",
    "NoStagesError",
    "Policy",
    "Replaying",
    "Slept",
    "Standing",
    "Stay",
    "Stopped",
    "Told",
    "encode",
]
