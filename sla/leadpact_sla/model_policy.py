"""What the pages show of a whole policy: the life of a lead, who agrees on what, and when.

Frozen values, as in ``model``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leadpact_dsl.source import SourceFile
from leadpact_sla.model import (
    ChecklistDoc,
    Clause,
    DefinitionDoc,
    EventsDoc,
    FactDoc,
    GradeDoc,
    GroupDoc,
    ListDoc,
    Rule,
    ScoreDoc,
    Source,
)
from leadpact_sla.model_pages import (
    AnswerDoc,
    CardDoc,
    ClockDoc,
    ComingDoc,
    DutiesDoc,
    OpeningDoc,
    PromisesDoc,
    SettingDoc,
    SheetDoc,
    StoryDoc,
    TermDoc,
)

__all__ = [
    "AgreementDoc",
    "CalendarDoc",
    "EntryDoc",
    "GuaranteeDoc",
    "HolidayDoc",
    "MoveDoc",
    "PartyDoc",
    "PolicyDoc",
    "RoleDoc",
    "SpecialDayDoc",
    "StageDoc",
    "TargetDoc",
    "WorklistDoc",
]


@dataclass(frozen=True, slots=True)
class MoveDoc:
    """A way out of a stage. ``number`` is the badge in the picture of the path.

    ``start`` is ``None`` for a way out of any stage; ``start_label`` then says of which ones.
    ``brings`` are worklists, sleep and dates; ``does`` is the receiver's answer.
    """

    rule: Rule
    kind: Literal["move", "hand back", "time out", "by hand"]
    number: int
    start: str | None
    to: str
    start_label: str
    to_label: str
    clauses: tuple[Clause, ...]
    brings: tuple[str, ...]
    does: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetDoc:
    """``lines`` say what is promised, when it counts, how its clock runs and who is told.

    ``numbers`` are the badges of its hand-backs among the moves.
    """

    rule: Rule
    label: str
    stage: str
    lines: tuple[str, ...]
    means: tuple[str, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EntryDoc:
    """One way into a stage: moves from other stages on the same condition."""

    numbers: tuple[int, ...]
    says: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class StageDoc:
    """``tone`` numbers the owner's colour; ``None`` without an owner. ``ends`` says how far a lead
    stays in a final stage.
    """

    name: str
    label: str
    short: str | None
    owner: str | None
    tone: int | None
    start: bool
    final: bool
    ends: str | None
    means: tuple[str, ...]
    entries: tuple[EntryDoc, ...]
    may_contact: str | None
    notes: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class RoleDoc:
    anchor: str
    label: str
    contacts: tuple[str, ...]
    duties: tuple[str, ...]
    stand_ins: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartyDoc:
    """A party of the agreement with its roles."""

    anchor: str
    label: str
    tone: int
    contacts: tuple[str, ...]
    duties: tuple[str, ...]
    stand_ins: tuple[str, ...]
    notes: tuple[str, ...]
    roles: tuple[RoleDoc, ...]


@dataclass(frozen=True, slots=True)
class HolidayDoc:
    day: str
    weekday: str
    name: str


@dataclass(frozen=True, slots=True)
class SpecialDayDoc:
    says: str
    because: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class CalendarDoc:
    """``week`` says when it is open and which holidays close it; ``holidays`` are those of the
    year that begins on the day for which the pages are made.
    """

    anchor: str
    label: str
    owner: str | None
    zone: str
    week: tuple[str, ...]
    special: tuple[SpecialDayDoc, ...]
    holidays: tuple[HolidayDoc, ...]
    notes: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class AgreementDoc:
    """``review`` says how often it is looked at, ``terms`` say how it is reviewed and changed."""

    label: str
    owner: str | None
    goals: tuple[str, ...]
    review: str | None
    terms: tuple[str, ...]
    signatures: tuple[str, ...]
    notes: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class GuaranteeDoc:
    rule: Rule
    label: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class WorklistDoc:
    """A list on which leads stand after a move; ``numbers`` are the moves that put them there."""

    anchor: str
    label: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PolicyDoc:
    """One policy. ``folder`` is where its pages lie; page names are relative to it.

    ``label`` "Kontor: inbound leads" has the ``short_label`` "Kontor" and is ``about`` "Inbound
    leads". ``announced``: it is in force only from a day to come. ``agreed_by`` says who has
    signed. ``columns`` are the parties and roles, for the tables of ``duties``.
    """

    folder: str
    name: str
    label: str
    short_label: str
    about: str | None
    version: int
    in_force_from: str | None
    zone: str
    announced: bool
    agreed_by: str | None
    opening: OpeningDoc | None
    cards: tuple[CardDoc, ...]
    coming: tuple[ComingDoc, ...]
    notes: tuple[str, ...]
    parties: tuple[PartyDoc, ...]
    agreement: AgreementDoc | None
    promises: tuple[PromisesDoc, ...]
    clocks: tuple[ClockDoc, ...]
    answers: tuple[AnswerDoc, ...]
    worklists: tuple[WorklistDoc, ...]
    sheet: SheetDoc
    columns: tuple[str, ...]
    duties: tuple[DutiesDoc, ...]
    settings: tuple[SettingDoc, ...]
    terms: tuple[TermDoc, ...]
    stories: tuple[StoryDoc, ...]
    guarantees: tuple[GuaranteeDoc, ...]
    calendars: tuple[CalendarDoc, ...]
    scores: tuple[ScoreDoc, ...]
    grades: tuple[GradeDoc, ...]
    groups: tuple[GroupDoc, ...]
    checklists: tuple[ChecklistDoc, ...]
    stages: tuple[StageDoc, ...]
    moves: tuple[MoveDoc, ...]
    targets: tuple[TargetDoc, ...]
    any_stage_notes: tuple[str, ...]
    definitions: tuple[DefinitionDoc, ...]
    refusals: tuple[Rule, ...]
    fields: tuple[FactDoc, ...]
    events: tuple[EventsDoc, ...]
    lists: tuple[ListDoc, ...]
    sources: tuple[SourceFile, ...]
