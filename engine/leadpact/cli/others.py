"""Commands that other packages add: entry points of the group ``leadpact.commands``.

Looked for only when a command is named that is not one of our own, or when all are listed:
looking through what is installed takes longer than a whole ``leadpact --version``.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

import click

from leadpact.cli.failing import UseError

__all__ = ["other_command", "other_names", "other_says"]

_GROUP = "leadpact.commands"


@cache
def _found() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=_GROUP)}


def other_names() -> tuple[str, ...]:
    """The names of the commands, sorted."""
    return tuple(sorted(_found()))


def other_command(name: str) -> click.Command | None:
    """The command of this name, ``None`` if there is none. Raises ``UseError`` when it cannot be
    loaded.
    """
    entry = _found().get(name)
    if entry is None:
        return None
    package = entry.dist.name if entry.dist is not None else entry.module
    again = f"It comes with the package `{package}`: install that again, or remove it."
    try:
        command = entry.load()
    # Whatever a foreign package does while it is imported, it is no fault of ours.
    except Exception as wrong:
        said = f"the command `{name}` cannot be loaded ({type(wrong).__name__}: {wrong})."
        raise UseError(said, again) from wrong
    if not isinstance(command, click.Command):
        raise UseError(f"the command `{name}` cannot be loaded: it is no command.", again)
    return command


def other_says(name: str) -> str:
    """One line for the list of commands."""
    try:
        command = other_command(name)
    except UseError:
        return "(cannot be loaded)"
    return command.get_short_help_str(100) if command is not None else ""
