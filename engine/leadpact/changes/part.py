"""The parts of a policy as they are compared: each with its rule id, and what there is about it.

A part is a row, a letter, a move, a field: the smallest thing that has a name. What can be said
about it are its facts, each compared by its meaning and told by its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from leadpact.changes.change import Touches
from leadpact.changes.meaning import Meaning, meaning
from leadpact.checked import Condition, InForce
from leadpact.english.clauses import clause
from leadpact.english.names import Names
from leadpact.english.telling import fits, tell, under
from leadpact.english.wording import joined, lower_first, quoted
from leadpact_dsl.frozen import frozen
from leadpact_dsl.source import Span

__all__ = [
    "Block",
    "Fact",
    "Order",
    "Part",
    "Says",
    "asked",
    "fact",
    "listed",
    "said_condition",
    "texts",
    "words",
]

Says: TypeAlias = Callable[[], str]
"""Words that are only made when they are wanted: most of a policy never changes."""


@frozen
class Block:
    """Under which heading a part is told: ``Score “Interest”``."""

    key: str
    title: str


@frozen
class Fact:
    """Something about a part. ``says`` gives nothing ("") where there is nothing to say.

    With ``pieces`` the fact is a set of texts, of which only those that differ are told. With
    ``condition`` only the members that differ are.
    """

    aspect: str
    value: Meaning
    says: Says
    touches: Touches
    pieces: tuple[tuple[Meaning, str], ...] | None = None
    condition: Condition | None = None


@frozen
class Part:
    """``name`` says in words what it is, ``says`` everything that it says.

    ``label`` are its own words, by which it is known again under another name. ``table`` is where
    it stands among others of its sort; ``touches`` what it can reach by being there at all.
    ``known_as`` tells which part it is where its rule id does not.
    """

    sort: str
    rule: str
    name: Says
    block: Block
    facts: tuple[Fact, ...]
    says: Says
    touches: Touches
    span: Span
    in_force: InForce | None = None
    label: str | None = None
    table: str = ""
    known_as: str | None = None


@frozen
class Order:
    """Parts whose order counts, as written, with the words for each."""

    key: str
    block: Block
    what: str
    rules: tuple[str, ...]
    names: tuple[Says, ...]
    touches: Touches
    span: Span


# --- making facts --------------------------------------------------------------------------------


def fact(aspect: str, value: object, says: Says, touches: Touches = "decisions") -> Fact:
    return Fact(aspect, meaning(value), says, touches)


def words(aspect: str, text: str | None, touches: Touches = "words") -> Fact:
    """A text of the policy's own."""
    return Fact(aspect, text, lambda: quoted(text) if text else "", touches)


def texts(aspect: str, given: Iterable[str], touches: Touches = "words") -> Fact:
    """Several texts, in the order written."""
    said = tuple(given)
    pieces = tuple((text, quoted(text)) for text in said)
    return Fact(aspect, said, lambda: joined(map(quoted, said), "and"), touches, pieces)


def listed(
    aspect: str,
    pieces: Iterable[tuple[object, str]],
    touches: Touches = "decisions",
    ordered: bool = False,
) -> Fact:
    """A set of things with the words for each."""
    said = tuple((meaning(value), text) for value, text in pieces)
    values = [value for value, _ in said]
    value = tuple(values if ordered else sorted(values, key=repr))
    return Fact(aspect, value, lambda: "; ".join(text for _, text in said), touches, said)


def asked(
    names: Names, aspect: str, condition: Condition | None, touches: Touches = "decisions"
) -> Fact:
    """A condition."""
    if condition is None:
        return Fact(aspect, None, lambda: "", touches)
    return Fact(
        aspect,
        meaning(condition),
        lambda: said_condition(names, condition),
        touches,
        condition=condition,
    )


def said_condition(names: Names, condition: Condition) -> str:
    """The condition in words; sentences where it is too long for one."""
    whole = clause(names, condition)
    if fits(whole):
        return whole
    return lower_first(tell(names, lambda known: under(known, lambda said: said, condition)))
