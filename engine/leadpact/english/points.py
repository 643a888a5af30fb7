"""Rows of points as English sentences: scores, categories, grades and their letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol, assert_never

from leadpact.checked import (
    ByRange,
    ByRest,
    ByRow,
    ByValues,
    Category,
    ChoiceTest,
    Condition,
    Decay,
    Duration,
    EachEvent,
    FieldFact,
    ForEvery,
    Grade,
    Inactivity,
    InForce,
    Letter,
    OnceEvent,
    OncePerPeriod,
    OncePerProperty,
    PointsBy,
    PointsRow,
    Restart,
    Score,
    TextTest,
    TextType,
    YesNoTest,
)
from leadpact.dated import is_in_force
from leadpact.english.catalogue import ENGLISH
from leadpact.english.clauses import clause, number_between
from leadpact.english.happenings import by_lead, happened
from leadpact.english.names import Names
from leadpact.english.telling import dates, fits, packed, under
from leadpact.english.wording import (
    amount,
    counted_label,
    day,
    duration,
    is_plural,
    lower_first,
    number,
    percent,
    points,
    points_of,
    quoted,
    say,
)

__all__ = [
    "by_row_parts",
    "category_says",
    "clamp_says",
    "inactivity_parts",
    "letter_parts",
    "restart_parts",
    "row_parts",
]


def row_parts(names: Names, row: PointsRow) -> Iterator[str]:
    """The sentences of a row of a score or grade."""
    given = points(row.points)
    match row.what:
        case None:
            assert row.when is not None
            yield from under(names, lambda c: say("when", points=given, condition=c), row.when)
            yield from dates(row.in_force)
            return
        case EachEvent():
            said = list(packed(_each(names, given, row.what)))
        case OnceEvent():
            said = list(packed(_once(names, given, row.what)))
        case ForEvery():
            said = list(packed(_for_every(names, given, row.what)))
        case _:
            assert_never(row.what)
    if row.when is not None:
        condition = say("only when", condition=clause(names, row.when))
        if len(said) == 1 and fits(f"{said[0]}, {condition}"):
            said = [f"{said[0]}, {condition}"]
        else:
            said += under(names, lambda c: say("only when", condition=c), row.when)
    yield from said
    yield from dates(row.in_force)


def _each(names: Names, given: str, what: EachEvent) -> list[str]:
    events = what.events
    event = happened(names, events)
    if events.name == "activity":
        parts = [say("each activity", points=given)]
    elif event == say("happened", event=quoted(label := names.event_label(events))):
        parts = [say("each noun", points=given, event=quoted(label))]
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
    parts.append(names.window(what.window, of_lead=by_lead(what.events)))
    parts += _limits(what.at_most_times, what.at_most_points)
    return [*parts, *_decay(what.decay)]


def _decay(decay: Decay | None) -> Iterator[str]:
    if decay is not None:
        length = Duration(decay.days, "day")
        one = decay.days == 1 and decay.how == "halving"
        said = ENGLISH.units["day"][0] if one else duration(length)
        yield say(decay.how, duration=said)


class _Dated(Protocol):
    @property
    def in_force(self) -> InForce | None: ...


def _limits(times: int | None, hundredths: int | None) -> Iterator[str]:
    if times is not None:
        yield say("at most once") if times == 1 else say("at most times", number=number(times))
    if hundredths is not None:
        yield say("at most points", points=points_of(hundredths))


def _once(names: Names, given: str, what: OnceEvent) -> list[str]:
    event = happened(names, what.events)
    if what.at_least > 1:
        if what.events.name == "activity":
            event = say("things done")
        event = say("at least times", event=event, number=number(what.at_least))
    event = f"{event} {names.window(what.window, of_lead=by_lead(what.events))}"
    return [say("when", points=given, condition=event), *_decay(what.decay)]


def _for_every(names: Names, given: str, what: ForEvery) -> list[str]:
    step = names.measured(FieldFact(what.field), what.step)
    counted = counted_label(names.fields[what.field])
    if counted is None:
        field = names.subject(FieldFact(what.field))
        said = say("for every", points=given, step=step, field=field)
    elif what.step == 1:
        said = say("for each counted", points=given, label=counted)
    else:
        said = say("for every counted", points=given, step=step, label=counted)
    return [said, *_limits(None, what.at_most_points)]


def by_row_parts(names: Names, by: PointsBy, row: ByRow) -> Iterator[str]:
    """The sentences of a row of ``by``."""
    fact, given = FieldFact(by.field), points(row.points)
    match row.match:
        case ByValues(values=values):
            test = _values_test(names, fact, values)
            yield from under(names, lambda c: say("when", points=given, condition=c), test)
        case ByRange() as match:
            said = _always(by, row, lambda above: _range(names, fact, above, match))
            if said is None:
                said = say("left", condition=_range(names, fact, (), match))
            yield say("when", points=given, condition=said)
        case ByRest(what="otherwise"):
            said = _always(by, row, lambda above: _otherwise(names, fact, above))
            said = said or say("anything else", subject=names.subject(fact))
            yield say("when", points=given, condition=said)
        case ByRest():
            said = say("unknown", subject=names.subject(fact))
            yield say("when", points=given, condition=said)
        case _:
            assert_never(row.match)
    yield from dates(row.in_force)


def _always(by: PointsBy, row: ByRow, said: Callable[[list[ByRow]], str]) -> str | None:
    """What is said of a row below the rows above it; ``None`` where that changes with the day."""
    above = by.rows[: by.rows.index(row)]
    on_days = {
        said([other for other in above if is_in_force(other.in_force, on)])
        for on in _days(by.rows)
        if is_in_force(row.in_force, on)
    }
    return on_days.pop() if len(on_days) == 1 else None


def _days(rows: Sequence[_Dated]) -> set[date]:
    """A day of each period between the borders of the rows."""
    spans = [row.in_force for row in rows if row.in_force is not None]
    days = {date.min} | {span.first for span in spans if span.first is not None}
    lasts = (span.last for span in spans if span.last is not None and span.last < date.max)
    return days | {last + timedelta(days=1) for last in lasts}


def _values_test(names: Names, fact: FieldFact, values: tuple[str | bool, ...]) -> Condition:
    """The values of a row as the condition that they stand for."""
    if isinstance(values[0], bool):
        return YesNoTest(fact, values[0])
    texts = tuple(str(text) for text in values)
    if isinstance(names.fields[fact.name].type, TextType):
        return TextTest(fact, "is", texts, negated=False, list_name=None)
    return ChoiceTest(fact, texts, negated=False)


def _otherwise(names: Names, fact: FieldFact, above: list[ByRow]) -> str:
    """What is left: beyond the last row where all are one-ended ranges, else "anything else"."""
    given = [row.match.values for row in above if isinstance(row.match, ByValues)]
    if len(given) == 1 and isinstance(given[0][0], bool):
        return clause(names, YesNoTest(fact, not given[0][0]))
    ranges = [row.match for row in above if not isinstance(row.match, ByRest)]
    highs = [r.high for r in ranges if isinstance(r, ByRange) and r.low is None and r.high_open]
    lows = [r.low for r in ranges if isinstance(r, ByRange) and r.high is None]
    if highs and len(highs) == len(ranges) and isinstance(highs[-1], Decimal):
        return number_between(names, fact, highs[-1], None, high_open=False)
    if lows and len(lows) == len(ranges) and isinstance(lows[-1], Decimal):
        return number_between(names, fact, None, lows[-1], high_open=True)
    return say("anything else", subject=names.subject(fact))


def _range(names: Names, fact: FieldFact, above: Sequence[ByRow], match: ByRange) -> str:
    """A range with the end that the rows above it left out: ``below 300`` after ``below 60``."""
    low, high, high_open = match.low, match.high, match.high_open
    for row in above:
        before = row.match
        if not isinstance(before, ByRange):
            continue
        if match.low is None and before.low is None and before.high is not None:
            low = before.high
        elif match.high is None and before.high is None and before.low is not None:
            high, high_open = before.low, True
    if isinstance(low, date) or isinstance(high, date):
        return _dates(names.subject(fact), low, high, high_open)
    return number_between(names, fact, low, high, high_open)


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


def letter_parts(grade: Grade, letter: Letter) -> Iterator[str]:
    """``A from 70 points``, ``B from 45 points, below 70``, ``D below 20 points``"""
    kept = [on for on in _days(grade.letters) if is_in_force(letter.in_force, on)]
    lows = {
        _better(letter, [other for other in grade.letters if is_in_force(other.in_force, on)])
        for on in kept
    }
    better = lows.pop() if len(lows) == 1 else None
    yield _letter(letter, better, changing=bool(lows))
    yield from dates(letter.in_force)


def _better(letter: Letter, letters: list[Letter]) -> int | None:
    """From how many points the letter above this one goes; ``None`` for the best."""
    at = letters.index(letter)
    return letters[at - 1].low if at else None


def _letter(letter: Letter, better: int | None, *, changing: bool) -> str:
    if letter.low is None:
        if better is None:
            return say("letter rest" if changing else "letter only", letter=letter.name)
        return say("letter last", letter=letter.name, high=points_of(better))
    low = points_of(letter.low)
    if better is None:
        return say("letter best", letter=letter.name, low=low)
    return say("letter middle", letter=letter.name, low=low, high=amount(better))


# --- time without activity, and starting again ---------------------------------------------------


def inactivity_parts(
    names: Names, score: Score, owner: Score | Category, inactivity: Inactivity
) -> Iterator[str]:
    """``the interest score counts 25% less for each full month without activity, …``"""
    if inactivity.percent is not None:
        less = percent(inactivity.percent)
    else:
        less = points_of(inactivity.points or 0)
    period = ENGLISH.units[inactivity.period][0]
    pieces = [say("counts less", owner=_owner(names, score, owner), less=less, period=period)]
    if inactivity.never_below is not None:
        pieces.append(say("never below", points=points_of(inactivity.never_below)))
    yield from packed(pieces)


def restart_parts(
    names: Names, score: Score, owner: Score | Category, restart: Restart
) -> Iterator[str]:
    """``the interest score starts again from 0 after the lead unsubscribed; …``"""
    who = _owner(names, score, owner)
    if restart.events is not None:
        begins = say("starts again after", owner=who, event=happened(names, restart.events))
    else:
        assert restart.stage is not None
        begins = say("starts again on", owner=who, stage=names.stage(restart.stage))
    no_longer = say("earlier events")
    whole = f"{begins}; {no_longer}"
    yield from [whole] if fits(whole) else [begins, no_longer]


def _owner(names: Names, score: Score, owner: Score | Category) -> str:
    if isinstance(owner, Score):
        return names.scores[owner.name]
    return say("category named", category=quoted(names.categories[score.name, owner.name]))
