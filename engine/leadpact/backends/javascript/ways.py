"""A stage's ways out, its clocks and what sends a lead to sleep, as JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from leadpact import plan as p
from leadpact.arrivals import arrivals, can_sleep
from leadpact.backends.javascript.facts import pattern
from leadpact.backends.javascript.literals import NotSayableError, day, length, listed, text, yes
from leadpact.backends.javascript.results import Asking
from leadpact.backends.javascript.spell import Speller
from leadpact.backends.javascript.writer import Writer
from leadpact.checked import (
    CheckedPolicy,
    Condition,
    InForce,
    LastFact,
    OneOfType,
    Target,
    TargetBy,
    TargetEvery,
    TargetHandBack,
    TargetWithin,
    TextType,
    TimeOut,
    WakeUp,
)

__all__ = ["ways", "write_stage"]


def write_stage(
    writer: Writer,
    plan: p.Plan,
    stage: p.PlanStage,
    speller: Speller,
    asking: Asking,
    watched: Mapping[Condition, int],
) -> None:
    """Writes the entry of one stage: its owner, its ways out, its targets, what it asks for."""
    policy = plan.policy
    with writer.block(f"{text(stage.name)}: {{", "},"):
        writer.line(f"owner: {text(stage.owner)},")
        writer.line(f"always: {listed(_way(policy, way, speller) for way in stage.always)},")
        writer.line(f"moves: {listed(_way(policy, way, speller) for way in stage.moves)},")
        writer.line(f"timeOuts: {listed(_way(policy, way, speller) for way in stage.time_outs)},")
        targets = listed(_target(policy, each, speller, watched) for each in stage.targets)
        writer.line(f"targets: {targets},")
        with writer.block("ask: (asked) => {", "},"):
            asking.writer = writer
            if stage.always or stage.moves or stage.time_outs or stage.targets:
                _ask(plan, stage, asking)


def _ask(plan: p.Plan, stage: p.PlanStage, asking: Asking) -> None:
    for way in stage.always:
        if isinstance(way, p.PlanMove):
            asking.rule(way.when)
    awake = "if (!x.asleep()) " if can_sleep(plan.arrivals) else ""
    for move in stage.moves:
        asking.rule(move.when, awake)
    for target in stage.targets:
        if target.when is not None:
            asking.rule(target.when, awake)
        if target.starts_when is not None:
            asking.facts(asking.looking.facts(target.starts_when))
    # A field that would have let the lead sleep longer, had it been known.
    wake_ups = [way.wake_up for way in plan.arrivals if way.to == stage.name]
    fields = sorted({each.field for each in wake_ups if each is not None and each.field})
    if fields:
        with asking.writer.block("if (x.sleep().woken === true) {"):
            asking.facts(fields)


def _way(policy: CheckedPolicy, way: p.PlanMove | TimeOut, speller: Speller) -> str:
    if isinstance(way, p.PlanMove):
        head = _head(way.rule, way.to, way.move.because, speller)
        return f"{{ {head}, when: () => {speller.expr(way.when)} }}"
    head = _head(way.rule, way.to, way.because, speller)
    without = pattern(policy, way.without)
    return f"{{ {head}, after: {length(way.after)}, without: {without} }}"


def _head(rule: str, to: str, because: str | LastFact | None, speller: Speller) -> str:
    reason = text(because) if not isinstance(because, LastFact) else _said(because, speller)
    return f"rule: {text(rule)}, to: {text(to)}, because: {reason}"


def _said(because: LastFact, speller: Speller) -> str:
    if not isinstance(because.type, TextType | OneOfType):
        raise NotSayableError(f"a reason from `{because.property}`: it is no text")
    return f"() => said({speller.value(because)})"


def _target(
    policy: CheckedPolicy,
    target: p.PlanTarget,
    speller: Speller,
    watched: Mapping[Condition, int],
) -> str:
    asked = target.target
    least, name = asked.different or (0, None)
    first = None if asked.in_force is None else asked.in_force.first
    starts = "null" if asked.starts_when is None else str(watched[asked.starts_when])
    parts = {
        "name": text(asked.name),
        "limit": _limit(asked.limit),
        "events": "null" if asked.events is None else pattern(policy, asked.events),
        "atLeast": str(asked.at_least),
        "different": str(least),
        "property": text(name),
        "when": "null" if target.when is None else f"() => {speller.expr(target.when)}",
        "startsWhen": starts,
        "first": "null" if first is None else day(first),
        "pauses": listed(_pauses(policy, asked)),
        "backs": listed(_back(back, speller) for back in asked.hands_back),
    }
    return f"{{ {', '.join(f'{key}: {value}' for key, value in parts.items())} }}"


def _back(back: TargetHandBack, speller: Speller) -> str:
    return f"{{ {_head(back.rule, back.to, back.because, speller)}, after: {length(back.after)} }}"


def _limit(limit: TargetWithin | TargetBy | TargetEvery) -> str:
    match limit:
        case TargetBy(minutes, calendar):
            return f"{{ by: {minutes}, calendar: {text(calendar)} }}"
        case TargetWithin() | TargetEvery():
            every = yes(isinstance(limit, TargetEvery))
            return f"{{ length: {length(limit.length)}, every: {every} }}"
        case _:
            assert_never(limit)


def _pauses(policy: CheckedPolicy, target: Target) -> list[str]:
    found = []
    for pause in target.pauses:
        named = pause.until if isinstance(pause.until, LastFact) else None
        ends = "null" if isinstance(pause.until, LastFact) else pattern(policy, pause.until)
        starts = pattern(policy, pause.start)
        property_ = text(named.property if named else None)
        found.append(f"{{ starts: {starts}, ends: {ends}, property: {property_} }}")
    return found


# --- what the rules that moved a lead bring with them -------------------------------------------


def ways(policy: CheckedPolicy) -> str:
    """Every rule that can move a lead, where to, on which days, and with what."""
    return listed(
        f"{{ rule: {text(way.rule)}, to: {text(way.to)}, {_days(way.in_force)}, "
        f"wakeUp: {_wake_up(policy, way.wake_up)}, "
        f"lists: {listed(text(worklist.name) for worklist in way.worklists)} }}"
        for way in arrivals(policy)
    )


def _days(span: InForce | None) -> str:
    first, last = (None, None) if span is None else (span.first, span.last)
    spelled = ["null" if each is None else day(each) for each in (first, last)]
    return f"first: {spelled[0]}, last: {spelled[1]}"


def _wake_up(policy: CheckedPolicy, wake_up: WakeUp | None) -> str:
    if wake_up is None:
        return "null"
    on = "null"
    if wake_up.on is not None:
        events = pattern(policy, wake_up.on.events)
        on = f"{{ events: {events}, property: {text(wake_up.on.property)} }}"
    or_on = "null" if wake_up.or_on is None else pattern(policy, wake_up.or_on)
    return (
        f"{{ after: {length(wake_up.after)}, on: {on}, before: {length(wake_up.before)}, "
        f"field: {text(wake_up.field)}, notBefore: {length(wake_up.not_before)}, orOn: {or_on} }}"
    )
