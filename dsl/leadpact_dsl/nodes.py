"""A policy as it was written: frozen nodes with spans, names not yet looked up.

The parser makes these, the checker reads them. Nothing here knows what a lead is: a ``Ref`` is
just words, and whether it names a field or an activity is for the checker to say.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

# --- words and values ------------------------------------------------------------------------


@frozen
class Word:
    """A bare word: a name, a value of ``one of``, or ``yes`` and ``no``."""

    text: str
    span: Span


@frozen
class Quoted:
    """A text in double quotes, without them."""

    text: str
    span: Span


@frozen
class Number:
    value: Decimal
    span: Span


@frozen
class Money:
    """``50,000 SEK``"""

    value: Decimal
    currency: str
    span: Span


@frozen
class Day:
    """``2026-10-01``, not yet known to exist: ``2026-02-30`` is the checker's to refuse."""

    text: str
    span: Span


@frozen
class Clock:
    """``2026-10-01 09:30``: a day and a time of day in the policy's zone."""

    text: str
    span: Span


@frozen
class MonthDay:
    """``2026-12-24 every year``: the day of the month in each year; ``text`` has the whole day."""

    text: str
    span: Span


@frozen
class TimeOfDay:
    """``09:00``, not yet known to exist; ``24:00`` ends a day."""

    text: str
    span: Span


Unit: TypeAlias = Literal[
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "business minute",
    "business hour",
    "business day",
]


@frozen
class Duration:
    """``30 days``, ``4 business hours of office``; ``unit`` is singular whatever was written.

    ``calendar`` is what stands after ``of``, where the place allows it.
    """

    amount: int
    unit: Unit
    span: Span
    calendar: Word | None = None


@frozen
class InForce:
    """``in force from DAY [until DAY]`` or ``in force until DAY``; both days included."""

    first: Day | None
    last: Day | None
    span: Span


Value: TypeAlias = Word | Quoted | Number | Money | Day


@frozen
class Ref:
    """``interest`` or ``interest.web``"""

    name: Word
    member: Word | None
    span: Span


@frozen
class DomainOf:
    """``domain of email``"""

    field: Word
    span: Span


@frozen
class LastOf:
    """``PROPERTY of last ACT``"""

    property: Word
    event: Ref
    span: Span


@frozen
class MomentOf:
    """``first ACT``, ``last ACT``, ``last entry to STAGE``, ``last exit from STAGE``."""

    what: Literal["first", "last", "last entry to", "last exit from"]
    name: Ref
    span: Span


@frozen
class GainedSince:
    """``SCORE gained since entering STAGE``, ``… leaving STAGE``"""

    score: Word
    how: Literal["entering", "leaving"]
    stage: Word
    span: Span


Subject: TypeAlias = Ref | DomainOf | LastOf | MomentOf | GainedSince

# --- windows -----------------------------------------------------------------------------------


@frozen
class Within:
    duration: Duration
    span: Span


@frozen
class Ever:
    span: Span


@frozen
class Since:
    """``since entering STAGE``, ``since leaving STAGE``"""

    how: Literal["entering", "leaving"]
    stage: Word
    span: Span


Window: TypeAlias = Within | Ever | Since

# --- conditions --------------------------------------------------------------------------------

Verb: TypeAlias = Literal[
    "is",
    "is not",
    "is any of",
    "is none of",
    "is at least",
    "is at most",
    "is more than",
    "is less than",
    "is from",
    "is known",
    "is unknown",
    "is met",
    "is not met",
    "or better",
    "starts with",
    "ends with",
    "contains",
    "includes",
    "has a word from",
    "is before",
    "is after",
    "is on",
]


@frozen
class Compare:
    """``SUBJECT VERB values``: ``is from A to B`` has two values, ``is known`` none.

    ``fit is B or better`` has the verb ``or better`` and one value. ``bant is unknown`` has the
    verb ``is unknown``. ``has a word from titles`` has the list's name as its one value.
    """

    subject: Subject
    verb: Verb
    values: tuple[Value, ...]
    span: Span


@frozen
class Bare:
    """A name alone: a yes-or-no field, a definition, or in a stage an event."""

    subject: Ref
    span: Span


CountVerb: TypeAlias = Literal["at least", "at most", "exactly"]


@frozen
class Happened:
    """``[no] ACT [at least N times] [with at least N different P] [WINDOW]``

    ``window`` is ``None`` when none was written (allowed in a stage only). ``activity`` as the
    event's name means any activity.
    """

    event: Ref
    none: bool
    count: tuple[CountVerb, Number] | None
    different: tuple[Number, Word] | None
    window: Window | None
    span: Span


