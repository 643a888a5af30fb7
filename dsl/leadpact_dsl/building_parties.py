"""From a line's tree to nodes: policy, parties and roles, calendars, lists."""

from __future__ import annotations

from typing import cast

from leadpact_dsl import nodes
from leadpact_dsl.building import Parts, Place, rule, words_of
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = ["TextLine", "time_of_day"]


@frozen
class TextLine:
    """A line of text for people: ``note "…"``, ``contact "…"``; ``word`` is what it begins with."""

    word: str
    text: nodes.Quoted
    span: Span


@frozen
class _Members:
    """The texts of a list as its header says them."""

    texts: tuple[nodes.Quoted, ...]
    file: nodes.Quoted | None


def time_of_day(word: nodes.Word) -> nodes.TimeOfDay:
    return nodes.TimeOfDay(word.text, word.span)


@rule
def policy_header(_place: Place, parts: Parts, span: Span) -> nodes.PolicyBlock:
    return nodes.PolicyBlock(parts[0], parts[1], (), span)


@rule
def policy_line(_place: Place, parts: Parts, span: Span) -> nodes.PolicyLine:
    return nodes.PolicyLine(words_of(parts[0]), parts[1], span)  # type: ignore[arg-type]


@rule
def party_header(_place: Place, parts: Parts, span: Span) -> nodes.PartyBlock:
    return nodes.PartyBlock(parts[0], parts[1], (), (), span)


@rule
def role_header(_place: Place, parts: Parts, span: Span) -> nodes.RoleBlock:
    return nodes.RoleBlock(parts[0], parts[1], parts[2], (), (), (), (), span)


@rule
def text_line(_place: Place, parts: Parts, span: Span) -> TextLine:
    return TextLine(words_of(parts[0]), parts[1], span)


# --- calendar ----------------------------------------------------------------------------------


@rule
def calendar_header(_place: Place, parts: Parts, span: Span) -> nodes.CalendarBlock:
    return nodes.CalendarBlock(parts[0], parts[1], parts[2], (), (), (), span)


@rule
def open_through(_place: Place, parts: Parts, span: Span) -> nodes.OpenWeekly:
    return nodes.OpenWeekly((parts[0], parts[1]), True, parts[2], span)


@rule
def open_weekly(_place: Place, parts: Parts, span: Span) -> nodes.OpenWeekly:
    *days, intervals = parts
    return nodes.OpenWeekly(tuple(days), False, intervals, span)


@rule
def open_on(_place: Place, parts: Parts, span: Span) -> nodes.OpenOn:
    return nodes.OpenOn(parts[0], parts[1], parts[2], span)


@rule
def closed_on(_place: Place, parts: Parts, span: Span) -> nodes.ClosedOn:
    return nodes.ClosedOn(parts[0], parts[1], span)


@rule
def closed_holidays(_place: Place, parts: Parts, span: Span) -> nodes.ClosedHolidays:
    return nodes.ClosedHolidays(parts[0], span)


@rule
def day_each_year(_place: Place, parts: Parts, span: Span) -> nodes.Day | nodes.MonthDay:
    day, each_year = parts
    return nodes.MonthDay(day.text, span) if each_year else nodes.Day(day.text, span)


@rule
def intervals(_place: Place, parts: Parts, _span: Span) -> tuple[nodes.Interval, ...]:
    return tuple(parts)


@rule
def interval(_place: Place, parts: Parts, span: Span) -> nodes.Interval:
    return nodes.Interval(time_of_day(parts[0]), time_of_day(parts[1]), span)


# --- list --------------------------------------------------------------------------------------


@rule
def list_header(_place: Place, parts: Parts, span: Span) -> nodes.ListBlock:
    name, label, owner, rest = parts
    said = cast(_Members, rest or _Members((), None))
    return nodes.ListBlock(name, label, owner, said.texts, said.file, span)


@rule
def list_file(_place: Place, parts: Parts, _span: Span) -> _Members:
    return _Members((), parts[0])


@rule
def list_members(_place: Place, parts: Parts, _span: Span) -> _Members:
    return _Members(tuple(parts), None)


@rule
def list_member(_place: Place, parts: Parts, _span: Span) -> tuple[nodes.Quoted, ...]:
    return tuple(parts)
