"""A policy as it was at a revision: its files are set down in a folder of their own, and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from leadpact.changes.git import Entry, GitError, Repository, blobs, entries

__all__ = ["is_needed", "set_down", "snapshot"]

_LARGEST: Final = 5_000_000

_DATA: Final = (".csv", ".jsonl", ".ndjson")
"""Leads lie beside a policy, and are no part of it."""


@contextmanager
def snapshot(repository: Repository, commit: str, path: str) -> Iterator[Path]:
    """The policy at ``path`` (a folder, or one file) of a commit, in a folder that goes away again.

    Raises ``GitError`` where the commit has nothing at that path.
    """
    with TemporaryDirectory(prefix="leadpact-") as made:
        folder = Path(made)
        found = entries(repository, commit, path)
        if found is not None:
            set_down(repository, found, folder)
            yield folder
            return
        above, _, name = path.rpartition("/")
        beside = entries(repository, commit, above) or ()
        if name not in [entry.path for entry in beside]:
            raise GitError(
                f"there is no `{path}` at {commit[:12]}.",
                "Name the folder as it was called then, as REVISION:FOLDER.",
            )
        set_down(repository, beside, folder)
        yield folder / name


def set_down(repository: Repository, found: Iterable[Entry], folder: Path) -> None:
    """Write the files that a policy may need into a folder."""
    needed = [entry for entry in found if is_needed(entry)]
    contents = blobs(repository, (entry.blob for entry in needed))
    for entry in needed:
        place = folder / entry.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(contents[entry.blob])


def is_needed(entry: Entry) -> bool:
    """Whether a policy may read this file: its own, those of its lists, and its mappings."""
    path = PurePosixPath(entry.path)
    strange = path.is_absolute() or ".." in path.parts or "\\" in entry.path
    return not strange and entry.size <= _LARGEST and path.suffix.lower() not in _DATA
