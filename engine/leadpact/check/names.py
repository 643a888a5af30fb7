"""The names of a policy: one namespace, who declared what, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from typing import TypeAlias, assert_never

from leadpact.check.coverage import SORT_OF, Coverage, What
from leadpact.check.report import Report, nearest
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.frozen import frozen, mutable
from leadpact_dsl.source import Span

__all__ = [
    "EVENTS",
    "KEYS_OF_EVENTS",
    "PERIODS",
    "RECORD_KEYS",
    "RULE_PREFIXES",
    "Names",
    "Symbol",
    "What",
    "declare",
    "phrase",
]

EVENTS: tuple[What, ...] = ("activity", "signal", "action")

RECORD_KEYS = ("format", "id", "stage", "stage_since", "moves", "activities", "actions")
"""Keys of a lead's record that no field may bear."""

KEYS_OF_EVENTS = ("id", "kind", "at", "by", "lead")
"""Keys of an event in a record or a table that no property may bear."""

RULE_PREFIXES = ("any_stage", "agreement", "guarantee")
"""What the names of rules begin with that belong to no named block."""

_NAMING: tuple[What, ...] = ("score", "grade", "group", "checklist", "stage")
"""What gives its name to rules."""

PERIODS = ("day", "week", "month", "quarter")
"""Words that ``once per`` and ``up to`` read as periods, so no property may bear them."""

_PHRASES: dict[What, str] = {
    "field": "a field of the lead",
    "activity": "an activity",
    "signal": "a signal",
    "action": "an action",
    "score": "a score",
    "grade": "a grade",
    "group": "a group",
    "checklist": "a checklist",
    "definition": "a definition",
    "stage": "a stage",
    "target": "a target",
    "worklist": "a worklist",
    "party": "a party",
    "role": "a role",
    "calendar": "a calendar",
    "list": "a list",
}

_DECLARED_IN: dict[What, str] = {
    "field": "add a line for it under `lead:`",
    "activity": "add a line for it under `activities:`",
    "signal": "add a line for it under `signals:`",
    "action": "add a line for it under `actions by …:`",
    "score": "add a block `score {name}:`",
    "grade": "add a block `grade {name}:`",
    "group": "add a block `group {name}:`",
    "checklist": "add a block `checklist {name}:`",
    "definition": "add `define {name} when …`",
    "stage": "add a block `stage {name}:`",
    "target": "add a line `target {name} is …` to a stage",
    "worklist": "add a line `put on worklist {name}` to a move",
    "party": "add a line `party {name}`",
    "role": "add a line `role {name} of …`",
    "calendar": "add a block `calendar {name}:`",
    "list": "add a line `list {name}: …`",
}


def phrase(what: What) -> str:
    """``a field of the lead``"""
    return _PHRASES[what]


@frozen
class Symbol:
    what: What
    span: Span

    @property
    def phrase(self) -> str:
        return _PHRASES[self.what]


@mutable
class Names:
    """``poisoned`` are names of which something wrong has been said already: what depends on
    them is not judged any more, so that one mistake gives one diagnostic. ``damaged`` are names
    on lines that could not be read: nothing is said where such a name is missing. ``lost`` knows
    of declarations that are unreadable down to their name.
    """

    report: Report
    damaged: frozenset[str]
    lost: Coverage
    symbols: dict[str, Symbol] = field(default_factory=dict)
    poisoned: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    _unknown: dict[str, int] = field(default_factory=dict)
    _again: dict[str, list[Span]] = field(default_factory=dict)

    def add(self, what: What, word: nodes.Word) -> bool:
        """Enter a declaration; false where the name is taken."""
        first = self.symbols.get(word.text)
        if first is None:
            self.symbols[word.text] = Symbol(what, word.span)
            return True
        if first.what != what:
            # Which of the two is meant where the name is used, nobody can tell.
            self.poisoned.add(word.text)
        self.report.error(
            "E202",
            f"{ticked(word.text)} is declared twice.",
            word.span,
            f"{ticked(word.text)} is already {first.phrase}, see {place(first.span, word.span)}. "
            "Give one of them another name.",
        )
        return False

    def look_up(self, word: nodes.Word, *wants: What, help_: str = "") -> Symbol | None:
        """The symbol of one of the kinds wanted, or ``None`` after saying what is wrong."""
        name = word.text
        self.used.add(name)
        if name in self.poisoned:
            return None
        symbol = self.symbols.get(name)
        if symbol is None:
            told = name in self.damaged or self.report.mended(word)
            if not told and not self.lost.declaration(wants):
                self._say_unknown(word, wants)
            return None
        if wants and symbol.what not in wants:
            wanted = _either([_PHRASES[what] for what in wants])
            self.report.error(
                "E204",
                f"{ticked(name)} is {symbol.phrase}, not {wanted}.",
                word.span,
                help_ or self._instead(name, wants, wanted),
            )
            return None
        return symbol

    def first_of(self, missing: str, span: Span) -> bool:
        """Whether this is the first place that misses something, to be said next; the others are
        added to what is said there.
        """
        if missing in self._unknown:
            self._again.setdefault(missing, []).append(span)
            return False
        self._unknown[missing] = len(self.report.found)
        return True

    def of(self, *wants: What) -> list[str]:
        return [name for name, symbol in self.symbols.items() if symbol.what in wants]

    def _instead(self, name: str, wants: tuple[What, ...], wanted: str) -> str:
        near = nearest(name, self.of(*wants))
        return f"Did you mean {ticked(near)}?" if near else f"Name {wanted} here."

    def _say_unknown(self, word: nodes.Word, wants: tuple[What, ...]) -> None:
        name = word.text
        if not self.first_of(name, word.span):
            return
        if name == "activity":
            self.report.error(
                "E207",
                "`activity` stands for any activity of the lead, and cannot be used here.",
                word.span,
                "It goes with a window: `activity within 30 days`. Name one activity here.",
            )
            return
        near = nearest(name, self.of(*wants) if wants else self.symbols)
        wanted = _PHRASES[wants[0]].split(" ", 1)[1] if len(wants) == 1 else ""
        self.report.error(
            "E201",
            f"There is no {wanted} {ticked(name)}."
            if wanted
            else f"Nothing is named {ticked(name)}.",
            word.span,
            f"Did you mean {ticked(near)}?" if near else self._declare(name, wants),
            self.report.replaced(word.span, near) if near else None,
        )

    def _declare(self, name: str, wants: tuple[What, ...]) -> str:
        if not wants:
            return "Declare it, or check the spelling."
        return f"Declare it first: {_DECLARED_IN[wants[0]].format(name=name)}."

    def finish(self) -> None:
        """Tell the other places of names that stand nowhere: said once, with all lines."""
        for name, spans in self._again.items():
            index = self._unknown[name]
            said = self.report.found[index]
            others = [span for span in spans if (span.file, span.line) != _line_of(said.span)]
            places = list(dict.fromkeys(place(span, said.span) for span in others))
            if places:
                shown = ", ".join(places[:_MOST_PLACES])
                more = len(places) - _MOST_PLACES
                also = f"{shown} and {more} more places" if more > 0 else shown
                self.report.found[index] = replace(
                    said, help=f"{said.help} It also stands in {also}."
                )


