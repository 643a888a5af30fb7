"""Sets of sums and classes of texts, against plain ways to get the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from leadpact.analysis.bits import sums_of
from leadpact.analysis.classes import Asked, candidates
from leadpact.analysis.days import day_in
from leadpact.analysis.judging import Scale, judged
from leadpact.analysis.logic import FALSE, TRUE, UNKNOWN, Logic
from leadpact.analysis.texts import texts_for
from leadpact.checked import (
    DomainFact,
    Field,
    FieldFact,
    NumberTest,
    NumberType,
    TextTest,
    TextType,
)
from leadpact_dsl.source import Span

NOON = Scale(datetime(2026, 11, 18, 12, tzinfo=UTC), "UTC")
PLACE = Span("p", 1, 1, 1, 2)
PARTS = ("a", "b", "ab", "ba", "/p", "gmail.com", "x y")


@pytest.mark.parametrize("seed", range(40))
def test_sums_are_those_of_sets(seed: int) -> None:
    r = Random(seed)
    one = {r.randint(-20, 20) for _ in range(r.randint(1, 12))}
    two = {r.randint(-20, 20) for _ in range(r.randint(1, 12))} | set(range(seed % 3 * 5))
    assert set(sums_of(one).plus(sums_of(two))) == {a + b for a in one for b in two}
    limit = r.randint(-25, 25)
    assert set(sums_of(one).at_most(limit)) == {min(a, limit) for a in one}
    assert set(sums_of(one).at_least(limit)) == {max(a, limit) for a in one}
    less, more = r.randint(-9, 0), r.randint(0, 9)
    smeared = {a + by for a in one for by in range(less, more + 1)}
    assert set(sums_of(one).smeared(less, more)) == smeared
    assert {value for value in range(-30, 30) if value in sums_of(one)} == one
    after, before = sorted((r.randint(-25, 25), r.randint(-25, 25)))
    inside = [value for value in one if after < value < before]
    assert sums_of(one).between(after, before) == min(inside, default=None)


def field(kind: TextType | NumberType) -> Field:
    return Field("f", "F", kind, False, None, False, False, False, PLACE)


@pytest.mark.parametrize("seed", range(40))
def test_no_text_is_of_another_class(seed: int) -> None:
    r = Random(seed)
    tests: list[TextTest] = []
    for _ in range(r.randint(1, 5)):
        how = r.choice(("is", "starts with", "ends with", "contains"))
        fact = DomainFact("f") if r.random() < 0.3 else FieldFact("f")
        tests.append(TextTest(fact, how, (r.choice(PARTS),), r.random() < 0.3, None))
    texts, sure = texts_for(tests, ())
    scale = NOON

    def classed(text: str) -> tuple[bool | None, ...]:
        return tuple(judged(test, text, field(TextType()), scale) for test in tests)

    known = {classed(text) for text in texts}
    tried = [
        "".join(r.choice((*PARTS, "@", "@", "z")) for _ in range(r.randint(1, 5)))
        for _ in range(400)
    ]
    missed = [text for text in tried if text.strip() and classed(text) not in known]
    assert not sure or missed == []


@pytest.mark.parametrize("seed", range(20))
def test_no_number_is_of_another_class(seed: int) -> None:
    r = Random(seed)
    kind = NumberType(r.random() < 0.5, False, Decimal(0), Decimal(40))
    ops = ("<", "<=", ">", ">=", "==", "!=")
    tests = tuple(
        NumberTest(FieldFact("f"), r.choice(ops), Decimal(r.randint(0, 40))) for _ in range(4)
    )
    scale = NOON
    values, sure = candidates(field(kind), Asked(tests, (), ()), scale)
    assert sure
    known = {tuple(judged(test, value, field(kind), scale) for test in tests) for value in values}
    for cents in range(0, 4001, 100 if kind.whole else 25):
        value = Decimal(cents) / 100
        said = tuple(judged(test, value, field(kind), scale) for test in tests)
        assert said in known


@pytest.mark.parametrize("seed", range(0, 3000, 100))
def test_formulas_mean_what_they_say(seed: int) -> None:
    """Random formulas, simplified while they are made and while values are put in, against the
    plain meaning of each word.
    """
    for each in range(seed, seed + 100):
        formula_means_what_it_says(Random(each))


def formula_means_what_it_says(r: Random) -> None:
    logic = Logic()
    values = {number: r.choice((TRUE, FALSE, UNKNOWN)) for number in range(4)}
    table = {TRUE: True, FALSE: False, UNKNOWN: None}

    def draw(depth: int) -> tuple[int, bool | None]:
        kind = r.choice(("not", "all", "any", "least", "either", "true")) if depth else "atom"
        members = [draw(depth - 1) for _ in range(r.randint(1, 3))] if kind != "atom" else []
        truths = [truth for _, truth in members]
        made = [formula for formula, _ in members]
        match kind:
            case "atom":
                number = r.randrange(4)
                return logic.atom(number, sure=False), table[values[number]]
            case "not":
                return logic.negated(made[0]), None if truths[0] is None else not truths[0]
            case "all":
                return logic.all_of(made), least(len(made), truths)
            case "any":
                return logic.any_of(made), least(1, truths)
            case "least":
                count = r.randint(1, len(made))
                return logic.at_least(count, made), least(count, truths)
            case "either":
                yes, no = truths[0], truths[-1]
                said = True if yes is True else False if no is True else None
                return logic.either(made[0], made[-1]), said
            case _:
                return logic.is_true(made[0]), truths[0] is True

    def least(count: int, truths: list[bool | None]) -> bool | None:
        if truths.count(True) >= count:
            return True
        return None if truths.count(True) + truths.count(None) >= count else False

    formula, meant = draw(3)
    some = {number: values[number] for number in range(2)}
    assert table[logic.given(logic.given(formula, some), values)] is meant


def test_a_day_lies_in_its_period() -> None:
    for first, last in (
        (None, None),
        (date(2027, 1, 1), None),
        (None, date(2026, 1, 1)),
        (date(2026, 12, 1), date(2026, 12, 1)),
    ):
        day = day_in((first, last))
        assert first is None or first <= day
        assert last is None or day <= last


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_enough_of_several_and_its_opposite(count: int) -> None:
    logic = Logic()
    some = logic.at_least(count, [logic.atom(number, sure=False) for number in range(4)])
    few = logic.is_true(logic.negated(some))
    for truths in product((TRUE, FALSE, UNKNOWN), repeat=4):
        values = dict(enumerate(truths))
        holds, may = truths.count(TRUE), 4 - truths.count(FALSE)
        assert (logic.given(few, values) == TRUE) == (may < count)
        assert (logic.given(logic.is_true(some), values) == TRUE) == (holds >= count)
        assert (logic.given(logic.is_unknown(some), values) == TRUE) == (holds < count <= may)
