"""The page of the reference that explains every code of ``leadpact check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadpact.explain import Entry, entries, sample
from leadpact_sla.pages import Page
from leadpact_sla.render import render
from leadpact_sla.words import say

__all__ = ["DIAGNOSTICS", "diagnostics_page"]

DIAGNOSTICS = "reference/diagnostics.md"

# What codes that begin alike are about, and the key of its name.
_ROOMS = {
    "E10": "codes files",
    "E11": "codes characters",
    "E12": "codes places",
    "E13": "codes wording",
    "E14": "codes wording",
    "E15": "codes wording",
    "E16": "codes wording",
    "E19": "codes wording",
    "E2": "codes names",
    "E3": "codes types",
    "E4": "codes values",
    "E5": "codes structure",
    "E7": "codes analysis",
    "W": "codes warnings",
}


@dataclass(frozen=True, slots=True)
class Room:
    """Codes about one thing. ``anchor`` is its place on the page."""

    title: str
    anchor: str
    entries: tuple[Entry, ...]


def diagnostics_page() -> Page:
    """All codes on one page, each with an anchor: ``#e402``."""
    title = say("codes title")
    markdown = render("diagnostics", title=title, rooms=tuple(_rooms()), sample=sample())
    return Page(DIAGNOSTICS, title, say("reference"), markdown, None)


def _rooms() -> Iterator[Room]:
    found: dict[str, list[Entry]] = {}
    for entry in entries():
        key = next(key for start, key in _ROOMS.items() if entry.code.startswith(start))
        found.setdefault(key, []).append(entry)
    for key, some in found.items():
        yield Room(say(key), key.replace(" ", "-"), tuple(some))
