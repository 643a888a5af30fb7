"""Events as classes: kinds split by what conditions tell apart, ages split by windows.

A *pair* is an event pattern and a window, and its fact is how many such events there are. One
event counts for all pairs that its kind, properties and age satisfy (its *cell*); so pairs that
share a cell depend on each other, and form a family whose reachable counts are found together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Final, TypeAlias

from leadpact import checked as c
from leadpact.analysis.classes import Asked, candidates
from leadpact.analysis.judging import ABOUT_FIELDS, FieldTest, Scale, Value, holds, name_of
from leadpact.operators.times import exact_length, threshold
from leadpact_dsl.frozen import frozen

__all__ = ["Cell", "Family", "Pair", "cells_of", "families", "tests_in"]

_PROPERTIES: Final = 600
_VECTORS: Final = 500
LONG_AGO: Final = timedelta(days=7300)
_HOUR: Final = timedelta(hours=1)

Parts: TypeAlias = tuple[c.PatternPart, ...]


@frozen
class Pair:
    """Which events are counted, in which window. ``most``: more than that makes no difference."""

    parts: Parts
    of_actions: bool
    window: c.Within | c.Ever | c.SinceEntered
    most: int


@frozen
class Cell:
    """Events of one kind that nothing in the policy tells apart.

    ``counts`` names the pairs for which they count. ``newest`` and ``oldest`` are the ends of
    their age at the instant of evaluation, ``None`` where only other instants have such a cell.
    ``since`` tells whether they happened since the lead entered its stage (``None``: no matter).
    """

    kind: c.Kind
    properties: tuple[tuple[str, Value], ...]
    newest: datetime | None
    oldest: datetime | None
    since: bool | None
    counts: tuple[int, ...]


@frozen
class Family:
    """Pairs that depend on each other, and every row of counts that they can have together.

    ``ways[N]`` says how row N comes about: how many events of which cells.
    """

    pairs: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]
    ways: tuple[tuple[tuple[int, int], ...], ...]


# --- cells ---------------------------------------------------------------------------------------


def cells_of(
    pairs: Sequence[Pair], kinds: Mapping[str, c.Kind], scale: Scale, wide: bool
) -> tuple[Cell, ...] | None:
    """The cells of all pairs; ``None`` where properties can differ in too many ways.

    ``wide``: cells of all instants of evaluation, not only those of the given one.
    """
    found: dict[tuple[object, ...], Cell] = {}
    by_kind: dict[tuple[str, bool], list[int]] = {}
    for number, pair in enumerate(pairs):
        for kind in {part.kind for part in pair.parts}:
            by_kind.setdefault((kind, pair.of_actions), []).append(number)
    for (name, _), numbers in by_kind.items():
        kind_of = kinds.get(name)
        if kind_of is None:
            continue
        likes = _kinds_of_events(kind_of, [pairs[number] for number in numbers], scale)
        if likes is None:
            return None
        windows = [pairs[number].window for number in numbers]
        stays = (True, False) if any(isinstance(w, c.SinceEntered) for w in windows) else (None,)
        for (properties, taken), (inside, newest, oldest), since in product(
            likes, _bands(windows, scale, wide), stays
        ):
            counts = tuple(
                number
                for number, window in zip(numbers, windows, strict=True)
                if number_in(taken, pairs[number].parts)
                and (since if isinstance(window, c.SinceEntered) else window in inside)
            )
            if counts:
                cell = Cell(kind_of, properties, newest, oldest, since, counts)
                found.setdefault((counts,), cell)
    return tuple(found.values())


def number_in(taken: frozenset[c.PatternPart], parts: Parts) -> bool:
    return any(part in taken for part in parts)


def tests_in(condition: c.Condition) -> Iterable[FieldTest]:
    """The tests of fields (properties) that a condition is made of."""
    match condition:
        case c.Not(member):
            yield from tests_in(member)
        case c.All(members) | c.Any(members) | c.AtLeast(_, members):
            for member in members:
                yield from tests_in(member)
        case _:
            if isinstance(condition, ABOUT_FIELDS):
                yield condition


def _kinds_of_events(
    kind: c.Kind, pairs: Sequence[Pair], scale: Scale
) -> list[tuple[tuple[tuple[str, Value], ...], frozenset[c.PatternPart]]] | None:
    """Properties of events of a kind, and which parts of patterns take them."""
    parts = list(dict.fromkeys(p for pair in pairs for p in pair.parts if p.kind == kind.name))
    fields = {one.name: one for one in kind.properties}
    conditions = [part.where for part in parts if part.where is not None]
    conditions += [one.required_when for one in kind.properties if one.required_when is not None]
    tests: dict[str, list[FieldTest]] = {}
    for condition in conditions:
        for test in tests_in(condition):
            tests.setdefault(name_of(test), []).append(test)
    choices: list[list[tuple[str, Value]]] = []
    size = 1
    for name, field in fields.items():
        asked = Asked(tuple(dict.fromkeys(tests.get(name, ()))), (), ())
        # Of properties that nothing tests, a known one will do.
        values, sure = candidates(field, asked, scale)
        known = tuple(value for value in values if value is not None)
        kept = values if name in tests else known[-1:] or values[:1]
        if not sure and name in tests:
            return None
        choices.append([(name, value) for value in kept])
        size *= len(kept)
        if size > _PROPERTIES:
            return None
    found: dict[frozenset[c.PatternPart], tuple[tuple[str, Value], ...]] = {}
    for properties in product(*choices):
        values_of = dict(properties)
        if any(
            values_of[one.name] is None
            and one.required_when is not None
            and holds(one.required_when, values_of, fields, scale) is True
            for one in kind.properties
        ):
            continue
        taken = frozenset(
            part
            for part in parts
            if part.where is None or holds(part.where, values_of, fields, scale) is True
        )
        if taken:
            found.setdefault(taken, properties)
    return [(properties, taken) for taken, properties in found.items()]


_Band: TypeAlias = tuple[frozenset[c.Window], datetime | None, datetime | None]


def _bands(windows: Sequence[c.Window], scale: Scale, wide: bool) -> list[_Band]:
    """Ages, from the newest: the windows in which such an event lies, and its newest and oldest
    instant.
    """
    ever = frozenset(window for window in windows if isinstance(window, c.Ever))
    within = {window for window in windows if isinstance(window, c.Within)}
    ends = sorted(
        ((threshold(window.duration, scale.as_of, scale.zone), window) for window in within),
        key=lambda end: end[0],
        reverse=True,
    )
    found: list[_Band] = []
    newest = scale.as_of
    left = dict.fromkeys(window for _, window in ends)
    tick = timedelta(microseconds=1)
    for end, window in ends:
        if end < newest:
            found.append((frozenset(left) | ever, newest, end + tick))
            newest = end
        left.pop(window)
    if ever or any(isinstance(window, c.SinceEntered) for window in windows):
        found.append((ever, newest, scale.as_of - LONG_AGO))
    if wide:
        known = {inside for inside, _, _ in found}
        found += [(each, None, None) for each in _at_other_times(within, ever) if each not in known]
    return found


def _at_other_times(
    within: Iterable[c.Within], ever: frozenset[c.Window]
) -> Iterable[frozenset[c.Window]]:
    """Where months and days mix, an age can be inside other windows at other times of the year."""
    lengths = {window: _length(window.duration) for window in within}
    if not any(low != high for low, high in lengths.values()):
        return
    for age in sorted({end for ends in lengths.values() for end in ends}):
        for at in (age - _HOUR, age, age + _HOUR):
            sure = {window for window, (low, _) in lengths.items() if at < low}
            maybe = [window for window, (low, high) in lengths.items() if low <= at < high]
            for mask in range(1 << len(maybe)):
                inside = {one for number, one in enumerate(maybe) if mask >> number & 1}
                yield frozenset(sure | inside) | ever


def _length(duration: c.Duration) -> tuple[timedelta, timedelta]:
    exact = exact_length(duration)
    if exact is not None:
        return exact, exact
    # From the first moment of a day, or to the last; a clock change takes or gives hours.
    months = duration.amount
    least = timedelta(days=months * 365 // 12 - 3 if months > 1 else 27) - 3 * _HOUR
    return least, timedelta(days=months * 366 // 12 + 4) + 3 * _HOUR


# --- families ------------------------------------------------------------------------------------


def families(pairs: Sequence[Pair], cells: Sequence[Cell]) -> tuple[tuple[Family, ...], bool]:
    """All pairs in families, and whether their counts are exact.

    Where a family has too many rows, the pair that hangs together with most others is taken out
    and treated as if it depended on none: then more seems possible than is.
    """
    alone: set[int] = set()
    made: list[Family] = []
    waiting = [frozenset(range(len(pairs)))]
    while waiting:
        group = waiting.pop()
        for part in _apart(group - alone, cells):
            family = _family(part, pairs, cells)
            if family is None:
                widest = max(part, key=lambda n: (sum(n in cell.counts for cell in cells), n))
                alone.add(widest)
                waiting.append(part)
            else:
                made.append(family)
    for number in sorted(alone):
        family = _family(frozenset((number,)), pairs, cells)
        assert family is not None
        made.append(family)
    return tuple(made), not alone


def _apart(group: frozenset[int], cells: Sequence[Cell]) -> list[frozenset[int]]:
    """The group's pairs, those together that share a cell."""
    of: dict[int, set[int]] = {number: {number} for number in group}
    for cell in cells:
        inside = [number for number in cell.counts if number in group]
        for other in inside[1:]:
            one, two = of[inside[0]], of[other]
            if one is not two:
                one |= two
                for number in two:
                    of[number] = one
    return [frozenset(part) for part in {id(part): part for part in of.values()}.values()]


