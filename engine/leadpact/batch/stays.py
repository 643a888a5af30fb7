"""Histories as files: a row a stay, or a line of JSON a lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import assert_never

from leadpact.batch.output import Write, csv_lines, instant
from leadpact.batch.places import RunError, TextFormat
from leadpact.checked import CheckedPolicy
from leadpact.life import History, Stay, encode

__all__ = ["history_format"]

_FIRST = ("id", "until", "number", "stage", "owner", "entered", "left", "how", "to", "rule")
_LAST = ("because", "targets", "worklists", "woke", "events")


def history_format(
    format: TextFormat, write: Write, policy: CheckedPolicy
) -> Callable[[History], None]:
    """What writes histories in a format; a table's header is written at once."""
    match format:
        case "csv":
            return _table(write, policy)
        case "json lines":
            return lambda history: write(encode(history) + b"\n")
        case other:
            assert_never(other)


def _table(write: Write, policy: CheckedPolicy) -> Callable[[History], None]:
    scores = [score.name for score in policy.scores]
    grades = [grade.name for grade in policy.grades]
    names = [*_FIRST, *_LAST, *scores, *grades]
    for name, count in Counter(names).items():
        if count > 1:
            raise RunError(
                f"Two columns of the stays would be called `{name}`.",
                "Write JSON lines instead: give the output the ending `.jsonl`.",
            )
    row = csv_lines(write)
    row(names)

    def write_history(history: History) -> None:
        for number, stay in enumerate(history.stays, start=1):
            looks = stay.exit or history
            row(
                [
                    *(history.id, instant(history.until), number),
                    *_cells(stay),
                    *(looks.scores.get(name, "") for name in scores),
                    *(looks.grades.get(name, "") for name in grades),
                ]
            )

    return write_history


def _cells(stay: Stay) -> Iterator[object]:
    """What a stay came to; the points and letters beside it are those with which it ended."""
    out = stay.exit
    yield from (stay.stage, stay.owner or "", instant(stay.entered), instant(stay.left))
    yield from ("", "", "", "") if out is None else (out.how, out.to, out.rule, out.because)
    yield "; ".join(f"{clock.target} {clock.state}" for clock in stay.targets)
    yield "; ".join(listed.worklist for listed in stay.worklists)
    yield "" if stay.sleep is None else instant(stay.sleep.woke)
    yield len(stay.events) + stay.other_events
