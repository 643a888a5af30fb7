"""The blocks ``score`` and ``grade``, and the rows that give points."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.conditions import Condition, Window
from leadpact_dsl.nodes.words import Day, Duration, InForce, Money, Number, Quoted, Value, Word
from leadpact_dsl.source import Span

__all__ = [
    "Category",
    "Decay",
    "EachEvent",
    "ForEvery",
    "GradeBlock",
    "Inactivity",
    "Letter",
    "Limit",
    "MatchRange",
    "MatchRest",
    "MatchValues",
    "NeedsKnown",
    "OnceEvent",
    "OncePer",
    "Points",
    "PointsBy",
    "PointsByRow",
    "PointsRow",
    "ScoreBlock",
    "StartsAgain",
    "UpTo",
]


@frozen
class Points:
    """Signed points as written, ``+15`` or ``-2.5``."""

    value: Decimal
    span: Span


@frozen
class Limit:
    """``at most 30 points`` or ``at most 2 times``."""

    amount: Number
    what: Literal["points", "times"]
    span: Span


@frozen
class OncePer:
    """``once per day`` (a period) or ``once per email_id`` (a property); ``by`` as written."""

    by: Word
    span: Span


@frozen
class UpTo:
    """``up to 5 per day``"""

    amount: Number
    period: Word
    span: Span


@frozen
class Decay:
    """``halving every 14 days`` or ``fading over 30 days``"""

    how: Literal["halving", "fading"]
    duration: Duration
    span: Span


@frozen
class EachEvent:
    """``each ACT [once per …] [up to N per …] WINDOW [, at most …] [, DECAY]``"""

    event: Word
    once_per: OncePer | None
    up_to: UpTo | None
    window: Window | None
    at_most: Limit | None
    span: Span
    decay: Decay | None = None


@frozen
class OnceEvent:
    """``ACT [at least N times] WINDOW [, DECAY]``: the points once, if it happened."""

    event: Word
    at_least: Number | None
    window: Window | None
    span: Span
    decay: Decay | None = None


@frozen
class ForEvery:
    """``for every 10 of employees [, at most 30 points]``"""

    step: Number
    field: Word
    at_most: Limit | None
    span: Span


@frozen
class PointsRow:
    """A row of points. ``what`` is ``None`` for ``+25 when …``."""

    points: Points
    what: EachEvent | OnceEvent | ForEvery | None
    when: Condition | None
    as_name: Word | None
    because: Quoted | None
    span: Span
    in_force: InForce | None = None
    notes: tuple[Quoted, ...] = ()


@frozen
class MatchValues:
    values: tuple[Value, ...]
    span: Span


@frozen
class MatchRange:
    """``from 200 to 999``, ``from 1,000`` (``high`` None), ``below 50`` (``low`` None)."""

    low: Number | Money | Day | None
    high: Number | Money | Day | None
    span: Span


@frozen
class MatchRest:
    """``otherwise`` or ``unknown``."""

    what: Literal["otherwise", "unknown"]
    span: Span


@frozen
class PointsByRow:
    points: Points
    match: MatchValues | MatchRange | MatchRest
    as_name: Word | None
    because: Quoted | None
    span: Span
    in_force: InForce | None = None
    notes: tuple[Quoted, ...] = ()


@frozen
class PointsBy:
    """``points by FIELD:`` with its rows."""

    field: Word
    rows: tuple[PointsByRow, ...]
    span: Span


@frozen
class Inactivity:
    """``counts 25% less for each month without activity, never below 3``

    ``unit`` is ``percent`` or ``points``; ``period`` as written: ``day``, ``week``, ``month``.
    """

    amount: Number
    unit: Literal["percent", "points"]
    period: Word
    never_below: Number | None
    span: Span


@frozen
class StartsAgain:
    """``starts again after ACT`` (``event``) or ``starts again on entering STAGE`` (``stage``)."""

    event: Word | None
    stage: Word | None
    span: Span


@frozen
class Category:
    name: Word
    label: Quoted | None
    at_most: Limit | None
    rows: tuple[PointsRow | PointsBy, ...]
    span: Span
    inactivity: tuple[Inactivity, ...] = ()
    restarts: tuple[StartsAgain, ...] = ()
    means: tuple[Quoted, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class ScoreBlock:
    name: Word
    label: Quoted | None
    low: Number | None
    high: Number | None
    owner: Word | None
    rows: tuple[PointsRow | PointsBy | Category, ...]
    span: Span
    inactivity: tuple[Inactivity, ...] = ()
    restarts: tuple[StartsAgain, ...] = ()
    means: tuple[Quoted, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class Letter:
    """``A from 70`` (``low``) or ``D otherwise`` (``low`` None). ``name`` may be ``B-``."""

    name: Word
    low: Number | None
    span: Span
    in_force: InForce | None = None


@frozen
class NeedsKnown:
    """``needs at least 3 known of a, b, c``"""

    count: Number
    fields: tuple[Word, ...]
    span: Span


@frozen
class GradeBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    rows: tuple[PointsRow | PointsBy, ...]
    letters: tuple[Letter, ...]
    letters_span: Span | None
    needs: tuple[NeedsKnown, ...]
    span: Span
    means: tuple[Quoted, ...] = ()
    notes: tuple[Quoted, ...] = ()
