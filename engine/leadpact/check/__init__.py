"""The checker: nodes as written → a checked policy, or all that is wrong with it.

How it works. The declarations are entered first, all of them, so that blocks may stand in any
order (``names``). Then fields, events and lists get their types, and scores, grades, groups and
checklists their shapes: the letters, rows and items that conditions may name (``scope``). Only
then are conditions and rows looked at, one block after the other, and at last the circles.

Each step says what is wrong and hands on what is right; what hangs on something wrong stays
silent (``Names.poisoned``, ``Document.damaged``), so one mistake gives one diagnostic. Before
something is called missing, ``coverage`` tells whether it may stand on a line that could not be
read.
"""

from __future__ import annotations

from leadpact.check.policy import check

__all__ = ["check"]
