"""A checked policy: names resolved, everything typed, spans kept.

The checker makes it; lowering, the published pages and the examples read it. It holds nothing
that is wrong, so its readers handle no errors. Points are whole hundredths (``int``), durations
are exact, letters and rows stand in the order in which they act.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import SourceFile, Span

# --- durations and windows ---------------------------------------------------------------------


@frozen
class Duration:
    """An exact length of time, or a number of calendar months."""

    amount: int
    unit: Literal["minute", "hour", "day", "week", "month"]


@frozen
class Within:
    duration: Duration


@frozen
class Ever:
    pass


@frozen
class SinceEntered:
    """Since the lead entered its present stage: an event of a stage's rule without a window.

    The instant of entering is included.
    """


Window: TypeAlias = Within | Ever | SinceEntered

# --- fields and events -------------------------------------------------------------------------


@frozen
class TextType:
    pass


@frozen
class NumberType:
    """``number``, ``whole number`` and ``money``; the ends of the range are included."""

    whole: bool
    money: bool
    low: Decimal | None
    high: Decimal | None


@frozen
class YesNoType:
    pass


@frozen
class OneOfType:
    values: tuple[str, ...]


@frozen
class AnyNumberOfType:
    values: tuple[str, ...]


@frozen
class DateType:
    pass


@frozen
class InstantType:
    pass


FieldType: TypeAlias = (
    TextType | NumberType | YesNoType | OneOfType | AnyNumberOfType | DateType | InstantType
)


@frozen
class Field:
    """A field of the lead or a property of an event.

    ``required_when`` is a condition over the other fields of the same lead (the other properties
    of the same event). ``label`` is what people read; it is made from the name where none stands.
    """

    name: str
    label: str
    type: FieldType
    required: bool
    required_when: Condition | None
    no_when_unknown: bool
    after_contact: bool
    personal: bool
    span: Span


@frozen
class Kind:
    """A base kind of event. ``party`` is set for actions, and the kind is then that party's.

    The answers to a checklist's items are kinds too: ``bant.believes`` with the required property
    ``answer`` (yes or no) and an optional ``note`` (text).
    """

    name: str
    label: str
    party: str | None
    properties: tuple[Field, ...]
    span: Span


@frozen
class DerivedKind:
    """A derived kind. ``pattern`` is what it comes down to."""

    name: str
    label: str
    pattern: EventPattern
    span: Span


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


# --- conditions --------------------------------------------------------------------------------

Comparison: TypeAlias = Literal["<", "<=", ">", ">=", "==", "!="]


@frozen
class FieldFact:
    """A field of the lead; inside ``where`` and ``required_when`` of events, a property."""

    name: str


@frozen
class DomainFact:
    """What follows the last ``@`` of a text field; unknown without an ``@``."""

    field: str


TextFact: TypeAlias = FieldFact | DomainFact


@frozen
class NumberTest:
    """A number or money field against a constant (``is from A to B`` is an ``All`` of two)."""

    fact: FieldFact
    op: Comparison
    value: Decimal


@frozen
class TextTest:
    """A text against texts: true when any of ``values`` fits, ``negated`` the opposite.

    Surrounding blanks and the case of A–Z do not count, on either side. ``list_name`` is the list
    that the values came from. ``ends with`` and ``starts with`` and ``contains`` have one value.
    """

    fact: TextFact
    how: Literal["is", "starts with", "ends with", "contains"]
    values: tuple[str, ...]
    negated: bool
    list_name: str | None


@frozen
class ChoiceTest:
    """A ``one of`` field against some of its values, which match exactly."""

    fact: FieldFact
    values: tuple[str, ...]
    negated: bool


@frozen
class IncludesTest:
    """An ``any number of`` field holds at least one of ``values``."""

    fact: FieldFact
    values: tuple[str, ...]


@frozen
class YesNoTest:
    """A yes-or-no field is yes (``value``) or is no."""

    fact: FieldFact
    value: bool


@frozen
class DateTest:
    """A date field against a day (date and time fields: their local day)."""

    fact: FieldFact
    op: Comparison
    value: date


@frozen
class KnownTest:
    """``F is known`` or ``F is unknown``: itself never unknown.

    ``asks`` is true inside ``met when`` and ``not met when`` of a checklist's item, where
    ``F is known`` of an unknown F is unknown (nobody has asked yet), and ``F is unknown`` too.
    """

    fact: FieldFact | DomainFact
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
    | KnownTest
    | EventTest
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

# --- points ------------------------------------------------------------------------------------

Period: TypeAlias = Literal["day", "week", "month", "quarter"]


@frozen
class OncePerPeriod:
    period: Period


@frozen
class OncePerProperty:
    """The newest event of each value of the property; events without it count one by one."""

    property: str


@frozen
class UpTo:
    """At most ``amount`` events in each ``period``, of those that ``once per`` left."""

    amount: int
    period: Literal["day", "week", "month"]


@frozen
class EachEvent:
    """``points`` for each event. ``at_most_points`` (hundredths, positive) caps the row in the
    direction of its sign; ``at_most_times`` the number of events.
    """

    events: EventPattern
    once_per: OncePerPeriod | OncePerProperty | None
    up_to: UpTo | None
    window: Window
    at_most_times: int | None
    at_most_points: int | None


@frozen
class OnceEvent:
    """``points`` once, if at least ``at_least`` such events happened in the window."""

    events: EventPattern
    at_least: int
    window: Window


@frozen
class ForEvery:
    """``points`` for each whole ``step`` of a number field; nothing while it is unknown.

    Whole steps are counted towards zero, and a negative value gives nothing.
    """

    field: str
    step: Decimal
    at_most_points: int | None


@frozen
class PointsRow:
    """``what`` is ``None`` for a row that stands on its ``when`` alone."""

    rule: str
    points: int
    what: EachEvent | OnceEvent | ForEvery | None
    when: Condition | None
    because: str | None
    span: Span


@frozen
class ByValues:
    """A value or list of values, matched as the field's type compares."""

    values: tuple[str | bool, ...]


