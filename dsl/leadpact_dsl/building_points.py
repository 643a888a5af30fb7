"""From a line's tree to nodes: scores, grades and their rows."""

from __future__ import annotations

from typing import Literal

from leadpact_dsl import nodes
from leadpact_dsl.building import Parts, Place, rule, the_number, words_of
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = ["LettersLine"]


@frozen
class LettersLine:
    """``letters:``"""

    span: Span


@rule
def score_header(_place: Place, parts: Parts, span: Span) -> nodes.ScoreBlock:
    name, label, low, high, owner = parts
    return nodes.ScoreBlock(name, label, low, high, owner, (), span)


@rule
def grade_header(_place: Place, parts: Parts, span: Span) -> nodes.GradeBlock:
    return nodes.GradeBlock(parts[0], parts[1], parts[2], (), (), None, (), span)


@rule
def category(_place: Place, parts: Parts, span: Span) -> nodes.Category:
    return nodes.Category(parts[0], parts[1], parts[2], (), span)


@rule
def points(_place: Place, parts: Parts, span: Span) -> nodes.Points:
    return nodes.Points(the_number(parts[0]), span)


@rule
def points_row(_place: Place, parts: Parts, span: Span) -> nodes.PointsRow:
    value, what, when, tail = parts
    return nodes.PointsRow(value, what, when, tail.as_name, tail.because, span, tail.in_force)


@rule
def each(_place: Place, parts: Parts, span: Span) -> nodes.EachEvent:
    event, once_per, up_to, window, at_most, decay = parts
    return nodes.EachEvent(event, once_per, up_to, window, at_most, span, decay)


@rule
def once_per(_place: Place, parts: Parts, span: Span) -> nodes.OncePer:
    return nodes.OncePer(parts[0], span)


@rule
def up_to(_place: Place, parts: Parts, span: Span) -> nodes.UpTo:
    return nodes.UpTo(parts[0], parts[1], span)


@rule
def once(_place: Place, parts: Parts, span: Span) -> nodes.OnceEvent:
    at_least = next((part for part in parts if isinstance(part, nodes.Number)), None)
    window = next((part for part in parts if isinstance(part, nodes.Window)), None)
    return nodes.OnceEvent(parts[0], at_least, window, span, parts[-1])


@rule
def for_every(_place: Place, parts: Parts, span: Span) -> nodes.ForEvery:
    return nodes.ForEvery(parts[0], parts[1], parts[2], span)


@rule
def limit(_place: Place, parts: Parts, span: Span) -> nodes.Limit:
    what: Literal["points", "times"] = "points" if parts[2].text.startswith("p") else "times"
    return nodes.Limit(parts[1], what, span)


@rule
def decay(_place: Place, parts: Parts, span: Span) -> nodes.Decay:
    how: Literal["halving", "fading"] = "halving" if "halving" in parts[0].text else "fading"
    return nodes.Decay(how, parts[1], span)


@rule
def inactivity(place: Place, parts: Parts, span: Span) -> nodes.Inactivity:
    *much, period, floor = parts
    if period.text not in ("day", "week", "month"):
        message = f"Points are not counted down by the {period.text}."
        help_ = "Write `for each day`, `for each week` or `for each month`."
        place.complain(Diagnostic("E132", message, period.span, help_))
    unit: Literal["percent", "points"] = "points" if len(much) > 1 else "percent"
    return nodes.Inactivity(much[0], unit, period, floor, span)


@rule
def restart(_place: Place, parts: Parts, span: Span) -> nodes.StartsAgain:
    how, name = parts
    if words_of(how) == "after":
        return nodes.StartsAgain(name, None, span)
    return nodes.StartsAgain(None, name, span)


@rule
def points_by(_place: Place, parts: Parts, span: Span) -> nodes.PointsBy:
    return nodes.PointsBy(parts[0], (), span)


@rule
def points_by_row(_place: Place, parts: Parts, span: Span) -> nodes.PointsByRow:
    value, match, tail = parts
    return nodes.PointsByRow(value, match, tail.as_name, tail.because, span, tail.in_force)


@rule
def match_values(_place: Place, parts: Parts, span: Span) -> nodes.MatchValues:
    return nodes.MatchValues(tuple(parts), span)


@rule
def match_range(_place: Place, parts: Parts, span: Span) -> nodes.MatchRange:
    return nodes.MatchRange(parts[0], parts[1], span)


@rule
def match_from(_place: Place, parts: Parts, span: Span) -> nodes.MatchRange:
    return nodes.MatchRange(parts[0], None, span)


@rule
def match_below(_place: Place, parts: Parts, span: Span) -> nodes.MatchRange:
    return nodes.MatchRange(None, parts[0], span)


@rule
def match_rest(_place: Place, parts: Parts, span: Span) -> nodes.MatchRest:
    return nodes.MatchRest(parts[0].text, span)


@rule
def letters(_place: Place, _parts: Parts, span: Span) -> LettersLine:
    return LettersLine(span)


@rule
def letter(_place: Place, parts: Parts, span: Span) -> nodes.Letter:
    low = parts[1] if isinstance(parts[1], nodes.Number) else None
    return nodes.Letter(parts[0], low, span, parts[-1])


@rule
def needs_known(_place: Place, parts: Parts, span: Span) -> nodes.NeedsKnown:
    return nodes.NeedsKnown(parts[1], tuple(parts[2:]), span)
