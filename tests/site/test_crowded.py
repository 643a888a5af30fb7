"""A policy of very much: 300 rows, 30 stages, 7 parties, and names longer than any line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from site_tests_built import mkdocs, site_with

LONG = "A label of a great many words that somebody has written without ever thinking of paper " * 3


def crowded() -> str:
    """A policy of very much, with very long names."""
    parties = [f'party p{n} "{LONG}":\n    duty "{LONG}"' for n in range(7)]
    stages = [
        f'stage s{n} "{LONG}" owned by p{n % 7}:\n'
        + ("    start\n" if n == 0 else "")
        + f"    moves to s{n + 1} when done{n}\n"
        + f'    hands back to s0 when undone because "{LONG} {n}"\n' * (n > 0)
        + f'    target t{n} "{LONG}" is done{n} within {n + 1} hours:\n'
        + f"        tell p{(n + 1) % 7} when missed\n        tell p{(n + 2) % 7} at 50%"
        for n in range(30)
    ]
    actions = [
        f"actions by p{k}:\n"
        + "\n".join(f'    done{n} "{LONG}"' for n in range(k, 30, 7))
        + ('\n    undone "Took it back"' if k == 0 else "")
        for k in range(7)
    ]
    promises = "\n".join(f"    target t{n} is met for at least 90% each month" for n in range(30))
    rows = "\n".join(f"    +1   when number_of is {n} as row{n}" for n in range(300))
    return "\n".join(
        [
            f'policy crowd "{LONG}":\n    language 1\n    version 1\n    time zone "UTC"',
            "lead:\n    number_of whole number from 0 to 1,000",
            *parties,
            *actions,
            f'score points_of "{LONG}":\n{rows}',
            *stages,
            'stage s30 "The end":\n    final',
            f'agreement "{LONG}":\n    goal "{LONG}"\n{promises}\n    review every month',
            *(f'    signed by p{n} "{LONG}"' for n in range(7)),
        ]
    ) + "\n"  # fmt: skip


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the policy's pages."""
    folder = tmp_path_factory.mktemp("crowd")
    run = mkdocs(site_with(folder, crowded()), folder / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "out" / "crowd"


@pytest.fixture(scope="module")
def phone(chromium: Any) -> Iterator[Any]:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    yield page
    page.close()


def test_the_picture_of_the_path_gives_way_to_the_table(crowd: Path) -> None:
    for page in ("index.html", "stages.html"):
        text = (crowd / page).read_text("utf-8")
        assert "lp-path" not in text
        assert "A path of 31 stages is too large for a picture." in text
    text = (crowd / "stages.html").read_text("utf-8")
    assert all(f'id="s{n}.moves_to.s{n + 1}"' in text for n in range(30))


def test_the_signing_sheet_is_still_one_page_and_says_what_it_leaves_out(
    crowd: Path, phone: Any
) -> None:
    phone.goto((crowd / "signing.html").as_uri())
    pdf = phone.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    text = (crowd / "signing.html").read_text("utf-8")
    assert re.search(r"\d+ more lines stand on the pages of the agreement\.", text)


def test_no_page_moves_sideways_on_a_phone(crowd: Path, phone: Any) -> None:
    pages = [page for page in sorted(crowd.glob("*.html")) if page.name != "try.html"]
    assert len(pages) > 8
    for page in pages:
        phone.goto(page.as_uri())
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, page.name
