"""How often something happened, within what time, and what the last of it says."""

from __future__ import annotations

from typing import Literal, assert_never

from leadpact import checked
from leadpact.check import amounts, lengths
from leadpact.check.scope import Place, Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["happened", "here", "last_of", "needs_window", "window"]


def here(what: str, span: Span, scope: Scope, place: Place, why: str = "") -> bool:
    """Whether a condition that looks at more than fields can stand here, saying so where not."""
    if place.fields is None:
        return True
    help_ = why or f"Only {place.only} can stand here."
    scope.report.error("E207", f"{what} cannot be used here.", span, help_)
    return False


def happened(node: nodes.Happened, scope: Scope, place: Place) -> checked.Condition | None:
    if not here("How often something happened", node.span, scope, place):
        return None
    events = scope.pattern(node.event)
    settled = None
    if events is not None or node.window is not None:
        settled = window(node.window, node.span, scope, place)
    times = _count(node, scope)
    different = _different(node, events, scope)
    if events is None or settled is None or times is None or different is None:
        return None
    tests: list[checked.Condition] = []
    if node.different is None or node.count is not None:
        tests.append(checked.EventTest(events, times[0], times[1], None, settled))
    if node.different is not None:
        tests.append(checked.EventTest(events, ">=", different[0], different[1], settled))
    if node.none and node.different is not None:
        return checked.Not(tests[-1])
    return tests[0] if len(tests) == 1 else checked.All(tuple(tests))


def _count(node: nodes.Happened, scope: Scope) -> tuple[Literal["<=", ">=", "=="], int] | None:
    """How often it must have happened; once where nothing is said, never after ``no``."""
    if node.count is None:
        return ("==", 0) if node.none else (">=", 1)
    verb, number = node.count
    times = amounts.count(scope.report, number, least=1 if verb == "at least" else 0, what="times")
    if times is None:
        return None
    match verb:
        case "at least":
            return ">=", times
        case "at most":
            return "<=", times
        case "exactly":
            return "==", times


def _different(
    node: nodes.Happened, events: checked.EventPattern | None, scope: Scope
) -> tuple[int, str] | None:
    """How many different values of which property; ``(0, "")`` where nothing is said."""
    if node.different is None:
        return 0, ""
    number, word = node.different
    count = amounts.count(scope.report, number, least=1, what="different values")
    if events is None or count is None:
        return None
    properties = scope.properties(events)
    if word.text not in properties:
        scope.say_no_property(word, properties, f"properties of {ticked(events.name)}")
        return None
    return count, word.text


def window(
    node: nodes.Window | None, said: Span, scope: Scope, place: Place
) -> checked.Window | None:
    """The window of an event; where none is written, since the lead entered its stage."""
    match node:
        case nodes.Within():
            length = lengths.exact(node.duration, scope)
            return None if length is None else checked.Within(length)
        case nodes.Ever():
            return checked.Ever()
        case nodes.Since():
            if scope.names.look_up(node.stage, "stage") is None:
                return None
            return checked.SinceStage(node.how, node.stage.text)
        case None if place.in_stage:
            return checked.SinceEntered()
        case None:
            needs_window(said, scope)
            return None
        case _ as never:
            assert_never(never)


def needs_window(said: Span, scope: Scope) -> None:
    """Say that an event needs a window here."""
    shown = scope.report.words(said)
    scope.report.error(
        "E308",
        f"{ticked(shown)}: within what time?",
        said,
        "Add a window, such as `within 30 days`, or `ever` if all that happened counts.",
        scope.report.followed(said, " within 30 days"),
    )


# --- what the last of it says --------------------------------------------------------------------


def last_of(node: nodes.LastOf, scope: Scope, place: Place) -> checked.LastFact | None:
    """``reason of last rejected``; ``None`` after saying what is wrong.

    All base kinds of the event must have the property, and with the same type.
    """
    if not here("What the last event says", node.span, scope, place):
        return None
    events = scope.pattern(node.event)
    if events is None:
        return None
    name = node.property.text
    found = scope.properties(events).get(name)
    if found is None:
        scope.say_no_property(
            node.property, scope.properties(events), f"properties of {ticked(events.name)}"
        )
        return None
    for kind in dict.fromkeys(part.kind for part in events.parts):
        types = {each.name: each.type for each in scope.kinds[kind].properties}
        if types.get(name) != found.type:
            if name not in scope.wrong_properties:
                _say_differs(node, kind, has=name in types, scope=scope)
            return None
    window = checked.SinceEntered() if place.in_stage else checked.Ever()
    return checked.LastFact(events, name, found.type, window)


def _say_differs(node: nodes.LastOf, kind: str, *, has: bool, scope: Scope) -> None:
    name, event = ticked(node.property.text), scope.report.words(node.event.span)
    scope.report.error(
        "E523",
        f"{ticked(kind)}, which counts as {ticked(event)}, has "
        f"{f'another type of {name}' if has else f'no {name}'}.",
        node.property.span,
        "Every kind that counts must have the property, with the same type. Declare it there too, "
        "or name one kind.",
    )
