"""Counting what a run decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from leadpact.checked import CheckedPolicy
from leadpact.decision import Decision, RefusedRecord, Warning
from leadpact.life import History
from leadpact.life.history import How

__all__ = ["STAYS", "Tally"]

STAYS = ""
"""Key of the leads that stay where they are, among the next stages."""

_MOST_SUBJECTS = 1_000
_OTHERS = "(others)"


@dataclass
class Tally:
    """Counts so far. Points are sums of whole hundredths, so they are exact."""

    policy: CheckedPolicy
    read: int = 0
    decided: int = 0
    refused: int = 0
    rejected: int = 0
    hundredths: dict[str, int] = field(default_factory=dict)
    letters: dict[str, Counter[str]] = field(default_factory=dict)
    groups: dict[str, Counter[str]] = field(default_factory=dict)
    checklists: dict[str, Counter[str]] = field(default_factory=dict)
    next_stages: Counter[str] = field(default_factory=Counter)
    warnings: Counter[tuple[str, str]] = field(default_factory=Counter)
    now_in: Counter[str] = field(default_factory=Counter)
    stays: Counter[str] = field(default_factory=Counter)
    exits: Counter[tuple[str, How, str, str]] = field(default_factory=Counter)
    targets: Counter[tuple[str, str]] = field(default_factory=Counter)
    events_read: int = 0
    events_wrong: int = 0
    events_without_lead: int = 0

    def __post_init__(self) -> None:
        self.hundredths = {score.name: 0 for score in self.policy.scores}
        self.letters = {grade.name: Counter() for grade in self.policy.grades}
        self.groups = {group.name: Counter() for group in self.policy.groups}
        self.checklists = {checklist.name: Counter() for checklist in self.policy.checklists}

    def add(self, decision: Decision) -> None:
        self.decided += 1
        for name, score in decision.scores.items():
            self.hundredths[name] += round(score.points * 100)
        for name, grade in decision.grades.items():
            self.letters[name][grade.letter] += 1
        for name, group in decision.groups.items():
            self.groups[name][group.value] += 1
        for name, checklist in decision.checklists.items():
            self.checklists[name][checklist.result] += 1
        if decision.stage is not None:
            self.next_stages[decision.stage.next or STAYS] += 1
        self.warn(decision.warnings)

    def add_history(self, history: History) -> None:
        """Count the stays of a life, how they ended, and what became of the targets."""
        self.decided += 1
        self.now_in[history.stays[-1].stage] += 1
        for stay in history.stays:
            self.stays[stay.stage] += 1
            if stay.exit is not None:
                exit = stay.exit
                key = (stay.stage, exit.how, exit.to, exit.because or "")
                if key not in self.exits and len(self.exits) >= _MOST_SUBJECTS:
                    key = (*key[:3], _OTHERS)
                self.exits[key] += 1
            for clock in stay.targets:
                self.targets[clock.target, clock.state] += 1
        self.warn(history.warnings)

    def refuse(self, record: RefusedRecord) -> None:
        self.refused += 1
        self.warn(record.warnings)

    def warn(self, warnings: Iterable[Warning]) -> None:
        for warning in warnings:
            key = (warning.code, warning.subject)
            # Keys come out of the file: a file of ever new ones must not fill the memory.
            if key not in self.warnings and len(self.warnings) >= _MOST_SUBJECTS:
                key = (warning.code, _OTHERS)
            self.warnings[key] += warning.count

    def warned(self, code: str) -> int:
        """How often a warning was given, whatever its subject."""
        return sum(count for (one, _), count in self.warnings.items() if one == code)
