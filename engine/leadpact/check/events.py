"""Base kinds of events with their properties, and derived kinds brought down to base kinds."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact import checked
from leadpact.check.conditions import condition
from leadpact.check.fields import field, require
from leadpact.check.lists import label
from leadpact.check.names import EVENTS, KEYS_OF_EVENTS, PERIODS, What, phrase
from leadpact.check.order import arrange
from leadpact.check.scope import Place, Scope
from leadpact.check.words import enumerated, ticked
from leadpact_dsl import nodes

__all__ = ["answer_kind", "base_kind", "derived_kinds", "pattern_of"]


def base_kind(
    line: nodes.KindLine, party: str | None, scope: Scope, *, signal: bool = False
) -> checked.Kind:
    """A base kind; ``party`` is set for actions."""
    found: dict[str, checked.Field] = {}
    lines: dict[str, nodes.FieldLine] = {}
    for written in line.properties:
        name = written.name.text
        if name in KEYS_OF_EVENTS or name in PERIODS:
            keeper = "`once per`" if name in PERIODS else "Every event"
            scope.wrong_properties.add(name)
            scope.report.error(
                "E203",
                f"{ticked(name)} is reserved.",
                written.name.span,
                f"{keeper} keeps {ticked(name)} for itself. Choose another name.",
            )
        elif name in lines:
            scope.report.error(
                "E202",
                f"{ticked(line.name.text)} has two properties {ticked(name)}.",
                written.name.span,
                f"The other one stands in line {lines[name].span.line}. Give one another name.",
            )
        else:
            lines[name] = written
            property_ = field(written, scope, of_lead=False)
            if property_ is not None:
                found[name] = property_
            else:
                scope.wrong_properties.add(name)
    only = f"properties of {ticked(line.name.text)}"
    properties = tuple(
        require(lines[name], property_, found, only, scope) for name, property_ in found.items()
    )
    name = line.name.text
    return checked.Kind(
        name, label(line.label, line.name), party, properties, line.span, signal=signal
    )


def answer_kind(
    checklist: str, item: nodes.ItemLine, party: str
) -> tuple[checked.Kind, checked.EventPattern]:
    """The action that answers an item of a checklist, ``bant.believes``."""

    def property_(name: str, kind: checked.FieldType, *, required: bool) -> checked.Field:
        return checked.Field(
            name=name,
            label=name.capitalize(),
            type=kind,
            required=required,
            required_when=None,
            no_when_unknown=False,
            after_contact=False,
            personal=False,
            span=item.span,
        )

    kind = checked.Kind(
        f"{checklist}.{item.name.text}",
        label(item.question, item.name),
        party,
        (
            property_("answer", checked.YesNoType(), required=True),
            property_("note", checked.TextType(), required=False),
        ),
        item.span,
    )
    return kind, pattern_of(kind)


def pattern_of(kind: checked.Kind) -> checked.EventPattern:
    """All events of a base kind."""
    part = checked.PatternPart(kind.name, None)
    return checked.EventPattern(kind.name, kind.label, (part,), kind.party is not None)


# --- derived kinds -------------------------------------------------------------------------------


def derived_kinds(
    lines: Sequence[tuple[nodes.DerivedLine, What]], scope: Scope
) -> tuple[checked.DerivedKind, ...]:
    """The derived kinds in the order written; each line comes with its sort of events.

    They may stand on one another in any order, but not in a circle. Their patterns are entered
    into the scope.
    """
    by_name = {line.name.text: (line, sort) for line, sort in lines}
    order, circles = arrange(
        {name: [base.text for base in line.bases] for name, (line, _) in by_name.items()}
    )
    for circle in circles:
        _say_circle(circle, by_name[circle[0]][0], scope)
    found: dict[str, checked.DerivedKind] = {}
    for name in order:
        if name in scope.names.poisoned:
            continue
        line, sort = by_name[name]
        pattern = _pattern(line, sort, scope)
        if pattern is None:
            scope.names.poisoned.add(name)
            continue
        scope.patterns[name] = pattern
        found[name] = checked.DerivedKind(name, pattern.label, pattern, line.span)
    return tuple(found[name] for name in by_name if name in found)


def _say_circle(circle: list[str], line: nodes.DerivedLine, scope: Scope) -> None:
    scope.names.poisoned.update(circle)
    base = next(base for base in line.bases if base.text in circle)
    way = " → ".join(ticked(name) for name in [*circle, circle[0]])
    scope.report.error(
        "E508",
        f"{ticked(circle[0])} is explained by itself: {way}.",
        base.span,
        "Explain one of them by something that happens on its own.",
    )


def _pattern(line: nodes.DerivedLine, sort: What, scope: Scope) -> checked.EventPattern | None:
    bases: list[checked.EventPattern] = []
    wrong = False
    for index, base in enumerate(line.bases):
        if base.text in [earlier.text for earlier in line.bases[:index]]:
            _say_twice(base, scope)
            wrong = True
        elif (
            symbol := scope.names.look_up(base, *EVENTS)
        ) is None or base.text not in scope.patterns:
            wrong = True
        elif symbol.what != sort:
            _say_mixed(line, base, sort, scope)
            wrong = True
        else:
            bases.append(scope.patterns[base.text])
    if wrong:
        return None
    parts = [part for base in bases for part in base.parts]
    if line.where is not None:
        place = Place(
            fields=_shared_properties(parts, scope),
            only=f"properties of {enumerated(base.text for base in line.bases)}",
        )
        where = condition(line.where, scope, place)
        if where is None:
            return None
        parts = [checked.PatternPart(part.kind, _both(part.where, where)) for part in parts]
    return checked.EventPattern(
        line.name.text,
        label(line.label, line.name),
        tuple(dict.fromkeys(parts)),
        of_actions=sort == "action",
    )


def _say_twice(base: nodes.Word, scope: Scope) -> None:
    scope.report.error(
        "E206",
        f"{ticked(base.text)} stands here twice.",
        base.span,
        "Leave out the second one.",
    )


def _say_mixed(line: nodes.DerivedLine, base: nodes.Word, sort: What, scope: Scope) -> None:
    this, that = phrase(sort), scope.names.symbols[base.text].phrase
    scope.report.error(
        "E311",
        f"{ticked(line.name.text)} is {this}, and {ticked(base.text)} is {that}.",
        base.span,
        "Activities are what a lead does, signals what happens around it, actions what our own "
        "people do. Name only one sort here.",
    )


def _shared_properties(
    parts: Sequence[checked.PatternPart], scope: Scope
) -> dict[str, checked.Field]:
    """The properties that all the base kinds have, with the same type."""
    kinds = [scope.kinds[name] for name in dict.fromkeys(part.kind for part in parts)]
    found = {property_.name: property_ for property_ in kinds[0].properties}
    for kind in kinds[1:]:
        types = {property_.name: property_.type for property_ in kind.properties}
        found = {name: each for name, each in found.items() if types.get(name) == each.type}
    return found


def _both(first: checked.Condition | None, second: checked.Condition) -> checked.Condition:
    return second if first is None else checked.All((first, second))
