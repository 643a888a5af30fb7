"""Work lists for people: who waits for whom in a stage, and who stands on a worklist.

``queue`` and ``worklist`` make one entry of a lead's record and the history that replay tells of
it. ``told`` has the entries, as plain data; nothing here reads files or prints.
"""

from __future__ import annotations

from leadpact.waiting.dossier import Dossiers
from leadpact.waiting.queue import in_order, waiting_in
from leadpact.waiting.told import (
    Activity,
    Deadline,
    Dossier,
    OnList,
    Reason,
    Step,
    Waiting,
    encode,
)
from leadpact.waiting.worklist import listed_in_order, on_list

__all__ = [
    "Activity",
    "Deadline",
    "Dossier",
    "Dossiers",
    "OnList",
    "Reason",
    "Step",
    "Waiting",
    "encode",
    "in_order",
    "listed_in_order",
    "on_list",
    "waiting_in",
]
