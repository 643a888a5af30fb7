"""The site without a mouse: the skip link first, then everything that can be used, and all seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PAGES = [
    *("index.html", "kontor/index.html", "kontor/agreement.html", "kontor/grade-fit.html"),
    *("kontor/group-quadrant.html", "getting_started/marketers.html", "reference/card.html"),
]
MOST = 600

# Everything that can be used with a key, and is shown.
USABLE = """() => {
  const found = [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  return found.filter(one => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one)
    return !one.disabled && !one.hidden && one.tabIndex >= 0 && style.visibility === 'visible'
      && box.width > 0 && box.height > 0 && one.checkVisibility({checkOpacity: false})
  }).map((one, number) => {
    one.dataset.number = number
    return [one.dataset.number, one.outerHTML.slice(0, 120)]
  })
}"""

# The one that has the focus: its number, and how it looks now and without the focus.
FOCUSED = """() => {
  const one = document.activeElement
  if (one === document.body || one === document.documentElement) return null
  const look = () => {
    // A switch is hidden, and its label, which comes next, is shown in its place.
    const near = [one, one.parentElement, one.firstElementChild, one.nextElementSibling]
    const parts = near.filter(part => part)
    return parts.map(part => {
      const style = getComputedStyle(part)
      return [style.outlineStyle === 'none' ? '' : style.outline, style.boxShadow, style.color,
        style.backgroundColor, style.borderColor, style.opacity, style.transform].join(' ')
    }).join(' | ')
  }
  const focused = look()
  one.blur()
  const plain = look()
  one.focus({focusVisible: true, preventScroll: true})
  return [one.dataset.number ?? '', focused !== plain, one.outerHTML.slice(0, 120)]
}"""


@pytest.mark.parametrize("name", PAGES)
def test_everything_is_reached_by_tab_and_is_seen(
    name: str, built_folder: Path, visit: Any
) -> None:
    page = visit(built_folder / name).page
    usable = dict(page.evaluate(USABLE))
    reached: dict[str, str] = {}
    unseen = []
    for turn in range(MOST):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None or (found[0] in reached and found[0]):
            break
        number, seen, markup = found
        if turn == 0:
            assert "md-skip" in markup
        reached[number] = markup
        if not seen:
            unseen.append(markup)
    assert unseen == []
    assert [markup for number, markup in usable.items() if number not in reached] == []
    assert len(reached) > 10


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_skip_link_leads_to_the_text(size: str, built_folder: Path, visit: Any) -> None:
    page = visit(built_folder / "kontor" / "agreement.html", size).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#agreement-page"


def test_long_lines_are_scrolled_by_keys(built_folder: Path, visit: Any) -> None:
    page = visit(built_folder / "kontor" / "source.html", "phone").page
    box = page.locator(".lp-code").first
    box.focus()
    before = box.evaluate("one => one.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => document.activeElement.scrollLeft > before", arg=before, timeout=5_000
    )
