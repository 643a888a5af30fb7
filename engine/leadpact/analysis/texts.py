"""Texts that stand for all texts, as far as a policy's tests can tell texts apart.

A text begins with one of the beginnings that are asked for, contains some of the parts, ends with
one of the endings: glued together with letters that stand nowhere in the policy, they satisfy
exactly what they must. So these texts are all the classes there are, unless they become too many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Final

from leadpact import checked as c
from leadpact.operators.text import fold

__all__ = ["texts_for"]

_MANY: Final = 400
_GLUES: Final = ("q", "zq", "qx", "ø", "þ", "ð")


def texts_for(tests: Sequence[c.TextTest], values: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Texts to try, and whether they are surely all that the tests can tell apart.

    ``values`` are texts that stand in ``points by``.
    """
    whole = [test for test in tests if not isinstance(test.fact, c.DomainFact)]
    ends = [test for test in tests if isinstance(test.fact, c.DomainFact)]
    glue = _glue([value for test in tests for value in test.values])
    own, sure = _shapes(whole, values, glue)
    if not ends:
        return own, sure
    domains, domains_sure = _shapes(ends, (), glue)
    parts = [fold(v) for test in whole if test.how != "is" for v in test.values]
    # A part with an @ of its own, or an ending, also speaks of the domain.
    apart = not any("@" in part for part in parts) and all(
        test.how not in ("ends with", "contains", "has a word") for test in whole
    )
    # Blanks around a domain do not count, and one of blanks alone is unknown.
    usable = [one for one in domains if "@" not in one]
    made = {f"{left}@{right}": None for left in (*own, glue) for right in usable}
    exact = [value for test in whole if test.how == "is" for value in test.values]
    return (
        tuple({**dict.fromkeys(own), **made, **dict.fromkeys(exact)}),
        sure and domains_sure and apart,
    )


def _glue(values: Sequence[str]) -> str:
    said = " ".join(fold(value) for value in values)
    return next((glue for glue in _GLUES if glue[0] not in said), "qøþq")


def _shapes(
    tests: Sequence[c.TextTest], values: Sequence[str], glue: str
) -> tuple[tuple[str, ...], bool]:
    by_how: dict[str, dict[str, None]] = {}
    for test in tests:
        by_how.setdefault(test.how, {}).update(dict.fromkeys(test.values))
    starts = ["", *by_how.get("starts with", ())]
    endings = ["", *by_how.get("ends with", ())]
    inner = [*by_how.get("contains", ())]
    words = [*by_how.get("has a word", ())]
    exact = [*by_how.get("is", ()), *values]
    if len(starts) * len(endings) << (len(inner) + len(words)) > _MANY:
        few = [*starts, *endings, *inner, *words]
        return tuple(dict.fromkeys((*exact, glue, *(f"{one}{glue}" for one in few if one)))), False
    made = {
        _glued(start, held, said, end, glue): None
        for start, end in product(starts, endings)
        for held in _subsets(inner)
        for said in _subsets(words)
    }
    # An ending that blanks surround, or a part of blanks, is more than this can tell apart.
    odd = any(one != one.strip() for one in (*starts, *endings, *inner))
    # A word has blanks around it here; a part with a blank or sign of its own might see them.
    odd = odd or (
        bool(words) and any(not one.isalnum() for one in (*starts, *endings, *inner) if one)
    )
    return tuple(dict.fromkeys((*exact, *made))), glue in _GLUES and not odd


def _glued(start: str, held: tuple[str, ...], said: tuple[str, ...], end: str, glue: str) -> str:
    words = "".join(f" {word} " for word in said)
    return f"{start}{glue}{''.join(part + glue for part in held)}{words}{glue}{end}"


def _subsets(parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(parts) + 1):
        yield from combinations(parts, size)
