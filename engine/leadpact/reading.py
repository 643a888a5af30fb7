"""Reading and checking policies, without what deciding needs: editors call this on every save."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from leadpact.check import check
from leadpact.checked import CheckedPolicy
from leadpact_dsl import Diagnostic, SourceFile, has_errors, parse, read_policy

__all__ = ["checked", "read"]


def read(
    path: str | Path,
) -> tuple[CheckedPolicy | None, tuple[Diagnostic, ...], tuple[SourceFile, ...]]:
    """A policy directory (or file) read and checked: policy, diagnostics, sources.

    The policy is ``None`` when any diagnostic is an error.
    """
    place = Path(path)
    files, unread = read_policy(place)
    if has_errors(unread):
        return None, tuple(unread), tuple(files)
    policy, found = checked(files, place if place.is_dir() else place.parent)
    return policy, (*unread, *found), tuple(files)


def checked(
    files: Sequence[SourceFile], folder: Path | None
) -> tuple[CheckedPolicy | None, tuple[Diagnostic, ...]]:
    """Sources parsed and checked. Diagnostics are in the order of files and lines."""
    document, unparsed = parse(files)
    policy, wrong = check(document, files, folder)
    diagnostics = sorted((*unparsed, *wrong), key=lambda diagnostic: diagnostic.span)
    return (None if has_errors(diagnostics) else policy), tuple(diagnostics)
