"""Whole files."""

from __future__ import annotations

from typing import TypeAlias

from leadpact_dsl.frozen import frozen
from leadpact_dsl.nodes.agreement import AgreementBlock, GuaranteeBlock
from leadpact_dsl.nodes.calendars import CalendarBlock
from leadpact_dsl.nodes.examples import ExampleBlock
from leadpact_dsl.nodes.parties import ListBlock, PartyBlock, PolicyBlock, RoleBlock
from leadpact_dsl.nodes.points import GradeBlock, ScoreBlock
from leadpact_dsl.nodes.records import EventsBlock, LeadBlock
from leadpact_dsl.nodes.results import ChecklistBlock, DefineBlock, GroupBlock
from leadpact_dsl.nodes.stages import AnyStageBlock, StageBlock

__all__ = ["Block", "Document"]


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
