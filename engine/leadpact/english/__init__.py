"""The policy's English: one text for every rule, made from the checked policy.

``catalogue`` holds all words of ours, so that another language can stand beside this one.
``wording`` says numbers, days and labels, ``names`` the labels of one policy; ``happenings`` and
``clauses`` say conditions. ``points``, ``life``, ``promises`` and ``calendars`` say rules in
sentences, ``telling`` keeps these short, and ``sentences`` puts all together.
"""

from leadpact.english.calendars import weekday, zone_says
from leadpact.english.points import category_says, clamp_says
from leadpact.english.sentences import (
    Sayings,
    condition,
    condition_parts,
    needs_items_says,
    needs_known_says,
    sentences,
)
from leadpact.english.wording import amount, day, duration, in_force, number, points, value

__all__ = [
    "Sayings",
    "amount",
    "category_says",
    "clamp_says",
    "condition",
    "condition_parts",
    "day",
    "duration",
    "in_force",
    "needs_items_says",
    "needs_known_says",
    "number",
    "points",
    "sentences",
    "value",
    "weekday",
    "zone_says",
]
