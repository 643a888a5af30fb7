"""Random conditions, well typed, over whatever a policy has declared so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeAlias

TEXTS = (
    "/pricing", "a", "Dana@Buyer.example", "VP of Sales", "straße", "İstanbul", "ISTANBUL",
    "gmail.com", "Buyer.Example", "two words", "@", "é", "x@y@z.example", "100%", "it's",
)  # fmt: skip
TIMES = ("minutes", "hours", "days", "weeks", "months")


@dataclass(frozen=True)
class FieldLike:
    """A field of the lead or a property: ``kind`` is the type's first words."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class KindLike:
    """A kind of event, base or derived, with the properties that its events surely have."""

    name: str
    properties: tuple[FieldLike, ...]
    is_action: bool


@dataclass(frozen=True)
class ScoreLike:
    """A score with the ends of its clamp, and the cap of each of its categories."""

    name: str
    low: int | None
    high: int | None
    categories: dict[str, int | None]


@dataclass
class Scope:
    """What conditions may speak about; results are added as they are declared."""

    currency: str
    fields: list[FieldLike] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    kinds: list[KindLike] = field(default_factory=list)
    scores: list[ScoreLike] = field(default_factory=list)
    grades: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    groups: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    checklists: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    in_stage: bool = False

    def fields_only(self, fields: Iterable[FieldLike]) -> Scope:
        return Scope(self.currency, list(fields), self.lists)


Lines: TypeAlias = list[str]


def grouped(r: Random, number: int) -> str:
    """A whole number as policies may write it, with or without a comma at the thousands."""
    return f"{number:,}" if r.random() < 0.5 else str(number)


def quoted(text: str) -> str:
    return f'"{text}"'


def choice_word(value: str) -> str:
    """A value of ``one of``: bare where it is a plain word, else in quotes."""
    plain = value.isascii() and value.replace("_", "a").isalnum() and value.islower()
    return value if plain and value not in ("no", "yes", "in", "known", "unknown") else f'"{value}"'


def some(r: Random, values: Iterable[str], most: int = 3) -> list[str]:
    pool = list(values)
    return r.sample(pool, r.randint(1, min(most, len(pool))))


def window(r: Random) -> str:
    if r.random() < 0.15:
        return "ever"
    unit = r.choice(TIMES)
    amount = r.choice((1, 1, 2, 3, 6, 7, 13, 30, 90, 400))
    return f"within {amount} {unit[:-1] if amount == 1 else unit}"


def day(r: Random) -> str:
    around = date(2024, 2, 29), date(2025, 12, 31), date(2026, 3, 29), date(2026, 10, 25)
    return (r.choice(around) + timedelta(days=r.randint(-2, 2))).isoformat()


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
    if r.random() < 0.2:
        return f"{one.name} is {r.choice(('known', 'unknown'))}"
    match one.kind:
        case "text":
            return text_atom(r, scope, one)
        case "number" | "whole number" | "money":
            return number_atom(r, scope, one)
        case "yes or no":
            return r.choice((one.name, f"not {one.name}"))
        case "one of":
            return f"{one.name} {choice_of(r, [choice_word(value) for value in one.values])}"
        case "any number of":
            return f"{one.name} includes {choice_word(r.choice(one.values))}"
        case "date" | "date and time":
            return date_atom(r, one)
        case _:
            raise ValueError(one.kind)


def choice_of(r: Random, values: list[str]) -> str:
    """``is V``, ``is none of V, W`` and the like."""
    if r.random() < 0.5:
        return f"{r.choice(('is', 'is not'))} {r.choice(values)}"
    picked = r.sample(values, r.randint(1, max(1, len(values) - 1)))
    return f"{r.choice(('is any of', 'is none of'))} {', '.join(picked)}"


def text_atom(r: Random, scope: Scope, one: FieldLike) -> str:
    subject = f"domain of {one.name}" if r.random() < 0.3 else one.name
    roll = r.random()
    if roll < 0.3:
        return f"{subject} {r.choice(('starts with', 'ends with', 'contains'))} {text(r)}"
    if roll < 0.45 and scope.lists:
        return f"{subject} {r.choice(('is any of', 'is none of'))} {r.choice(scope.lists)}"
    if roll < 0.55:
        return f"{subject} is {r.choice(('known', 'unknown'))}"
    return f"{subject} {choice_of(r, [quoted(one) for one in r.sample(TEXTS, 4)])}"


def text(r: Random) -> str:
    return quoted(r.choice(TEXTS))


def number_atom(r: Random, scope: Scope, one: FieldLike) -> str:
    if r.random() < 0.2:
        low, high = sorted((number_in(r, one), number_in(r, one)))
        if low < high:
            unit = f" {scope.currency}" if one.kind == "money" else ""
            return f"{one.name} is from {low}{unit} to {high}{unit}"
    verb = r.choice(("is at least", "is at most", "is more than", "is less than", "is", "is not"))
    return f"{one.name} {verb} {number_text(r, one, scope)}"


def date_atom(r: Random, one: FieldLike) -> str:
    if r.random() < 0.3:
        low, high = sorted((day(r), day(r)))
        if low < high:
            return f"{one.name} is from {low} to {high}"
    verb = r.choice(("is at least", "is at most", "is more than", "is less than", "is"))
    return f"{one.name} {verb} {day(r)}"


def event_atom(r: Random, scope: Scope) -> str:
    kind = r.choice(scope.kinds)
    name = "activity" if r.random() < 0.1 else kind.name
    when = "" if scope.in_stage and r.random() < 0.5 else f" {window(r)}"
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
