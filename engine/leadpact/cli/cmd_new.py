"""``leadpact new``: a policy to start from."""

from __future__ import annotations

from pathlib import Path

import click

from leadpact.cli.failing import FINE, UseError
from leadpact.cli.helping import epilog
from leadpact.cli.painting import strong
from leadpact.starter import starter_files

__all__ = ["command"]


@click.command(
    "new",
    epilog=epilog(
        ("leadpact new policies/ours",),
        "0 when the policy is there, 2 when the folder is not empty or cannot be written.",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Start a policy in a new folder.

    It is small but whole: a lead, what leads do, a score, a grade, four groups, two stages, and
    examples that hold. Comments say what to edit.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise UseError(f"{folder}: this folder is not empty.", "Name a new one.")
    if folder.exists() and not folder.is_dir():
        raise UseError(f"{folder}: this is a file.", "Name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in starter_files().items():
        (folder / name).write_bytes(data)
        click.echo(f"  {folder / name}")
    click.echo(f"\n{strong('A policy is there. Next:')}")
    click.echo(f"  leadpact check {folder}")
    click.echo(f"  leadpact test {folder}")
    click.echo(f"  leadpact decide {folder} {folder / 'lead.json'} --as-of 2026-03-02T10:00:00Z")
    click.echo(f"Then edit the files, {folder / 'policy.leadpact'} first.")
    return FINE
