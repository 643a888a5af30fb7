"""Reading from git, by the program ``git``: revisions, trees and files, and never the work tree.

Only what reads is called, without a shell. What people type as a revision must not begin with
``-``, and is turned into a commit's full name first; nothing else of theirs reaches git.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from leadpact_dsl.frozen import frozen

__all__ = ["Entry", "GitError", "Repository", "blobs", "entries", "repository", "resolve"]


class GitError(Exception):
    """Git cannot give what is asked for; ``message`` and ``help`` are for people, ``said`` are
    git's own words.
    """

    def __init__(self, message: str, help: str = "", said: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.said = said


@frozen
class Repository:
    """A work tree and its history. ``shallow``: only the newest part of the history is there."""

    root: Path
    shallow: bool

    def within(self, path: Path) -> str:
        """A path as seen from the root, with ``/``; ``""`` for the root itself.

        Raises ``GitError`` for a path outside of it.
        """
        try:
            seen = path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            raise GitError(f"{path}: this leads out of the repository.") from None
        return "" if seen == "." else seen

    def read(self, *arguments: str, given: bytes | None = None) -> bytes:
        """What git answers. Raises ``GitError`` with its complaint."""
        return _git(self.root, arguments, given)


@frozen
class Entry:
    """A file of a revision: its path below the folder that was asked for, and its content's id."""

    path: str
    blob: str
    size: int


_LEADING: Final = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
}

_QUIET: Final[Mapping[str, str]] = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # What is asked for are names, and no patterns.
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_PAGER": "cat",
}


def repository(path: Path) -> Repository:
    """The repository that a file or folder lies in. Raises ``GitError`` where there is none."""
    folder = path if path.is_dir() else path.parent
    if shutil.which("git") is None:
        raise GitError("the program `git` is not here.", "Install git, or name folders instead.")
    try:
        root = _git(folder, ("rev-parse", "--show-toplevel"), None)
    except GitError as wrong:
        if "not a git repository" in wrong.said or "must be run in a work tree" in wrong.said:
            raise GitError(
                f"{folder}: this is in no git repository.",
                "Name folders or files instead of revisions, or run it in a clone.",
            ) from None
        raise
    shallow = _git(folder, ("rev-parse", "--is-shallow-repository"), None).strip() == b"true"
    return Repository(Path(os.fsdecode(root.rstrip(b"\n"))), shallow)


def resolve(repository: Repository, revision: str) -> str:
    """The full name of the commit that a revision names. Raises ``GitError`` if there is none."""
    if revision.startswith("-") or not revision.strip() or "\0" in revision:
        raise GitError(
            f"`{revision}` is no revision: no revision begins with a hyphen or is empty.",
            "Write a commit, a branch or a tag, such as `HEAD~3` or `main`.",
        )
    try:
        found = repository.read("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", "--")
    except GitError:
        more = (
            " The history is cut off here (a shallow clone): `git fetch --unshallow` gets the rest."
            if repository.shallow
            else ""
        )
        raise GitError(
            f"git knows no revision `{revision}`.",
            f"Write a commit, a branch or a tag, such as `HEAD~3` or `main`.{more}",
        ) from None
    return found.decode().split("\n")[0]


def entries(repository: Repository, commit: str, folder: str) -> tuple[Entry, ...] | None:
    """The files below a folder of a commit, in the order of their paths; ``None``: no folder.

    Links and submodules are no files.
    """
    try:
        listed = repository.read("ls-tree", "-r", "-z", "-l", "--full-tree", f"{commit}:{folder}")
    except GitError:
        return None
    found = []
    for line in filter(None, listed.split(b"\0")):
        about, _, name = line.partition(b"\t")
        mode, kind, blob, size = about.split()
        if kind == b"blob" and mode != b"120000":
            found.append(Entry(os.fsdecode(name), blob.decode(), int(size)))
    return tuple(found)


def blobs(repository: Repository, wanted: Iterable[str]) -> dict[str, bytes]:
    """The contents of files by their ids, all in one call."""
    ids = list(dict.fromkeys(wanted))
    if not ids:
        return {}
    asked = "".join(f"{one}\n" for one in ids).encode()
    told = repository.read("cat-file", "--batch", given=asked)
    found: dict[str, bytes] = {}
    at = 0
    for one in ids:
        end = told.index(b"\n", at)
        head = told[at:end].split()
        if len(head) != 3:
            raise GitError(f"git has lost the file {one}.", "`git fsck` says more.")
        size = int(head[2])
        found[one] = told[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def _git(folder: Path, arguments: Sequence[str], given: bytes | None) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=given if given is not None else b"",
            capture_output=True,
            check=False,
            env={**_surroundings(), **_QUIET},
        )
    except OSError as error:
        raise GitError(
            "the program `git` cannot be run.", (error.strerror or "").lower() or "Is it installed?"
        ) from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        first, _, more = said.removeprefix("fatal: ").partition("\n")
        told = first or f"it ended with {done.returncode}"
        raise GitError(f"git says: {told.rstrip('.')}.", more.strip(), said)
    return done.stdout


def _surroundings() -> dict[str, str]:
    """Our environment without what would lead git to another repository, as in its own hooks."""
    return {name: value for name, value in os.environ.items() if name not in _LEADING}
