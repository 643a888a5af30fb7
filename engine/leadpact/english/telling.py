"""What a rule says, in sentences of at most 25 words.

A rule is first said in one sentence. Where that is too long, its parts become sentences of their
own: a condition of several members is announced ("all of these are true") and its members follow,
numbered. Where labels alone are too long for a sentence, they are cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from leadpact.checked import (
    All,
    Any,
    AtLeast,
    ChoiceTest,
    Condition,
    GradeTest,
    GroupTest,
    IncludesTest,
    InForce,
    Not,
    TextTest,
)
from leadpact.english.clauses import clause, grouped
from leadpact.english.names import Names
from leadpact.english.wording import in_force, number, say

__all__ = ["MOST_WORDS", "Maker", "closed", "dates", "fits", "packed", "tell", "under"]

MOST_WORDS = 25
"""A sentence has at most as many words."""

_CUTS = (8, 5, 3, 2, 1)

Maker: TypeAlias = Callable[[Names], Iterable[str]]
"""Makes the sentences of one rule from the names."""


def tell(names: Names, make: Maker) -> str:
    """The sentences that ``make`` gives, as one text without a full stop at its end.

    Labels are cut only as far as the sentences need it.
    """
    return ". ".join(closed(names, make))


def closed(names: Names, make: Maker) -> tuple[str, ...]:
    """The sentences one by one, each with a capital and without a full stop."""
    said = tuple(make(names))
    for most in _CUTS:
        if all(fits(sentence) for sentence in said):
            break
        shorter = Names.of(names.policy, None, most)
        said = tuple(make(shorter))
    return tuple(_capital(sentence) for sentence in said)


def fits(sentence: str) -> bool:
    return len(sentence.split()) <= MOST_WORDS


def packed(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces joined by commas, as many as go into one sentence."""
    said = ""
    for piece in pieces:
        if said and not fits(f"{said}, {piece}"):
            yield said
            said = piece
        else:
            said = f"{said}, {piece}" if said else piece
    if said:
        yield said


def dates(span: InForce | None) -> Iterator[str]:
    """``in force from 1 January 2027``, for a row that is dated."""
    if span is not None:
        yield say("in force", dates=in_force(span))


def under(names: Names, frame: Callable[[str], str], condition: Condition) -> list[str]:
    """``frame`` around the clause of the condition, or around the announcement of its members."""
    return _under(names, frame, condition, True, "")


def _under(
    names: Names,
    frame: Callable[[str], str],
    condition: Condition,
    positive: bool,
    number_above: str,
) -> list[str]:
    whole = frame(clause(names, condition, positive))
    if fits(whole):
        return [whole]
    match condition:
        case Not():
            return _under(names, frame, condition.member, not positive, number_above)
        case All() | Any():
            conjunction = isinstance(condition, All) is positive
            members = grouped(condition, positive)
            opening = say("all true" if conjunction else "any true")
        case AtLeast():
            members = list(condition.members)
            opening = _count_true(condition.count, positive)
            positive = True
        case _:
            members = _smaller(names, condition, positive)
            if len(members) == 1:
                return [frame(say("this true")), clause(names, condition, positive)]
            opening = say("any true" if _shown(condition, positive) else "all true")
    said = [frame(opening)]
    for at, member in enumerate(members, start=1):
        place = f"{number_above}{at}"
        said += _under(names, _numbered(place), member, positive, f"{place}.")
    return said


def _count_true(count: int, positive: bool) -> str:
    if count == 1:
        return say("any true" if positive else "none true")
    return say("some true" if positive else "fewer true", count=number(count))


def _numbered(place: str) -> Callable[[str], str]:
    return lambda said: say("numbered", place=place, said=_capital(said))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- one test with many values -------------------------------------------------------------------


def _shown(condition: Condition, positive: bool) -> bool:
    """Whether one of the values is enough: of a negated test, all of them count."""
    match condition:
        case TextTest() | ChoiceTest() | GroupTest() | GradeTest():
            return positive is not condition.negated
        case _:
            return positive


def _smaller(names: Names, condition: Condition, positive: bool) -> list[Condition]:
    """Tests of fewer values each, which say together what the one says."""
    match condition:
        case TextTest(list_name=None) | ChoiceTest() | IncludesTest():
            values = condition.values
        case GroupTest():
            values = condition.rows
        case GradeTest(or_better=False):
            values = condition.letters
        case _:
            return [condition]
    smaller: list[Condition] = []
    start = 0
    while start < len(values):
        end = len(values)
        while end > start + 1 and not _fits_numbered(
            clause(names, _with(condition, values[start:end]), positive)
        ):
            end -= 1
        smaller.append(_with(condition, values[start:end]))
        start = end
    return smaller


def _fits_numbered(said: str) -> bool:
    return fits(say("numbered", place="1", said=said))


def _with(condition: Condition, values: tuple[str, ...]) -> Condition:
    match condition:
        case TextTest() | ChoiceTest() | IncludesTest():
            return replace(condition, values=values)
        case GroupTest():
            return replace(condition, rows=values)
        case GradeTest():
            return replace(condition, letters=values)
        case _:
            return condition
