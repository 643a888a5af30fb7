"""Everything that a policy asks, walked once."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact import checked as c

__all__ = ["atoms_in", "conditions", "results", "rows_of", "stages"]


def results(policy: c.CheckedPolicy) -> tuple[c.Score | c.Grade, ...]:
    """Everything that adds up points."""
    return (*policy.scores, *policy.grades)


def stages(policy: c.CheckedPolicy) -> tuple[c.Stage | c.AnyStage, ...]:
    """Everything that leads move out of."""
    return (*policy.stages, *policy.any_stages)


def conditions(policy: c.CheckedPolicy) -> Iterator[c.Condition]:
    """Every condition over a lead, as written; those inside it are found by ``atoms_in``."""
    yield from (refusal.when for refusal in policy.refusals)
    yield from (one.required_when for one in policy.fields if one.required_when is not None)
    for result in results(policy):
        for _, row in rows_of(result):
            if isinstance(row, c.PointsRow) and row.when is not None:
                yield row.when
    yield from (one.when for definition in policy.definitions for one in definition.whens)
    for group in policy.groups:
        yield from (row.when for row in group.rows if row.when is not None)
    for checklist in policy.checklists:
        for item in checklist.items:
            if isinstance(item, c.AskedItem):
                yield item.met_when
                if item.not_met_when is not None:
                    yield item.not_met_when
    for stage in stages(policy):
        yield from (move.when for move in stage.moves if isinstance(move, c.Move))
    for stage in policy.stages:
        for target in stage.targets:
            yield from (when for when in (target.when, target.starts_when) if when is not None)


def atoms_in(condition: c.Condition) -> Iterator[c.Condition]:
    """The conditions that are not made of others."""
    match condition:
        case c.Not(member):
            yield from atoms_in(member)
        case c.All(members) | c.Any(members) | c.AtLeast(_, members):
            for member in members:
                yield from atoms_in(member)
        case _:
            yield condition


def rows_of(
    result: c.Score | c.Grade,
) -> Iterator[tuple[c.Category | None, c.PointsRow | c.PointsBy]]:
    """The rows of a score or grade, each with its category."""
    for row in result.rows:
        if isinstance(row, c.Category):
            for inner in row.rows:
                yield row, inner
        else:
            yield None, row
