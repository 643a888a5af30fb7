"""What a worker answers from: policies, keys, and how the last reload went.

The supervisor makes it and sends it to the workers; a worker puts it in place of the old one in one
step, between two requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from leadpact.service.catalogue import Catalogue
from leadpact.service.keys import Keys

__all__ = ["Reload", "Standing"]


@dataclass(frozen=True, slots=True)
class Reload:
    """How a reload went. ``because`` says why the old policies were kept: ``brief`` for everybody,
    ``text`` for those who may read the policies.
    """

    at: datetime
    taken: bool
    brief: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """``places`` gives each policy its place among the counts, for as long as the service runs.

    ``keys`` is ``None`` for a service without keys.
    """

    catalogue: Catalogue
    keys: Keys | None
    places: Mapping[str, int]
    reload: Reload | None = None
    reloads_taken: int = 0
    reloads_kept: int = 0
    restarts: int = 0
