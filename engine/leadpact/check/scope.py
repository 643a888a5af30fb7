"""What conditions and rows can speak of: everything that is declared, with its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from leadpact import checked
from leadpact.check.coverage import Coverage
from leadpact.check.names import EVENTS, Names
from leadpact.check.report import Report, nearest
from leadpact.check.words import alternatives, enumerated, ticked
from leadpact_dsl import nodes
from leadpact_dsl.frozen import frozen, mutable
from leadpact_dsl.source import Span

__all__ = ["FIELDS_OF_LEAD", "LEAD", "ChecklistShape", "Place", "Scope", "ScoreShape", "Way"]


@frozen
class ScoreShape:
    """Bounds in hundredths; ``categories`` with their caps."""

    low: int | None
    high: int | None
    categories: Mapping[str, int | None]


@frozen
class ChecklistShape:
    """The items, and which of them are answered by a party."""

    items: Mapping[str, bool]


@frozen
class Way:
    """A move: the stage that it leaves (``None``: any), how, where it leads, and whether the lead
    sleeps there at first.
    """

    of: str | None
    how: str
    to: str
    sleeps: bool = False


@frozen
class Place:
    """Where a condition stands.

    ``fields`` are the only facts of a condition that reads fields alone (``only`` says which in
    words, as in "fields of the lead"). ``owner`` is the definition, score, … whose result hangs
    on the condition. ``in_stage`` allows events without a window; ``asks`` is true in an item of
    a checklist.
    """

    fields: Mapping[str, checked.Field] | None = None
    only: str = ""
    owner: str | None = None
    in_stage: bool = False
    asks: bool = False


_NONE = ", and there are none"

FIELDS_OF_LEAD = "fields of the lead"

LEAD = Place()
"""A condition about the lead that no result hangs on."""


@mutable
class Scope:
    """The declarations of one policy, filled by the passes from top to bottom."""

    report: Report
    names: Names
    lost: Coverage
    zone: str = "UTC"
    currency: str | None = None
    # Whether it has been said that money lacks its currency.
    currency_said: bool = False
    fields: dict[str, checked.Field] = field(default_factory=dict)
    kinds: dict[str, checked.Kind] = field(default_factory=dict)
    patterns: dict[str, checked.EventPattern] = field(default_factory=dict)
    # Values of `one of` that are declared without quotes, with their field's name.
    bare_values: set[tuple[str, str]] = field(default_factory=set)
    # Properties of which something wrong has been said already.
    wrong_properties: set[str] = field(default_factory=set)
    lists: dict[str, checked.TextList] = field(default_factory=dict)
    scores: dict[str, ScoreShape] = field(default_factory=dict)
    grades: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    checklists: dict[str, ChecklistShape] = field(default_factory=dict)
    calendars: dict[str, checked.Calendar] = field(default_factory=dict)
    # The stages in the order written, the one in which leads begin, and each target's stage.
    stages: tuple[str, ...] = ()
    start: str | None = None
    targets: dict[str, str] = field(default_factory=dict)
    # What can become of each target, as far as its lines tell.
    target_states: dict[str, frozenset[str]] = field(default_factory=dict)
    # All moves as written; `all_ways` tells whether all could be read.
    ways: list[Way] = field(default_factory=list)
    all_ways: Callable[[], bool] = lambda: True
    # The labels of worklists, where one is written.
    worklists: dict[str, str] = field(default_factory=dict)
    # The worklists on which moves put leads that are not made by hand.
    filled: frozenset[str] = frozenset()
    # Who hangs on whom, for the search for circles: owner -> (what it mentions, where).
    leans_on: dict[str, list[tuple[str, Span]]] = field(default_factory=dict)
    # Texts that stand in conditions and the lists that the same fact is compared with.
    texts: list[tuple[checked.TextFact, str, Span]] = field(default_factory=list)
    listed: dict[checked.TextFact, set[str]] = field(default_factory=dict)
    # Where it is asked whether the lead has woken up.
    woken: list[Span] = field(default_factory=list)
    # Which result mentions which field, and where.
    field_uses: list[tuple[str, str, Span]] = field(default_factory=list)

    def lean(self, place: Place, word: nodes.Word) -> None:
        """Remember that the place's owner hangs on a result."""
        if place.owner is not None:
            self.leans_on.setdefault(place.owner, []).append((word.text, word.span))

    def find_field(self, word: nodes.Word, place: Place) -> checked.Field | None:
        """The field or property of that name, or ``None`` after saying what is wrong."""
        if place.fields is None or place.only == FIELDS_OF_LEAD:
            if self.names.look_up(word, "field") is None:
                return None
            if place.owner is not None:
                self.field_uses.append((place.owner, word.text, word.span))
            return self.fields.get(word.text)
        found = place.fields.get(word.text)
        if found is not None:
            return found
        self.say_no_property(word, place.fields, place.only)
        return None

    def say_no_property(
        self,
        word: nodes.Word,
        fields: Mapping[str, checked.Field],
        only: str,
        periods: tuple[str, ...] = (),
    ) -> None:
        """Say that a name is none of a few fields or properties, nor of the periods that could
        stand there too.
        """
        name = word.text
        if name in self.wrong_properties or name in self.names.damaged:
            return
        if self.report.mended(word):
            return
        symbol = self.names.symbols.get(name)
        named = f": {alternatives([*periods, *fields])}" if fields or periods else _NONE
        only = f"periods and {only}" if periods else only
        if symbol is not None:
            self.report.error(
                "E207",
                f"{ticked(name)} is {symbol.phrase}, which cannot be used here.",
                word.span,
                f"Only {only} can stand here{named}.",
            )
            return
        # A property whose name is lost may be the one that is meant.
        if self.lost.declaration(EVENTS) or not self.names.first_of(f"{only} {name}", word.span):
            return
        near = nearest(name, [*periods, *fields])
        self.report.error(
            "E205",
            f"{ticked(name)} is none of the {only}.",
            word.span,
            f"Did you mean {ticked(near)}?" if near else f"Only they can stand here{named}.",
            self.report.replaced(word.span, near) if near else None,
        )

    def pattern(self, ref: nodes.Ref) -> checked.EventPattern | None:
        """The events that a name stands for, or ``None`` after saying what is wrong."""
        name = ref.name.text
        if ref.member is None:
            if name == "activity":
                return self.any_activity()
            if self.names.look_up(ref.name, *EVENTS) is None:
                return None
            return self.patterns.get(name)
        if self.names.look_up(ref.name, "checklist") is None:
            return None
        shape = self.checklists.get(name)
        if shape is None or not self.part(ref.member, shape.items, "item", of=name):
            return None
        if not shape.items[ref.member.text]:
            self.report.error(
                "E204",
                f"{ticked(self.report.words(ref.span))} is met by a condition, nobody answers it.",
                ref.span,
                f"Only an item that is `answered by` a party has answers. Write `{name}."
                f"{ref.member.text} is met`.",
            )
            return None
        return self.patterns.get(f"{name}.{ref.member.text}")

    def any_activity(self) -> checked.EventPattern:
        """``activity``: every base kind declared under ``activities:``, and no signal."""
        parts = tuple(
            checked.PatternPart(kind.name, None)
            for kind in self.kinds.values()
            if kind.party is None and not kind.signal
        )
        self.names.used.update(part.kind for part in parts)
        return checked.EventPattern("activity", "Any activity", parts, of_actions=False)

    def properties(self, pattern: checked.EventPattern) -> dict[str, checked.Field]:
        """The properties that events of a pattern may have."""
        found: dict[str, checked.Field] = {}
        for part in pattern.parts:
            for each in self.kinds[part.kind].properties if part.kind in self.kinds else ():
                found.setdefault(each.name, each)
        return found

    def part(self, word: nodes.Word, known: Mapping[str, object], what: str, *, of: str) -> bool:
        """Whether a category, item, letter or row of a block exists; says so where it does not."""
        if word.text in known:
            return True
        if word.text in self.names.damaged or self.report.mended(word) or self.lost.part(of):
            return False
        if not self.names.first_of(f"{of}.{word.text}", word.span):
            return False
        near = nearest(word.text, known)
        self.report.error(
            "E205",
            f"{ticked(of)} has no {what} {ticked(word.text)}.",
            word.span,
            f"Did you mean {ticked(near)}?" if near else _there(known),
            self.report.replaced(word.span, near) if near else None,
        )
        return False


def _there(known: Mapping[str, object]) -> str:
    if not known:
        return "There is none."
    return f"There {'is only' if len(known) == 1 else 'are'} {enumerated(known)}."