@frozen
class TimeApart:
    """``SUBJECT is at least 90 days ago``, ``… is less than 3 months ahead``"""

    subject: Subject
    verb: Literal["is at least", "is at most", "is more than", "is less than"]
    duration: Duration
    direction: Literal["ago", "ahead"]
    span: Span


@frozen
class InStage:
    """``in STAGE [within D | ever]``; ``not in STAGE …`` has ``none``."""

    stage: Word
    none: bool
    window: Within | Ever | None
    span: Span


@frozen
class WokenUp:
    span: Span


@frozen
class Not:
    member: Condition
    span: Span


@frozen
class AllOf:
    """``A and B`` or an ``all of:`` list."""

    members: tuple[Condition, ...]
    span: Span


@frozen
class AnyOf:
    """``A or B`` or an ``any of:`` list."""

    members: tuple[Condition, ...]
    span: Span


@frozen
class NoneOf:
    members: tuple[Condition, ...]
    span: Span


@frozen
class AtLeastOf:
    """``at least 2 of:``"""

    count: Number
    members: tuple[Condition, ...]
    span: Span


Condition: TypeAlias = (
    Compare
    | Bare
    | Happened
    | TimeApart
    | InStage
    | WokenUp
    | Not
    | AllOf
    | AnyOf
    | NoneOf
    | AtLeastOf
)

# --- blocks: policy, party, list ---------------------------------------------------------------


@frozen
class PolicyLine:
    """``KEY value`` of the policy block; ``key`` as written: ``version``, ``in force from``, …"""

    key: Literal["language", "version", "in force from", "time zone", "currency"]
    value: Word | Quoted | Number | Day
    span: Span


@frozen
class PolicyBlock:
    name: Word
    label: Quoted | None
    lines: tuple[PolicyLine, ...]
    span: Span
    notes: tuple[Quoted, ...] = ()


