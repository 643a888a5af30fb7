"""The first screen of a phone, in a browser: what one needs to know first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from site_tests_built import ROOT

NAMES = tuple(sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir()))

FIRST = {
    "cloudpipe": ("(MQL)", "from Growth Marketing to Inside Sales", "within 5 minutes"),
    "ferrum": ("(MQL)", "Marketing owns it", "within 1 business day"),
    "kontor": ("(MQL)", "from Marketing to Sales", "within 4 business hours"),
    "learnwell": ("(MQL)", "from Marketing to Course advisers", "within 30 business minutes"),
    "studio_north": ("(MQL)", "Inbound desk owns it", "by 17:00"),
}

VISIBLE = """() => {
    const found = [];
    const walk = document.createTreeWalker(document.querySelector('.md-content'), 4);
    for (let node; (node = walk.nextNode());) {
        const range = document.createRange();
        range.selectNodeContents(node);
        const boxes = [...range.getClientRects()];
        const seen = boxes.some(box => box.height && box.bottom <= innerHeight);
        if (seen) found.push(node.textContent);
    }
    return found.join(' ').replace(/\\s+/g, ' ');
}"""


@pytest.fixture(scope="module")
def phone(chromium: Any) -> Iterator[Any]:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    yield page
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_first_screen_says_what_an_mql_is_who_owns_it_and_by_when(
    name: str, built_folder: Path, phone: Any
) -> None:
    phone.goto((built_folder / name / "index.html").as_uri())
    seen = phone.evaluate(VISIBLE)
    assert "A lead moves to “Marketing qualified lead”" in seen
    for said in FIRST[name]:
        assert said in seen, seen
