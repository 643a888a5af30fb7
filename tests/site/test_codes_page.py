"""The page of codes: every code in its place, linked from everywhere, and safe on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from site_tests_built import mkdocs, read_site, site_with

from leadpact.explain import entries, sample
from leadpact_sla.reference import DIAGNOSTICS, diagnostics_page

PAGE = "reference/diagnostics.html"
SMALL = """policy small "Small":
    language 1
    version 1
    time zone "Europe/Stockholm"
"""


def test_every_code_has_its_anchor_and_a_link_to_it(built: dict[str, Any]) -> None:
    page = built[PAGE]
    for entry in entries():
        anchor = entry.code.lower()
        assert anchor in page.ids
        assert f"#{anchor}" in page.links


def test_the_page_shows_each_example_and_fix_as_they_stand(built: dict[str, Any]) -> None:
    text = built[PAGE].text
    for entry in entries():
        assert entry.title.replace("`", "") in text
        # Markdown makes four blanks of a tab.
        assert entry.example.expandtabs(4) in text, entry.code
        assert entry.fix in text, entry.code
    assert sample().strip() in text


def test_the_page_is_in_the_navigation(built: dict[str, Any]) -> None:
    assert "diagnostics.html" in built["reference/card.html"].links
    assert "../reference/card.html" in built["kontor/index.html"].links


def test_the_page_is_the_same_each_time() -> None:
    assert diagnostics_page() == diagnostics_page()
    assert diagnostics_page().path == DIAGNOSTICS


def test_a_site_may_do_without_the_reference(tmp_path: Path) -> None:
    config = site_with(tmp_path, SMALL)
    text = config.read_text("utf-8")
    assert "reference: true" in text
    config.write_text(text.replace("      reference: true\n", ""), "utf-8")
    for page in (tmp_path / "site" / "reference").glob("*.md"):
        page.unlink()
    run = mkdocs(config, tmp_path / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    found = read_site(tmp_path / "out")
    assert PAGE not in found
    assert PAGE not in found["index.html"].links
