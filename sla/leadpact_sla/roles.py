"""Who does what: for each duty who acts, who answers for it, who is asked and who is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from leadpact.checked import (
    All,
    AnsweredItem,
    Any,
    AtLeast,
    Checklist,
    Condition,
    Defined,
    EventMoment,
    EventPattern,
    EventTest,
    LastFact,
    Move,
    Not,
    Stage,
)
from leadpact.english.wording import quoted
from leadpact_sla.clocks import doer, tells
from leadpact_sla.model_pages import Cell, DutiesDoc, DutyDoc, Letter
from leadpact_sla.places import AGREEMENT
from leadpact_sla.words import say
from leadpact_sla.writing import Writer

__all__ = ["acting", "duties"]


@dataclass
class _Duty:
    what: str
    href: str
    parts: dict[str, list[Letter]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def give(self, letter: Letter, people: Iterable[str | None], note: str | None = None) -> _Duty:
        for one in people:
            if one is None:
                continue
            letters = self.parts.setdefault(one, [])
            if letter not in letters:
                letters.append(letter)
            if note is not None:
                self.notes.setdefault(one, []).append(note)
        return self


def duties(writer: Writer) -> tuple[DutiesDoc, ...]:
    """The duties of the parties and roles; those of which nobody has a part are left out."""
    policy = writer.policy
    columns = [*(one.label for one in policy.parties), *(one.label for one in policy.roles)]
    found = (
        ("duties leads", _stages(writer)),
        ("duties rules", _blocks(writer)),
        ("duties agreement", _agreement(writer)),
    )
    tables = (
        DutiesDoc(say(title), tuple(_doc(duty, columns) for duty in some if duty.parts))
        for title, some in found
    )
    return tuple(table for table in tables if table.duties)


def _doc(duty: _Duty, columns: list[str]) -> DutyDoc:
    return DutyDoc(
        duty.what,
        duty.href,
        tuple(
            Cell(tuple(duty.parts.get(one, ())), ", ".join(duty.notes.get(one, ())) or None)
            for one in columns
        ),
    )


# --- what happens to leads -----------------------------------------------------------------------


def _stages(writer: Writer) -> Iterator[_Duty]:
    for stage in writer.policy.stages:
        owner = writer.owner(stage.owner)
        here = _Duty(say("duty stage", stage=quoted(stage.label)), writer.places.stage(stage.name))
        yield here.give("R", [owner]).give("A", [owner])
        for target in stage.targets:
            duty = _Duty(target.label, writer.places.target(target.rule))
            duty.give("R", [writer.owner(doer(writer, target.events, stage))]).give("A", [owner])
            for who, when in tells(writer, stage, target):
                duty.give("I", [who], when)
            yield duty
        yield from _ways(writer, stage)


def _ways(writer: Writer, stage: Stage) -> Iterator[_Duty]:
    """The ways out that people decide, one duty for each stage that they lead to."""
    names = writer.names
    backs: dict[str, _Duty] = {}
    for way in stage.moves:
        if isinstance(way, Move) and way.how == "hands back to":
            people = [writer.owner(party) for party in acting(writer, way.when)]
            if people:
                what = say("duty back", start=quoted(stage.label), stage=names.stage(way.to))
                duty = backs.setdefault(way.to, _Duty(what, writer.places.move(way.rule)))
                duty.give("R", people).give("A", [writer.owner(stage.owner)])
    yield from backs.values()
    for by_hand in stage.by_hand:
        what = say("duty hand", start=quoted(stage.label), stage=names.stage(by_hand.to))
        duty = _Duty(what, writer.places.move(by_hand.rule))
        people = [writer.owner(party) for party in by_hand.by]
        yield duty.give("R", people).give("A", [writer.owner(stage.owner)])


def acting(writer: Writer, condition: Condition) -> tuple[str, ...]:
    """The parties on whose actions or answers a condition depends, each once."""
    kinds = {kind.name: kind.party for kind in writer.policy.kinds}
    checklists = {one.name: one for one in writer.policy.checklists}

    def of(events: EventPattern) -> Iterator[str | None]:
        yield from (kinds.get(part.kind) for part in events.parts)

    def found(condition: Condition) -> Iterator[str | None]:
        match condition:
            case EventTest(events=events):
                yield from of(events)
            case All(members=members) | Any(members=members) | AtLeast(members=members):
                for member in members:
                    yield from found(member)
            case Not(member=member):
                yield from found(member)
            case Defined(name=name):
                yield from found(writer.meaning(name))
            case _:
                checklist = checklists.get(getattr(condition, "checklist", ""))
                yield from _answering(checklist)
                fact = getattr(condition, "fact", None)
                if isinstance(fact, LastFact | EventMoment):
                    yield from of(fact.events)

    return tuple(dict.fromkeys(party for party in found(condition) if party is not None))


def _answering(checklist: Checklist | None) -> Iterator[str]:
    for item in checklist.items if checklist is not None else ():
        if isinstance(item, AnsweredItem):
            yield item.party


# --- who keeps the rules -------------------------------------------------------------------------


def _blocks(writer: Writer) -> Iterator[_Duty]:
    policy, places = writer.policy, writer.places
    for score in policy.scores:
        duty = _Duty(say("duty points", name=writer.names.scores[score.name]), "")
        yield _kept(writer, duty, places.result(score.name), score.owner)
    for grade in policy.grades:
        duty = _Duty(say("duty points", name=writer.names.grades[grade.name]), "")
        yield _kept(writer, duty, places.result(grade.name), grade.owner)
    for group in policy.groups:
        duty = _Duty(say("duty group", name=quoted(group.label)), "")
        yield _kept(writer, duty, places.result(group.name), group.owner)
    for checklist in policy.checklists:
        duty = _Duty(say("duty questions", name=quoted(checklist.label)), "")
        answering = [writer.owner(party) for party in _answering(checklist)]
        duty.give("R", answering)
        yield _kept(writer, duty, places.result(checklist.name), checklist.owner)
    for one in policy.definitions:
        duty = _Duty(say("duty means", name=quoted(one.label)), "")
        yield _kept(writer, duty, places.definition(one.name), one.owner)
    for calendar in policy.calendars:
        duty = _Duty(say("duty calendar", name=quoted(calendar.label)), "")
        yield _kept(writer, duty, places.calendar(calendar.name), calendar.owner)
    for text_list in policy.lists:
        duty = _Duty(say("duty list", name=quoted(text_list.label)), "")
        yield _kept(writer, duty, places.list(text_list.name), text_list.owner)


def _kept(writer: Writer, duty: _Duty, href: str, owner: str | None) -> _Duty:
    """Who owns a block acts on it, where nobody else is named to, and answers for it."""
    duty.href = href
    if not duty.parts:
        duty.give("R", [writer.owner(owner)])
    return duty.give("A", [writer.owner(owner)])


# --- the agreement -------------------------------------------------------------------------------


def _agreement(writer: Writer) -> Iterator[_Duty]:
    agreed = writer.policy.agreement
    if agreed is None:
        return
    owner = writer.owner(agreed.owner)
    signing = _Duty(say("duty sign"), f"{AGREEMENT}.html#signatures")
    yield signing.give("R", [writer.owner(one.party) for one in agreed.signatures])
    changes = _Duty(say("duty change"), f"{AGREEMENT}.html#terms").give("A", [owner])
    yield changes.give("C", [writer.owner(party) for party in agreed.changes_need])