@frozen
class ByRange:
    """Both ends included; ``below B`` is ``high`` with ``high_open``. Numbers or days."""

    low: Decimal | date | None
    high: Decimal | date | None
    high_open: bool


@frozen
class ByRest:
    """``otherwise`` is every known value; ``unknown`` an unknown one."""

    what: Literal["otherwise", "unknown"]


@frozen
class ByRow:
    rule: str
    points: int
    match: ByValues | ByRange | ByRest
    because: str | None
    span: Span


@frozen
class PointsBy:
    """The first row that matches acts; no row acts for a value that none matches."""

    field: str
    rows: tuple[ByRow, ...]
    span: Span


@frozen
class Category:
    """``rule`` is ``interest.web``. The cap bounds the sum from above only (hundredths)."""

    rule: str
    name: str
    label: str
    at_most: int | None
    rows: tuple[PointsRow | PointsBy, ...]
    span: Span


@frozen
class Score:
    """``low`` and ``high`` clamp the whole (hundredths; ``None``: no clamp on that side)."""

    name: str
    label: str
    owner: str | None
    low: int | None
    high: int | None
    rows: tuple[PointsRow | PointsBy | Category, ...]
    span: Span


@frozen
class Letter:
    """Best letter first. ``low`` in hundredths; ``None`` for ``otherwise``, the last."""

    rule: str
    name: str
    low: int | None
    span: Span


@frozen
class NeedsKnown:
    """Below ``count`` known of ``fields`` the letter is unknown: ``insufficient data``."""

    count: int
    fields: tuple[str, ...]
    span: Span


@frozen
class Grade:
    name: str
    label: str
    owner: str | None
    rows: tuple[PointsRow | PointsBy, ...]
    letters: tuple[Letter, ...]
    needs: tuple[NeedsKnown, ...]
    span: Span


# --- definitions, groups, checklists, stages ---------------------------------------------------


@frozen
class Definition:
    name: str
    label: str
    owner: str | None
    when: Condition
    because: str | None
    span: Span


@frozen
class GroupRow:
    """``when`` is ``None`` for ``otherwise`` and ``unknown`` rows; ``kind`` tells them apart."""

    rule: str
    name: str
    label: str
    kind: Literal["when", "unknown", "otherwise"]
    when: Condition | None
    because: str | None
    does: tuple[str, ...]
    means: tuple[str, ...]
    span: Span


