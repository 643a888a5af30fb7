"""The shapes of which the picture of a lead's path is made, along and across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leadpact_sla.model_policy import MoveDoc, StageDoc

__all__ = ["Arrow", "Box", "Layout", "Sizes", "Way"]


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
class Way:
    """Moves that one arrow can show: all ways back from one stage to another, all out of any stage
    (``start`` is empty then), or a single move.
    """

    numbers: tuple[int, ...]
    start: str
    to: str
    back: bool

    @property
    def number(self) -> int:
        return self.numbers[0]


@dataclass(frozen=True, slots=True)
class Arrow:
    """``points`` are (along, across); the badge with the move's number stands at ``badge``."""

    move: Way
    points: tuple[tuple[float, float], ...]
    badge: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    along: float
    across: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    undrawn: tuple[MoveDoc, ...]
