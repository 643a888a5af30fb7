"""How a lead stands at an instant, after the moves that it made until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadpact.life.history import Clock, Exit, Stay

__all__ = ["Standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A lead ``at`` an instant (in UTC), whose life was walked through from an earlier one.

    ``lead`` is the typed record as it would be then: in its present stage, with its moves and their
    rules. ``stays`` are those since the walk began, the present one last; they have no events. In a
    policy without stages there are none.
    """

    at: datetime
    lead: Any
    stays: tuple[Stay, ...]

    @property
    def moves(self) -> tuple[Exit, ...]:
        """The moves taken since the walk began, oldest first."""
        return tuple(stay.exit for stay in self.stays if stay.exit is not None)

    @property
    def worklists(self) -> frozenset[str]:
        """The worklists on which the lead stands."""
        return frozenset(one.worklist for stay in self.stays[-1:] for one in stay.worklists)

    def clock(self, target: str) -> Clock | None:
        """The newest clock of a target; ``None`` if it had none since the walk began."""
        clocks = [clock for stay in self.stays for clock in stay.targets if clock.target == target]
        return clocks[-1] if clocks else None
