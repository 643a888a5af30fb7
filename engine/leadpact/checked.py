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
class BusinessTime:
    """A length of time that counts only while a calendar is open.

    Minutes and hours are open time. ``2 business days`` of something end at the close of the
    second opening day after the day on which it happened. ``calendar`` is a calendar's name.
    """

    amount: int
    unit: Literal["minute", "hour", "day"]
    calendar: str


Length: TypeAlias = Duration | BusinessTime


@frozen
class InForce:
    """From ``first`` until ``last``, both days included, by the policy's zone at ``as_of``.

    ``None``: no border on that side.
    """

    first: date | None
    last: date | None


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


@frozen
class SinceStage:
    """Since the lead last entered (``how``) or left ``stage``, that instant included.

    For a lead that never did, nothing happened since. While the record does not tell whether it
    did, an ``EventTest`` is unknown, and rows of points find nothing.
    """

    how: Literal["entering", "leaving"]
    stage: str


Window: TypeAlias = Within | Ever | SinceEntered | SinceStage

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

    A signal (``signal``) stands in the record's activities, but is no activity of the lead.

    The answers to a checklist's items are kinds too: ``bant.believes`` with the required property
    ``answer`` (yes or no) and an optional ``note`` (text).
    """

    name: str
    label: str
    party: str | None
    properties: tuple[Field, ...]
    span: Span
    signal: bool = False


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
class Decay:
    """An event's share of its points falls with its age, by whole 24-hour days.

    ``halving``: by half every ``days``; ``fading``: evenly, to nothing after ``days``.
    """

    how: Literal["halving", "fading"]
    days: int


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
    decay: Decay | None = None


@frozen
class OnceEvent:
    """``points`` once, if at least ``at_least`` such events happened in the window.

    With ``decay`` the newest of them tells the age.
    """

    events: EventPattern
    at_least: int
    window: Window
    decay: Decay | None = None


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
    in_force: InForce | None = None
    notes: tuple[str, ...] = ()


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
    in_force: InForce | None = None
    notes: tuple[str, ...] = ()


@frozen
class PointsBy:
    """The first row that matches acts; no row acts for a value that none matches."""

    field: str
    rows: tuple[ByRow, ...]
    span: Span


@frozen
class Inactivity:
    """``rule`` is ``interest.counts_less`` or ``interest.web.counts_less``.

    For each full ``period`` since the lead's last activity: ``percent`` of what is left, or
    ``points`` (hundredths). ``never_below`` holds for a lead that was ever active and had as much.
    """

    rule: str
    percent: Decimal | None
    points: int | None
    period: Literal["day", "week", "month"]
    never_below: int | None
    span: Span


@frozen
class Restart:
    """Events at or before the newest such event (or entry to ``stage``) stop counting.

    Exactly one of ``events`` and ``stage`` is set. An entry that the record does not tell of does
    not count. ``rule`` is ``interest.starts_again.unsubscribe``.
    """

    rule: str
    events: EventPattern | None
    stage: str | None
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
    inactivity: Inactivity | None = None
    restarts: tuple[Restart, ...] = ()
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    inactivity: Inactivity | None = None
    restarts: tuple[Restart, ...] = ()
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class Letter:
    """Best letter first. ``low`` in hundredths; ``None`` for ``otherwise``, the last."""

    rule: str
    name: str
    low: int | None
    span: Span
    in_force: InForce | None = None


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
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


# --- definitions, groups, checklists, stages ---------------------------------------------------


@frozen
class DatedWhen:
    when: Condition
    in_force: InForce | None
    span: Span


@frozen
class Definition:
    """Of ``whens`` exactly one is in force on any day."""

    name: str
    label: str
    owner: str | None
    whens: tuple[DatedWhen, ...]
    because: str | None
    span: Span
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    in_force: InForce | None = None
    notes: tuple[str, ...] = ()


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
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
class Worklist:
    name: str
    label: str


@frozen
class WakeUp:
    """Until when the lead sleeps after a move. One of these, and perhaps ``or_on``:

    ``after`` the move; ``on`` a day or instant that the newest event names; ``before`` a ``field``
    of the lead (a date), but not sooner than ``not_before`` after the move. The next ``or_on``
    event wakes it as well; it may stand alone.
    """

    after: Length | None
    on: LastFact | None
    before: Duration | None
    field: str | None
    not_before: Duration | None
    or_on: EventPattern | None


@frozen
class Move:
    """A way out of a stage: ``moves to`` and ``hands back to`` when ``when`` is true.

    ``because`` is a text, or what the newest event says (``reason of last rejected``).
    """

    rule: str
    to: str
    when: Condition
    because: str | LastFact | None
    span: Span
    how: Literal["moves to", "hands back to"] = "moves to"
    in_force: InForce | None = None
    does: tuple[str, ...] = ()
    worklists: tuple[Worklist, ...] = ()
    wake_up: WakeUp | None = None
    notes: tuple[str, ...] = ()


@frozen
class TimeOut:
    """A way out of a stage ``after`` so long in it without such an event.

    The clock starts on entering the stage, or on waking up in it. An event at exactly the deadline
    is in time.
    """

    rule: str
    to: str
    after: Length
    without: EventPattern
    because: str | LastFact | None
    span: Span
    in_force: InForce | None = None
    does: tuple[str, ...] = ()
    worklists: tuple[Worklist, ...] = ()
    wake_up: WakeUp | None = None
    notes: tuple[str, ...] = ()


@frozen
class HandMove:
    """A move that people of the parties make by hand, with a reason; nothing makes it happen."""

    rule: str
    to: str
    by: tuple[str, ...]
    because: str | None
    span: Span
    in_force: InForce | None = None
    does: tuple[str, ...] = ()
    worklists: tuple[Worklist, ...] = ()
    wake_up: WakeUp | None = None
    notes: tuple[str, ...] = ()


@frozen
class TargetWithin:
    """Done at the latest ``length`` after the clock started, that instant included."""

    length: Length


@frozen
class TargetBy:
    """Done by the first such local time on an open day, the day of the start included, or by that
    day's close if that is earlier. ``minutes`` are those since midnight.
    """

    minutes: int
    calendar: str


@frozen
class TargetEvery:
    """Done ``length`` after entering, and then again ``length`` after each time."""

    length: Length


@frozen
class Pause:
    """The clock stands still from each ``start`` until the next ``until`` event after it, or until
    the local midnight that begins the day which the property of the ``start`` event names.
    """

    start: EventPattern
    until: EventPattern | LastFact


@frozen
class Tell:
    """Somebody is told: at ``percent`` of the time, when the target is missed, or ``after`` that.

    ``to`` is ``owner`` or the name of a party or role (``kind`` says which).
    """

    to: str
    kind: Literal["owner", "party", "role"]
    percent: Decimal | None
    after: Length | None


@frozen
class TargetHandBack:
    """``rule`` is ``mql.first_contact.hands_back_to.nurture``. It is taken ``after`` the target
    was missed, if it was still not done until then.
    """

    rule: str
    to: str
    after: Length | None
    because: str | None
    span: Span


@frozen
class Target:
    """A promise in a stage: ``events`` (``None``: the lead has left it) in time.

    ``at_least`` such events, and with at least ``different[0]`` different values of the property
    ``different[1]``. It applies while ``when`` is true (``None``: always). Its clock starts on
    entering the stage or on waking up in it, or, with ``starts_when``, when that first becomes
    true there. ``rule`` is ``mql.first_contact``.
    """

    rule: str
    name: str
    label: str
    events: EventPattern | None
    at_least: int
    different: tuple[int, str] | None
    limit: TargetWithin | TargetBy | TargetEvery
    when: Condition | None
    starts_when: Condition | None
    pauses: tuple[Pause, ...]
    tells: tuple[Tell, ...]
    hands_back: tuple[TargetHandBack, ...]
    in_force: InForce | None
    because: str | None
    means: tuple[str, ...]
    notes: tuple[str, ...]
    span: Span


@frozen
class Stage:
    """``moves`` are all ways out that act by themselves, ``targets``' hand-backs aside, in the
    order written: time-outs act after the others whatever the order.
    """

    name: str
    label: str
    owner: str | None
    start: bool
    final: bool
    means: tuple[str, ...]
    moves: tuple[Move | TimeOut, ...]
    span: Span
    by_hand: tuple[HandMove, ...] = ()
    targets: tuple[Target, ...] = ()
    may_contact: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class AnyStage:
    """Moves out of every stage but the ``excepted`` ones and the one they lead to.

    They come before the stages' own, in the order written. Rules are ``any_stage.moves_to.S``.
    """

    excepted: tuple[str, ...]
    owner: str | None
    moves: tuple[Move | TimeOut, ...]
    by_hand: tuple[HandMove, ...]
    notes: tuple[str, ...]
    span: Span


# --- the agreement, guarantees -----------------------------------------------------------------

EachPeriod: TypeAlias = Literal["day", "week", "month", "quarter", "year"]


@frozen
class Review:
    """What is looked at again after the line was missed ``running`` full periods in a row.

    ``what`` names a score, grade, group, checklist, definition, stage or target.
    """

    running: int
    what: str


@frozen
class Delivers:
    """``party`` brings at least ``amount`` leads into ``stage`` in each period."""

    rule: str
    party: str
    amount: int
    stage: str
    each: EachPeriod
    review: Review | None
    in_force: InForce | None
    because: str | None
    span: Span


@frozen
class Reaches:
    """For at least ``percent`` of the stays in ``stage`` the event (or the stage ``what``) is
    reached, ``within`` so long of entering. ``each`` ``None``: over the report's whole time.
    """

    rule: str
    party: str
    what: EventPattern | str
    percent: Decimal
    stage: str
    within: Length | None
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: str | None
    span: Span


@frozen
class TargetMet:
    rule: str
    target: str
    percent: Decimal
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: str | None
    span: Span


@frozen
class AtMostShare:
    """At most ``percent`` of the stays in ``stage`` end in a time-out, or in a hand-back."""

    rule: str
    percent: Decimal
    stage: str
    what: Literal["time out", "hand back"]
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: str | None
    span: Span


Promise: TypeAlias = Delivers | Reaches | TargetMet | AtMostShare


@frozen
class Signature:
    party: str
    role: str | None
    on: date | None
    span: Span


@frozen
class Agreement:
    """The service-level agreement. Rules are ``agreement.delivers.mql`` and the like.

    ``wait_days`` is the least number of days between two changes.
    """

    label: str
    owner: str | None
    goals: tuple[str, ...]
    promises: tuple[Promise, ...]
    review_every: EachPeriod | None
    changes_need: tuple[str, ...]
    wait_days: int | None
    signatures: tuple[Signature, ...]
    notes: tuple[str, ...]
    span: Span


@frozen
class NeverStage:
    """No move enters ``stage`` while ``when`` is true, and a lead in it then has a way out."""

    stage: str
    when: Condition
    span: Span


@frozen
class NeverLowers:
    """One more activity of a kind not among ``excepted`` (base kinds) never lowers the score."""

    score: str
    excepted: tuple[EventPattern, ...]
    span: Span


@frozen
class Guarantee:
    """What must hold for every possible lead. ``rule`` is ``guarantee.NUMBER``, from 1."""

    rule: str
    label: str
    owner: str | None
    promises: tuple[NeverStage | NeverLowers, ...]
    because: str | None
    notes: tuple[str, ...]
    span: Span


# --- the rest ----------------------------------------------------------------------------------


@frozen
class Party:
    name: str
    label: str
    contacts: tuple[str, ...]
    duties: tuple[str, ...]
    span: Span
    stand_ins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class Role:
    """Somebody of a party: who is told, who stands in."""

    name: str
    label: str
    party: str
    contacts: tuple[str, ...]
    duties: tuple[str, ...]
    stand_ins: tuple[str, ...]
    notes: tuple[str, ...]
    span: Span


@frozen
class Opening:
    """Open from ``start`` until ``end``, minutes since local midnight; ``end`` is at most 1,440."""

    start: int
    end: int


@frozen
class SpecialDay:
    """A day (``every_year``: its month and day of any year) with its own openings; none: closed."""

    day: date
    every_year: bool
    openings: tuple[Opening, ...]
    because: str | None
    span: Span


@frozen
class Calendar:
    """When somebody works. ``weekly`` has the openings of Monday to Sunday, in order of time.

    A special day counts before a public holiday, that before the week; of special days one of
    that very date before one of every year. ``regions`` are as ``SE``, ``US-NY``. ``zone`` is the
    policy's where the calendar names none.
    """

    name: str
    label: str
    owner: str | None
    zone: str
    weekly: tuple[tuple[Opening, ...], ...]
    regions: tuple[str, ...]
    special: tuple[SpecialDay, ...]
    notes: tuple[str, ...]
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
    in_force: InForce | None = None


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
    """The next move leads ``to`` a stage, is of this kind, and gives this reason (if one is named).

    In a step: the last move taken until then.
    """

    to: str
    text: str
    span: Span
    how: Literal["moves to", "hands back to", "times out to"] = "moves to"
    because: str | None = None


@frozen
class ExpectStays:
    """No move comes next. In a step: none was taken until then."""

    text: str
    span: Span


@frozen
class ExpectListed:
    """The lead stands on a worklist, or (not ``on``) does not."""

    worklist: str
    on: bool
    text: str
    span: Span


@frozen
class ExpectTarget:
    """What became of a target: of its newest clock, also when the lead has left the stage since."""

    target: str
    state: Literal["waiting", "running", "paused", "met", "missed", "stopped"]
    text: str
    span: Span


@frozen
class ExpectDue:
    """The instant, in UTC, at which a target's newest clock falls due."""

    target: str
    due: datetime
    text: str
    span: Span


