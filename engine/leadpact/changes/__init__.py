"""What changed between two versions of a policy: by meaning, and not by text.

``part`` and the ``parts_*`` say what a policy is made of, ``meaning`` what two pieces are compared
by, ``matching`` which part is which, ``comparing`` and ``shorter`` what differs in the fewest
words. ``effect`` decides leads by both versions; ``git`` and ``history`` read versions from git.
"""

from __future__ import annotations

from leadpact.changes.change import Change, HowChanged, Touches
from leadpact.changes.comparing import announced, changes

__all__ = ["Change", "HowChanged", "Touches", "announced", "changes"]
