"""The navigation of the site: tabs, and what stands below them. Pure.

With several policies each is a tab, and its parts ("The agreement", "The rules") are sections in
the side bar. A single policy needs no tab of its own: its parts are the tabs.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from leadpact_sla.pages import Page

__all__ = ["ByHand", "Entries", "navigation"]

Entries: TypeAlias = "list[str | dict[str, str | Entries]]"
"""As ``nav`` in mkdocs.yml: paths, or titles with a path or more entries. The theme shows titles
unescaped, so they are escaped here.
"""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Pages written by hand in one folder, in their order; ``title`` is that of their section."""

    folder: str
    title: str
    pages: tuple[str, ...]


def navigation(made: Sequence[Page], reference: str, by_hand: Sequence[ByHand] = ()) -> Entries:
    """Entries for all pages, in their order: the site's own, the policies', then each folder of
    pages written by hand, and the folder ``reference`` last, with the pages made for it at its end.
    """
    sections: dict[str, list[Page]] = {}
    own = [page for page in made if page.section is None]
    for page in made:
        if page.section is not None:
            sections.setdefault(posixpath.dirname(page.path), []).append(page)
    about_us = sections.pop(reference, [])
    nav: Entries = [_entry(page) for page in own]
    if len(sections) == 1:
        nav += _parts(*sections.values())
    else:
        nav += [_section(pages[0].section or "", _parts(pages)) for pages in sections.values()]
    # Pages in the folder of a policy replace made ones, which have their place already.
    written = {one.folder: one for one in by_hand if one.folder not in sections}
    coda = written.pop(reference, ByHand(reference, "", ()))
    nav += [_section(one.title, [*one.pages]) for one in written.values()]
    rest = [_entry(page) for page in about_us if page.path not in coda.pages]
    if rest or coda.pages:
        title = coda.title or about_us[0].section or ""
        nav.append(_section(title, [*coda.pages, *rest]))
    return nav


def _parts(pages: Iterable[Page]) -> Entries:
    """The pages of one policy: those of one part below its title, others by themselves."""
    found: Entries = []
    sections: dict[str, Entries] = {}
    for page in pages:
        if page.part is None:
            found.append(_entry(page))
            continue
        if page.part not in sections:
            sections[page.part] = []
            found.append(_section(page.part, sections[page.part]))
        sections[page.part].append(_entry(page))
    return found


def _section(title: str, entries: Entries) -> dict[str, str | Entries]:
    return {escape(title): entries}


def _entry(page: Page) -> dict[str, str | Entries]:
    return {escape(page.title): page.path}
