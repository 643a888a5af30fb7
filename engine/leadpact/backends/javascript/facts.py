"""Slots as JavaScript: which events they look at, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import assert_never

from leadpact import plan as p
from leadpact.backends.javascript.literals import hundredths, length, listed, text, yes
from leadpact.backends.javascript.spell import Speller
from leadpact.backends.javascript.writer import Writer
from leadpact.backends.python.decays import fades_after, share
from leadpact.checked import (
    CheckedPolicy,
    Decay,
    EventPattern,
    Ever,
    OncePerPeriod,
    OncePerProperty,
    PatternPart,
    SinceEntered,
    SinceStage,
    UpTo,
    Window,
    Within,
)

__all__ = ["decays", "pattern", "share_table", "write_slots"]


def pattern(policy: CheckedPolicy, events: EventPattern | p.Slot) -> str:
    """``[of actions, [[kind, condition on its properties], …]]``."""
    parts = listed(_part(policy, part) for part in events.parts)
    return f"[{yes(events.of_actions)}, {parts}]"


def _part(policy: CheckedPolicy, part: PatternPart) -> str:
    if part.where is None:
        return f"[{text(part.kind)}]"
    kind = next(kind for kind in policy.kinds if kind.name == part.kind)
    return f"[{text(part.kind)}, (e) => {Speller('e', kind.properties).expr(part.where)}]"


def write_slots(writer: Writer, plan: p.Plan, shares: Mapping[Decay, str]) -> None:
    """Writes ``c0``, ``c1``, … for the slots and ``r0``, … for what makes counting start again.

    ``shares`` names the constant of each decay.
    """
    for number, slot in enumerate(plan.slots):
        restart = "null" if slot.restart is None else f"r{slot.restart}"
        events = f"{pattern(plan.policy, slot)}, {_window(slot.window)}, {restart}"
        writer.line(
            f"const c{number} = lazy(() => {_measure(slot, f'x.events({events})', shares)});"
        )
    for number, again in enumerate(plan.restarts):
        newest = [f"c{slot}()" for slot in again.slots]
        if again.stages:
            newest.append(f"x.past().entries({listed(map(text, again.stages))})")
        writer.line(f"const r{number} = lazy(() => latest([{', '.join(newest)}]));")


def _window(window: Window | p.Gaining) -> str:
    match window:
        case Within(duration):
            return f'["within", {length(duration)}]'
        case Ever():
            return '["ever"]'
        case SinceEntered():
            return '["since entered"]'
        case SinceStage(how, stage):
            return f'["since", {text(how)}, {text(stage)}]'
        case p.Gaining(how, stage):
            return f'["gained", {text(how)}, {text(stage)}]'
        case _:
            assert_never(window)


def _measure(slot: p.Slot, events: str, shares: Mapping[Decay, str]) -> str:
    match slot.measure:
        case p.Count(None, None):
            return f"{events}.length"
        case p.Count(once_per, up_to):
            return f"kept(ZONE, {events}, {_limits(once_per, up_to, None)}).length"
        case p.Different(name):
            return f"differentOf({events}, {text(name)})"
        case p.Newest():
            return f"newestOf({events})"
        case p.Moment(last):
            return f"momentOf({events}, {yes(last)})"
        case p.Decayed(points, decay, once_per, up_to, times):
            left = f"kept(ZONE, {events}, {_limits(once_per, up_to, times)})"
            return f"fadedPoints(x.now, {left}, {hundredths(points)}, {shares[decay]})"
        case _:
            assert_never(slot.measure)


def _limits(
    once_per: OncePerPeriod | OncePerProperty | None, up_to: UpTo | None, times: int | None
) -> str:
    found = []
    match once_per:
        case OncePerPeriod(period):
            found.append(f"oncePer: {{ period: {text(period)} }}")
        case OncePerProperty(name):
            found.append(f"oncePer: {{ property: {text(name)} }}")
        case None:
            pass
        case _:
            assert_never(once_per)
    if up_to is not None:
        found.append(f"upTo: {{ amount: {up_to.amount}, period: {text(up_to.period)} }}")
    if times is not None:
        found.append(f"atMost: {times}")
    return f"{{ {', '.join(found)} }}"


def decays(plans: Iterable[p.Plan]) -> tuple[Decay, ...]:
    """The ways in which points fall with age, each once."""
    slots = (slot for plan in plans for slot in plan.slots)
    return tuple(
        dict.fromkeys(slot.measure.decay for slot in slots if isinstance(slot.measure, p.Decayed))
    )


def share_table(decay: Decay) -> str:
    """From an event's age in days to what is left of its points, in ten-thousandths."""
    if decay.how == "fading":
        return f"fading({decay.days})"
    left = [share(decay, age) for age in range(fades_after(decay))]
    steps = "".join(_step(before - after) for before, after in pairwise(left))
    return f"halving({text(steps)})"


def _step(step: int) -> str:
    """A step as a digit of base 36, or as three of them behind a point."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    if step < 36:
        return digits[step]
    return f".{digits[step // 1296]}{digits[step // 36 % 36]}{digits[step % 36]}"
