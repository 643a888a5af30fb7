"""A built site as the tests read it: pages with their ids, links and rules."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class BuiltPage:
    """``rules`` are the ids of elements with the class ``lp-rule``; ``sources`` are the addresses
    from which the page itself loads something.
    """

    path: str
    ids: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    text: str = ""
    titles: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, page: BuiltPage) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.silent = 0
        self.in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.page.tags.append(tag)
        if tag in ("script", "style"):
            self.silent += 1
        self.in_title = tag == "title"
        if "id" in found:
            self.page.ids.append(found["id"])
            if "lp-rule" in found.get("class", "").split():
                self.page.rules.append(found["id"])
        if tag == "a" and "href" in found:
            self.page.links.append(found["href"])
        if tag in ("script", "img", "iframe", "source") and "src" in found:
            self.page.sources.append(found["src"])
        if tag == "link" and found.get("rel") != "canonical" and "href" in found:
            self.page.sources.append(found["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent -= 1
        if tag == "title":
            self.in_title = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.page.text += data
        if self.in_title:
            self.page.titles.append(data.strip())


def read_site(folder: Path) -> dict[str, BuiltPage]:
    """Every HTML page below ``folder`` by its path."""
    found = {}
    for file in sorted(folder.rglob("*.html")):
        page = BuiltPage(file.relative_to(folder).as_posix())
        reader = _Reader(page)
        reader.feed(file.read_text("utf-8"))
        reader.close()
        found[page.path] = page
    return found


def mkdocs(config: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """``mkdocs build --strict`` as people run it, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )


def site_with(folder: Path, policy: str) -> Path:
    """A site of its own in ``folder`` that publishes one policy of this text, and holds no page
    written by hand; its mkdocs.yml.
    """
    source = (ROOT / "mkdocs.yml").read_text("utf-8")
    before, _, rest = source.partition("      policies:\n")
    after = rest[rest.index("markdown_extensions:") :]
    config = folder / "mkdocs.yml"
    config.write_text(f"{before}      policies:\n        - policy\n{after}", "utf-8")
    (folder / "policy").mkdir()
    (folder / "policy" / "all.leadpact").write_text(policy, "utf-8")
    (folder / "site").mkdir()
    return config


def in_turn(pages: Sequence[Path], folder: str) -> list[Path]:
    """The pages to look at in a browser, which takes long: all of them with ``LEADPACT_EXPLORE=1``.

    Else the policies take turns, so that each sort of page is looked at in one or two of them, and
    of other folders with many pages every sixth one is.
    """
    if os.environ.get("LEADPACT_EXPLORE") or len(pages) < 6:
        return list(pages)
    policies = sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir())
    every, first = (5, policies.index(folder) % 5) if folder in policies else (6, 0)
    return list(pages[first::every])
