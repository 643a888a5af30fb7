"""Windows of the browser, and what is seen in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SIZES = {"desktop": (1280, 800), "phone": (360, 740)}


@dataclass
class Visit:
    """A page that is open. ``asked`` are its requests to outside, ``errors`` what its scripts
    complained about.
    """

    page: Any
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


Visiting = Callable[..., Visit]


@pytest.fixture(scope="session")
def windows(chromium: Any) -> Iterator[dict[tuple[str, str], Visit]]:
    """One window for each size and colour scheme, used for one page after the other."""
    found = {}
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            found[size, scheme] = _listening(Visit(context.new_page()))
    yield found
    for visited in found.values():
        visited.page.context.close()


def _listening(visited: Visit) -> Visit:
    page = visited.page
    page.on("request", lambda request: _note(visited, request.url))
    page.on("pageerror", lambda error: visited.errors.append(str(error)))
    page.on("console", lambda said: _hear(visited, said))
    page.route(_is_outside, lambda route: route.abort())
    return visited


@pytest.fixture(scope="session")
def visit(windows: dict[tuple[str, str], Visit]) -> Visiting:
    """What opens a page of the disk in a window: a file, a size, and a colour scheme."""

    def visiting(file: Path, size: str = "desktop", scheme: str = "light") -> Visit:
        visited = windows[size, scheme]
        width, height = SIZES[size]
        visited.page.set_viewport_size({"width": width, "height": height})
        visited.page.emulate_media(media="screen")
        visited.asked.clear()
        visited.errors.clear()
        visited.page.goto(file.as_uri())
        return visited

    return visiting


def _is_outside(url: str) -> bool:
    return not url.startswith(("file:", "data:", "blob:", "about:"))


def _note(visited: Visit, url: str) -> None:
    if _is_outside(url):
        visited.asked.append(url)


def _hear(visited: Visit, said: Any) -> None:
    if said.type in ("error", "warning"):
        visited.errors.append(said.text)
