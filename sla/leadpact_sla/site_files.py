"""The file mkdocs.yml of a site whose owner has none: one that builds our pages, and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from leadpact_dsl.frozen import frozen
from leadpact_sla.navigation import Entries

__all__ = ["LOOK", "SiteFile", "mkdocs_yml"]

LOOK = """\
use_directory_urls: false
copyright: Made from the policies by Leadpact
theme:
  name: material
  font: false
  language: en
  icon:
    logo: material/handshake-outline
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      primary: custom
      accent: custom
      toggle:
        icon: material/weather-night
        name: Switch to dark mode
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: custom
      accent: custom
      toggle:
        icon: material/weather-sunny
        name: Switch to light mode
  features:
    - content.action.edit
    - navigation.tabs
    - navigation.tabs.sticky
    - navigation.sections
    - navigation.prune
    - navigation.top
    - navigation.footer
    - toc.follow
    - search.highlight
markdown_extensions:
  - attr_list
  - tables
  - toc:
      permalink: true
      permalink_title: Link to this section
      title: On this page
validation:
  nav:
    omitted_files: warn
    not_found: warn
    absolute_links: warn
  links:
    not_found: warn
    anchors: warn
    absolute_links: warn
    unrecognized_links: warn
"""
"""How our pages look and how they are checked; the same in every mkdocs.yml of ours."""

# YAML reads these otherwise than JSON writes them, or not at all.
_UNREADABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@frozen
class SiteFile:
    """What stands in the file beside ``LOOK``. Paths of folders are relative to the file, or
    whole. ``policies`` are for our plugin, as seen from ``root``, or else from the file; without
    the plugin, ``nav``, ``styles`` and ``polyfills`` say what it would have said.
    """

    name: str
    docs: str
    out: str
    comment: str = ""
    root: str | None = None
    policies: tuple[str, ...] | None = None
    nav: Entries | None = None
    styles: tuple[str, ...] = ()
    polyfills: tuple[str, ...] = ()


def mkdocs_yml(file: SiteFile) -> str:
    """The text of mkdocs.yml."""
    return "\n".join((*_head(file), LOOK.rstrip("\n"), *_tail(file), ""))


def _head(file: SiteFile) -> Iterator[str]:
    if file.comment:
        yield f"# {file.comment}"
    yield f"site_name: {_text(file.name)}"
    yield f"docs_dir: {_text(file.docs)}"
    yield f"site_dir: {_text(file.out)}"


def _tail(file: SiteFile) -> Iterator[str]:
    yield "plugins:"
    yield "  - search"
    yield "  - offline"
    if file.policies is not None:
        yield "  - leadpact:"
        if file.root is not None:
            yield f"      root: {_text(file.root)}"
        yield from _list("      ", "policies", file.policies)
    yield "extra:"
    yield "  generator: false"
    if file.polyfills:
        yield from _list("  ", "polyfills", file.polyfills)
    if file.styles:
        yield from _list("", "extra_css", file.styles)
    if file.nav is not None:
        yield "nav:"
        yield from _entries(file.nav, "  ")


def _list(indent: str, key: str, values: Sequence[str]) -> Iterator[str]:
    yield f"{indent}{key}:"
    for value in values:
        yield f"{indent}  - {_text(value)}"


def _entries(entries: Entries, indent: str) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, str):
            yield f"{indent}- {_text(entry)}"
            continue
        for title, what in entry.items():
            if isinstance(what, str):
                yield f"{indent}- {_text(title)}: {_text(what)}"
            else:
                yield f"{indent}- {_text(title)}:"
                yield from _entries(what, f"{indent}    ")


def _text(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNREADABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)
