"""How points add up, as rows of bars, each beginning where the one before it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msgspec import UNSET, UnsetType

from leadpact.checked import (
    All,
    Any,
    AtLeast,
    CheckedPolicy,
    Grade,
    Move,
    Not,
    ScoreTest,
)
from leadpact.decision import Decision, Row
from leadpact.english import amount
from leadpact.rows_text import points_text
from leadpact_sla.model_pages import BarDoc, CountDoc
from leadpact_sla.words import say
from leadpact_sla.writing import Writer, capital

__all__ = ["counts"]

_LETTERS = 5
"""More marks than this would lie on each other."""


def counts(writer: Writer, decision: Decision) -> tuple[CountDoc, ...]:
    """The scores and grades of a decision, in the order of the policy."""
    return tuple(_counts(writer, decision))


def _counts(writer: Writer, decision: Decision) -> Iterator[CountDoc]:
    for score in writer.policy.scores:
        found = decision.scores[score.name]
        rows = _shown(found.rows)
        low, high = score.low or 0, score.high or 0
        marks = sorted(set(_thresholds(writer.current, score.name)))
        scale = _scale([*rows], float(found.points), [low, high, *marks])
        yield CountDoc(
            label=capital(writer.names.scores[score.name]),
            href=writer.places.result(score.name),
            value=points_text(found.points),
            bars=tuple(_bars(writer, rows, float(found.points), scale)),
            marks=tuple((scale.at(one / 100), amount(one)) for one in marks),
        )
    for grade in writer.policy.grades:
        given = decision.grades[grade.name]
        rows = _shown(given.rows)
        lows = [letter.low for letter in grade.letters if letter.low is not None]
        scale = _scale([*rows], float(given.points), lows)
        yield CountDoc(
            label=capital(writer.names.grades[grade.name]),
            href=writer.places.result(grade.name),
            value=given.letter,
            bars=tuple(_bars(writer, rows, float(given.points), scale)),
            marks=tuple(_letters(grade, given.letter, scale)),
        )


def _letters(grade: Grade, given: str, scale: _Scale) -> Iterator[tuple[str, str]]:
    """Where the letters begin; of many, only the one that came out and the next better."""
    lows = [(letter.name, letter.low) for letter in grade.letters if letter.low is not None]
    names = [letter.name for letter in grade.letters]
    if len(lows) > _LETTERS and given in names:
        at = names.index(given)
        lows = [one for one in lows if one[0] in names[max(0, at - 1) : at + 1]]
    yield from ((scale.at(low / 100), name) for name, low in lows)


def _shown(rows: list[Row] | UnsetType) -> list[Row]:
    """The rows that changed anything, in the order of the policy; what limits took away, last."""
    told = [] if rows is UNSET else [row for row in rows if row.points]
    return sorted(told, key=_place)


def _place(row: Row) -> tuple[bool, str, int]:
    file, _, line = row.at.rpartition(":")
    return row.rule.endswith((".at_most", ".at_least")), file, int(line or 0)


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def share(self, points: float) -> str:
        return f"{100 * points / (self.high - self.low):.2f}".rstrip("0").rstrip(".")

    def at(self, points: float) -> str:
        return self.share(points - self.low)


def _scale(rows: Iterable[Row], total: float, hundredths: Iterable[int]) -> _Scale:
    """Wide enough for every bar on the way, and for the limits and thresholds."""
    reached, here = [0.0, total, *(one / 100 for one in hundredths)], 0.0
    for row in rows:
        here += float(row.points)
        reached.append(here)
    low, high = min(reached), max(reached)
    return _Scale(low, high if high > low else low + 1)


def _bars(writer: Writer, rows: Iterable[Row], total: float, scale: _Scale) -> Iterator[BarDoc]:
    here = 0.0
    for row in rows:
        points = float(row.points)
        left = min(here, here + points)
        here += points
        given = points_text(row.points, sign=True)
        yield BarDoc(
            rule=row.rule,
            href=writer.places.rule(row.rule),
            says=_says(row, given),
            note=_note(row),
            points=given,
            kind="plus" if points >= 0 else "minus",
            left=scale.at(left),
            width=scale.share(abs(points)),
        )
    left = min(0.0, total)
    yield BarDoc(
        None,
        None,
        say("total"),
        None,
        points_text(total),
        "total",
        scale.at(left),
        scale.share(abs(total)),
    )


def _says(row: Row, given: str) -> str:
    """The row's sentence without the points that it gave."""
    return capital(row.says.removeprefix(f"{given} "))


def _note(row: Row) -> str | None:
    notes = []
    if row.count is not None and row.count > 1:
        notes.append(say("times", count=row.count))
    if row.capped:
        notes.append(say("at the limit"))
    return ", ".join(notes) or None


def _thresholds(policy: CheckedPolicy, score: str) -> Iterator[int]:
    """What the policy asks of the whole score, in hundredths."""
    conditions = [one.when for item in policy.definitions for one in item.whens]
    conditions += [row.when for group in policy.groups for row in group.rows if row.when]
    conditions += [
        move.when for stage in policy.stages for move in stage.moves if isinstance(move, Move)
    ]
    while conditions:
        match conditions.pop():
            case ScoreTest(score=name, category=None, op=">=", hundredths=hundredths):
                if name == score:
                    yield hundredths
            case All(members=members) | Any(members=members) | AtLeast(members=members):
                conditions += members
            case Not(member=member):
                conditions.append(member)
            case _:
                pass
