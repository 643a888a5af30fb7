"""The events of an example, brought down to base kinds with all their properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadpact import checked
from leadpact.check.derivation import complete, holds
from leadpact.check.given import again, ago, given_value, instant
from leadpact.check.scope import Scope
from leadpact.check.words import alternatives, enumerated, ticked
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["given_event"]


def given_event(
    line: nodes.GivenEvent, as_of: datetime | None, scope: Scope
) -> checked.ExampleEvent | None:
    if line.event.name.text == "activity" and line.event.member is None:
        _say_base(line, [], scope)
        return None
    pattern = scope.pattern(line.event)
    at = (
        ago(line.when, as_of, scope)
        if isinstance(line.when, nodes.Duration)
        else instant(line.when, scope)
    )
    if pattern is None:
        return None
    if len(pattern.parts) != 1:
        _say_base(line, [part.kind for part in pattern.parts], scope)
        return None
    part = pattern.parts[0]
    kind = scope.kinds[part.kind]
    given = _properties(line, kind, scope)
    if given is None:
        return None
    properties = _completed(line, part, kind, given, scope)
    if properties is None or at is None:
        return None
    return checked.ExampleEvent(kind.name, at, tuple(properties.items()), pattern.of_actions)


def _say_base(line: nodes.GivenEvent, bases: Sequence[str], scope: Scope) -> None:
    scope.report.error(
        "E414",
        f"{ticked(scope.report.words(line.event.span))} may be one of several kinds.",
        line.event.span,
        f"Name the one that happened: {alternatives(dict.fromkeys(bases))}."
        if bases
        else "Name the activity that happened.",
    )


def _properties(
    line: nodes.GivenEvent, kind: checked.Kind, scope: Scope
) -> dict[str, object] | None:
    known = {each.name: each for each in kind.properties}
    found: dict[str, object] = {}
    seen: dict[str, Span] = {}
    wrong = False
    for each in line.properties:
        name = each.field.text
        if again(each.field, seen, scope):
            wrong = True
        elif name not in known:
            scope.say_no_property(each.field, known, f"properties of {ticked(kind.name)}")
            wrong = True
        elif each.values:
            found[name] = given_value(each, known[name], scope)
            wrong = wrong or found[name] is None
    return None if wrong else found


def _completed(
    line: nodes.GivenEvent,
    part: checked.PatternPart,
    kind: checked.Kind,
    given: Mapping[str, object],
    scope: Scope,
) -> dict[str, object] | None:
    """The properties that the event has, with those that its derived kind implies."""
    shown = ticked(scope.report.words(line.event.span))
    properties = complete(part.where, given, kind, scope.zone)
    if properties is None:
        given_all = part.where is not None and holds(part.where, given, scope.zone) is False
        scope.report.error(
            "E414",
            f"With these properties it is not {shown}."
            if given_all
            else f"It is not clear which {ticked(kind.name)} this {shown} is.",
            line.event.span,
            f"Change the properties, or write {ticked(kind.name)}."
            if given_all
            else f"Write `{kind.name}` with properties that make it {shown}.",
        )
        return None
    missing = [
        each.name
        for each in kind.properties
        if each.name not in properties and _required(each, properties, scope)
    ]
    if missing:
        scope.report.error(
            "E414",
            f"{ticked(kind.name)} needs {enumerated(missing)}.",
            line.event.span,
            f"Add {'them' if len(missing) > 1 else 'it'} at the end: `with {missing[0]} is …`.",
        )
        return None
    return properties


def _required(field: checked.Field, properties: Mapping[str, object], scope: Scope) -> bool:
    if field.required_when is None:
        return field.required
    return holds(field.required_when, properties, scope.zone) is True
