"""The plan: facts from events (slots) and expressions over them. Every backend sees only plans.

A slot is an aggregate over one lead's events; equal slots are one. Expressions are scalars with
three-valued logic over fields and slots; they know no events any more. So a backend is two small
things: how slots are computed, and how a dozen kinds of expression are spelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from leadpact.arrivals import Arrival
from leadpact.checked import (
    AnsweredItem,
    ByRow,
    CheckedPolicy,
    ChecklistTest,
    ChoiceTest,
    DateTest,
    DateType,
    Decay,
    Defined,
    Duration,
    EventMoment,
    Field,
    FieldFact,
    ForEvery,
    GainedTest,
    GradeKnown,
    GradeTest,
    GroupTest,
    Inactivity,
    IncludesTest,
    InstantType,
    KnownTest,
    LastFact,
    Letter,
    Move,
    NeedsItems,
    NeedsKnown,
    NumberTest,
    OncePerPeriod,
    OncePerProperty,
    PatternPart,
    ScoreTest,
    StageMoment,
    StageTest,
    Target,
    TextTest,
    TimeOut,
    TimeTest,
    UpTo,
    Window,
    WokenTest,
    YesNoTest,
)
from leadpact_dsl.frozen import frozen

__all__ = [
    "All",
    "Any",
    "AtLeast",
    "Count",
    "Decayed",
    "Different",
    "Expr",
    "FieldTest",
    "Gaining",
    "Moment",
    "Newest",
    "Not",
    "Plan",
    "PlanAnswer",
    "PlanAsked",
    "PlanByRows",
    "PlanCategory",
    "PlanChecklist",
    "PlanDefinition",
    "PlanGain",
    "PlanGrade",
    "PlanGroup",
    "PlanGroupRow",
    "PlanMove",
    "PlanRefusal",
    "PlanRestart",
    "PlanRow",
    "PlanScore",
    "PlanStage",
    "PlanTarget",
    "Slot",
    "SlotTest",
    "Step",
    "TimeLimit",
    "expressions",
    "gain_name",
    "time_limit",
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
    """The newest event itself, of which properties are asked; unknown when there is none.

    Of events at one instant the greater id is the newer, then the greater text of properties.
    """


@frozen
class Moment:
    """The instant of the first or the last event; unknown when there is none."""

    last: bool


@frozen
class Decayed:
    """The summed points (hundredths) of the events, each with the share that its age leaves it.

    After ``once per``, ``up to`` and ``at most N times``, in this order, each keeping the newest.
    """

    points: int
    decay: Decay
    once_per: OncePerPeriod | OncePerProperty | None = None
    up_to: UpTo | None = None
    at_most_times: int | None = None


@frozen
class Gaining:
    """What happened since the lead last entered or left a stage; everything if it never did."""

    how: str
    stage: str


@frozen
class Slot:
    """An aggregate over the events of one lead that match a part and lie in the window.

    ``restart`` is the number of a restart: only events after it count.
    """

    parts: tuple[PatternPart, ...]
    of_actions: bool
    window: Window | Gaining
    measure: Count | Different | Newest | Moment | Decayed
    restart: int | None = None


@frozen
class PlanRestart:
    """The newest of what these ``slots`` hold (``Moment``) and of the entries to ``stages``."""

    slots: tuple[int, ...]
    stages: tuple[str, ...]


@frozen
class TimeLimit:
    """What a time is compared with: an instant or day that the instant of evaluation fixes.

    ``ago``: the latest time ``T`` with ``T + duration <= now`` (``strict``: ``<``). ``ahead``:
    ``now + duration``. ``days``: local days are compared.
    """

    duration: Duration
    direction: str
    strict: bool
    days: bool


def time_limit(test: TimeTest, fields: tuple[Field, ...]) -> TimeLimit:
    """What a time is compared with."""
    match test.fact:
        case FieldFact(name):
            type_ = next((field.type for field in fields if field.name == name), None)
        case LastFact():
            type_ = test.fact.type
        case _:
            type_ = InstantType()
    days = isinstance(type_, DateType) or test.duration.unit == "month"
    strict = test.verb in ("more than", "at most")
    return TimeLimit(test.duration, test.direction, strict, days)


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
    NumberTest | TextTest | ChoiceTest | IncludesTest | YesNoTest | DateTest | TimeTest | KnownTest
)
"""Tests of one fact, as the checker made them. What a fact that is no field comes down to is in
the plan's ``facts``."""

StateTest: TypeAlias = StageTest | WokenTest

ResultTest: TypeAlias = (
    ScoreTest | GradeTest | GradeKnown | GroupTest | ChecklistTest | Defined | GainedTest
)

Expr: TypeAlias = FieldTest | StateTest | ResultTest | SlotTest | Not | All | Any | AtLeast


# --- results, in the order in which they are worked out -----------------------------------------


