"""Moves that wait for what nobody can say, and moves that know what only contact tells."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact import checked as c
from leadpact.analysis.findings import Period
from leadpact.analysis.logic import UNKNOWN
from leadpact.analysis.mentions import atoms_in
from leadpact.analysis.ways import ways_out
from leadpact_dsl.source import Span

__all__ = ["look_at_contact"]


def look_at_contact(period: Period) -> None:
    """Only policies that say who may contact a lead, in some stage, can be judged."""
    policy = period.policy
    if not any(stage.may_contact for stage in policy.stages):
        return
    # A lead may have come by a move of another time.
    before = _before(period.whole)
    contacts = {stage.name: set(stage.may_contact) for stage in policy.stages}
    for stage in policy.stages:
        parties = {party for name in before[stage.name] for party in contacts[name]}
        for move in stage.moves:
            if isinstance(move, c.Move) and move.how == "moves to":
                _waits(move, parties, period)
                if not parties:
                    _knows(move, stage, period)


def _before(policy: c.CheckedPolicy) -> dict[str, set[str]]:
    """For each stage the stages in which a lead can have been by then, itself included."""
    leads = {stage.name: set(ways_out(stage, policy)) for stage in policy.stages}
    found = {name: {name} for name in leads}
    changed = True
    while changed:
        changed = False
        for name, further in leads.items():
            for to in further & found.keys():
                if not found[name] <= found[to]:
                    found[to] |= found[name]
                    changed = True
    return found


def _waits(move: c.Move, parties: set[str], period: Period) -> None:
    """The move needs an answer of a party that never may have spoken with the lead by then."""
    model = period.model
    for checklist in period.policy.checklists:
        for item in checklist.items:
            if not isinstance(item, c.AnsweredItem) or item.party in parties:
                continue
            answer = model.item(checklist.name, item.name)
            when = model.true(move.when)
            atoms = model.logic.atoms(when) & model.logic.atoms(answer)
            if not atoms:
                continue
            without = model.logic.given(when, dict.fromkeys(atoms, UNKNOWN))
            blocked = period.quietly(without) is False and period.quietly(when) is True
            period.say(
                "W704",
                f"{move.rule} {item.rule}",
                move.span,
                blocked,
                lambda item=item: (  # type: ignore[misc]
                    f"This move waits for `{item.rule}` for ever: `{item.party}` answers it, and "
                    f"may not contact the lead until then.",
                    period.places.condition(move.span),
                    f"Write `may contact {item.party}` in the stage, or ask for less.",
                ),
            )


def _knows(move: c.Move, stage: c.Stage, period: Period) -> None:
    """The move out of a stage before any contact looks at a field that only contact tells."""
    late = {field.name for field in period.policy.fields if field.after_contact}
    if not late:
        return
    name = next((name for name in _fields(move.when, period.policy, set()) if name in late), None)

    def make() -> tuple[str, Span, str]:
        return (
            f"This looks at `{name}`, which is known only after contact, and nobody may have "
            f"contacted a lead in `{stage.name}`.",
            period.places.condition(move.span),
            "Use another field, or say who may contact the lead.",
        )

    period.say("W705", move.rule, move.span, name is not None, make)


def _fields(when: c.Condition, policy: c.CheckedPolicy, seen: set[str]) -> Iterator[str]:
    """The fields that a condition looks at, through definitions, groups and checklists too."""
    for atom in atoms_in(when):
        match atom:
            case c.Defined(name) | c.GroupTest(name) | c.ChecklistTest(name):
                if name not in seen:
                    seen.add(name)
                    for inner in _inside(name, policy):
                        yield from _fields(inner, policy, seen)
            case _:
                fact = getattr(atom, "fact", None)
                if isinstance(fact, c.FieldFact):
                    yield fact.name
                elif isinstance(fact, c.DomainFact):
                    yield fact.field


def _inside(name: str, policy: c.CheckedPolicy) -> Iterator[c.Condition]:
    for definition in policy.definitions:
        if definition.name == name:
            yield from (one.when for one in definition.whens)
    for group in policy.groups:
        if group.name == name:
            yield from (row.when for row in group.rows if row.when is not None)
    for checklist in policy.checklists:
        if checklist.name == name:
            for item in checklist.items:
                if isinstance(item, c.AskedItem):
                    yield item.met_when
