"""The ways out of a stage: which of them is the first that is taken.

First those of ``any stage``, then the stage's own moves and hand-backs as written, then its
time-outs, then the hand-backs of its targets. A lead without recorded moves never sleeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.deadlines import TOO_OLD, after, is_unknown, long_due
from leadpact.backends.sql.dialects import both, either
from leadpact.backends.sql.expressions import Spelling
from leadpact.backends.sql.matching import compared, is_known
from leadpact.backends.sql.sheet import case, column, text, whole
from leadpact.backends.sql.targets import Clock, clocks_of
from leadpact.checked import SinceEntered, TimeOut

__all__ = ["add_ways"]


@dataclass(frozen=True, slots=True)
class _Way:
    rule: str
    to: str
    taken: exp.Expression


def add_ways(spelling: Spelling) -> list[exp.Expression]:
    """Adds ``next_stage`` and ``next_rule`` (NULL: the lead stays).

    Gives the instants (microseconds or NULL) at which time-outs and hand-backs may come to act.
    """
    bounds: list[exp.Expression] = []
    places: list[tuple[exp.Expression, exp.Expression]] = []
    numbers: dict[tuple[str, str], int] = {}
    for stage in spelling.plan.stages:
        ways = [
            (way.taken, whole(numbers.setdefault((way.rule, way.to), len(numbers))))
            for way in _ways(spelling, stage, bounds)
        ]
        if ways:
            places.append((spelling.standing.is_in(stage.name), case(*ways)))
    nothing = exp.cast(exp.Null(), "text")
    rules = [(number, text(rule)) for (rule, _), number in numbers.items()]
    stages = [(number, text(to)) for (_, to), number in numbers.items()]
    if places:
        spelling.sheet.put("way", case(*places))
    for name, told in (("next_stage", stages), ("next_rule", rules)):
        asked = [(compared(column("way"), "==", whole(number)), said) for number, said in told]
        spelling.sheet.put(name, case(*asked, otherwise=nothing.copy()))
    return bounds


def _ways(spelling: Spelling, stage: p.PlanStage, bounds: list[exp.Expression]) -> Iterator[_Way]:
    """The ways out of a stage, in the order in which they act."""
    for way in stage.always:
        if isinstance(way, TimeOut):
            yield _time_out(spelling, stage, way, bounds)
        else:
            yield _move(spelling, way)
    for move in stage.moves:
        yield _move(spelling, move)
    for out in stage.time_outs:
        yield _time_out(spelling, stage, out, bounds)
    for clock in clocks_of(spelling, stage):
        yield from _hand_backs(clock)
        bounds += clock.turns


def _move(spelling: Spelling, move: p.PlanMove) -> _Way:
    return _Way(move.rule, move.to, spelling.state(f"{move.rule} true", move.when))


def _hand_backs(clock: Clock) -> Iterator[_Way]:
    for back, taken in clock.backs:
        yield _Way(back.rule, back.to, taken)


def _time_out(
    spelling: Spelling, stage: p.PlanStage, out: TimeOut, bounds: list[exp.Expression]
) -> _Way:
    """Taken once it is due without such an event until then; due at most once in a stay."""
    sheet, now = spelling.sheet, whole(spelling.now)
    parts = tuple(sorted(dict.fromkeys(out.without.parts), key=repr))
    asked = p.Slot(parts, out.without.of_actions, SinceEntered(), p.Moment(last=False))
    first = spelling.slot(spelling.slots.ask(asked))
    entered = spelling.entered
    due = after(out.after, entered, spelling)
    none_until = exp.paren(either(is_unknown(first), compared(first, ">", due.at)))
    taken = both(compared(due.at, "<=", now), none_until)
    if due.told is not None:
        taken = _where_told(spelling, stage, out, due.told, first, taken)
    here = spelling.standing.is_in(stage.name)
    to_come = both(here, compared(due.at, ">", now), is_unknown(first))
    bounds.append(sheet.add(f"{out.rule} to come", case((to_come, due.at.copy()))))
    return _Way(out.rule, out.to, sheet.add(f"{out.rule} true", taken))


def _where_told(
    spelling: Spelling,
    stage: p.PlanStage,
    out: TimeOut,
    told: exp.Expression,
    first: exp.Column,
    taken: exp.Expression,
) -> exp.Expression:
    """The same for starts of which the query cannot tell the deadline; the others are odd."""
    entered = spelling.entered
    unsure = both(
        spelling.standing.is_in(stage.name), is_known(entered), exp.Not(this=exp.paren(told))
    )
    found = long_due(out.after, entered, spelling)
    if found is None:
        spelling.odd(unsure, TOO_OLD)
        return taken
    # It was due before the tables begin, or soon after; so it is taken if nothing came until then.
    long_ago, latest = found
    quiet = exp.paren(either(is_unknown(first), compared(first, ">", whole(latest))))
    surely = both(long_ago, quiet)
    spelling.odd(both(unsure, exp.Not(this=exp.paren(surely))), TOO_OLD)
    return exp.paren(either(exp.paren(surely), exp.paren(taken)))
