"""``leadpact new``: a policy to start from, and the site that publishes it."""

from __future__ import annotations

from pathlib import Path

import click

from leadpact.cli.failing import FINE, UseError
from leadpact.cli.helping import epilog
from leadpact.cli.painting import strong
from leadpact.starter import site_files, starter_files

__all__ = ["command"]


@click.command(
    "new",
    epilog=epilog(
        ("leadpact new ours", "leadpact new policies/ours --no-site"),
        "0 when the policy is there, 2 when the folder is not empty or cannot be written.",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--site/--no-site",
    default=None,
    help="With a site and what a forge runs (mkdocs.yml, docs, workflows), or the policy alone. "
    "Without either word: with them, unless the folder is part of a repository.",
)
def command(folder: Path, site: bool | None) -> int:
    """Start a policy in a new folder.

    It is small but whole: a lead, what leads do, a score, a grade, four groups, two stages, and
    examples that hold. Comments say what to edit. A forge that gets the folder checks the policy
    on every change and publishes it.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise UseError(f"{folder}: this folder is not empty.", "Name a new one.")
    if folder.exists() and not folder.is_dir():
        raise UseError(f"{folder}: this is a file.", "Name a new folder.")
    with_site = not _in_repository(folder) if site is None else site
    for name, data in (starter_files() | (site_files() if with_site else {})).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        click.echo(f"  {folder / name}")
    click.echo(f"\n{strong('A policy is there. Next:')}")
    click.echo(f"  leadpact check {folder}")
    click.echo(f"  leadpact test {folder}")
    click.echo(f"  leadpact decide {folder} {folder / 'lead.json'} --as-of 2026-03-02T10:00:00Z")
    click.echo(f"  leadpact site build {folder}")
    click.echo(f"Then edit the files, {folder / 'policy.leadpact'} first.")
    if not with_site and site is None:
        click.echo("It has no mkdocs.yml of its own, because it is part of a repository.")
    return FINE


def _in_repository(folder: Path) -> bool:
    """Whether a forge would see the folder below the top: it runs only what stands there."""
    place = folder.absolute()
    return any((above / ".git").exists() for above in place.parents)
