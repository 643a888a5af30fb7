"""Conditions as written → conditions as checked.

``condition`` gives ``None`` where something in a condition is wrong; it has been said by then,
and whatever stands around the condition stays silent about it. All members of a list of
conditions are looked at, whatever is wrong with one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.choices import compare_choice, compare_several, compare_text, compare_yes_no
from leadpact.check.history import compare_gained, in_stage, woken_up
from leadpact.check.measures import compare_date, compare_number
from leadpact.check.occurrences import happened, last_of, window
from leadpact.check.results import (
    compare_checklist,
    compare_grade,
    compare_group,
    compare_score,
    stands_alone,
)
from leadpact.check.scope import Place, Scope
from leadpact.check.slips import asks_whether_known, values_joined_by_or
from leadpact.check.times import compare_moment, time_apart
from leadpact.check.verbs import KNOWN
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["condition"]


def condition(node: nodes.Condition, scope: Scope, place: Place) -> checked.Condition | None:
    """What is meant, or ``None`` after saying what is wrong."""
    match node:
        case nodes.Compare():
            return _compare(node, scope, place)
        case nodes.Bare():
            return _bare(node, scope, place)
        case nodes.Happened():
            return happened(node, scope, place)
        case nodes.TimeApart():
            return time_apart(node, scope, place)
        case nodes.InStage():
            return in_stage(node, scope, place)
        case nodes.WokenUp():
            return woken_up(node, scope, place)
        case nodes.Not():
            member = condition(node.member, scope, place)
            return None if member is None else checked.Not(member)
        case nodes.AllOf():
            members = _members(node.members, scope, place)
            return None if members is None else checked.All(members)
        case nodes.AnyOf():
            if values_joined_by_or(node, scope, place):
                return None
            members = _members(node.members, scope, place)
            return None if members is None else checked.Any(members)
        case nodes.NoneOf():
            members = _members(node.members, scope, place)
            return None if members is None else checked.All(tuple(map(checked.Not, members)))
        case nodes.AtLeastOf():
            return _at_least(node, scope, place)
        case _ as never:
            assert_never(never)


def _members(
    nodes_: Sequence[nodes.Condition], scope: Scope, place: Place
) -> tuple[checked.Condition, ...] | None:
    members = [condition(member, scope, place) for member in nodes_]
    right = tuple(member for member in members if member is not None)
    return right if right and len(right) == len(members) else None


def _at_least(node: nodes.AtLeastOf, scope: Scope, place: Place) -> checked.Condition | None:
    members = _members(node.members, scope, place)
    count = amounts.count(scope.report, node.count, least=1, what="conditions")
    if members is None or count is None:
        return None
    if count > len(members):
        scope.report.error(
            "E413",
            f"{count} conditions are asked for, and there are {len(members)}.",
            node.count.span,
            f"Write at most {len(members)}, or add conditions.",
        )
        return None
    return checked.AtLeast(count, members)


# --- comparisons ---------------------------------------------------------------------------------


def _compare(node: nodes.Compare, scope: Scope, place: Place) -> checked.Condition | None:
    subject = node.subject
    match subject:
        case nodes.Ref():
            return _compare_named(node, subject, scope, place)
        case nodes.DomainOf():
            return _compare_domain(node, subject, scope, place)
        case nodes.LastOf():
            return _compare_last(node, subject, scope, place)
        case nodes.MomentOf():
            return compare_moment(node, subject, scope, place)
        case nodes.GainedSince():
            return compare_gained(node, subject, scope, place)
        case _ as never:
            assert_never(never)


def _compare_named(
    node: nodes.Compare, subject: nodes.Ref, scope: Scope, place: Place
) -> checked.Condition | None:
    if place.fields is not None:
        field = scope.find_field(subject.name, place) if whole_field(subject, scope) else None
        return None if field is None else _compare_field(node, field, scope, place)
    symbol = scope.names.look_up(subject.name)
    if symbol is None:
        return None
    match symbol.what:
        case "field":
            field = scope.find_field(subject.name, place)
            if field is None or not stands_alone(subject, scope):
                return None
            return _compare_field(node, field, scope, place)
        case "score":
            scope.lean(place, subject.name)
            return compare_score(node, subject, scope)
        case "grade":
            scope.lean(place, subject.name)
            return compare_grade(node, subject, scope)
        case "group":
            scope.lean(place, subject.name)
            return compare_group(node, subject, scope)
        case "checklist":
            scope.lean(place, subject.name)
            return compare_checklist(node, subject, scope)
        case _:
            _say_no_comparison(node, subject, scope)
            return None


def whole_field(ref: nodes.Ref, scope: Scope) -> bool:
    """Whether a field or property stands without a part, saying so where it does not."""
    if ref.member is None:
        return True
    scope.report.error(
        "E205",
        f"{ticked(ref.name.text)} has no parts.",
        ref.member.span,
        f"Write `{ref.name.text}` alone.",
        scope.report.replaced(ref.span, ref.name.text),
    )
    return False


def _compare_domain(
    node: nodes.Compare, subject: nodes.DomainOf, scope: Scope, place: Place
) -> checked.Condition | None:
    field = scope.find_field(subject.field, place)
    if field is None:
        return None
    if not isinstance(field.type, checked.TextType):
        scope.report.error(
            "E301",
            f"{ticked(field.name)} is not a text.",
            subject.field.span,
            "`domain of` is for texts with an e-mail address.",
        )
        return None
    fact = checked.DomainFact(field.name)
    if node.verb in KNOWN:
        return checked.KnownTest(fact, known=node.verb == "is known", asks=place.asks)
    return compare_text(node, fact, f"the domain of {ticked(field.name)}", scope)


def _compare_last(
    node: nodes.Compare, subject: nodes.LastOf, scope: Scope, place: Place
) -> checked.Condition | None:
    """``reason of last rejected is no_fit``"""
    fact = last_of(subject, scope, place)
    if fact is None:
        return None
    return _compare_value(node, fact, fact.property, fact.type, scope, place)


def _compare_field(
    node: nodes.Compare, field: checked.Field, scope: Scope, place: Place
) -> checked.Condition | None:
    """A field or property and what is said of it."""
    fact = checked.FieldFact(field.name)
    return _compare_value(node, fact, field.name, field.type, scope, place)


def _compare_value(
    node: nodes.Compare,
    fact: checked.ValueFact,
    name: str,
    kind: checked.FieldType,
    scope: Scope,
    place: Place,
) -> checked.Condition | None:
    if node.verb in KNOWN:
        return checked.KnownTest(fact, known=node.verb == "is known", asks=place.asks)
    if asks_whether_known(node, name, kind, scope):
        return None
    match kind:
        case checked.NumberType():
            return compare_number(node, fact, name, kind, scope)
        case checked.DateType() | checked.InstantType():
            return compare_date(node, fact, name, scope)
        case checked.TextType():
            return compare_text(node, fact, f"the text {ticked(name)}", scope)
        case checked.YesNoType():
            return compare_yes_no(node, fact, name, scope)
        case checked.OneOfType(values):
            return compare_choice(node, fact, name, values, scope)
        case checked.AnyNumberOfType(values):
            return compare_several(node, fact, name, values, scope)
        case _ as never:
            assert_never(never)


def _say_no_comparison(node: nodes.Compare, ref: nodes.Ref, scope: Scope) -> None:
    name = ref.name.text
    symbol = scope.names.symbols[name]
    if name in scope.names.poisoned:
        return
    match symbol.what:
        case "definition":
            help_ = f"A definition stands alone: write `{name}` or `not {name}`."
        case "activity" | "signal" | "action":
            help_ = f"Write how often it happened and when: `{name} within 30 days`."
        case "stage":
            help_ = f"Write `in {name}` or `not in {name}`."
        case _:
            help_ = "Conditions compare fields, scores, grades, groups and checklists."
    scope.report.error(
        "E204",
        f"{ticked(name)} is {symbol.phrase}, which is not compared with anything.",
        ref.span,
        help_,
    )


# --- names alone ---------------------------------------------------------------------------------


def _bare(node: nodes.Bare, scope: Scope, place: Place) -> checked.Condition | None:
    ref = node.subject
    if place.fields is not None:
        field = scope.find_field(ref.name, place) if whole_field(ref, scope) else None
        return None if field is None else _bare_field(ref, field, scope)
    if ref.name.text == "activity" and ref.member is None:
        return _bare_event(node, scope, place)
    symbol = scope.names.look_up(ref.name)
    if symbol is None:
        return None
    match symbol.what:
        case "field":
            field = scope.find_field(ref.name, place)
            if field is None or not stands_alone(ref, scope):
                return None
            return _bare_field(ref, field, scope)
        case "definition":
            if not stands_alone(ref, scope):
                return None
            scope.lean(place, ref.name)
            return checked.Defined(ref.name.text)
        case "activity" | "signal" | "action":
            return _bare_event(node, scope, place) if stands_alone(ref, scope) else None
        case "checklist":
            if ref.member is not None and scope.checklists.get(ref.name.text) is not None:
                return _bare_answer(node, scope, place)
    _say_alone(ref, scope)
    return None


def _bare_answer(node: nodes.Bare, scope: Scope, place: Place) -> checked.Condition | None:
    """``bant.believes`` alone: in a stage it is the answer; a plain item is not a condition."""
    ref = node.subject
    shape = scope.checklists[ref.name.text]
    if place.in_stage and ref.member is not None and shape.items.get(ref.member.text):
        return _bare_event(node, scope, place)
    if ref.member is not None and scope.part(ref.member, shape.items, "item", of=ref.name.text):
        _say_alone(ref, scope)
    return None


def _bare_field(ref: nodes.Ref, field: checked.Field, scope: Scope) -> checked.Condition | None:
    if isinstance(field.type, checked.YesNoType):
        return checked.YesNoTest(checked.FieldFact(field.name), True)
    _say_alone(ref, scope)
    return None


def _bare_event(node: nodes.Bare, scope: Scope, place: Place) -> checked.Condition | None:
    events = scope.pattern(node.subject)
    if events is None:
        return None
    settled = window(None, node.span, scope, place)
    return None if settled is None else checked.EventTest(events, ">=", 1, None, settled)


_SAID_OF = {
    "score": "is at least 50",
    "grade": "is A",
    "group": "is …",
    "checklist": "is met",
    "field": "is known",
}


def _say_alone(ref: nodes.Ref, scope: Scope) -> None:
    if ref.name.text in scope.names.poisoned:
        return
    shown = scope.report.words(ref.span)
    symbol = scope.names.symbols.get(ref.name.text)
    what = symbol.what if symbol is not None else "field"
    fix = None
    if what in _SAID_OF:
        help_ = f"Say something of it, like `{shown} {_SAID_OF[what]}`."
    elif what == "stage":
        help_ = f"Write `in {shown}` for a lead that is there."
        fix = scope.report.replaced(ref.span, f"in {shown}")
    else:
        help_ = "Only yes-or-no fields and definitions can stand alone."
    scope.report.error("E313", f"{ticked(shown)} alone is not a condition.", ref.span, help_, fix)
