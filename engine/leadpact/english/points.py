"""Rows of points as English sentences: scores, categories, grades and their letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import assert_never

from leadpact.checked import (
    ByRange,
    ByRest,
    ByRow,
    ByValues,
    Category,
    ChoiceTest,
    Condition,
    EachEvent,
    FieldFact,
    ForEvery,
    Grade,
    Letter,
    OnceEvent,
    OncePerPeriod,
    OncePerProperty,
    PointsBy,
    PointsRow,
    Score,
    TextTest,
    TextType,
    YesNoTest,
)
from leadpact.english.catalogue import ENGLISH
from leadpact.english.clauses import clause, happened, number_between
from leadpact.english.wording import (
    Names,
    amount,
    counted_label,
    day,
    is_plural,
    lower_first,
    number,
    points,
    points_of,
    quoted,
    say,
    window,
)

__all__ = ["by_row_sentence", "category_says", "clamp_says", "letter_says", "row_sentence"]


def row_sentence(names: Names, row: PointsRow) -> str:
    """A row of a score or grade, as ``sentences.row_says`` tells it."""
    given = points(row.points)
    when = clause(names, row.when) if row.when is not None else None
    match row.what:
        case None:
            assert when is not None
            return say("when", points=given, condition=when)
        case EachEvent():
            said = _each(names, given, row.what)
        case OnceEvent():
            said = say("when", points=given, condition=_once(names, row.what))
        case ForEvery():
            said = _for_every(names, given, row.what)
        case _:
            assert_never(row.what)
    return said if when is None else say("only when", row=said, condition=when)


def _each(names: Names, given: str, what: EachEvent) -> str:
    events = what.events
    event = happened(names, events)
    if events.name == "activity":
        parts = [say("each activity", points=given)]
    elif event.startswith(quoted(events.label)):
        parts = [say("each noun", points=given, event=quoted(events.label))]
    else:
        parts = [say("each", points=given, event=event)]
    match what.once_per:
        case OncePerPeriod(period=period):
            parts.append(say("once per period", period=ENGLISH.units[period][0]))
        case OncePerProperty(property=name):
            label = lower_first(names.property_label(events, name))
            parts.append(say("once per property", property=label))
        case None:
            pass
        case _:
            assert_never(what.once_per)
    if what.up_to is not None:
        each = ENGLISH.units[what.up_to.period][0]
        parts.append(say("up to", number=number(what.up_to.amount), period=each))
    parts.append(window(what.window))
    parts += _limits(what.at_most_times, what.at_most_points)
    return ", ".join(parts)


def _limits(times: int | None, hundredths: int | None) -> Iterator[str]:
    if times is not None:
        yield say("at most once") if times == 1 else say("at most times", number=number(times))
    if hundredths is not None:
        yield say("at most points", points=points_of(hundredths))


def _once(names: Names, what: OnceEvent) -> str:
    event = happened(names, what.events)
    if what.at_least > 1:
        if what.events.name == "activity":
            event = say("things done")
        event = say("at least times", event=event, number=number(what.at_least))
    return f"{event} {window(what.window)}"


def _for_every(names: Names, given: str, what: ForEvery) -> str:
    step = names.measured(what.field, what.step)
    counted = counted_label(names.fields[what.field])
    if counted is None:
        field = names.subject(FieldFact(what.field))
        said = say("for every", points=given, step=step, field=field)
    elif what.step == 1:
        said = say("for each counted", points=given, label=counted)
    else:
        said = say("for every counted", points=given, step=step, label=counted)
    return ", ".join([said, *_limits(None, what.at_most_points)])


def by_row_sentence(names: Names, by: PointsBy, row: ByRow) -> str:
    """A row of ``by``, as ``sentences.by_row_says`` tells it."""
    fact = FieldFact(by.field)
    match row.match:
        case ByValues(values=values):
            said = clause(names, _values_test(names, fact, values))
        case ByRange():
            said = _range(names, by, row.match)
        case ByRest(what="otherwise"):
            said = _otherwise(names, by)
        case ByRest():
            said = say("unknown", subject=names.subject(fact))
        case _:
            assert_never(row.match)
    return say("when", points=points(row.points), condition=said)


def _values_test(names: Names, fact: FieldFact, values: tuple[str | bool, ...]) -> Condition:
    """The values of a row as the condition that they stand for."""
    if isinstance(values[0], bool):
        return YesNoTest(fact, values[0])
    texts = tuple(str(text) for text in values)
    if isinstance(names.fields[fact.name].type, TextType):
        return TextTest(fact, "is", texts, negated=False, list_name=None)
    return ChoiceTest(fact, texts, negated=False)


def _otherwise(names: Names, by: PointsBy) -> str:
    """What is left: beyond the last row where all are one-ended ranges, else "anything else"."""
    given = [row.match.values for row in by.rows if isinstance(row.match, ByValues)]
    if len(given) == 1 and isinstance(given[0][0], bool):
        return clause(names, YesNoTest(FieldFact(by.field), not given[0][0]))
    ranges = [row.match for row in by.rows if not isinstance(row.match, ByRest)]
    highs = [r.high for r in ranges if isinstance(r, ByRange) and r.low is None and r.high_open]
    lows = [r.low for r in ranges if isinstance(r, ByRange) and r.high is None]
    if highs and len(highs) == len(ranges) and isinstance(highs[-1], Decimal):
        return number_between(names, by.field, highs[-1], None, high_open=False)
    if lows and len(lows) == len(ranges) and isinstance(lows[-1], Decimal):
        return number_between(names, by.field, None, lows[-1], high_open=True)
    return say("anything else", subject=names.subject(FieldFact(by.field)))


def _range(names: Names, by: PointsBy, match: ByRange) -> str:
    """A range with the end that the rows above it left out: ``below 300`` after ``below 60``."""
    low, high, high_open = match.low, match.high, match.high_open
    for row in by.rows:
        above = row.match
        if above is match:
            break
        if not isinstance(above, ByRange):
            continue
        if match.low is None and above.low is None and above.high is not None:
            low = above.high
        elif match.high is None and above.high is None and above.low is not None:
            high, high_open = above.low, True
    if isinstance(low, date) or isinstance(high, date):
        return _dates(names.subject(FieldFact(by.field)), low, high, high_open)
    return number_between(names, by.field, low, high, high_open)


def _dates(
    field: str, low: Decimal | date | None, high: Decimal | date | None, high_open: bool
) -> str:
    first = day(low) if isinstance(low, date) else None
    last = day(high) if isinstance(high, date) else None
    if first and last:
        return say("from below" if high_open else "from to", field=field, low=first, high=last)
    if last:
        return say("date <" if high_open else "date <=", field=field, value=last)
    return say("date >=", field=field, value=first)


def category_says(category: Category) -> str:
    """A category and its cap: ``Web counts at most 40 points``."""
    words = category.label.lower().split()
    phrase = len(words) > 2
    label = quoted(category.label) if phrase else category.label
    plural = " plural" if words and not phrase and is_plural(words[-1]) else ""
    if category.at_most is None:
        return say(f"category{plural}", category=label)
    return say(f"category cap{plural}", category=label, points=points_of(category.at_most))


def clamp_says(score: Score) -> Mapping[str, str]:
    """The score's own ends by rule id: ``Never more than 100 points``."""
    ends: dict[str, str] = {}
    if score.high is not None:
        ends[f"{score.name}.at_most"] = say("never more", points=points_of(score.high))
    if score.low is not None:
        ends[f"{score.name}.at_least"] = say("never less", points=points_of(score.low))
    return ends


def letter_says(grade: Grade, letter: Letter) -> str:
    """``A from 70 points``, ``B from 45 points, below 70``, ``D below 20 points``"""
    at = grade.letters.index(letter)
    better = grade.letters[at - 1].low if at else None
    if letter.low is None:
        if better is None:
            return say("letter only", letter=letter.name)
        return say("letter last", letter=letter.name, high=points_of(better))
    low = points_of(letter.low)
    if better is None:
        return say("letter best", letter=letter.name, low=low)
    return say("letter middle", letter=letter.name, low=low, high=amount(better))
