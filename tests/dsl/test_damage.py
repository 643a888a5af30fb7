"""Text of any kind gets diagnostics, never an exception, and they point into the text.

``LEADPACT_MORE=20 pytest tests/dsl`` tries so many times as many.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.how_many import how_many

from leadpact_dsl import SourceFile, parse, read_policy, render
from leadpact_dsl.codes import CODES

CORPUS = Path(__file__).parents[1] / "corpus" / "syntax"
FILES = [CORPUS / "good" / "every_phrase.leadpact", *sorted((CORPUS / "nodes").glob("*.leadpact"))]
SAMPLE = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
LINES = SAMPLE.split("\n")
# Words, figures, texts and signs as they stand in a policy, and some that never do.
WORDS = sorted({word for line in LINES for word in line.split()}) + list("(){}[]<>=!%&|;'\"#:,.-+")

BLOCKS = [block.split("\n") for block in re.split(r"\n(?=[a-z])", SAMPLE) if block[:1].isalpha()]

unhurried = settings(
    max_examples=how_many(60), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def _check(text: str) -> None:
    source = SourceFile("any.leadpact", text)
    document, diagnostics = parse([source])
    count = text.count("\n") + 1
    for told in diagnostics:
        assert told.code in CODES
        span = told.span
        assert 1 <= span.line == span.end_line <= count
        assert 1 <= span.column <= span.end_column <= len(source.line(span.line)) + 1
        assert render(told, {source.name: source})
    if not diagnostics:
        assert document.damaged == frozenset()
    assert parse([source]) == (document, diagnostics)


@unhurried
@given(st.text())
def test_any_text(text: str) -> None:
    _check(text)


@unhurried
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), max_size=9))
def test_words_of_the_language_in_any_order(lines: list[str]) -> None:
    _check("\n".join(lines))


@unhurried
@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(LINES)), max_size=12))
def test_lines_of_a_policy_at_any_indentation(lines: list[tuple[int, str]]) -> None:
    _check("\n".join(" " * indent + line.strip() for indent, line in lines))


def test_damage_within_a_line_is_told_there() -> None:
    """One damage gives one diagnostic in nearly all cases, and none above its line."""
    dice = random.Random(20261121)
    wrong = told_once = 0
    for _ in range(how_many(500)):
        block = dice.choice(BLOCKS)
        number = dice.randrange(len(block))
        line = block[number]
        first = min(len(line), len(line) - len(line.lstrip()) + 1)
        start = dice.randint(first, len(line))
        end = dice.randint(start, min(len(line), start + 6))
        new = "".join(dice.choices("abcxyz0189 \"'#:,.()+-=<>%“”−", k=dice.randint(0, 4)))
        lines = [*block[:number], line[:start] + new + line[end:], *block[number + 1 :]]
        _check("\n".join(lines))
        told = parse([SourceFile("any.leadpact", "\n".join(lines))])[1]
        assert all(number + 1 <= each.span.line for each in told)
        wrong += bool(told)
        told_once += len(told) == 1
    assert wrong > how_many(230)
    assert told_once / wrong > 0.94


@unhurried
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "any.leadpact"
    path.write_bytes(data)
    sources, diagnostics = read_policy(path)
    assert len(sources) + len(diagnostics) == 1
    for source in sources:
        _check(source.text)


@pytest.mark.parametrize(
    "text",
    [
        "define a when " + "not " * 5_000 + "b",
        "define a when " + "(" * 5_000,
        "define a when " + "(" * 39 + "b" + ")" * 39,
        "".join("    " * depth + "when all of:\n" for depth in range(400)),
        "".join(" " * depth + "any of:\n" for depth in range(400, 0, -1)),
        "x" * 100_000,
        '"' * 1_001,
        ":\n:\n :\n",
        "#" * 3_000 + "\n",
        "\u2028\u0085\x0c\x1c",
        "\t!\n\t\t lead:\n \tx",
    ],
    ids=range(11),
)
def test_monsters(text: str) -> None:
    _check(text)
