"""Conditions that can be read but were meant otherwise; said with the line that was meant."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact import checked
from leadpact.check.scope import Place, Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["asks_whether_known", "values_joined_by_or"]

# What people write for `is unknown` and `is known`.
_ABSENT = frozenset({"blank", "empty", "missing", "none", "nothing", "null", "undefined"})
_PRESENT = frozenset({"available", "defined", "filled", "given", "present", "set", "there"})


def asks_whether_known(
    node: nodes.Compare, name: str, kind: checked.FieldType, scope: Scope
) -> bool:
    """``phone is not empty``: whether a value is known, asked in other words; says so."""
    value = node.values[0] if len(node.values) == 1 else None
    if not isinstance(value, nodes.Word) or node.verb not in ("is", "is not"):
        return False
    present = value.text in _PRESENT
    declared = value.text in _values_of(kind) or value.text in scope.names.symbols
    if declared or not (present or value.text in _ABSENT):
        return False
    meant = "is known" if present == (node.verb == "is") else "is unknown"
    report = scope.report
    said = report.between(node.subject.span, value.span).to(value.span)
    report.error(
        "E401" if _values_of(kind) else "E301",
        f"{ticked(value.text)} is not a value of {ticked(name)}.",
        value.span,
        f"Write {ticked(meant)}.",
        report.replaced(said, meant),
    )
    return True


_ANY_OF = {"is": "is any of", "is not": "is none of"}


def values_joined_by_or(node: nodes.AnyOf, scope: Scope, place: Place) -> bool:
    """``seniority is vp or director``: a value where a condition should stand; says so."""
    for index, first in enumerate(node.members):
        if not isinstance(first, nodes.Compare) or first.verb not in _ANY_OF:
            continue
        values = _known_values(first, scope, place)
        alone: list[nodes.Ref] = []
        for member in node.members[index + 1 :]:
            if not isinstance(member, nodes.Bare) or member.subject.name.text not in values:
                break
            alone.append(member.subject)
        if alone and alone[0].name.text not in scope.names.symbols:
            _say_joined(first, alone, scope)
            return True
    return False


def _say_joined(first: nodes.Compare, alone: Sequence[nodes.Ref], scope: Scope) -> None:
    report = scope.report
    spans = [*(value.span for value in first.values), *(ref.span for ref in alone)]
    meant = f"{_ANY_OF[first.verb]} {', '.join(map(report.words, spans))}"
    said = report.between(first.subject.span, spans[0]).to(spans[-1])
    report.error(
        "E313",
        f"{ticked(alone[0].name.text)} alone is not a condition.",
        alone[0].span,
        f"Write {ticked(meant)}.",
        report.replaced(said, meant),
    )


def _known_values(node: nodes.Compare, scope: Scope, place: Place) -> Sequence[str]:
    subject = node.subject
    if not isinstance(subject, nodes.Ref) or subject.member is not None:
        return ()
    name = subject.name.text
    field = (scope.fields if place.fields is None else place.fields).get(name)
    return _values_of(field.type) if field is not None else scope.groups.get(name, ())


def _values_of(kind: checked.FieldType) -> Sequence[str]:
    return kind.values if isinstance(kind, checked.OneOfType) else ()
