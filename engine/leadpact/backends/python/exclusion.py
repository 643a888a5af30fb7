"""Conditions on one text that can never hold together: ``/pricing…`` and ``/careers…``."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact import plan as p
from leadpact.checked import Condition, FieldFact, Kind, TextTest
from leadpact.operators.text import fold

__all__ = ["excludes", "property_of", "text_test", "which_holds"]


def text_test(slot: p.Slot, kind: Kind) -> TextTest:
    """The one text condition that the slot has on the kind."""
    where = next(part.where for part in slot.parts if part.kind == kind.name)
    assert isinstance(where, TextTest)
    return where


def property_of(where: TextTest) -> str:
    """The property that the condition looks at."""
    assert isinstance(where.fact, FieldFact)
    return where.fact.name


def which_holds(wheres: Sequence[TextTest], text: str) -> int:
    """The number, from 1, of the condition that the text fulfils; 0 for none."""
    folded = fold(text)
    for number, where in enumerate(wheres, start=1):
        for value in map(fold, where.values):
            if folded == value or (where.how == "starts with" and folded.startswith(value)):
                return number
    return 0


def excludes(one: Condition | None, other: Condition | None) -> bool:
    """Whether two conditions on the same text can never hold together."""
    if not isinstance(one, TextTest) or not isinstance(other, TextTest):
        return False
    if not isinstance(one.fact, FieldFact) or one.fact != other.fact:
        return False
    if one.negated or other.negated:
        return False
    hows = {one.how, other.how}
    if not hows <= {"is", "starts with"}:
        return False
    return all(
        not _may_both(fold(a), one.how, fold(b), other.how)
        for a in one.values
        for b in other.values
    )


def _may_both(one: str, how: str, other: str, other_how: str) -> bool:
    if how == "is" and other_how == "is":
        return one == other
    if how == "is":
        return one.startswith(other)
    if other_how == "is":
        return other.startswith(one)
    return one.startswith(other) or other.startswith(one)