@frozen
class PlanRow:
    """A row of points.

    ``slot`` with ``times`` (at least so many, points once) or without (points for each, at most
    ``at_most_times``); ``every`` for ``for every``; neither for a row that stands on ``when``.
    ``share`` is a ``Decayed`` slot, whose sum is the row's points.
    """

    rule: str
    points: int
    slot: int | None
    times: int | None
    every: ForEvery | None
    at_most_times: int | None
    at_most_points: int | None
    when: Expr | None
    share: int | None = None


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
    inactivity: Inactivity | None = None


@frozen
class PlanScore:
    name: str
    low: int | None
    high: int | None
    rows: tuple[PlanRow | PlanByRows | PlanCategory, ...]
    inactivity: Inactivity | None = None


@frozen
class PlanGain:
    """The points that a score gained since a stage was entered or left: ``score`` has only the
    rows that count for it.
    """

    name: str
    since: Gaining
    score: PlanScore


def gain_name(score: str, how: str, stage: str) -> str:
    """The name of a gain among the results."""
    return f"{score}_GAINED_{how}_{stage}"


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


Step: TypeAlias = PlanScore | PlanGain | PlanGrade | PlanDefinition | PlanGroup | PlanChecklist


def expressions(step: Step) -> Iterator[Expr]:
    """Every expression that stands in a result."""
    match step:
        case PlanScore() | PlanGrade() | PlanGain():
            for row in _rows(step):
                if row.when is not None:
                    yield row.when
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


def _rows(step: PlanScore | PlanGrade | PlanGain) -> Iterator[PlanRow]:
    """Every row of points but those of ``points by``."""
    for row in step.score.rows if isinstance(step, PlanGain) else step.rows:
        for inner in row.rows if isinstance(row, PlanCategory) else (row,):
            if isinstance(inner, PlanRow):
                yield inner


@frozen
class PlanMove:
    rule: str
    to: str
    when: Expr
    move: Move


@frozen
class PlanTarget:
    """``starts_when`` stands here for the facts that it looks at; it is judged over time."""

    target: Target
    when: Expr | None
    starts_when: Expr | None


@frozen
class PlanStage:
    """The ways out of one stage, in the order in which they act.

    ``always`` are those of ``any stage``, as written; the moves among them act on a sleeping lead,
    too. Then come ``moves``, ``time_outs`` and the hand-backs of ``targets``.
    """

    name: str
    owner: str | None
    start: bool
    always: tuple[PlanMove | TimeOut, ...]
    moves: tuple[PlanMove, ...]
    time_outs: tuple[TimeOut, ...]
    targets: tuple[PlanTarget, ...]

    def all_time_outs(self) -> tuple[TimeOut, ...]:
        """Those of ``any stage`` first."""
        return tuple(way for way in self.always if isinstance(way, TimeOut)) + self.time_outs


@frozen
class PlanRefusal:
    rule: str
    because: str | None
    when: Expr


@frozen
class Plan:
    """``steps`` are in an order in which each needs only earlier ones.

    ``windows`` are the lengths of the slots' windows, each once. ``probes`` are extra expressions
    whose three-valued results are asked for (worked examples, "why not"). ``facts`` are the slots
    of the facts that events tell; ``times`` what is asked about each time, each once.
    ``activity`` is the slot of the last activity, where something counts less without any.
    ``arrivals`` are the rules that can have moved a lead, those of other days too.
    """

    policy: CheckedPolicy
    fields: tuple[Field, ...]
    windows: tuple[Duration, ...]
    slots: tuple[Slot, ...]
    steps: tuple[Step, ...]
    stages: tuple[PlanStage, ...]
    refusals: tuple[PlanRefusal, ...]
    probes: tuple[Expr, ...]
    restarts: tuple[PlanRestart, ...]
    facts: tuple[tuple[LastFact | EventMoment, int], ...]
    times: tuple[tuple[FieldFact | LastFact | EventMoment | StageMoment, TimeLimit], ...]
    activity: int | None
    arrivals: tuple[Arrival, ...]

    def rows(self) -> Iterator[PlanRow]:
        """Every row of points but those of ``points by``."""
        for step in self.steps:
            if isinstance(step, PlanScore | PlanGrade | PlanGain):
                yield from _rows(step)

    def has_targets(self) -> bool:
        """Whether any stage has targets, now or in another period."""
        return any(stage.targets for stage in self.stages)

    def slot_tests(self) -> Iterator[SlotTest]:
        """Every test of a slot, wherever it stands."""
        yield from (test for test in self.tests() if isinstance(test, SlotTest))

    def tests(self) -> Iterator[Expr]:
        """Every expression without members, wherever it stands."""
        waiting: list[Expr] = [expr for step in self.steps for expr in expressions(step)]
        for stage in self.stages:
            moves = (*stage.always, *stage.moves)
            waiting += [move.when for move in moves if isinstance(move, PlanMove)]
            waiting += [target.when for target in stage.targets if target.when is not None]
        waiting += [*(refusal.when for refusal in self.refusals), *self.probes]
        while waiting:
            match waiting.pop():
                case Not(member):
                    waiting.append(member)
                case All(members) | Any(members) | AtLeast(_, members):
                    waiting.extend(members)
                case found:
                    yield found
