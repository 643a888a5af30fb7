"""Looking whether files of policies or keys have changed.

A change counts once it has held still for a second, so that half-written files are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from leadpact.service.settings import Settings

__all__ = ["Watching"]

_Look: TypeAlias = tuple[tuple[str, int, int, int], ...]


class Watching:
    """Compares the files with how they were when they were last read."""

    def __init__(self, settings: Settings) -> None:
        self._places = [Path(path) for path in settings.policies]
        if settings.keys is not None:
            self._places.append(settings.keys)
        self._read = self._before = self._look()

    def changed(self) -> bool:
        """Whether they are different now, and the same as at the last look."""
        look = self._look()
        held_still = look == self._before
        self._before = look
        return held_still and look != self._read

    def seen(self) -> None:
        """They are read now."""
        self._read = self._before = self._look()

    def _look(self) -> _Look:
        return tuple(sorted(self._files()))

    def _files(self) -> Iterator[tuple[str, int, int, int]]:
        for place in self._places:
            try:
                for path in place.iterdir() if place.is_dir() else (place,):
                    found = path.stat()
                    yield str(path), found.st_mtime_ns, found.st_size, found.st_ino
            except OSError:
                # It is being replaced, or is gone: reading it will tell.
                yield str(place), 0, 0, 0
