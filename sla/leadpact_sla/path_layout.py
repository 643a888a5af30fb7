"""Where the boxes and arrows of a lead's path go, along and across, before any direction.

The main path runs in the middle: from the start, each stage's move to the stage written next. A
last stage that several others lead to (turned away, lost) stands in a band on one side, all other
stages in bands on the other. Moves back along the main path bow out on that side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from leadpact_sla.model import MoveDoc, StageDoc

__all__ = ["Arrow", "Box", "Layout", "Sizes", "layout"]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths along and across: boxes, the gap between boxes, bands, and a lane for an arrow.

    A band is at least ``band_least`` long, so that its name fits where it is written along it.
    """

    box_along: float
    box_across: float
    gap: float
    band: float
    lane: float
    reach: float
    band_least: float


@dataclass(frozen=True, slots=True)
class Box:
    stage: StageDoc
    kind: Literal["main", "end", "aside"]
    along: float
    across: float
    length: float
    breadth: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """``points`` are (along, across); the badge with the move's number stands at ``badge``."""

    move: MoveDoc
    points: tuple[tuple[float, float], ...]
    badge: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    along: float
    across: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    undrawn: tuple[MoveDoc, ...]


def layout(stages: tuple[StageDoc, ...], moves: tuple[MoveDoc, ...], sizes: Sizes) -> Layout:
    """Places every stage; a move between two stages outside the main path gets no arrow."""
    order = {stage.name: index for index, stage in enumerate(stages)}
    ends = _ends(stages, moves)
    main = _main_path(stages, moves, order, ends)
    return _Plan(stages, moves, sizes, main, ends).drawn()


def _ends(stages: Iterable[StageDoc], moves: Iterable[MoveDoc]) -> tuple[str, ...]:
    before: dict[str, set[str]] = {}
    for move in moves:
        before.setdefault(move.to, set()).add(move.start)
    return tuple(
        stage.name for stage in stages if stage.final and len(before.get(stage.name, ())) > 1
    )


def _main_path(
    stages: tuple[StageDoc, ...],
    moves: tuple[MoveDoc, ...],
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
            if move.start == here and order[move.to] > order[here] and move.to not in ends
        ]
        if not later:
            return tuple(path)
        path.append(min(later, key=lambda name: order[name]))


class _Plan:
    def __init__(
        self,
        stages: tuple[StageDoc, ...],
        moves: tuple[MoveDoc, ...],
        sizes: Sizes,
        main: tuple[str, ...],
        ends: tuple[str, ...],
    ) -> None:
        self.sizes = sizes
        self.moves = moves
        self.at = {name: index for index, name in enumerate(main)}
        self.main = [stage for name in main for stage in stages if stage.name == name]
        self.ends = [stage for stage in stages if stage.name in ends]
        self.aside = [
            stage for stage in stages if stage.name not in self.at and stage.name not in ends
        ]
        self.bows = self._bowed()
        self.ports = self._ports()

    def _bowed(self) -> list[MoveDoc]:
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
        top = len(self.ends) * (sizes.band + sizes.lane / 2)
        top += sizes.reach if self.ends else 2
        middle = top + sizes.box_across
        lanes = len(self.bows) * sizes.lane
        below = middle + lanes + (sizes.reach if self.aside else 0)
        boxes = [
            Box(stage, "main", self._start(i), top, sizes.box_along, sizes.box_across)
            for i, stage in enumerate(self.main)
        ]
        row = sizes.band + sizes.lane / 2
        for index, stage in enumerate(self.ends):
            boxes.append(self._band(stage, "end", 2 + index * row))
        for index, stage in enumerate(self.aside):
            boxes.append(self._band(stage, "aside", below + index * row))
        arrows, undrawn = self._arrows({box.stage.name: box for box in boxes})
        height = below + len(self.aside) * row if self.aside else middle + lanes
        along = max(box.along + box.length for box in boxes) + 2
        return Layout(along, height + 2, tuple(boxes), arrows, undrawn)

    def _start(self, index: int) -> float:
        return 2 + index * (self.sizes.box_along + self.sizes.gap)

    def _band(self, stage: StageDoc, kind: Literal["end", "aside"], across: float) -> Box:
        touched = [
            self.at[other]
            for move in self.moves
            for one, other in ((move.start, move.to), (move.to, move.start))
            if one == stage.name and other in self.at
        ] or [0]
        first = self._start(min(touched))
        last = self._start(max(touched)) + self.sizes.box_along
        missing = max(0.0, self.sizes.band_least - (last - first))
        first = max(2.0, first - missing / 2)
        length = max(last - first, self.sizes.band_least)
        return Box(stage, kind, first, across, length, self.sizes.band)

    def _ports(self) -> dict[tuple[int, str], float]:
        """How far from the middle of a box each arrow leaves or enters it, by move and stage."""
        ends = {stage.name for stage in self.ends}
        by_side: dict[tuple[str, bool], list[int]] = {}
        for move in self.moves:
            for stage, other in ((move.start, move.to), (move.to, move.start)):
                if stage in self.at and (other not in self.at or move in self.bows):
                    by_side.setdefault((stage, other in ends), []).append(move.number)
        ports = {}
        for (stage, _), numbers in by_side.items():
            step = min(46.0, self.sizes.box_along / (len(numbers) + 0.6))
            for index, number in enumerate(numbers):
                ports[number, stage] = (index - (len(numbers) - 1) / 2) * step
        return ports

    def _arrows(self, boxes: Mapping[str, Box]) -> tuple[tuple[Arrow, ...], tuple[MoveDoc, ...]]:
        arrows, undrawn = [], []
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
            else:
                undrawn.append(move)
        return tuple(arrows), tuple(undrawn)

    def _port(self, move: MoveDoc, box: Box) -> float:
        return box.along + box.length / 2 + self.ports[move.number, box.stage.name]

    def _bow(self, move: MoveDoc, start: Box, to: Box) -> Arrow:
        lane = self.bows.index(move) + 1
        edge = start.across + start.breadth
        level = edge + lane * self.sizes.lane - 4
        begin, end = self._port(move, start), self._port(move, to)
        points = ((begin, edge), (begin, level), (end, level), (end, edge + 2))
        return Arrow(move, points, ((begin + end) / 2, level))

    def _crossing(self, move: MoveDoc, start: Box, to: Box) -> Arrow:
        """An arrow straight across, between a box of the main path and a band."""
        box, band = (start, to) if start.kind == "main" else (to, start)
        along = self._port(move, box)
        if band.kind == "aside":
            near, far = box.across + box.breadth, band.across
        else:
            near, far = box.across, band.across + band.breadth
        lanes = len(self.bows) * self.sizes.lane
        half = self.sizes.reach / 2
        badge = near - half if band.kind == "end" else near + lanes + half
        begin, end = (near, far) if start is box else (far, near)
        end += -2 if end > begin else 2
        return Arrow(move, ((along, begin), (along, end)), (along, badge))
