"""Facts: what can differ between two leads, each with its classes.

A fact is a field, a family of event counts, the stage, an answer, or something that this method
cannot look into and lets be anything (*free*). What conditions ask of it are its atoms; what rows
of points take from it are its amounts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TypeAlias

from leadpact import checked as c
from leadpact.analysis.classes import Asked, candidates
from leadpact.analysis.happenings import Family
from leadpact.analysis.judging import Scale, Value, fits, judged, steps
from leadpact.analysis.logic import FALSE, TRUE, UNKNOWN, Truth, truth_of
from leadpact_dsl.frozen import mutable

__all__ = ["Amount", "Fact", "about_answers", "about_counts", "about_field", "free", "of_stages"]

Amount: TypeAlias = tuple[object, ...]
"""What a row of points takes: ``("match", id)`` of a ``PointsBy``, ``("steps", id)`` of a
``ForEvery``, ``("pair", number)``."""


@mutable
class Fact:
    """``truths`` and ``amounts`` have one entry a class; ``source`` says what it is about, and
    ``values`` what stands for each class in a record.
    """

    source: c.Field | Family | str
    values: tuple[object, ...]
    truths: dict[int, tuple[Truth, ...]] = field(default_factory=dict)
    amounts: dict[Amount, tuple[int, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.values)


def free(name: str, atom: int) -> Fact:
    """An atom that may be anything, whatever else is so."""
    return Fact(name, (UNKNOWN, TRUE, FALSE), {atom: (UNKNOWN, TRUE, FALSE)})


def of_stages(stages: tuple[c.Stage, ...], atoms: dict[str, int]) -> Fact:
    names = tuple(stage.name for stage in stages)
    truths = {
        atom: tuple(TRUE if name == here else FALSE for here in names)
        for name, atom in atoms.items()
    }
    return Fact("stage", names, truths)


def about_answers(kind: str, atom: int) -> Fact:
    """The newest answer to a checklist's item, as long as it is good."""
    return Fact(f"answer {kind}", (None, True, False), {atom: (UNKNOWN, TRUE, FALSE)})


def about_counts(family: Family, tests: dict[int, tuple[int, c.Comparison, int]]) -> Fact:
    """How often events happened. ``tests``: atoms as pair, comparison and number."""
    fact = Fact(family, family.rows)
    place = {number: at for at, number in enumerate(family.pairs)}
    for atom, (pair, op, count) in tests.items():
        if pair in place:
            at = place[pair]
            fact.truths[atom] = tuple(truth_of(_counted(row[at], op, count)) for row in family.rows)
    for pair, at in place.items():
        fact.amounts["pair", pair] = tuple(row[at] for row in family.rows)
    return fact


def _counted(number: int, op: c.Comparison, count: int) -> bool:
    return number <= count if op == "<=" else number >= count if op == ">=" else number == count


def about_field(
    about: c.Field,
    asked: Asked,
    tests: dict[int, Callable[[Value], bool | None]],
    bys: tuple[c.PointsBy, ...],
    everies: tuple[c.ForEvery, ...],
    scale: Scale,
) -> tuple[Fact, bool]:
    """A field's fact, and whether its classes are surely all that there are."""
    values, sure = candidates(about, asked, scale)
    found: dict[tuple[object, ...], Value] = {}
    for value in values:
        said = tuple(truth_of(test(value)) for test in tests.values())
        rows = tuple(_first(by, value, about, scale) for by in bys)
        held = tuple(steps(every, value) for every in everies)
        found.setdefault((said, rows, held, value is None), value)
    shapes = tuple(found)
    fact = Fact(about, tuple(found.values()))
    for at, atom in enumerate(tests):
        fact.truths[atom] = tuple(shape[0][at] for shape in shapes)  # type: ignore[index]
    for at, by in enumerate(bys):
        fact.amounts["match", id(by)] = tuple(shape[1][at] for shape in shapes)  # type: ignore[index]
    for at, every in enumerate(everies):
        fact.amounts["steps", id(every)] = tuple(shape[2][at] for shape in shapes)  # type: ignore[index]
    return fact, sure


def _first(by: c.PointsBy, value: Value, about: c.Field, scale: Scale) -> int:
    """The number of the first row that matches; one past the last where none does."""
    for at, row in enumerate(by.rows):
        if fits(row.match, value, about, scale):
            return at
    return len(by.rows)


def field_test(test: object, about: c.Field, scale: Scale) -> Callable[[Value], bool | None]:
    return lambda value: judged(test, value, about, scale)  # type: ignore[arg-type]
