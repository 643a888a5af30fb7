"""Which rows of a policy are in force on a day; the others are as if they were not written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from leadpact.checked import (
    AnyStage,
    Category,
    CheckedPolicy,
    Definition,
    Grade,
    Group,
    InForce,
    PointsBy,
    PointsRow,
    Score,
    Stage,
)


class Dated(Protocol):
    @property
    def in_force(self) -> InForce | None: ...


One = TypeVar("One", bound=Dated)


_KEPT: dict[tuple[int, tuple[bool, ...]], tuple[CheckedPolicy, CheckedPolicy]] = {}
_DATES: dict[int, tuple[CheckedPolicy, list[InForce]]] = {}


def on_day(policy: CheckedPolicy, day: date) -> CheckedPolicy:
    """The policy as it stands on that local day.

    Two days on which the same dates hold have the same policy, so the last ones are kept.
    """
    if _DATES.get(id(policy), (None,))[0] is not policy:
        _DATES[id(policy)] = policy, list(_dates(policy))
    holds = tuple(_holds(dates, day) for dates in _DATES[id(policy)][1])
    found = _KEPT.get((id(policy), holds))
    if found is not None and found[0] is policy:
        return found[1]
    if len(_KEPT) > 1000:
        _KEPT.clear()
        _DATES.clear()
        return on_day(policy, day)
    made = _on_day(policy, day)
    _KEPT[id(policy), holds] = policy, made
    return made


def _dates(part: object) -> Iterator[InForce]:
    if isinstance(part, InForce):
        yield part
    elif isinstance(part, tuple):
        for member in part:
            yield from _dates(member)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _dates(getattr(part, field.name))


def _on_day(policy: CheckedPolicy, day: date) -> CheckedPolicy:
    return replace(
        policy,
        refusals=kept(policy.refusals, day),
        scores=tuple(_score(score, day) for score in policy.scores),
        grades=tuple(_grade(grade, day) for grade in policy.grades),
        definitions=tuple(_definition(one, day) for one in policy.definitions),
        groups=tuple(_group(group, day) for group in policy.groups),
        stages=tuple(_stage(stage, day) for stage in policy.stages),
        any_stages=tuple(_any_stage(one, day) for one in policy.any_stages),
    )


def kept(rows: Sequence[One], day: date) -> tuple[One, ...]:
    return tuple(row for row in rows if _holds(row.in_force, day))


def _holds(dates: InForce | None, day: date) -> bool:
    if dates is None:
        return True
    if dates.first is not None and day < dates.first:
        return False
    return dates.last is None or day <= dates.last


def _rows(rows: Sequence[PointsRow | PointsBy], day: date) -> tuple[PointsRow | PointsBy, ...]:
    found: list[PointsRow | PointsBy] = []
    for row in rows:
        if isinstance(row, PointsBy):
            found.append(replace(row, rows=kept(row.rows, day)))
        elif _holds(row.in_force, day):
            found.append(row)
    return tuple(found)


def _score(score: Score, day: date) -> Score:
    rows: list[PointsRow | PointsBy | Category] = []
    for row in score.rows:
        if isinstance(row, Category):
            rows.append(replace(row, rows=_rows(row.rows, day)))
        else:
            rows += _rows([row], day)
    return replace(score, rows=tuple(rows))


def _grade(grade: Grade, day: date) -> Grade:
    return replace(grade, rows=_rows(grade.rows, day), letters=kept(grade.letters, day))


def _definition(definition: Definition, day: date) -> Definition:
    whens = kept(definition.whens, day)
    assert len(whens) == 1, f"of {definition.name} exactly one is in force on any day"
    return replace(definition, whens=whens)


def _group(group: Group, day: date) -> Group:
    return replace(group, rows=kept(group.rows, day))


def _stage(stage: Stage, day: date) -> Stage:
    return replace(
        stage,
        moves=kept(stage.moves, day),
        by_hand=kept(stage.by_hand, day),
        targets=kept(stage.targets, day),
    )


def _any_stage(one: AnyStage, day: date) -> AnyStage:
    return replace(one, moves=kept(one.moves, day), by_hand=kept(one.by_hand, day))
