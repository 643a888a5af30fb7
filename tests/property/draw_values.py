"""Random tests of one value: a field of the lead, a property of an event, or of the last event."""

from __future__ import annotations

from random import Random

from tests.property.draw_scope import (
    TEXTS,
    FieldLike,
    Scope,
    choice_word,
    day,
    grouped,
    quoted,
)


def value_test(r: Random, scope: Scope, subject: str, one: FieldLike) -> str:
    """A test of ``subject``, which is of the type of ``one``."""
    if r.random() < 0.2:
        return f"{subject} is {r.choice(('known', 'unknown'))}"
    match one.kind:
        case "text":
            return text_test(r, scope, subject)
        case "number" | "whole number" | "money":
            return number_test(r, scope, subject, one)
        case "yes or no":
            ways = [f"{subject} is yes", f"{subject} is no"]
            ways += [subject, f"not {subject}"] if subject == one.name else []
            return r.choice(ways)
        case "one of":
            return f"{subject} {choice_of(r, [choice_word(value) for value in one.values])}"
        case "any number of":
            return f"{subject} includes {choice_word(r.choice(one.values))}"
        case "date" | "date and time":
            return date_test(r, subject)
        case _:
            raise ValueError(one.kind)


def choice_of(r: Random, values: list[str]) -> str:
    """``is V``, ``is none of V, W`` and the like."""
    if r.random() < 0.5:
        return f"{r.choice(('is', 'is not'))} {r.choice(values)}"
    picked = r.sample(values, r.randint(1, max(1, len(values) - 1)))
    return f"{r.choice(('is any of', 'is none of'))} {', '.join(picked)}"


def text_test(r: Random, scope: Scope, subject: str) -> str:
    roll = r.random()
    if roll < 0.25:
        return f"{subject} {r.choice(('starts with', 'ends with', 'contains'))} {text(r)}"
    if roll < 0.4 and scope.lists:
        return f"{subject} {r.choice(('is any of', 'is none of'))} {r.choice(scope.lists)}"
    if roll < 0.55 and scope.lists:
        return f"{subject} has a word from {r.choice(scope.lists)}"
    return f"{subject} {choice_of(r, [quoted(one) for one in r.sample(TEXTS, 4)])}"


def text(r: Random) -> str:
    return quoted(r.choice(TEXTS))


def number_test(r: Random, scope: Scope, subject: str, one: FieldLike) -> str:
    if r.random() < 0.2:
        low, high = sorted((number_in(r, one), number_in(r, one)))
        if low < high:
            unit = f" {scope.currency}" if one.kind == "money" else ""
            return f"{subject} is from {low}{unit} to {high}{unit}"
    verb = r.choice(("is at least", "is at most", "is more than", "is less than", "is", "is not"))
    return f"{subject} {verb} {number_text(r, one, scope)}"


def date_test(r: Random, subject: str) -> str:
    if r.random() < 0.3:
        low, high = sorted((day(r), day(r)))
        if low < high:
            return f"{subject} is from {low} to {high}"
    verbs = "is at least", "is at most", "is more than", "is less than", "is"
    verb = r.choice((*verbs, "is before", "is after", "is on"))
    return f"{subject} {verb} {day(r)}"


def number_in(r: Random, one: FieldLike) -> int:
    low = -50 if one.low is None else one.low + 1
    high = 5000 if one.high is None else one.high - 1
    return r.choice((r.randint(low, high), r.randint(low, min(high, low + 60))))


def number_text(r: Random, one: FieldLike, scope: Scope) -> str:
    text = grouped(r, number_in(r, one))
    inside = one.low is not None and one.high is not None
    if one.kind in ("number", "money") and not inside and r.random() < 0.3:
        text = f"{text}{r.choice(('.5', '.25', '.000001'))}"
    return f"{text} {scope.currency}" if one.kind == "money" else text
