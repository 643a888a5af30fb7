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


Unit: TypeAlias = Literal["minute", "hour", "day", "week", "month"]


@frozen
class Duration:
    """``30 days``; ``unit`` is singular whatever was written."""

    amount: int
    unit: Unit
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


Subject: TypeAlias = Ref | DomainOf

# --- windows -----------------------------------------------------------------------------------


@frozen
class Within:
    duration: Duration
    span: Span


@frozen
class Ever:
    span: Span


Window: TypeAlias = Within | Ever

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
]


@frozen
class Compare:
    """``SUBJECT VERB values``: ``is from A to B`` has two values, ``is known`` none.

    ``fit is B or better`` has the verb ``or better`` and one value. ``bant is unknown`` has the
    verb ``is unknown``.
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


Condition: TypeAlias = Compare | Bare | Happened | Not | AllOf | AnyOf | NoneOf | AtLeastOf

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


@frozen
class PartyBlock:
    name: Word
    label: Quoted | None
    contacts: tuple[Quoted, ...]
    duties: tuple[Quoted, ...]
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
    """``activities:``, or ``actions by sales:`` with ``party``."""

    what: Literal["activities", "actions"]
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
class EachEvent:
    """``each ACT [once per …] [up to N per …] WINDOW [, at most …]``"""

    event: Word
    once_per: OncePer | None
    up_to: UpTo | None
    window: Window | None
    at_most: Limit | None
    span: Span


@frozen
class OnceEvent:
    """``ACT [at least N times] WINDOW``: the points once, if it happened."""

    event: Word
    at_least: Number | None
    window: Window | None
    span: Span


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


@frozen
class PointsBy:
    """``points by FIELD:`` with its rows."""

    field: Word
    rows: tuple[PointsByRow, ...]
    span: Span


@frozen
class Category:
    name: Word
    label: Quoted | None
    at_most: Limit | None
    rows: tuple[PointsRow | PointsBy, ...]
    span: Span


@frozen
class ScoreBlock:
    name: Word
    label: Quoted | None
    low: Number | None
    high: Number | None
    owner: Word | None
    rows: tuple[PointsRow | PointsBy | Category, ...]
    span: Span


@frozen
class Letter:
    """``A from 70`` (``low``) or ``D otherwise`` (``low`` None). ``name`` may be ``B-``."""

    name: Word
    low: Number | None
    span: Span


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


# --- blocks: define, group, checklist, stage ---------------------------------------------------


@frozen
class DefineBlock:
    name: Word
    label: Quoted | None
    owner: Word | None
    when: Condition | None
    because: Quoted | None
    span: Span


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
class MoveLine:
    """``moves to S when C [as NAME] [because "…"]``"""

    to: Word
    when: Condition | None
    as_name: Word | None
    because: Quoted | None
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
    to: Word
    span: Span


@frozen
class ExpectStays:
    span: Span


@frozen
class ExpectRefused:
    span: Span


Expectation: TypeAlias = ExpectCondition | ExpectMove | ExpectStays | ExpectRefused


@frozen
class ExampleBlock:
    label: Quoted
    as_of: tuple[Clock | Day, ...]
    given: tuple[GivenField | GivenEvent | GivenStage, ...]
    expects: tuple[Expectation, ...]
    span: Span


Block: TypeAlias = (
    PolicyBlock
    | PartyBlock
    | ListBlock
    | LeadBlock
    | EventsBlock
    | ScoreBlock
    | GradeBlock
    | DefineBlock
    | GroupBlock
    | ChecklistBlock
    | StageBlock
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