@frozen
class ExpectRefused:
    text: str
    span: Span


Expectation: TypeAlias = (
    ExpectCondition
    | ExpectMove
    | ExpectStays
    | ExpectRefused
    | ExpectListed
    | ExpectTarget
    | ExpectDue
)


@frozen
class Step:
    """A later instant of an example, in UTC, and what is so then.

    All moves from ``as of`` until then were taken. ``text`` is what was written: ``after 8 days``.
    """

    at: datetime
    text: str
    expects: tuple[Expectation, ...]
    span: Span


@frozen
class Example:
    """A worked lead. ``as_of`` and the events' instants are in UTC.

    ``fields`` hold values as a record does (text, whole or decimal number, bool, list, day).
    ``stays`` are the stages into which ``entered STAGE D ago`` lines put it, each with its instant,
    oldest first: the last is where it stands, and before the first it was in the start stage.
    ``text`` of an expectation is what was written after ``expect``. ``steps`` are in order of time;
    events later than ``as_of`` happen for them alone.
    """

    name: str
    as_of: datetime
    fields: tuple[tuple[str, object], ...]
    events: tuple[ExampleEvent, ...]
    stays: tuple[tuple[str, datetime], ...]
    expects: tuple[Expectation, ...]
    span: Span
    steps: tuple[Step, ...] = ()


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
    roles: tuple[Role, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    any_stages: tuple[AnyStage, ...] = ()
    agreement: Agreement | None = None
    guarantees: tuple[Guarantee, ...] = ()
    notes: tuple[str, ...] = ()
