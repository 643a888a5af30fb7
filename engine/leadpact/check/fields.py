"""Fields of the lead and properties of events: types, ranges, values, marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.conditions import condition
from leadpact.check.in_force import in_force
from leadpact.check.lists import label
from leadpact.check.measures import say_ends
from leadpact.check.report import Report
from leadpact.check.rules import Rules
from leadpact.check.scope import FIELDS_OF_LEAD, Place, Scope
from leadpact.check.subjects import first_name
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["field", "refusal", "require"]

Types = checked.FieldType


def field(line: nodes.FieldLine, scope: Scope, *, of_lead: bool) -> checked.Field | None:
    """The field, its ``required_when`` still open (see ``require``); ``None`` with a wrong type."""
    kind = _type(line.type, line.name, scope)
    marks = _marks(line, kind, scope.report, of_lead=of_lead)
    if kind is None:
        return None
    return checked.Field(
        name=line.name.text,
        label=label(line.label, line.name),
        type=kind,
        required="required" in marks,
        required_when=None,
        no_when_unknown="no when unknown" in marks,
        after_contact="known only after contact" in marks,
        personal="personal" in marks,
        span=line.span,
    )


# --- types ---------------------------------------------------------------------------------------


def _type(node: nodes.FieldType, name: nodes.Word, scope: Scope) -> Types | None:
    match node.kind:
        case "text":
            return checked.TextType()
        case "number" | "whole number":
            return _number(node, scope.report)
        case "money":
            return _money(node, scope)
        case "yes or no":
            return checked.YesNoType()
        case "one of" | "any number of":
            values = _values(node, name, scope)
            if values is None:
                return None
            several = node.kind == "any number of"
            return checked.AnyNumberOfType(values) if several else checked.OneOfType(values)
        case "date":
            return checked.DateType()
        case "date and time":
            return checked.InstantType()
        case _ as never:
            assert_never(never)


def _number(node: nodes.FieldType, report: Report) -> checked.NumberType | None:
    whole = node.kind == "whole number"
    if node.low is None or node.high is None:
        return checked.NumberType(whole=whole, money=False, low=None, high=None)
    low = amounts.exact(report, node.low, whole=whole)
    high = amounts.exact(report, node.high, whole=whole)
    if low is None or high is None:
        return None
    if low > high:
        say_ends(node.low.span, node.high.span, report)
        return None
    return checked.NumberType(whole=whole, money=False, low=low, high=high)


def _money(node: nodes.FieldType, scope: Scope) -> checked.NumberType:
    if scope.currency is None and not scope.currency_said:
        scope.currency_said = True
        scope.report.error(
            "E513",
            "Money needs a currency, and the policy has none.",
            node.span,
            "Add a line such as `currency EUR` to the policy block.",
        )
    return checked.NumberType(whole=False, money=True, low=None, high=None)


def _values(node: nodes.FieldType, name: nodes.Word, scope: Scope) -> tuple[str, ...] | None:
    report = scope.report
    values: dict[str, None] = {}
    for value in node.values:
        if not value.text.strip():
            report.error(
                "E401",
                "An empty text cannot be a value: it is unknown.",
                value.span,
                "Leave it out. A field without a value is unknown by itself.",
            )
        elif value.text in values:
            report.error(
                "E206",
                f"{ticked(value.text)} stands twice among the values of {ticked(name.text)}.",
                value.span,
                "Leave out the second one.",
            )
        else:
            values[value.text] = None
            if isinstance(value, nodes.Word):
                scope.bare_values.add((name.text, value.text))
    return tuple(values) if values else None


# --- marks ---------------------------------------------------------------------------------------


def _marks(line: nodes.FieldLine, kind: Types | None, report: Report, *, of_lead: bool) -> set[str]:
    """The kinds of a field's marks, each looked at."""
    seen: set[str] = set()
    for mark in line.marks:
        if mark.kind in seen:
            report.error(
                "E504",
                f"`({mark.kind})` stands twice.",
                mark.span,
                "Leave out the second one.",
            )
        elif mark.kind == "no when unknown" and not isinstance(kind, checked.YesNoType | None):
            report.error(
                "E309",
                f"{ticked(line.name.text)} is not a yes or no.",
                mark.span,
                "`(no when unknown)` is for yes-or-no fields. Leave it out.",
            )
        elif mark.kind == "known only after contact" and not of_lead:
            report.error(
                "E309",
                "This mark is for fields of the lead.",
                mark.span,
                "Leave it out: an event is known when it has happened.",
            )
        elif {mark.kind, *seen} >= {"required", "required when"}:
            report.error(
                "E309",
                f"{ticked(line.name.text)} is required always and under a condition.",
                mark.span,
                "Keep one of the two marks.",
            )
        else:
            seen.add(mark.kind)
    return seen


def require(
    line: nodes.FieldLine,
    found: checked.Field,
    others: Mapping[str, checked.Field],
    only: str,
    scope: Scope,
) -> checked.Field:
    """The field with the condition of its ``(required when …)``."""
    for mark in line.marks:
        if mark.when is not None:
            when = condition(mark.when, scope, Place(fields=others, only=only))
            return replace(found, required_when=when)
    return found


def refusal(line: nodes.RefusedLine, rules: Rules, scope: Scope) -> checked.Refusal | None:
    """A `refused when`; ``None`` after saying what is wrong."""
    when = condition(line.when, scope, Place(fields=scope.fields, only=FIELDS_OF_LEAD))
    if when is None:
        return None
    rule = rules.claim(line.as_name or first_name(line.when), line)
    days = in_force(line.in_force, scope)
    if rule is None:
        return None
    because = line.because.text if line.because is not None else None
    return checked.Refusal(rule, when, because, line.span, days)
