"""Writing beside and renaming at the end, and the formats that decisions are written in."""

from __future__ import annotations

import contextlib
import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TypeAlias, assert_never

from leadpact.batch.places import RunError, TextFormat, cannot_write
from leadpact.checked import CheckedPolicy
from leadpact.decision import Decision, encode

__all__ = ["Output", "Write", "csv_lines", "decision_format", "instant"]

Write: TypeAlias = Callable[[bytes], None]

_CSV_END = "\r\n"


class Output:
    """A file that appears only when it is whole.

    It is written as ``.NAME.partial`` in the same folder. ``keep`` puts it in its place; without
    that nothing is left behind, and what was there before stays as it was.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        target = path.resolve()
        self._target = target
        self.partial = target.with_name(f".{target.name}.partial")
        try:
            self._file = self.partial.open("wb", buffering=1 << 18)
        except OSError as error:
            raise cannot_write(path, error) from error

    def write(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def keep(self) -> None:
        try:
            self._file.close()
            self.partial.replace(self._target)
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # On a full disk even closing fails; what is unwritten is thrown away in any case.
        with contextlib.suppress(OSError):
            self._file.close()
        self.partial.unlink(missing_ok=True)


class _Feed:
    """What a csv writer writes to.

    The module puts quotes around what holds a character of its line end, so it is given the long
    one (a carriage return in an id must not end the line), and the short one is written.
    """

    def __init__(self, write: Write) -> None:
        self._write = write

    def write(self, text: str) -> None:
        self._write(f"{text.removesuffix(_CSV_END)}\n".encode())


def csv_lines(write: Write) -> Callable[[Iterable[object]], object]:
    """What writes one row of a CSV file."""
    return csv.writer(_Feed(write), lineterminator=_CSV_END).writerow


def instant(moment: datetime | None) -> str:
    """An instant in UTC as files carry it; empty for none."""
    return "" if moment is None else moment.isoformat().replace("+00:00", "Z")


def decision_format(
    format: TextFormat, write: Write, policy: CheckedPolicy, explain: bool
) -> Callable[[Decision], None]:
    """What writes decisions in a format; the header is written at once."""
    match format:
        case "csv":
            return _table(write, policy, explain)
        case "json lines":
            return lambda decision: write(encode(decision) + b"\n")
        case other:
            assert_never(other)


def decision_columns(policy: CheckedPolicy, explain: bool) -> list[str]:
    """The names of the columns; RunError when two of them would be called the same."""
    names = ["id", "as_of", *(score.name for score in policy.scores)]
    for grade in policy.grades:
        names += [grade.name, f"{grade.name}_points"]
    names += [group.name for group in policy.groups]
    names += [checklist.name for checklist in policy.checklists]
    names += ["next_stage", "valid_until"]
    if explain:
        names += ["why", *(["rule", "because", "targets", "worklists"] if policy.stages else [])]
    for name, count in Counter(names).items():
        if count > 1:
            raise RunError(
                f"Two columns of the decisions would be called `{name}`.",
                "Write JSON lines instead: give the output the ending `.jsonl`.",
            )
    return names


def _table(write: Write, policy: CheckedPolicy, explain: bool) -> Callable[[Decision], None]:
    row = csv_lines(write)
    row(decision_columns(policy, explain))
    scores = [score.name for score in policy.scores]
    grades = [grade.name for grade in policy.grades]
    groups = [group.name for group in policy.groups]
    checklists = [checklist.name for checklist in policy.checklists]

    def write_decision(decision: Decision) -> None:
        cells: list[object] = [decision.id, instant(decision.as_of)]
        cells += [decision.scores[name].points for name in scores]
        for name in grades:
            grade = decision.grades[name]
            cells += [grade.letter, grade.points]
        cells += [decision.groups[name].value for name in groups]
        cells += [decision.checklists[name].result for name in checklists]
        cells.append(decision.stage.next or "" if decision.stage else "")
        cells.append(instant(decision.valid_until))
        if explain:
            cells += _reasons(decision)
        row(cells)

    return write_decision


def _reasons(decision: Decision) -> Iterator[object]:
    """The rows of points; by which rule the lead moves and why, what was promised, its lists."""
    whole = json.loads(encode(decision))
    rows = {
        name: result["rows"]
        for block in ("scores", "grades")
        for name, result in whole[block].items()
    }
    yield _cell(rows)
    if whole["stage"] is not None:
        yield whole["stage"]["rule"] or ""
        yield whole["stage"]["because"] or ""
        yield _cell(whole["targets"])
        yield _cell(whole["worklists"])


def _cell(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
