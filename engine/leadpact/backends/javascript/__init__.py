"""The JavaScript backend: the plans of a policy become one script, for pages that try a lead.

``spell`` writes expressions, ``facts`` slots, ``results`` scores, grades, groups and checklists,
``ways`` stages; ``zones`` and ``calendars`` are constants worked out in Python. ``runtime`` is
what the script calls: plain JavaScript, the same for every policy. What it cannot tell exactly
(public holidays of far years, numbers of more than 15 digits) it says, and never another answer.
"""

from leadpact.backends.javascript.generate import Period, compile_plans
from leadpact.backends.javascript.literals import NotSayableError

__all__ = ["NotSayableError", "Period", "compile_plans"]
