"""Which events are meant, the facts that a record tells, and conditions about them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from leadpact.checked.field_types import FieldType
from leadpact.checked.times import Duration, Ever, SinceEntered, Window
from leadpact_dsl.frozen import frozen

__all__ = [
    "All",
    "Any",
    "AtLeast",
    "ChecklistTest",
    "ChoiceTest",
    "Comparison",
    "Condition",
    "DateTest",
    "Defined",
    "DomainFact",
    "EventMoment",
    "EventPattern",
    "EventTest",
    "FieldFact",
    "GainedTest",
    "GradeKnown",
    "GradeTest",
    "GroupTest",
    "IncludesTest",
    "KnownTest",
    "LastFact",
    "Not",
    "NumberTest",
    "PatternPart",
    "ScoreTest",
    "StageMoment",
    "StageTest",
    "TextFact",
    "TextTest",
    "TimeFact",
    "TimeTest",
    "ValueFact",
    "WokenTest",
    "YesNoTest",
]


@frozen
class PatternPart:
    """Events of one base kind that satisfy ``where`` (over its properties; ``None``: all)."""

    kind: str
    where: Condition | None


@frozen
class EventPattern:
    """What an event rule looks at: a base kind, a derived kind resolved, or any activity.

    An event matches when at least one part is true of it; it counts once however many are.
    ``name`` and ``label`` are those of the kind that the policy wrote. ``of_actions`` says in
    which of the record's two lists the events stand.
    """

    name: str
    label: str
    parts: tuple[PatternPart, ...]
    of_actions: bool


Comparison: TypeAlias = Literal["<", "<=", ">", ">=", "==", "!="]


@frozen
class FieldFact:
    """A field of the lead; inside ``where`` and ``required_when`` of events, a property."""

    name: str


@frozen
class DomainFact:
    """What follows the last ``@`` of a text field; unknown without an ``@``."""

    field: str


@frozen
class LastFact:
    """A property of the newest event that matches: unknown without one, or without the property.

    ``type`` is the property's, the same in every kind of the pattern. ``window`` is
    ``SinceEntered`` where a stage's rule looks, else ``Ever``.
    """

    events: EventPattern
    property: str
    type: FieldType
    window: Ever | SinceEntered


@frozen
class EventMoment:
    """The instant of the first or last event that matches; unknown without one."""

    which: Literal["first", "last"]
    events: EventPattern
    window: Ever | SinceEntered


@frozen
class StageMoment:
    """The instant at which the lead last entered or left a stage; unknown if it never did, and
    while the record does not tell.
    """

    which: Literal["entry", "exit"]
    stage: str


ValueFact: TypeAlias = FieldFact | LastFact

TextFact: TypeAlias = FieldFact | DomainFact | LastFact

TimeFact: TypeAlias = FieldFact | LastFact | EventMoment | StageMoment


@frozen
class NumberTest:
    """A number or money field against a constant (``is from A to B`` is an ``All`` of two)."""

    fact: ValueFact
    op: Comparison
    value: Decimal


@frozen
class TextTest:
    """A text against texts: true when any of ``values`` fits, ``negated`` the opposite.

    Surrounding blanks and the case of A–Z do not count, on either side. ``list_name`` is the list
    that the values came from. ``ends with`` and ``starts with`` and ``contains`` have one value.

    ``has a word``: one of the values is a word of the text, or a run of its words. A word is a run
    of letters and digits (Unicode L and Nd).
    """

    fact: TextFact
    how: Literal["is", "starts with", "ends with", "contains", "has a word"]
    values: tuple[str, ...]
    negated: bool
    list_name: str | None


@frozen
class ChoiceTest:
    """A ``one of`` field against some of its values, which match exactly."""

    fact: ValueFact
    values: tuple[str, ...]
    negated: bool


@frozen
class IncludesTest:
    """An ``any number of`` field holds at least one of ``values``."""

    fact: ValueFact
    values: tuple[str, ...]


@frozen
class YesNoTest:
    """A yes-or-no field is yes (``value``) or is no."""

    fact: ValueFact
    value: bool


@frozen
class DateTest:
    """A date against a day; of an instant its local day counts."""

    fact: TimeFact
    op: Comparison
    value: date


@frozen
class TimeTest:
    """How long ago, or how far ahead, a time is.

    ``at least D ago`` is ``T + D <= as_of``, ``less than D ago`` its opposite; ``at least D
    ahead`` is ``as_of + D <= T``. A date counts in local days (and ``D`` is in days, weeks or
    months), an instant exactly; but in months an instant counts by its local day, like windows.
    """

    fact: TimeFact
    verb: Literal["at least", "at most", "more than", "less than"]
    duration: Duration
    direction: Literal["ago", "ahead"]


@frozen
class KnownTest:
    """``F is known`` or ``F is unknown``: itself never unknown.

    ``asks`` is true inside ``met when`` and ``not met when`` of a checklist's item, where
    ``F is known`` of an unknown F is unknown (nobody has asked yet), and ``F is unknown`` too.
    """

    fact: TextFact
    known: bool
    asks: bool


@frozen
class EventTest:
    """How often events happened in a window: ``at least 1`` for a bare event, ``no X``: ``== 0``.

    ``different`` counts distinct known values of that property instead of events. With the
    window ``SinceEntered`` the test is unknown while the instant of entering is unknown.
    """

    events: EventPattern
    op: Literal["<=", ">=", "=="]
    count: int
    different: str | None
    window: Window


@frozen
class StageTest:
    """The lead is in ``stage`` now (``within`` ``None``, not ``ever``), or was: ``within D`` of
    leaving it, or ``ever``. Whether it was is unknown while the record does not tell.
    """

    stage: str
    within: Duration | None
    ever: bool


@frozen
class WokenTest:
    """The lead slept in its present stage and woke. Unknown while the record does not tell by
    which rule it came there.
    """


@frozen
class GainedTest:
    """Points that a score gained since the lead last entered or left a stage.

    The sum of its rows about events with positive points over what happened since (in place of
    their windows), with the rows' and categories' caps, without decay, inactivity, restarts and
    clamp; over everything for a lead that never was there. Unknown while the record does not tell.
    """

    score: str
    how: Literal["entering", "leaving"]
    stage: str
    op: Comparison
    hundredths: int


@frozen
class ScoreTest:
    """A score, or the points of one of its categories, against hundredths of points."""

    score: str
    category: str | None
    op: Comparison
    hundredths: int


@frozen
class GradeTest:
    """A grade is one of ``letters``; unknown while the grade is ``insufficient data``.

    ``or_better`` says how it was written (``fit is B or better`` has the letters A and B);
    ``negated`` is ``is not``/``is none of``.
    """

    grade: str
    letters: tuple[str, ...]
    or_better: bool
    negated: bool


@frozen
class GradeKnown:
    """``fit is known`` / ``fit is unknown``: whether the grade has a letter. Never unknown."""

    grade: str
    known: bool


@frozen
class GroupTest:
    group: str
    rows: tuple[str, ...]
    negated: bool


@frozen
class ChecklistTest:
    """``bant is met`` (``item`` None) or ``bant.budget is met``.

    Of an unknown checklist or item, ``met`` and ``not met`` are unknown; ``unknown`` never is.
    """

    checklist: str
    item: str | None
    state: Literal["met", "not met", "unknown"]


@frozen
class Defined:
    """A definition standing alone."""

    name: str


@frozen
class Not:
    member: Condition


@frozen
class All:
    members: tuple[Condition, ...]


@frozen
class Any:
    members: tuple[Condition, ...]


@frozen
class AtLeast:
    """True when ``count`` of the members hold, false when they no longer can, else unknown."""

    count: int
    members: tuple[Condition, ...]


Condition: TypeAlias = (
    NumberTest
    | TextTest
    | ChoiceTest
    | IncludesTest
    | YesNoTest
    | DateTest
    | TimeTest
    | KnownTest
    | EventTest
    | StageTest
    | WokenTest
    | GainedTest
    | ScoreTest
    | GradeTest
    | GradeKnown
    | GroupTest
    | ChecklistTest
    | Defined
    | Not
    | All
    | Any
    | AtLeast
)
