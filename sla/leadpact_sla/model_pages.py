"""What the pages show that is made from several blocks of a policy at once.

Frozen values, as in ``model``. Texts are plain, and links lead from a page of the same policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from leadpact_sla.model import Rule, Source, State

__all__ = [
    "AnswerDoc",
    "BarDoc",
    "CardDoc",
    "Cell",
    "ChangedDoc",
    "ClockDoc",
    "ComingDoc",
    "CountDoc",
    "DutiesDoc",
    "DutyDoc",
    "Letter",
    "LinkDoc",
    "MomentDoc",
    "OpeningDoc",
    "PromiseDoc",
    "PromisesDoc",
    "SettingDoc",
    "SheetDoc",
    "StoryDoc",
    "TermDoc",
    "VerdictDoc",
]


@dataclass(frozen=True, slots=True)
class LinkDoc:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class CardDoc:
    """Where one kind of reader goes on."""

    title: str
    links: tuple[LinkDoc, ...]


# --- start here ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpeningDoc:
    """The rule in one paragraph: what makes the lead that sales wants, who owns it, and by when.

    ``means`` opens up the condition where that has a name.
    """

    becomes: str
    owner: str | None
    by_when: tuple[str, ...]
    means: str | None


@dataclass(frozen=True, slots=True)
class ChangedDoc:
    """What one rule says before and from a day on; ``None``: it is not in force then."""

    rule: str
    href: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ComingDoc:
    """What changes on a day to come."""

    anchor: str
    day: str
    changes: tuple[ChangedDoc, ...]


# --- the agreement -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PromiseDoc:
    """``figure`` is the promise's number: ``120``, ``60%``."""

    rule: Rule
    figure: str


@dataclass(frozen=True, slots=True)
class PromisesDoc:
    """What one party promises; ``party`` ``None`` and no tone: what nobody promises alone."""

    party: str | None
    tone: int | None
    promises: tuple[PromiseDoc, ...]
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockDoc:
    """A target, or a time-out. ``share`` is how often the agreement promises to keep it.

    ``limit`` is short: ``4 business hours``, ``by 17:00``; ``of`` names its calendar. ``missed``
    says who is told and what happens then.
    """

    rule: str
    href: str
    label: str
    stage: str
    who: str | None
    tone: int | None
    limit: str
    of: str | None
    starts: str
    share: str | None
    missed: tuple[str, ...]
    state: State | None


@dataclass(frozen=True, slots=True)
class AnswerDoc:
    """Why leads come back from a stage, and what the receiver does then.

    ``reasons`` are those that can be given; ``number`` is the move's badge.
    """

    number: int
    href: str
    reasons: tuple[str, ...]
    start: str
    to: str
    who: str | None
    does: tuple[str, ...]
    brings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetDoc:
    """The signing sheet. Of what does not fit on one page, ``more`` says how much stands elsewhere,
    and the page cuts each text of a ``crowded`` sheet.

    ``makes`` is the rule itself, ``lines`` are those to sign: party, role, and day if signed.
    ``party`` is ``None`` for what nobody promises alone.
    """

    makes: tuple[str, ...]
    promises: tuple[tuple[str | None, tuple[str, ...]], ...]
    clocks: tuple[ClockDoc, ...]
    reasons: tuple[str, ...]
    terms: tuple[str, ...]
    lines: tuple[tuple[str, str | None, str | None], ...]
    more: str | None
    crowded: bool


# --- who does what -------------------------------------------------------------------------------

Letter: TypeAlias = Literal["R", "A", "C", "I"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The parts of one party or role in a duty; ``note`` says when it is told."""

    letters: tuple[Letter, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class DutyDoc:
    """``cells`` stand in the order of the parties and roles."""

    what: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class DutiesDoc:
    title: str
    duties: tuple[DutyDoc, ...]


@dataclass(frozen=True, slots=True)
class SettingDoc:
    """A question about which teams differ, what this policy says, and the rules that say so."""

    question: str
    answers: tuple[str, ...]
    rules: tuple[LinkDoc, ...]


# --- words ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TermDoc:
    """A name of the policy. ``kind`` says what it is: a stage, a fact, an activity."""

    label: str
    name: str
    kind: str
    meanings: tuple[str, ...]
    href: str
    source: Source


# --- worked examples -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BarDoc:
    """A row of a waterfall. ``left`` and ``width`` are hundredths of the picture's width."""

    rule: str | None
    href: str | None
    says: str
    note: str | None
    points: str
    kind: Literal["plus", "minus", "total"]
    left: str
    width: str


@dataclass(frozen=True, slots=True)
class CountDoc:
    """How a score or grade comes about. ``marks`` are thresholds: where they lie, and their text.

    ``value`` is what comes out: points, or a letter.
    """

    label: str
    href: str
    value: str
    bars: tuple[BarDoc, ...]
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class VerdictDoc:
    """What comes out of an example: ``tone`` numbers a group's colours."""

    text: str
    tone: int | None


@dataclass(frozen=True, slots=True)
class MomentDoc:
    """A point of a time line. ``kind`` tells what happened from what the policy does."""

    when: str
    texts: tuple[str, ...]
    kind: Literal["event", "stage", "now", "step"]


@dataclass(frozen=True, slots=True)
class StoryDoc:
    """A worked example. ``facts`` are label and value; ``moments`` stand in order of time.

    ``full``: the first that ends in this way, shown whole; others are folded. ``trouble`` says that
    the rules no longer give what is expected.
    """

    anchor: str
    name: str
    as_of: str
    facts: tuple[tuple[str, str], ...]
    moments: tuple[MomentDoc, ...]
    verdicts: tuple[VerdictDoc, ...]
    counts: tuple[CountDoc, ...]
    expected: tuple[str, ...]
    trouble: str | None
    full: bool
    source: Source
