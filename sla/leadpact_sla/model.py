"""What the pages show of results, rules and facts: sentences, numbers and links, nothing left to
work out.

Frozen values in the order of the policy. Texts are plain: escaping is the renderer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = [
    "CategoryDoc",
    "ChecklistDoc",
    "Clause",
    "DefinitionDoc",
    "EventDoc",
    "EventsDoc",
    "FactDoc",
    "GradeDoc",
    "GroupDoc",
    "GroupRowDoc",
    "ItemDoc",
    "LetterDoc",
    "Links",
    "ListDoc",
    "MeaningDoc",
    "QuadrantDoc",
    "Rule",
    "ScoreDoc",
    "Section",
    "Source",
    "State",
    "Tone",
]

Tone: TypeAlias = Literal["plus", "minus", "zero"]

State: TypeAlias = Literal["not yet", "no longer"]
"""Of a dated row that is not in force on the day for which the pages are made."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where readers can answer back; without ``forge`` there are no such links.

    ``forge`` is the address of the repository (``https://git.example.com/team/policies``),
    ``folders`` the folder of each policy in it, by the policy's name.
    """

    forge: str | None = None
    branch: str = "main"
    folders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A line of a policy file. ``href`` leads to it from a page of the same policy."""

    file: str
    line: int
    href: str
    edit: str | None
    ask: str | None


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in words, and what it comes down to.

    All ``parts`` must hold, unless the text says otherwise ("at least one of these"). ``href``
    leads to the rule that the clause speaks of.
    """

    text: str
    href: str | None = None
    parts: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """``points`` and ``tone`` are set for rows of points; ``says`` is then without the points.

    ``also`` are further rule ids that this one line stands for. ``anchor`` is false for a later
    version of a dated row: the first one bears the id that both share.
    """

    rule: str
    says: str
    because: str | None
    source: Source
    points: str | None = None
    tone: Tone | None = None
    also: tuple[str, ...] = ()
    anchor: bool = True
    state: State | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one ``points by``, or rows that stand by themselves (``caption`` None)."""

    caption: str | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class CategoryDoc:
    """``rule`` is ``None`` for the rows outside any category.

    ``changes`` are what time without activity does to it, and what lets it start again.
    """

    anchor: str
    label: str
    rule: Rule | None
    sections: tuple[Section, ...]
    changes: tuple[Rule, ...] = ()
    means: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreDoc:
    page: str
    title: str
    subtitle: str | None
    owner: str | None
    source: Source
    categories: tuple[CategoryDoc, ...]
    changes: tuple[Rule, ...]
    limits: tuple[Rule, ...]
    means: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterDoc:
    rule: Rule
    name: str


@dataclass(frozen=True, slots=True)
class GradeDoc:
    page: str
    title: str
    subtitle: str | None
    owner: str | None
    source: Source
    sections: tuple[Section, ...]
    letters: tuple[LetterDoc, ...]
    needs: tuple[str, ...]
    means: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupRowDoc:
    """``tone`` numbers the group's colours from 0; ``dates`` say when a dated row is in force."""

    rule: Rule
    name: str
    label: str
    tone: int
    clauses: tuple[Clause, ...]
    does: tuple[str, ...]
    means: tuple[str, ...]
    dates: str | None


@dataclass(frozen=True, slots=True)
class QuadrantDoc:
    """A group as a square of two yes-or-no questions.

    ``cells`` maps (across, up) to the index of the row that takes such leads.
    """

    across_label: str
    across: str
    up_label: str
    up: str
    cells: Mapping[tuple[bool, bool], int]


@dataclass(frozen=True, slots=True)
class GroupDoc:
    page: str
    title: str
    owner: str | None
    source: Source
    rows: tuple[GroupRowDoc, ...]
    quadrant: QuadrantDoc | None


@dataclass(frozen=True, slots=True)
class ItemDoc:
    rule: Rule
    question: str
    means: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChecklistDoc:
    page: str
    title: str
    owner: str | None
    source: Source
    items: tuple[ItemDoc, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeaningDoc:
    """What a definition means; ``dates`` say when, where that changes."""

    dates: str | None
    state: State | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class DefinitionDoc:
    rule: Rule
    label: str
    owner: str | None
    meanings: tuple[MeaningDoc, ...]
    means: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactDoc:
    """A field of the lead or a property of an event. ``anchor`` is its place on the page."""

    anchor: str
    label: str
    type: str
    marks: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class EventDoc:
    """``of`` says what a derived kind comes down to."""

    anchor: str
    label: str
    of: tuple[str, ...]
    properties: tuple[FactDoc, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class EventsDoc:
    """What the lead does, what happens around it, or what one party does (``party``)."""

    what: Literal["activities", "signals", "actions"]
    party: str | None
    events: tuple[EventDoc, ...]


@dataclass(frozen=True, slots=True)
class ListDoc:
    anchor: str
    label: str
    members: tuple[str, ...]
    source: Source
