"""The constructs of the language by name: which of them a policy says."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TypeAlias

from tests.property.draw_record import parts_of

from leadpact import checked as c

Named: TypeAlias = Iterator[str]


def constructs(policy: c.CheckedPolicy) -> frozenset[str]:
    """The names of everything that the policy says, each once."""
    return frozenset(_all(policy))


def _all(policy: c.CheckedPolicy) -> Named:
    for part in parts_of(policy):
        yield from _of_values(part)
        yield from _of_conditions(part)
        yield from _of_points(part)
        yield from _of_life(part)
        yield from _of_people(part)
        if getattr(part, "in_force", None) is not None:
            yield f"in force: {type(part).__name__}"
    for score in policy.scores:
        yield from _of_sums("score", score)
        for row in score.rows:
            if isinstance(row, c.Category):
                yield from _of_sums("category", row)
    for any_stage in policy.any_stages:
        yield f"any stage{' except' if any_stage.excepted else ''}"


def _of_values(part: object) -> Named:
    match part:
        case c.Field():
            yield f"field: {type(part.type).__name__}"
            marks = ("required", "required_when", "no_when_unknown", "after_contact", "personal")
            yield from (f"field ({mark})" for mark in marks if getattr(part, mark))
            if isinstance(part.type, c.NumberType) and part.type.low is not None:
                yield "field: number from … to …"
        case c.Kind():
            yield f"kind: {'signal' if part.signal else 'action' if part.party else 'activity'}"
        case c.DerivedKind(pattern=pattern):
            some = any(one.where is not None for one in pattern.parts)
            yield f"derived kind: {'where' if some else 'or'}"
        case c.Within(duration):
            yield f"within {duration.unit}s"
        case c.Ever():
            yield "ever"
        case c.SinceEntered():
            yield "without a window, in a stage"
        case c.SinceStage(how):
            yield f"since {how}"
        case c.BusinessTime(unit=unit):
            yield f"business {unit}s"
        case _:
            pass


def _of_conditions(part: object) -> Named:
    match part:
        case c.NumberTest(fact, op):
            yield f"{_fact(fact)}: number {op}"
        case c.TextTest(fact, how, negated=negated, list_name=listed):
            yield f"{_fact(fact)}: text {how}{', not' if negated else ''}"
            if listed is not None:
                yield f"list: {how}"
        case c.DateTest(fact, op):
            yield f"{_fact(fact)}: day {op}"
        case c.TimeTest(fact, verb, duration, direction):
            yield f"{_fact(fact)}: {direction}"
            yield f"time: {verb} {direction}"
            yield f"time: {duration.unit}s {direction}"
        case c.ChoiceTest() | c.IncludesTest() | c.YesNoTest():
            yield f"{_fact(part.fact)}: {type(part).__name__}"
        case c.KnownTest(fact, known, asks):
            yield f"{_fact(fact)}: {'known' if known else 'unknown'}"
            yield from ("known, in an item",) if asks else ()
        case c.EventTest(op=op, different=different):
            yield f"event: {'different' if different else op}"
        case c.StageTest(within=within, ever=ever):
            yield f"in stage: {'ever' if ever else 'within' if within else 'now'}"
        case c.GainedTest(how=how, op=op):
            yield f"gained since {how}"
        case c.ScoreTest(category=category):
            yield f"{'category' if category else 'score'} compared"
        case c.ChecklistTest(item=item, state=state):
            yield f"{'item' if item else 'checklist'} is {state}"
        case c.GradeTest(or_better=better):
            yield f"grade{' or better' if better else ' is'}"
        case c.WokenTest() | c.GradeKnown() | c.GroupTest() | c.Defined():
            yield type(part).__name__
        case c.Not() | c.All() | c.Any() | c.AtLeast():
            yield type(part).__name__
        case _:
            pass


def _fact(fact: object) -> str:
    match fact:
        case c.FieldFact():
            return "field"
        case c.DomainFact():
            return "domain of"
        case c.LastFact():
            return "P of last ACT"
        case c.EventMoment(which):
            return f"{which} ACT"
        case c.StageMoment(which):
            return f"last {which}"
        case _:
            raise TypeError(fact)


def _of_points(part: object) -> Named:
    match part:
        case c.EachEvent(_, once_per, up_to, _, times, points):
            limits = (once_per, "once per"), (up_to, "up to"), (times, "times"), (points, "cap")
            named = [name for limit, name in limits if limit is not None]
            yield from (f"each event: {name}" for name in named or ["no limit"])
        case c.OncePerPeriod(period):
            yield f"once per {period}"
        case c.OncePerProperty():
            yield "once per property"
        case c.UpTo(period=period):
            yield f"up to N per {period}"
        case c.Decay(how):
            yield f"decay: {how}"
        case c.OnceEvent(at_least=least):
            yield f"once{', at least N times' if least > 1 else ''}"
        case c.ForEvery():
            yield "for every"
        case c.ByValues() | c.ByRange():
            yield f"points by: {type(part).__name__}"
        case c.ByRest(what):
            yield f"points by: {what}"
        case c.NeedsKnown():
            yield "grade needs known"
        case c.GroupRow(kind=kind):
            yield f"group row: {kind}"
        case c.AskedItem(not_met_when=not_met):
            yield f"item: met when{', not met when' if not_met else ''}"
        case c.AnsweredItem(good_for=good):
            yield f"item: answered{', good for' if good else ''}"
        case c.NeedsItems(quantifier, _, _, state):
            yield f"needs {quantifier} {state}"
        case _:
            pass


def _of_sums(what: str, part: c.Score | c.Category) -> Named:
    if part.inactivity is not None:
        less = part.inactivity
        yield f"{what} counts {'percent' if less.percent is not None else 'points'} less"
        yield f"{what} counts less for each {less.period}"
        if less.never_below is not None:
            yield f"{what} never below"
    for restart in part.restarts:
        yield f"{what} starts again {'after' if restart.stage is None else 'on entering'}"


def _of_life(part: object) -> Named:
    match part:
        case c.Move(how=how):
            yield how
        case c.TimeOut(after=after):
            yield f"times out, {'business time' if isinstance(after, c.BusinessTime) else 'exact'}"
            if isinstance(after, c.Duration) and after.unit == "month":
                yield "times out, months"
        case c.HandMove():
            yield "moves by hand"
        case c.WakeUp():
            for name in ("after", "on", "before", "not_before", "or_on"):
                if getattr(part, name) is not None:
                    yield f"wake up: {name}"
            if (part.after, part.on, part.before) == (None, None, None):
                yield "wake up: on ACT alone"
        case c.Worklist():
            yield "put on worklist"
        case c.Target():
            yield from _of_target(part)
        case c.Stage(final=final):
            yield from ("final",) if final else ()
            yield from ("may contact",) if part.may_contact else ()
        case _:
            pass
    if isinstance(getattr(part, "because", None), c.LastFact):
        yield "because of last"


def _of_target(target: c.Target) -> Named:
    yield f"target: {type(target.limit).__name__}"
    yield f"target: {'left' if target.events is None else 'done'}"
    for name, there in (
        ("at least N times", target.at_least > 1),
        ("different", target.different),
        ("when", target.when),
        ("starts when", target.starts_when),
        ("hands back", target.hands_back),
        ("hands back after missed", any(back.after for back in target.hands_back)),
    ):
        yield from (f"target: {name}",) if there else ()
    for pause in target.pauses:
        yield f"pause until {'a day' if isinstance(pause.until, c.LastFact) else 'an event'}"
    for tell in target.tells:
        yield f"tell {'at N%' if tell.percent is not None else 'after' if tell.after else 'missed'}"


def _of_people(part: object) -> Named:
    match part:
        case c.Calendar(special=special):
            yield "calendar"
            yield from (f"public holidays of {region}" for region in part.regions)
            if any(len(openings) > 1 for openings in part.weekly):
                yield "calendar: several intervals"
            for one in special:
                yield f"special day: {'open' if one.openings else 'closed'}"
                yield f"special day: {'every year' if one.every_year else 'once'}"
        case c.Role() | c.Delivers() | c.Reaches() | c.TargetMet() | c.AtMostShare():
            yield type(part).__name__
        case c.NeverStage() | c.NeverLowers():
            yield f"guarantee: {type(part).__name__}"
        case c.Refusal():
            yield "refused when"
        case _:
            pass


def all_types() -> frozenset[str]:
    """The names of everything of which a checked policy can be made."""
    return frozenset(
        name
        for name, kind in vars(c).items()
        if isinstance(kind, type)
        and dataclasses.is_dataclass(kind)
        and kind.__module__.startswith(f"{c.__name__}.")
    )
