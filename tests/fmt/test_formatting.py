"""The one layout, on random policies and on those that come with Leadpact, spaced at random.

``LEADPACT_MORE=20 pytest tests/fmt`` tries so many times as many.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.fmt.respacing import (
    comments,
    digest_of,
    ink,
    meaning,
    respaced,
    with_remarks,
)
from tests.how_many import how_many
from tests.property.draw_policy import draw_policy

from leadpact_dsl import SourceFile
from leadpact_dsl.formatting import format_source, formatted

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*ROOT.glob("policies/*/*.leadpact"), *ROOT.glob("engine/leadpact/starter/*")])
SHIPPED = [path for path in SHIPPED if path.suffix == ".leadpact"]

seeds = st.integers(min_value=0, max_value=2**32)
bounded = settings(
    max_examples=how_many(12),
    deadline=None,
    derandomize=True,
    # A smaller seed is no smaller policy.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def laid_out(text: str) -> str:
    made, diagnostics = formatted(SourceFile("policy.leadpact", text))
    assert diagnostics == ()
    return made


def read(path: Path) -> str:
    return path.read_bytes().decode()


def _same(text: str, made: str) -> None:
    """Nothing but the layout differs, and the second text is in it."""
    assert laid_out(made) == made
    assert ink(made) == ink(text)
    assert comments(made) == comments(text)
    assert meaning(made) == meaning(text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_comes_with_leadpact_is_in_the_one_layout(path: Path) -> None:
    assert laid_out(read(path)) == read(path)


def test_there_are_policies_to_look_at() -> None:
    folders = {path.parent.name for path in SHIPPED}
    assert folders >= {"kontor", "learnwell", "starter"}


@bounded
@given(seed=seeds)
def test_other_blanks_make_no_difference(seed: int) -> None:
    r = Random(seed)
    text = read(r.choice(SHIPPED))
    other = respaced(r, text)
    assert laid_out(other) == text
    _same(other, text)


@bounded
@given(seed=seeds)
def test_other_blanks_make_no_difference_to_drawn_policies(seed: int) -> None:
    r = Random(seed)
    drawn = draw_policy(r)
    text = laid_out(drawn)
    _same(drawn, text)
    assert laid_out(respaced(r, text)) == text
    assert digest_of(text) == digest_of(drawn)


@bounded
@given(seed=seeds)
def test_comments_anywhere_stay_between_the_same_lines(seed: int) -> None:
    r = Random(seed)
    text = with_remarks(r, draw_policy(r) if r.random() < 0.5 else read(r.choice(SHIPPED)))
    made = laid_out(text)
    _same(text, made)
    assert _order(made) == _order(text)


def _order(text: str) -> list[str]:
    """Lines with words and lines with comments, in their order, by what they are."""
    return [*filter(None, ("".join(ink(line) + comments(line)) for line in text.split("\n")))]


@pytest.mark.parametrize("name", ["kontor", "learnwell"])
def test_the_digest_of_a_whole_policy_stays(name: str, tmp_path: Path) -> None:
    import leadpact

    folder = ROOT / "policies" / name
    r = Random(name)
    for path in folder.iterdir():
        if path.suffix == ".leadpact":
            text = format_source(SourceFile(path.name, respaced(r, read(path))))
            (tmp_path / path.name).write_bytes(text.encode())
        elif path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    assert leadpact.load(tmp_path).digest == leadpact.load(folder).digest


@bounded
@given(seed=seeds)
def test_damaged_files_stay_as_they_are(seed: int) -> None:
    r = Random(seed)
    text = read(r.choice(SHIPPED))
    for _ in range(r.randint(1, 3)):
        at = r.randrange(len(text))
        text = (
            text[:at]
            + r.choice(('"', "#", "\n", "\t", ":", "(", "=======\n", "é", "\r", " "))
            + text[at + r.randint(0, 2) :]
        )
    made, diagnostics = formatted(SourceFile("policy.leadpact", text))
    assert diagnostics == () or made == text
    if not diagnostics:
        assert laid_out(made) == made
        assert ink(made) == ink(text)
        assert meaning(made) == meaning(text)
