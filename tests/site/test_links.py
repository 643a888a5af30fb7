"""Links in the built pages, also those in raw HTML that MkDocs does not look at."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ATTRIBUTES = re.compile(
    r'\b(href|src|xlink:href|aria-labelledby|aria-describedby|aria-controls|for)="([^"]*)"'
)


def test_every_link_and_anchor_leads_somewhere(built: dict[str, Any], built_folder: Path) -> None:
    checked = 0
    dead = []
    for page in built.values():
        if page.path == "404.html":
            continue
        for link in [*page.links, *page.sources]:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = page.path
            if parts.path:
                folder = posixpath.dirname(page.path)
                target = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
                if not (built_folder / target).is_file():
                    dead.append((page.path, link))
            if parts.fragment and target in built and not _stands(parts.fragment, built[target]):
                dead.append((page.path, link))
            checked += 1
    assert dead == []
    assert checked > 5000


def _stands(fragment: str, page: Any) -> bool:
    return unquote(fragment) in page.ids


def test_no_id_stands_twice_on_a_page(built: dict[str, Any]) -> None:
    twice = [
        (page.path, one)
        for page in built.values()
        for one, count in Counter(page.ids).items()
        if count > 1
    ]
    assert twice == []


def test_what_labels_or_describes_is_there(built: dict[str, Any], built_folder: Path) -> None:
    missing = []
    named = 0
    for path, page in built.items():
        text = (built_folder / path).read_text("utf-8")
        for name, value in ATTRIBUTES.findall(text):
            if name in ("href", "src") or not value:
                continue
            for one in value.lstrip("#").split():
                named += 1
                if one not in page.ids:
                    missing.append((path, name, one))
    assert missing == []
    assert named > 100


def test_pages_go_to_the_outside_only_where_readers_click(built: dict[str, Any]) -> None:
    for page in built.values():
        assert not [source for source in page.sources if urlsplit(source).netloc], page.path


def test_every_page_has_one_heading_of_the_first_level(built: dict[str, Any]) -> None:
    odd = [page.path for page in built.values() if page.tags.count("h1") != 1]
    assert odd == []
