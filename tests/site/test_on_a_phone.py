"""The pages at 360 pixels, in a browser: nothing is cut off, nothing is too small to read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from site_tests_built import ROOT

CHROMIUM = shutil.which("chromium")
NAMES = tuple(sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir()))

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (Debian: apt-get install chromium)"
)

FIRST = {
    "cloudpipe": ("(MQL)", "from Growth Marketing to Inside Sales", "within 5 minutes"),
    "ferrum": ("(MQL)", "Marketing owns it", "within 1 business day"),
    "kontor": ("(MQL)", "from Marketing to Sales", "within 4 business hours"),
    "learnwell": ("(MQL)", "from Marketing to Course advisers", "within 30 business minutes"),
    "studio_north": ("(MQL)", "Inbound desk owns it", "by 17:00"),
}

# The text that is read. What stands beside it (where a rule is from, headings of columns, what is
# printed in a picture) may be smaller.
SMALL = """() => [...document.querySelectorAll('.md-content :is(p, li, dd, .lp-says, .lp-why)')]
    .filter(one => one.offsetParent && one.textContent.trim())
    .filter(one => !one.closest('.lp-meta, .lp-where, .lp-state, .lp-try-marks, nav'))
    .filter(one => parseFloat(getComputedStyle(one).fontSize) < 16)
    .map(one => one.textContent.trim().slice(0, 60))"""

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
def phone() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser.new_page(viewport={"width": 360, "height": 740})
        browser.close()


@pytest.mark.parametrize("name", NAMES)
def test_no_page_moves_sideways_and_no_text_is_small(
    name: str, built_folder: Path, phone: Any
) -> None:
    pages = sorted((built_folder / name).glob("*.html"))
    assert len(pages) > 12
    for page in pages:
        phone.goto(page.as_uri())
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, page.name
        assert phone.evaluate(SMALL) == [], page.name


@pytest.mark.parametrize("name", NAMES)
def test_the_first_screen_says_what_an_mql_is_who_owns_it_and_by_when(
    name: str, built_folder: Path, phone: Any
) -> None:
    phone.goto((built_folder / name / "index.html").as_uri())
    seen = phone.evaluate(VISIBLE)
    assert "A lead moves to “Marketing qualified lead”" in seen
    for said in FIRST[name]:
        assert said in seen, seen