@frozen
class PartyBlock:
    """``stand_ins`` and ``contacts`` hold every such line; a second one is the checker's to refuse
    where only one makes sense.
    """

    name: Word
    label: Quoted | None
    contacts: tuple[Quoted, ...]
    duties: tuple[Quoted, ...]
    span: Span
    stand_ins: tuple[Quoted, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class RoleBlock:
    """``role sales_manager "Sales manager" of sales``, with the same lines as a party."""

    name: Word
    label: Quoted | None
    party: Word | None
    contacts: tuple[Quoted, ...]
    duties: tuple[Quoted, ...]
    stand_ins: tuple[Quoted, ...]
    notes: tuple[Quoted, ...]
    span: Span


# --- blocks: calendar --------------------------------------------------------------------------


@frozen
class Interval:
    """``09:00 to 12:00``"""

    start: TimeOfDay
    end: TimeOfDay
    span: Span


@frozen
class OpenWeekly:
    """``open mon to fri 09:00 to 12:00, 13:00 to 17:00``

    ``days`` are as written, ``mon`` … ``sun``; ``through`` is true for ``mon to fri`` (two words),
    false for a list.
    """

    days: tuple[Word, ...]
    through: bool
    intervals: tuple[Interval, ...]
    span: Span


@frozen
class OpenOn:
    """``open on 2026-06-18 09:00 to 12:00`` or ``open on 2026-12-23 every year 09:00 to 12:00``"""

    day: Day | MonthDay
    intervals: tuple[Interval, ...]
    because: Quoted | None
    span: Span


@frozen
class ClosedOn:
    """``closed on 2026-12-23``, ``closed on 2026-12-24 every year``"""

    day: Day | MonthDay
    because: Quoted | None
    span: Span


@frozen
class ClosedHolidays:
    """``closed on public holidays of SE`` (or ``US-NY``); ``region`` as written."""

    region: Word
    span: Span


@frozen
class CalendarBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    zones: tuple[Quoted, ...]
    lines: tuple[OpenWeekly | OpenOn | ClosedOn | ClosedHolidays, ...]
    notes: tuple[Quoted, ...]
    span: Span


@frozen
class ListBlock:
    """Named texts: inline or one a line below (``members``), or from a file beside the policy."""

    name: Word
    label: Quoted | None
    owner: Word | None
    members: tuple[Quoted, ...]
    file: Quoted | None
    span: Span


# --- blocks: lead and events -------------------------------------------------------------------


@frozen
class FieldType:
    """The type of a field or property as written.

    ``values`` for ``one of`` and ``any number of``; ``low`` and ``high`` for a range.
    """

    kind: Literal[
        "text",
        "number",
        "whole number",
        "money",
        "yes or no",
        "one of",
        "any number of",
        "date",
        "date and time",
    ]
    values: tuple[Word | Quoted, ...]
    low: Number | None
    high: Number | None
    span: Span


@frozen
class Mark:
    """``(required)`` and the like; ``when`` for ``required when``."""

    kind: Literal[
        "required",
        "required when",
        "no when unknown",
        "known only after contact",
        "personal",
    ]
    when: Condition | None
    span: Span


@frozen
class FieldLine:
    """A field of the lead, or a property of an event."""

    name: Word
    label: Quoted | None
    type: FieldType
    marks: tuple[Mark, ...]
    span: Span


@frozen
class RefusedLine:
    when: Condition
    as_name: Word | None
    because: Quoted | None
    span: Span
    in_force: InForce | None = None


@frozen
class LeadBlock:
    owner: Word | None
    fields: tuple[FieldLine, ...]
    refusals: tuple[RefusedLine, ...]
    span: Span


@frozen
class KindLine:
    """A base kind: ``page_view "Viewed a page":`` with its properties below."""

    name: Word
    label: Quoted | None
    properties: tuple[FieldLine, ...]
    span: Span


@frozen
class DerivedLine:
    """``pricing_view is page_view where url starts with "/pricing"`` or ``x is a or b``.

    ``where`` is a condition over the properties of the one base.
    """

    name: Word
    label: Quoted | None
    bases: tuple[Word, ...]
    where: Condition | None
    span: Span


@frozen
class EventsBlock:
    """``activities:``, ``signals:``, or ``actions by sales:`` with ``party``."""

    what: Literal["activities", "signals", "actions"]
    party: Word | None
    owner: Word | None
    kinds: tuple[KindLine | DerivedLine, ...]
    span: Span


# --- blocks: points ----------------------------------------------------------------------------


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


# --- blocks: define, group, checklist, stage ---------------------------------------------------


@frozen
class DatedWhen:
    """One of a definition's ``when … in force …`` lines."""

    when: Condition
    in_force: InForce | None
    span: Span


@frozen
class DefineBlock:
    """``whens`` are all its ``when`` lines, in order; without one it is the checker's to refuse."""

    name: Word
    label: Quoted | None
    owner: Word | None
    whens: tuple[DatedWhen, ...]
    because: Quoted | None
    span: Span
    means: tuple[Quoted, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class GroupRow:
    """``NAME "label" when C | unknown | otherwise``; ``kind`` says which."""

    name: Word
    label: Quoted | None
    kind: Literal["when", "unknown", "otherwise"]
    when: Condition | None
    because: Quoted | None
    does: tuple[Quoted, ...]
    means: tuple[Quoted, ...]
    span: Span
    in_force: InForce | None = None
    notes: tuple[Quoted, ...] = ()


@frozen
class GroupBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    rows: tuple[GroupRow, ...]
    span: Span


@frozen
class ItemLine:
    """An item of a checklist: ``met when …`` or ``answered by PARTY [, good for D]``."""

    name: Word
    question: Quoted | None
    met_when: Condition | None
    not_met_when: Condition | None
    answered_by: Word | None
    good_for: Duration | None
    because: Quoted | None
    span: Span
    means: tuple[Quoted, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class NeedsItems:
    """``needs at least 3 met``, ``needs none not met``, ``needs all of a, b met``.

    ``count`` is set for ``at least``; ``items`` is empty for all items.
    """

    quantifier: Literal["at least", "all", "none"]
    count: Number | None
    items: tuple[Word, ...]
    state: Literal["met", "not met"]
    span: Span


@frozen
class ChecklistBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    items: tuple[ItemLine, ...]
    needs: tuple[NeedsItems, ...]
    span: Span


@frozen
class Worklist:
    """``put on worklist unpicked "Unpicked MQLs"``"""

    name: Word
    label: Quoted | None
    span: Span


@frozen
class WakeUp:
    """``wake up after D``, ``wake up on P of last ACT``, ``wake up D before FIELD``.

    Exactly one of ``after``, ``on`` and ``before`` (with ``field``) is set, or none with only
    ``or_on``: ``wake up on demo_request``. ``not_before`` belongs to ``before``.
    """

    after: Duration | None
    on: LastOf | None
    before: Duration | None
    field: Word | None
    not_before: Duration | None
    or_on: Ref | None
    span: Span


@frozen
class MoveLine:
    """A way out of a stage.

    ``moves to S when C``, ``hands back to S when C``, ``times out to S after D without ACT``,
    ``moves by hand to S by PARTY, …``. A reason is a text or ``reason of last rejected``.
    """

    how: Literal["moves to", "hands back to", "times out to", "moves by hand to"]
    to: Word
    when: Condition | None
    as_name: Word | None
    because: Quoted | LastOf | None
    span: Span
    in_force: InForce | None = None
    after: Duration | None = None
    without: Ref | None = None
    by: tuple[Word, ...] = ()
    does: tuple[Quoted, ...] = ()
    worklists: tuple[Worklist, ...] = ()
    wake_ups: tuple[WakeUp, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class TargetWithin:
    """``within 4 business hours of office``"""

    duration: Duration
    span: Span


@frozen
class TargetBy:
    """``by 17:00 of office``"""

    time: TimeOfDay
    calendar: Word | None
    span: Span


@frozen
class TargetEvery:
    """``every 60 days``"""

    duration: Duration
    span: Span


@frozen
class Pause:
    """``pauses from X until Y``; ``until`` is an event, or the day in ``P of last ACT``."""

    start: Ref
    until: Ref | LastOf
    span: Span


@frozen
class Tell:
    """``tell owner at 75%``, ``tell sales_manager when missed``, ``tell … 2 business hours after
    missed``. ``percent`` and ``after`` are both ``None`` for ``when missed``.
    """

    to: Word
    percent: Number | None
    after: Duration | None
    span: Span


@frozen
class TargetHandsBack:
    """``hands back to S 8 business hours after missed``; ``after`` ``None`` for ``when missed``."""

    to: Word
    after: Duration | None
    as_name: Word | None
    because: Quoted | None
    span: Span


@frozen
class TargetLine:
    """``target NAME "…" is ACT [at least N times] [with at least N different P] within D``

    ``event`` is ``None`` for ``left``. All lines of a kind are kept; too many of one are the
    checker's to refuse.
    """

    name: Word
    label: Quoted | None
    event: Ref | None
    at_least: Number | None
    different: tuple[Number, Word] | None
    limit: TargetWithin | TargetBy | TargetEvery | None
    when: Condition | None
    starts_when: Condition | None
    pauses: tuple[Pause, ...]
    tells: tuple[Tell, ...]
    hands_back: tuple[TargetHandsBack, ...]
    in_force: InForce | None
    because: Quoted | None
    means: tuple[Quoted, ...]
    notes: tuple[Quoted, ...]
    span: Span


@frozen
class MayContact:
    """``may contact sales, partners``"""

    parties: tuple[Word, ...]
    span: Span


@frozen
class StageBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    start: tuple[Span, ...]
    final: tuple[Span, ...]
    means: tuple[Quoted, ...]
    moves: tuple[MoveLine, ...]
    span: Span
    may_contact: tuple[MayContact, ...] = ()
    targets: tuple[TargetLine, ...] = ()
    notes: tuple[Quoted, ...] = ()


@frozen
class AnyStageBlock:
    """``any stage except opportunity, disqualified:`` with its moves."""

    excepted: tuple[Word, ...]
    owner: Word | None
    moves: tuple[MoveLine, ...]
    notes: tuple[Quoted, ...]
    span: Span


# --- blocks: agreement, guarantee --------------------------------------------------------------

EachPeriod: TypeAlias = Literal["day", "week", "month", "quarter", "year"]


@frozen
class Review:
    """``, when missed [2 times running] review fit``"""

    running: Number | None
    what: Word
    span: Span


@frozen
class Delivers:
    """``marketing delivers at least 120 mql each month``"""

    party: Word
    amount: Number
    stage: Word
    each: EachPeriod
    review: Review | None
    in_force: InForce | None
    because: Quoted | None
    span: Span
    as_name: Word | None = None


@frozen
class Reaches:
    """``sales reaches picked_up for at least 60% of mql [within 7 days] [each month]``

    ``what`` is an event or a stage.
    """

    party: Word
    what: Ref
    percent: Number
    stage: Word
    within: Duration | None
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: Quoted | None
    span: Span
    as_name: Word | None = None


@frozen
class TargetMet:
    """``target first_contact is met for at least 95% [each month]``"""

    target: Word
    percent: Number
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: Quoted | None
    span: Span
    as_name: Word | None = None


@frozen
class AtMostShare:
    """``at most 35% of mql time out each week``, ``at most 20% of mql hand back``"""

    percent: Number
    stage: Word
    what: Literal["time out", "hand back"]
    each: EachPeriod | None
    review: Review | None
    in_force: InForce | None
    because: Quoted | None
    span: Span
    as_name: Word | None = None


@frozen
class ReviewEvery:
    """``review every month``"""

    period: EachPeriod
    span: Span


@frozen
class ChangesNeed:
    """``changes need marketing, sales``"""

    parties: tuple[Word, ...]
    span: Span


@frozen
class WaitBetween:
    """``wait at least 30 days between changes``"""

    duration: Duration
    span: Span


@frozen
class Signed:
    """``signed by marketing "Head of Demand Generation" on 2026-09-28``"""

    party: Word
    role: Quoted | None
    on: Day | None
    span: Span


AgreementLine: TypeAlias = (
    Delivers | Reaches | TargetMet | AtMostShare | ReviewEvery | ChangesNeed | WaitBetween | Signed
)


@frozen
class AgreementBlock:
    label: Quoted | None
    owner: Word | None
    goals: tuple[Quoted, ...]
    lines: tuple[AgreementLine, ...]
    notes: tuple[Quoted, ...]
    span: Span


@frozen
class NeverStage:
    """``never mql when is_customer``"""

    stage: Word
    when: Condition
    span: Span


@frozen
class NeverLowers:
    """``more activity never lowers interest except careers_view, unsubscribe``"""

    score: Word
    excepted: tuple[Word, ...]
    span: Span


@frozen
class GuaranteeBlock:
    label: Quoted | None
    owner: Word | None
    promises: tuple[NeverStage | NeverLowers, ...]
    because: Quoted | None
    notes: tuple[Quoted, ...]
    span: Span


# --- blocks: example ---------------------------------------------------------------------------


@frozen
class GivenField:
    """``seniority is vp``, ``phone is unknown`` (``values`` empty).

    A field of ``any number of`` may have several values.
    """

    field: Word
    values: tuple[Value | Clock, ...]
    span: Span


@frozen
class GivenEvent:
    """``demo_request 2 days ago [with url is "/pricing"]`` or ``webinar at 2026-10-01 09:00``.

    ``event`` may have a member: ``bant.believes 3 days ago with answer is yes``.
    """

    event: Ref
    when: Duration | Clock
    properties: tuple[GivenField, ...]
    span: Span


@frozen
class GivenStage:
    """``entered mql 2 days ago``"""

    stage: Word
    ago: Duration
    span: Span


@frozen
class ExpectCondition:
    condition: Condition
    span: Span


@frozen
class ExpectMove:
    """``expect moves to S``, ``expect hands back to S``, ``expect times out to S [because "…"]``"""

    to: Word
    span: Span
    how: Literal["moves to", "hands back to", "times out to"] = "moves to"
    because: Quoted | None = None


@frozen
class ExpectStays:
    span: Span


@frozen
class ExpectRefused:
    span: Span


@frozen
class ExpectListed:
    """``expect on worklist W``, ``expect not on worklist W``"""

    worklist: Word
    on: bool
    span: Span


@frozen
class ExpectTarget:
    """``expect target T is met``; or ``waiting``, ``running``, ``paused``, ``missed``,
    ``stopped``, which the checker is to know.
    """

    target: Word
    state: Word
    span: Span


@frozen
class ExpectDue:
    """``expect target T is due at 2026-11-02 10:00``"""

    target: Word
    due: Clock
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
    """``after 8 days: expect …``, ``on 2026-11-02 10:00: expect …``; opened: one a line below.

    ``when`` is the time since ``as of``, which may be business time, or the instant itself (of a
    day: its beginning).
    """

    when: Duration | Clock | Day
    expects: tuple[Expectation, ...]
    span: Span


@frozen
class ExampleBlock:
    label: Quoted
    as_of: tuple[Clock | Day, ...]
    given: tuple[GivenField | GivenEvent | GivenStage, ...]
    expects: tuple[Expectation, ...]
    span: Span
    steps: tuple[Step, ...] = ()


Block: TypeAlias = (
    PolicyBlock
    | PartyBlock
    | RoleBlock
    | CalendarBlock
    | ListBlock
    | LeadBlock
    | EventsBlock
    | ScoreBlock
    | GradeBlock
    | DefineBlock
    | GroupBlock
    | ChecklistBlock
    | StageBlock
    | AnyStageBlock
    | AgreementBlock
    | GuaranteeBlock
    | ExampleBlock
)


@frozen
class Document:
    """All blocks of all files of a policy, in the order of the files' names and lines.

    ``damaged`` are the names that stand on lines which could not be read: the checker says
    nothing about a name that is missing only because its line is damaged.
    """

    blocks: tuple[Block, ...]
    damaged: frozenset[str]
