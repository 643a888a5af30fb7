"""Every page on a phone of 360 pixels and on paper; nothing is asked of the network, and no script
fails.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from site_tests_built import ROOT, in_turn

FOLDERS = [
    *sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir()),
    *("getting_started", "reference", "."),
]

# Elements that reach beyond the right edge, but for those in a box that scrolls by itself.
WIDER = """() => {
  const width = document.documentElement.clientWidth, found = []
  if (document.documentElement.scrollWidth <= width) return found
  for (const one of document.querySelectorAll('article *'))
    if (one.getBoundingClientRect().right > width + 1) found.push(one.outerHTML.slice(0, 120))
  return found.length ? found.slice(0, 3) : ['something outside the text']
}"""

# Texts that people read, and how small the smallest letters are. What stands beside the text may be
# smaller: where a line comes from, heads of columns, marks, hints, and code.
SMALL = """beside => {
  const found = []
  const walk = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement
    const shown = walk.currentNode.data.trim() && one.getClientRects().length
    if (!shown || one.closest(beside)) continue
    const size = parseFloat(getComputedStyle(one).fontSize)
    if (size < 15.99) found.push(size + ' ' + one.outerHTML.slice(0, 120))
  }
  return found.slice(0, 5)
}"""
BESIDE = (
    ".lp-where, thead, caption, code, pre, .lp-code, .lp-state, .lp-badge, .lp-meta, svg,"
    " .lp-figure, .headerlink, .lp-who, .lp-limit, .lp-raci, .lp-try-marks, .lp-try-axis,"
    " .lp-try-truth, small"
)

# Boxes in which something is cut off: on paper nobody can scroll.
CUT = """() => [...document.querySelectorAll('article *')].filter(one => {
  const style = getComputedStyle(one)
  return style.display !== 'inline' && style.overflowX !== 'visible' && !one.closest('thead, svg')
    && one.clientWidth > 2 && one.scrollWidth > one.clientWidth + 1
}).slice(0, 3).map(one => one.outerHTML.slice(0, 120))"""

COLOURS = """() => [getComputedStyle(document.documentElement).colorScheme,
  getComputedStyle(document.querySelector('article')).color]"""

A4_TEXT = 680
"""The width of a sheet within its margins, in pixels of 96 to the inch."""


def pages_of(built_folder: Path, folder: str) -> list[Path]:
    # The page for what is not there stands anywhere, so its styles are not beside it.
    pages = sorted(set((built_folder / folder).glob("*.html")) - {built_folder / "404.html"})
    assert pages
    return in_turn(pages, folder)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_phone_shows_all_of_it(folder: str, built_folder: Path, visit: Any) -> None:
    found = []
    for file in pages_of(built_folder, folder):
        visited = visit(file, "phone")
        where = f"{folder}/{file.name}"
        found += [f"{where}: too wide: {one}" for one in visited.page.evaluate(WIDER)]
        found += [f"{where}: too small: {one}" for one in visited.page.evaluate(SMALL, BESIDE)]
        found += [f"{where}: asks for {one}" for one in visited.asked]
        found += [f"{where}: {one}" for one in visited.errors]
    assert found == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_paper_is_light_and_nothing_is_cut_off(folder: str, built_folder: Path, visit: Any) -> None:
    found = []
    for file in pages_of(built_folder, folder):
        page = visit(file, "desktop", "dark").page
        page.set_viewport_size({"width": A4_TEXT, "height": 1000})
        page.emulate_media(media="print")
        where = f"{folder}/{file.name}"
        scheme, ink = page.evaluate(COLOURS)
        found += [f"{where}: {scheme}, ink {ink}"] if scheme != "light" or is_light(ink) else []
        found += [f"{where}: too wide: {one}" for one in page.evaluate(WIDER)]
        found += [f"{where}: cut off: {one}" for one in page.evaluate(CUT)]
    assert found == []


def is_light(colour: str) -> bool:
    """``rgb(230, 235, 246)``"""
    parts = colour[colour.index("(") + 1 : -1].split(",")[:3]
    return sum(float(part) for part in parts) > 3 * 128
