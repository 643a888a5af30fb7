"""One whole policy."""

from __future__ import annotations

from datetime import date

from leadpact.checked.agreement import Agreement, Guarantee
from leadpact.checked.examples import Example
from leadpact.checked.parties import Calendar, Party, Refusal, Role, TextList
from leadpact.checked.points import Grade, Score
from leadpact.checked.records import DerivedKind, Field, Kind
from leadpact.checked.results import Checklist, Definition, Group
from leadpact.checked.stages import AnyStage, Stage
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import SourceFile, Span

__all__ = ["CheckedPolicy"]


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