def _family(group: frozenset[int], pairs: Sequence[Pair], cells: Sequence[Cell]) -> Family | None:
    numbers = tuple(sorted(group))
    place = {number: at for at, number in enumerate(numbers)}
    most = [pairs[number].most for number in numbers]
    adds: dict[tuple[int, ...], int] = {}
    for at, cell in enumerate(cells):
        inside = tuple(place[number] for number in cell.counts if number in place)
        # Of cells alike, one that exists at the given instant.
        if inside and (inside not in adds or cells[adds[inside]].newest is None):
            adds[inside] = at
    start = (0,) * len(numbers)
    rows: dict[tuple[int, ...], tuple[tuple[int, ...], int] | None] = {start: None}
    waiting = [start]
    for row in waiting:
        for inside, cell_at in adds.items():
            more = list(row)
            for at in inside:
                more[at] = min(most[at], more[at] + 1)
            grown = tuple(more)
            if grown not in rows:
                rows[grown] = (row, cell_at)
                waiting.append(grown)
        if len(rows) > _VECTORS and len(numbers) > 1:
            return None
    return Family(numbers, tuple(rows), tuple(_way(row, rows) for row in rows))


def _way(
    row: tuple[int, ...], rows: Mapping[tuple[int, ...], tuple[tuple[int, ...], int] | None]
) -> tuple[tuple[int, int], ...]:
    counts: dict[int, int] = {}
    step = rows[row]
    while step is not None:
        row, cell = step
        counts[cell] = counts.get(cell, 0) + 1
        step = rows[row]
    return tuple(counts.items())
