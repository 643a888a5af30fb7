"""Where the boxes and arrows of a lead's path go, along and across, before any direction.

The main path runs in the middle: from the start, each stage's move to the stage written next. A
last stage that several others lead to (turned away, lost) stands in a band on one side, all other
stages in bands on the other, side by side where they fit. Moves back along the main path bow out
on that side. Moves out of any stage are a short arrow beside the band to which they lead, where
there is room. Moves by hand have no arrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from leadpact_sla.model_policy import MoveDoc, StageDoc
from leadpact_sla.path_shapes import Arrow, Box, Layout, Sizes, Way

__all__ = ["layout"]


_BADGE = 24.0
"""How far the middles of two badges must be apart."""

_STUB = 46.0
"""How long an arrow out of any stage is."""


def layout(stages: tuple[StageDoc, ...], moves: tuple[MoveDoc, ...], sizes: Sizes) -> Layout:
    """Places every stage. Outside the main path, only bands side by side have arrows between."""
    order = {stage.name: index for index, stage in enumerate(stages)}
    ends = _ends(stages, moves)
    arrows = tuple(_ways(moves))
    main = _main_path(stages, arrows, order, ends)
    anywhere: dict[str, tuple[int, ...]] = {}
    for move in moves:
        if move.start is None and move.kind != "by hand":
            anywhere[move.to] = (*anywhere.get(move.to, ()), move.number)
    plan = _Plan(stages, arrows, sizes, main, ends, anywhere).drawn()
    drawn = {number for arrow in plan.arrows for number in arrow.move.numbers}
    return replace(plan, undrawn=tuple(move for move in moves if move.number not in drawn))


def _ways(moves: Iterable[MoveDoc]) -> Iterator[Way]:
    back: dict[tuple[str, str], list[int]] = {}
    found: list[tuple[str, str, list[int], bool]] = []
    for move in moves:
        if move.start is None or move.kind == "by hand":
            continue
        if move.kind == "move":
            found.append((move.start, move.to, [move.number], False))
        elif (move.start, move.to) in back:
            back[move.start, move.to].append(move.number)
        else:
            numbers = back[move.start, move.to] = [move.number]
            found.append((move.start, move.to, numbers, True))
    for start, to, numbers, is_back in found:
        yield Way(tuple(numbers), start, to, is_back)


def _ends(stages: Iterable[StageDoc], moves: Iterable[MoveDoc]) -> tuple[str, ...]:
    """The final stages to which several stages lead."""
    before: dict[str, set[str]] = {}
    for move in moves:
        all_stages = [stage.name for stage in stages]
        starts = all_stages if move.start is None else [move.start]
        before.setdefault(move.to, set()).update(starts)
    return tuple(
        stage.name for stage in stages if stage.final and len(before.get(stage.name, ())) > 1
    )


def _main_path(
    stages: tuple[StageDoc, ...],
    moves: tuple[Way, ...],
    order: Mapping[str, int],
    ends: tuple[str, ...],
) -> tuple[str, ...]:
    first = next((stage.name for stage in stages if stage.start), stages[0].name)
    path = [first]
    while True:
        here = path[-1]
        later = [
            move.to
            for move in moves
            if not move.back
            and move.start == here
            and order[move.to] > order[here]
            and move.to not in ends
        ]
        if not later:
            return tuple(path)
        path.append(min(later, key=lambda name: order[name]))


class _Plan:
    def __init__(
        self,
        stages: tuple[StageDoc, ...],
        moves: tuple[Way, ...],
        sizes: Sizes,
        main: tuple[str, ...],
        ends: tuple[str, ...],
        anywhere: Mapping[str, tuple[int, ...]],
    ) -> None:
        self.anywhere = anywhere
        self.sizes = sizes
        self.moves = moves
        self.at = {name: index for index, name in enumerate(main)}
        self.main = [stage for name in main for stage in stages if stage.name == name]
        self.ends = [stage for stage in stages if stage.name in ends]
        self.aside = [
            stage for stage in stages if stage.name not in self.at and stage.name not in ends
        ]
        self.bows = self._bowed()
        self.shifts = dict.fromkeys((move.number for move in moves), 0.0)
        self.ports = self._ports()

    def _bowed(self) -> list[Way]:
        """Moves along the main path that no straight arrow can show: back, ahead, or a second."""
        bowed, straight = [], set()
        for move in self.moves:
            if move.start in self.at and move.to in self.at:
                way = self.at[move.start], self.at[move.to]
                if way[1] == way[0] + 1 and way not in straight:
                    straight.add(way)
                else:
                    bowed.append(move)
        return bowed

    def drawn(self) -> Layout:
        sizes = self.sizes
        row = sizes.band + sizes.lane / 2
        above, below = self._rows(self.ends), self._rows(self.aside)
        top = len(above) * row + (sizes.reach if above else 2)
        middle = top + sizes.box_across
        lanes = len(self.bows) * sizes.lane
        start = middle + lanes + (sizes.reach if below else 0)
        boxes = [
            Box(stage, "main", self._start(i), top, sizes.box_along, sizes.box_across)
            for i, stage in enumerate(self.main)
        ]
        boxes += [
            box for i, bands in enumerate(above) for box in self._bands(bands, "end", 2 + i * row)
        ]
        boxes += [
            box
            for i, bands in enumerate(below)
            for box in self._bands(bands, "aside", start + i * row)
        ]
        arrows = self._arrows({box.stage.name: box for box in boxes})
        height = start + len(below) * row if below else middle + lanes
        arrows += tuple(self._stubs(boxes, arrows))
        ends = [box.along + box.length for box in boxes]
        ends += [arrow.badge[0] + _BADGE for arrow in arrows if not arrow.move.start]
        along = max(ends) + 2
        return Layout(along, height + 2, tuple(boxes), arrows, ())

    def _stubs(self, boxes: Sequence[Box], arrows: Sequence[Arrow]) -> Iterator[Arrow]:
        """A short arrow into each band to which moves out of any stage lead, if there is room."""
        for box in boxes:
            numbers = self.anywhere.get(box.stage.name, ())
            if not numbers or box.kind == "main":
                continue
            level, end = box.across + box.breadth / 2, box.along + box.length
            reach = end + _STUB
            taken = any(
                other is not box
                and other.along < reach + _BADGE
                and end < other.along + other.length
                and other.across < level + _BADGE
                and level - _BADGE < other.across + other.breadth
                for other in boxes
            ) or any(
                end < along < reach + _BADGE and min(low, high) - _BADGE < level < max(low, high)
                for arrow in arrows
                for (along, low), (_, high) in pairwise(arrow.points)
            )
            if not taken:
                way = Way(numbers, "", box.stage.name, False)
                yield Arrow(way, ((reach, level), (end + 2, level)), (reach, level))

    def _start(self, index: int) -> float:
        return 2 + index * (self.sizes.box_along + self.sizes.gap)

    def _rows(self, stages: list[StageDoc]) -> list[list[tuple[StageDoc, float, float]]]:
        """Bands with where they begin and end: a row holds those that are well apart."""
        rows: list[list[tuple[StageDoc, float, float]]] = []
        ends: dict[str, float] = {}
        for stage in stages:
            first, last = self._extent(stage, ends)
            ends[stage.name] = last
            for bands in rows:
                apart = self.sizes.gap
                if all(last + apart <= begin or end + apart <= first for _, begin, end in bands):
                    bands.append((stage, first, last))
                    break
            else:
                rows.append([(stage, first, last)])
        return rows

    def _extent(self, stage: StageDoc, ends: Mapping[str, float]) -> tuple[float, float]:
        """Where a band begins and ends: along the stages of the main path that it has to do with.

        One that has to do with other bands only stands behind them; ``ends`` is where they end.
        """
        others = [
            other
            for move in self.moves
            for one, other in ((move.start, move.to), (move.to, move.start))
            if one == stage.name
        ]
        touched = [self.at[other] for other in others if other in self.at]
        if not touched:
            behind = [ends[other] + self.sizes.gap for other in others if other in ends]
            begin = max(behind, default=2.0)
            return begin, begin + max(self.sizes.box_along, self.sizes.band_least)
        begin, end = self._start(min(touched)), self._start(max(touched)) + self.sizes.box_along
        begin = max(2.0, begin - max(0.0, self.sizes.band_least - (end - begin)) / 2)
        return begin, max(end, begin + self.sizes.band_least)

    def _bands(
        self,
        bands: list[tuple[StageDoc, float, float]],
        kind: Literal["end", "aside"],
        across: float,
    ) -> Iterator[Box]:
        for stage, first, last in bands:
            yield Box(stage, kind, first, across, last - first, self.sizes.band)

    def _ports(self) -> dict[tuple[int, str], float]:
        """How far from the middle of a box each arrow leaves or enters it, by move and stage.

        Where that is close, badges give way along their arrows, this way and that.
        """
        ends = {stage.name for stage in self.ends}
        by_side: dict[tuple[str, bool], list[tuple[int, int]]] = {}
        for move in self.moves:
            for stage, other in ((move.start, move.to), (move.to, move.start)):
                if stage in self.at and (other not in self.at or move in self.bows):
                    # A bow leaves on the side to which it goes, so it crosses no straight arrow.
                    way = 0 if other not in self.at else self.at[other] - self.at[stage]
                    by_side.setdefault((stage, other in ends), []).append((way, move.number))
        ports = {}
        for (stage, _), moves in by_side.items():
            step = min(46.0, self.sizes.box_along / (len(moves) + 0.6))
            for index, (_, number) in enumerate(sorted(moves)):
                ports[number, stage] = (index - (len(moves) - 1) / 2) * step
                if step < _BADGE:
                    self.shifts[number] = _BADGE / 2 * (1 if index % 2 else -1)
        return ports

    def _arrows(self, boxes: Mapping[str, Box]) -> tuple[Arrow, ...]:
        arrows: list[Arrow] = []
        for move in self.moves:
            start, to = boxes[move.start], boxes[move.to]
            if move in self.bows:
                arrows.append(self._bow(move, start, to))
            elif start.kind == "main" and to.kind == "main":
                level = start.across + start.breadth / 2
                begin, end = start.along + start.length, to.along - 2
                badge = ((begin + end) / 2 - 3, level)
                arrows.append(Arrow(move, ((begin, level), (end, level)), badge))
            elif start.kind == "main" or to.kind == "main":
                arrows.append(self._crossing(move, start, to))
            elif self._side_by_side(start, to, boxes.values()):
                arrows.append(self._between(move, start, to, arrows))
        return tuple(arrows)

    def _side_by_side(self, one: Box, other: Box, boxes: Iterable[Box]) -> bool:
        """Whether two bands stand in one row with nothing between them."""
        first, last = sorted((one, other), key=lambda box: box.along)
        return one.across == other.across and not any(
            box.across == one.across and first.along < box.along < last.along for box in boxes
        )

    def _between(self, move: Way, start: Box, to: Box, drawn: list[Arrow]) -> Arrow:
        """An arrow from a band to the next; the second between the same two lies beside it."""
        same = sum({move.start, move.to} == {one.move.start, one.move.to} for one in drawn)
        level = start.across + start.breadth / 2 + (14 if same % 2 else -14)
        if start.along < to.along:
            begin, end = start.along + start.length, to.along - 2
        else:
            begin, end = start.along, to.along + to.length + 2
        return Arrow(move, ((begin, level), (end, level)), ((begin + end) / 2, level))

    def _port(self, move: Way, box: Box) -> float:
        return box.along + box.length / 2 + self.ports[move.number, box.stage.name]

    def _bow(self, move: Way, start: Box, to: Box) -> Arrow:
        lane = self.bows.index(move) + 1
        edge = start.across + start.breadth
        level = edge + lane * self.sizes.lane - 4
        begin, end = self._port(move, start), self._port(move, to)
        points = ((begin, edge), (begin, level), (end, level), (end, edge + 2))
        # The badge stands where no box is, so no arrow to a band runs through it.
        first = min(start, to, key=lambda box: box.along)
        badge = first.along + first.length + self.sizes.gap / 2
        return Arrow(move, points, (badge, level))

    def _crossing(self, move: Way, start: Box, to: Box) -> Arrow:
        """An arrow straight across, between a box of the main path and a band."""
        box, band = (start, to) if start.kind == "main" else (to, start)
        along = self._port(move, box)
        if band.kind == "aside":
            near, far = box.across + box.breadth, band.across
        else:
            near, far = box.across, band.across + band.breadth
        lanes = len(self.bows) * self.sizes.lane
        half = self.sizes.reach / 2
        half += self.shifts[move.number]
        badge = near - half if band.kind == "end" else near + lanes + half
        begin, end = (near, far) if start is box else (far, near)
        end += -2 if end > begin else 2
        return Arrow(move, ((along, begin), (along, end)), (along, badge))
