"""The policy's English: one sentence for every rule, made from the checked policy.

``catalogue`` holds all words of ours, so that another language can stand beside this one;
``wording`` says labels, numbers and lengths of time, ``clauses`` conditions, ``points`` rows of
points, and ``sentences`` puts them together.
"""

from leadpact.english.points import category_says, clamp_says, letter_says
from leadpact.english.sentences import (
    by_row_says,
    condition,
    condition_parts,
    definition_says,
    group_row_says,
    item_says,
    move_says,
    needs_items_says,
    needs_known_says,
    refusal_says,
    row_says,
    sentences,
)
from leadpact.english.wording import amount, day, duration, number, points, value

__all__ = [
    "amount",
    "by_row_says",
    "category_says",
    "clamp_says",
    "condition",
    "condition_parts",
    "day",
    "definition_says",
    "duration",
    "group_row_says",
    "item_says",
    "letter_says",
    "move_says",
    "needs_items_says",
    "needs_known_says",
    "number",
    "points",
    "refusal_says",
    "row_says",
    "sentences",
    "value",
]
