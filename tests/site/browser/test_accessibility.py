"""Every page is looked at by axe, on a desktop or a phone, in light or in dark.

Pages of one sort are looked at in turn in each of the four windows, policy by policy. The frame
around the content is the same everywhere, so it is looked at once a window.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from site_tests_built import ROOT, in_turn

WINDOWS = [
    *(("desktop", "light"), ("phone", "dark")),
    *(("desktop", "dark"), ("phone", "light")),
]
FOLDERS = [
    *sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir()),
    *("getting_started", "reference"),
]

OF_THE_THEME = {
    # The search is a dialog without a name; its field inside is named "Search".
    ("aria-dialog-name", "md-search"),
    # Parts of the navigation bear the titles of sections, and two policies may have the same.
    ("landmark-unique", "md-nav"),
}
"""Violations that are the theme's: the rule, and the class of the element that it is about."""

# Of what stands side by side and looks alike, the first ones stand for the rest: rows of a table,
# the lines of a policy.
_CUT = """for (const box of document.querySelectorAll('article, article *')) {
  const seen = new Map()
  for (const one of [...box.children]) {
    const sort = one.tagName + ' ' + one.getAttribute('class')
    seen.set(sort, (seen.get(sort) ?? 0) + 1)
    if (seen.get(sort) > 15) one.remove()
  }
}"""


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_violation_on_any_page(folder: str, built_folder: Path, visit: Any) -> None:
    found = []
    pages = sorted((built_folder / folder).glob("*.html"))
    assert pages
    for number, page in enumerate(in_turn(pages, folder), start=FOLDERS.index(folder)):
        size, scheme = WINDOWS[number % len(WINDOWS)]
        visited = visit(page, size, scheme)
        visited.page.evaluate(_CUT)
        found += violations(visited.page, "article", f"{folder}/{page.name} {size} {scheme}")
    assert found == []


@pytest.mark.parametrize("window", WINDOWS, ids=" ".join)
def test_no_violation_in_the_frame(window: tuple[str, str], built_folder: Path, visit: Any) -> None:
    found = []
    for name in ("index.html", "kontor/stages.html"):
        visited = visit(built_folder / name, *window)
        found += violations(visited.page, None, f"{name} {' '.join(window)}")
    assert found == []


def violations(page: Any, within: str | None, where: str) -> list[str]:
    """What axe finds, each with its place and what is wrong there."""
    result = Axe().run(page, within)
    return [
        f"{where}: {one['id']}: {node['html'][:160]} {_why(node)}"
        for one in result.response["violations"]
        for node in one["nodes"]
        if not any(one["id"] == rule and css in node["html"] for rule, css in OF_THE_THEME)
    ]


def _why(node: Any) -> str:
    return " ".join(check["message"] for check in node["any"]) or str(node["failureSummary"])
