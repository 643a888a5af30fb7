"""The words of one policy for what work lists tell: labels by name, values, short sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from leadpact.checked import CheckedPolicy, Field, NumberType, OneOfType
from leadpact.cli.lengths import ago, brief, weekday_time
from leadpact.decision import Points
from leadpact.english import number, value
from leadpact.rows_text import points_text, reason_text
from leadpact.waiting import Activity, Deadline, Step

__all__ = ["Words"]


@dataclass(frozen=True)
class Words:
    """What things are called, seen from ``as_of``."""

    policy: CheckedPolicy
    as_of: datetime

    def stage(self, name: str) -> str:
        return next((one.label for one in self.policy.stages if one.name == name), name)

    def party(self, name: str) -> str:
        return self._parties.get(name, name)

    @cached_property
    def _parties(self) -> Mapping[str, str]:
        return {party.name: party.label for party in self.policy.parties}

    def group(self, name: str, row: str) -> str:
        rows = (one for group in self.policy.groups if group.name == name for one in group.rows)
        return next((one.label for one in rows if one.name == row), row)

    def when(self, instant: datetime) -> str:
        return weekday_time(instant, self.policy.zone)

    # --- how a lead looks ------------------------------------------------------------------------

    def looks(self, scores: Mapping[str, Points], grades: Mapping[str, str]) -> str:
        """``interest 75, fit A``"""
        told = [f"{name} {points_text(points)}" for name, points in scores.items()]
        return ", ".join([*told, *(f"{name} {letter}" for name, letter in grades.items())])

    def fact(self, field: Field, held: object) -> str:
        """A known value as people write it."""
        match held:
            case bool():
                return "yes" if held else "no"
            case list():
                return ", ".join(value(str(one)) for one in held)
            case int() | float() | Decimal():
                told = number(Decimal(str(held)))
                money = isinstance(field.type, NumberType) and field.type.money
                return f"{told} {self.policy.currency}" if money and self.policy.currency else told
            case datetime():
                return self.when(held)
            case date():
                return held.isoformat()
            case _:
                text = " ".join(str(held).split())
                return value(text) if isinstance(field.type, OneOfType) else text

    # --- what is due -----------------------------------------------------------------------------

    def due(self, deadline: Deadline) -> str:
        """In a few words: ``First contact``, ``goes to Nurture``"""
        return deadline.label if deadline.to is None else f"goes to {self.stage(deadline.to)}"

    def activity(self, one: Activity) -> str:
        """``Viewed pricing 3 ×, last 2 days ago``"""
        last = ago(one.last, self.as_of)
        return f"{one.label} {last}" if one.times == 1 else f"{one.label} {one.times:,} ×, {last}"

    def path(self, steps: tuple[Step, ...]) -> str:
        """``Lead 8 days → MQL 7 days (Unpicked) → Nurture for 3 days``"""
        return " → ".join(self._steps(steps))

    def _steps(self, steps: tuple[Step, ...]) -> Iterator[str]:
        for step in steps:
            here = step.left is None and step is steps[-1]
            until = self.as_of if here else step.left
            long = ""
            if step.entered is not None and until is not None and until > step.entered:
                long = f" {'for ' if here else ''}{brief(until - step.entered)}"
            why = f" ({reason_text(step.because)})" if step.because is not None else ""
            yield f"{self.stage(step.stage)}{long}{why}"