@frozen
class Group:
    """The first row that is true wins. An ``unknown`` row wins when none above it is true and
    one of them is unknown; ``otherwise`` is the last and takes the rest.
    """

    name: str
    label: str
    owner: str | None
    rows: tuple[GroupRow, ...]
    span: Span


@frozen
class AskedItem:
    """Met when ``met_when`` is true; else not met when ``not_met_when`` (or, where that is not
    given, the opposite of ``met_when``) is true; else unknown.
    """

    rule: str
    name: str
    question: str
    met_when: Condition
    not_met_when: Condition | None
    because: str | None
    span: Span


@frozen
class AnsweredItem:
    """The newest action ``kind`` (``bant.believes``) says yes or no; unknown without one, or
    when it is older than ``good_for``.
    """

    rule: str
    name: str
    question: str
    kind: str
    party: str
    good_for: Duration | None
    because: str | None
    span: Span


@frozen
class NeedsItems:
    """``count`` of ``items`` must be in ``state``; ``none`` holds while items are unknown.

    ``all`` is ``at least`` with the number of items.
    """

    quantifier: Literal["at least", "none"]
    count: int
    items: tuple[str, ...]
    state: Literal["met", "not met"]
    span: Span


@frozen
class Checklist:
    """All ``needs`` must hold (three-valued)."""

    name: str
    label: str
    owner: str | None
    items: tuple[AskedItem | AnsweredItem, ...]
    needs: tuple[NeedsItems, ...]
    span: Span


@frozen
class Move:
    rule: str
    to: str
    when: Condition
    because: str | None
    span: Span


@frozen
class Stage:
    name: str
    label: str
    owner: str | None
    start: bool
    final: bool
    means: tuple[str, ...]
    moves: tuple[Move, ...]
    span: Span


# --- the rest ----------------------------------------------------------------------------------


@frozen
class Party:
    name: str
    label: str
    contacts: tuple[str, ...]
    duties: tuple[str, ...]
    span: Span


@frozen
class TextList:
    name: str
    label: str
    owner: str | None
    members: tuple[str, ...]
    span: Span


@frozen
class Refusal:
    """A record is turned away when ``when`` (over fields alone) is true."""

    rule: str
    when: Condition
    because: str | None
    span: Span


@frozen
class ExampleEvent:
    """A base event of an example, its derived kind already resolved into properties."""

    kind: str
    at: datetime
    properties: tuple[tuple[str, object], ...]
    of_actions: bool


@frozen
class ExpectCondition:
    condition: Condition
    text: str
    span: Span


@frozen
class ExpectMove:
    to: str
    text: str
    span: Span


@frozen
class ExpectStays:
    text: str
    span: Span


@frozen
class ExpectRefused:
    text: str
    span: Span


Expectation: TypeAlias = ExpectCondition | ExpectMove | ExpectStays | ExpectRefused


@frozen
class Example:
    """A worked lead. ``as_of`` and the events' instants are in UTC.

    ``fields`` hold values as a record does (text, whole or decimal number, bool, list, day).
    ``stage`` is where ``entered STAGE D ago`` puts it, with its instant. ``text`` of an
    expectation is what was written after ``expect``.
    """

    name: str
    as_of: datetime
    fields: tuple[tuple[str, object], ...]
    events: tuple[ExampleEvent, ...]
    stage: tuple[str, datetime] | None
    expects: tuple[Expectation, ...]
    span: Span


@frozen
class CheckedPolicy:
    """One policy. All tuples are in the order written."""

    name: str
    label: str
    version: int
    in_force_from: date | None
    zone: str
    currency: str | None
    parties: tuple[Party, ...]
    lists: tuple[TextList, ...]
    fields: tuple[Field, ...]
    refusals: tuple[Refusal, ...]
    kinds: tuple[Kind, ...]
    derived: tuple[DerivedKind, ...]
    scores: tuple[Score, ...]
    grades: tuple[Grade, ...]
    definitions: tuple[Definition, ...]
    groups: tuple[Group, ...]
    checklists: tuple[Checklist, ...]
    stages: tuple[Stage, ...]
    examples: tuple[Example, ...]
    span: Span
    sources: tuple[SourceFile, ...]
