"""What the workers count, in memory that they share.

Every worker writes to a row of its own, so nothing is locked, and whichever worker is asked
adds the rows up. A row outlives its worker: what a killed worker counted is not forgotten.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from multiprocessing.context import BaseContext
from typing import Any, Final

from leadpact.service.catalogue import MOST_POLICIES
from leadpact.service.problems import KINDS

__all__ = ["BUCKETS", "OUTCOMES", "QUESTIONS", "STATUSES", "Board", "Row", "Totals"]

QUESTIONS: Final = ("decide", "decide-many", "replay")
OUTCOMES: Final = ("decided", "replayed", "refused", "rejected")
BUCKETS: Final = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005),
    *(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
"""Upper bounds in seconds; one more bucket has no bound."""

STATUSES: Final = (200, *sorted({kind.status for kind in KINDS.values()} | {304, 206, 416, 307}))

_TIMES: Final = len(BUCKETS) + 2
_PER_QUESTION: Final = len(OUTCOMES) + _TIMES
_PER_POLICY: Final = len(QUESTIONS) * _PER_QUESTION
_POLICIES: Final = MOST_POLICIES * _PER_POLICY
_AFTER_STATUSES: Final = _POLICIES + len(STATUSES)
_AFTER_PROBLEMS: Final = _AFTER_STATUSES + len(KINDS)
_SINGLE: Final = ("log_lines", "log_bytes", "log_fails", "memory", "connections", "ready")
_SIZE: Final = _AFTER_PROBLEMS + len(_SINGLE)

_STATUS_AT: Final = {status: _POLICIES + index for index, status in enumerate(STATUSES)}
_PROBLEM_AT: Final = {name: _AFTER_STATUSES + index for index, name in enumerate(KINDS)}
_SINGLE_AT: Final = {name: _AFTER_PROBLEMS + index for index, name in enumerate(_SINGLE)}


class Board:
    """The rows of all workers, in shared memory; made before the workers are started."""

    def __init__(self, context: BaseContext, workers: int) -> None:
        self.workers = workers
        self._memory: Any = context.RawArray("d", workers * _SIZE)

    def row(self, worker: int) -> Row:
        """The row that one worker writes to."""
        return Row(self._cells()[worker * _SIZE : (worker + 1) * _SIZE])

    def totals(self) -> Totals:
        """All rows added up, as they are now."""
        cells = self._cells().tolist()
        rows = [cells[at : at + _SIZE] for at in range(0, len(cells), _SIZE)]
        return Totals([sum(column) for column in zip(*rows, strict=True)], rows)

    def _cells(self) -> memoryview[float]:
        return memoryview(self._memory).cast("B").cast("d")


class Row:
    """The counts of one worker."""

    def __init__(self, cells: memoryview[float]) -> None:
        self.cells = cells

    def answered(
        self, policy: int, question: int, outcome: int, seconds: float, leads: int = 1
    ) -> None:
        """A question about ``leads`` leads with the same outcome was answered in some time."""
        cells, at = self.cells, policy * _PER_POLICY + question * _PER_QUESTION
        cells[at + outcome] += leads
        at += len(OUTCOMES)
        cells[at + bisect_left(BUCKETS, seconds)] += 1
        cells[at + len(BUCKETS) + 1] += seconds

    def outcome(self, policy: int, question: int, outcome: int, leads: int) -> None:
        """``leads`` leads had the same outcome."""
        at = policy * _PER_POLICY + question * _PER_QUESTION + outcome
        self.cells[at] += leads

    def took(self, policy: int, question: int, seconds: float) -> None:
        """A request was answered in some time."""
        at = policy * _PER_POLICY + question * _PER_QUESTION + len(OUTCOMES)
        self.cells[at + bisect_left(BUCKETS, seconds)] += 1
        self.cells[at + len(BUCKETS) + 1] += seconds

    def status(self, status: int) -> None:
        """An answer with this status was begun."""
        at = _STATUS_AT.get(status)
        if at is not None:
            self.cells[at] += 1

    def problem(self, name: str) -> None:
        """A request ended in a problem of this kind."""
        self.cells[_PROBLEM_AT[name]] += 1

    def add(self, name: str, number: float) -> None:
        """Count one of the single numbers up."""
        self.cells[_SINGLE_AT[name]] += number

    def put(self, name: str, number: float) -> None:
        """Set one of the single numbers."""
        self.cells[_SINGLE_AT[name]] = number


class Totals:
    """The counts of all workers together, and of each."""

    def __init__(self, cells: Sequence[float], rows: Sequence[Sequence[float]]) -> None:
        self._cells = cells
        self._rows = rows

    def outcome(self, policy: int, question: int, outcome: int) -> float:
        """How many leads had this outcome."""
        return self._cells[policy * _PER_POLICY + question * _PER_QUESTION + outcome]

    def times(self, policy: int, question: int) -> tuple[list[float], float]:
        """How many requests took how long, a number a bucket, and their seconds together."""
        at = policy * _PER_POLICY + question * _PER_QUESTION + len(OUTCOMES)
        return list(self._cells[at : at + len(BUCKETS) + 1]), self._cells[at + len(BUCKETS) + 1]

    def status(self, status: int) -> float:
        """How many answers had this status."""
        return self._cells[_STATUS_AT[status]]

    def problem(self, name: str) -> float:
        """How many requests ended in this kind of problem."""
        return self._cells[_PROBLEM_AT[name]]

    def single(self, name: str) -> float:
        """One of the single numbers, of all workers together."""
        return self._cells[_SINGLE_AT[name]]

    def each(self, name: str) -> list[float]:
        """One of the single numbers, worker by worker."""
        return [row[_SINGLE_AT[name]] for row in self._rows]
