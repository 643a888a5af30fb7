"""What an example expects of its lead, at its own instant or in a step."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from leadpact import checked
from leadpact.check.conditions import condition
from leadpact.check.given import instant
from leadpact.check.report import nearest
from leadpact.check.scope import LEAD, Scope
from leadpact.check.words import alternatives, ticked
from leadpact_dsl import nodes

__all__ = ["expectation"]


def expectation(
    node: nodes.Expectation, scope: Scope, *, in_step: bool
) -> checked.Expectation | None:
    """The expectation; ``None`` after saying what is wrong with it."""
    said = scope.report.words(node.span).strip()
    said = said.removeprefix("expect").strip()
    match node:
        case nodes.ExpectCondition():
            if _lacks_its_word(node.condition, scope):
                return None
            settled = condition(node.condition, scope, LEAD)
            if settled is None:
                return None
            return checked.ExpectCondition(settled, said, node.span)
        case nodes.ExpectMove():
            return _move(node, said, scope)
        case nodes.ExpectStays():
            if not scope.names.of("stage") and not scope.names.damaged:
                _say_no_stages(node, scope)
            return checked.ExpectStays(said, node.span)
        case nodes.ExpectRefused():
            return checked.ExpectRefused(said, node.span)
        case nodes.ExpectListed():
            return _listed(node, said, scope)
        case nodes.ExpectTarget():
            return _target(node, said, scope, in_step=in_step)
        case nodes.ExpectDue():
            known = scope.names.look_up(node.target, "target") is not None
            due = instant(node.due, scope)
            if not known or due is None:
                return None
            return checked.ExpectDue(node.target.text, due, said, node.span)


def _lacks_its_word(node: nodes.Condition, scope: Scope) -> bool:
    """Whether it is about a target or a worklist without saying so, and say it."""
    subject = node.subject if isinstance(node, nodes.Compare | nodes.Bare) else None
    if not isinstance(subject, nodes.Ref) or subject.member is not None:
        return False
    name = subject.name.text
    symbol = scope.names.symbols.get(name)
    if symbol is None or symbol.what not in ("target", "worklist") or name in scope.names.poisoned:
        return False
    scope.names.used.add(name)
    alone = symbol.what == "worklist"
    word, then = ("on worklist", "") if alone else ("target", " is …")
    scope.report.error(
        "E204",
        f"{ticked(name)} is {symbol.phrase}.",
        subject.span,
        f"Say so: `expect {word} {name}{then}`.",
        scope.report.replaced(subject.span, f"{word} {name}")
        if isinstance(node, nodes.Bare) is alone
        else None,
    )
    return True


def _say_no_stages(node: nodes.ExpectStays, scope: Scope) -> None:
    scope.report.error(
        "E207",
        "This policy has no stages, so no lead can stay in one.",
        node.span,
        "Expect something else, such as a score, a grade or a group.",
    )


# --- moves ---------------------------------------------------------------------------------------


def _move(node: nodes.ExpectMove, said: str, scope: Scope) -> checked.ExpectMove | None:
    if scope.names.look_up(node.to, "stage") is None:
        return None
    hows = {way.how for way in scope.ways if way.to == node.to.text}
    if node.how in hows or not scope.all_ways():
        because = node.because.text if node.because is not None else None
        return checked.ExpectMove(node.to.text, said, node.span, node.how, because)
    what = {"moves to": "move", "hands back to": "hand-back", "times out to": "time-out"}[node.how]
    others = [how for how in ("moves to", "hands back to", "times out to") if how in hows]
    scope.report.error(
        "E561",
        f"No {what} leads to {ticked(node.to.text)}.",
        node.to.span,
        f"Leads come there otherwise: write `expect {others[0]} {node.to.text}`."
        if others
        else f"Expect another stage, or add a line `{node.how} {node.to.text} …` to a stage.",
    )
    return None


# --- worklists and targets -----------------------------------------------------------------------


def _listed(node: nodes.ExpectListed, said: str, scope: Scope) -> checked.ExpectListed | None:
    name = node.worklist.text
    if scope.names.look_up(node.worklist, "worklist") is None:
        return None
    if name not in scope.filled and scope.all_ways():
        scope.report.error(
            "E567",
            f"No move that an example takes puts leads on {ticked(name)}.",
            node.worklist.span,
            "Only moves by hand do, and nobody makes them in an example. Name another worklist, "
            f"or add `put on worklist {name}` to a move, a hand-back or a time-out.",
        )
        return None
    return checked.ExpectListed(name, node.on, said, node.span)


_State: TypeAlias = Literal["waiting", "running", "paused", "met", "missed", "stopped"]
_STATES: Final[tuple[_State, ...]] = (
    "waiting",
    "running",
    "paused",
    "met",
    "missed",
    "stopped",
)
_WHY_NEVER: Final = {
    "waiting": ("It runs as soon as the lead is in its stage.", "starts when …"),
    "paused": ("Nothing pauses it.", "pauses from … until …"),
}


def _target(
    node: nodes.ExpectTarget, said: str, scope: Scope, *, in_step: bool
) -> checked.ExpectTarget | None:
    known = scope.names.look_up(node.target, "target") is not None
    state = next((each for each in _STATES if each == node.state.text), None)
    if state is None:
        near = nearest(node.state.text, _STATES)
        scope.report.error(
            "E401",
            f"A target is never {ticked(node.state.text)}.",
            node.state.span,
            f"Did you mean {ticked(near)}?" if near else f"Write {alternatives(_STATES)}.",
            scope.report.replaced(node.state.span, near) if near else None,
        )
        return None
    if not known or (scope.all_ways() and _say_never(node, scope, in_step=in_step)):
        return None
    return checked.ExpectTarget(node.target.text, state, said, node.span)


def _say_never(node: nodes.ExpectTarget, scope: Scope, *, in_step: bool) -> bool:
    """Whether the target can never be so, saying so."""
    name, state = node.target.text, node.state.text
    if state == "stopped" and not in_step:
        why = "At `as of` the lead has left no stage yet."
        help_ = f"Expect it in a step: `after 8 days: expect target {name} is stopped`."
    elif state in scope.target_states.get(name, _STATES):
        return False
    elif state == "met":
        why = "Each time it is met, it runs anew."
        help_ = "Expect that it is running, or when it is due."
    else:
        why, line = _WHY_NEVER[state]
        help_ = f"Expect something else, or add a line `{line}` to the target."
    scope.report.error("E568", f"{ticked(name)} is never {state} here. {why}", node.span, help_)
    return True
