"""What a drawn policy has declared so far, and the small words that all drawing needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Literal, TypeAlias

TEXTS = (
    "/pricing", "a", "Dana@Buyer.example", "VP of Sales", "straße", "İstanbul", "ISTANBUL",
    "gmail.com", "Buyer.Example", "two words", "@", "é", "x@y@z.example", "100%", "it's",
)  # fmt: skip
UNITS = ("minute", "hour", "day", "week", "month")
# Local days on which the zones of the drawn policies change their clocks, leap days, holidays, ends
# of months and of ISO years: decisions are judged on them, and dated rows begin and end there.
DAYS = (
    (2024, 2, 29), (2025, 2, 28), (2026, 1, 1), (2026, 1, 4), (2026, 3, 8), (2026, 3, 29),
    (2026, 4, 4), (2026, 4, 5), (2026, 5, 31), (2026, 9, 5), (2026, 9, 6), (2026, 10, 4),
    (2026, 10, 25), (2026, 10, 31), (2026, 11, 1), (2026, 12, 28), (2026, 12, 31),
)  # fmt: skip

What: TypeAlias = Literal["activity", "signal", "action"]


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
    """A kind of event, base or derived, with the properties that its events surely have.

    ``parts`` are what it comes down to: names of base kinds and of kinds with a ``where``, each
    with the base kind that it is of.
    """

    name: str
    properties: tuple[FieldLike, ...]
    what: What
    parts: tuple[tuple[str, str], ...]

    def covers(self, other: KindLike) -> bool:
        """Whether each event of the other kind is one of this kind for sure."""
        mine = {name for name, _ in self.parts}
        return all(name in mine or base in mine for name, base in other.parts)


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
    stages: list[str] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
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


def amount_of(unit: str, amount: int) -> str:
    return f"{amount} {unit if amount == 1 else f'{unit}s'}"


def exact(r: Random, units: tuple[str, ...] = UNITS) -> str:
    """A length of time that no calendar changes."""
    return amount_of(r.choice(units), r.choice((1, 1, 2, 3, 6, 7, 13, 30, 90, 400)))


def length(r: Random, scope: Scope, *, named: bool = True) -> str:
    """An exact length of time, or business time; ``named``: the calendar must be."""
    if not scope.calendars or r.random() < 0.5:
        return exact(r)
    unit, amounts = r.choice((("minute", (1, 30, 480)), ("hour", (1, 4, 8)), ("day", (1, 2, 5))))
    of = f" of {r.choice(scope.calendars)}" if named or r.random() < 0.3 else ""
    return f"{amount_of(f'business {unit}', r.choice(amounts))}{of}"


def window(r: Random, scope: Scope) -> str:
    roll = r.random()
    if roll < 0.12:
        return "ever"
    if roll < 0.25 and scope.stages:
        return f"since {r.choice(('entering', 'leaving'))} {r.choice(scope.stages)}"
    return f"within {exact(r)}"


def day(r: Random) -> str:
    around = date(2024, 2, 29), date(2025, 12, 31), date(2026, 3, 29), date(2026, 10, 25)
    return (r.choice(around) + timedelta(days=r.randint(-2, 2))).isoformat()


def border(r: Random) -> date:
    """A day on which another row may come into force: one to be judged on, or beside it."""
    return date(*r.choice(DAYS)) + timedelta(days=r.choice((-1, 0, 0, 1)))


def in_force(r: Random) -> str:
    """``in force from DAY``, ``until DAY`` or both, with a blank before it."""
    first, last = sorted((border(r), border(r)))
    return r.choice(
        (
            f" in force from {first}",
            f" in force until {last}",
            f" in force from {first} until {last}",
        )
    )


def two_versions(r: Random) -> tuple[str, str]:
    """The dates of a row and of its next version, which leave no day between them."""
    first = border(r)
    return f" in force until {first - timedelta(days=1)}", f" in force from {first}"
