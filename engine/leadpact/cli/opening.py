"""Opening policies: reading and checking them, and telling what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadpact.analysis import analyse
from leadpact.cli.failing import UseError
from leadpact.cli.painting import bad, dim, strong, unsure
from leadpact.reading import read
from leadpact.starter import unedited
from leadpact_dsl import Diagnostic, SourceFile, render
from leadpact_dsl.diagnostics import has_errors
from leadpact_dsl.frozen import frozen

if TYPE_CHECKING:
    from leadpact.api import Policy
    from leadpact.checked import CheckedPolicy

__all__ = ["Opened", "counted", "folder_of", "load", "open_policy", "policies", "tell"]

policies = click.argument("policies", nargs=-1, required=True, metavar="POLICY...")


@frozen
class Opened:
    """A policy that was read and checked; ``None`` when it has errors.

    The files in ``diagnostics`` and ``sources`` are named as seen from where the command runs, so
    that an editor or a terminal can open them.
    """

    path: str
    policy: CheckedPolicy | None
    diagnostics: tuple[Diagnostic, ...]
    sources: dict[str, SourceFile]


def open_policy(path: str, thorough: bool = False) -> Opened:
    """The policy at a path. Raises ``UseError`` when there is nothing at that path.

    ``thorough``: with what can never happen in it (``leadpact.analysis``), too.
    """
    place = Path(path)
    if "\0" in path or not place.exists():
        raise UseError(
            f"{path}: there is no such file or folder.", "Name the folder that holds the policy."
        )
    policy, found, sources = read(place)
    if policy is not None and (warning := unedited(policy)) is not None:
        found = (*found, warning)
    if policy is not None and thorough:
        found = (*found, *analyse(policy))
        policy = None if has_errors(found) else policy
    return Opened(
        path,
        policy,
        tuple(_seen_from_here(one, path) for one in found),
        {_shown(source.name, path): source for source in sources},
    )


def folder_of(path: str) -> str:
    """The folder of a policy, as text to put before the names of its files; may be empty."""
    place = Path(path)
    folder = place if place.is_dir() else place.parent
    return "" if folder == Path() else folder.as_posix()


def _shown(name: str, path: str) -> str:
    folder = folder_of(path)
    return name if not folder or name == path else f"{folder}/{name}"


def _seen_from_here(diagnostic: Diagnostic, path: str) -> Diagnostic:
    span = replace(diagnostic.span, file=_shown(diagnostic.span.file, path))
    return replace(diagnostic, span=span)


def load(path: str) -> Policy:
    """A policy that is ready to decide; its mistakes are told and raise ``UseError``."""
    opened = open_policy(path)
    if opened.policy is None:
        errors = [one for one in opened.diagnostics if one.is_error]
        tell(replace(opened, diagnostics=tuple(errors)), err=True)
        raise UseError(f"{path}: the policy has {counted(len(errors), 'error')}.")
    from leadpact.api import Policy

    place = Path(path)
    return Policy(opened.policy, place if place.is_dir() else place.parent)


def tell(opened: Opened, err: bool = False) -> None:
    """Show the diagnostics, each followed by an empty line."""
    for diagnostic in opened.diagnostics:
        lines = render(diagnostic, opened.sources).split("\n")
        click.echo("\n".join(_painted(lines, diagnostic.is_error)) + "\n", err=err)


def _painted(lines: list[str], is_error: bool) -> Iterable[str]:
    """The rendered diagnostic with colour: the marks stand out, places and help step back."""
    mark = bad if is_error else unsure
    kind, _, message = lines[0].partition(": ")
    yield f"{mark(kind)}: {strong(message)}"
    for line in lines[1:]:
        gutter, bar, rest = line.partition(" | ")
        if bar and not gutter.strip() and not rest.strip(" ^"):
            yield f"{gutter}{bar}{mark(rest)}"
        elif line.startswith("  -->"):
            yield dim(line)
        else:
            yield line


def counted(number: int, thing: str) -> str:
    """``1 error``, ``3 errors``"""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
