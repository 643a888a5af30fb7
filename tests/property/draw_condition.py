"""Random conditions, well typed, over whatever a policy has declared so far."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.property.draw_scope import Lines, Scope, window
from tests.property.draw_time import gained_atom, last_atom, stage_atom, time_atom
from tests.property.draw_values import choice_of, text_test, value_test


def condition(r: Random, scope: Scope, depth: int = 2) -> str:
    """A condition on one line."""
    roll = r.random()
    if depth > 0 and roll < 0.35:
        word = r.choice((" and ", " or "))
        return word.join(member(r, scope, depth - 1) for _ in range(r.randint(2, 3)))
    if depth > 0 and roll < 0.42:
        return f"not {member(r, scope, depth - 1)}"
    return atom(r, scope)


def member(r: Random, scope: Scope, depth: int) -> str:
    text = condition(r, scope, depth)
    return f"({text})" if " and " in text or " or " in text or text.startswith("not ") else text


def condition_lines(r: Random, scope: Scope, opener: str, depth: int = 2) -> Lines:
    """``when all of:`` with its list below, or the same on one line; nested lists now and then."""
    if depth == 0 or r.random() < 0.5:
        return [f"{opener} {condition(r, scope, 1)}"]
    return _list(r, scope, f"{opener} ", depth)


def _list(r: Random, scope: Scope, opener: str, depth: int) -> Lines:
    count = r.randint(2, 4)
    head = r.choice(("all of", "any of", "none of", f"at least {r.randint(1, count)} of"))
    lines = [f"{opener}{head}{r.choice((':', ''))}"]
    for _ in range(count):
        if depth > 1 and r.random() < 0.25:
            lines += [f"    {line}" for line in _list(r, scope, "", depth - 1)]
        else:
            lines.append(f"    {condition(r, scope, 1)}")
    return lines


def atom(r: Random, scope: Scope) -> str:
    makers: list[Callable[[Random, Scope], str]] = []
    for holds, maker, weight in (
        (scope.fields, field_atom, 6),
        (scope.kinds, event_atom, 4),
        (scope.kinds, last_atom, 2),
        (scope.kinds, time_atom, 2),
        (scope.stages, stage_atom, 2),
        (scope.scores and scope.stages, gained_atom, 1),
        (scope.scores, score_atom, 2),
        (scope.grades, grade_atom, 2),
        (scope.groups, group_atom, 1),
        (scope.checklists, checklist_atom, 1),
        (scope.definitions, lambda r, scope: r.choice(scope.definitions), 2),
    ):
        makers += [maker] * weight if holds else []
    return r.choice(makers)(r, scope)


def field_atom(r: Random, scope: Scope) -> str:
    one = r.choice(scope.fields)
    if one.kind == "text" and r.random() < 0.3:
        return text_test(r, scope, f"domain of {one.name}")
    return value_test(r, scope, one.name, one)


def event_atom(r: Random, scope: Scope) -> str:
    kind = r.choice(scope.kinds)
    name = "activity" if r.random() < 0.1 else kind.name
    when = "" if scope.in_stage and r.random() < 0.5 else f" {window(r, scope)}"
    roll = r.random()
    if roll < 0.25:
        return f"no {name}{when}"
    if roll < 0.45:
        count = r.randint(1, 3)
        times = f"{count} time{'' if count == 1 else 's'}"
        return f"{name} {r.choice(('at least', 'at most', 'exactly'))} {times}{when}"
    if roll < 0.6 and kind.properties and name == kind.name:
        one = r.choice(kind.properties)
        return f"{name} with at least {r.randint(1, 3)} different {one.name}{when}"
    return f"{name}{when}"


def score_atom(r: Random, scope: Scope) -> str:
    """A threshold that the score can have on both sides: the others are mistakes."""
    score = r.choice(scope.scores)
    subject, low, high = score.name, score.low, score.high
    if score.categories and r.random() < 0.4:
        part, high = r.choice(list(score.categories.items()))
        subject, low = f"{score.name}.{part}", None
    low, high = -10 if low is None else low, 60 if high is None else high
    verb = r.choice(("is at least", "is at most", "is more than", "is less than", "is"))
    return f"{subject} {verb} {r.randint(low + 1, high - 1)}"


def grade_atom(r: Random, scope: Scope) -> str:
    name, letters = r.choice(scope.grades)
    roll = r.random()
    if roll < 0.2:
        return f"{name} is {r.choice(('known', 'unknown'))}"
    if roll < 0.5 and len(letters) > 2:
        return f"{name} is {r.choice(letters[1:-1])} or better"
    return f"{name} {choice_of(r, list(letters))}"


def group_atom(r: Random, scope: Scope) -> str:
    name, rows = r.choice(scope.groups)
    return f"{name} {choice_of(r, list(rows))}"


def checklist_atom(r: Random, scope: Scope) -> str:
    name, items = r.choice(scope.checklists)
    subject = f"{name}.{r.choice(items)}" if r.random() < 0.4 else name
    return f"{subject} is {r.choice(('met', 'not met', 'unknown'))}"
