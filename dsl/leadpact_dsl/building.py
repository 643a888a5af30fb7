"""From a line's tree to nodes: the walk, and the rules for values and conditions.

Each function here and in the other building modules is named after the grammar rule that it turns
into a node; it gets what the rule's parts became, in the grammar's order, ``None`` for what was
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, TypeAlias, cast

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
    return _RULES[tree.data](place, parts, place.span(tree.meta.start_pos, tree.meta.end_pos))


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
def duration(place: Place, parts: Parts, span: Span) -> nodes.Duration:
    unit = cast(nodes.Unit, parts[1].text.removesuffix("s"))
    amount = the_number(parts[0])
    if amount != int(amount) or amount < 0:
        message = f"`{parts[0].text} {parts[1].text}` is not a length of time that can be counted."
        help_ = "Use a whole number of minutes, hours, days, weeks or months."
        place.complain(Diagnostic("E145", message, span, help_))
    return nodes.Duration(int(amount), unit, span)


# --- conditions --------------------------------------------------------------------------------


@rule
def ref(_place: Place, parts: Parts, span: Span) -> nodes.Ref:
    return nodes.Ref(parts[0], parts[1], span)


@rule
def domain(_place: Place, parts: Parts, span: Span) -> nodes.DomainOf:
    return nodes.DomainOf(parts[0], span)


@rule
def bare(_place: Place, parts: Parts, span: Span) -> nodes.Bare:
    return nodes.Bare(parts[0], span)


@rule
def compare(_place: Place, parts: Parts, span: Span) -> nodes.Compare:
    verb = cast(nodes.Verb, words_of(parts[1]))
    return nodes.Compare(parts[0], verb, tuple(parts[2:]), span)


@rule
def or_better(_place: Place, parts: Parts, span: Span) -> nodes.Compare:
    return nodes.Compare(parts[0], "or better", (parts[2],), span)


@rule
def negation(_place: Place, parts: Parts, span: Span) -> nodes.Not:
    return nodes.Not(parts[0], span)


@rule
def conjunction(_place: Place, parts: Parts, span: Span) -> nodes.AllOf:
    return nodes.AllOf(tuple(parts), span)


def _is_more(part: nodes.Condition) -> bool:
    """Whether this is the end of `is B or higher`, which reads like a name of its own."""
    names = ("above", "greater", "higher", "later", "more", "over", "up")
    return isinstance(part, nodes.Bare) and part.subject.name.text in names


@rule
def disjunction(place: Place, parts: Parts, span: Span) -> nodes.AnyOf:
    for before, after in pairwise(parts):
        if isinstance(before, nodes.Compare) and _is_more(after):
            message = f"Policies do not say `or {after.subject.name.text}`."
            help_ = "Of a grade write `is B or better`; of a number `is at least 5`."
            place.complain(Diagnostic("E132", message, after.span, help_))
    return nodes.AnyOf(tuple(parts), span)


@rule
def within(_place: Place, parts: Parts, span: Span) -> nodes.Within:
    return nodes.Within(parts[0], span)


@rule
def ever(_place: Place, _parts: Parts, span: Span) -> nodes.Ever:
    return nodes.Ever(span)


@frozen
class _Count:
    verb: nodes.CountVerb
    number: nodes.Number


@frozen
class _Different:
    number: nodes.Number
    by: nodes.Word


@rule
def count(_place: Place, parts: Parts, _span: Span) -> _Count:
    return _Count(cast(nodes.CountVerb, words_of(parts[0])), parts[1])


@rule
def different(_place: Place, parts: Parts, _span: Span) -> _Different:
    return _Different(parts[0], parts[1])


@rule
def happened(_place: Place, parts: Parts, span: Span) -> nodes.Happened:
    times = next((part for part in parts if isinstance(part, _Count)), None)
    apart = next((part for part in parts if isinstance(part, _Different)), None)
    return nodes.Happened(
        parts[0],
        none=False,
        count=(times.verb, times.number) if times else None,
        different=(apart.number, apart.by) if apart else None,
        window=next((part for part in parts if isinstance(part, nodes.Window)), None),
        span=span,
    )


@rule
def no_event(_place: Place, parts: Parts, span: Span) -> nodes.Happened:
    return nodes.Happened(parts[0], True, None, None, parts[1], span)


@rule
def list_of(place: Place, parts: Parts, span: Span) -> nodes.Condition:
    members = place.members()
    opener: Literal["all of", "any of", "none of", "at least"] = words_of(parts[0])  # type: ignore[assignment]
    match opener:
        case "all of":
            return nodes.AllOf(members, span)
        case "any of":
            return nodes.AnyOf(members, span)
        case "none of":
            return nodes.NoneOf(members, span)
        case "at least":
            return nodes.AtLeastOf(parts[1], members, span)


@rule
def condition_line(_place: Place, parts: Parts, _span: Span) -> object:
    return parts[0]


@rule
def when(_place: Place, parts: Parts, _span: Span) -> object:
    return parts[0]
