"""How long the lead has done nothing, and what its sums lose by it."""

from __future__ import annotations

from leadpact.backends.python.decays import left_over
from leadpact.backends.python.writer import Writer
from leadpact.checked import Inactivity

__all__ = ["Idle"]


class Idle:
    """Spells full periods without activity, each kind of period worked out once.

    ``slot`` holds the instant of the lead's last activity.
    """

    def __init__(self, writer: Writer, slot: int | None) -> None:
        self.writer = writer
        self.slot = slot
        self.used: dict[str, None] = {}

    def periods(self, inactivity: Inactivity) -> str:
        """The number of full periods; 0 for a lead that never did anything."""
        self.used[inactivity.period] = None
        return f"idle_{inactivity.period}"

    def less(self, inactivity: Inactivity, total: str) -> str:
        """What is left of a sum."""
        left = None if inactivity.percent is None else left_over(inactivity)
        rule = self.writer.constant(inactivity, "Inactivity")
        table = self.writer.constant(left, "Left") if left is not None else "None"
        return f"inactive({total}, {self.periods(inactivity)}, {rule}, {table})"

    def write(self, writer: Writer) -> None:
        """After the pass over the events."""
        last = f"c{self.slot}"
        for period in self.used:
            counted = f"full_periods({period!r}, {last}, now, ZONE)"
            writer.line(f"idle_{period} = 0 if {last} is None else {counted}")
