"""From a line's tree to nodes: conditions, and what they are about."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, cast

from leadpact_dsl import nodes
from leadpact_dsl.building import Parts, Place, rule, words_of
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__: list[str] = []


@rule
def ref(_place: Place, parts: Parts, span: Span) -> nodes.Ref:
    return nodes.Ref(parts[0], parts[1], span)


@rule
def domain(_place: Place, parts: Parts, span: Span) -> nodes.DomainOf:
    return nodes.DomainOf(parts[0], span)


@rule
def last_of(_place: Place, parts: Parts, span: Span) -> nodes.LastOf:
    return nodes.LastOf(parts[0], parts[1], span)


@rule
def moment(_place: Place, parts: Parts, span: Span) -> nodes.MomentOf:
    return nodes.MomentOf(words_of(parts[0]), parts[1], span)  # type: ignore[arg-type]


def _since(word: nodes.Word) -> Literal["entering", "leaving"]:
    return "entering" if word.text.endswith("entering") else "leaving"


@rule
def gained(_place: Place, parts: Parts, span: Span) -> nodes.GainedSince:
    return nodes.GainedSince(parts[0], _since(parts[1]), parts[2], span)


@rule
def bare(_place: Place, parts: Parts, span: Span) -> nodes.Bare:
    return nodes.Bare(parts[0], span)


@rule
def compare(_place: Place, parts: Parts, span: Span) -> nodes.Compare:
    verb = cast(nodes.Verb, words_of(parts[1]))
    return nodes.Compare(parts[0], verb, tuple(parts[2:]), span)


@rule
def time_apart(_place: Place, parts: Parts, span: Span) -> nodes.TimeApart:
    subject, verb, apart, direction = parts
    return nodes.TimeApart(
        subject,
        words_of(verb),  # type: ignore[arg-type]
        apart,
        direction.text,
        span,
    )


@rule
def in_stage(_place: Place, parts: Parts, span: Span) -> nodes.InStage:
    how, stage, window = parts
    return nodes.InStage(stage, how.text.startswith("not"), window, span)


@rule
def woken_up(_place: Place, _parts: Parts, span: Span) -> nodes.WokenUp:
    return nodes.WokenUp(span)


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


@rule
def since(_place: Place, parts: Parts, span: Span) -> nodes.Since:
    return nodes.Since(_since(parts[0]), parts[1], span)


@frozen
class _Count:
    verb: nodes.CountVerb
    number: nodes.Number


@frozen
class _Different:
    pair: tuple[nodes.Number, nodes.Word]


@rule
def count(_place: Place, parts: Parts, _span: Span) -> _Count:
    return _Count(cast(nodes.CountVerb, words_of(parts[0])), parts[1])


@rule
def different(_place: Place, parts: Parts, _span: Span) -> _Different:
    return _Different((parts[0], parts[1]))


@rule
def happened(_place: Place, parts: Parts, span: Span) -> nodes.Happened:
    times = next((part for part in parts if isinstance(part, _Count)), None)
    apart = next((part for part in parts if isinstance(part, _Different)), None)
    return nodes.Happened(
        parts[0],
        none=False,
        count=(times.verb, times.number) if times else None,
        different=apart.pair if apart else None,
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
