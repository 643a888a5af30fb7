"""The two policies that ``leadpact diff`` compares: folders, files, or revisions of git."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from leadpact.changes.git import GitError, Repository, repository, resolve
from leadpact.changes.versions import snapshot
from leadpact.checked import CheckedPolicy
from leadpact.cli.failing import UseError
from leadpact.cli.opening import Opened, counted, open_policy, tell
from leadpact.reading import read
from leadpact_dsl.frozen import frozen

__all__ = ["Side", "sides"]


@frozen
class Side:
    """One policy with the folder in which it lies (for a revision, only while comparing)."""

    name: str
    policy: CheckedPolicy
    folder: Path


@contextmanager
def sides(old: str, new: str | None, policy: str | None) -> Iterator[tuple[Side, Side]]:
    """Both policies. Raises ``UseError`` for what is there not, or has errors.

    With ``policy``, or where one side is a folder, the other may be a revision alone.
    """
    with ExitStack() as stack:
        if new is None:
            if policy is None:
                raise UseError(
                    "there is nothing to compare with.",
                    "Name two policies, or one revision and --policy FOLDER for the files as they "
                    "are now.",
                )
            new = policy
        beside = policy if policy is not None else _path_among(old, new)
        first = _side(stack, old, beside, revisions_first=policy is not None)
        second = _side(stack, new, beside, revisions_first=policy is not None and new != policy)
        yield first, second


def _path_among(*given: str) -> str | None:
    """The side that is a path: of a revision alone the same folder is meant."""
    return next((one for one in given if _exists(one)), None)


def _exists(given: str) -> bool:
    return "\0" not in given and Path(given).exists()


def _side(stack: ExitStack, given: str, beside: str | None, revisions_first: bool) -> Side:
    if _exists(given) and not revisions_first:
        return _opened(open_policy(given), given)
    revision, path = _revision_and_path(given)
    try:
        if path is None:
            if beside is None:
                raise UseError(
                    f"{given}: there is no such file or folder.",
                    "For a revision, add --policy FOLDER, or write REVISION:FOLDER.",
                )
            place = Path(beside)
            if not place.exists():
                raise UseError(
                    f"{beside}: there is no such file or folder.",
                    "Name the folder that holds the policy.",
                )
            found = repository(place)
            path = found.within(place)
        else:
            found = repository(Path())
            path = _from_root(found, path)
        return _at(stack, found, revision, path)
    except GitError as wrong:
        raise UseError(f"{given}: {wrong.message}", wrong.help or None) from None


def _revision_and_path(given: str) -> tuple[str, str | None]:
    """``HEAD~3:policies/ours`` is the revision and the path in it."""
    revision, colon, path = given.partition(":")
    if not colon or not revision:
        return given, None
    return revision, path


def _from_root(found: Repository, path: str) -> str:
    """A path of a revision as git reads it: ``./`` begins at the present folder."""
    if path.startswith(("./", "../")) or path in (".", ".."):
        return found.within(Path(path))
    return path.strip("/")


def _at(stack: ExitStack, found: Repository, revision: str, path: str) -> Side:
    commit = resolve(found, revision)
    place = stack.enter_context(snapshot(found, commit, path))
    policy, diagnostics, sources = read(place)
    folder = f"{revision}:{path}" if path else f"{revision}:"
    above = f"{folder}/" if place.is_dir() and path else folder if place.is_dir() else ""

    def named(name: str) -> str:
        return f"{above}{name}" if above else folder

    shown = tuple(
        replace(one, span=replace(one.span, file=named(one.span.file))) for one in diagnostics
    )
    opened = Opened(folder, policy, shown, {named(one.name): one for one in sources})
    return _opened(opened, folder, place)


def _opened(opened: Opened, name: str, place: Path | None = None) -> Side:
    if opened.policy is None:
        errors = tuple(one for one in opened.diagnostics if one.is_error)
        tell(replace(opened, diagnostics=errors), err=True)
        raise UseError(f"{name}: the policy has {counted(len(errors), 'error')}.")
    where = place if place is not None else Path(opened.path)
    return Side(name, opened.policy, where if where.is_dir() else where.parent)
