"""A mutant, compiled as far as it is asked: each text once for each of its dated periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias

from leadpact.backends.python import Compiled, compile_plan
from leadpact.backends.python.clocks import first_true
from leadpact.backends.python.generate import Mode
from leadpact.backends.python.rows import Texts
from leadpact.checked import CheckedPolicy, Condition
from leadpact.dated import borders, in_force_on, period_of
from leadpact.decision import PolicyRef
from leadpact.life import Replaying
from leadpact.lower import lower
from leadpact.operators.times import day_start, local_day
from leadpact.schema import RecordTypes

__all__ = ["Answers", "Trial"]

Answers: TypeAlias = tuple[tuple[bool | None, ...], tuple[str, str] | None]
"""The answers to conditions, and the next move: where to, and by which rule."""

_NO_TEXTS = Texts({}, {}, {})


class Trial:
    """A policy that decides about leads which were taken in by another, nearly the same."""

    def __init__(self, policy: CheckedPolicy, types: RecordTypes) -> None:
        self.checked = policy
        self.types = types
        self.ref = PolicyRef(policy.name, policy.version, "")
        self.days = borders(policy)
        self._compiled: dict[tuple[Mode, tuple[Condition, ...], int], Compiled] = {}

    def answers(self, asked: tuple[Condition, ...], as_of: datetime, lead: Any) -> Answers | None:
        """The answers, and the move out of the lead's stage; ``None`` for a refused record."""
        found: Answers | None = self._bind("trial", asked, as_of)(lead)
        return found

    def bind(self, as_of: datetime, *, explain: bool = False) -> Callable[..., Any]:
        """The decision at an instant. It always has its reasons, so that it is compiled once."""
        return self._bind("explain", (), as_of)

    @cached_property
    def replaying(self) -> Replaying | None:
        return Replaying(self, self.ref) if self.checked.stages else None

    def _bind(
        self, mode: Mode, asked: tuple[Condition, ...], as_of: datetime
    ) -> Callable[..., Any]:
        zone = self.checked.zone
        day = local_day(as_of, zone)
        period = period_of(self.days, day)
        key = mode, asked, period
        if key not in self._compiled:
            plan = lower(in_force_on(self.checked, day), asked, self.checked)
            self._compiled[key] = compile_plan(
                plan, self.types, self.ref, _NO_TEXTS, mode, self._first_true
            )
        if period == len(self.days):
            return self._compiled[key].bind(as_of)
        return self._compiled[key].bind(as_of, day_start(self.days[period], zone))

    def _first_true(
        self, condition: Condition, lead: Any, start: datetime, now: datetime
    ) -> tuple[datetime | None, datetime | None]:
        return first_true(
            condition, lambda instant: self._bind("watch", (condition,), instant), lead, start, now
        )
