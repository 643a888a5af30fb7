"""The plan: facts from events (slots) and expressions over them. Every backend sees only plans.

A slot is an aggregate over one lead's events; equal slots are one. Expressions are scalars with
three-valued logic over fields and slots; they know no events any more. So a backend is two small
things: how slots are computed, and how a dozen kinds of expression are spelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from leadpact.checked import (
    AnsweredItem,
    ByRow,
    CheckedPolicy,
    ChecklistTest,
    ChoiceTest,
    DateTest,
    Defined,
    Duration,
    Field,
    ForEvery,
    GradeKnown,
    GradeTest,
    GroupTest,
    IncludesTest,
    KnownTest,
    Letter,
    NeedsItems,
    NeedsKnown,
    NumberTest,
    OncePerPeriod,
    OncePerProperty,
    PatternPart,
    ScoreTest,
    TextTest,
    UpTo,
    Window,
    YesNoTest,
)
from leadpact_dsl.frozen import frozen

__all__ = [
    "All",
    "Any",
    "AtLeast",
    "Count",
    "Different",
    "Expr",
    "FieldTest",
    "Newest",
    "Not",
    "Plan",
    "PlanAnswer",
    "PlanAsked",
    "PlanByRows",
    "PlanCategory",
    "PlanChecklist",
    "PlanDefinition",
    "PlanGrade",
    "PlanGroup",
    "PlanGroupRow",
    "PlanMove",
    "PlanRefusal",
    "PlanRow",
    "PlanScore",
    "PlanStage",
    "Slot",
    "SlotTest",
    "Step",
    "expressions",
]

# --- slots -------------------------------------------------------------------------------------


@frozen
class Count:
    """How many events, after ``once per`` and ``up to`` (in this order)."""

    once_per: OncePerPeriod | OncePerProperty | None = None
    up_to: UpTo | None = None


@frozen
class Different:
    """How many different known values of a property."""

    property: str


@frozen
class Newest:
    """The newest event's yes-or-no property; unknown when there is none.

    Of events at one instant the greater id is the newer, then the greater text of properties.
    """

    property: str


@frozen
class Slot:
    """An aggregate over the events of one lead that match a part and lie in the window."""

    parts: tuple[PatternPart, ...]
    of_actions: bool
    window: Window
    measure: Count | Different | Newest


# --- expressions -------------------------------------------------------------------------------


@frozen
class SlotTest:
    """A counting slot against a number. Unknown only while a ``SinceEntered`` slot's start is."""

    slot: int
    op: str
    count: int


@frozen
class Not:
    member: Expr


@frozen
class All:
    members: tuple[Expr, ...]


@frozen
class Any:
    members: tuple[Expr, ...]


@frozen
class AtLeast:
    count: int
    members: tuple[Expr, ...]


FieldTest: TypeAlias = (
    NumberTest | TextTest | ChoiceTest | IncludesTest | YesNoTest | DateTest | KnownTest
)
"""Tests of one field, as the checker made them: they mention no events."""

ResultTest: TypeAlias = ScoreTest | GradeTest | GradeKnown | GroupTest | ChecklistTest | Defined

Expr: TypeAlias = FieldTest | ResultTest | SlotTest | Not | All | Any | AtLeast


# --- results, in the order in which they are worked out -----------------------------------------


@frozen
class PlanRow:
    """A row of points.

    ``slot`` with ``times`` (at least so many, points once) or without (points for each, at most
    ``at_most_times``); ``every`` for ``for every``; neither for a row that stands on ``when``.
    """

    rule: str
    points: int
    slot: int | None
    times: int | None
    every: ForEvery | None
    at_most_times: int | None
    at_most_points: int | None
    when: Expr | None


@frozen
class PlanByRows:
    field: str
    rows: tuple[ByRow, ...]


@frozen
class PlanCategory:
    rule: str
    name: str
    at_most: int | None
    rows: tuple[PlanRow | PlanByRows, ...]


@frozen
class PlanScore:
    name: str
    low: int | None
    high: int | None
    rows: tuple[PlanRow | PlanByRows | PlanCategory, ...]


@frozen
class PlanGrade:
    name: str
    rows: tuple[PlanRow | PlanByRows, ...]
    letters: tuple[Letter, ...]
    needs: tuple[NeedsKnown, ...]


@frozen
class PlanDefinition:
    name: str
    when: Expr


@frozen
class PlanGroupRow:
    rule: str
    name: str
    kind: str
    when: Expr | None


@frozen
class PlanGroup:
    name: str
    rows: tuple[PlanGroupRow, ...]


@frozen
class PlanAsked:
    name: str
    question: str
    met: Expr
    not_met: Expr | None


@frozen
class PlanAnswer:
    """``slot`` is a ``Newest`` slot."""

    name: str
    question: str
    slot: int
    item: AnsweredItem


@frozen
class PlanChecklist:
    name: str
    items: tuple[PlanAsked | PlanAnswer, ...]
    needs: tuple[NeedsItems, ...]


Step: TypeAlias = PlanScore | PlanGrade | PlanDefinition | PlanGroup | PlanChecklist


def expressions(step: Step) -> Iterator[Expr]:
    """Every expression that stands in a result."""
    match step:
        case PlanScore() | PlanGrade():
            for row in step.rows:
                for inner in row.rows if isinstance(row, PlanCategory) else (row,):
                    if isinstance(inner, PlanRow) and inner.when is not None:
                        yield inner.when
        case PlanDefinition():
            yield step.when
        case PlanGroup():
            yield from (row.when for row in step.rows if row.when is not None)
        case PlanChecklist():
            for item in step.items:
                if isinstance(item, PlanAsked):
                    yield item.met
                    if item.not_met is not None:
                        yield item.not_met
        case _:
            assert_never(step)


@frozen
class PlanMove:
    rule: str
    to: str
    when: Expr


@frozen
class PlanStage:
    name: str
    owner: str | None
    start: bool
    moves: tuple[PlanMove, ...]


@frozen
class PlanRefusal:
    rule: str
    because: str | None
    when: Expr


@frozen
class Plan:
    """``steps`` are in an order in which each needs only earlier ones.

    ``windows`` are the lengths of the slots' windows, each once. ``probes`` are extra expressions
    whose three-valued results are asked for (worked examples, "why not").
    """

    policy: CheckedPolicy
    fields: tuple[Field, ...]
    windows: tuple[Duration, ...]
    slots: tuple[Slot, ...]
    steps: tuple[Step, ...]
    stages: tuple[PlanStage, ...]
    refusals: tuple[PlanRefusal, ...]
    probes: tuple[Expr, ...]

    def rows(self) -> Iterator[PlanRow]:
        """Every row of points but those of ``points by``."""
        for step in self.steps:
            if isinstance(step, PlanScore | PlanGrade):
                for row in step.rows:
                    for inner in row.rows if isinstance(row, PlanCategory) else (row,):
                        if isinstance(inner, PlanRow):
                            yield inner

    def slot_tests(self) -> Iterator[SlotTest]:
        """Every test of a slot, wherever it stands."""
        waiting: list[Expr] = [expr for step in self.steps for expr in expressions(step)]
        waiting += [move.when for stage in self.stages for move in stage.moves]
        waiting += [*(refusal.when for refusal in self.refusals), *self.probes]
        while waiting:
            match waiting.pop():
                case SlotTest() as test:
                    yield test
                case Not(member):
                    waiting.append(member)
                case All(members) | Any(members) | AtLeast(_, members):
                    waiting.extend(members)
                case _:
                    pass
