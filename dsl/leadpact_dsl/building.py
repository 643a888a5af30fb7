"""From a line's tree to nodes: the walk, and the rules for values and lengths of time.

Each function here and in the other building modules is named after the grammar rule that it turns
into a node; it gets what the rule's parts became, in the grammar's order, ``None`` for what was
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias, cast

from leadpact_dsl import nodes
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.frozen import frozen
from leadpact_dsl.grammar import Leaf, Tree
from leadpact_dsl.source import Span

__all__ = ["Parts", "Place", "build", "rule", "the_number", "words_of"]

# What the parts of a rule became. Which type stands where is the grammar's business, so the
# rules take it on trust.
Parts: TypeAlias = list[Any]


@frozen
class Place:
    """The line that is being read.

    ``columns`` maps offsets into the text that was parsed to columns of the file; ``members``
    reads the conditions below a line that ends in ``all of:`` and the like; ``complain`` takes
    what the grammar lets through and the language does not.
    """

    file: str
    line: int
    columns: Sequence[int]
    members: Callable[[], tuple[nodes.Condition, ...]]
    complain: Callable[[Diagnostic], None]

    def span(self, start: int, end: int) -> Span:
        last = self.columns[end - 1] + 1 if end > start else self.columns[start]
        return Span(self.file, self.line, self.columns[start], self.line, last)


Rule: TypeAlias = Callable[[Place, Parts, Span], object]
_RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Enter a function as what its grammar rule becomes."""
    name: str = function.__name__
    _RULES[name.removesuffix("_")] = function
    return function


def build(place: Place, tree: Tree) -> object:
    """What a tree becomes."""
    parts: Parts = []
    for child in tree.children:
        if child is None:
            parts.append(None)
        elif isinstance(child, str):
            parts.append(_leaf(place, child))
        else:
            parts.append(build(place, cast(Tree, child)))
    # The end of a row may be a rule that read nothing, and then stands nowhere.
    at = (0, 0) if tree.meta.empty else (tree.meta.start_pos, tree.meta.end_pos)
    return _RULES[tree.data](place, parts, place.span(*at))


def _leaf(place: Place, text: str) -> nodes.Word | nodes.Quoted:
    leaf = cast(Leaf, text)
    span = place.span(leaf.start_pos, leaf.end_pos)
    if leaf.type == "QUOTED":
        return nodes.Quoted(text[1:-1], span)
    return nodes.Word(str(text), span)


def words_of(word: nodes.Word) -> str:
    """A keyword with single blanks."""
    return " ".join(word.text.split())


def the_number(word: nodes.Word) -> Decimal:
    return Decimal(word.text.replace(",", ""))


# --- values ------------------------------------------------------------------------------------


@rule
def word(_place: Place, parts: Parts, _span: Span) -> nodes.Word:
    return cast(nodes.Word, parts[0])


@rule
def quoted(_place: Place, parts: Parts, _span: Span) -> nodes.Quoted:
    return cast(nodes.Quoted, parts[0])


@rule
def number(_place: Place, parts: Parts, span: Span) -> nodes.Number:
    return nodes.Number(the_number(parts[0]), span)


@rule
def money(_place: Place, parts: Parts, span: Span) -> nodes.Money:
    return nodes.Money(the_number(parts[0]), parts[1].text, span)


@rule
def day(_place: Place, parts: Parts, span: Span) -> nodes.Day:
    return nodes.Day(parts[0].text, span)


@rule
def clock(_place: Place, parts: Parts, span: Span) -> nodes.Clock:
    return nodes.Clock(words_of(parts[0]), span)


@rule
def percent(_place: Place, parts: Parts, span: Span) -> nodes.Number:
    return nodes.Number(the_number(parts[0]), span)


def _length(place: Place, parts: Parts, span: Span) -> nodes.Duration:
    unit = cast(nodes.Unit, words_of(parts[1]).removesuffix("s"))
    amount = the_number(parts[0])
    if amount != int(amount) or amount < 0:
        message = f"`{parts[0].text} {parts[1].text}` is not a length of time that can be counted."
        help_ = "Use a whole number of minutes, hours, days, weeks or months."
        place.complain(Diagnostic("E145", message, span, help_))
    return nodes.Duration(int(amount), unit, span)


@rule
def duration(place: Place, parts: Parts, span: Span) -> nodes.Duration:
    return _length(place, parts, span)


@rule
def business_time(place: Place, parts: Parts, span: Span) -> nodes.Duration:
    return replace(_length(place, parts, span), calendar=parts[2])


@rule
def in_force(_place: Place, parts: Parts, span: Span) -> nodes.InForce:
    if words_of(parts[0]) == "in force until":
        return nodes.InForce(None, parts[1], span)
    return nodes.InForce(parts[1], parts[2], span)
