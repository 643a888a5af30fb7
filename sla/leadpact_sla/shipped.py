"""What comes with the pages, whatever the policy: styles and scripts, from the folder ``assets``.

A file that is put there is published without a word elsewhere: styles are loaded by every page,
and so is the stand-in for the search's worker. Other scripts are loaded by the pages that name
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from leadpact_dsl.frozen import frozen

__all__ = ["Shipped", "shipped"]

FOLDER = "assets"

# Material's `offline` plugin would load one from the network; it looks for a file of this name.
_WORKER = "iframe-worker"


@frozen
class Shipped:
    """One file. ``path`` is relative to the site, with ``/``."""

    path: str
    data: bytes

    @property
    def is_style(self) -> bool:
        """Whether every page loads it as a style."""
        return self.path.endswith(".css")

    @property
    def is_polyfill(self) -> bool:
        """Whether every page loads it as a script, before any other."""
        return self.path.endswith(".js") and _WORKER in self.path


def shipped() -> tuple[Shipped, ...]:
    """Every file, read anew, in the order of their paths: so a style that comes later by its
    name may go on from one before it.
    """
    root = files("leadpact_sla")
    return tuple(
        Shipped(path, root.joinpath(path).read_bytes())
        for path in sorted(_below(root / FOLDER, FOLDER))
    )


def _below(folder: Traversable, path: str) -> Iterator[str]:
    for entry in folder.iterdir():
        inside = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _below(entry, inside)
        elif not entry.name.startswith("."):
            yield inside