def _either(phrases: list[str]) -> str:
    """``a stage``, ``an activity or an action``, ``a score, a grade or a group``"""
    *more, last = phrases
    return f"{', '.join(more)} or {last}" if more else last


_MOST_PLACES = 5


def _line_of(span: Span) -> tuple[str, int]:
    return span.file, span.line


def place(span: Span, seen_from: Span) -> str:
    """``line 12``, with the file where it is another one."""
    return f"line {span.line}" if span.file == seen_from.file else f"{span.file}:{span.line}"


def declare(document: nodes.Document, names: Names) -> frozenset[int]:
    """Enter all declarations; the identities of those that came second to their name."""
    second = set()
    shared: dict[str, object] = {}
    for what, word, node, within in _declarations(document):
        if within is not None and shared.get(word.text) == within:
            # A worklist may be named by many moves, and a target changes from a day on.
            continue
        if word.text == "activity" and what in EVENTS:
            _say_reserved(names, word, "`activity` stands for any activity of the lead.")
            second.add(id(node))
        elif what == "field" and word.text in RECORD_KEYS:
            _say_reserved(names, word, f"A lead's record keeps {ticked(word.text)} for itself.")
            second.add(id(node))
        elif what in ("party", "role") and word.text == "owner":
            _say_reserved(names, word, "`tell owner` means whoever owns the stage.")
            second.add(id(node))
        elif what in _NAMING and word.text in RULE_PREFIXES:
            _say_reserved(names, word, f"Names of rules begin with {ticked(word.text)}.")
            second.add(id(node))
        elif not names.add(what, word):
            second.add(id(node))
        elif within is not None:
            shared[word.text] = within
    return frozenset(second)


def _say_reserved(names: Names, word: nodes.Word, why: str) -> None:
    names.poisoned.add(word.text)
    names.report.error(
        "E203", f"{ticked(word.text)} is reserved.", word.span, f"{why} Choose another name."
    )


Declaration: TypeAlias = tuple[What, nodes.Word, object, object]
"""What it declares, its name, its node, and within what the same name may stand again."""


def _declarations(document: nodes.Document) -> Iterator[Declaration]:
    for block in document.blocks:
        match block:
            case nodes.PartyBlock():
                yield "party", block.name, block, None
            case nodes.RoleBlock():
                yield "role", block.name, block, None
            case nodes.CalendarBlock():
                yield "calendar", block.name, block, None
            case nodes.ListBlock():
                yield "list", block.name, block, None
            case nodes.LeadBlock():
                for line in block.fields:
                    yield "field", line.name, line, None
            case nodes.EventsBlock():
                for kind in block.kinds:
                    yield SORT_OF[block.what], kind.name, kind, None
            case nodes.ScoreBlock():
                yield "score", block.name, block, None
            case nodes.GradeBlock():
                yield "grade", block.name, block, None
            case nodes.DefineBlock():
                yield "definition", block.name, block, None
            case nodes.GroupBlock():
                yield "group", block.name, block, None
            case nodes.ChecklistBlock():
                yield "checklist", block.name, block, None
            case nodes.StageBlock():
                yield "stage", block.name, block, None
                for target in block.targets:
                    yield "target", target.name, target, block.name.text
                yield from _worklists(block.moves)
            case nodes.AnyStageBlock():
                yield from _worklists(block.moves)
            case (
                nodes.PolicyBlock()
                | nodes.AgreementBlock()
                | nodes.GuaranteeBlock()
                | nodes.ExampleBlock()
            ):
                pass
            case _ as never:
                assert_never(never)


def _worklists(moves: Iterable[nodes.MoveLine]) -> Iterator[Declaration]:
    for move in moves:
        for worklist in move.worklists:
            yield "worklist", worklist.name, worklist, "worklist"
